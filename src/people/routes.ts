/** People, for those who may know of them or change them. */
import { Hono } from 'hono';
import { bodyOf, fitting, type Http } from '../http.ts';
import { inviteRequest, type PeopleAnswer, personChangeRequest } from '../protocol/bodies.ts';
import { idSchema } from '../protocol/ids.ts';
import { Refusal } from '../protocol/refusals.ts';
import { accountOf } from './account.ts';
import { allow, requireStepUp, staffOf } from './guard.ts';
import { newInvitation } from './identity.ts';
import { mailInvitation } from './mail.ts';
import { StaffDirectory, tellRights } from './staff.ts';
import { teamsExist, teamsHaveRoom, tellInboxes } from './teams.ts';

export const peopleRoutes = new Hono<Http>()
  .get('/people', async (c) => {
    allow(await staffOf(c.env, c.req.raw), 'people.list');
    const members = await new StaffDirectory(c.env).list();
    return c.json<PeopleAnswer>({ people: await Promise.all(members.map((member) => member.view())) });
  })

  .post('/people', async (c) => {
    const asker = await staffOf(c.env, c.req.raw);
    const person = await bodyOf(c, inviteRequest);
    allow(asker, 'people.invite', { role: person.role });
    await requireStepUp(c.env, asker);
    const directory = new StaffDirectory(c.env);
    if (!(await teamsExist(c.env, person.teams)))
      throw new Refusal('invalid', 'teams: there is no such team');
    if (!(await teamsHaveRoom(c.env, person.teams)))
      throw new Refusal('no_room', 'teams: one of them has as many members as can be');
    const member = await directory.add({ ...person, state: 'invited' }, undefined, (row) =>
      directory.store.add(row),
    );
    if (member === undefined) throw new Refusal('address_taken');
    await invite(c.env, member.id, person.address);
    return c.json({ person: { id: member.id } }, 201);
  })

  .post('/people/:id/invitation', async (c) => {
    const asker = await staffOf(c.env, c.req.raw);
    const member = await new StaffDirectory(c.env).byId(fitting(idSchema('person'), c.req.param('id')));
    if (member === undefined) throw new Refusal('not_found');
    allow(asker, 'people.invite', { role: member.row.role });
    await requireStepUp(c.env, asker);
    if (member.row.state !== 'invited') throw new Refusal('already_done');
    await invite(c.env, member.id, await member.address());
    return c.json({});
  })

  .patch('/people/:id', async (c) => {
    const asker = await staffOf(c.env, c.req.raw);
    const { state } = await bodyOf(c, personChangeRequest);
    const directory = new StaffDirectory(c.env);
    const member = await directory.byId(fitting(idSchema('person'), c.req.param('id')));
    if (member === undefined) throw new Refusal('not_found');
    allow(asker, 'people.change', { role: member.row.role });
    if (member.id === asker.id) throw new Refusal('not_allowed', 'Nobody changes their own state.');
    if (member.row.state === 'invited') throw new Refusal('not_allowed', 'This person has not joined yet.');
    await requireStepUp(c.env, asker);
    if (state === 'active') await directory.store.enable(member.id);
    else if (!(await directory.store.disable(member.id)))
      throw new Refusal('not_allowed', 'An owner has to remain.');
    await tellRights(c.env, [member.id]);
    await tellInboxes(c.env, member.row.teams);
    if (state === 'active') await accountOf(c.env, member.id).forgiveTries();
    return c.json({});
  });

async function invite(
  env: Http['Bindings'],
  person: Parameters<typeof newInvitation>[0],
  address: string,
): Promise<void> {
  const { token, hash } = await newInvitation(person);
  await accountOf(env, person).setInvitation(hash);
  await mailInvitation(env, address, token);
}
