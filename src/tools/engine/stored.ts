/** What a deployment on this machine has stored, read past it while it is down. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const LISTS = 'r2/miniflare-R2BucketObject';

/** An object of a bucket. */
export interface StoredObject {
  readonly key: string;
  /** When, in milliseconds, by the clock of this machine. */
  readonly uploaded: number;
  readonly read: () => Uint8Array;
}

/** @param bucket its name in wrangler.toml */
export function objectsIn(state: string, bucket: string): StoredObject[] {
  const blobs = join(state, 'r2', bucket, 'blobs');
  // Which list is whose, only the bytes tell that it names.
  return databasesIn(join(state, LISTS)).flatMap((file) =>
    rowsIn(file, 'SELECT key, blob_id AS blob, uploaded FROM _mf_objects ORDER BY key').flatMap((row) => {
      const path = join(blobs, String(row['blob']));
      const object = { key: String(row['key']), uploaded: Number(row['uploaded']) };
      return existsSync(path) ? [{ ...object, read: () => readFileSync(path) }] : [];
    }),
  );
}

/** Puts all of a bucket into another deployment that is down too. @param bucket its name in wrangler.toml */
export function copyBucket(state: string, bucket: string, to: string): void {
  const blobs = join(state, 'r2', bucket, 'blobs');
  cpSync(blobs, join(to, 'r2', bucket, 'blobs'), { recursive: true });
  mkdirSync(join(to, LISTS), { recursive: true });
  const isIts = (file: string) =>
    rowsIn(file, 'SELECT blob_id AS blob FROM _mf_objects').some(({ blob }) =>
      existsSync(join(blobs, String(blob))),
    );
  for (const file of databasesIn(join(state, LISTS)).filter(isIts))
    opened(file, (list) => list.prepare('VACUUM INTO ?').run(join(to, LISTS, basename(file))));
}

/** The files of all objects of a class, or of the database, which is one of them to the simulator. */
export function databasesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^[0-9a-f]{64}[.]sqlite$/.test(name))
    .map((name) => join(folder, name));
}

export type Row = Readonly<Record<string, unknown>>;

/** Nothing where there is no such table: an object that was only asked for has none. */
export function rowsIn(file: string, query: string): Row[] {
  try {
    return opened(file, (database) => database.prepare(query).all());
  } catch (error) {
    if (error instanceof Error && error.message.includes('no such table')) return [];
    throw error;
  }
}

/** Puts all that the journal of a database has into the database, and nothing is left in it. */
export function settle(file: string): void {
  const [row] = opened(file, (database) => database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all());
  if (row?.['busy'] !== 0) throw new Error(`somebody has ${file} open`);
}

function opened<Result>(file: string, use: (database: DatabaseSync) => Result): Result {
  // Whoever was killed lets go of its files a moment later.
  const database = new DatabaseSync(file, { timeout: 5_000 });
  try {
    return use(database);
  } finally {
    database.close();
  }
}
