/** People, for those who may know of them or change them. */
import { Hono } from 'hono';
import { bodyOf, type Ctx, fitting, type Http } from '../http.ts';
import { logFault } from '../log.ts';
import {
  type EverybodyAnswer,
  inviteRequest,
  type PeopleAnswer,
  type PersonAnswer,
  personChangeRequest,
} from '../protocol/bodies.ts';
import { idSchema } from '../protocol/ids.ts';
import type { Action } from '../protocol/permissions.ts';
import { Refusal } from '../protocol/refusals.ts';
import { grantsOf, type Role, type RoleHeld } from '../protocol/roles.ts';
import { accountOf } from './account.ts';
import { isLocked, keepDisabled } from './containment.ts';
import { allow, requireStepUp, staffOf } from './guard.ts';
import { newLink } from './identity.ts';
import { mailInvitation, type Notice, notify } from './mail.ts';
import { may, type Staff } from './permission.ts';
import { note } from './recording.ts';
import { heldRole } from './roles.ts';
import { signEverybodyOut, StaffDirectory, type StaffMember, tellRights } from './staff.ts';
import { teamsExist, teamsHaveRoom, tellInboxes } from './teams.ts';

export const peopleRoutes = new Hono<Http>()
  .get('/people', async (c) => {
    allow(await staffOf(c.env, c.req.raw), 'people.list');
    const members = await new StaffDirectory(c.env).list();
    const views = members.map(async (member) => ({
      ...(await member.view()),
      hasFactor: member.hasFactor,
      reset: member.resetWish(Date.now()),
    }));
    return c.json<PeopleAnswer>({ people: await Promise.all(views) });
  })

  .post('/people', async (c) => {
    const asker = await staffOf(c.env, c.req.raw);
    const person = await bodyOf(c, inviteRequest);
    allow(asker, 'people.invite');
    const held = await given(c, person.role);
    allow(asker, 'people.invite', { grants: grantsOf(held) });
    for (const team of person.teams) allow(asker, 'people.invite', { grants: grantsOf(held), team });
    await requireStepUp(c.env, asker);
    const directory = new StaffDirectory(c.env);
    if (!(await teamsExist(c.env, person.teams)))
      throw new Refusal('invalid', 'teams: there is no such team');
    if (!(await teamsHaveRoom(c.env, person.teams)))
      throw new Refusal('no_room', 'teams: one of them has as many members as can be');
    const member = await directory.add({ ...person, ...held, state: 'invited' }, undefined, (row) =>
      directory.store.add(row),
    );
    if (member === undefined) throw new Refusal('address_taken');
    note(c, { object: member.id, facts: { role: person.role, teams: person.teams } });
    await invite(c.env, member.id, person.address);
    return c.json<PersonAnswer>({ person: { id: member.id } }, 201);
  })

  .post('/people/:id/invitation', async (c) => {
    const { asker, member } = await actedUpon(c, 'people.invite');
    if (member.row.state !== 'invited') throw new Refusal('already_done');
    await requireStepUp(c.env, asker);
    await invite(c.env, member.id, await member.address());
    return c.json({});
  })

  .patch('/people/:id', async (c) => {
    const { asker, member } = await actedUpon(c, 'people.change');
    const { state, role } = await bodyOf(c, personChangeRequest);
    if (role !== undefined) {
      const grants = grantsOf(await given(c, role));
      allow(asker, 'people.change', { grants });
      for (const team of member.row.teams) allow(asker, 'people.change', { grants, team });
    }
    if (member.id === asker.id) throw new Refusal('not_allowed', 'Nobody changes their own role or state.');
    if (state !== undefined && member.row.state === 'invited')
      throw new Refusal('not_allowed', 'This person has not joined yet.');
    if (state === 'active' && (await isLocked(c.env, member.id))) throw new Refusal('not_allowed', locked);
    await requireStepUp(c.env, asker);
    note(c, { facts: { ...(role !== undefined && { role }), ...(state !== undefined && { state }) } });
    const { store } = new StaffDirectory(c.env);
    const done =
      (role === undefined || (await store.changeRole(member.id, member.row.role, role))) &&
      (state !== 'disabled' || (await store.disable(member.id, role ?? member.row.role)));
    if (state === 'disabled' && done) await keepDisabled(c.env, member.id);
    // Somebody may have locked them since that was asked.
    const isEnabled = state === 'active' && (await store.enable(member.id));
    await tellRights(c.env, [member.id]);
    await tellInboxes(c.env, member.row.teams);
    if (isEnabled) await accountOf(c.env, member.id).forgiveTries();
    if (state === 'active' && !isEnabled) throw new Refusal('not_allowed', locked);
    if (!done) throw new Refusal('not_allowed', 'An owner has to remain.');
    return c.json({});
  })

  .delete('/people/:id', async (c) => {
    const { asker, member } = await actedUpon(c, 'people.invite');
    await requireStepUp(c.env, asker);
    if (!(await new StaffDirectory(c.env).withdraw(member.id))) throw new Refusal('already_done');
    await tellInboxes(c.env, member.row.teams);
    return c.json({});
  })

  .delete('/sessions', async (c) => {
    const asker = await staffOf(c.env, c.req.raw);
    allow(asker, 'people.endSessions');
    await requireStepUp(c.env, asker);
    return c.json<EverybodyAnswer>(await signEverybodyOut(c.env, asker));
  })

  .delete('/people/:id/sessions', async (c) => {
    const { asker, member } = await actedUpon(c, 'people.endSessions');
    await requireStepUp(c.env, asker);
    await accountOf(c.env, member.id).endSessions();
    return c.json({});
  })

  .post('/people/:id/reset', async (c) => {
    const { asker, member } = await resetting(c);
    await new StaffDirectory(c.env).store.askReset(member.id, { by: asker.id, at: Date.now() });
    mailTo(c, [member], 'resetAsked');
    return c.json({});
  })

  .post('/people/:id/reset/approve', async (c) => {
    const { asker, member } = await resetting(c);
    const by = await whoAsked(c, member);
    if (by.id === asker.id) throw new Refusal('not_allowed', 'Somebody else has to approve this.');
    const directory = new StaffDirectory(c.env);
    const approver = await directory.byId(asker.id);
    // The account first: should the rest fail, the wish is still there to be approved again.
    await accountOf(c.env, member.id).resetEnrolment();
    await directory.store.dropFactors(member.id);
    mailTo(c, [member], 'reset');
    mailTo(c, approver === undefined ? [by] : [by, approver], 'resetOfOther');
    return c.json({});
  })

  .delete('/people/:id/reset', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    // Whom it would hit can sign in, and so needs none of it.
    const id = staff.id === c.req.param('id') ? staff.id : (await actedUpon(c, 'people.reset')).member.id;
    if (!(await new StaffDirectory(c.env).store.dropReset(id))) throw new Refusal('reset_gone');
    return c.json({});
  });

