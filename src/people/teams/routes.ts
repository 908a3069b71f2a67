/** Teams over HTTP: which there are, who belongs to them, and changing that. */
import { Hono } from 'hono';
import { bodyOf, type Ctx, fitting, type Http } from '../../http.ts';
import {
  type EverybodyAnswer,
  type MembersAnswer,
  type TeamAnswer,
  teamChangeRequest,
  teamRequest,
  type TeamsAnswer,
} from '../../protocol/bodies.ts';
import { idSchema, type TeamId } from '../../protocol/ids.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { grantsOf } from '../../protocol/roles.ts';
import { allow, requireStepUp, staffOf } from '../guard.ts';
import { may } from '../permission.ts';
import { note } from '../recording.ts';
import { signEverybodyOut } from '../staff.ts';
import { createTeam, listTeams, membersOf, renameTeam, setMembers, teamExists, teamOf } from '../teams.ts';

export const teamRoutes = new Hono<Http>()
  .get('/teams', async (c) => {
    allow(await staffOf(c.env, c.req.raw), 'teams.list');
    return c.json<TeamsAnswer>({ teams: await listTeams(c.env) });
  })

  .post('/teams', async (c) => {
    allow(await staffOf(c.env, c.req.raw), 'teams.create');
    const { name } = await bodyOf(c, teamRequest);
    const team = await createTeam(c.env, name);
    note(c, { object: team.id });
    return c.json<TeamAnswer>({ team }, 201);
  })

  .patch('/teams/:id', async (c) => {
    const asker = await staffOf(c.env, c.req.raw);
    const id = teamIn(c);
    allow(asker, 'teams.change', { team: id });
    const { name, members } = await bodyOf(c, teamChangeRequest);
    if (!(await teamExists(c.env, id))) throw new Refusal('not_found');
    if (members !== undefined) {
      await requireStepUp(c.env, asker);
      const before = new Set(await membersOf(c.env, id));
      const wished = new Set(members);
      const facts = { came: [...wished.difference(before)], left: [...before.difference(wished)] };
      note(c, { facts });
      await setMembers(c.env, id, members, (person) =>
        allow(asker, 'teams.change', { team: id, grants: grantsOf(person) }),
      );
    }
    if (name !== undefined) await renameTeam(c.env, id, name);
    const team = await teamOf(c.env, id);
    if (team === undefined) throw new Refusal('not_found');
    return c.json<TeamAnswer>({ team });
  })

  .get('/teams/:id/members', async (c) => {
    const asker = await staffOf(c.env, c.req.raw);
    const id = teamIn(c);
    const mayKnow = may(asker, 'people.list') || asker.teams.includes(id);
    if (!mayKnow || !(await teamExists(c.env, id))) throw new Refusal('not_found');
    return c.json<MembersAnswer>({ members: await membersOf(c.env, id) });
  })

  .delete('/teams/:id/sessions', async (c) => {
    const asker = await staffOf(c.env, c.req.raw);
    allow(asker, 'people.endSessions');
    await requireStepUp(c.env, asker);
    const id = teamIn(c);
    if (!(await teamExists(c.env, id))) throw new Refusal('not_found');
    return c.json<EverybodyAnswer>(await signEverybodyOut(c.env, asker, await membersOf(c.env, id)));
  });

/** An id in the path that is none is simply not there. */
function teamIn(c: Ctx): TeamId {
  try {
    return fitting(idSchema('team'), c.req.param('id'));
  } catch {
    throw new Refusal('not_found');
  }
}
