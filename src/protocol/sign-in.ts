/** HTTP bodies of set-up, sign-in, sessions, and of what a person does about their own sign-in. */
import * as v from 'valibot';
import type { Person } from './bodies.ts';
import type { Grants } from './permissions.ts';
import { addressSchema, codePoints, nameSchema, wellFormed } from './fields.ts';
import type { SessionId } from './ids.ts';
import { lifetimes, limits } from './limits.ts';
import type { Gate } from './training.ts';

/** A password as typed, in NFC. Its fitness to be chosen is judged apart, so that old ones still open. */
const passwordSchema = v.pipe(
  v.string(),
  v.maxLength(limits.passwordMax * 4),
  wellFormed,
  v.transform((text) => text.normalize('NFC')),
  v.check((text) => codePoints(text) <= limits.passwordMax, `longer than ${limits.passwordMax} characters`),
);
/** A password that somebody chooses: its length counts in code points, and nothing else about it does here. */
export const newPasswordSchema = v.pipe(
  passwordSchema,
  v.check((text) => codePoints(text) >= limits.passwordMin, `shorter than ${limits.passwordMin} characters`),
);

/** A one-time code as typed, spaces allowed. */
const codeSchema = v.pipe(
  v.string(),
  v.maxLength(16),
  v.transform((text) => text.replaceAll(/\s/g, '')),
  v.regex(/^\d{6}$/, 'not six digits'),
);
/** A secret of so many letters as typed: in any case, spaced as one likes, with what looks like a digit taken for it. */
const lettersSchema = (length: number, otherwise: string) =>
  v.pipe(
    v.string(),
    v.maxLength(4 * length),
    v.transform((text) =>
      text.replaceAll(/[\s-]/g, '').toUpperCase().replaceAll('O', '0').replaceAll(/[IL]/g, '1'),
    ),
    v.regex(new RegExp(`^[${limits.recoveryAlphabet}]{${length}}$`), otherwise),
  );
const recoveryCodeSchema = lettersSchema(limits.recoveryCodeLength, 'not a recovery code');
const ownerKeySchema = lettersSchema(limits.ownerKeyLength, 'not an owner key');
/** The token of a mailed link: whose it is, and 256 random bits. */
const linkToken = v.pipe(
  v.string(),
  v.regex(/^per_[A-Za-z0-9_-]{21}[AQgw]\.[A-Za-z0-9_-]{43}$/, 'not a link of ours'),
);

// Set-up
export const setupRequest = v.strictObject({
  owner: v.strictObject({ name: nameSchema, address: addressSchema, password: newPasswordSchema }),
  team: v.strictObject({ name: nameSchema }),
});
export type SetupStatus = { needed: boolean };

// Sign-in of staff
export const signInRequest = v.strictObject({ address: addressSchema, password: passwordSchema });
export const factors = ['totp', 'passkey'] as const;
export type Factor = (typeof factors)[number];
/** `factors`: what this person has set up; none yet means that they enrol now. */
export type SignInAnswer = { factors: Factor[]; token: string };
export const codeRequest = v.strictObject({ code: codeSchema });
export const recoveryRequest = v.strictObject({ code: recoveryCodeSchema });
export const ownerKeyRequest = v.strictObject({ key: ownerKeySchema });
export type EnrolmentAnswer = { secret: string; uri: string };
/**
 * Shown once: with one of them and this token the person shows that they have kept them, and only then are they in.
 */
export type CodesAnswer = { next: 'codes'; recoveryCodes: string[]; token: string };
/** What a good second factor is answered with. */
export type FactorAnswer = StaffSession | CodesAnswer;

/** Whoever is signed in, with what they may do, and what is closed to them until they have taken a lesson. */
export type Myself = Person & { grants: Grants; closed?: readonly Gate[] };
/**
 * What the right owner key is answered with: until when to wait, in Unix milliseconds of the server, whose clock `now`
 * is; or, after that, a token to enrol with.
 */
export type OwnerKeyAnswer =
  { next: 'wait'; until: number; now: number } | { next: 'enrolment'; token: string };

/**
 * `expires` is when the access token runs out and `usedAt` when its person last did something, in Unix milliseconds of
 * the server; `now` is its clock. The session is over once they have done nothing for `idleLimit` milliseconds.
 * `queueKey` (base64url, 256 bits) seals in this browser what its person has written and not sent.
 */
