/** Proofs of who somebody is, each counted before it is looked at, and the session that they open. */
import { vaultOf } from '../../config.ts';
import { type Ctx, networkOf } from '../../http.ts';
import { logFault } from '../../log.ts';
import { newId, type SessionId } from '../../protocol/ids.ts';
import { Refusal } from '../../protocol/refusals.ts';
import type { CodesAnswer, FactorAnswer, StaffSession } from '../../protocol/sign-in.ts';
import { accountOf, type NewSession, type Proof, type Session } from '../account.ts';
import { tokensOf } from '../guard.ts';
import { type Notice, notify } from '../mail.ts';
import { idleLimitOf, organisationOf } from '../organisation.ts';
import { queueKeyOf } from '../queue.ts';
import { note } from '../recording.ts';
import type { StaffMember } from '../staff.ts';
import { setBrowserCookie, setRefreshCookie } from './cookie.ts';
import { OwnerKeyStore, tellConcerned } from './owner-key.ts';
import { newRecoveryCodes, recoveryHash } from './recovery.ts';
import { refreshTokenOf } from './refresh.ts';
import { stepOf } from './totp.ts';
import { networkHashOf, placeOf, whenceOf } from './whence.ts';

/** What is dear to check (a hash costs a third of a second of CPU) is counted at the door. @throws {Refusal} too_fast */
export async function limitProofs(c: Ctx): Promise<void> {
  const { success } = await c.env.SIGN_IN_LIMIT.limit({ key: networkOf(c.req.raw) });
  if (!success) throw new Refusal('too_fast');
}

/** Every sign-in page asks for a challenge, so that they are counted by themselves. @throws {Refusal} too_fast */
export async function limitChallenges(c: Ctx): Promise<void> {
  const { success } = await c.env.VISITOR_LIMIT.limit({ key: `challenge ${networkOf(c.req.raw)}` });
  if (!success) throw new Refusal('too_fast');
}

/** The time step that this code proves, or a refusal in the same words whether it was wrong or one try too many. */
export async function provedStep(
  c: Ctx,
  member: StaffMember,
  secret: Uint8Array,
  code: string,
): Promise<number> {
  const allowed = await accountOf(c.env, member.id).startTry('totp', await networkHashOf(c));
  const step = allowed ? stepOf(secret, code, Date.now()) : undefined;
  if (step === undefined) throw new Refusal('wrong_code');
  return step;
}

/** What is kept of a recovery code that is tried, or a refusal as for a one-time code. */
export async function triedRecovery(c: Ctx, member: StaffMember, code: string): Promise<string> {
  if (!(await accountOf(c.env, member.id).startTry('recovery', await networkHashOf(c))))
    throw new Refusal('wrong_code');
  return recoveryHash(await vaultOf(c.env), member.id, code);
}

/** A session, or, for whoever has no recovery codes yet, those first. @throws {Refusal} for a proof used before */
export async function signIn(
  c: Ctx,
  member: StaffMember,
  proof: Proof,
  epoch?: number,
): Promise<FactorAnswer> {
  const account = accountOf(c.env, member.id);
  const started = await account.startSession(newId('session'), proof, await whenceOf(c, member.id), epoch);
  if (started === undefined) throw new Refusal(proof.by === 'totp' ? 'wrong_code' : 'wrong_passkey');
  if (started !== 'unfinished') return enter(c, member, started);
  note(c, { facts: { next: 'codes' } });
  const claims = { sub: member.id, epoch: epoch ?? (await account.epoch()) };
  const { token } = await (await tokensOf(c.env)).factor(claims, Date.now());
  return {
    next: 'codes',
    recoveryCodes: await offeredCodes(c, member, 'enrolment'),
    token,
  } satisfies CodesAnswer;
}

/** Gives somebody their session. They hear of it where it is in a browser that they have not used lately. */
export async function enter(c: Ctx, member: StaffMember, started: NewSession): Promise<StaffSession> {
  const { session, salt, isStrange, isAbroad, isCrowded } = started;
  const { device, country } = session;
  const where = [device, country].filter((each) => each !== null).join(', ');
  if (isStrange) tell(c, member, 'browser', where === '' ? undefined : `It says to be: ${where}.`);
  // Whoever gets in by themselves has not lost everything.
  const waited = member.row.role === 'owner' && (await new OwnerKeyStore(c.env.DB).endWait(member.id));
  if (waited) tellConcerned(c, member, 'ownerWaitOver');
  if (isCrowded) tell(c, member, 'crowded');
  // From where stands sealed beside it; that it is another country than before is nobody's secret.
  const facts = { by: session.amr, ...(isAbroad && { abroad: true }) };
  note(c, { actor: member.id, session: session.id, facts, personal: placeOf(c) });
  const answer = await answerSession(c, member, session, salt);
  setBrowserCookie(c, c.get('browser'));
  return answer;
}

/** Mails what happened to somebody's sign-in. Nobody waits for it. */
export function tell(c: Ctx, member: StaffMember, notice: Notice, more?: string): void {
  const telling = member.address().then((address) => notify(c.env, address, notice, more));
  c.executionCtx.waitUntil(telling.catch((error: unknown) => logFault('mail.notice', error)));
}

/** New recovery codes, which count once one of them is given back. */
export async function offeredCodes(
  c: Ctx,
  member: StaffMember,
  by: SessionId | 'enrolment',
): Promise<string[]> {
  const vault = await vaultOf(c.env);
  const codes = newRecoveryCodes();
  const hashes = await Promise.all(codes.map((code) => recoveryHash(vault, member.id, code)));
  await accountOf(c.env, member.id).offerRecoveryCodes(hashes, by);
  return codes;
}

/** The access token in the body, where only the page's memory holds it; the refresh token in a cookie, where no script does. */
export async function answerSession(
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
    auth_time: Math.floor(session.provedAt / 1000),
  };
  const { token, expires } = await (await tokensOf(c.env)).staff(claims, now);
  const held = { person: member.id, session: session.id, generation: session.generation };
  setRefreshCookie(c, { ...held, token: await refreshTokenOf(await vaultOf(c.env), salt, held) });
  const queueKey = await queueKeyOf(c.env, member.id);
  const idleLimit = idleLimitOf(await organisationOf(c.env));
  const { usedAt } = session;
  return {
    access: token,
    expires,
    now,
    usedAt,
    idleLimit,
    person: await member.viewOfOneself(c.env),
    queueKey,
  };
}
