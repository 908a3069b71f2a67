/** Where a drill puts a backup back: a scratch space, and copies of conversations that nobody else knows of. */
import { scratchOf } from '../../chat/conversation.ts';
import type { Env } from '../../config.ts';
import { objectOf } from '../../residency.ts';
import { tables } from '../backups.ts';
import type { Scratch } from './object.ts';
import type { Order } from './rows.ts';
import type { Target } from './target.ts';

export function scratchSpaceOf(env: Env): DurableObjectStub<Scratch> {
  return objectOf(env, 'Scratch', 'drill') as DurableObjectStub<Scratch>;
}

/** @param until all of it is thrown away then, whatever becomes of the drill */
export function scratchSpace(env: Env, run: string, until: number): Target {
  const keeper = { run, until };
  const space = () => scratchSpaceOf(env);
  return {
    keeper,
    execute: (orders) => space().execute(run, [...orders]),
    async query<T>(order: Order) {
      return (await space().query(run, order)) as unknown as T[];
    },
    conversation: (id, lines) => scratchOf(env, id).putBack(keeper, lines),
    ledger: (from, rows) =>
      space().grow(
        run,
        from,
        rows.map(({ leaf }) => leaf),
      ),
  };
}

/** The tables that backups take, as the database has them today. */
export async function schemaOf(env: Env): Promise<string[]> {
  const names = JSON.stringify([...tables.map(({ name }) => name), 'ledger']);
  const query = `SELECT sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL
    AND tbl_name IN (SELECT value FROM json_each(?)) ORDER BY type DESC, rowid`;
  const { results } = await env.DB.prepare(query).bind(names).all<{ sql: string }>();
  return results.map(({ sql }) => sql);
}
