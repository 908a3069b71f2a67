/** Sites, visitors, conversations and inboxes over HTTP, and the way to their sockets. */
import { Hono } from 'hono';
import { vaultOf } from '../config.ts';
import { bodyOf, type Ctx, fitting, type Http, networkOf } from '../http.ts';
import {
  allow,
  askerOf,
  requireOwnOrigin,
  staffOf,
  ticketClaimsFor,
  tokensOf,
  visitorOf,
} from '../people/guard.ts';
import type { Asker } from '../people/permission.ts';
import type { RoomId } from '../people/tokens.ts';
import { visitorFromCookie } from '../people/visitor.ts';
import {
  type BeginAnswer,
  beginRequest,
  type ConversationAnswer,
  type ConversationsAnswer,
  emptyRequest,
  type HistoryAnswer,
  historyQuery,
  siteRequest,
  type SitesAnswer,
  type TicketAnswer,
  type VisitorSession,
} from '../protocol/bodies.ts';
import { subprotocol } from '../protocol/frames.ts';
import { type ConversationId, idFrom, idSchema, type VisitorId } from '../protocol/ids.ts';
import { limits } from '../protocol/limits.ts';
import { closeCodes, Refusal, take } from '../protocol/refusals.ts';
import { type Change, conversationOf } from './conversation.ts';
import { conversationsForStaff, conversationsOfVisitor } from './directory.ts';
import { inboxOf } from './inbox.ts';
import { createSite, listSites, siteOf } from './sites.ts';
import { type JoinRequest, joinHeader, switchingThenClosing } from './sockets.ts';

export const chatRoutes = new Hono<Http>()
  .get('/sites', async (c) => {
    allow(await staffOf(c.env, c.req.raw), 'sites.list');
    return c.json<SitesAnswer>({ sites: await listSites(c.env) });
  })

  .post('/sites', async (c) => {
    allow(await staffOf(c.env, c.req.raw), 'sites.create');
    const site = await createSite(c.env, await bodyOf(c, siteRequest));
    if (site === undefined) throw new Refusal('invalid', 'team: there is no such team');
    return c.json({ site }, 201);
  })

  .post('/sites/:site/visitor', async (c) => {
    requireOwnOrigin(c.env, c.req.raw);
    await limitVisitors(c);
    await bodyOf(c, emptyRequest);
    const site = await siteOf(c.env, idIn(c, 'site', 'site'));
    if (site === undefined) throw new Refusal('not_found');
    const visitor = await visitorFromCookie(c, site.id);
    const now = Date.now();
    const { token, expires } = await (await tokensOf(c.env)).visitor({ sub: visitor, site: site.id }, now);
    return c.json<VisitorSession>({ access: token, expires, now, visitor: { id: visitor } });
  })

  .get('/conversations', async (c) => {
    const asker = await askerOf(c.env, c.req.raw);
    return c.json<ConversationsAnswer>({ conversations: await conversationsFor(c, asker) });
  })

  .post('/conversations', async (c) => {
    const visitor = await visitorOf(c.env, c.req.raw);
    await limitVisitors(c);
    const { page, ...first } = await bodyOf(c, beginRequest);
    const site = await siteOf(c.env, visitor.site);
    if (site === undefined) throw new Refusal('not_found');
    allow(visitor, 'conversation.begin', { site: site.id, visitor: visitor.id });
    const id = await conversationIdFor(c, visitor.id, first.id);
    const opening = {
      id,
      site: site.id,
      team: site.team,
      visitor: visitor.id,
      page: page === undefined ? null : plainPage(page),
    };
    const post = { ...first, since: 0, kind: 'text' as const };
    return c.json<BeginAnswer>(take(await conversationOf(c.env, id).begin(opening, visitor, post)), 201);
  })

  .get('/conversations/:id/messages', async (c) => {
    const asker = await askerOf(c.env, c.req.raw);
    const { before, limit } = fitting(historyQuery, c.req.query());
    const conversation = conversationOf(c.env, idIn(c, 'conversation', 'id'));
    const messages = take(await conversation.read(asker, before, limit ?? limits.joinMessages));
    return c.json<HistoryAnswer>({ messages });
  })

  .post('/conversations/:id/claim', (c) => changed(c, 'claim'))
  .post('/conversations/:id/close', (c) => changed(c, 'close'))
  .post('/conversations/:id/reopen', (c) => changed(c, 'reopen'))

  .post('/conversations/:id/tickets', (c) => ticketFor(c, idIn(c, 'conversation', 'id')))
  .get('/conversations/:id/socket', (c) => {
    const id = idIn(c, 'conversation', 'id');
    return joined(c, id, conversationOf(c.env, id));
  })

  .post('/teams/:id/tickets', (c) => ticketFor(c, idIn(c, 'team', 'id')))
  .get('/teams/:id/socket', (c) => {
    const id = idIn(c, 'team', 'id');
    return joined(c, id, inboxOf(c.env, id));
  });

