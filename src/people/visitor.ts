/**
 * Visitors. Who a visitor is rests on a secret in their browser's cookie. By itself it is random, and the id its keyed
 * hash together with the site: nothing has to be stored, no site's cookie is of use on another, and nobody can claim an
 * id. Whom their site vouches for is the same visitor in each of their browsers, which hold them by a second cookie.
 */
import { vaultOf } from '../config.ts';
import type { Env } from '../config.ts';
import type { Ctx } from '../http.ts';
import { idFrom, type SiteId, type VisitorId } from '../protocol/ids.ts';
import { Refusal } from '../protocol/refusals.ts';
import type { VisitorSession } from '../protocol/visitors.ts';
import { forgetCookie, heldSecret, newSecret, setCookieTo } from './visitor/cookie.ts';
import { type Facts, factsOf, nothingProved, remember } from './visitor/facts.ts';
import { type Hold, VisitorStore } from './visitor/store.ts';
import { vouchedFor } from './vouching.ts';

export type { Facts } from './visitor/facts.ts';
type Present = { id: VisitorId } & Pick<VisitorSession['visitor'], 'vouched' | 'proof'>;

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
  if (vouch === null) await letGo(c, site);
  const known =
    typeof vouch === 'string' ? await vouchedVisitor(c, site, vouch, now) : await heldVisitor(c, site, now);
  if (known === undefined) return { id: await ownVisitor(c, site), vouched: false, proof: nothingProved };
  const { proof } = await factsOf(c.env, known);
  return { id: known, vouched: true, proof };
}

/** This browser is nobody on this site any more. Who they were by themselves can't come back: the secret was here alone. */
export async function forgetVisitor(c: Ctx, site: SiteId): Promise<void> {
  await letGo(c, site);
  forgetCookie(c, site, 'own');
}

/** Whoever has proved an address, by its keyed hash. */
export function visitorsWithAddress(env: Env, lookup: Uint8Array): Promise<VisitorId[]> {
  return new VisitorStore(env.DB).withAddress(lookup);
}

/** What is proved of this visitor. */
export function factsOfVisitor(env: Env, visitor: VisitorId): Promise<Facts> {
  return factsOf(env, visitor);
}

/** Whoever this browser is by itself, with nothing known of them. */
async function ownVisitor(c: Ctx, site: SiteId): Promise<VisitorId> {
  const secret = heldSecret(c, site, 'own') ?? newSecret();
  setCookieTo(c, site, 'own', secret);
  return idFrom('visitor', await (await vaultOf(c.env)).lookup('visitor', `${site}.${secret}`));
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
  const before = await holdOf(c, site, now);
  const isSame = before?.visitor === visitor;
  // A new identity is a new secret: who knew the one before is not it.
  const secret = isSame ? before.secret : newSecret();
  const hold = await hashOf(c.env, site, secret);
  const used = await vault.lookup('vouch', `${site}.${jti}`);
  if (!(await store.use(used, { hold, until }, now)))
    throw new Refusal('vouch_refused', 'Another browser has brought this token.');
  await remember(c.env, visitor, site, said, now);
  if (before !== undefined && !isSame) await store.dropHold(before.hold);
  await renew(
    c,
    site,
    { hold, visitor, key, until: isSame && before.key === key ? before.until : 0 },
    secret,
    now,
  );
  return visitor;
}

/** Who this browser was vouched to be, unless that has ended. */
async function heldVisitor(c: Ctx, site: SiteId, now: number): Promise<VisitorId | undefined> {
  const held = await holdOf(c, site, now);
  if (held === undefined) return undefined;
  await renew(c, site, held, held.secret, now);
  return held.visitor;
}

async function holdOf(c: Ctx, site: SiteId, now: number): Promise<(Hold & { secret: string }) | undefined> {
  const secret = heldSecret(c, site, 'vouched');
  if (secret === undefined) return undefined;
  const hold = await new VisitorStore(c.env.DB).holdOf(await hashOf(c.env, site, secret), now);
  if (hold === undefined) forgetCookie(c, site, 'vouched');
  return hold === undefined ? undefined : { ...hold, secret };
}

async function renew(c: Ctx, site: SiteId, hold: Hold, secret: string, now: number): Promise<void> {
  await new VisitorStore(c.env.DB).keepHold(hold, now);
  setCookieTo(c, site, 'vouched', secret);
}

/** Whom the site vouched for is not here any more. */
async function letGo(c: Ctx, site: SiteId): Promise<void> {
  const secret = heldSecret(c, site, 'vouched');
  if (secret === undefined) return;
  await new VisitorStore(c.env.DB).dropHold(await hashOf(c.env, site, secret));
  forgetCookie(c, site, 'vouched');
}

async function hashOf(env: Env, site: SiteId, secret: string): Promise<Uint8Array> {
  return (await vaultOf(env)).lookup('hold', `${site}.${secret}`);
}
