/** Set-up, sign-in, sessions and invitations: how a member of staff proves who they are. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import { configOf, vaultOf } from '../../config.ts';
import { bodyOf, type Ctx, type Http, networkOf } from '../../http.ts';
import {
  codeRequest,
  type CodesAnswer,
  emptyRequest,
  type EnrolmentAnswer,
  type FactorAnswer,
  recoveryRequest,
  redeemRequest,
  setupRequest,
  type SetupStatus,
  type SignInAnswer,
  signInRequest,
  type StaffSession,
} from '../../protocol/bodies.ts';
import { logFault } from '../../log.ts';
import { newId } from '../../protocol/ids.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { accountOf, type Session, strangerOf } from '../account.ts';
import { askerOf, halfSignedInOf, requireOwnOrigin, staffOf, tokensOf } from '../guard.ts';
import { queueKeyOf } from '../queue.ts';
import { mailRecovery } from '../mail.ts';
import { StaffDirectory, type StaffMember, tellRights } from '../staff.ts';
import { readInvitation } from './invitation.ts';
import { hashPassword, isOutdated, requireFit, verifyPassword } from './password.ts';
import { newRecoveryCodes, recoveryHash } from './recovery.ts';
import { isRefreshToken, refreshTokenOf } from './refresh.ts';
import { dropRefreshCookie, heldRefreshCookie, setRefreshCookie } from './cookie.ts';
import { enrolmentOf, newTotpSecret, stepOf } from './totp.ts';

export const identityRoutes = new Hono<Http>()
  .get('/setup', async (c) =>
    c.json<SetupStatus>({ needed: await new StaffDirectory(c.env).store.isEmpty() }),
  )

  .post('/setup', async (c) => {
    requireSetupToken(c);
    const directory = new StaffDirectory(c.env);
    const { owner, team } = await bodyOf(c, setupRequest);
    if (!(await directory.store.isEmpty())) throw new Refusal('already_done');
    await requireFit(owner.password, [owner.name, owner.address]);
    const password = await hashPassword(await vaultOf(c.env), owner.password);
    const teamRow = { id: newId('team'), name: team.name, createdAt: Date.now() };
    const person = await directory.add(
      { ...owner, role: 'owner', teams: [teamRow.id], state: 'active' },
      password,
      (row) => directory.store.addFirst(row, teamRow),
    );
    if (person === undefined) throw new Refusal('already_done');
    return c.json({ person: { id: person.id }, team: { id: teamRow.id } }, 201);
  })

  .post('/sign-in', async (c) => {
    await limitHashing(c);
    const { address, password } = await bodyOf(c, signInRequest);
    const directory = new StaffDirectory(c.env);
    const lookup = await directory.lookup(address);
    const member = await directory.byLookup(lookup);
    const account = member === undefined ? strangerOf(c.env, lookup) : accountOf(c.env, member.id);
    // Counted before it is hashed, and said in the same words as a wrong password.
    const network = await networkHashOf(c);
    if (!(await account.startTry('password', network))) throw new Refusal('wrong_credentials');
    const stored = await member?.open('password');
    const fits = await verifyPassword(await vaultOf(c.env), password, stored);
    if (!fits || member?.row.state !== 'active') throw new Refusal('wrong_credentials');
    await account.passTry('password', network);
    if (stored !== undefined && isOutdated(stored)) {
      const hashed = await hashPassword(await vaultOf(c.env), password);
      await directory.store.replacePassword(member.row, await member.seal('password', hashed));
    }
    const { token } = await (await tokensOf(c.env)).factor({ sub: member.id }, Date.now());
    return c.json<SignInAnswer>({ next: member.row.totp === undefined ? 'enrol' : 'totp', token });
  })

  .post('/sign-in/totp', async (c) => {
    const member = await halfSignedInMember(c);
    const { code } = await bodyOf(c, codeRequest);
    const secret = await member.open('totp');
    if (secret === undefined) throw new Refusal('factor_needed');
    return signIn(c, member, await provedStep(c, member, secret, code));
  })

  .post('/sign-in/enrolment', async (c) => {
    const member = await halfSignedInMember(c);
    await bodyOf(c, emptyRequest);
    if (member.row.totp !== undefined) throw new Refusal('already_done');
    const secret = newTotpSecret();
    await accountOf(c.env, member.id).setPendingTotp(await member.seal('totp', secret));
    return c.json<EnrolmentAnswer>(enrolmentOf(secret, await member.address()));
  })

  .post('/sign-in/enrolment/confirm', async (c) => {
    const member = await halfSignedInMember(c);
    const { code } = await bodyOf(c, codeRequest);
    const sealed = await accountOf(c.env, member.id).pendingTotp();
    if (sealed === undefined) throw new Refusal('factor_needed');
    const step = await provedStep(c, member, await member.openTotp(sealed), code);
    if (!(await new StaffDirectory(c.env).store.setFirstTotp(member.id, sealed)))
      throw new Refusal('already_done');
    return signIn(c, member, step);
  })

  .post('/sign-in/enrolment/finish', async (c) => {
    const member = await halfSignedInMember(c);
    const { network, hash } = await triedRecovery(c, member);
    const started = await accountOf(c.env, member.id).finishEnrolment(newId('session'), hash, network);
    if (started === undefined) throw new Refusal('wrong_code');
    return c.json<StaffSession>(await answerSession(c, member, started.session, started.salt));
  })

  .post('/sign-in/recovery', async (c) => {
    const member = await halfSignedInMember(c);
    const { network, hash } = await triedRecovery(c, member);
    const started = await accountOf(c.env, member.id).recover(newId('session'), hash, network);
    if (started === undefined) throw new Refusal('wrong_code');
    // Whoever can't be told now is let in all the same.
    const telling = mailRecovery(c.env, await member.address(), started.codesLeft);
    c.executionCtx.waitUntil(telling.catch((error: unknown) => logFault('mail.recovery', error)));
    return c.json<StaffSession>(await answerSession(c, member, started.session, started.salt));
  })

  .get('/session', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    const member = await new StaffDirectory(c.env).byId(staff.id);
    if (member === undefined) throw new Refusal('signed_out');
    return c.json({ person: await member.view() });
  })

  .post('/session/refresh', async (c) => {
    requireOwnOrigin(c.env, c.req.raw);
    const held = heldRefreshCookie(c);
    if (held === undefined) throw new Refusal('signed_out');
    const account = accountOf(c.env, held.person);
    const salt = await account.refreshSalt(held.session);
    const genuine = salt !== undefined && (await isRefreshToken(await vaultOf(c.env), salt, held));
    const result = genuine ? await account.refresh(held.session, held.generation) : { ended: true as const };
    const member = result.ended ? undefined : await new StaffDirectory(c.env).byId(held.person);
    if (result.ended || salt === undefined || member === undefined) {
      dropRefreshCookie(c);
      throw new Refusal('signed_out');
    }
    return c.json(await answerSession(c, member, result.session, salt));
  })

  .delete('/session', async (c) => {
    requireOwnOrigin(c.env, c.req.raw);
    const asker = await askerOf(c.env, c.req.raw);
    if (asker.kind === 'staff') await accountOf(c.env, asker.id).endSession(asker.session);
    dropRefreshCookie(c);
    return c.body(null, 204);
  })

  .post('/invitations/redeem', async (c) => {
    await limitHashing(c);
    const { token, password } = await bodyOf(c, redeemRequest);
    const { person, hash } = await readInvitation(token);
    const directory = new StaffDirectory(c.env);
    const member = await directory.byId(person);
    if (member?.row.state !== 'invited') throw new Refusal('invitation_gone');
    const account = accountOf(c.env, member.id);
    // Whoever may not have this password still has their invitation.
    if (!(await account.hasInvitation(hash))) throw new Refusal('invitation_gone');
    await requireFit(password, [await member.name(), await member.address()]);
    if (!(await account.redeemInvitation(hash))) throw new Refusal('invitation_gone');
    const hashed = await hashPassword(await vaultOf(c.env), password);
    const { role, teams } = member.row;
    await account.setRights({ person: member.id, role, teams, active: true });
    await directory.store.join(member.id, await member.seal('password', hashed));
    // Somebody may have changed their teams in the meantime.
    await tellRights(c.env, [member.id]);
    return c.json({});
  });

/** A hash costs a third of a second of CPU, so the door counts before it is made. */
async function limitHashing(c: Ctx): Promise<void> {
  const { success } = await c.env.SIGN_IN_LIMIT.limit({ key: networkOf(c.req.raw) });
  if (!success) throw new Refusal('too_fast');
}

