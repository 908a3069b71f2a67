/**
 * Passkeys (WebAuthn Level 3) by the `@simplewebauthn` library. Each verifies its user, so that one alone is two
 * factors. The challenge of a ceremony is the digest of a signed token that says what it is for; the account sees to
 * it that each is answered once.
 */
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server';
import { configOf, type Env } from '../../config.ts';
import type { PersonId, SessionId } from '../../protocol/ids.ts';
import { lifetimes } from '../../protocol/limits.ts';
import { Refusal } from '../../protocol/refusals.ts';
import type { Assertion, Attestation, CeremonyAnswer } from '../../protocol/sign-in.ts';
import { tokensOf } from '../guard.ts';
import type { StaffMember } from '../staff.ts';
import type { CeremonyClaims } from '../tokens.ts';
import { type NewPasskey, type PasskeyRow, PasskeyStore } from './passkeys/store.ts';

export { PasskeyStore } from './passkeys/store.ts';

/** It takes a while to start, and most requests don't need it. */
const webauthn = () => import('@simplewebauthn/server');
type RequestOptions = Awaited<
  ReturnType<Awaited<ReturnType<typeof webauthn>>['generateAuthenticationOptions']>
>;

/** What a browser needs to add a passkey to this person's. */
export async function additionFor(
  env: Env,
  member: StaffMember,
  by: SessionId | 'enrolment',
): Promise<CeremonyAnswer<PublicKeyCredentialCreationOptionsJSON>> {
  const { generateRegistrationOptions } = await webauthn();
  const { token, challenge } = await newCeremony(env, { use: 'add', sub: member.id, by });
  const known = await new PasskeyStore(env.DB).of(member.id);
  const options = await generateRegistrationOptions({
    rpName: 'Sotto',
    rpID: partyOf(env).id,
    userID: handleOf(member.id),
    userName: await member.address(),
    userDisplayName: await member.name(),
    challenge,
    timeout: lifetimes.ceremony,
    excludeCredentials: known.map(({ id, transports }) => ({ id, transports })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  return { options, token };
}

/**
 * The passkey that answers, which is to be named and added, and the challenge that has to be used up.
 * @throws {Refusal} wrong_passkey
 */
export async function attestedPasskey(
  env: Env,
  member: StaffMember,
  given: { token: string; response: Attestation },
  by: SessionId | 'enrolment',
): Promise<{ passkey: Omit<NewPasskey, 'name'>; challenge: string }> {
  const { verifyRegistrationResponse } = await webauthn();
  const { claims, challenge } = await ceremonyOf(env, given.token);
  if (claims.use !== 'add' || claims.sub !== member.id || claims.by !== by)
    throw new Refusal('wrong_passkey');
  const { registrationInfo } = await verifyRegistrationResponse({
    response: given.response as Parameters<typeof verifyRegistrationResponse>[0]['response'],
    ...expected(env, challenge),
  }).catch(() => ({ registrationInfo: undefined }));
  if (registrationInfo === undefined) throw new Refusal('wrong_passkey');
  const { id, publicKey, counter, transports = [] } = registrationInfo.credential;
  const passkey = { id, person: member.id, publicKey, counter, transports, createdAt: Date.now() };
  return { passkey, challenge: claims.jti };
}

/** What a browser needs to have one of this person's passkeys answer, or of whoever has one. */
export async function challengeFor(env: Env, person?: PersonId): Promise<CeremonyAnswer<RequestOptions>> {
  const { generateAuthenticationOptions } = await webauthn();
  const { token, challenge } = await newCeremony(
    env,
    person === undefined ? { use: 'sign-in', sub: 'anyone' } : { use: 'prove', sub: person },
  );
  const known = person === undefined ? [] : await new PasskeyStore(env.DB).of(person);
  const options = await generateAuthenticationOptions({
    rpID: partyOf(env).id,
    challenge,
    timeout: lifetimes.ceremony,
    userVerification: 'required',
    allowCredentials: known.map(({ id, transports }) => ({ id, transports })),
  });
  return { options, token };
}

/**
 * Whose passkey answered, and the challenge that has to be used up.
 * @param person who it has to be, if that is known
 * @throws {Refusal} wrong_passkey
 */
export async function provedPasskey(
  env: Env,
  given: { token: string; response: Assertion },
  person?: PersonId,
): Promise<{ person: PersonId; challenge: string }> {
  const { claims, challenge } = await ceremonyOf(env, given.token);
  const fitsUse = person === undefined ? claims.use === 'sign-in' : claims.use === 'prove';
  const store = new PasskeyStore(env.DB);
  const passkey = await store.byId(given.response.id);
  if (!fitsUse || passkey === undefined) throw new Refusal('wrong_passkey');
  if (person !== undefined && (claims.sub !== person || passkey.person !== person))
    throw new Refusal('wrong_passkey');
  const counter = await counterOf(env, given.response, passkey, challenge);
  if (counter === undefined || !(await store.countUse(passkey.id, counter, Date.now())))
    throw new Refusal('wrong_passkey');
  return { person: passkey.person, challenge: claims.jti };
}

/** How often it was used, says a passkey whose answer fits; else nothing. */
async function counterOf(
  env: Env,
  response: Assertion,
  { id, person, publicKey, counter }: PasskeyRow,
  challenge: Uint8Array,
): Promise<number | undefined> {
  const { verifyAuthenticationResponse } = await webauthn();
  const { userHandle } = response.response;
  if (userHandle !== undefined && userHandle !== base64url(handleOf(person))) return undefined;
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: response as Parameters<typeof verifyAuthenticationResponse>[0]['response'],
      credential: { id, publicKey, counter },
      ...expected(env, challenge),
    });
    return verified ? authenticationInfo.newCounter : undefined;
  } catch {
    // The library throws at whatever does not fit, and gives no other reason to.
    return undefined;
  }
}

function expected(env: Env, challenge: Uint8Array) {
  const { id, origin } = partyOf(env);
  return {
    expectedChallenge: base64url(challenge),
    expectedOrigin: origin,
    expectedRPID: id,
    requireUserVerification: true,
  };
}

/** Passkeys belong to Sotto's own host name. */
function partyOf(env: Env): { id: string; origin: string } {
  const { origin } = configOf(env);
  return { id: new URL(origin).hostname, origin };
}

/** What an authenticator knows a person by: nothing that says who they are. */
function handleOf(person: PersonId): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(person));
}

type Ceremony = { token: string; challenge: Uint8Array<ArrayBuffer> };

async function newCeremony(env: Env, claims: CeremonyClaims): Promise<Ceremony> {
  const { token } = await (await tokensOf(env)).ceremony(claims, Date.now());
  return { token, challenge: await digestOf(token) };
}

async function ceremonyOf(env: Env, token: string) {
  const claims = await (await tokensOf(env)).verifyCeremony(token);
  if (claims === undefined) throw new Refusal('wrong_passkey');
  return { claims, challenge: await digestOf(token) };
}

async function digestOf(token: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token)));
}

function base64url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: 'base64url', omitPadding: true });
}
