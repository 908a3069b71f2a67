/**
 * Signed tokens (RFC 7519, RFC 8725): one algorithm, a `typ` and an audience for each purpose, so that none can
 * stand in for another. Verification answers `undefined` for whatever is not a good token of that very kind.
 */
import { jwtVerify, SignJWT } from 'jose';
import * as v from 'valibot';
import {
  type ConversationId,
  type CopyId,
  type FileId,
  type Id,
  isId,
  type PersonId,
  type SessionId,
  type SiteId,
  type VisitorId,
} from '../protocol/ids.ts';
import { lifetimes, limits } from '../protocol/limits.ts';
import { type Role, roleSchema } from '../protocol/roles.ts';
import type { Vault } from '../vault.ts';

const kinds = {
  /** Staff and visitors at HTTP. */
  staff: { typ: 'at+jwt', audience: 'sotto:staff', lifetime: lifetimes.staffAccess },
  visitor: { typ: 'at+jwt', audience: 'sotto:visitor', lifetime: lifetimes.visitorAccess },
  /** One socket to one room. */
  ticket: { typ: 'ticket+jwt', audience: 'sotto:socket', lifetime: lifetimes.ticket },
  /** One file, or copy, for the browser that opened it. */
  file: { typ: 'file+jwt', audience: 'sotto:file', lifetime: lifetimes.fileLink },
  /** The challenge of one passkey ceremony: good for its answer, and for nothing else. */
  ceremony: { typ: 'ceremony+jwt', audience: 'sotto:passkey', lifetime: lifetimes.ceremony },
  /** Proof of the password alone: good for enrolling or for the second factor, and for nothing else. */
  factor: { typ: 'factor+jwt', audience: 'sotto:sign-in', lifetime: lifetimes.passwordOnly },
} as const;

/** Whatever is signed now, nothing of it is good after this time. */
export const longestToken = Math.max(...Object.values(kinds).map(({ lifetime }) => lifetime));

export type StaffClaims = { sub: PersonId; sid: SessionId; amr: readonly string[]; auth_time: number };
export type VisitorClaims = { sub: VisitorId; site: SiteId };
/** `epoch`: the account's when the password was proved. */
export type FactorClaims = { sub: PersonId; epoch: number };
/** Of whom a passkey is asked: a person who is known already, or whoever answers. */
export type CeremonyClaims =
  | { use: 'add'; sub: PersonId; by: SessionId | 'enrolment' }
  | { use: 'prove'; sub: PersonId }
  | { use: 'sign-in'; sub: 'anyone' };
export type RoomId = Id<'conversation'> | Id<'team'>;
/**
 * A ticket repeats who it was given to: a person and their session, or a visitor and their site. `as`: the role that
 * the person sees Sotto as. `silent`: it opens a seat that is not shown to anybody (M6). `until`: when the visitor's
 * access runs out, in Unix seconds: no ticket prolongs it.
 */
export type TicketClaims = { room: RoomId } & (
  | { sub: PersonId; sid: SessionId; as?: Role; silent?: true }
  | { sub: VisitorId; site: SiteId; until: number }
);

/** A file, to be shown or to be kept, or a copy of what is kept about somebody. */
export type Opened = { conversation: ConversationId; file: FileId; as: 'show' | 'save' } | { copy: CopyId };
/** Who opened it, in whichever session or on whichever site. */
export type FileClaims = Opened &
  ({ sub: PersonId; sid: SessionId; role?: Role } | { sub: VisitorId; site: SiteId });

export type Issued = { token: string; expires: number };
type Verified<Claims> = Claims & { jti: string; exp: number };

export class Tokens {
  readonly #vault: Vault;
  readonly #issuer: string;

  constructor(vault: Vault, issuer: string) {
    this.#vault = vault;
    this.#issuer = issuer;
  }

  staff(claims: StaffClaims, now: number): Promise<Issued> {
    return this.#sign('staff', claims, now);
  }
  visitor(claims: VisitorClaims, now: number): Promise<Issued> {
    return this.#sign('visitor', claims, now);
  }
  ticket(claims: TicketClaims, now: number): Promise<Issued> {
    return this.#sign('ticket', claims, now);
  }
  file(claims: FileClaims, now: number): Promise<Issued> {
    return this.#sign('file', claims, now);
  }
  ceremony(claims: CeremonyClaims, now: number): Promise<Issued> {
    return this.#sign('ceremony', claims, now);
  }
  factor(claims: FactorClaims, now: number): Promise<Issued> {
    return this.#sign('factor', claims, now);
  }

