/** Visitors who have written, for staff: how often and when last, with no word of what was said. */
import type { Env } from '../config.ts';
import { bannedAmong } from '../people/bans.ts';
import { allowSomewhere } from '../people/guard.ts';
import { reachOf, type Staff } from '../people/permission.ts';
import type { SeenVisitor } from '../protocol/visitors.ts';
import { visitorsOf } from './directory.ts';

/** The last seen first. @param before only those who were last seen before this, in Unix milliseconds */
export async function visitorsFor(env: Env, staff: Staff, before: number | null): Promise<SeenVisitor[]> {
  allowSomewhere(staff, 'visitor.list');
  const teams = reachOf(staff, 'visitor.list') === 'all' ? null : staff.teams;
  const seen = await visitorsOf(env, teams, before);
  const banned = await bannedAmong(
    env,
    seen.map(({ id }) => id),
    Date.now(),
  );
  return seen.map((visitor) => ({ ...visitor, banned: banned.has(visitor.id) }));
}
