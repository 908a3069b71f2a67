/**
 * Visitors. Who a visitor is rests on a secret in their browser's cookie. By itself it is random, and the id its keyed
 * hash together with the site: nothing has to be stored, no site's cookie is of use on another, and nobody can claim an
 * id. Once an address was proved in a browser by a code, its cookie is a new secret, and what it holds is stored: so
 * several browsers can hold one visitor. Whom their site vouches for is the same visitor in each of their browsers, which
 * hold them by a second cookie. A code makes them nobody else: it proves in one of their browsers that they read that mail.
 */
import { vaultOf } from '../config.ts';
import type { Env } from '../config.ts';
import type { Ctx } from '../http.ts';
import { idFrom, type SiteId, type VisitorId } from '../protocol/ids.ts';
import { lifetimes } from '../protocol/limits.ts';
import { Refusal } from '../protocol/refusals.ts';
import type { VisitorSession } from '../protocol/visitors.ts';
import { isSameKey, keyStore } from '../vault.ts';
import { tokensOf } from './guard.ts';
import type { Visitor } from './permission.ts';
import { queueKeyOf } from './queue.ts';
import { forgetCookie, heldSecret, type Kind, newSecret, setCookieTo } from './visitor/cookie.ts';
import {
  type Facts,
  factsAmong,
  factsOf,
  lookupOf,
  nothingProved,
  rememberProved,
  rememberSaid,
} from './visitor/facts.ts';
import { type Hold, VisitorStore } from './visitor/store.ts';
import { vouchedFor } from './vouching.ts';

export { type Facts, visitorKeyPlace, visitorPlaces } from './visitor/facts.ts';
export type Present = { id: VisitorId } & Pick<VisitorSession['visitor'], 'vouched' | 'proof'>;
/** By which of its secrets a browser is somebody. */
export type Held = { kind: Kind; secret: string };

/**
 * The visitor that this browser is on this site; a browser that is none yet becomes one. Renews what it holds.
 * @param vouch what the site's page says of its customer: a token, null for nobody, undefined for nothing
 * @throws {Refusal} vouch_refused
 */
export async function visitorOn(
  c: Ctx,
  site: SiteId,
  vouch: string | null | undefined,
  now: number,
): Promise<Present> {
  if (vouch === null) await letGo(c, site, 'vouched');
  const vouched =
    typeof vouch === 'string'
      ? await vouchedVisitor(c, site, vouch, now)
      : await heldVisitor(c, site, 'vouched', now);
  const known = vouched ?? (await heldVisitor(c, site, 'own', now));
  if (known === undefined) return { id: await ownVisitor(c, site), vouched: false, proof: nothingProved };
  const { proof } = await factsOf(c.env, known);
  return { id: known, vouched: vouched !== undefined, proof };
}

/** What a browser is told of the visitor that it is. */
export async function sessionOf(
  c: Ctx,
  site: SiteId,
  visitor: Present,
  now: number,
): Promise<VisitorSession> {
  const { token, expires } = await (await tokensOf(c.env)).visitor({ sub: visitor.id, site }, now);
  return { access: token, expires, now, visitor, queueKey: await queueKeyOf(c.env, visitor.id) };
}

/** Whether a mailed code has proved in this browser, just now, that it is they. */
export async function provedHere(c: Ctx, { id, site }: Visitor, now: number): Promise<boolean> {
  for (const kind of ['vouched', 'own'] as const) {
    const hold = await holdOf(c, site, kind, now);
    if (hold?.visitor !== id || hold.provedAt === null) continue;
    if (hold.provedAt > now - lifetimes.visitorStepUp) return true;
  }
  return false;
}

/** By what this browser is this visitor, whatever token it has; undefined if it is not. */
export async function heldHere(c: Ctx, { id, site }: Visitor, now: number): Promise<Held | undefined> {
  const vouched = await holdOf(c, site, 'vouched', now);
  if (vouched?.visitor === id) return { kind: 'vouched', secret: vouched.secret };
  const own = await holdOf(c, site, 'own', now);
  const self = own === undefined ? await selfOf(c, site) : { id: own.visitor, secret: own.secret };
  return self?.id === id ? { kind: 'own', secret: self.secret } : undefined;
}

/** Whoever proved this address on this site by a code; where several have, the last seen. */
export function visitorProving(env: Env, site: SiteId, lookup: Uint8Array): Promise<VisitorId | undefined> {
  return new VisitorStore(env.DB).provedOn(site, lookup);
}

/**
 * A code has proved in this browser, which was `asker` by this secret of its own, that the address is this visitor's. From
 * now on it holds them by a new one: whoever knew the one before is nobody.
 */