  async #sign(kind: keyof typeof kinds, claims: Record<string, unknown>, now: number): Promise<Issued> {
    const { typ, audience, lifetime } = kinds[kind];
    const { kid, privateKey } = (await this.#vault.tokenKeys()).active;
    const issuedAt = Math.floor(now / 1000);
    const expires = issuedAt + lifetime / 1000;
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA', typ, kid })
      .setIssuer(this.#issuer)
      .setAudience(audience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(expires)
      .setJti(crypto.randomUUID())
      .sign(privateKey);
    return { token, expires: expires * 1000 };
  }

  async verifyStaff(token: string): Promise<Verified<StaffClaims> | undefined> {
    const claims = await this.#verify('staff', token);
    if (claims === undefined || !isId('person', claims['sub']) || !isId('session', claims['sid']))
      return undefined;
    return claims as Verified<StaffClaims>;
  }

  async verifyVisitor(token: string): Promise<Verified<VisitorClaims> | undefined> {
    const claims = await this.#verify('visitor', token);
    if (claims === undefined || !isId('visitor', claims['sub']) || !isId('site', claims['site']))
      return undefined;
    return claims as Verified<VisitorClaims>;
  }

  async verifyFactor(token: string): Promise<Verified<FactorClaims> | undefined> {
    const claims = await this.#verify('factor', token);
    return claims !== undefined && isId('person', claims['sub']) && typeof claims['epoch'] === 'number'
      ? (claims as Verified<FactorClaims>)
      : undefined;
  }

  async verifyCeremony(token: string): Promise<Verified<CeremonyClaims> | undefined> {
    const claims = await this.#verify('ceremony', token);
    if (claims === undefined) return undefined;
    const { use, sub } = claims;
    const fits =
      use === 'sign-in' ? sub === 'anyone' : (use === 'add' || use === 'prove') && isId('person', sub);
    return fits ? (claims as Verified<CeremonyClaims>) : undefined;
  }

  async verifyTicket(token: string): Promise<Verified<TicketClaims> | undefined> {
    const claims = await this.#verify('ticket', token);
    if (claims === undefined) return undefined;
    const room = isId('conversation', claims['room']) || isId('team', claims['room']);
    const as = claims['as'] === undefined || v.is(roleSchema, claims['as']);
    const silent = claims['silent'] === undefined || claims['silent'] === true;
    const staff = isId('person', claims['sub']) && isId('session', claims['sid']) && as && silent;
    const until = Number.isSafeInteger(claims['until']);
    const visitor = isId('visitor', claims['sub']) && isId('site', claims['site']) && until;
    return room && (staff || visitor) ? (claims as Verified<TicketClaims>) : undefined;
  }

  async verifyFile(token: string): Promise<Verified<FileClaims> | undefined> {
    const claims = await this.#verify('file', token);
    if (claims === undefined) return undefined;
    const as = claims['as'] === 'show' || claims['as'] === 'save';
    const isFile = isId('conversation', claims['conversation']) && isId('file', claims['file']) && as;
    const thing = isFile || isId('copy', claims['copy']);
    const role = claims['role'] === undefined || v.is(roleSchema, claims['role']);
    const staff = isId('person', claims['sub']) && isId('session', claims['sid']) && role;
    const visitor = isId('visitor', claims['sub']) && isId('site', claims['site']);
    return thing && (staff || visitor) ? (claims as Verified<FileClaims>) : undefined;
  }

  async #verify(kind: keyof typeof kinds, token: string): Promise<Record<string, unknown> | undefined> {
    if (!isCompact(token)) return undefined;
    const { typ, audience } = kinds[kind];
    try {
      const keys = await this.#vault.tokenKeys();
      const { payload } = await jwtVerify(token, async ({ kid }) => required(await keys.verify(kid ?? '')), {
        algorithms: ['EdDSA'],
        issuer: this.#issuer,
        audience,
        typ,
        requiredClaims: ['sub', 'iat', 'exp', 'jti'],
        currentDate: new Date(Date.now()),
      });
      return payload;
    } catch (error) {
      if (isTokenError(error)) return undefined;
      throw error;
    }
  }
}

/** Strict unpadded base64url, each part canonical: otherwise several strings would be one token. */
export function isCompact(token: string): boolean {
  if (token.length > limits.tokenLength) return false;
  const parts = token.split('.');
  return parts.length === 3 && parts.every(isCanonical);
}

function isCanonical(part: string): boolean {
  if (!/^[A-Za-z0-9_-]+$/.test(part) || part.length % 4 === 1) return false;
  const spare = part.length % 4 === 2 ? 15 : part.length % 4 === 3 ? 3 : 0;
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return (alphabet.indexOf(part.at(-1) ?? '') & spare) === 0;
}

class UnknownKey extends Error {}

function required(key: CryptoKey | undefined): CryptoKey {
  if (key === undefined) throw new UnknownKey('no such key');
  return key;
}

/** jose's own refusals carry a code; anything else (a store that fails) is not the token's fault. */
function isTokenError(error: unknown): boolean {
  if (error instanceof UnknownKey || error instanceof SyntaxError || error instanceof TypeError) return true;
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_J');
}
