import type { D1Migration } from 'cloudflare:test';
import { env } from 'cloudflare:workers';

// Storage is fresh for each test file, so each begins with an empty database of today's shape: in one go, as a hundred
// files wait for it.
const { DB, MIGRATIONS } = env as unknown as { DB: D1Database; MIGRATIONS: D1Migration[] };
await DB.batch(MIGRATIONS.flatMap(({ queries }) => queries.map((query) => DB.prepare(query))));
