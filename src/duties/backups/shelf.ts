/** The bucket in which backups lie. What lies there is never overwritten by anything else. */
import type { Env } from '../../config.ts';
import { keyringOf } from '../../config.ts';
import { settled } from '../../log.ts';
import { type Digest, nameOfNumber, type Part, type Shelf } from '../../protocol/backup-proof.ts';
import { openBackup, sealBackup, sealPgp } from '../../vault.ts';

const deletedAtOnce = 1_000;

export class BackupShelf implements Shelf {
  readonly #env: Env;
  readonly #pgpKey: string | null;

  /** @param pgpKey the OpenPGP key that what is put here is sealed to once more */
  constructor(env: Env, pgpKey: string | null = null) {
    this.#env = env;
    this.#pgpKey = pgpKey;
  }

  /**
   * Seals and stores something under this name and one more mark, so that whoever does the same overwrites nothing.
   * @throws {PgpError} nothing can be sealed to that key any more
   */
  async put(name: string, plain: Uint8Array): Promise<Part> {
    const marked = `${name}-${crypto.randomUUID()}`;
    const sealed = await sealBackup(await keyringOf(this.#env), marked, plain);
    if (this.#pgpKey === null) {
      await this.#env.BACKUPS.put(marked, sealed);
      return { name: marked, ...(await digestOf(sealed)) };
    }
    const message = await sealPgp(this.#pgpKey, sealed, Date.now());
    await this.#env.BACKUPS.put(marked, message);
    return { name: marked, ...(await digestOf(message)), opened: await digestOf(sealed) };
  }

  /** @throws VaultError what lies there is not what was stored under this name */
  async open(name: string): Promise<Uint8Array> {
    const sealed = await this.read(name);
    if (sealed === undefined) throw new Error('a part of this backup is missing');
    return openBackup(await keyringOf(this.#env), name, sealed);
  }

  /** What lies there already is not written again: where the bucket is locked, nothing is overwritten. */
  async putText(name: string, text: string): Promise<void> {
    const there = await this.read(name);
    if (there === undefined || new TextDecoder().decode(there) !== text)
      await this.#env.BACKUPS.put(name, text);
  }

  /** The names by which backups are known: without their parts, of which there may be very many. */
  async heads(): Promise<string[]> {
    const { delimitedPrefixes } = await this.#env.BACKUPS.list({ delimiter: '/' });
    const folders = delimitedPrefixes.filter((name) => /^\d{8,15}\/$/.test(name));
    const manifests = await Promise.all(folders.map((name) => this.#env.BACKUPS.head(`${name}manifest`)));
    return [...folders, ...manifests.flatMap((object) => object?.key ?? [])];
  }

  /** The numbers of the backups of which anything lies there, whole or not, in their order. */
  async numbers(): Promise<number[]> {
    const numbers = new Set((await this.heads()).map((name) => Number(name.split('/')[0])));
    return [...numbers].toSorted((one, other) => one - other);
  }

  /** The highest of them; 0: there is none. */
  async last(): Promise<number> {
    return (await this.numbers()).at(-1) ?? 0;
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    const object = await this.#env.BACKUPS.get(name);
    return object === null ? undefined : new Uint8Array(await object.arrayBuffer());
  }

  async digest(name: string): Promise<Digest | undefined> {
    const bytes = await this.read(name);
    return bytes && digestOf(bytes);
  }

  async names(): Promise<string[]> {
    const names: string[] = [];
    for await (const page of this.#pages('')) names.push(...page);
    return names;
  }

  /** @returns false: not all of them went. A lock on the bucket keeps what is younger than its days. */
  async delete(names: readonly string[]): Promise<boolean> {
    const stacks = Array.from({ length: Math.ceil(names.length / deletedAtOnce) }, (_, at) =>
      names.slice(at * deletedAtOnce, (at + 1) * deletedAtOnce),
    );
    const { failed } = await settled('backup.delete', stacks, (stack) => this.#env.BACKUPS.delete(stack));
    return failed === 0;
  }

  /**
   * Everything that one backup made for itself, its manifest first: without it nothing of it counts.
   * @returns false: some of it stays, as `delete` says
   */
  async deleteBackup(number: number): Promise<boolean> {
    const folder = `${nameOfNumber(number)}/`;
    if (!(await this.delete([`${folder}manifest`]))) return false;
    for await (const page of this.#pages(folder)) if (!(await this.delete(page))) return false;
    return true;
  }

  async *#pages(prefix: string): AsyncGenerator<string[]> {
    for (let cursor: string | undefined, more = true; more;) {
      const page = await this.#env.BACKUPS.list({ prefix, ...(cursor !== undefined && { cursor }) });
      yield page.objects.map(({ key }) => key);
      more = page.truncated;
      cursor = page.truncated ? page.cursor : undefined;
    }
  }
}

async function digestOf(bytes: Uint8Array): Promise<Digest> {
  const hash = await crypto.subtle.digest('SHA-256', bytes);
  return { bytes: bytes.length, sha256: new Uint8Array(hash).toBase64() };
}
