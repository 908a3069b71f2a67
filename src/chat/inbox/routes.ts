/** Teams' inboxes over HTTP: the way to their sockets, and their rebuilding. */
import { Hono } from 'hono';
import { bodyOf, type Http } from '../../http.ts';
import { allow, askerOf, staffOf } from '../../people/guard.ts';
import { teamExists } from '../../people/teams.ts';
import { type RebuildAnswer, rebuildRequest } from '../../protocol/bodies.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { idIn, joined, ticketFor } from '../door.ts';
import { inboxOf } from '../inbox.ts';
import { rebuildPage } from './rebuild.ts';

export const inboxRoutes = new Hono<Http>()
  .post('/teams/:id/tickets', async (c) => {
    const team = idIn(c, 'team', 'id');
    // Anybody can become a visitor, and no visitor is to wake an inbox. Which staff may enter, the inbox says.
    if ((await askerOf(c.env, c.req.raw)).kind === 'visitor') throw new Refusal('not_found');
    return ticketFor(c, team);
  })
  .get('/teams/:id/socket', (c) => {
    const id = idIn(c, 'team', 'id');
    return joined(c, id, inboxOf(c.env, id));
  })

  .post('/teams/:id/rebuild', async (c) => {
    const asker = await staffOf(c.env, c.req.raw);
    const team = idIn(c, 'team', 'id');
    allow(asker, 'inbox.rebuild', { team });
    const { after } = await bodyOf(c, rebuildRequest);
    if (!(await teamExists(c.env, team))) throw new Refusal('not_found');
    return c.json<RebuildAnswer>(await rebuildPage(c.env, team, after));
  });
