/** Everything that is stored, as whoever has all of the storage reads it: the database, every object, every bucket. */
import { listDurableObjectIds, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';

/** Where it lies, and what lies there. */
export type Stored = { at: string; bytes: Uint8Array };

const utf8 = new TextEncoder();
const tablesOf = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf_*'";
const classes = ['Account', 'Conversation', 'Inbox', 'Ledger', 'Scratch', 'Watch'] as const;

export async function everythingStored(): Promise<Stored[]> {
  return [...(await inDatabase()), ...(await inObjects()), ...(await inBuckets())];
}

/** Where these bytes stand in it. */
export function placesOf(wanted: string | Uint8Array, stored: readonly Stored[]): string[] {
  const needle = latin(typeof wanted === 'string' ? utf8.encode(wanted) : wanted);
  return stored.flatMap(({ at, bytes }) => (latin(bytes).includes(needle) ? [at] : []));
}

async function inDatabase(): Promise<Stored[]> {
  const { results: tables } = await env.DB.prepare(tablesOf).all<{ name: string }>();
  const found = await Promise.all(
    tables.map(async ({ name }) => {
      const { results } = await env.DB.prepare(`SELECT * FROM "${name}"`).all();
      return results.flatMap((row) => valuesIn(`D1 ${name}`, row));
    }),
  );
  return found.flat();
}

async function inObjects(): Promise<Stored[]> {
  const found: Stored[] = [];
  for (const name of classes) {
    const namespace = env[name];
    for (const id of await listDurableObjectIds(namespace)) {
      const there = await runInDurableObject(namespace.get(id), async (_, { storage }) => {
        const tables = storage.sql.exec<{ name: string }>(tablesOf).toArray();
        const rows = tables.flatMap((table) =>
          storage.sql
            .exec(`SELECT * FROM "${table.name}"`)
            .toArray()
            .flatMap((row) => valuesIn(`${name} ${table.name}`, row)),
        );
        return [...rows, ...valuesIn(`${name} storage`, Object.fromEntries(await storage.list()))];
      });
      found.push(...there);
    }
  }
  return found;
}

async function inBuckets(): Promise<Stored[]> {
  const found: Stored[] = [];
  for (const name of ['KEYS', 'LEDGER', 'FILES'] as const) {
    for (const { key } of (await env[name].list()).objects) {
      const object = await env[name].get(key);
      if (object === null) continue;
      found.push({ at: `${name} names`, bytes: utf8.encode(key) });
      found.push({ at: `${name} ${key}`, bytes: new Uint8Array(await object.arrayBuffer()) });
    }
  }
  return found;
}

function valuesIn(at: string, row: Record<string, unknown>): Stored[] {
  return Object.entries(row).flatMap(([column, value]) => {
    if (value === null) return [];
    return [{ at: `${at}.${column}`, bytes: bytesOf(value) }];
  });
}

function bytesOf(value: unknown): Uint8Array {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  // D1 gives blobs as arrays of numbers.
  if (Array.isArray(value)) return Uint8Array.from(value as number[]);
  return utf8.encode(typeof value === 'string' ? value : JSON.stringify(value));
}

function latin(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}
