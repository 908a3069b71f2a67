/** What people ask about their own data, and erasing them, wherever that is cut off. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { conversationOf } from '../../src/chat/conversation.ts';
import { erasePortion, seeToErasures } from '../../src/duties/privacy.ts';
import { RequestStore } from '../../src/duties/privacy/store.ts';
import { seeToRuns } from '../../src/duties/runs.ts';
import type { ConversationId } from '../../src/protocol/ids.ts';
import { lifetimes } from '../../src/protocol/limits.ts';
import type { RequestsAnswer } from '../../src/protocol/privacy.ts';
import { accessFor, newVisitor } from '../cast.ts';
import { asked } from '../chat/files-scene.ts';
import { evict } from '../chat/scene.ts';
import { since, size } from '../ledger/scene.ts';
import {
  asks,
  beginAs,
  begins,
  begun,
  does,
  fulfils,
  here,
  inDirectory,
  isDone,
  list,
  officer,
  opens,
  own,
  owner,
  receipt,
  shown,
  stands,
  vouched,
} from './privacy-scene.ts';
import { everythingStored, placesOf } from './traces.ts';
import { enters } from '../ledger/elsewhere.ts';

const day = 86_400_000;
beforeEach(begins);

describe('a request', () => {
  it('D21 is asked by whom their site vouches for, once until it is answered', async () => {
    const kim = await vouched('Kim', 'kim@example.com');
    const before = await size();
    const first = await asks(kim, 'access', 'All of it, please.');
    expect([first.status, first.body.request.state]).toEqual([201, 'open']);
    const again = await asks(kim, 'access', 'And again.');
    expect([again.status, again.body.request.id]).toEqual([200, first.body.request.id]);
    expect((await asks(kim, 'erasure')).status).toBe(201);
    expect((await own(kim)).body.requests.map(({ kind }) => kind).toSorted()).toEqual(['access', 'erasure']);
    const entered = (await since(before)).filter(({ action }) => action === 'privacy.ask');
    expect(entered).toHaveLength(2);
    expect(entered[0]).toMatchObject({
      ...{ actor: kim.id, object: first.body.request.id, subject: kim.id },
      facts: { kind: 'access', law: 'gdpr', state: 'open' },
    });
  });

  it('D21 is asked by nobody who is not proved to be somebody, nor by a copy of an access token', async () => {
    const stranger = await newVisitor(here.site, { 'cf-connecting-ip': '203.0.113.251' });
    for (const refused of [await asks(stranger, 'erasure'), await own(stranger)])
      expect([refused.status, refused.body.code]).toEqual([403, 'code_needed']);
    const kim = await vouched('Kim', 'kim@example.com');
    expect((await asks({ ...kim, cookie: '' }, 'erasure')).body.code).toBe('code_needed');
    expect((await asks({ ...stranger, cookie: kim.cookie }, 'erasure')).body.code).toBe('code_needed');
  });

  it('D21 is opened by staff with the right in somebody’s name, who say how they know them', async () => {
    const stranger = await newVisitor(here.site, { 'cf-connecting-ip': '203.0.113.252' });
    const id = await beginAs(stranger);
    await stands(stranger, 1);
    for (const { access } of [here.anna, here.sue])
      expect((await opens(id, 'access', {}, access)).body.code).toBe('not_allowed');
    const opened = await opens(id, 'access');
    expect(opened.status, opened.text).toBe(201);
    expect(opened.body.request).toMatchObject({
      ...{ visitor: stranger.id, site: here.site, proof: 'staff', openedBy: officer.id, state: 'open' },
      ...{ how: 'They called from the number that we know.', wish: null, held: false },
    });
    expect((await opens(stranger.id, 'access')).body.code).toBe('already_done');
    expect((await opens(stranger.id, 'objection')).status).toBe(201);
    expect((await opens(stranger.id, 'objection', { how: ' ' })).status).toBe(400);
    expect((await opens('vis_AAAAAAAAAAAAAAAAAAAAAA', 'access')).status).toBe(404);
  });

  it('D20 goes by the clock of its law, is extended once and answered once', async () => {
    const kim = await vouched('Kim', 'kim@example.com');
    const { id, dueAt, openedAt } = (await opens(kim.id, 'rectification', { law: 'ccpa' })).body.request;
    expect(dueAt - openedAt).toBe(45 * day);
    const longer = await does(id, 'extend', { reason: 'There is much of it.' });
    expect(longer.body.request).toMatchObject({
      dueAt: openedAt + 90 * day,
      extension: 'There is much of it.',
    });
    expect((await does(id, 'extend', { reason: 'And more.' })).body.code).toBe('already_done');
    const before = await size();
    const done = await does(id, 'fulfil', { answer: 'We wrote Kimberly.' });
    expect(done.body.request).toMatchObject({
      state: 'done',
      answer: 'We wrote Kimberly.',
      hasReceipt: true,
    });
    for (const what of ['fulfil', 'refuse', 'extend'] as const)
      expect((await does(id, what, what === 'fulfil' ? { answer: null } : { reason: 'No.' })).body.code).toBe(
        'already_done',
      );
    expect(await since(before)).toContainEqual(
      expect.objectContaining({
        ...{ actor: officer.id, action: 'privacy.answer', object: id, subject: kim.id, outcome: 'done' },
        facts: { door: 'POST /requests/:id/fulfil', kind: 'rectification', law: 'ccpa', state: 'done' },
      }),
    );
    const other = (await asks(kim, 'restriction')).body.request;
    await does(other.id, 'refuse', { reason: 'We need it for a claim.' });
    expect((await own(kim)).body.requests.find(({ id: each }) => each === other.id)).toMatchObject({
      ...{ state: 'refused', answer: 'We need it for a claim.' },
    });
  });

  it('D20 stands in the list by when it is due, and among the others once it was answered', async () => {
    const [kim, lee] = [await vouched('Kim', 'kim@example.com'), await vouched('Lee', 'lee@example.com')];
    const later = (await opens(kim.id, 'access', { law: 'ccpa' })).body.request.id;
    const sooner = (await opens(lee.id, 'access', { law: 'hipaa' })).body.request.id;
    const ours = ({ requests }: RequestsAnswer) =>
      requests.map(({ id }) => id).filter((id) => id === later || id === sooner);
    expect(ours(await list('open'))).toEqual([sooner, later]);
    await does(sooner, 'refuse', { reason: 'It is not theirs.' });
    expect([ours(await list('open')), ours(await list('over'))]).toEqual([[later], [sooner]]);
  });

  it('D22 says nothing in the clear of what is said in it', async () => {
    const kim = await vouched('Kim', 'kim@example.com');
    const { id } = (await asks(kim, 'rectification', 'I am called Kim!berly')).body.request;
    await does(id, 'extend', { reason: 'We ask Kim!berly first.' });
    await does(id, 'refuse', { reason: 'Kim!berly is taken.' });
    expect(placesOf('Kim!berly', await everythingStored())).toEqual([]);
    expect(await shown(id)).toMatchObject({ wish: 'I am called Kim!berly', name: 'Kim' });
  });
});

describe('erasing somebody', () => {
  it('D23 takes a new second factor, and an answer to whatever else they asked', async () => {
    const kim = await vouched('Kim', 'kim@example.com');
    const { id } = (await asks(kim, 'erasure')).body.request;
    const copy = (await asks(kim, 'access')).body.request;
    expect((await fulfils(id)).body.code).toBe('unanswered');
    await does(copy.id, 'fulfil', { answer: null });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + lifetimes.stepUp + 1_000 });
    const proof = { id: officer.session, amr: ['pwd', 'otp'], provedAt: Date.now() };
    const access = await accessFor(officer.id, proof);
    expect((await fulfils(id, access)).body.code).toBe('step_up_needed');
    // What destroys nothing takes none.
    expect((await does(id, 'extend', { reason: 'We look for it.' }, access)).status).toBe(200);
    vi.useRealTimers();
  });

  it('D23 waits while a legal hold is on one of their conversations, of which they hear nothing', async () => {
    const kim = await vouched('Kim', 'kim@example.com');
    const [one, other] = [await beginAs(kim), await beginAs(kim)];
    await stands(kim, 2);
    const hold = (reason: string | null) =>
      asked('PUT', `/api/v1/conversations/${other}/hold`, { token: owner.access, body: { reason } });
    expect((await hold('A court has asked.')).status).toBe(200);
    const { id } = (await asks(kim, 'erasure')).body.request;
    const refused = await fulfils(id);
    expect([refused.body.code, refused.body.detail]).toEqual([
      'on_hold',
      'A legal hold is on a conversation of theirs. It has to end first.',
    ]);
    expect([await inDirectory(kim), await conversationOf(env, one).isHeld()]).toEqual([2, false]);
    const { body } = await own(kim);
    expect(JSON.stringify(body)).not.toMatch(/hold|held/);
    await hold(null);
    expect((await fulfils(id)).status).toBe(200);
    await isDone(id);
    expect(await inDirectory(kim)).toBe(0);
  });

  it('D23 stops at a hold that comes meanwhile, and can be begun again', async () => {
    const kim = await vouched('Kim', 'kim@example.com');
    const held = await beginAs(kim);
    await stands(kim, 1);
    const { id } = (await asks(kim, 'erasure')).body.request;
    const run = await begun(id);
    const hold = { token: owner.access, body: { reason: 'A court has asked.' } };
    await asked('PUT', `/api/v1/conversations/${held}/hold`, hold);
    const before = await size();
    expect(await erasePortion(env, run, null)).toEqual({ place: null, done: 0 });
    expect(await shown(id)).toMatchObject({ state: 'open', held: true, decidedBy: null });
    expect((await since(before)).map(({ action }) => action)).toContain('privacy.stop');
    expect([await inDirectory(kim), (await fulfils(id)).body.code]).toEqual([1, 'on_hold']);
    await asked('PUT', `/api/v1/conversations/${held}/hold`, { ...hold, body: { reason: null } });
    await fulfils(id);
    await isDone(id);
  });
});

describe('D24 a conversation whose keys are broken', () => {
  const broken = async (id: ConversationId) => {
    await runInDurableObject(conversationOf(env, id), (_, { storage }) => {
      storage.sql.exec('UPDATE conversation SET keys = ?', JSON.stringify([[1, 'AAAA', true]]));
    });
    await evict(id);
  };

  it('is erased with the others, unless it is held', async () => {
    const kim = await vouched('Kim', 'kim@example.com');
    const [one] = [await beginAs(kim), await beginAs(kim)];
    await stands(kim, 2);
    const hold = (reason: string | null) =>
      asked('PUT', `/api/v1/conversations/${one}/hold`, { token: owner.access, body: { reason } });
    await hold('A court has asked.');
    await broken(one);
    const { id } = (await asks(kim, 'erasure')).body.request;
    expect((await fulfils(id)).body.code).toBe('on_hold');
    await runInDurableObject(conversationOf(env, one), (_, { storage }) => {
      storage.sql.exec('UPDATE conversation SET hold_by = NULL');
    });
    expect((await fulfils(id)).status).toBe(200);
    await isDone(id);
    expect(await inDirectory(kim)).toBe(0);
    expect((await env.KEYS.list({ prefix: `conversation/${one}/` })).objects).toEqual([]);
    await runInDurableObject(conversationOf(env, one), (_, { storage }) => {
      expect(storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'messages'").toArray()).toEqual([]);
    });
  });

  it('that can not be read at all keeps no other from being erased, and is not passed over', async () => {
    const kim = await vouched('Kim', 'kim@example.com');
    const [one] = [await beginAs(kim), await beginAs(kim)];
    await stands(kim, 2);
    const { id } = (await asks(kim, 'erasure')).body.request;
    const run = await begun(id);
    await runInDurableObject(conversationOf(env, one), (_, { storage }) => {
      storage.sql.exec("UPDATE conversation SET keys = 'nothing'");
    });
    await evict(one);
    expect((await erasePortion(env, run, null)).done).toBe(1);
    await expect(erasePortion(env, run, null)).rejects.toThrow('none of the conversations');
    expect([(await shown(id)).state, await inDirectory(kim)]).toEqual(['working', 1]);
  });
});

/** Drives what stands still, as the clock does. */
const goOn = () => seeToRuns(env, Date.now() + 11 * 60_000);

