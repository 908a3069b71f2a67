/** Who takes part while long duties are killed: customers whom their site vouches for, and whoever answers for their data. */
import { randomUUID, type webcrypto } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Site } from '../../../protocol/bodies.ts';
import type { FilesAnswer, UploadAnswer } from '../../../protocol/file-bodies.ts';
import type { ServerFrame } from '../../../protocol/frames.ts';
import type { VisitorSession } from '../../../protocol/visitors.ts';
import { Client } from '../../demo/client.ts';
import { STEP_MS, stepAt } from '../../demo/codes.ts';
import { type Joined, signIn } from '../../demo/joining.ts';
import { Caller } from '../../engine/caller.ts';
import { ORIGIN } from '../../engine/company.ts';

const LOOK_MS = 50;
const VOUCH_SECONDS = 300;

/** What was said in a conversation, in its order, and the file that was sent there. */
export interface Talk {
  readonly id: string;
  readonly by: Customer;
  readonly said: string[];
  file: { name: string; bytes: Buffer } | null;
}

/** A member of staff with every right, who can prove at any time who they are. */
export class Officer {
  readonly #client: Client;
  readonly #joined: Joined;
  #access: string;
  #spent: number;

  constructor(client: Client, joined: Joined) {
    this.#client = client;
    this.#joined = joined;
    this.#access = joined.session.access;
    this.#spent = joined.person.spent;
  }

  /** Signs in once more, with a code that was not used yet: what needs a fresh second factor can be done then. */
  async proves(): Promise<void> {
    while (stepAt(Date.now()) <= this.#spent) await wait(STEP_MS / 30);
    this.#spent = stepAt(Date.now());
    this.#access = (await signIn(this.#client, this.#joined.person)).access;
  }

  post<Answer>(path: string, body: unknown): Promise<Answer> {
    return this.#client.post<Answer>(path, body, this.#access);
  }

  get<Answer>(path: string): Promise<Answer> {
    return this.#client.get<Answer>(path, this.#access);
  }

  patch<Answer>(path: string, body: unknown): Promise<Answer> {
    return this.#client.patch<Answer>(path, body, this.#access);
  }

  put<Answer>(path: string, body: unknown): Promise<Answer> {
    return this.#client.put<Answer>(path, body, this.#access);
  }

  /** Lets a customer's file be opened, once it was looked at. */
  async releases({ id }: Talk): Promise<void> {
    for (;;) {
      const { files } = await this.get<FilesAnswer>(`/conversations/${id}/files`);
      const [file] = files;
      if (file?.file.state === 'unscanned') {
        await this.post(`/conversations/${id}/files/${file.file.id}/release`, {
          reason: 'It was made here.',
        });
        return;
      }
      await wait(LOOK_MS);
    }
  }
}

/** A site that says who its customers are. */
export class Shop {
  readonly site: Site;
  readonly #key: webcrypto.CryptoKey;

  private constructor(site: Site, key: webcrypto.CryptoKey) {
    this.site = site;
    this.#key = key;
  }

  static async open(officer: Officer, team: string, name: string): Promise<Shop> {
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

  /** From so many days on nothing is kept here. */
  async keeps(officer: Officer, days: number): Promise<void> {
    await officer.patch(`/sites/${this.site.id}`, { settings: { ...this.site.settings, keptDays: days } });
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
