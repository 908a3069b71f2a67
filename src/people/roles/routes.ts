/** Roles over HTTP, for those who may see who works here, and for those who may change roles. */
import { Hono } from 'hono';
import { bodyOf, type Ctx, type Http } from '../../http.ts';
import { isId } from '../../protocol/ids.ts';
import { Refusal } from '../../protocol/refusals.ts';
import {
  type CustomRole,
  type RoleAnswer,
  roleChangeRequest,
  roleRequest,
  type RolesAnswer,
} from '../../protocol/roles.ts';
import { allow, requireStepUp, staffOf } from '../guard.ts';
import type { Grants } from '../../protocol/permissions.ts';
import type { Staff } from '../permission.ts';
import { note } from '../recording.ts';
import { changeRole, createRole, dropRole, listRoles, roleOf, teamsWithRole } from '../roles.ts';

export const roleRoutes = new Hono<Http>()
  .get('/roles', async (c) => {
    allow(await staffOf(c.env, c.req.raw), 'people.list');
    return c.json<RolesAnswer>({ roles: await listRoles(c.env) });
  })

  .post('/roles', async (c) => {
    const asker = await staffOf(c.env, c.req.raw);
    const { name, grants } = await bodyOf(c, roleRequest);
    allow(asker, 'roles.change', { grants });
    await requireStepUp(c.env, asker);
    const role = await createRole(c.env, name, grants);
    note(c, { object: role.id, facts: grantsAsFacts(grants) });
    return c.json<RoleAnswer>({ role }, 201);
  })

  .patch('/roles/:id', async (c) => {
    const { asker, role } = await changeable(c);
    const change = await bodyOf(c, roleChangeRequest);
    allow(asker, 'roles.change', { grants: change.grants ?? {} });
    if (role.id === (asker.ownRole ?? asker.role))
      throw new Refusal('not_allowed', 'Nobody changes their own role.');
    // Who has it is given it anew, in each of their teams.
    for (const team of await teamsWithRole(c.env, role.id))
      allow(asker, 'roles.change', { grants: change.grants ?? {}, team });
    await requireStepUp(c.env, asker);
    note(c, { facts: grantsAsFacts(change.grants ?? {}) });
    return c.json<RoleAnswer>({ role: await changeRole(c.env, role, change) });
  })

  .delete('/roles/:id', async (c) => {
    const { asker, role } = await changeable(c);
    await requireStepUp(c.env, asker);
    await dropRole(c.env, role.id);
    return c.json({});
  });

/** What a role lets do from now on, as it stands in the ledger. */
function grantsAsFacts(grants: Grants): { grants: string[] } {
  return { grants: Object.entries(grants).map(([action, reach]) => `${action} ${reach}`) };
}

/** A role that lets do no more than what whoever asks may do themselves. */
async function changeable(c: Ctx): Promise<{ asker: Staff; role: CustomRole }> {
  const asker = await staffOf(c.env, c.req.raw);
  allow(asker, 'roles.change');
  const id = c.req.param('id');
  const role = isId('role', id) ? await roleOf(c.env, id) : undefined;
  if (role === undefined) throw new Refusal('not_found');
  allow(asker, 'roles.change', { grants: role.grants });
  return { asker, role };
}
