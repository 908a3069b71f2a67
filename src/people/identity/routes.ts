/** Set-up, sign-in, sessions and invitations: how a member of staff proves who they are. */
import { Hono } from 'hono';
import { vaultOf } from '../../config.ts';
import { bodyOf, type Ctx, type Http } from '../../http.ts';
import { emptyRequest } from '../../protocol/bodies.ts';
import { newId, type PersonId, type SessionId } from '../../protocol/ids.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { grantsOf } from '../../protocol/roles.ts';
import {
  activityRequest,
  type CeremonyAnswer,
  codeRequest,
  type EnrolmentAnswer,
  type FactorAnswer,
  newPasskeyRequest,
  passkeyRequest,
  recoveryRequest,
  setupRequest,
  type SetupStatus,
  type SignInAnswer,
  signInRequest,
  type StaffSession,
} from '../../protocol/sign-in.ts';
import { accountOf, strangerOf } from '../account.ts';
import {
  leavingOf,
  refuseBlocked,
  refuseShut,
  requireOwnOrigin,
  requirePlace,
  requireSetupToken,
  staffOf,
  tokensOf,
} from '../guard.ts';
import { leftCodes } from '../mail.ts';
import { beginFor, enter as enterInLedger, note } from '../recording.ts';
import { StaffDirectory, type StaffMember } from '../staff.ts';
import { dropRefreshCookie, heldRefreshCookie } from './cookie.ts';
import { additionFor, attestedPasskey, challengeFor, PasskeyStore, provedPasskey } from './passkeys.ts';
import { linkRoutes } from './link-routes.ts';
import { myRoutes } from './my-routes.ts';
import { ownerKeyRoutes } from './owner-key-routes.ts';
import { hashPassword, isOutdated, requireFit, verifyPassword } from './password.ts';
import {
  answerSession,
  enter,
  limitChallenges,
  limitProofs,
  provedStep,
  signIn,
  tell,
  triedRecovery,
} from './proving.ts';
import { isRefreshToken } from './refresh.ts';
import { enrolmentOf, newTotpSecret } from './totp.ts';
import { networkHashOf, placeOf, whenceOf } from './whence.ts';
import { halfSignedIn } from './who.ts';

