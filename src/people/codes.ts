/**
 * One-time codes by mail, by which visitors prove that an address is theirs: in the browser that asked, or to go on in it
 * as whoever has proved the address in another one (docs/RULES.md, V8 to V11). Whoever asks for another browser's
 * conversations is answered before anything is looked up, and from then on as if somebody had been found. Whom a site
 * vouches for proves their own address, and nothing else (V16).
 */
import { timingSafeEqual } from 'node:crypto';
import { type Env, vaultOf } from '../config.ts';
import { addressOf, type Ctx } from '../http.ts';
import { logFault } from '../log.ts';
import type { SiteId, VisitorId } from '../protocol/ids.ts';
import { lifetimes, limits } from '../protocol/limits.ts';
import { Refusal } from '../protocol/refusals.ts';
import type { CodeAnswer } from '../protocol/visitors.ts';
import { bannedAddress, banOn, isBanned, networkPrefix } from './bans.ts';
import { mayAskFrom, mayMailFrom } from './codes/rules.ts';
import { type Ask, CodeStore, type Wish } from './codes/store.ts';
import { mailCode } from './mail.ts';
import type { Visitor } from './permission.ts';
import {
  type Held,
  heldHere,
  mayProveVouched,
  type Present,
  proveVisitor,
  proveVouched,
  visitorProving,
} from './visitor.ts';

type Wished = { wish: Wish; address: string; language: string | undefined };
export type Proved = { visitor: Present; wish: Wish };

/**
 * A code for this visitor, in place of an earlier one. Whether it is mailed is not said.
 * @throws {Refusal} not_allowed, too_fast
 */
export async function askForCode(
  c: Ctx,
  visitor: Visitor,
  siteName: string,
  { wish, address, language }: Wished,
  now: number,
): Promise<CodeAnswer> {
  const held = await requireHere(c, visitor, now);
  // Nobody is somebody besides whom a site vouches for.
  if (held.kind === 'vouched' && wish === 'continue') throw new Refusal('not_allowed');
  const { id: asker, site } = visitor;
  const vault = await vaultOf(c.env);
  const store = new CodeStore(c.env.DB);
  const { lookup } = await bannedAddress(c.env, address);
  const network = await vault.lookup('code network', networkPrefix(addressOf(c.req.raw) ?? '') ?? 'unknown');
  const ask: Ask = { asker, site, wish, address: lookup, network };
  await store.forget(now);
  const asked = await store.askedBy(asker);
  if (now < mayAskFrom(asked)) throw new Refusal('too_fast');
  // Until one is mailed it is a code that nobody can give.
  const id = await store.add(ask, crypto.getRandomValues(new Uint8Array(32)), asked, now);
  if (id === undefined) throw new Refusal('too_fast');
  const mailing = async () => {
    const code = newCode();
    if (!(await mayBeMailed(c.env, ask, held.kind, address, now))) return;
    const mailed = await store.mailedTo(site, lookup);
    if (now < mayMailFrom(mailed)) return;
    if (!(await store.mail(id, ask, await hashOf(c.env, held, address, code), mailed, now))) return;
    await mailCode(c.env, address, { site: siteName, code, language });
  };
  c.executionCtx.waitUntil(mailing().catch((error: unknown) => logFault('mail.code', error)));
  return { until: now + lifetimes.visitorCode, again: mayAskFrom({ count: asked.count + 1, lastAt: now }) };
}

/**
 * Nobody who is banned comes in by it, only whoever has proved an address is found by it, and whom a site vouches for has
 * it mailed to no other address than theirs.
 */
async function mayBeMailed(
  env: Env,
  { asker, site, wish, address }: Ask,
  kind: Held['kind'],
  to: string,
  now: number,
): Promise<boolean> {
  const holder = wish === 'prove' ? asker : await visitorProving(env, site, address);
  if (holder === undefined || (await isKeptOut(env, holder, to, now))) return false;
  return kind === 'own' || mayProveVouched(env, asker, to);
}

/**
 * Whoever this browser is once it has given back the code that was mailed to this address.
 * @throws {Refusal} not_allowed, wrong_code, code_gone, banned
 */
export async function redeemCode(
  c: Ctx,
  visitor: Visitor,
  { address, code }: { address: string; code: string },
  now: number,
): Promise<Proved> {
  const held = await requireHere(c, visitor, now);
  const { id: asker, site } = visitor;
  const store = new CodeStore(c.env.DB);
  const tried = await store.startTry(asker, now);
  if (tried === undefined) throw new Refusal('code_gone');
  if (!timingSafeEqual(tried.code, await hashOf(c.env, held, address, code))) throw new Refusal('wrong_code');
  if (!(await store.spend(tried.id))) throw new Refusal('code_gone');
  const { lookup } = await bannedAddress(c.env, address);
  const { wish } = tried;
  const holder = wish === 'prove' ? asker : await visitorProving(c.env, site, lookup);
  if (holder === undefined) throw new Refusal('code_gone');
  if (await isKeptOut(c.env, holder, address, now)) throw new Refusal('banned');
  const proved =
    held.kind === 'vouched'
      ? await proveVouched(c, visitor, held.secret, address, now)
      : await proveVisitor(c, visitor, held.secret, holder, address, now);
  if (proved === undefined) throw new Refusal('code_gone');
  return { visitor: proved, wish };
}

/** Nothing is left of what this visitor asked for, nor of what was mailed to this address on their site. */
export async function eraseCodes(
  env: Env,
  visitor: VisitorId,
  address: { site: SiteId; lookup: Uint8Array } | null,
): Promise<void> {
  await new CodeStore(env.DB).erase(visitor, address);
}

/** A token alone proves nothing for its visitor: it may be a copy, or older than their cookie. */
async function requireHere(c: Ctx, visitor: Visitor, now: number): Promise<Held> {
  const held = await heldHere(c, visitor, now);
  if (held === undefined) throw new Refusal('not_allowed');
  return held;
}

async function isKeptOut(env: Env, visitor: VisitorId, address: string, now: number): Promise<boolean> {
  const isOut = await isBanned(env, visitor, null, now);
  return isOut || (await banOn(env, await bannedAddress(env, address), now)) !== undefined;
}

/** A code is this browser's and this address's: it is of no use in another browser, or on another site. */
async function hashOf(env: Env, { secret }: Held, address: string, code: string): Promise<Uint8Array> {
  return (await vaultOf(env)).lookup('visitor-code', `${secret}.${code}.${address}`);
}

const codes = 10 ** limits.codeLength;
const whole = 2 ** 32 - (2 ** 32 % codes);

/** Each as likely as any other: what is above the last whole million is thrown again. */
function newCode(): string {
  for (;;) {
    const [number = whole] = crypto.getRandomValues(new Uint32Array(1));
    if (number < whole) return String(number % codes).padStart(limits.codeLength, '0');
  }
}