/** Where somebody signs in from, as accounts know it: a network stays recognisable and is not kept readable. */
async function networkHashOf(c: Ctx): Promise<string> {
  return (await (await vaultOf(c.env)).lookup('network', networkOf(c.req.raw))).toHex();
}

function requireSetupToken(c: Ctx): void {
  const given = c.req.header('authorization')?.replace(/^Bearer /, '') ?? '';
  const utf8 = new TextEncoder();
  const digest = (text: string) => createHash('sha256').update(utf8.encode(text)).digest();
  if (!timingSafeEqual(digest(given), digest(configOf(c.env).setupToken))) throw new Refusal('signed_out');
}

async function halfSignedInMember(c: Ctx): Promise<StaffMember> {
  const { sub } = await halfSignedInOf(c.env, c.req.raw);
  const member = await new StaffDirectory(c.env).byId(sub);
  if (member?.row.state !== 'active') throw new Refusal('signed_out');
  return member;
}

/** The time step that this code proves, or a refusal in the same words whether it was wrong or one try too many. */
async function provedStep(c: Ctx, member: StaffMember, secret: Uint8Array, code: string): Promise<number> {
  const allowed = await accountOf(c.env, member.id).startTry('totp', await networkHashOf(c));
  const step = allowed ? stepOf(secret, code, Date.now()) : undefined;
  if (step === undefined) throw new Refusal('wrong_code');
  return step;
}

