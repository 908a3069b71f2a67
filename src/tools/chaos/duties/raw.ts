/** Everything that is stored, as whoever has all of the storage reads it while the server is down. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { databasesIn, objectsIn, type Row, rowsIn, settle } from '../../engine/stored.ts';

/** Where it lies, and what lies there. */
export interface Stored {
  readonly at: string;
  readonly bytes: Buffer;
}

const CLASSES = ['Account', 'Conversation', 'Inbox', 'Ledger', 'Watch'] as const;
const BUCKETS = ['sotto-keys', 'sotto-ledger', 'sotto-files', 'sotto-copies'] as const;
const TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf_*'";

/** Backups aside: what lies in them is sealed, and of no use without the keys that are looked for here. */
export function everythingIn(state: string): Stored[] {
  const databases = filesIn(state);
  const rows = databases.flatMap(({ name, file }) =>
    rowsIn(file, TABLES).flatMap((table) =>
      rowsIn(file, `SELECT * FROM "${String(table['name'])}"`).flatMap((row) =>
        cellsOf(`${name} ${String(table['name'])}`, row),
      ),
    ),
  );
  const objects = BUCKETS.flatMap((bucket) =>
    objectsIn(state, bucket).flatMap(({ key, read }) => [
      { at: `${bucket} names`, bytes: Buffer.from(key) },
      { at: `${bucket} ${key}`, bytes: Buffer.from(read()) },
    ]),
  );
  return [...rows, ...objects];
}

/** The files of all databases, byte by byte: also what stands in no row any more, in pages that are free and in the journal. */
export function bytesIn(state: string): Stored[] {
  return filesIn(state).flatMap(({ name, file }) =>
    [file, `${file}-wal`]
      .filter((path) => existsSync(path))
      .map((path) => ({ at: `${name} ${basename(path).replace(/^.{60}/, '')}`, bytes: readFileSync(path) })),
  );
}

/** The same once the journal's pages are in their places: until SQLite puts them there, the former ones stay. */
export function settledBytesIn(state: string): Stored[] {
  for (const { file } of filesIn(state)) settle(file);
  return bytesIn(state);
}

function filesIn(state: string): { name: string; file: string }[] {
  return [
    ...databaseFiles(state).map((file) => ({ name: 'D1', file })),
    ...CLASSES.flatMap((name) => filesOf(state, name).map((file) => ({ name, file }))),
  ];
}

function cellsOf(at: string, row: Row): Stored[] {
  return Object.entries(row).flatMap(([column, value]) => {
    if (value === null) return [];
    const bytes =
      value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(String(value as string | number));
    return [{ at: `${at}.${column}`, bytes }];
  });
}

export function inDatabase(state: string, query: string): Row[] {
  return databaseFiles(state).flatMap((file) => rowsIn(file, query));
}

export function idsIn(state: string, query: string): Set<string> {
  return new Set(inDatabase(state, query).map((row) => String(row['id'])));
}

/** A conversation's own rows: undefined where nothing of it is left. */
export interface StoredTalk {
  readonly id: string;
  readonly messages: readonly Row[];
  /** Every key of it and of its files, as it lies wrapped. */
  readonly keys: readonly Uint8Array[];
}

export function talksIn(state: string): Map<string, StoredTalk> {
  const talks = filesOf(state, 'Conversation').flatMap((file): [string, StoredTalk][] => {
    const [row] = rowsIn(file, 'SELECT id, keys FROM conversation');
    if (row === undefined) return [];
    const id = String(row['id']);
    const own = (JSON.parse(String(row['keys'])) as [number, string][]).map(([, record]) =>
      Buffer.from(record, 'base64url'),
    );
    const files = rowsIn(file, 'SELECT record FROM files').map((each) => each['record'] as Uint8Array);
    return [
      [
        id,
        { id, messages: rowsIn(file, 'SELECT * FROM messages ORDER BY position'), keys: [...own, ...files] },
      ],
    ];
  });
  return new Map(talks);
}

/** The wrapped keys that the key store has under these names. */
export function keysUnder(state: string, prefixes: readonly string[]): Buffer[] {
  return objectsIn(state, 'sotto-keys').flatMap(({ key, read }) =>
    prefixes.some((prefix) => key.startsWith(prefix)) ? [Buffer.from(read())] : [],
  );
}

export function namesIn(state: string, bucket: string): string[] {
  return objectsIn(state, bucket).map(({ key }) => key);
}

function databaseFiles(state: string): string[] {
  return databasesIn(join(state, 'd1/miniflare-D1DatabaseObject'));
}

/** The files of all objects of a class. */
export function filesOf(state: string, name: string): string[] {
  return databasesIn(join(state, `do/sotto-${name}`));
}
