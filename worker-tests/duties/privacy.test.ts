/** What people ask about their own data, and erasing them, wherever that is cut off. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { conversationOf } from '../../src/chat/conversation.ts';
import { erasePortion, seeToErasures } from '../../src/duties/privacy.ts';
import { dueAt } from '../../src/duties/privacy/rules.ts';
import { RequestStore } from '../../src/duties/requests.ts';
import { seeToRuns } from '../../src/duties/runs.ts';
import { type ConversationId, newId } from '../../src/protocol/ids.ts';
import { lifetimes, limits } from '../../src/protocol/limits.ts';
import type { RequestLaw, RequestsAnswer } from '../../src/protocol/privacy.ts';
import { rememberProved } from '../../src/people/visitor/facts.ts';
import { accessFor, newSite, newVisitor } from '../cast.ts';
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

  it('D97 is opened for whoever is banned, who is out at the doors of their own data too, and that is shown', async () => {
    const kim = await vouched('Kim', 'kim@example.com');
    const id = await beginAs(kim);
    await stands(kim, 1);
    const ban = { kind: 'visitor', reason: 'Threats', lasts: day };
    const site = `/api/v1/sites/${here.site}/visitor`;
    const doors = [
      () => asks(kim, 'erasure'),
      () => own(kim),
      () => asked('GET', `${site}/consents`, { token: kim.access }),
      () => asked('POST', `${site}/consents/withdraw`, { token: kim.access, body: { version: 'v1' } }),
      () => asked('GET', `/api/v1/visitors/${kim.id}/copies`, { token: kim.access }),
      () => asked('POST', `/api/v1/visitors/${kim.id}/copies`, { token: kim.access, body: {} }),
    ];
    expect(
      (await asked('POST', `/api/v1/conversations/${id}/bans`, { token: owner.access, body: ban })).status,
    ).toBe(201);
    for (const door of doors) expect((await door()).body).toMatchObject({ code: 'banned' });
    const { id: request, banned } = (await opens(id, 'access')).body.request;
    expect(banned).toBe(true);
    expect((await does(request, 'fulfil', { answer: 'It is in the post.' })).body.request.state).toBe('done');
    // Which ends with the ban, if not with its time.
    const erasure = (await opens(kim.id, 'erasure')).body.request;
    expect((await fulfils(erasure.id)).status).toBe(200);
    await isDone(erasure.id);
    expect((await shown(erasure.id)).banned).toBe(false);
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
    const bodies = {
      fulfil: { answer: null },
      refuse: { ground: 'other', reason: 'No.' },
      extend: { reason: 'No.' },
    };
    for (const what of ['fulfil', 'refuse', 'extend'] as const)
      expect((await does(id, what, bodies[what])).body.code).toBe('already_done');
    expect(await since(before)).toContainEqual(
      expect.objectContaining({
        ...{ actor: officer.id, action: 'privacy.answer', object: id, subject: kim.id, outcome: 'done' },
        facts: { door: 'POST /requests/:id/fulfil', kind: 'rectification', law: 'ccpa', state: 'done' },
      }),
    );
    const other = (await asks(kim, 'restriction')).body.request;
    await does(other.id, 'refuse', { ground: 'other', reason: 'We need it for a claim.' });
    expect((await own(kim)).body.requests.find(({ id: each }) => each === other.id)).toMatchObject({
      ...{ state: 'refused', answer: 'We need it for a claim.' },
    });
  });

  it('D84 of a customer themselves goes by the earliest clock of the laws whose profiles are on, and else by the GDPR', async () => {
    const turn = async (...profiles: RequestLaw[]) => {
      await env.DB.prepare('DELETE FROM profiles').run();
      for (const profile of profiles)
        await env.DB.prepare('INSERT INTO profiles VALUES (?, 0)').bind(profile).run();
    };
    const clockOf = async (...profiles: RequestLaw[]) => {
      await turn(...profiles);
      const kim = await vouched('Kim', 'kim@example.com');
      const { id } = (await asks(kim, 'access')).body.request;
      const { law, openedAt, dueAt } = await shown(id);
      await does(id, 'extend', { reason: 'There is much of it.' });
      return { law, openedAt, first: dueAt, extended: (await shown(id)).dueAt };
    };
    const none = await clockOf();
    expect([none.law, none.first]).toEqual(['gdpr', dueAt('gdpr', none.openedAt, false)]);
    const california = await clockOf('ccpa');
    expect([california.law, california.first - california.openedAt]).toEqual(['ccpa', 45 * day]);
    const health = await clockOf('ccpa', 'hipaa');
    expect([health.law, health.first - health.openedAt]).toEqual(['hipaa', 30 * day]);
    expect(health.extended - health.openedAt).toBe(60 * day);
    const all = await clockOf('gdpr', 'ccpa', 'hipaa');
    const monthly = dueAt('gdpr', all.openedAt, false);
    expect(all.first).toBe(Math.min(monthly, all.openedAt + 30 * day));
    expect(all.extended - all.openedAt).toBe(60 * day);
    // What staff open goes by the law that they name, first and last.
    const named = (await opens((await vouched('Lea', 'lea@example.com')).id, 'access')).body.request;
    await does(named.id, 'extend', { reason: 'There is much of it.' });
    expect((await shown(named.id)).dueAt).toBe(dueAt('gdpr', named.openedAt, true));
    await turn();
  });

  it('D20 stands in the list by when it is due, and among the others once it was answered', async () => {
    const [kim, lee] = [await vouched('Kim', 'kim@example.com'), await vouched('Lee', 'lee@example.com')];
    const later = (await opens(kim.id, 'access', { law: 'ccpa' })).body.request.id;
    const sooner = (await opens(lee.id, 'access', { law: 'hipaa' })).body.request.id;
    const ours = ({ requests }: RequestsAnswer) =>
      requests.map(({ id }) => id).filter((id) => id === later || id === sooner);
    expect(ours(await list('open'))).toEqual([sooner, later]);
    await does(sooner, 'refuse', { ground: 'other', reason: 'It is not theirs.' });
    expect([ours(await list('open')), ours(await list('over'))]).toEqual([[later], [sooner]]);
  });

  it('D86 names whoever else has proved the same address, on other sites too, and is opened for them as for anybody', async () => {
    const address = `${crypto.randomUUID()}@example.com`;
    const kim = await vouched('Kim', address);
    const lea = await vouched('Lea', `other-${address}`);
    const site = await newSite(here.team);
    const elsewhere = newId('visitor');
    await rememberProved(env, { id: elsewhere, site }, address, Date.now());
    const { id } = (await asks(kim, 'erasure')).body.request;
    expect((await shown(id)).others).toEqual([{ visitor: elsewhere, site, waits: null }]);
    expect(JSON.stringify((await own(kim)).body)).not.toContain(elsewhere);
    expect((await opens(elsewhere, 'erasure', {}, here.sue.access)).body.code).toBe('not_allowed');
    const { request } = (await opens(elsewhere, 'erasure')).body;
    expect(request).toMatchObject({ site, others: [{ visitor: kim.id, site: here.site, waits: id }] });
    expect((await shown(id)).others).toEqual([{ visitor: elsewhere, site, waits: request.id }]);
    const alone = (await opens(lea.id, 'access')).body.request;
    expect(alone.others).toEqual([]);
    // Of whoever is erased no address is left, and nobody is found by it.
    await fulfils(request.id);
    await isDone(request.id);
    expect([(await shown(id)).others, (await shown(request.id)).others]).toEqual([[], []]);
  });

  it('D85 is found in either list however many there are, each once, page by page', async () => {
    await env.DB.prepare('DELETE FROM requests').run();
    const count = 2 * limits.listRequests + 1;
    const add = (state: 'open' | 'refused', at: string) =>
      env.DB.batch(
        // Some are due, or were answered, in the same moment.
        Array.from({ length: count }, (_, n) =>
          env.DB.prepare(
            `INSERT INTO requests (id, kind, visitor, site, law, proof, state, opened_at, due_at, ${at})
             VALUES (?, 'access', ?, ?, 'gdpr', 'code', ?, 0, ?, ?)`,
          ).bind(newId('request'), newId('visitor'), here.site, state, Math.floor(n / 7), Math.floor(n / 7)),
        ),
      );
    await add('open', 'extended_at');
    await add('refused', 'decided_at');
    for (const state of ['open', 'over'] as const) {
      const found: string[] = [];
      for (let [pages, after] = [0, ''] as [number, string | null]; after !== null; pages++) {
        expect(pages).toBeLessThan(3);
        const path = `/api/v1/requests?state=${state}${after === '' ? '' : `&after=${after}`}`;
        const { body } = await asked<RequestsAnswer>('GET', path, { token: officer.access });
        found.push(...body.requests.map(({ id }) => id));
        after = body.next;
      }
      expect([found.length, new Set(found).size]).toEqual([count, count]);
    }
    const unfit = '/api/v1/requests?state=open&after=1.con_AAAAAAAAAAAAAAAAAAAAAA';
    expect((await asked('GET', unfit, { token: officer.access })).status).toBe(400);
    await env.DB.prepare('DELETE FROM requests').run();
  });

  it('D4 what is sensitive in what somebody asks is masked by the rule of their site, and so is how they were known', async () => {
    const kim = await vouched('Kim', 'kim@example.com');
    const wish = 'My card is 4111 1111 1111 1111, my IBAN was DE89 3704 0044 0532 0130 00';
    const id = (await asks(kim, 'rectification', wish)).body.request.id;
    expect((await shown(id)).wish).toBe(
      'My card is •••• •••• •••• 1111, my IBAN was DE89 3704 0044 0532 0130 00',
    );
    const masking = { cards: false, ibans: true, nationalIds: true, secrets: true };
    const set = 'UPDATE sites SET settings = json_patch(settings, ?) WHERE id = ?';
    await env.DB.prepare(set).bind(JSON.stringify({ masking }), here.site).run();
    const how = 'They showed an identity card, T539F29ZZ';
    const other = (await opens(kim.id, 'access', { wish, how })).body.request.id;
    expect(await shown(other)).toMatchObject({
      wish: 'My card is 4111 1111 1111 1111, my IBAN was [••• iban]',
      how: 'They showed an identity card, [••• id]',
    });
  });

  it('D4 what is sensitive in what staff answer to it is masked by the rule of its site', async () => {
    const kim = await vouched('Kim', 'kim@example.com');
    const said = 'We charged 4111 1111 1111 1111, and paid back to DE89 3704 0044 0532 0130 00';
    const kept = 'We charged •••• •••• •••• 1111, and paid back to DE89 3704 0044 0532 0130 00';
    const refused = (await asks(kim, 'rectification')).body.request.id;
    await does(refused, 'extend', { reason: said });
    await does(refused, 'refuse', { ground: 'other', reason: said });
    expect(await shown(refused)).toMatchObject({ extension: kept, answer: kept });
    const done = (await asks(kim, 'access')).body.request.id;
    await does(done, 'fulfil', { answer: said });
    const answers = (await own(kim)).body.requests.map(({ answer }) => answer);
    expect(answers).toEqual([kept, kept]);
  });

  it('D22 says nothing in the clear of what is said in it', async () => {
    const kim = await vouched('Kim', 'kim@example.com');
    const { id } = (await asks(kim, 'rectification', 'I am called Kim!berly')).body.request;
    await does(id, 'extend', { reason: 'We ask Kim!berly first.' });
    await does(id, 'refuse', { ground: 'other', reason: 'Kim!berly is taken.' });
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
    expect(await receipt(id)).toMatchObject({ conversations: '1' });
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