/** An id in the path; one that is none is simply not there. */
function idIn<Kind extends 'conversation' | 'team' | 'site'>(c: Ctx, kind: Kind, name: string) {
  try {
    return fitting(idSchema(kind), c.req.param(name));
  } catch {
    throw new Refusal('not_found');
  }
}

async function limitVisitors(c: Ctx): Promise<void> {
  const { success } = await c.env.VISITOR_LIMIT.limit({ key: networkOf(c.req.raw) });
  if (!success) throw new Refusal('too_fast');
}

async function conversationsFor(c: Ctx, asker: Asker) {
  if (asker.kind === 'visitor') return conversationsOfVisitor(c.env, asker.id, asker.site);
  return conversationsForStaff(c.env, asker);
}

/** The same visitor's same first message has the same conversation, however often it is sent; nobody else's has. */
async function conversationIdFor(c: Ctx, visitor: VisitorId, firstMessage: string): Promise<ConversationId> {
  return idFrom(
    'conversation',
    await (await vaultOf(c.env)).lookup('conversation', `${visitor}.${firstMessage}`),
  );
}

/** A page's address without query and fragment, which may hold what is nobody's business. */
function plainPage(page: string): string {
  const url = URL.parse(page);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Refusal('invalid', 'page: not an http(s) address');
  return url.origin + url.pathname;
}

async function changed(c: Ctx, wish: Change): Promise<Response> {
  const asker = await askerOf(c.env, c.req.raw);
  await bodyOf(c, emptyRequest);
  const conversation = take(await conversationOf(c.env, idIn(c, 'conversation', 'id')).change(asker, wish));
  return c.json<ConversationAnswer>({ conversation });
}

/** Whether its holder may enter is the room's to say, at the door. */
async function ticketFor(c: Ctx, room: RoomId): Promise<Response> {
  const asker = await askerOf(c.env, c.req.raw);
  await bodyOf(c, emptyRequest);
  const holder =
    asker.kind === 'staff'
      ? { room, sub: asker.id, sid: asker.session }
      : { room, sub: asker.id, site: asker.site };
  const { token } = await (await tokensOf(c.env)).ticket(holder, Date.now());
  return c.json<TicketAnswer>({ ticket: token }, 201);
}

/** The upgrade: who asks is proved here, once; the room gets the proof and nothing else of the request. */
async function joined(
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
  const { after, epoch } = c.req.query();
  if (after !== undefined && !/^(?:0|[1-9]\d{0,14})$/.test(after))
    return switchingThenClosing(closeCodes.badFrame);
  const join: JoinRequest = {
    ticket: claims,
    after: after === undefined ? null : Number(after),
    epoch: epoch !== undefined && /^[0-9a-f-]{36}$/.test(epoch) ? epoch : null,
  };
  return stub.fetch(
    new Request('https://room/', { headers: { upgrade: 'websocket', [joinHeader]: JSON.stringify(join) } }),
  );
}
