/** Backups in a folder, opened with KEYRING: what lies in each, line by line, held against what was signed. */
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import {
  flawOf,
  type Head,
  type Part,
  readChain,
  readHeads,
  readParts,
  Wrong,
} from '../../protocol/backup-proof.ts';
import { readVerifierKey } from '../../protocol/ledger-proof.ts';
import { backupKeys, Keyring, openBackup, sameBytes, VaultError } from '../../vault.ts';
import { Halt } from '../halt.ts';
import { shelfIn } from './folder.ts';

export type Cell = string | number | null | { b: string };
export type Row = Record<string, Cell>;
export type Beside = Record<'removals' | 'marks' | 'entries' | 'files', Row[]> & { conversation: Row };
export type Line =
  | { table: string; row: Row }
  | { conversation: string; message: Row }
  | { conversation: string; messages: number; beside: Beside }
  | { checkpoint: string };

/** KEYRING, which is read from the environment and never from the command line, where others see it. */
export async function keyringFrom(environment: NodeJS.ProcessEnv): Promise<Keyring> {
  try {
    return await Keyring.parse(environment['KEYRING'] ?? '');
  } catch (error) {
    throw new Halt(error instanceof VaultError ? `${error.message}.` : String(error));
  }
}

export class Backups {
  readonly #keyring: Keyring;
  readonly #shelf: ReturnType<typeof shelfIn>;

  constructor(folder: string, keyring: Keyring) {
    this.#keyring = keyring;
    this.#shelf = shelfIn(folder);
  }

  /** Those that a key of this KEYRING has signed. @throws {Wrong} */
  async heads(): Promise<Head[]> {
    const heads = await readHeads(this.#shelf, { trusted: [] });
    const ours = await backupKeys(this.#keyring);
    for (const { key, number } of heads) {
      const signer = readVerifierKey(key)?.publicKey;
      if (signer === undefined || !ours.some((each) => sameBytes(each, signer)))
        throw new Wrong(`Backup ${number}`, 'was not signed by a key of this KEYRING');
    }
    return heads;
  }

  chain(number: number): Promise<Head[]> {
    return readChain(this.#shelf, number, []);
  }

  parts(head: Head): Promise<Part[]> {
    return readParts(this.#shelf, head);
  }

  /** @throws {Wrong} it is not what was signed, or does not open */
  async open(part: Part): Promise<Uint8Array> {
    const { name } = part;
    const sealed = await this.#shelf.read(name);
    if (sealed === undefined) throw new Wrong(name, 'is missing');
    const sha256 = createHash('sha256').update(sealed).digest('base64');
    const what = flawOf(part, { bytes: sealed.length, sha256 }, 'it opens');
    if (what !== null) throw new Wrong(name, what);
    return this.openNamed(name, sealed);
  }

  async openNamed(name: string, sealed: Uint8Array): Promise<Uint8Array> {
    try {
      return await openBackup(this.#keyring, name, sealed);
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      throw new Wrong(name, 'does not open with this KEYRING');
    }
  }

  /** A key that lies beside the backups; undefined: its root was taken out of KEYRING, and a backup has it. @throws {Wrong} */
  async openBeside(name: string, sealed: Uint8Array): Promise<Uint8Array | undefined> {
    try {
      return await openBackup(this.#keyring, name, sealed);
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      if (error.code === 'key_unknown') return undefined;
      throw new Wrong(name, 'does not open with this KEYRING');
    }
  }

  /** The rows that one backup made for itself. */
  async *lines(head: Head | undefined): AsyncGenerator<Line> {
    if (head === undefined) return;
    for (const part of await this.parts(head)) {
      if (part.name.startsWith('objects/')) continue;
      for (const line of linesIn(await this.open(part))) yield JSON.parse(line) as Line;
    }
  }
}

export function linesIn(packed: Uint8Array): string[] {
  return gunzipSync(packed)
    .toString()
    .split('\n')
    .filter((line) => line !== '');
}
