/** Whether a site's visitor finds somebody there. */
import type { Env } from '../../config.ts';
import { heldNow } from '../../people/containment.ts';
import type { WidgetAnswer } from '../../protocol/bodies.ts';
import type { TeamId } from '../../protocol/ids.ts';
import { inboxOf } from '../inbox.ts';
import { logFault } from '../../log.ts';
import type { KnownSite } from '../sites.ts';
import { openAt } from './rules.ts';

/** Shut in an incident; closed outside its hours; else online while somebody of the team is available. */
export async function stateOf(
  env: Env,
  { id, team, settings }: KnownSite,
  now: number,
): Promise<Pick<WidgetAnswer, 'state' | 'opensAt'>> {
  const { sites, modes } = await heldNow(env);
  if (sites.has(id) || modes.has('readOnly')) return { state: 'unavailable', opensAt: null };
  const { open, opensAt } = openAt(settings.hours, now);
  if (!open) return { state: 'closed', opensAt };
  return { state: (await availableIn(env, team, now)) > 0 ? 'online' : 'away', opensAt: null };
}

const countReuse = 10_000;
const counts = new Map<TeamId, { at: number; count: number }>();

/** How many of this team are available. A count serves for ten seconds in this isolate. */
async function availableIn(env: Env, team: TeamId, now: number): Promise<number> {
  const known = counts.get(team);
  if (known !== undefined && Math.abs(now - known.at) < countReuse) return known.count;
  for (const [key, { at }] of counts) if (Math.abs(now - at) >= countReuse) counts.delete(key);
  const count = await countedIn(env, team);
  counts.set(team, { at: now, count });
  return count;
}

/** A visitor can write whether or not the inbox can be asked. */
async function countedIn(env: Env, team: TeamId): Promise<number> {
  try {
    return await inboxOf(env, team).available();
  } catch (error) {
    logFault('site.state', error);
    return 0;
  }
}
