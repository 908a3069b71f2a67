/**
 * Who is asking: the one authentication path of HTTP and WebSocket. A signature proves who it was; for staff the
 * account says, at every request, whether they still are.
 */
import type { Env } from '../config.ts';
import { configOf, vaultOf } from '../config.ts';
import { addressOf, bears, type Ctx } from '../http.ts';
import { lifetimes } from '../protocol/limits.ts';
import { type Action, builtInRoles, type Grants } from '../protocol/permissions.ts';
import { Refusal, type RefusalCode } from '../protocol/refusals.ts';
import { grantsOf, type Role, type RoleHeld, roleSchema } from '../protocol/roles.ts';
import { seeAsHeader } from '../protocol/see-as.ts';
import { closedOf, nextClosing } from '../protocol/training.ts';
import { fitting } from '../http.ts';
import { accountOf, isFresh, type Rights, type SessionState, type TakenSeat } from './account.ts';
import { isBanned, networkOfRequest } from './bans.ts';
import { isPlaceOfStaff, organisationOf } from './organisation.ts';
import { type Asker, lackOf, may, reachOf, type Staff, type Thing, type Visitor } from './permission.ts';
import { heldNow, isBlocked, refusalOf, shutBy } from './containment.ts';
import { begin, concerns, doorAt, knownAs, refusedAtSocket } from './recording.ts';
import { heldRole } from './roles.ts';
import {
  type FactorClaims,
  type FileClaims,
  type Issued,
  type Opened,
  type RoomId,
  type TicketClaims,
  Tokens,
} from './tokens.ts';

/** Whoever has the deployment's own token may set it up, while nobody else can. @throws {Refusal} signed_out */
export function requireSetupToken(c: Ctx): void {
  if (!bears(c.req.raw, configOf(c.env).setupToken)) throw new Refusal('signed_out');
}

export async function tokensOf(env: Env): Promise<Tokens> {
  return new Tokens(await vaultOf(env), configOf(env).origin);
}

/** Somebody who has proved who they are, and until when that holds without another proof. Unix milliseconds. */
export type ProvedAsker = { asker: Asker; until: number };

/**
 * The staff or visitor behind the request's bearer token. What they are about to do is kept from here on.
 * @throws {Refusal} signed_out, factor_needed, place_refused, banned, and as `refuseShut`
 */
export async function askerOf(env: Env, request: Request): Promise<Asker> {
  return (await provedAskerOf(env, request)).asker;
}

/** As `askerOf`, and until when their token is good. */
export async function provedAskerOf(env: Env, request: Request): Promise<ProvedAsker> {
  const proved = await identified(env, request);
  await refuseShutDoor(env, request, proved.asker.kind === 'visitor' ? proved.asker.site : undefined);
  await begin(env, request, proved.asker);
  return proved;
}

async function identified(env: Env, request: Request): Promise<ProvedAsker> {
  const token = bearerOf(request);
  const tokens = await tokensOf(env);
  const staff = await tokens.verifyStaff(token);
  if (staff !== undefined) {
    const rights = await liveRights(env, staff.sub, staff.sid);
    if (rights !== undefined) knownAs(request, { id: staff.sub, session: staff.sid });
    // Before anything else is said (S19): from elsewhere nobody learns whether a session lives.
    await requirePlace(env, request, rights);
    if (rights === undefined) throw new Refusal('signed_out');
    const asker = await seeingAs(env, staffFrom(rights, staff.sid), roleToSeeAs(request));
    if (asker === undefined) throw new Refusal('not_allowed');
    return { asker, until: staff.exp * 1000 };
  }
  const visitor = await tokens.verifyVisitor(token);
  if (visitor !== undefined) {
    await refuseBanned(env, request, visitor.sub);
    await refuseBlocked(env, request, {});
    const asker = { kind: 'visitor', id: visitor.sub, site: visitor.site } as const;
    return { asker, until: visitor.exp * 1000 };
  }
  const half = await tokens.verifyFactor(token);
  if (half === undefined) throw new Refusal('signed_out');
  concerns(request, half.sub);
  throw new Refusal('factor_needed');
}

export async function staffOf(env: Env, request: Request): Promise<Staff> {
  const asker = await askerOf(env, request);
  if (asker.kind !== 'staff') throw new Refusal('not_allowed');
  return asker;
}

