/**
 * Banning from where one talks with people: whom a ban is for is read from their conversation, and what they have open
 * closes when it begins.
 */
import type { Env } from '../config.ts';
import {
  addBan,
  bannedAddress,
  bannedNetwork,
  bannedVisitor,
  type Banned,
  banOf,
  banOn,
  liftBan,
  listBans,
  networkPrefix,
} from '../people/bans.ts';
import { containmentOn } from '../people/containment.ts';
import { allow, allowSomewhere } from '../people/guard.ts';
import { may, type Staff } from '../people/permission.ts';
import { factsOfVisitor, visitorsWithAddress } from '../people/visitor.ts';
import type { Ban, banRequest, customerBanRequest } from '../protocol/bans.ts';
import type { BanId, ConversationId, SiteId, TeamId, VisitorId } from '../protocol/ids.ts';
import { Refusal, take } from '../protocol/refusals.ts';
import type { InferOutput } from 'valibot';
import { logFault, settled } from '../log.ts';
import { conversationOf, type ToBan } from './conversation.ts';
import { veiledAddress } from './veil.ts';
import { conversationsSince, newestOfVisitor } from './directory.ts';

/** So many conversations are told at once. */
export const toldAtOnce = 100;
/** Where a network's visitors sit is not kept: wherever somebody may still look at what was closed is told too. */
const lookedAt = 24 * 3_600_000;
/** Of a visitor's conversations, the last that went on. */
const mostTold = 500;

/** @throws {Refusal} not_found, not_allowed, address_unproved, network_unknown, no_room */
export async function banCustomer(
  env: Env,
  staff: Staff,
  conversation: ConversationId,
  { kind, ...why }: InferOutput<typeof customerBanRequest>,
): Promise<Ban> {
  const customer = take(await conversationOf(env, conversation).customerToBan(staff));
  // A visitor is of one site; a network and an address are of every team.
  if (kind !== 'visitor') allow(staff, 'visitor.ban');
  const banned = await bannedOf(env, customer, kind);
  const team = kind === 'visitor' ? customer.team : null;
  const ban = await made(env, staff, banned, { ...why, team });
  await expel(env, banned, customer.visitor);
  return ban;
}

async function bannedOf(env: Env, { visitor, network }: ToBan, kind: Banned['kind']): Promise<Banned> {
  if (kind === 'visitor') return bannedVisitor(env, visitor);
  if (kind === 'network') {
    if (network === null) throw new Refusal('network_unknown');
    return { kind, lookup: Uint8Array.fromHex(network), target: null };
  }
  const { address } = await factsOfVisitor(env, visitor);
  if (address === null) throw new Refusal('address_unproved');
  return bannedAddress(env, address);
}

/** Of nobody in particular. @throws {Refusal} not_allowed, invalid, no_room */
export async function ban(
  env: Env,
  staff: Staff,
  { kind, target, ...why }: InferOutput<typeof banRequest>,
): Promise<Ban> {
  allow(staff, 'visitor.ban');
  const banned = kind === 'address' ? await bannedAddress(env, target) : await networkNamed(env, target);
  const ban = await made(env, staff, banned, { ...why, team: null });
  await expel(env, banned);
  return ban;
}

/** Nobody puts a ban in the place of one that they may not lift. @throws {Refusal} already_done, no_room */
async function made(
  env: Env,
  staff: Staff,
  banned: Banned,
  why: { reason: string; lasts: number; team: TeamId | null },
): Promise<Ban> {
  const now = Date.now();
  const before = await banOn(env, banned, now);
  if (before !== undefined && !may(staff, 'visitor.ban', placeOf(before))) throw new Refusal('already_done');
  return veiled(staff, await addBan(env, staff, banned, why, now));
}

/** An address is covered in a ban as it is beside a conversation (P7). */
function veiled(staff: Staff, ban: Ban): Ban {
  const isOpen = ban.kind !== 'address' || may(staff, 'customer.address', placeOf(ban));
  return isOpen || ban.target === null ? ban : { ...ban, target: veiledAddress(ban.target) };
}

/** Any address of it, or the network as it is shown. */
async function networkNamed(env: Env, text: string): Promise<Banned> {
  const prefix = networkPrefix(text.replace(/\/(?:24|48)$/, ''));
  if (prefix === undefined || (text.includes('/') && prefix.split('/')[1] !== text.split('/')[1]))
    throw new Refusal('invalid', 'target: not an address, an IPv4 /24 or an IPv6 /48');
  return bannedNetwork(env, prefix);
}

