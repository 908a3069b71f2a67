/** Visitors and bans over HTTP. */
import { Hono } from 'hono';
import { bodyOf, fitting, type Http } from '../../http.ts';
import { staffOf } from '../../people/guard.ts';
import { note, seen } from '../../people/recording.ts';
import { type BanAnswer, type BansAnswer, banRequest, customerBanRequest } from '../../protocol/bans.ts';
import { type VisitorsAnswer, visitorsQuery } from '../../protocol/visitors.ts';
import { ban, banCustomer, bansFor, unban } from '../bans.ts';
import { idIn } from '../door.ts';
import { visitorsFor } from '../visitors.ts';

export const banRoutes = new Hono<Http>()
  .get('/visitors', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    const visitors = await visitorsFor(c.env, staff, fitting(visitorsQuery, c.req.query()));
    await seen(c.env, staff, 'visitor.list');
    return c.json<VisitorsAnswer>({ visitors });
  })

  .get('/bans', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    const bans = await bansFor(c.env, staff);
    await seen(c.env, staff, 'visitor.list');
    return c.json<BansAnswer>({ bans });
  })

  .post('/bans', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    const made = await ban(c.env, staff, await bodyOf(c, banRequest));
    note(c, { object: made.id, facts: { kind: made.kind } });
    return c.json<BanAnswer>({ ban: made }, 201);
  })

  .delete('/bans/:id', async (c) => {
    await unban(c.env, await staffOf(c.env, c.req.raw), idIn(c, 'ban', 'id'));
    return c.json({});
  })

  .post('/conversations/:id/bans', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    const conversation = idIn(c, 'conversation', 'id');
    const wish = await bodyOf(c, customerBanRequest);
    const made = await banCustomer(c.env, staff, conversation, wish);
    note(c, { object: made.id, facts: { kind: made.kind, conversation } });
    return c.json<BanAnswer>({ ban: made }, 201);
  });
