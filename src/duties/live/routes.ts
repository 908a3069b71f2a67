/** The live view over HTTP: every team's inbox that whoever asks may see, as it is now. */
import { Hono } from 'hono';
import type { Http } from '../../http.ts';
import { allowSomewhere, staffOf } from '../../people/guard.ts';
import { may, reachOf } from '../../people/permission.ts';
import { listTeams } from '../../people/teams.ts';
import type { LiveAnswer } from '../../protocol/live.ts';
import { alarmsSeenBy, watchOf } from '../alarms.ts';
import { liveTeams } from '../live.ts';

export const liveRoutes = new Hono<Http>().get('/live', async (c) => {
  const staff = await staffOf(c.env, c.req.raw);
  allowSomewhere(staff, 'live.see');
  const known = await listTeams(c.env);
  const seen = known.filter(({ id }) => may(staff, 'live.see', { team: id }));
  const teams = await liveTeams(c.env, seen);
  const { openAlarms, faultsLately } = await watchOf(c.env).standing(await alarmsSeenBy(c.env, staff));
  return c.json<LiveAnswer>({
    at: Date.now(),
    teams,
    alarms: reachOf(staff, 'alarms.read') === undefined ? null : openAlarms,
    faults: faultsLately,
  });
});