const locked = 'They are locked in an incident: whoever contains it lets them in.';

/** A role that somebody is to have. @throws {Refusal} invalid */
async function given(c: Ctx, role: Role): Promise<RoleHeld> {
  const held = await heldRole(c.env, role);
  if (held === undefined) throw new Refusal('invalid', 'role: there is no such role');
  return held;
}

/** Whoever asks for somebody else's factors to be reset, or approves it. */
async function resetting(c: Ctx): Promise<{ asker: Staff; member: StaffMember }> {
  const { asker, member } = await actedUpon(c, 'people.reset');
  if (member.id === asker.id) throw new Refusal('not_allowed', 'Nobody resets their own factors.');
  if (member.row.state === 'invited') throw new Refusal('not_allowed', 'This person has not joined yet.');
  await requireStepUp(c.env, asker);
  return { asker, member };
}

/** Whoever asked, if they still might. */
async function whoAsked(c: Ctx, member: StaffMember): Promise<StaffMember> {
  const wish = member.resetWish(Date.now());
  const by = wish === null ? undefined : await new StaffDirectory(c.env).byId(wish.by);
  const mayStill =
    by?.row.state === 'active' &&
    may({ ...by.row, kind: 'staff' }, 'people.reset', { grants: grantsOf(member.row) });
  if (by === undefined || !mayStill) throw new Refusal('reset_gone');
  return by;
}

/** Tells these people by mail. Nobody waits for it. */
function mailTo(c: Ctx, members: readonly StaffMember[], notice: Notice): void {
  const telling = members.map(async (member) => notify(c.env, await member.address(), notice));
  c.executionCtx.waitUntil(Promise.all(telling).catch((error: unknown) => logFault('mail.notice', error)));
}

/** Whoever asks, and whom they may act upon: nobody who stands above them. */
async function actedUpon(c: Ctx, action: Action): Promise<{ asker: Staff; member: StaffMember }> {
  const asker = await staffOf(c.env, c.req.raw);
  allow(asker, action);
  const member = await new StaffDirectory(c.env).byId(fitting(idSchema('person'), c.req.param('id')));
  if (member === undefined) throw new Refusal('not_found');
  allow(asker, action, { grants: grantsOf(member.row) });
  return { asker, member };
}

async function invite(
  env: Http['Bindings'],
  person: Parameters<typeof newLink>[0],
  address: string,
): Promise<void> {
  const { token, hash } = await newLink(person);
  await accountOf(env, person).setLink('invitation', hash);
  await mailInvitation(env, address, token);
}
