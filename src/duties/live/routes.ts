/** The live view over HTTP: every team's inbox that whoever asks may see, as it is now. */
import { Hono } from 'hono';
import { inboxOf } from '../../chat/inbox.ts';
import type { Env } from '../../config.ts';
import type { Http } from '../../http.ts';
import { logFault } from '../../log.ts';
import { allowSomewhere, staffOf } from '../../people/guard.ts';
import { may } from '../../people/permission.ts';
import { listTeams } from '../../people/teams.ts';
import type { TeamId } from '../../protocol/ids.ts';
import type { LiveAnswer, LiveTeam } from '../../protocol/live.ts';
import { watchOf } from '../alarms.ts';

export const liveRoutes = new Hono<Http>().get('/live', async (c) => {
  const staff = await staffOf(c.env, c.req.raw);
  allowSomewhere(staff, 'live.see');
  const known = await listTeams(c.env);
  const seen = known.filter(({ id }) => may(staff, 'live.see', { team: id }));
  const teams = await Promise.all(seen.map(({ id }) => liveOf(c.env, id)));
  const standing = may(staff, 'alarms.read') ? await watchOf(c.env).standing() : null;
  return c.json<LiveAnswer>({
    at: Date.now(),
    teams,
    alarms: standing?.openAlarms ?? null,
    faults: standing?.faultsLately ?? null,
  });
});

/** One inbox that can't be reached hides none of the others. */
async function liveOf(env: Env, team: TeamId): Promise<LiveTeam> {
  try {
    return { team, inbox: await inboxOf(env, team).live() };
  } catch (error) {
    logFault('live.inbox', error);
    return { team, inbox: null };
  }
}