export const identityRoutes = new Hono<Http>()
  .get('/setup', async (c) => {
    const { store } = new StaffDirectory(c.env);
    return c.json<SetupStatus>({ needed: (await store.isEmpty()) && !(await store.isBeingPutBack()) });
  })

  .post('/setup', async (c) => {
    requireSetupToken(c);
    const directory = new StaffDirectory(c.env);
    const { owner, team } = await bodyOf(c, setupRequest);
    if (!(await directory.store.isEmpty())) throw new Refusal('already_done');
    if (await directory.store.isBeingPutBack()) throw new Refusal('restoring');
    await requireFit(owner.password, [owner.name, owner.address]);
    const password = await hashPassword(await vaultOf(c.env), owner.password);
    const teamRow = { id: newId('team'), name: team.name, createdAt: Date.now() };
    const person = await directory.add(
      { ...owner, role: 'owner', grants: null, teams: [teamRow.id], state: 'active' },
      password,
      (row) => directory.store.addFirst(row, teamRow),
    );
    if (person === undefined) throw new Refusal('already_done');
    note(c, { actor: person.id, object: teamRow.id });
    return c.json({ person: { id: person.id }, team: { id: teamRow.id } }, 201);
  })

  .use('/sign-in/*', async (c, next) => {
    await requirePlace(c.env, c.req.raw);
    await refuseShut(c.env, c.req.raw);
    await next();
  })

  .post('/sign-in', async (c) => {
    await limitProofs(c);
    const { address, password } = await bodyOf(c, signInRequest);
    const directory = new StaffDirectory(c.env);
    const lookup = await directory.lookup(address);
    const found = await directory.byLookup(lookup);
    const account = found === undefined ? strangerOf(c.env, lookup) : accountOf(c.env, found.id);
    if (found !== undefined) note(c, { subject: found.id });
    // Before the password is read: one that is changed from here on proves nothing.
    const epoch = await account.epoch();
    const member = await directory.byLookup(lookup);
    // Counted before it is hashed, and said in the same words as a wrong password.
    const network = await networkHashOf(c);
    if (!(await account.startTry('password', network))) throw await wrongCredentials(c);
    const stored = await member?.open('password');
    const fits = await verifyPassword(await vaultOf(c.env), password, stored);
    if (!fits || member?.row.state !== 'active') throw await wrongCredentials(c);
    await refuseBlocked(c.env, c.req.raw, grantsOf(member.row));
    await account.passTry('password', network);
    if (stored !== undefined && isOutdated(stored)) {
      const hashed = await hashPassword(await vaultOf(c.env), password);
      await directory.store.replacePassword(member.row, await member.seal('password', hashed));
    }
    note(c, { actor: member.id, personal: placeOf(c) });
    const { token } = await (await tokensOf(c.env)).factor({ sub: member.id, epoch }, Date.now());
    return c.json<SignInAnswer>({ factors: factorsOf(member), token });
  })

  .post('/sign-in/totp', async (c) => {
    const { member, epoch } = await halfSignedIn(c);
    const { code } = await bodyOf(c, codeRequest);
    const secret = await member.open('totp');
    if (secret === undefined) throw new Refusal('factor_needed');
    const step = await provedStep(c, member, secret, code);
    return c.json<FactorAnswer>(await signIn(c, member, { by: 'totp', step }, epoch));
  })

  .post('/sign-in/enrolment', async (c) => {
    const { member } = await halfSignedIn(c);
    await bodyOf(c, emptyRequest);
    requireNoFactor(member);
    const secret = newTotpSecret();
    await accountOf(c.env, member.id).beginEnrolment();
    await accountOf(c.env, member.id).setPendingTotp(await member.seal('totp', secret), 'enrolment');
    return c.json<EnrolmentAnswer>(enrolmentOf(secret, await member.address()));
  })

  .post('/sign-in/enrolment/confirm', async (c) => {
    const { member, epoch } = await halfSignedIn(c);
    const { code } = await bodyOf(c, codeRequest);
    requireNoFactor(member);
    const sealed = await accountOf(c.env, member.id).pendingTotp('enrolment');
    if (sealed === undefined) throw new Refusal('setup_gone');
    const secret = await member.openTotp(sealed);
    if (secret === undefined) throw new Refusal('setup_gone');
    const step = await provedStep(c, member, secret, code);
    const directory = new StaffDirectory(c.env);
    const isSet = await directory.write(member, async (now) =>
      directory.store.setFirstTotp(now.row, await now.seal('totp', secret)),
    );
    if (!isSet) throw new Refusal('already_done');
    note(c, { actor: member.id, facts: { factor: 'totp' } });
    return c.json<FactorAnswer>(await signIn(c, member, { by: 'totp', step }, epoch));
  })

  .post('/sign-in/enrolment/passkey', async (c) => {
    const { member } = await halfSignedIn(c);
    await bodyOf(c, emptyRequest);
    requireNoFactor(member);
    await accountOf(c.env, member.id).beginEnrolment();
    return c.json<CeremonyAnswer>(await additionFor(c.env, member, 'enrolment'));
  })

  .post('/sign-in/enrolment/passkey/confirm', async (c) => {
    const { member, epoch } = await halfSignedIn(c);
    const given = await bodyOf(c, newPasskeyRequest);
    requireNoFactor(member);
    const { passkey, challenge } = await attestedPasskey(c.env, member, given, 'enrolment');
    const passkeys = new PasskeyStore(c.env.DB);
    const isAdded = await new StaffDirectory(c.env).write(member, async (now) =>
      passkeys.addFirst(now.row, { ...passkey, name: await now.sealPasskeyName(passkey.id, given.name) }),
    );
    if (!isAdded) throw new Refusal('already_done');
    note(c, { actor: member.id, facts: { factor: 'passkey' } });
    return c.json<FactorAnswer>(await signIn(c, member, { by: 'passkey', challenge }, epoch));
  })

  .post('/sign-in/enrolment/finish', async (c) => {
    const { member, epoch } = await halfSignedIn(c);
    const { code } = await bodyOf(c, recoveryRequest);
    const hash = await triedRecovery(c, member, code);
    const account = accountOf(c.env, member.id);
    const started = await account.finishEnrolment(
      newId('session'),
      hash,
      await whenceOf(c, member.id),
      epoch,
    );
    if (started === undefined) throw new Refusal('wrong_code');
    tell(c, member, 'enrolled');
    return c.json<StaffSession>(await enter(c, member, started));
  })

  .post('/sign-in/recovery', async (c) => {
    const { member, epoch } = await halfSignedIn(c);
    const { code } = await bodyOf(c, recoveryRequest);
    const hash = await triedRecovery(c, member, code);
    const started = await accountOf(c.env, member.id).recover(
      newId('session'),
      hash,
      await whenceOf(c, member.id),
      epoch,
    );
    if (started === undefined) throw new Refusal('wrong_code');
    tell(c, member, 'recovered', leftCodes(started.codesLeft));
    return c.json<StaffSession>(await enter(c, member, { ...started, isStrange: false }));
  })

  .post('/sign-in/passkey/challenge', async (c) => {
    await limitChallenges(c);
    await bodyOf(c, emptyRequest);
    return c.json<CeremonyAnswer>(await challengeFor(c.env));
  })

  .post('/sign-in/passkey', async (c) => {
    await limitProofs(c);
    const { person, challenge } = await provedPasskey(c.env, await bodyOf(c, passkeyRequest));
    const member = await new StaffDirectory(c.env).byId(person);
    if (member?.row.state !== 'active') throw new Refusal('wrong_passkey');
    await refuseBlocked(c.env, c.req.raw, grantsOf(member.row));
    await beginFor(c, member.id);
    return c.json<FactorAnswer>(await signIn(c, member, { by: 'passkey', challenge }));
  })

  .get('/session', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    const member = await new StaffDirectory(c.env).byId(staff.id);
    if (member === undefined) throw new Refusal('signed_out');
    return c.json({ person: await member.viewOfOneself(c.env) });
  })

  .post('/session/refresh', async (c) => {
    requireOwnOrigin(c.env, c.req.raw);
    await requirePlace(c.env, c.req.raw, undefined, 'now');
    const held = heldRefreshCookie(c);
    if (held === undefined) throw new Refusal('signed_out');
    const account = accountOf(c.env, held.person);
    const salt = await account.refreshSalt(held.session);
    const genuine = salt !== undefined && (await isRefreshToken(await vaultOf(c.env), salt, held));
    const member = genuine ? await new StaffDirectory(c.env).byId(held.person) : undefined;
    // Before anything rotates: who is refused here goes on elsewhere with what they have.
    if (member !== undefined) await refuseBlocked(c.env, c.req.raw, grantsOf(member.row));
    const result = genuine ? await account.refresh(held.session, held.generation) : { ended: true as const };
    if (result.ended || salt === undefined || member === undefined) {
      if ('wasReused' in result) await warnOfReuse(c, held);
      dropRefreshCookie(c);
      throw new Refusal('signed_out');
    }
    return c.json(await answerSession(c, member, result.session, salt));
  })

  .post('/session/activity', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    const { ago } = await bodyOf(c, activityRequest);
    await accountOf(c.env, staff.id).use(staff.session, ago);
    return c.json({});
  })

  .delete('/session', async (c) => {
    requireOwnOrigin(c.env, c.req.raw);
    const leaving = await leavingOf(c.env, c.req.raw);
    if (leaving !== undefined) {
      note(c, { actor: leaving.id, session: leaving.session });
      await accountOf(c.env, leaving.id).endSession(leaving.session);
    }
    dropRefreshCookie(c);
    return c.body(null, 204);
  })

  .route('/', linkRoutes)
  .route('/', myRoutes)
  .route('/', ownerKeyRoutes);

/** In the same words whatever was wrong; from a network that is blocked, in those in which whoever is right is refused. */
async function wrongCredentials(c: Ctx): Promise<Refusal> {
  await refuseBlocked(c.env, c.req.raw, {});
  return new Refusal('wrong_credentials');
}

/** A copy of what keeps somebody signed in is in other hands, or was. */
async function warnOfReuse(
  c: Ctx,
  { person, session }: { person: PersonId; session: SessionId },
): Promise<void> {
  const personal = { of: person, what: placeOf(c) };
  await enterInLedger(c.env, { action: 'signIn.strange', actor: person, session, personal });
  const member = await new StaffDirectory(c.env).byId(person);
  if (member !== undefined) tell(c, member, 'reused');
}

function factorsOf({ row }: StaffMember): SignInAnswer['factors'] {
  return [
    ...(row.totp === undefined ? [] : ['totp' as const]),
    ...(row.hasPasskey ? ['passkey' as const] : []),
  ];
}

/** A password alone adds a second factor only where there is none. */
function requireNoFactor(member: StaffMember): void {
  if (member.hasFactor) throw new Refusal('already_done');
}