export type StaffSession = {
  access: string;
  expires: number;
  now: number;
  usedAt: number;
  idleLimit: number;
  person: Myself;
  queueKey: string;
};
/**
 * How many milliseconds ago a person last did something (a key, a pointer, a touch). Only their page knows: one that
 * lies keeps its own session, up to the absolute limit, and nobody else's.
 */
export const activityRequest = v.strictObject({
  ago: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(lifetimes.sessionAbsolute)),
});

// Mailed links
/** An invitation, or a link for a forgotten password. */
export const redeemRequest = v.strictObject({ token: linkToken, password: newPasswordSchema });
export const linkRequest = v.strictObject({ token: linkToken });
export const resetRequest = v.strictObject({ address: addressSchema });

// Passkeys (WebAuthn Level 3, 5.1 and 5.8): what a browser's `toJSON` gives
const base64url = (most: number) => v.pipe(v.string(), v.maxLength(most), v.regex(/^[A-Za-z0-9_-]+$/));
const credentialId = base64url(limits.credentialIdLength);
const signed = base64url(limits.credentialLength);
const credential = {
  id: credentialId,
  rawId: credentialId,
  type: v.literal('public-key'),
  authenticatorAttachment: v.optional(v.string()),
  // Nothing is asked of extensions, so nothing is read from them.
  clientExtensionResults: v.pipe(
    v.looseObject({}),
    v.transform(() => ({})),
  ),
};
const transports = v.pipe(v.array(v.pipe(v.string(), v.maxLength(20))), v.maxLength(10));
/** The token that came with the ceremony's options, which holds its challenge. */
const ceremony = v.pipe(v.string(), v.maxLength(limits.tokenLength));
const assertion = v.strictObject({
  ...credential,
  response: v.strictObject({
    clientDataJSON: signed,
    authenticatorData: signed,
    signature: signed,
    userHandle: v.optional(base64url(100)),
  }),
});
const attestation = v.strictObject({
  ...credential,
  response: v.strictObject({
    clientDataJSON: signed,
    attestationObject: signed,
    authenticatorData: v.optional(signed),
    transports: v.optional(transports),
    publicKeyAlgorithm: v.optional(v.number()),
    publicKey: v.optional(signed),
  }),
});
export type Assertion = v.InferOutput<typeof assertion>;
export type Attestation = v.InferOutput<typeof attestation>;
export const passkeyRequest = v.strictObject({ token: ceremony, response: assertion });
/** A new passkey, under a name by which its person knows it again. */
export const newPasskeyRequest = v.strictObject({
  token: ceremony,
  response: attestation,
  name: nameSchema,
});
export const passkeyNameRequest = v.strictObject({ name: nameSchema });
/** `options` is for the browser's own library, as WebAuthn spells it. */
export type CeremonyAnswer<Options = unknown> = { options: Options; token: string };

// Oneself
/** The second factor once more: a one-time code, a recovery code, or a passkey. */
export const stepUpRequest = v.union([
  v.strictObject({ code: codeSchema }),
  v.strictObject({ recoveryCode: recoveryCodeSchema }),
  passkeyRequest,
]);
export const addressChangeRequest = v.strictObject({ address: addressSchema });
export const passwordChangeRequest = v.strictObject({ current: passwordSchema, password: newPasswordSchema });
/** Times in Unix milliseconds. `device` and `country` (ISO 3166-1) as coarse as they are kept; null: not known. */
export type SessionView = {
  id: SessionId;
  device: string | null;
  country: string | null;
  startedAt: number;
  usedAt: number;
  current: boolean;
};
export type PasskeyView = { id: string; name: string; createdAt: number; usedAt: number | null };
export type MyAnswer = {
  totp: boolean;
  passkeys: PasskeyView[];
  codesLeft: number;
  /** The organisation's: whether one is kept. Null for whoever may not have one made. */
  ownerKey: 'kept' | 'none' | null;
  sessions: SessionView[];
};
export type NewCodesAnswer = { recoveryCodes: string[] };
export type NewOwnerKeyAnswer = { ownerKey: string };