export async function visitorOf(env: Env, request: Request): Promise<Visitor> {
  const asker = await askerOf(env, request);
  if (asker.kind !== 'visitor') throw new Refusal('not_allowed');
  return asker;
}

/**
 * Goes on only if nothing that is held back in an incident shuts this door for now: at the doors that nobody has to be
 * known for. Whoever is not known yet may be anybody on staff, and where they come from is asked again once they are.
 * @throws {Refusal} read_only, exports_frozen, files_frozen, site_locked, place_refused
 */
export async function refuseShut(env: Env, request: Request, site?: Visitor['site']): Promise<void> {
  await refuseBlocked(env, request, site === undefined ? builtInRoles.owner : {});
  await refuseShutDoor(env, request, site);
}

async function refuseShutDoor(env: Env, request: Request, site?: Visitor['site']): Promise<void> {
  const door = doorAt(request);
  const shut = door === undefined ? undefined : shutBy(await heldNow(env), door, site);
  if (shut !== undefined) throw new Refusal(shut);
}

/** Nobody who may do this much comes in from a network that is blocked for them. @throws {Refusal} place_refused */
export async function refuseBlocked(
  env: Env,
  request: Request,
  grants: Grants,
  needs?: 'now',
): Promise<void> {
  const held = await heldNow(env, needs);
  if (held.networks.size === 0) return;
  if (isBlocked(held, await networkOfRequest(env, request), grants)) throw new Refusal('place_refused');
}

/** Whose session this is, from wherever they ask: nobody who goes is kept. @throws {Refusal} as `askerOf` */
export async function leavingOf(
  env: Env,
  request: Request,
): Promise<Pick<Staff, 'id' | 'session'> | undefined> {
  const staff = await (await tokensOf(env)).verifyStaff(bearerOf(request));
  if (staff !== undefined) return { id: staff.sub, session: staff.sid };
  await askerOf(env, request);
  return undefined;
}

/** Goes on only if this visitor may write from here. @throws {Refusal} banned */
export async function refuseBanned(env: Env, request: Request, visitor: Visitor['id']): Promise<void> {
  const network = await networkOfRequest(env, request);
  if (await isBanned(env, visitor, network, Date.now())) throw new Refusal('banned');
}

/** Somebody whose password alone was proved. */
export async function halfSignedInOf(env: Env, request: Request): Promise<FactorClaims> {
  const claims = await (await tokensOf(env)).verifyFactor(bearerOf(request));
  if (claims === undefined) throw new Refusal('signed_out');
  return claims;
}

/** Goes on only if the permission rule says yes. A thing that may not be seen answers as if it were not there. */
export function allow(
  asker: Asker,
  action: Action,
  thing: Thing = {},
  refusal: RefusalCode = 'not_allowed',
): void {
  if (may(asker, action, thing)) return;
  throw new Refusal(refusal, refusal === 'not_allowed' ? lackOf(asker, action, thing) : undefined);
}

/** Goes on only if there is anything at all of which they may do this. @throws {Refusal} not_allowed */
export function allowSomewhere(staff: Staff, action: Action): void {
  if (reachOf(staff, action) === undefined) throw new Refusal('not_allowed', lackOf(staff, action));
}

/**
 * Goes on only if a second factor was proved in this session just now.
 * @throws {Refusal} step_up_needed, signed_out
 */
export async function requireStepUp(env: Env, { id, session }: Staff): Promise<void> {
  const state: SessionState | undefined = await accountOf(env, id).sessionState(session);
  if (state === undefined) throw new Refusal('signed_out');
  if (!isFresh(state.session, Date.now())) throw new Refusal('step_up_needed');
}

/**
 * As `requireStepUp`, unless this session watches this conversation already, or did within the time of its last seat:
 * a line that breaks, or a page that is loaded anew, is not another watch (M7).
 */
export async function requireStepUpToWatch(env: Env, staff: Staff, room: RoomId): Promise<void> {
  if (!(await accountOf(env, staff.id).watches(room, staff.session))) await requireStepUp(env, staff);
}