export async function proveVisitor(
  c: Ctx,
  { id: asker, site }: Visitor,
  before: string,
  visitor: VisitorId,
  address: string,
  now: number,
): Promise<Present> {
  const prove = (id: VisitorId) => rememberProved(c.env, { id, site }, address, now);
  let id = visitor;
  if (!(await prove(id))) {
    // Who proves another address may be another person: neither reads what the other wrote, here or elsewhere.
    id = await ownIdOf(c.env, site, newSecret());
    await prove(id);
  }
  const secret = newSecret();
  const hold = await hashOf(c.env, site, 'own', secret);
  await new VisitorStore(c.env.DB).addHold(
    { hold, visitor: id, key: null, provedAt: now },
    { hold: await hashOf(c.env, site, 'own', before), spent: asker },
    now,
  );
  setCookieTo(c, site, 'own', secret);
  return { id, vouched: false, proof: (await factsOf(c.env, id)).proof };
}

/** Whom a site vouches for has one address: what the site says or, where it names none, the first that they prove. */
export async function mayProveVouched(env: Env, id: VisitorId, address: string): Promise<boolean> {
  const { address: known } = await factsOf(env, id);
  return known === null || known === address;
}

/**
 * A code has proved in this browser, which holds whom a site vouches for by this secret, that the address is theirs. They
 * stay who they are, and it holds them by a new one. Undefined: it is not theirs, or they were signed out meanwhile.
 */
export async function proveVouched(
  c: Ctx,
  { id, site }: Visitor,
  before: string,
  address: string,
  now: number,
): Promise<Present | undefined> {
  await rememberProved(c.env, { id, site }, address, now);
  const secret = newSecret();
  const dropped = await hashOf(c.env, site, 'vouched', before);
  const hold = await hashOf(c.env, site, 'vouched', secret);
  const lookup = await lookupOf(c.env, address);
  if (!(await new VisitorStore(c.env.DB).stepUp(dropped, hold, lookup, now))) return undefined;
  setCookieTo(c, site, 'vouched', secret);
  return { id, vouched: true, proof: (await factsOf(c.env, id)).proof };
}

/** This browser is nobody on this site any more. What it held by itself can't come back: the secret was here alone. */
export async function forgetVisitor(c: Ctx, site: SiteId): Promise<void> {
  await letGo(c, site, 'vouched');
  await letGo(c, site, 'own');
}

/** Whoever has proved an address, on any site, by its keyed hash. */
export function visitorsWithAddress(
  env: Env,
  lookup: Uint8Array,
): Promise<{ id: VisitorId; site: SiteId }[]> {
  return new VisitorStore(env.DB).withAddress(lookup);
}

/** What is proved of this visitor. */
export function factsOfVisitor(env: Env, visitor: VisitorId): Promise<Facts> {
  return factsOf(env, visitor);
}

/** What is proved of those of these of whom anything is, some hundred at once. */
export function factsOfVisitors(env: Env, visitors: readonly VisitorId[]): Promise<Map<VisitorId, Facts>> {
  return factsAmong(env, visitors);
}

/** On which site a visitor is of whom something is kept, and when they were seen first and last. */
export function seenVisitor(
  env: Env,
  visitor: VisitorId,
): Promise<{ site: SiteId; since: number; seenAt: number } | undefined> {
  return new VisitorStore(env.DB).seen(visitor);
}

/** Whether their site vouches for them in this browser, or a mailed code has proved in it just now that it is they. */
export async function isVerifiedHere(c: Ctx, visitor: Visitor, now: number): Promise<boolean> {
  return (await heldHere(c, visitor, now))?.kind === 'vouched' || provedHere(c, visitor, now);
}

/** By what else of theirs a visitor is found: their site and, if one is proved, their address. Undefined: nothing is kept. */
export async function tracesOf(
  env: Env,
  id: VisitorId,
): Promise<{ site: SiteId; lookup: Uint8Array | null; how: 'site' | 'code' } | undefined> {
  return new VisitorStore(env.DB).tracesOf(id);
}

/** What is known of a visitor goes: their keys first, then in which browsers they are, and their row. */
export async function eraseVisitor(env: Env, id: VisitorId): Promise<void> {
  await forgetVisitorKeys(env, id);
  await new VisitorStore(env.DB).erase(id);
}

/** The copies of their keys, and of those of what they asked: no backup opens anything of theirs any more. */
export async function forgetVisitorKeys(env: Env, id: VisitorId): Promise<void> {
  const keys = keyStore(env.KEYS);
  await keys.delete('visitor', id);
  await keys.deleteAll('visitor', id);
}