describe('erasing that is cut off', () => {
  it('D24 between two portions goes on, and comes to the same', async () => {
    const kim = await vouched('Kim', 'kim@example.com');
    await beginAs(kim);
    await stands(kim, 1);
    const { id } = (await asks(kim, 'erasure')).body.request;
    const run = await begun(id);
    expect((await erasePortion(env, run, null)).done).toBe(1);
    expect([(await shown(id)).state, await inDirectory(kim)]).toEqual(['working', 0]);
    await goOn();
    await isDone(id);
    expect((await receipt(id))?.conversations).toBe('1');
  });

  it('D24 within a portion goes on, whatever of it was done', async () => {
    const kim = await vouched('Kim', 'kim@example.com');
    const ids = [await beginAs(kim), await beginAs(kim), await beginAs(kim)] as const;
    await stands(kim, 3);
    const { id } = (await asks(kim, 'erasure')).body.request;
    const run = await begun(id);
    // One was erased, one has lost all but its line, and one object is killed while it is erased.
    expect(await conversationOf(env, ids[0]).erase(id)).toBe(true);
    await runInDurableObject(conversationOf(env, ids[1]), (_, { storage }) => storage.deleteAll());
    await evict(ids[1]);
    const cut = erasePortion(env, run, null);
    await Promise.allSettled([cut, killed(ids[2])]);
    // And of themselves the last steps were not done.
    await env.DB.prepare('DELETE FROM visitor_holds WHERE visitor = ?').bind(kim.id).run();
    await goOn();
    await isDone(id);
    expect([await inDirectory(kim), await rowsOf('visitors', 'id', kim.id)]).toEqual([0, 0]);
  });

  it('D24 done twice is done once', async () => {
    const kim = await vouched('Kim', 'kim@example.com');
    await beginAs(kim);
    await stands(kim, 1);
    const { id } = (await asks(kim, 'erasure')).body.request;
    const run = await begun(id);
    const before = await size();
    await Promise.all([erasePortion(env, run, null), erasePortion(env, run, null)]);
    await Promise.all([erasePortion(env, run, null), erasePortion(env, run, null)]);
    const first = await receipt(id);
    expect(await erasePortion(env, run, null)).toEqual({ place: null, done: 0 });
    expect([(await shown(id)).state, await receipt(id)]).toEqual(['done', first]);
    const actions = (await since(before)).map(({ action }) => action);
    for (const action of ['conversation.erase', 'privacy.erase'])
      expect(actions.filter((each) => each === action)).toHaveLength(1);
  });

  it('D24 after it was decided, and before anything was begun, is begun within a day', async () => {
    const kim = await vouched('Kim', 'kim@example.com');
    const { id } = (await asks(kim, 'erasure')).body.request;
    await new RequestStore(env.DB).begin(id, `${id}-lost`, officer.id, Date.now());
    await seeToErasures(env, Date.now());
    await isDone(id);
  });

  it('D27 what comes to light afterwards, and was begun before, is erased by the next night', async () => {
    const kim = await vouched('Kim', 'kim@example.com');
    const late = await beginAs(kim);
    await stands(kim, 1);
    const line = await env.DB.prepare('SELECT * FROM conversations WHERE id = ?').bind(late).first();
    await env.DB.prepare('DELETE FROM conversations WHERE id = ?').bind(late).run();
    const { id } = (await asks(kim, 'erasure')).body.request;
    await fulfils(id);
    await isDone(id);
    const columns = Object.keys(line ?? {});
    const marks = columns.map(() => '?').join(', ');
    await env.DB.prepare(`INSERT INTO conversations (${columns.join(', ')}) VALUES (${marks})`)
      .bind(...Object.values(line ?? {}))
      .run();
    const fresh = await beginAs(kim);
    await stands(kim, 2);
    await seeToErasures(env, Date.now());
    await stands(kim, 1);
    const left = 'SELECT id FROM conversations WHERE visitor = ?';
    // What they begin after that is theirs.
    expect(await env.DB.prepare(left).bind(kim.id).first('id')).toBe(fresh);
  });
});

async function killed(id: ConversationId): Promise<void> {
  await runInDurableObject(conversationOf(env, id), (_, state) => {
    state.abort('killed by the test');
  });
}

const rowsOf = async (table: string, column: string, value: string) =>
  (await env.DB.prepare(`SELECT 1 FROM ${table} WHERE ${column} = ?`).bind(value).all()).results.length;

it('L7 what was done at the doors that are passed here alone stands in the ledger', () =>
  enters('duties/privacy.test.ts'));
