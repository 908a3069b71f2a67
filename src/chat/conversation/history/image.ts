/** A conversation as a backup holds it: its rows as they lie sealed, without the keys that open them. */
import { createHash } from 'node:crypto';
import { commitmentOf, fromBase64url, toBase64url } from '../../../vault.ts';

/**
 * How far it lies in a backup: the place of its newest message, and what tells how it is sealed with a hash of all else
 * that it holds.
 */
export type Mark = { position: number; digest: string };
/** Lines of JSON. `next`: the message behind which the rest begins; null: that is all of it. */
export type Imaged = { text: string; next: number | null; mark: Mark };

/** Enough for hundreds of messages, and little enough for many conversations at once. */
const textAtOnce = 512 * 1024;
type Cell = SqlStorageValue;
type Row = Record<string, Cell>;

export class ImageRows {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /**
   * What has changed since, read at one moment: the messages behind that place, and behind the last of them everything
   * else. A message that was taken away before is named there.
   *
   * @param since as it lies in a backup already; null: not at all
   * @param from the message behind which to go on
   * @returns undefined: nothing has changed
   */
  read(since: Mark | null, from: number | null): Imaged | undefined {
    const beside = this.#beside();
    const digest = `${this.#sealing()}.${createHash('sha256').update(beside).digest('base64')}`;
    const { position, messages } = this.#sql
      .exec<{ position: number; messages: number }>(
        'SELECT IFNULL(MAX(position), 0) AS position, COUNT(*) AS messages FROM messages',
      )
      .one();
    const mark = { position, digest };
    // What was sealed anew lies otherwise in a backup, and under a key that is destroyed.
    if (since !== null && !isSealedAlike(since.digest, digest)) since = null;
    if (from === null && since?.position === position && since.digest === digest) return undefined;
    const id = this.#sql.exec<{ id: string }>('SELECT id FROM conversation').one().id;
    const lines: string[] = [];
    let length = 0;
    const query = 'SELECT * FROM messages WHERE position > ? ORDER BY position';
    for (const row of this.#sql.exec<Row>(query, from ?? since?.position ?? 0)) {
      const line = JSON.stringify({ conversation: id, message: written(row) });
      lines.push(line);
      length += line.length;
      if (length > textAtOnce) return { text: textOf(lines), next: Number(row['position']), mark };
    }
    lines.push(`{"conversation":${JSON.stringify(id)},"messages":${messages},"beside":${beside}}`);
    return { text: textOf(lines), next: null, mark };
  }

  /** What tells whether any of it was sealed anew: some bytes of what each of its keys commits to, in their order. */
  #sealing(): string {
    const { keys } = this.#sql.exec<{ keys: string }>('SELECT keys FROM conversation').one();
    const told = (JSON.parse(keys) as [number, string][]).map(([, record]) =>
      // One that is put back has none yet.
      record === ''
        ? ''
        : toBase64url(commitmentOf(fromBase64url(record) ?? new Uint8Array()).subarray(0, 9)),
    );
    return told.join('');
  }

  /** All but the messages. A used ticket has run out before anything could be restored. */
  #beside(): string {
    const [row] = this.#rows('SELECT * FROM conversation');
    const keys = (JSON.parse(String(row?.['keys'])) as [number][]).map(([fromSeq]) => fromSeq);
    const hasFiles = this.#rows(`SELECT 1 FROM sqlite_master WHERE name = 'files'`).length > 0;
    const files = hasFiles ? this.#rows('SELECT * FROM files ORDER BY id') : [];
    return JSON.stringify({
      conversation: { ...row, keys: JSON.stringify(keys) },
      removals: this.#rows('SELECT * FROM removals ORDER BY position'),
      marks: this.#rows('SELECT * FROM marks ORDER BY reader'),
      entries: this.#rows('SELECT * FROM entries ORDER BY id'),
      files: files.map(({ record: _, ...file }) => file),
    });
  }

  #rows(query: string): Record<string, unknown>[] {
    return this.#sql.exec<Row>(query).toArray().map(written);
  }
}

/** Whether all that was sealed before is sealed in the same way now: keys that came since change nothing. */
export function isSealedAlike(before: string, now: string): boolean {
  return sealingIn(now).startsWith(sealingIn(before));
}

/** How it is sealed: what a mark says of it besides. */
export function sealingIn(digest: string): string {
  return digest.split('.')[0] ?? '';
}

/** The same mark, of a conversation that was sealed in this way when its first page was read. */
export function withSealing(sealing: string, { position, digest }: Mark): Mark {
  return { position, digest: `${sealing}.${digest.split('.').at(-1)}` };
}

/** Whether both hold the same, however that is sealed. */
export function isSameBeside(one: string, other: string): boolean {
  return one.split('.').at(-1) === other.split('.').at(-1);
}

/** Bytes as `{"b": base64url}`, so that they come back as bytes. */
function written(row: Row): Record<string, unknown> {
  const cells = Object.entries(row).map(([name, cell]) => [
    name,
    cell instanceof ArrayBuffer ? { b: toBase64url(new Uint8Array(cell)) } : cell,
  ]);
  return Object.fromEntries(cells) as Record<string, unknown>;
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