/** Their key has its copy again, if they are known. */
export async function keepVisitorKey(env: Env, id: VisitorId): Promise<void> {
  const store = new VisitorStore(env.DB);
  for (let known = await store.find(id); known !== undefined;) {
    await keyStore(env.KEYS).put('visitor', id, known.key);
    const now = await store.find(id);
    if (now === undefined || isSameKey(now.key, known.key)) return;
    // They were sealed anew meanwhile.
    known = now;
  }
}

/** Whoever this browser is by itself, with nothing known of them. */
async function ownVisitor(c: Ctx, site: SiteId): Promise<VisitorId> {
  const { id, secret } = (await selfOf(c, site)) ?? (await newSelf(c.env, site));
  setCookieTo(c, site, 'own', secret);
  return id;
}

type Self = { id: VisitorId; secret: string };

/** What a browser was by itself before a code was given back in it is of no use any more. */
async function selfOf(c: Ctx, site: SiteId): Promise<Self | undefined> {
  const secret = heldSecret(c, site, 'own');
  if (secret === undefined) return undefined;
  const id = await ownIdOf(c.env, site, secret);
  return (await new VisitorStore(c.env.DB).isSpent(id)) ? undefined : { id, secret };
}

async function newSelf(env: Env, site: SiteId): Promise<Self> {
  const secret = newSecret();
  return { id: await ownIdOf(env, site, secret), secret };
}

async function ownIdOf(env: Env, site: SiteId, secret: string): Promise<VisitorId> {
  return idFrom('visitor', await (await vaultOf(env)).lookup('visitor', `${site}.${secret}`));
}

/**
 * Whom the site's token names: the same visitor in each browser. What the browser was by itself stays apart, so that
 * no claim gives anybody what was said there.
 */
async function vouchedVisitor(c: Ctx, site: SiteId, token: string, now: number): Promise<VisitorId> {
  const vault = await vaultOf(c.env);
  const store = new VisitorStore(c.env.DB);
  const { key, subject, jti, until, ...said } = await vouchedFor(c.env, site, token, now);
  const visitor = idFrom('visitor', await vault.lookup('customer', `${site}.${subject}`));
  const before = await holdOf(c, site, 'vouched', now);
  const isSame = before?.visitor === visitor;
  // A new identity is a new secret: who knew the one before is not it.
  const secret = isSame ? before.secret : newSecret();
  const hold = await hashOf(c.env, site, 'vouched', secret);
  const used = await vault.lookup('vouch', `${site}.${jti}`);
  if (!(await store.use(used, { hold, until }, now)))
    throw new Refusal('vouch_refused', 'Another browser has brought this token.');
  await rememberSaid(c.env, { id: visitor, site }, said, now);
  const held = { hold, visitor, key, provedAt: null };
  if (!isSame) await store.addHold(held, { hold: before?.hold }, now);
  else if (!(await store.renewHold({ ...held, until: before.key === key ? before.until : 0 }, now)))
    throw new Refusal('vouch_refused', 'This browser was signed out meanwhile.');
  setCookieTo(c, site, 'vouched', secret);
  return visitor;
}

/** Whom this browser holds, unless that has ended. */
async function heldVisitor(c: Ctx, site: SiteId, kind: Kind, now: number): Promise<VisitorId | undefined> {
  const held = await holdOf(c, site, kind, now);
  if (held !== undefined && (await new VisitorStore(c.env.DB).renewHold(held, now))) {
    setCookieTo(c, site, kind, held.secret);
    return held.visitor;
  }
  // A browser's own secret that holds nobody is somebody by itself.
  if (kind === 'vouched' && heldSecret(c, site, kind) !== undefined) forgetCookie(c, site, kind);
  return undefined;
}

async function holdOf(
  c: Ctx,
  site: SiteId,
  kind: Kind,
  now: number,
): Promise<(Hold & { secret: string }) | undefined> {
  const secret = heldSecret(c, site, kind);
  if (secret === undefined) return undefined;
  const hold = await new VisitorStore(c.env.DB).holdOf(await hashOf(c.env, site, kind, secret), now);
  return hold === undefined ? undefined : { ...hold, secret };
}

/** Whom this cookie stands for is not here any more. */
async function letGo(c: Ctx, site: SiteId, kind: Kind): Promise<void> {
  const secret = heldSecret(c, site, kind);
  if (secret !== undefined)
    await new VisitorStore(c.env.DB).dropHold(await hashOf(c.env, site, kind, secret));
  if (secret !== undefined || kind === 'own') forgetCookie(c, site, kind);
}

/** Another hash for each of the two cookies, so that neither secret is of use as the other. */
async function hashOf(env: Env, site: SiteId, kind: Kind, secret: string): Promise<Uint8Array> {
  const label = kind === 'own' ? 'own hold' : 'hold';
  return (await vaultOf(env)).lookup(label, `${site}.${secret}`);
}
