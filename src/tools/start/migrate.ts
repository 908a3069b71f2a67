import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { run } from '../command.ts';
import { Halt } from '../halt.ts';
import { migrations } from '../migrations.ts';
import { QUIET_WRANGLER, WRANGLER } from '../project.ts';
import { shown, type Home } from './home.ts';

const MIGRATE_SECONDS = 180;

/** Brings the local database to today's shape. Starting wrangler for it costs seconds, so it is asked only when needed. */
export async function migrate(home: Home): Promise<void> {
  const applied = appliedMigrations(home);
  if (migrations().every((name) => applied.has(name))) return;
  const args = ['d1', 'migrations', 'apply', 'DB', '--local', '--persist-to', home.state];
  const { ok, output } = await run(process.execPath, [WRANGLER, ...args], {
    timeoutSeconds: MIGRATE_SECONDS,
    env: QUIET_WRANGLER,
  });
  if (!ok) throw new Halt(`The migrations could not be applied to ${shown(home.state)}:\n${output}`);
}

function appliedMigrations(home: Home): Set<string> {
  const file = databaseFile(home);
  if (file === undefined) return new Set();
  try {
    using database = new DatabaseSync(file, { readOnly: true });
    const known = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'd1_migrations'").get();
    if (known === undefined) return new Set();
    return new Set(
      database
        .prepare('SELECT name FROM d1_migrations')
        .all()
        .map(({ name }) => String(name)),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Halt(
      `The data in ${shown(home.state)} cannot be opened (${reason}): npm run reset begins anew.`,
    );
  }
}

/** Miniflare keeps each database in a file named by a hash, and its own notes beside it. */
export function databaseFile(home: Home): string | undefined {
  const folder = join(home.state, 'v3/d1/miniflare-D1DatabaseObject');
  if (!existsSync(folder)) return undefined;
  const name = readdirSync(folder).find((file) => file.endsWith('.sqlite') && file !== 'metadata.sqlite');
  return name === undefined ? undefined : join(folder, name);
}
