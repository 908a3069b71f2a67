/** The plan for incidents over HTTP: the policy, who has which role, and the runbooks. */
import { Hono } from 'hono';
import type { Env } from '../../config.ts';
import { bodyOf, type Http } from '../../http.ts';
import { allow, requireStepUp, staffOf } from '../../people/guard.ts';
import { note, seen } from '../../people/recording.ts';
import { type PlanAnswer, policyRequest, rolesRequest } from '../../protocol/incidents.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { everybodyIn } from './rules.ts';
import { runbooks } from './runbooks.ts';
import { approvePolicy, policyOf, savePolicy } from './policy.ts';
import { requireAble, rolesOf, setRoles } from './roles.ts';

export const planRoutes = new Hono<Http>()
  .get('/incident-plan', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    allow(staff, 'incident.see');
    await seen(c.env, staff, 'incident.see');
    return c.json<PlanAnswer>(await planOf(c.env));
  })

  .put('/incident-plan/policy', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    allow(staff, 'incident.lead');
    const asked = await bodyOf(c, policyRequest);
    await requireStepUp(c.env, staff);
    const version = await savePolicy(c.env, staff.id, asked, Date.now());
    note(c, { facts: { version } });
    return c.json<PlanAnswer>(await planOf(c.env));
  })

  .post('/incident-plan/policy/:version/approval', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    allow(staff, 'incident.see');
    const version = c.req.param('version');
    if (!/^\d{1,9}$/.test(version)) throw new Refusal('not_found');
    await requireStepUp(c.env, staff);
    note(c, { facts: { version: Number(version) } });
    await approvePolicy(c.env, staff.id, Number(version), Date.now());
    return c.json<PlanAnswer>(await planOf(c.env));
  })

  .put('/incident-plan/roles', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    allow(staff, 'incident.lead');
    const { roles } = await bodyOf(c, rolesRequest);
    await requireStepUp(c.env, staff);
    const people = everybodyIn(roles);
    note(c, { facts: { members: people } });
    await requireAble(c.env, people);
    await setRoles(c.env, roles);
    return c.json<PlanAnswer>(await planOf(c.env));
  });

async function planOf(env: Env): Promise<PlanAnswer> {
  const [policy, roles] = await Promise.all([policyOf(env), rolesOf(env)]);
  return { policy, roles, runbooks };
}
