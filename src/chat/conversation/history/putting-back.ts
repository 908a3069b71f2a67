/**
 * A conversation that is put back from a backup: its rows, as `image.ts` has written them, one backup after the other.
 * Until it is opened again it is as if it were not there, for everybody.
 */
import { fromBase64url } from '../../../vault.ts';
import { FileRows } from '../../files.ts';
import { buffer, schema } from './schema.ts';

/** `until`: it is thrown away then, for it was to prove something; null: it stays until it is opened. */
export type Keeper = { run: string; until: number | null };
type Cell = string | number | null | { b: string };
type Written = Record<string, Cell>;
type Beside = Record<'removals' | 'marks' | 'entries' | 'files', Written[]> & { conversation: Written };
type Line = { message: Written } | { messages: number; beside: Beside };

const mark = `CREATE TABLE putting_back (run TEXT NOT NULL, until INTEGER, messages INTEGER NOT NULL DEFAULT 0) STRICT`;

export class PuttingBack {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Who puts it back; undefined: nobody, it is there or never was. */
  keeper(): Keeper | undefined {
    if (this.#sql.exec(`SELECT 1 FROM sqlite_master WHERE name = 'putting_back'`).toArray().length === 0)
      return undefined;
    return this.#sql.exec<Keeper>('SELECT run, until FROM putting_back').toArray()[0];
  }

  /** To be called inside a transaction, in storage that holds nothing. */
  begin({ run, until }: Keeper): void {
    this.#sql.exec(schema);
    this.#sql.exec(mark);
    this.#sql.exec('INSERT INTO putting_back (run, until) VALUES (?, ?)', run, until);
  }

  /** Takes lines in, in their order; the same ones again come to the same. To be called inside a transaction. */
  take(lines: string): void {
    for (const text of lines.split('\n')) {
      if (text === '') continue;
      const line = JSON.parse(text) as Line;
      if ('message' in line) this.#put('messages', line.message);
      else this.#replaceBeside(line.messages, line.beside);
    }
  }

  /** All but the messages is as the newest backup says. What was taken away since has no text any more. */
  #replaceBeside(messages: number, beside: Beside): void {
    const { conversation, removals, marks, entries, files } = beside;
    new FileRows(this.#sql).empty();
    for (const table of ['conversation', 'removals', 'marks', 'entries'])
      this.#sql.exec(`DELETE FROM ${table}`);
    const keys = (JSON.parse(conversation['keys'] as string) as number[]).map((fromSeq) => [
      fromSeq,
      '',
      true,
    ]);
    this.#put('conversation', { ...conversation, keys: JSON.stringify(keys) });
    for (const row of removals) this.#put('removals', row);
    for (const row of marks) this.#put('marks', row);
    for (const row of entries) this.#put('entries', row);
    for (const row of files) this.#put('files', { ...row, record: { b: '' } });
    this.#sql.exec(`UPDATE messages SET sealed = x'' WHERE position IN (SELECT position FROM removals)`);
    this.#sql.exec('UPDATE putting_back SET messages = ?', messages);
  }

  /** The names of columns are those of a backup that one of our roots has sealed. */
  #put(table: string, row: Written): void {
    const names = Object.keys(row).map((name) => `"${name.replaceAll('"', '')}"`);
    const values = Object.values(row).map((cell) =>
      typeof cell === 'object' && cell !== null ? buffer(fromBase64url(cell.b) ?? new Uint8Array()) : cell,
    );
    this.#sql.exec(
      `INSERT OR REPLACE INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
      ...values,
    );
  }

  /** Whether all of its messages are here, and what lies beside them. */
  isWhole(): boolean {
    const query = `SELECT (SELECT COUNT(*) FROM messages) = messages AND EXISTS (SELECT 1 FROM conversation) AS whole
      FROM putting_back`;
    return this.#sql.exec<{ whole: number }>(query).one().whole === 1;
  }

  /** The messages that a key opened which is nowhere any more. To be called inside a transaction. @returns how many */
  dropFrom(position: number): number {
    this.#sql.exec('DELETE FROM removals WHERE position >= ?', position);
    return this.#sql.exec('DELETE FROM messages WHERE position >= ?', position).rowsWritten;
  }

  /** From here on it is there. To be called inside a transaction. @param how for whoever asks again in the same run */
  end(run: string, how: string): void {
    this.#sql.exec('DROP TABLE putting_back');
    this.#sql.exec('DROP TABLE IF EXISTS came_back');
    this.#sql.exec('CREATE TABLE came_back (run TEXT NOT NULL, how TEXT NOT NULL) STRICT');
    this.#sql.exec('INSERT INTO came_back VALUES (?, ?)', run, how);
  }

  /** How it came back in this run; undefined: it did not. */
  cameBack(run: string): string | undefined {
    if (this.#sql.exec(`SELECT 1 FROM sqlite_master WHERE name = 'came_back'`).toArray().length === 0)
      return undefined;
    const query = 'SELECT how FROM came_back WHERE run = ?';
    return this.#sql.exec<{ how: string }>(query, run).toArray()[0]?.how;
  }
}
