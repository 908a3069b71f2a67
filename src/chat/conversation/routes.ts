/** Conversations over HTTP, and the way to their sockets. */
import { Hono } from 'hono';
import type * as v from 'valibot';
import { vaultOf } from '../../config.ts';
import { bodyOf, type Ctx, fitting, type Http } from '../../http.ts';
import { withinBudget } from '../../people/budget.ts';
import {
  allow,
  askerOf,
  requireStepUp,
  requireStepUpToWatch,
  staffOf,
  visitorOf,
} from '../../people/guard.ts';
import type { Asker } from '../../people/permission.ts';
import { note, seen } from '../../people/recording.ts';
import { factsOfVisitor } from '../../people/visitor.ts';
import {
  type BeginAnswer,
  beginRequest,
  type ConversationAnswer,
  type ConversationsAnswer,
  customerRequest,
  type EarlierAnswer,
  emptyRequest,
  handOverRequest,
  type HistoryAnswer,
  historyQuery,
  holdRequest,
  type NamesAnswer,
  namesRequest,
  ratingRequest,
  type RemovalAnswer,
  removalRequest,
  snoozeRequest,
  tagsRequest,
} from '../../protocol/bodies.ts';
import { type ConversationId, idFrom, type VisitorId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { Refusal, take } from '../../protocol/refusals.ts';
import { conversationOf } from '../conversation.ts';
import { conversationsForStaff, conversationsOfVisitor, earlierConversations } from '../directory.ts';
import { heldBy, idIn, joined, limitVisitors, ticketAnswer, ticketFor } from '../door.ts';
import { siteOf } from '../sites.ts';
import type { Act } from './acts.ts';
import { namesOfCustomers } from './customers.ts';
import { intake } from './intake.ts';
import { recipientOf } from './recipient.ts';

export const conversationRoutes = new Hono<Http>()
  .get('/conversations', async (c) => {
    const asker = await askerOf(c.env, c.req.raw);
    return c.json<ConversationsAnswer>({ conversations: await conversationsFor(c, asker) });
  })

  .post('/conversations', async (c) => {
    const visitor = await visitorOf(c.env, c.req.raw);
    await limitVisitors(c);
    const { id: firstId, text, page, ...asked } = await bodyOf(c, beginRequest);
    const site = await siteOf(c.env, visitor.site);
    if (site === undefined) throw new Refusal('not_found');
    allow(visitor, 'conversation.begin', { site: site.id, visitor: visitor.id });
    const id = await conversationIdFor(c, visitor.id, firstId);
    const conversation = conversationOf(c.env, id);
    const first = { asker: visitor, post: { id: firstId, since: 0, kind: 'text' as const, text } };
    try {
      const opening = {
        id,
        site: site.id,
        team: site.team,
        visitor: visitor.id,
        page: page === undefined ? null : plainPage(page),
        ...intake(site.settings, asked, await factsOfVisitor(c.env, visitor.id), Date.now()),
      };
      return c.json<BeginAnswer>(take(await conversation.begin(opening, first)), 201);
    } catch (error) {
      // What a site asks may have changed since: a conversation that has begun has begun.
      const begun = error instanceof Refusal ? await conversation.begin(null, first) : undefined;
      if (begun === undefined || 'refused' in begun) throw error;
      return c.json<BeginAnswer>(begun.done, 201);
    }
  })

  .post('/customer-names', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    const { ids } = await bodyOf(c, namesRequest);
    const names = await namesOfCustomers(c.env, staff, ids);
    await seen(c.env, staff, 'conversation.list');
    return c.json<NamesAnswer>(names);
  })

  .get('/conversations/:id/messages', async (c) => {
    const asker = await askerOf(c.env, c.req.raw);
    const { before, limit } = fitting(historyQuery, c.req.query());
    const conversation = conversationOf(c.env, await opened(c, asker));
    const messages = take(await conversation.read(asker, before, limit ?? limits.joinMessages));
    return c.json<HistoryAnswer>({ messages });
  })

  .get('/conversations/:id/earlier', async (c) => {
    const asker = await askerOf(c.env, c.req.raw);
    const whose = take(await conversationOf(c.env, await opened(c, asker)).whose(asker));
    return c.json<EarlierAnswer>({ conversations: await earlierConversations(c.env, asker, whose) });
  })

  .post('/conversations/:id/claim', (c) => acted(c, emptyRequest, () => ({ wish: 'claim' })))
  .post('/conversations/:id/close', (c) => acted(c, emptyRequest, () => ({ wish: 'close' })))
  .post('/conversations/:id/reopen', (c) => acted(c, emptyRequest, () => ({ wish: 'reopen' })))
  .post('/conversations/:id/snooze', (c) =>
    acted(c, snoozeRequest, ({ until }) => ({ wish: 'snooze', until })),
  )
  .put('/conversations/:id/tags', (c) => acted(c, tagsRequest, ({ tags }) => ({ wish: 'tag', tags })))
  .patch('/conversations/:id/customer', (c) =>
    acted(c, customerRequest, (change) => ({ wish: 'customer', change })),
  )
  .put('/conversations/:id/rating', (c) => acted(c, ratingRequest, (rating) => ({ wish: 'rate', rating })))
  .post('/conversations/:id/hand-over', (c) =>
    acted(c, handOverRequest, async ({ to, note: words }) => {
      note(c, { facts: { to } });
      return { wish: 'handOver', to: await recipientOf(c.env, to), note: words };
    }),
  )

  .put('/conversations/:id/hold', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    const { reason } = await bodyOf(c, holdRequest);
    const id = idIn(c, 'conversation', 'id');
    await withinBudget(c, staff, id);
    await requireStepUp(c.env, staff);
    const { visitor } = take(await conversationOf(c.env, id).whose(staff));
    note(c, { subject: visitor, facts: { on: reason !== null } });
    // Why somebody does this to a customer's conversation is about the customer, and goes with them.
    if (reason !== null) note(c, { personal: { reason }, of: visitor });
    const conversation = take(
      await conversationOf(c.env, id).act(staff, { wish: 'hold', on: reason !== null }),
    );
    return c.json<ConversationAnswer>({ conversation });
  })

  .post('/conversations/:id/removals', async (c) => {
    const asker = await askerOf(c.env, c.req.raw);
    if (asker.kind === 'visitor') await limitVisitors(c);
    const wish = await bodyOf(c, removalRequest);
    const removal = take(await conversationOf(c.env, await opened(c, asker)).remove(asker, wish));
    return c.json<RemovalAnswer>({ removal });
  })

  .post('/conversations/:id/tickets', (c) => ticketFor(c, idIn(c, 'conversation', 'id')))
  .post('/conversations/:id/watch', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    await bodyOf(c, emptyRequest);
    const id = idIn(c, 'conversation', 'id');
    take(await conversationOf(c.env, id).mayWatch(staff));
    await withinBudget(c, staff, id, 'ask');
    await requireStepUpToWatch(c.env, staff, id);
    return ticketAnswer(c, { ...heldBy(staff), room: id, silent: true });
  })
  .get('/conversations/:id/socket', (c) => {
    const id = idIn(c, 'conversation', 'id');
    return joined(c, id, conversationOf(c.env, id));
  });

/** The id in the path, of a conversation of which whoever asks is about to be shown something. @throws {Refusal} step_up_needed */
async function opened(c: Ctx, asker: Asker): Promise<ConversationId> {
  const id = idIn(c, 'conversation', 'id');
  await withinBudget(c, asker, id);
  return id;
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

async function acted<Schema extends v.GenericSchema>(
  c: Ctx,
  schema: Schema,
  actFrom: (body: v.InferOutput<Schema>) => Act | Promise<Act>,
): Promise<Response> {
  const asker = await askerOf(c.env, c.req.raw);
  if (asker.kind === 'visitor') await limitVisitors(c);
  const act = await actFrom(await bodyOf(c, schema));
  const conversation = take(await conversationOf(c.env, await opened(c, asker)).act(asker, act));
  return c.json<ConversationAnswer>({ conversation });
}