/** What is kept of a recovery code that is tried, or a refusal in the same words whether it was wrong or one try too many. */
async function triedRecovery(c: Ctx, member: StaffMember): Promise<{ network: string; hash: string }> {
  const { code } = await bodyOf(c, recoveryRequest);
  const network = await networkHashOf(c);
  if (!(await accountOf(c.env, member.id).startTry('recovery', network))) throw new Refusal('wrong_code');
  return { network, hash: await recoveryHash(await vaultOf(c.env), member.id, code) };
}

async function signIn(c: Ctx, member: StaffMember, step: number): Promise<Response> {
  const network = await networkHashOf(c);
  const started = await accountOf(c.env, member.id).startSession(newId('session'), step, network);
  if (started === undefined) throw new Refusal('wrong_code');
  if (started === 'unfinished') return c.json<FactorAnswer>(await newCodes(c, member));
  return c.json<FactorAnswer>(await answerSession(c, member, started.session, started.salt));
}

/** A second way in, before the first one counts. */
async function newCodes(c: Ctx, member: StaffMember): Promise<CodesAnswer> {
  const vault = await vaultOf(c.env);
  const recoveryCodes = newRecoveryCodes();
  const hashes = recoveryCodes.map((code) => recoveryHash(vault, member.id, code));
  await accountOf(c.env, member.id).setRecoveryCodes(await Promise.all(hashes));
  return { next: 'codes', recoveryCodes };
}

/** The access token in the body, where only the page's memory holds it; the refresh token in a cookie, where no script does. */
async function answerSession(
  c: Ctx,
  member: StaffMember,
  session: Session,
  salt: Uint8Array,
): Promise<StaffSession> {
  const now = Date.now();
  const claims = {
    sub: member.id,
    sid: session.id,
    amr: session.amr,
    auth_time: Math.floor(session.authAt / 1000),
  };
  const { token, expires } = await (await tokensOf(c.env)).staff(claims, now);
  const held = { person: member.id, session: session.id, generation: session.generation };
  setRefreshCookie(c, { ...held, token: await refreshTokenOf(await vaultOf(c.env), salt, held) });
  const queueKey = await queueKeyOf(c.env, member.id);
  return { access: token, expires, now, person: await member.view(), queueKey };
}
