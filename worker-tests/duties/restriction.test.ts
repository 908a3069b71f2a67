/** Restricted data: kept, and nothing else, at every door. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { generateKey } from 'openpgp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { conversationOf } from '../../src/chat/conversation.ts';
import { copyOf } from '../../src/duties/copies.ts';
import { expirePortion } from '../../src/duties/retention.ts';
import { restrictPortion, seeToRestrictions } from '../../src/duties/privacy.ts';
import { RestrictionStore } from '../../src/people/restrictions.ts';
import { createRole } from '../../src/people/roles.ts';
import type { ConversationsAnswer, EarlierAnswer, NamesAnswer } from '../../src/protocol/bodies.ts';
import type { CopyAnswer } from '../../src/protocol/copies.ts';
import type { OpenFileAnswer } from '../../src/protocol/file-bodies.ts';
import type { ConversationId } from '../../src/protocol/ids.ts';
import { limits } from '../../src/protocol/limits.ts';
import { builtInRoles } from '../../src/protocol/permissions.ts';
import type { RestrictionAnswer } from '../../src/protocol/privacy.ts';
import { closeCodes } from '../../src/protocol/refusals.ts';
import { join, type Member, newMember, signedIn } from '../cast.ts';
import { asked, cookieOf, load, send, text } from '../chat/files-scene.ts';
import { evict } from '../chat/scene.ts';
import { since, size } from '../ledger/scene.ts';
import {
  asks,
  beginAs,
  begins,
  type Customer,
  does,
  here,
  officer,
  opens,
  own,
  owner,
  stands,
  vouched,
} from './privacy-scene.ts';

const day = 86_400_000;
const { publicKey: openpgp } = await generateKey({ userIDs: [{ name: 'Kim' }] });
const reason = 'They say that it is not right.';
let kim: Customer;
let id: ConversationId;

beforeEach(async () => {
  await begins();
  kim = await vouched('Kim', 'kim@example.com');
  id = await beginAs(kim);
  await stands(kim, 1);
});
afterEach(() => {
  vi.useRealTimers();
});

const set = (on: boolean, by = officer, of: string = kim.id) =>
  asked<RestrictionAnswer>('PUT', `/api/v1/visitors/${of}/restriction`, {
    token: by.access,
    body: { on, reason },
  });
const looks = (of: string = kim.id, by = officer) =>
  asked<RestrictionAnswer>('GET', `/api/v1/visitors/${of}/restriction`, { token: by.access });
const at = (rest: string) => `/api/v1/conversations/${id}${rest}`;
const codeOf = async (method: string, path: string, by: { access: string }, body?: unknown) => {
  const reply = await asked(method, path, { token: by.access, ...(body !== undefined && { body }) });
  return reply.status < 400 ? 'yes' : reply.body['code'];
};
const isOpenTo = (by: { access: string }) => codeOf('GET', at('/messages'), by);

describe('D60 while their data are restricted', () => {
  /** Each door to a conversation, and what is sent there. */
  const doors: [method: string, rest: string, body?: unknown][] = [
    ['GET', '/messages'],
    ['GET', '/earlier'],
    ['GET', '/files'],
    ['POST', '/claim', {}],
    ['POST', '/close', {}],
    ['POST', '/reopen', {}],
    ['POST', '/snooze', { until: null }],
    ['PUT', '/tags', { tags: ['late'] }],
    ['PATCH', '/customer', { name: 'Kimberly' }],
    ['POST', '/removals', { seq: 1, how: 'redacted' }],
    ['POST', '/watch', {}],
    ['POST', '/bans', { kind: 'visitor', reason: 'Threats', lasts: 60_000 }],
    ['PUT', '/hold', { reason: 'A court has asked for it.' }],
    ['POST', '/transcripts', { openpgp }],
    ['POST', '/files', { id: crypto.randomUUID(), name: 'a.txt', bytes: 5, sensitive: false }],
  ];

  it('D60 no door to what they began is open to staff who do not answer for it, by whatever right', async () => {
    const { 'privacy.answer': _, ...rights } = builtInRoles.admin;
    const role = await createRole(env, 'Nearly an admin', rights);
    const nearly = await newMember(role.id, [here.team]);
    const file = await send(kim.access, text('Hello'), {}, id);
    expect((await set(true)).status).toBe(200);
    for (const by of [here.anna, here.sue, nearly]) {
      for (const [method, rest, body] of doors)
        expect(await codeOf(method, at(rest), by, body), `${method} ${rest}`).toBe('restricted');
      const handOver = { to: here.team };
      expect(await codeOf('POST', at('/hand-over'), by, handOver)).toBe('restricted');
      expect(await codeOf('POST', at(`/files/${file}/open`), by, { as: 'save' })).toBe('restricted');
      const ear = await join(id, by.access);
      expect((await ear.closed).code).toBe(closeCodes.restricted);
      const listed = await asked<ConversationsAnswer>('GET', '/api/v1/conversations', { token: by.access });
      expect(listed.body.conversations.map((each) => each.id)).not.toContain(id);
      const names = await asked<NamesAnswer>('POST', '/api/v1/customer-names', {
        token: by.access,
        body: { ids: [id] },
      });
      expect(names.body).toEqual({ names: {}, verified: [], proved: [] });
    }
    // Whoever could not read it before hears nothing of that.
    expect(await isOpenTo(await newMember('agent', []))).toBe('not_found');
  });

  it('D60 whoever answers for it reads, corrects and holds it, and does nothing else with it', async () => {
    await set(true);
    const admin = await newMember('admin', [here.team]);
    const left = ['/messages', '/earlier', '/files', '/customer', '/hold'];
    for (const [method, rest, body] of doors)
      if (rest !== '/files' || method === 'GET')
        expect(await codeOf(method, at(rest), admin, body), `${method} ${rest}`).toBe(
          left.includes(rest) ? 'yes' : 'restricted',
        );
    const ear = await join(id, admin.access);
    const welcome = await ear.next('welcome');
    expect(welcome.conversation).toMatchObject({ state: 'closed', staff: { restricted: true } });
    ear.say({ type: 'post', posts: [{ id: crypto.randomUUID(), since: 1, kind: 'note', text: 'Seen.' }] });
    expect(await ear.next('refused')).toMatchObject({ code: 'restricted' });
    const listed = await asked<ConversationsAnswer>('GET', '/api/v1/conversations', { token: admin.access });
    expect(listed.body.conversations.map((each) => each.id)).toContain(id);
  });

  it('D60 whoever sits there is out at once, and the customer sees that it is closed, and no more', async () => {
    const [desk, customer] = [await join(id, here.anna.access), await join(id, kim.access)];
    await desk.next('welcome');
    await customer.next('welcome');
    await set(true);
    expect((await desk.closed).code).toBe(closeCodes.restricted);
    const { conversation } = await customer.next('changed');
    expect([conversation.state, conversation.staff]).toEqual(['closed', undefined]);
    expect(await isOpenTo(kim)).toBe('yes');
  });

  it('D61 nothing goes as its time is over, and goes on its way once that is lifted', async () => {
    await send(kim.access, text('Hello'), {}, id);
    await set(true);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + (limits.conversationDays + 30) * day });
    expect(await conversationOf(env, id).expire()).toBe(false);
    await runInDurableObject(conversationOf(env, id), (object) => object.alarm());
    for (let place: string | null = 'visitors'; place !== null;)
      ({ place } = await expirePortion(env, 'retention-none', place));
    const files = () => env.FILES.list({ prefix: `${id}/` });
    expect((await files()).objects.length).toBeGreaterThan(0);
    expect(await env.DB.prepare('SELECT 1 FROM visitors WHERE id = ?').bind(kim.id).first()).not.toBeNull();
    const back = { ...officer, ...(await signedIn(officer.id)) };
    expect((await set(false, back)).body.restriction).toBeNull();
    await runInDurableObject(conversationOf(env, id), (object) => object.alarm());
    expect((await files()).objects).toEqual([]);
    expect(await env.DB.prepare('SELECT kind FROM erased WHERE id = ?').bind(id).first('kind')).toBe(
      'conversations',
    );
  });

  it('D61 staff take no copy along but for their person, who waits for it', async () => {
    const copy = (by: Member) =>
      codeOf('POST', `/api/v1/visitors/${kim.id}/copies`, by, { reason: 'For our lawyers.' });
    await set(true);
    expect([await copy(owner), await copy(officer)]).toEqual(['restricted', 'restricted']);
    const { id: request } = (await asks(kim, 'access')).body.request;
    // What is mailed under the organisation's key goes to whoever asks for it.
    expect(await codeOf('POST', at('/transcripts'), officer, { openpgp: 'organisation' })).toBe('restricted');
    const made = await asked<{ copy: { id: string } }>('POST', `/api/v1/visitors/${kim.id}/copies`, {
      token: officer.access,
      body: { reason: 'They have asked for it.' },
    });
    expect(made.status).toBe(201);
    await does(request, 'fulfil', { answer: 'Here it is.' });
    expect(await codeOf('POST', `/api/v1/copies/${made.body.copy.id}/open`, officer, {})).toBe('restricted');
    const theirs = await asked('POST', `/api/v1/visitors/${kim.id}/copies`, {
      token: kim.access,
      headers: { cookie: kim.cookie },
      body: {},
    });
    expect(theirs.status).toBe(201);
  });

  it('D61 a copy that staff opened before is loaded no more', async () => {
    const made = await asked<CopyAnswer>('POST', `/api/v1/visitors/${kim.id}/copies`, {
      token: officer.access,
      body: { reason: 'They have asked for it.' },
    });
    const { id: copy } = made.body.copy;
    await expect
      .poll(async () => (await copyOf(env, copy, Date.now()))?.state, { timeout: 15_000 })
      .toBe('ready');
    const opened = await asked<OpenFileAnswer>('POST', `/api/v1/copies/${copy}/open`, {
      token: officer.access,
      body: {},
    });
    const { address } = opened.body;
    const loaded = async () => (await load(address, { cookie: cookieOf(opened) })).status;
    expect(await loaded()).toBe(200);
    await set(true);
    expect(await loaded()).toBe(403);
  });

  it('D62 they read what they wrote, and begin another conversation, which is not restricted', async () => {
    await set(true);
    const fresh = await beginAs(kim, 'Hello again?');
    await stands(kim, 2);
    expect(await codeOf('GET', `/api/v1/conversations/${fresh}/messages`, here.anna)).toBe('yes');
    const earlier = await asked<EarlierAnswer>('GET', `/api/v1/conversations/${fresh}/earlier`, {
      token: here.anna.access,
    });
    expect(earlier.body.conversations).toEqual([]);
    const listed = await asked<ConversationsAnswer>('GET', '/api/v1/conversations', { token: kim.access });
    expect(listed.body.conversations.map((each) => each.id).toSorted()).toEqual([id, fresh].toSorted());
    expect((await looks(fresh)).body.restriction).toMatchObject({ by: officer.id });
  });
});

