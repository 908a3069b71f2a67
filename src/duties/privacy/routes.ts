/** Requests over HTTP: for whoever asks about their own data, for whoever answers, and the receipts for anybody. */
import { Hono } from 'hono';
import { idIn, limitVisitors, visitorHere } from '../../chat/door.ts';
import { openHeaders } from '../../headers.ts';
import { bodyOf, type Ctx, fitting, type Http } from '../../http.ts';
import { allow, requireStepUp, staffOf } from '../../people/guard.ts';
import type { Staff } from '../../people/permission.ts';
import { note, seen } from '../../people/recording.ts';
import { restrictionOf } from '../../people/restrictions.ts';
import { isId, type VisitorId } from '../../protocol/ids.ts';
import {
  askRequest,
  extendRequest,
  fulfilRequest,
  openRequest,
  type OwnRequestAnswer,
  type OwnRequestsAnswer,
  refuseRequest,
  type RequestAnswer,
  type RequestsAnswer,
  requestsQuery,
  type RestrictionAnswer,
  restrictionRequest,
} from '../../protocol/privacy.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { type RequestRow, RequestStore } from '../requests.ts';
import { ask, extend, fulfil, openFor, ownRequests, refuse, requestOf, whoIs } from './register.ts';
import { restrict } from './restricting.ts';
import { fullView, listed, ownView } from './showing.ts';
import { tellAnswered, type Told } from './telling.ts';

export const requestRoutes = new Hono<Http>()
  .get('/sites/:site/visitor/requests', async (c) => {
    const visitor = await visitorHere(c);
    return c.json<OwnRequestsAnswer>({ requests: await ownRequests(c, visitor, Date.now()) });
  })

  .post('/sites/:site/visitor/requests', async (c) => {
    const visitor = await visitorHere(c);
    const { row, isNews } = await ask(c, visitor, await bodyOf(c, askRequest), Date.now());
    // They can ask again and again: it is entered once.
    note(c, isNews ? about(row) : { action: null });
    return c.json<OwnRequestAnswer>({ request: await ownView(c.env, row) }, isNews ? 201 : 200);
  })

  .get('/requests', async (c) => {
    const staff = await answering(c);
    const { state, after } = fitting(requestsQuery, c.req.query());
    const page = await listed(c.env, state, after);
    await seen(c.env, staff, 'privacy.answer');
    return c.json<RequestsAnswer>(page);
  })

  .post('/requests', async (c) => {
    const staff = await answering(c);
    const row = await openFor(c.env, staff, await bodyOf(c, openRequest), Date.now());
    note(c, about(row));
    return c.json<RequestAnswer>({ request: await fullView(c.env, row, Date.now()) }, 201);
  })

  .get('/requests/:id', async (c) => {
    const staff = await answering(c);
    const row = await requestOf(c.env, idIn(c, 'request', 'id'));
    await seen(c.env, staff, 'privacy.answer');
    return c.json<RequestAnswer>({ request: await fullView(c.env, row, Date.now()) });
  })

  .post('/requests/:id/extend', async (c) => {
    await answering(c);
    const { reason } = await bodyOf(c, extendRequest);
    const id = idIn(c, 'request', 'id');
    await extend(c.env, id, reason, Date.now());
    return answered(c, 'extended');
  })

  .post('/requests/:id/refuse', async (c) => {
    const staff = await answering(c);
    const why = await bodyOf(c, refuseRequest);
    await refuse(c.env, staff, idIn(c, 'request', 'id'), why, Date.now());
    return answered(c, 'refused');
  })

  .get('/visitors/:id/restriction', async (c) => {
    const staff = await answering(c);
    return c.json<RestrictionAnswer>(await restrictionNow(c, await visitorIn(c, staff)));
  })

  .put('/visitors/:id/restriction', async (c) => {
    const staff = await answering(c);
    const { on, reason } = await bodyOf(c, restrictionRequest);
    const visitor = await visitorIn(c, staff);
    await requireStepUp(c.env, staff);
    note(c, { object: visitor, subject: visitor, facts: { on }, personal: { reason }, of: visitor });
    await restrict(c.env, visitor, staff.id, on, Date.now());
    return c.json<RestrictionAnswer>(await restrictionNow(c, visitor));
  })

  .post('/requests/:id/fulfil', async (c) => {
    const staff = await answering(c);
    const said = await bodyOf(c, fulfilRequest);
    const id = idIn(c, 'request', 'id');
    const { kind } = await requestOf(c.env, id);
    if (kind === 'erasure' || kind === 'restriction') await requireStepUp(c.env, staff);
    if (said.copy !== undefined) {
      allow(staff, 'customer.copy');
      note(c, { facts: { copy: said.copy } });
    }
    await fulfil(c.env, staff, id, said, Date.now());
    return answered(c, kind === 'erasure' ? 'erasing' : 'done');
  });

/** Outside the API and for anybody who knows the request's id: a receipt names nobody. */
export const receiptRoutes = new Hono<Http>().get('/:id', async (c) => {
  await limitVisitors(c);
  const receipt = await new RequestStore(c.env.DB).receiptOf(idIn(c, 'request', 'id'));
  if (receipt === undefined) throw new Refusal('not_found');
  return c.newResponse(receipt, 200, openHeaders);
});

async function answering(c: Ctx): Promise<Staff> {
  const staff = await staffOf(c.env, c.req.raw);
  allow(staff, 'privacy.answer');
  return staff;
}

/** The visitor in the path, by their own id or by that of a conversation of theirs. */
async function visitorIn(c: Ctx, staff: Staff): Promise<VisitorId> {
  const id = c.req.param('id') ?? '';
  if (!isId('conversation', id) && !isId('visitor', id)) throw new Refusal('not_found');
  return (await whoIs(c.env, staff, id)).visitor;
}

async function restrictionNow(c: Ctx, visitor: VisitorId): Promise<RestrictionAnswer> {
  const known = await restrictionOf(c.env, visitor);
  return { restriction: known === undefined ? null : { since: known.since, by: known.by } };
}

/** As it stands after it was answered, and that in the ledger. Whoever asked is told. */
async function answered(c: Ctx, what: Told): Promise<Response> {
  const row = await requestOf(c.env, idIn(c, 'request', 'id'));
  note(c, about(row));
  c.executionCtx.waitUntil(tellAnswered(c.env, row, what));
  return c.json<RequestAnswer>({ request: await fullView(c.env, row, Date.now()) });
}

function about({ id, kind, visitor, law, state }: RequestRow) {
  return { object: id, subject: visitor, facts: { kind, law, state } };
}
