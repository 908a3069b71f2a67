/** Drills over HTTP. */
import { Hono } from 'hono';
import { bodyOf, type Http } from '../../http.ts';
import { allow, requireStepUp, staffOf } from '../../people/guard.ts';
import { note, seen } from '../../people/recording.ts';
import { type DrillAnswer, drillRequest, type DrillsAnswer } from '../../protocol/drills.ts';
import { beginDrill, drills } from '../drills.ts';

export const drillRoutes = new Hono<Http>()
  .get('/drills', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    allow(staff, 'incident.see');
    const all = await drills(c.env);
    await seen(c.env, staff, 'incident.see');
    return c.json<DrillsAnswer>({ drills: all });
  })

  .post('/drills', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    allow(staff, 'incident.lead');
    const { scenario } = await bodyOf(c, drillRequest);
    await requireStepUp(c.env, staff);
    const drill = await beginDrill(c.env, staff.id, scenario, Date.now());
    note(c, { object: drill.id, facts: { scenario } });
    return c.json<DrillAnswer>({ drill }, 201);
  });