/** A browser on another origin may not ask; machine clients send no origin. @throws {Refusal} origin_refused */
export function refuseForeignOrigin(env: Env, request: Request): void {
  const origin = request.headers.get('origin');
  if (origin !== null && origin !== configOf(env).origin) throw new Refusal('origin_refused');
}

/**
 * Staff work from the networks that their organisation names, if it names any, and from none that is blocked.
 * @param who undefined: nobody is known yet, see `refuseShut`
 * @throws {Refusal} place_refused, before anything else is said
 */
export async function requirePlace(env: Env, request: Request, who?: RoleHeld, needs?: 'now'): Promise<void> {
  if (!isPlaceOfStaff(await organisationOf(env, needs), addressOf(request)))
    throw new Refusal('place_refused');
  await refuseBlocked(env, request, who === undefined ? builtInRoles.owner : grantsOf(who), needs);
}

/** Where a cookie speaks for somebody, only Sotto's own pages may ask. */
export function requireOwnOrigin(env: Env, request: Request): void {
  if (request.headers.get('origin') !== configOf(env).origin) throw new Refusal('origin_refused');
}

type GoodTicket = TicketClaims & { jti: string; exp: number };

/** What this ticket for this room says. Undefined for a ticket that is no good. */
export async function ticketClaimsFor(
  env: Env,
  ticket: string,
  room: RoomId,
): Promise<GoodTicket | undefined> {
  const claims = await (await tokensOf(env)).verifyTicket(ticket);
  return claims?.room === room ? claims : undefined;
}

/**
 * Who a ticket's holder is now, and until when they may be there without a new ticket. Staff take their seat on the
 * way, or keep it, so that it can be ended; undefined if their session has ended or a visitor's access has run out,
 * `too_many` if they have no seat left, `banned` for a visitor who may not write, `held` for one whose site is shut.
 */
export async function seatedAsker(
  env: Env,
  ticket: TicketClaims,
  seat: {
    room: RoomId;
    session: Staff['session'] | null;
    id: string;
    network: string | null;
    silent: boolean;
  },
  now: number,
): Promise<ProvedAsker | 'too_many' | 'banned' | 'held' | undefined> {
  if ('site' in ticket) {
    const { sites, networks } = await heldNow(env, 'now');
    if (sites.has(ticket.site)) return 'held';
    if (seat.network !== null && networks.has(seat.network)) return 'banned';
    if (await isBanned(env, ticket.sub, seat.network, now)) return 'banned';
    const until = ticket.until * 1000;
    return until > now ? { asker: { kind: 'visitor', id: ticket.sub, site: ticket.site }, until } : undefined;
  }
  const { room, id, silent } = seat;
  const until = now + lifetimes.staffAccess;
  const taken: TakenSeat = await accountOf(env, ticket.sub).takeSeat({
    room,
    id,
    session: ticket.sid,
    until,
    silent,
  });
  if (taken === undefined || taken === 'too_many') return taken;
  if (taken === 'over_budget') {
    await refusedAtSocket(
      env,
      { id: ticket.sub, session: ticket.sid },
      {
        door: 'GET /conversations/:id/socket',
        code: 'step_up_needed',
        object: room,
        facts: { budget: 'conversations' },
        count: 1,
      },
    );
    // Asked over HTTP for another ticket, their page is told what is missing.
    return undefined;
  }
  const state: SessionState = taken;
  const ends = state.session.authAt + lifetimes.sessionAbsolute;
  const closes = nextClosing(state.rights.gates, now);
  const asker = await seeingAs(env, staffFrom(state.rights, ticket.sid), ticket.as);
  return asker && { asker: { ...asker, ...(silent && { silent }) }, until: Math.min(until, ends, closes) };
}

/**
 * Whether whoever holds this ticket may sit where they ask from. To be asked once their seat is taken: then a change
 * of the networks either is known here already, or finds the seat.
 */
export async function mayComeFrom(
  env: Env,
  ticket: TicketClaims,
  { address, network }: { address: string | null; network: string | null },
): Promise<boolean> {
  if ('site' in ticket) return true;
  const held = await heldNow(env, 'now');
  if (network !== null && held.networks.has(network)) {
    const rights = await liveRights(env, ticket.sub, ticket.sid);
    if (rights === undefined || isBlocked(held, network, grantsOf(rights))) return false;
  }
  return isPlaceOfStaff(await organisationOf(env, 'now'), address);
}

