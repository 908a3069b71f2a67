/** Customers whom their site vouches for. */
import { randomUUID, type webcrypto } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Site } from '../../protocol/bodies.ts';
import type { UploadAnswer } from '../../protocol/file-bodies.ts';
import type { ServerFrame } from '../../protocol/frames.ts';
import type { VisitorSession } from '../../protocol/visitors.ts';
import { Client } from '../demo/client.ts';
import { Caller } from './caller.ts';
import { ORIGIN } from './company.ts';

const VOUCH_SECONDS = 300;

/** What was said in a conversation, in its order, and the file that was sent there. */
export interface Talk {
  readonly id: string;
  readonly by: Customer;
  readonly said: string[];
  file: { name: string; bytes: Buffer } | null;
}

/** Whoever may add a site. */
type Staff = { post<Answer>(path: string, body: unknown): Promise<Answer> };

/** A site that says who its customers are. */
export class Shop {
  readonly site: Site;
  readonly #key: webcrypto.CryptoKey;

  private constructor(site: Site, key: webcrypto.CryptoKey) {
    this.site = site;
    this.#key = key;
  }

  static async open(officer: Staff, team: string, name: string): Promise<Shop> {
    const wish = { name, team, origins: ['https://shop.test'] };
    const { site } = await officer.post<{ site: Site }>('/sites', wish);
    const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
    await officer.post(`/sites/${site.id}/keys`, { publicKey: await exportJWK(publicKey) });
    return new Shop(site, privateKey);
  }

  vouch(name: string): Promise<string> {
    const claims = {
      aud: this.site.id,
      sub: name,
      jti: randomUUID(),
      name,
      email: `${randomUUID()}@example.com`,
    };
    const exp = Math.floor(Date.now() / 1000) + VOUCH_SECONDS;
    return new SignJWT({ ...claims, exp }).setProtectedHeader({ alg: 'EdDSA' }).sign(this.#key);
  }
}

export class Customer {
  readonly id: string;
  readonly #url: URL;
  readonly #client: Client;
  readonly #shop: Shop;
  readonly #name: string | null;
  #caller: Caller;

  private constructor(url: URL, client: Client, shop: Shop, name: string | null, session: VisitorSession) {
    this.id = session.visitor.id;
    this.#url = url;
    this.#client = client;
    this.#shop = shop;
    this.#name = name;
    this.#caller = this.#callerOf(session);
  }

  /** @param name null: their site says nothing of them */
  static async come(url: URL, shop: Shop, name: string | null): Promise<Customer> {
    const client = new Client(url.origin, ORIGIN);
    return new Customer(url, client, shop, name, await arrive(client, shop, name));
  }

  /** Comes to the page once more. */
  async returns(): Promise<void> {
    this.#caller = this.#callerOf(await arrive(this.#client, this.#shop, this.#name));
  }

  #callerOf(session: VisitorSession): Caller {
    const again = () => arrive(this.#client, this.#shop, this.#name);
    return new Caller(this.#url, this.#client, this.id, session, again);
  }

  async begins(text: string): Promise<Talk> {
    const path = await this.#caller.begin(text);
    return { id: path.split('/').at(-1) ?? '', by: this, said: [text], file: null };
  }

  /** Over a socket, as the widget does; until they are acknowledged. */
  async says(talk: Talk, texts: readonly string[]): Promise<void> {
    const line = await this.#caller.join(`/conversations/${talk.id}`);
    const posts = texts.map((text) => ({ id: randomUUID(), kind: 'text', text }));
    const waiting = new Set<string>(posts.map(({ id }) => id));
    await new Promise<void>((done, failed) => {
      line.socket.on('close', () => failed(new Error('the line was lost while something was said')));
      line.hears = (text) => {
        const frame = JSON.parse(text) as ServerFrame;
        if (frame.type === 'welcome')
          line.say(
            JSON.stringify({ type: 'post', posts: posts.map((post) => ({ ...post, since: frame.head })) }),
          );
        if (frame.type === 'refused') failed(new Error(`refused: ${frame.code}`));
        if (frame.type === 'messages') for (const { id } of frame.messages) waiting.delete(id);
        if (waiting.size === 0) done();
      };
    });
    await line.close();
    talk.said.push(...texts);
  }

  async sends(talk: Talk, name: string, bytes: Buffer): Promise<void> {
    const room = `/conversations/${talk.id}`;
    const wish = { id: randomUUID(), name, bytes: bytes.length, sensitive: false };
    const { file, partBytes, parts } = (await this.post<UploadAnswer>(`${room}/files`, wish)).upload;
    for (let part = 0; part < parts; part++) {
      const answer = await fetch(new URL(`/api/v1${room}/files/${file}/parts/${part}`, this.#url), {
        method: 'PUT',
        headers: {
          authorization: `Bearer ${await this.#caller.access()}`,
          'content-type': 'application/octet-stream',
        },
        body: bytes.subarray(part * partBytes, (part + 1) * partBytes),
      });
      if (!answer.ok) throw new Error(`a part was answered with ${answer.status}: ${await answer.text()}`);
    }
    await this.post(`${room}/files/${file}/finish`, {});
    talk.file = { name, bytes };
  }

  post<Answer>(path: string, body: unknown): Promise<Answer> {
    return this.#caller.post<Answer>(path, body);
  }

  get<Answer>(path: string): Promise<Answer> {
    return this.#caller.get<Answer>(path);
  }

  /** What lies at an address that they have opened. */
  load(address: string): Promise<Uint8Array> {
    return this.#client.load(address);
  }
}

async function arrive(client: Client, shop: Shop, name: string | null): Promise<VisitorSession> {
  const body = name === null ? {} : { vouch: await shop.vouch(name) };
  return client.post<VisitorSession>(`/sites/${shop.site.id}/visitor`, body);
}
