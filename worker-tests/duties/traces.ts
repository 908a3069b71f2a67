/** Everything that is stored, as whoever has all of the storage reads it: the database, every object, every bucket. */
import { listDurableObjectIds, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { BackupShelf, unpacked } from '../../src/duties/backups.ts';

/** Where it lies, and what lies there. */
export type Stored = { at: string; bytes: Uint8Array };

const utf8 = new TextEncoder();
const tablesOf = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf_*'";
const classes = ['Account', 'Conversation', 'Inbox', 'Ledger', 'Scratch', 'Watch'] as const;

export async function everythingStored(): Promise<Stored[]> {
  return [...(await inDatabase()), ...(await inObjects()), ...(await inBuckets())];
}

/** Where these bytes stand in it, as they are or as text has them. */
export function placesOf(wanted: string | Uint8Array, stored: readonly Stored[]): string[] {
  const bytes = typeof wanted === 'string' ? utf8.encode(wanted) : wanted;
  const forms =
    typeof wanted === 'string'
      ? [latin(bytes)]
      : [latin(bytes), bytes.toHex(), ...encodings.map((as) => bytes.toBase64(as))];
  return stored.flatMap(({ at, bytes: there }) => {
    const text = latin(there);
    return forms.some((form) => text.includes(form)) ? [at] : [];
  });
}

const encodings = [
  { alphabet: 'base64', omitPadding: true },
  { alphabet: 'base64url', omitPadding: true },
] as const;

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
  for (const name of ['KEYS', 'LEDGER', 'FILES', 'COPIES', 'BACKUPS'] as const)
    for (const key of await namesIn(env[name])) {
      const object = await env[name].get(key);
      if (object === null) continue;
      found.push({ at: `${name} names`, bytes: utf8.encode(key) });
      found.push({ at: `${name} ${key}`, bytes: new Uint8Array(await object.arrayBuffer()) });
      if (name === 'BACKUPS') found.push(...(await openedPart(key)));
    }
  return found;
}

async function namesIn(bucket: R2Bucket): Promise<string[]> {
  const names: string[] = [];
  for (let cursor: string | undefined; ;) {
    // Few at once, so that what lies behind a page is looked at too.
    const page = await bucket.list({ limit: 50, ...(cursor !== undefined && { cursor }) });
    names.push(...page.objects.map(({ key }) => key));
    if (!page.truncated) return names;
    cursor = page.cursor;
  }
}

/** What stands in a part of a backup, for whoever has `KEYRING`: rows, or an object as it lies in its own bucket. */
async function openedPart(name: string): Promise<Stored[]> {
  if (/[/](?:manifest|parts)$/.test(name)) return [];
  const at = `BACKUPS ${name} opened`;
  const plain = await new BackupShelf(env).open(name);
  if (!/^\d{8}[/]/.test(name)) return [{ at, bytes: plain }];
  return [{ at, bytes: utf8.encode(await unpacked(plain)) }];
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

/** Each byte as a character, put together once for all that is looked for. */
function latin(bytes: Uint8Array): string {
  const known = texts.get(bytes);
  if (known !== undefined) return known;
  const text = new TextDecoder('latin1').decode(bytes);
  texts.set(bytes, text);
  return text;
}
const texts = new WeakMap<Uint8Array, string>();
