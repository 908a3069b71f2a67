/** What the links do that are mailed to members of staff. None of them stands in for a second factor. */
import { Hono } from 'hono';
import { vaultOf } from '../../config.ts';
import { bodyOf, type Ctx, type Http } from '../../http.ts';
import { logFault } from '../../log.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { grantsOf } from '../../protocol/roles.ts';
import { linkRequest, redeemRequest, resetRequest } from '../../protocol/sign-in.ts';
import { accountOf } from '../account.ts';
import { refuseBlocked, refuseShut } from '../guard.ts';
import { mailReset, notify } from '../mail.ts';
import { beginFor, enter, note } from '../recording.ts';
import { setPassword, StaffDirectory, type StaffMember, tellRights } from '../staff.ts';
import { gatesOf } from '../training.ts';
import { newLink, readLink } from './mailed-link.ts';
import { hashPassword, requireFit } from './password.ts';
import { limitProofs, tell } from './proving.ts';

/** By then the answer has gone, in milliseconds. */
const afterAnswer = 500;

export const linkRoutes = new Hono<Http>()
  .post('/invitations/redeem', async (c) => {
    await refuseShut(c.env, c.req.raw);
    await limitProofs(c);
    const { token, password } = await bodyOf(c, redeemRequest);
    const { member, hash } = await linked(c, token, 'invited');
    const account = accountOf(c.env, member.id);
    // Whoever may not have this password still has their invitation.
    if (!(await account.hasLink('invitation', hash))) throw new Refusal('link_gone');
    await requireFit(password, [await member.name(), await member.address()]);
    if (!(await account.redeemLink('invitation', hash))) throw new Refusal('link_gone');
    const hashed = await hashPassword(await vaultOf(c.env), password);
    const { role, grants, teams } = member.row;
    const gates = (await gatesOf(c.env, [member.id])).get(member.id) ?? {};
    await account.setRights({ person: member.id, role, grants, teams, active: true, gates });
    const directory = new StaffDirectory(c.env);
    await directory.write(member, async (now) =>
      directory.store.join(now.row, await now.seal('password', hashed)),
    );
    note(c, { actor: member.id });
    // Somebody may have changed their teams in the meantime.
    await tellRights(c.env, [member.id]);
    return c.json({});
  })

  .post('/resets', async (c) => {
    await refuseShut(c.env, c.req.raw);
    await limitProofs(c);
    const { address } = await bodyOf(c, resetRequest);
    // Answered before anything is looked up, so that nobody learns who is here, by the time that it takes neither.
    const offered = scheduler.wait(afterAnswer).then(() => offerReset(c, address));
    c.executionCtx.waitUntil(offered.catch((error: unknown) => logFault('mail.reset', error)));
    return c.json({}, 202);
  })

  .post('/resets/redeem', async (c) => {
    await refuseShut(c.env, c.req.raw);
    await limitProofs(c);
    const { token, password } = await bodyOf(c, redeemRequest);
    const { member, hash } = await linked(c, token, 'active');
    const account = accountOf(c.env, member.id);
    if (!(await account.hasLink('reset', hash))) throw new Refusal('link_gone');
    await requireFit(password, [await member.name(), await member.address()]);
    if (!(await account.redeemLink('reset', hash))) throw new Refusal('link_gone');
    const hashed = await hashPassword(await vaultOf(c.env), password);
    await setPassword(c.env, member, hashed);
    // Once more: whoever proved the old password meanwhile has proved nothing.
    await account.endSessions();
    note(c, { actor: member.id });
    tell(c, member, 'password');
    return c.json({});
  })

  .post('/addresses/redeem', async (c) => {
    await refuseShut(c.env, c.req.raw);
    const { token } = await bodyOf(c, linkRequest);
    const { member, hash } = await linked(c, token, 'active');
    const account = accountOf(c.env, member.id);
    const about = await account.linkIsAbout('address');
    const after = about && (await member.openAddress(about));
    if (after === undefined || !(await account.redeemLink('address', hash))) throw new Refusal('link_gone');
    const before = await member.address();
    const directory = new StaffDirectory(c.env);
    const lookup = await directory.lookup(after);
    const isSet = await directory.write(member, async (now) =>
      directory.store.setAddress(now.row, lookup, await now.sealAddress(after)),
    );
    if (!isSet) throw new Refusal('address_taken');
    await account.endSessions();
    note(c, { actor: member.id });
    c.executionCtx.waitUntil(Promise.all([before, after].map((to) => notify(c.env, to, 'address'))));
    return c.json({});
  });

async function offerReset(c: Ctx, address: string): Promise<void> {
  const directory = new StaffDirectory(c.env);
  const member = await directory.byLookup(await directory.lookup(address));
  if (member?.row.state !== 'active') return;
  const account = accountOf(c.env, member.id);
  if (!(await account.startMail())) return;
  const { token, hash } = await newLink(member.id);
  await enter(c.env, { actor: null, subject: member.id, action: 'reset.ask' });
  await account.setLink('reset', hash);
  await mailReset(c.env, await member.address(), token);
}

/** Whose link this is, if they are in the state that it is for. */
async function linked(
  c: Ctx,
  token: string,
  state: StaffMember['row']['state'],
): Promise<{ member: StaffMember; hash: string }> {
  const { person, hash } = await readLink(token);
  const member = await new StaffDirectory(c.env).byId(person);
  if (member?.row.state !== state) throw new Refusal('link_gone');
  await refuseBlocked(c.env, c.req.raw, grantsOf(member.row));
  await beginFor(c, member.id);
  return { member, hash };
}
