/** Whether a deployment that was put back has stored what was backed up. Both are down. */
import { join } from 'node:path';
import { commitmentOf } from '../../vault.ts';
import { databasesIn, objectsIn, type Row, rowsIn } from './stored.ts';

/** A table, or all files: how many there are now, how many are missing, and how many there are that were not. */
export interface Compared {
  readonly name: string;
  readonly count: number;
  readonly missing: number;
  readonly other: number;
}

/** What is in no backup (src/duties/backups/tables.ts), and what is known of backups. */
const own = [
  ...['runs', 'residency', 'roots', 'restores', 'restore_counts', 'unmoved', 'copies', 'transcripts'],
  ...['uploads', 'vouches', 'visitor_codes', 'resets', 'training_reminded', 'returns', 'return_lines'],
  ...['backups', 'backup_parts', 'backup_marks', 'backup_objects'],
];
const TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf_*'";
/** What is other on purpose: the keys of tokens, and how often the others were used. */
const keys = "SELECT id, purpose, state, root, wrapped, created_at FROM keys WHERE purpose <> 'token'";

/** @param ledger entries of the ledger before this one were backed up: it goes on behind them, in either */
export function compareStored(before: string, after: string, ledger: number): Compared[] {
  const queries: Readonly<Record<string, string>> = {
    keys,
    ledger: `SELECT seq, leaf, details FROM ledger WHERE seq < ${ledger}`,
  };
  const tables = tablesIn(before).filter((name) => !own.includes(name));
  return [
    ...tables.map((name) => {
      const query = queries[name] ?? `SELECT * FROM "${name}"`;
      return compared(name, rowsOf(before, query), rowsOf(after, query));
    }),
    compared('files', filesIn(before), filesIn(after)),
  ];
}

export function differencesOf(before: string, after: string, ledger: number): string[] {
  return inWords(compareStored(before, after, ledger));
}

export function inWords(all: readonly Compared[]): string[] {
  return all.flatMap(({ name, missing, other }) =>
    missing + other === 0 ? [] : [`${name}: ${missing} missing, ${other} that were not there`],
  );
}

/** By what each is, whole, in any order. */
export function compared(name: string, before: readonly string[], after: readonly string[]): Compared {
  const [ours, theirs] = [new Set(before), new Set(after)];
  return {
    name,
    count: after.length,
    missing: before.filter((one) => !theirs.has(one)).length,
    other: after.filter((one) => !ours.has(one)).length,
  };
}

function tablesIn(state: string): string[] {
  return database(state).flatMap((file) => rowsIn(file, TABLES).map(({ name }) => String(name)));
}

function rowsOf(state: string, query: string): string[] {
  return database(state).flatMap((file) => rowsIn(file, query).map(written));
}

/** A key that was wrapped anew, in its row or in the store of keys, is the same key. */
function written({ key, ...row }: Row): string {
  const isRecord = key instanceof Uint8Array && key.length > 0;
  const cells = [isRecord ? commitmentOf(key) : key, ...Object.values(row)];
  return JSON.stringify(
    cells.map((cell) => (cell instanceof Uint8Array ? Buffer.from(cell).toString('base64') : cell)),
  );
}

function filesIn(state: string): string[] {
  return objectsIn(state, 'sotto-files').map(
    ({ key, read }) => `${key} ${Buffer.from(read()).toString('base64')}`,
  );
}

function database(state: string): string[] {
  return databasesIn(join(state, 'd1/miniflare-D1DatabaseObject'));
}
