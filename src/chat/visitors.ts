/** Visitors who have written, for staff: how often and when last, with no word of what was said. */
import type { Env } from '../config.ts';
import { bannedAmong } from '../people/bans.ts';
import { allowSomewhere } from '../people/guard.ts';
import { reachOf, type Staff } from '../people/permission.ts';
import type { SeenVisitor, VisitorsQuery } from '../protocol/visitors.ts';
import { visitorsOf } from './directory.ts';

/** A page of them, the last seen first. */
export async function visitorsFor(env: Env, staff: Staff, after: VisitorsQuery): Promise<SeenVisitor[]> {
  allowSomewhere(staff, 'visitor.list');
  const teams = reachOf(staff, 'visitor.list') === 'all' ? null : staff.teams;
  const seen = await visitorsOf(env, teams, after);
  const banned = await bannedAmong(
    env,
    seen.map(({ id }) => id),
    Date.now(),
  );
  return seen.map((visitor) => ({ ...visitor, banned: banned.has(visitor.id) }));
}
