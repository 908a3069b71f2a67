/** A backup as it is read: each part is held against what was signed, once more, before anything of it is believed. */
import { createHash } from 'node:crypto';
import { configOf, type Env, keyringOf } from '../../config.ts';
import {
  flawOf,
  type Head,
  type Part,
  readChain,
  readHead,
  readHeads,
  readParts,
  Wrong,
} from '../../protocol/backup-proof.ts';
import type { NoteKey } from '../../protocol/ledger-proof.ts';
import { backupKeys, openBackup, VaultError } from '../../vault.ts';
import { BackupShelf, unpacked } from '../backups.ts';

export type Cell = string | number | null | { b: string };
export type Row = Readonly<Record<string, Cell>>;
export type TableRow = { table: string; row: Row };
export type Line =
  | TableRow
  | { conversation: string; message: Row }
  | { conversation: string; messages: number; beside: unknown }
  | { checkpoint: string; backup: number };

export class BackupReader {
  readonly shelf: BackupShelf;
  readonly #env: Env;

  constructor(env: Env) {
    this.#env = env;
    this.shelf = new BackupShelf(env);
  }

  /** The keys that may have signed the backups of this deployment, and of no other. */
  async trusted(): Promise<NoteKey[]> {
    const name = `${new URL(configOf(this.#env).origin).host}/backup`;
    return (await backupKeys(await keyringOf(this.#env))).map((publicKey) => ({ name, publicKey }));
  }

  /**
   * All that lie in the bucket, the oldest first.
   * @param newest what the manifest of the last one is known by
   * @param upTo those behind this one are passed over
   * @throws {Wrong}
   */
  async heads({ newest, upTo }: { newest?: string; upTo?: number } = {}): Promise<Head[]> {
    const { shelf } = this;
    const manifests = {
      names: () => shelf.heads(),
      read: (name: string) => shelf.read(name),
      digest: (name: string) => shelf.digest(name),
    };
    return readHeads(manifests, {
      trusted: await this.trusted(),
      ...(newest !== undefined && { newest }),
      ...(upTo !== undefined && { upTo }),
    });
  }

  /** @throws {Wrong} */
  async head(number: number): Promise<Head> {
    return readHead(this.shelf, number, await this.trusted());
  }

  /** The backups that this one builds upon, the full one first, and itself. @throws {Wrong} */
  async chain(number: number): Promise<Head[]> {
    return readChain(this.shelf, number, await this.trusted());
  }

  /** @throws {Wrong} */
  parts(head: Head): Promise<Part[]> {
    return readParts(this.shelf, head);
  }

  /** What lies in a part, opened. @throws {Wrong} it is not what was signed, or does not open */
  async open(part: Part): Promise<Uint8Array> {
    const { name } = part;
    const sealed = await this.shelf.read(name);
    if (sealed === undefined) throw new Wrong(name, 'is missing');
    const sha256 = createHash('sha256').update(sealed).digest('base64');
    const what = flawOf(part, { bytes: sealed.length, sha256 }, 'it opens');
    if (what !== null) throw new Wrong(name, what);
    try {
      return await openBackup(await keyringOf(this.#env), name, sealed);
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      throw new Wrong(name, 'does not open with this KEYRING');
    }
  }

  /** @throws {Wrong} */
  async lines(part: Part): Promise<string[]> {
    const text = await unpacked(await this.open(part));
    return text.split('\n').filter((line) => line !== '');
  }
}

/** Those of a backup's parts that hold rows, in their order: the others are objects of other buckets. */
export function rowParts({ number }: Head, parts: readonly Part[]): Part[] {
  const own = new RegExp(`^0*${number}/\\d{6}-`);
  return parts.filter(({ name }) => own.test(name));
}

/** The name in its bucket of what an object's part is a copy of; undefined: it is of another bucket, or holds rows. */
export function copiedFrom(bucket: 'files' | 'ledger', name: Part['name']): string | undefined {
  const folder = `objects/${bucket}/`;
  return name.startsWith(folder)
    ? name.slice(folder.length, -'-00000000-0000-0000-0000-000000000000'.length)
    : undefined;
}

/** What the lines of a part are of: all of one kind. */
export function kindOf(lines: readonly string[]): 'conversations' | 'tables' | 'ledger' {
  const first = lines[0] ?? '';
  if (first.startsWith('{"conversation":')) return 'conversations';
  return first.startsWith('{"checkpoint":') || first.startsWith('{"table":"ledger",') ? 'ledger' : 'tables';
}

/** The rows of the tables among these lines. */
export function rowsOf(lines: readonly string[]): TableRow[] {
  return lines.flatMap((text) => {
    const line = JSON.parse(text) as Line;
    return 'table' in line ? [line] : [];
  });
}

/** The parts that hold rows of the backup with this number. @throws {Wrong} */
export async function ownParts(reader: BackupReader, number: number): Promise<Part[]> {
  const head = await reader.head(number);
  return rowParts(head, await reader.parts(head));
}

/** Of these rows those of one table. */
export function rowsFor(rows: readonly TableRow[], name: string): Row[] {
  return rows.flatMap(({ table, row }) => (table === name ? [row] : []));
}