describe('D62 restricting', () => {
  it('D62 takes the right to answer, a reason and a new second factor, and stands in the ledger', async () => {
    for (const by of [here.anna, here.sue]) {
      expect((await set(true, by)).body.code).toBe('not_allowed');
      expect((await looks(kim.id, by)).body.code).toBe('not_allowed');
    }
    expect((await looks()).body.restriction).toBeNull();
    const before = await size();
    expect((await set(true, officer, id)).body.restriction).toMatchObject({ by: officer.id });
    expect((await set(true, owner)).body.restriction).toMatchObject({ by: officer.id });
    await set(false);
    const entries = (await since(before)).filter(({ action }) => action === 'privacy.answer');
    expect(entries.map(({ actor, facts }) => [actor, facts?.['on']])).toEqual([
      [officer.id, true],
      [owner.id, true],
      [officer.id, false],
    ]);
    expect(entries[0]).toMatchObject({ object: kim.id, subject: kim.id, details: { of: kim.id } });
    expect(JSON.stringify(entries)).not.toContain(reason);
    for (const unfit of [{ on: true }, { on: 'yes', reason }, { on: true, reason: ' ' }])
      expect(await codeOf('PUT', `/api/v1/visitors/${kim.id}/restriction`, officer, unfit)).toBe('invalid');
    expect((await set(true, officer, 'vis_AAAAAAAAAAAAAAAAAAAAAA')).status).toBe(404);
    expect((await set(true, officer, 'sit_AAAAAAAAAAAAAAAAAAAAAA')).status).toBe(404);
  });

  it('D62 is what answering a request for it does', async () => {
    const { id: request } = (await asks(kim, 'restriction')).body.request;
    expect(await isOpenTo(here.anna)).toBe('yes');
    const done = await does(request, 'fulfil', { answer: 'It is kept, and nobody reads it.' });
    expect(done.body.request.state).toBe('done');
    expect(await isOpenTo(here.anna)).toBe('restricted');
    expect((await own(kim)).body.requests[0]).toMatchObject({ state: 'done' });
  });

  it('D62 outlives eviction, and each conversation stays closed when it is lifted', async () => {
    await set(true);
    await evict(id);
    expect(await isOpenTo(here.anna)).toBe('restricted');
    await set(false);
    await evict(id);
    expect(await isOpenTo(here.anna)).toBe('yes');
    const { results } = await env.DB.prepare('SELECT state FROM conversations WHERE id = ?').bind(id).all();
    expect(results).toEqual([{ state: 'closed' }]);
    expect(await codeOf('POST', at('/reopen'), here.anna, {})).toBe('yes');
  });

  it('D62 reaches every conversation wherever the telling is cut off, and one that came to light late', async () => {
    const other = await beginAs(kim, 'And this?');
    await stands(kim, 2);
    const [first, second] = [id, other].toSorted() as [ConversationId, ConversationId];
    // The register has it, and nobody has been told.
    const now = Date.now();
    await new RestrictionStore(env.DB).put(kim.id, officer.id, now);
    const run = `restriction-${kim.id}-${now}`;
    const killed = runInDurableObject(conversationOf(env, second), (_, state) => {
      state.abort('killed by the test');
    });
    await Promise.allSettled([restrictPortion(env, run, null), killed]);
    await restrictPortion(env, run, null);
    expect(await restrictPortion(env, run, `${kim.id} ${second}`)).toEqual({ place: null, done: 0 });
    const open = async (each: string) => codeOf('GET', `/api/v1/conversations/${each}/messages`, here.anna);
    expect([await open(first), await open(second)]).toEqual(['restricted', 'restricted']);
    // One of before comes to light afterwards, and hears it with the next night.
    const late = await beginAs(kim, 'Late');
    await stands(kim, 3);
    await env.DB.prepare('UPDATE conversations SET created_at = ? WHERE id = ?')
      .bind(now - 1, late)
      .run();
    expect(await open(late)).toBe('yes');
    await seeToRestrictions(env, Date.now());
    await expect.poll(() => open(late), { timeout: 10_000 }).toBe('restricted');
  });

  it('D62 an older telling changes nothing', async () => {
    await set(true);
    await set(false);
    const { since: changed = 0, liftedAt } = (await new RestrictionStore(env.DB).find(kim.id)) ?? {};
    await conversationOf(env, id).restrict({ on: true, at: changed, by: officer.id });
    expect(await isOpenTo(here.anna)).toBe('yes');
    await set(true);
    await conversationOf(env, id).restrict({ on: false, at: liftedAt ?? 0, by: officer.id });
    expect(await isOpenTo(here.anna)).toBe('restricted');
  });

  it('D62 reaches all others though one of them does not open', async () => {
    const other = await beginAs(kim);
    await stands(kim, 2);
    await runInDurableObject(conversationOf(env, other), (_, { storage }) => {
      storage.sql.exec('UPDATE conversation SET keys = ?', JSON.stringify([[1, 'AAAA', true]]));
    });
    await evict(other);
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const run = `restriction-${kim.id}-1`;
    await set(true);
    expect((await restrictPortion(env, run, null)).done).toBe(2);
    expect(JSON.stringify(log.mock.calls)).toContain('privacy.restrict');
    expect(await isOpenTo(here.anna)).toBe('restricted');
    log.mockRestore();
  });

  it('D62 goes with whoever is erased', async () => {
    await set(true);
    const { id: request } = (await opens(kim.id, 'erasure')).body.request;
    await does(request, 'fulfil', { answer: null });
    await stands(kim, 0);
    await expect.poll(() => new RestrictionStore(env.DB).find(kim.id), { timeout: 20_000 }).toBeUndefined();
  });
});
