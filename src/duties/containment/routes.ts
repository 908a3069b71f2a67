/** Containing an incident, over HTTP. */
import { Hono } from 'hono';
import { addressOf, bodyOf, type Ctx, fitting, type Http } from '../../http.ts';
import { heldNow } from '../../people/containment.ts';
import { allow, requireStepUp, staffOf } from '../../people/guard.ts';
import type { Staff } from '../../people/permission.ts';
import { note } from '../../people/recording.ts';
import {
  type ContainmentAnswer,
  containmentRequest,
  type ContainmentsAnswer,
  type HeldAnswer,
} from '../../protocol/containment.ts';
import { type ContainmentId, idSchema, isId } from '../../protocol/ids.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { contain, containments, release } from '../containment.ts';

export const containmentRoutes = new Hono<Http>()
  /** What everybody on staff has to know, so that nobody wonders why something does not go. */
  .get('/held', async (c) => {
    await staffOf(c.env, c.req.raw);
    return c.json<HeldAnswer>({ held: [...(await heldNow(c.env)).modes] });
  })

  .get('/containment', async (c) => {
    allow(await staffOf(c.env, c.req.raw), 'incident.contain');
    return c.json<ContainmentsAnswer>({ containments: await containments(c.env) });
  })

  .post('/containment', async (c) => {
    const staff = await containing(c);
    const wish = await bodyOf(c, containmentRequest);
    await requireStepUp(c.env, staff);
    const { kind, reason } = wish;
    const lasts = 'lasts' in wish ? wish.lasts : null;
    // A network is in nobody's entry in the clear: its ban says which.
    const object = kind === 'site' || kind === 'person' ? wish.target : undefined;
    note(c, { facts: { contain: kind, reason, lasts }, ...(object !== undefined && { object }) });
    if (kind === 'person') note(c, { subject: wish.target });
    const containment = await contain(c.env, staff, wish, addressOf(c.req.raw));
    return c.json<ContainmentAnswer>({ containment }, 201);
  })

  .delete('/containment/:id', async (c) => {
    const staff = await containing(c);
    await requireStepUp(c.env, staff);
    const { kind, target } = await release(c.env, staff, containmentIn(c));
    note(c, { facts: { letGo: kind } });
    if (isId('person', target)) note(c, { object: target, subject: target });
    if (isId('site', target)) note(c, { object: target });
    return c.json({});
  });

async function containing(c: Ctx): Promise<Staff> {
  const staff = await staffOf(c.env, c.req.raw);
  allow(staff, 'incident.contain');
  return staff;
}

function containmentIn(c: Ctx): ContainmentId {
  try {
    return fitting(idSchema('containment'), c.req.param('id'));
  } catch {
    throw new Refusal('not_found');
  }
}
