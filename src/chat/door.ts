/** What the rooms' routes share: ids in paths, tickets, and the way to a socket. */
import { addressOf, type Ctx, fitting, networkOf } from '../http.ts';
import { networkOfRequest } from '../people/bans.ts';
import { withinBudget } from '../people/budget.ts';
import { provedAskerOf, ticketClaimsFor, tokensOf, visitorOf } from '../people/guard.ts';
import type { Staff, Visitor } from '../people/permission.ts';
import type { RoomId, TicketClaims } from '../people/tokens.ts';
import { bodyOf } from '../http.ts';
import { emptyRequest, type TicketAnswer } from '../protocol/bodies.ts';
import { subprotocol } from '../protocol/frames.ts';
import { type IdKind, idSchema, isId } from '../protocol/ids.ts';
import { closeCodes, Refusal } from '../protocol/refusals.ts';
import { type JoinRequest, joinHeader, switchingThenClosing } from './sockets.ts';

/** An id in the path; one that is none is simply not there. */
export function idIn<Kind extends IdKind>(c: Ctx, kind: Kind, name: string) {
  try {
    return fitting(idSchema(kind), c.req.param(name));
  } catch {
    throw new Refusal('not_found');
  }
}

/** Visitors cost nothing to invent, so each network has a pace. @throws {Refusal} too_fast */
export async function limitVisitors(c: Ctx): Promise<void> {
  const { success } = await c.env.VISITOR_LIMIT.limit({ key: networkOf(c.req.raw) });
  if (!success) throw new Refusal('too_fast');
}

/** A visitor of the site in the path. @throws {Refusal} not_found, too_fast */
export async function visitorHere(c: Ctx): Promise<Visitor> {
  const visitor = await visitorOf(c.env, c.req.raw);
  await limitVisitors(c);
  if (visitor.site !== idIn(c, 'site', 'site')) throw new Refusal('not_found');
  return visitor;
}

/** Whether its holder may enter is the room's to say, at the door. */
export async function ticketFor(c: Ctx, room: RoomId): Promise<Response> {
  const { asker, until } = await provedAskerOf(c.env, c.req.raw);
  await bodyOf(c, emptyRequest);
  // It counts once they come with it.
  if (isId('conversation', room)) await withinBudget(c, asker, room, 'ask');
  const holder =
    asker.kind === 'staff'
      ? heldBy(asker)
      : { sub: asker.id, site: asker.site, until: Math.floor(until / 1000) };
  return ticketAnswer(c, { ...holder, room });
}

/** What a ticket repeats of whoever on staff it is given to. */
export function heldBy({ id, session, role, ownRole }: Staff) {
  return { sub: id, sid: session, ...(ownRole !== undefined && { as: role }) };
}

export async function ticketAnswer(c: Ctx, claims: TicketClaims): Promise<Response> {
  const { token } = await (await tokensOf(c.env)).ticket(claims, Date.now());
  return c.json<TicketAnswer>({ ticket: token }, 201);
}

/** The upgrade: who asks is proved here, once; the room gets the proof and nothing else of the request. */
export async function joined(
  c: Ctx,
  room: RoomId,
  stub: { fetch(request: Request): Promise<Response> },
): Promise<Response> {
  if (c.req.header('upgrade')?.toLowerCase() !== 'websocket') throw new Refusal('upgrade_needed');
  const offered = (c.req.header('sec-websocket-protocol') ?? '').split(',').map((part) => part.trim());
  if (!offered.includes(subprotocol)) throw new Refusal('upgrade_needed');
  const ticket = offered.find((part) => part.startsWith('ticket.'))?.slice('ticket.'.length) ?? '';
  const claims = await ticketClaimsFor(c.env, ticket, room);
  if (claims === undefined) return switchingThenClosing(closeCodes.signedOut);
  const { after, n, epoch } = c.req.query();
  if ([after, n].some((number) => number !== undefined && !/^(?:0|[1-9]\d{0,14})$/.test(number)))
    return switchingThenClosing(closeCodes.badFrame);
  const join: JoinRequest = {
    ticket: claims,
    from: addressOf(c.req.raw),
    after: after === undefined ? null : Number(after),
    n: Number(n ?? 0),
    epoch: epoch !== undefined && /^[0-9a-f-]{36}$/.test(epoch) ? epoch : null,
    network: await networkOfRequest(c.env, c.req.raw),
  };
  return stub.fetch(
    new Request('https://room/', { headers: { upgrade: 'websocket', [joinHeader]: JSON.stringify(join) } }),
  );
}
