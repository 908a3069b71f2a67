import type { D1Migration } from 'cloudflare:test';
import { env } from 'cloudflare:workers';

// Storage is fresh for each test file, so each begins with an empty database of today's shape: in one go, as a hundred
// files wait for it.
const { DB, MIGRATIONS } = env as unknown as { DB: D1Database; MIGRATIONS: D1Migration[] };
await DB.batch(MIGRATIONS.flatMap(({ queries }) => queries.map((query) => DB.prepare(query))));

// The Worker logs a line for each of its requests, which are thousands here: each would be told to Vitest.
const { log } = console;
console.log = (...said: unknown[]) => {
  if (!String(said[0]).startsWith('{"kind":"request"')) log(...said);
};