/** Those that are in force and come from where this member of staff may know of visitors. */
export async function bansFor(env: Env, staff: Staff): Promise<Ban[]> {
  allowSomewhere(staff, 'visitor.list');
  const bans = await listBans(env, Date.now());
  return bans.filter((each) => may(staff, 'visitor.list', placeOf(each))).map((each) => veiled(staff, each));
}

/** One of nobody in particular is for those who may ban everywhere. */
function placeOf({ team }: Pick<Ban, 'team'>): { team?: TeamId } {
  return team === null ? {} : { team };
}

/** @throws {Refusal} not_found */
export async function unban(env: Env, staff: Staff, id: BanId): Promise<void> {
  allowSomewhere(staff, 'visitor.ban');
  const known = await banOf(env, id);
  if (known === undefined || !may(staff, 'visitor.ban', placeOf(known))) throw new Refusal('not_found');
  await liftBan(env, id);
}

/** A site is shut for now, which is known already: what its visitors have open closes. */
export async function expelVisitorsOf(env: Env, site: SiteId): Promise<void> {
  const pages = conversationsSince(env, Date.now() - lookedAt, toldAtOnce, site);
  await tellAll('site.expel', pages, (id) => conversationOf(env, id).expelVisitors());
}

/**
 * As many as one request can ask (some thousand). It holds already: whoever could not be told goes with the next frame in
 * their conversation, or as they have to ask to stay.
 */
async function tellAll(
  fault: string,
  pages: AsyncGenerator<ConversationId[]>,
  told: (id: ConversationId) => Promise<void>,
): Promise<void> {
  try {
    for await (const ids of pages) if ((await settled(fault, ids, told)).done.length === 0) return;
  } catch (error) {
    logFault(fault, error);
  }
}

/**
 * A network is blocked, which will be known where everybody is asked: the ban says which network it is. Where one lasts as
 * long already it stays, unless blocking has set it before; where there is no room for another, it is done without.
 * @param now when it is blocked: a ban that was set by it is of the same moment
 * @throws {Refusal} invalid
 */
export async function blockNetwork(
  env: Env,
  staff: Staff,
  network: string,
  { reason, lasts }: { reason: string; lasts: number },
  now: number,
): Promise<{ banned: Banned; expel: () => Promise<void> }> {
  const banned = await networkNamed(env, network);
  const [before, blocked] = await Promise.all([
    banOn(env, banned, now),
    containmentOn(env, 'network', banned.lookup.toHex()),
  ]);
  const isOther = before !== undefined && before.at !== blocked?.at;
  if (!isOther || before.until < now + lasts)
    await addBan(env, staff, banned, { reason, lasts, team: null }, now).catch(unlessFull);
  return { banned, expel: () => expel(env, banned) };
}

function unlessFull(reason: unknown): undefined {
  if (!(reason instanceof Refusal) || reason.code !== 'no_room') throw reason;
}

/**
 * Closes what they have open. The ban is there already, so that nothing is opened anew; a conversation that can't be
 * reached now, or was closed longer ago, ends it within fifteen minutes, when its visitor has to ask to stay.
 */
async function expel(env: Env, banned: Banned, visitor?: VisitorId): Promise<void> {
  if (banned.kind === 'network') {
    const network = banned.lookup.toHex();
    const pages = conversationsSince(env, Date.now() - lookedAt, toldAtOnce);
    return tellAll('ban.expel', pages, (id) => conversationOf(env, id).expelBanned({ network }));
  }
  const visitors =
    banned.kind === 'address'
      ? (await visitorsWithAddress(env, banned.lookup)).map(({ id }) => id)
      : [visitor];
  for (const each of visitors) {
    if (each === undefined) continue;
    const ids = await newestOfVisitor(env, each, mostTold);
    for (let from = 0; from < ids.length; from += toldAtOnce)
      await tell(env, ids.slice(from, from + toldAtOnce), { visitor: each });
  }
}

async function tell(env: Env, ids: readonly ConversationId[], who: { visitor: VisitorId }): Promise<void> {
  const told = await Promise.allSettled(ids.map((id) => conversationOf(env, id).expelBanned(who)));
  const failed = told.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) logFault('ban.expel', failed.reason);
}