export async function giveUpSeat(env: Env, person: Staff['id'], seat: string): Promise<void> {
  await accountOf(env, person).leaveSeat(seat);
}

/** What the browser that opens something is given, for a while, to load it by. */
export async function fileLinkFor(env: Env, asker: Asker, opened: Opened): Promise<Issued> {
  const holder =
    asker.kind === 'visitor'
      ? { sub: asker.id, site: asker.site }
      : { sub: asker.id, sid: asker.session, ...(asker.ownRole !== undefined && { role: asker.role }) };
  return (await tokensOf(env)).file({ ...holder, ...opened }, Date.now());
}

/**
 * Who opened what in this browser, if they still are who they were and may come from here. Undefined for everybody
 * else: for them it is not there.
 * @throws {Refusal} exports_frozen, files_frozen, site_locked, place_refused
 */
export async function fileOpenerOf(
  env: Env,
  request: Request,
  link: string,
): Promise<{ asker: Asker; opened: FileClaims } | undefined> {
  const opened = await (await tokensOf(env)).verifyFile(link);
  if (opened === undefined) return undefined;
  const rights = 'site' in opened ? undefined : await liveRights(env, opened.sub, opened.sid);
  await refuseBlocked(env, request, rights === undefined ? {} : grantsOf(rights));
  const { modes, sites } = await heldNow(env);
  const mode = 'file' in opened ? 'files' : 'exports';
  if (modes.has(mode)) throw new Refusal(refusalOf[mode]);
  if ('site' in opened && sites.has(opened.site)) throw new Refusal('site_locked');
  if ('site' in opened) {
    const isAway = await isBanned(env, opened.sub, await networkOfRequest(env, request), Date.now());
    return isAway ? undefined : { asker: { kind: 'visitor', id: opened.sub, site: opened.site }, opened };
  }
  if (rights === undefined || !isPlaceOfStaff(await organisationOf(env), addressOf(request)))
    return undefined;
  const asker = await seeingAs(env, staffFrom(rights, opened.sid), opened.role);
  return asker && { asker, opened };
}

export function isSamePerson(one: Asker, other: Asker): boolean {
  return one.kind === other.kind && one.id === other.id;
}

function bearerOf(request: Request): string {
  const header = request.headers.get('authorization') ?? '';
  if (!header.startsWith('Bearer ')) throw new Refusal('signed_out');
  return header.slice('Bearer '.length);
}

function staffFrom(rights: Rights, session: Staff['session']): Staff {
  const { person, role, grants, teams, gates } = rights;
  const closed = closedOf(gates, Date.now());
  return { kind: 'staff', id: person, session, role, grants, teams, ...(closed.length > 0 && { closed }) };
}

/** @throws {Refusal} invalid */
function roleToSeeAs(request: Request): Role | undefined {
  const header = request.headers.get(seeAsHeader);
  return header === null ? undefined : fitting(roleSchema, header);
}

/**
 * Somebody with another role's rights in place of their own, which have to cover these: it narrows and never widens
 * (P8). Undefined: they may not, or there is no such role (any more).
 */
async function seeingAs(env: Env, staff: Staff, role: Role | undefined): Promise<Staff | undefined> {
  if (role === undefined) return staff;
  const held = await heldRole(env, role);
  const isAllowed = held !== undefined && may(staff, 'people.list', { grants: grantsOf(held) });
  return isAllowed ? { ...staff, ...held, ownRole: staff.role } : undefined;
}

const answerReuse = 1_000;
const answers = new Map<string, { at: number; rights: Rights | undefined }>();

/** Asks the account whether this session lives. An answer serves for one second in this isolate. */
async function liveRights(
  env: Env,
  person: Staff['id'],
  session: Staff['session'],
): Promise<Rights | undefined> {
  const now = Date.now();
  const name = `${person}.${session}`;
  const known = answers.get(name);
  if (known !== undefined && Math.abs(now - known.at) < answerReuse) return known.rights;
  for (const [key, answer] of answers) if (Math.abs(now - answer.at) >= answerReuse) answers.delete(key);
  const state: SessionState | undefined = await accountOf(env, person).sessionState(session);
  answers.set(name, { at: now, rights: state?.rights });
  return state?.rights;
}
