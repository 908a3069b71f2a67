/** What customers are given with an answer, how they hear of it, and the consent that they take back. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { generateKey } from 'openpgp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { conversationOf } from '../../src/chat/conversation.ts';
import { withdrawPortion } from '../../src/duties/consents.ts';
import { withdraw } from '../../src/duties/consents/withdrawing.ts';
import { sweepCopies } from '../../src/duties/copies.ts';
import type { CopiesAnswer, CopyAnswer } from '../../src/protocol/copies.ts';
import type { OpenFileAnswer } from '../../src/protocol/file-bodies.ts';
import type { ConversationAnswer, ConversationsAnswer } from '../../src/protocol/bodies.ts';
import type { ConversationId } from '../../src/protocol/ids.ts';
import { lifetimes, limits } from '../../src/protocol/limits.ts';
import type { OwnConsentsAnswer } from '../../src/protocol/privacy.ts';
import { createRole } from '../../src/people/roles.ts';
import { plainSettings } from '../../src/protocol/bodies.ts';
import { join, newMember, signedIn } from '../cast.ts';
import { asked } from '../chat/files-scene.ts';
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
  own,
  owner,
  receipt,
  shown,
  vouched,
} from './privacy-scene.ts';
import { enters } from '../ledger/elsewhere.ts';

beforeEach(begins);
afterEach(() => {
  vi.useRealTimers();
});

const day = 86_400_000;
const makes = (of: string, token = officer.access) =>
  asked<CopyAnswer>('POST', `/api/v1/visitors/${of}/copies`, {
    token,
    body: { reason: 'They asked for it.' },
  });
const isReady = (id: string, token = officer.access) =>
  expect
    .poll(async () => (await asked<CopyAnswer>('GET', `/api/v1/copies/${id}`, { token })).body.copy.state, {
      timeout: 15_000,
    })
    .toBe('ready');
const opens = (who: Customer, id: string) =>
  asked<OpenFileAnswer>('POST', `/api/v1/copies/${id}/open`, {
    ...{ token: who.access, body: {}, headers: { cookie: who.cookie } },
  });
const theirs = async (who: Customer) =>
  (
    await asked<CopiesAnswer>('GET', `/api/v1/visitors/${who.id}/copies`, {
      ...{ token: who.access, headers: { cookie: who.cookie } },
    })
  ).body.copies.map(({ id }) => id);

describe('D50 a copy that is handed over with the answer', () => {
  async function handed() {
    const kim = await vouched('Kim', 'kim@example.com');
    await beginAs(kim, 'What do you have of me?');
    const { id } = (await asks(kim, 'access')).body.request;
    const { id: copy } = (await makes(kim.id)).body.copy;
    await isReady(copy);
    return { kim, id, copy };
  }

  it('is its person’s to open from then on, and nobody else’s', async () => {
    const { kim, id, copy } = await handed();
    const lee = await vouched('Lee', 'lee@example.com');
    expect([(await opens(kim, copy)).status, await theirs(kim)]).toEqual([404, []]);
    const before = await size();
    const answered = await does(id, 'fulfil', { answer: 'Here is all of it.', copy });
    expect(answered.status, answered.text).toBe(200);
    expect(answered.body.request).toMatchObject({ state: 'done', copy: { id: copy } });
    const [request] = (await own(kim)).body.requests;
    expect(request).toMatchObject({ id, state: 'done', answer: 'Here is all of it.', copy: { id: copy } });
    expect(await theirs(kim)).toEqual([copy]);
    expect((await opens(kim, copy)).status).toBe(200);
    expect([(await opens(lee, copy)).status, (await opens({ ...kim, cookie: '' }, copy)).body.code]).toEqual([
      404,
      'code_needed',
    ]);
    const entries = await since(before);
    expect(entries.find(({ action }) => action === 'privacy.answer')?.facts).toMatchObject({
      copy,
      state: 'done',
    });
    expect(entries.find(({ action }) => action === 'copy.open')).toMatchObject({
      actor: kim.id,
      object: copy,
    });
    expect(await receipt(id)).toMatchObject({ kind: 'access', request: id });
  });

  it('lies there for a week from then on, with all its bytes', async () => {
    const { kim, id, copy } = await handed();
    const asked = Date.now();
    vi.useFakeTimers({ now: asked + 6 * day, toFake: ['Date'] });
    const kept = (await env.COPIES.list({ prefix: `${kim.id}/` })).objects.length;
    expect(kept).toBeGreaterThan(0);
    const { access } = await signedIn(officer.id);
    expect((await does(id, 'fulfil', { answer: 'Here.', copy }, access)).status).toBe(200);
    expect((await shown(id, access)).copy?.until).toBe(asked + 6 * day + lifetimes.copy);
    await sweepCopies(env, asked + 10 * day);
    expect((await env.COPIES.list({ prefix: `${kim.id}/` })).objects).toHaveLength(kept);
    expect((await shown(id, access)).copy?.id).toBe(copy);
    vi.setSystemTime(asked + 13 * day + 1_000);
    await sweepCopies(env, Date.now());
    expect((await env.COPIES.list({ prefix: `${kim.id}/` })).objects).toEqual([]);
    expect((await shown(id, (await signedIn(officer.id)).access)).copy).toBeNull();
  });

  it('is one that whoever answers had made of that person, and that is made', async () => {
    const { id } = await handed();
    const lee = await vouched('Lee', 'lee@example.com');
    await beginAs(lee);
    const { id: other } = (await makes(lee.id)).body.copy;
    await isReady(other);
    expect((await does(id, 'fulfil', { answer: 'Here.', copy: other })).body.code).toBe('not_found');
    const { kim, id: another, copy: colleagues } = await handed();
    expect(
      (await does(another, 'fulfil', { answer: 'Here.', copy: colleagues }, owner.access)).body.code,
    ).toBe('not_found');
    const correction = (await asks(kim, 'rectification', 'It is Kym.')).body.request.id;
    expect((await does(correction, 'fulfil', { answer: 'Here.', copy: colleagues })).body.code).toBe(
      'invalid',
    );
    expect((await shown(another)).state).toBe('open');
  });

  it('is not one under the OpenPGP key of somebody else, which they could not open', async () => {
    const { kim, id } = await handed();
    const { publicKey } = await generateKey({ userIDs: [{ name: 'Pia' }] });
    const made = await asked<CopyAnswer>('POST', `/api/v1/visitors/${kim.id}/copies`, {
      token: officer.access,
      body: { reason: 'They asked for it.', openpgp: publicKey },
    });
    const { id: copy } = made.body.copy;
    await isReady(copy);
    expect((await does(id, 'fulfil', { answer: 'Here.', copy })).body.code).toBe('invalid');
    expect((await shown(id)).state).toBe('open');
  });

  it('takes the right to copies too', async () => {
    const { id, copy } = await handed();
    const role = await createRole(env, `Clerks ${crypto.randomUUID()}`, { 'privacy.answer': 'all' });
    const clerk = await newMember(role.id, [here.team], 'Cleo');
    expect((await does(id, 'fulfil', { answer: 'Here.', copy }, clerk.access)).body.code).toBe('not_allowed');
    expect((await does(id, 'fulfil', { answer: 'I have sent it by post.' }, clerk.access)).status).toBe(200);
  });
});

describe('D52 a consent', () => {
  async function asksFor(version: string): Promise<void> {
    const settings = { ...plainSettings, consent: { version, text: { en: 'We keep what you say.' } } };
    const reply = await asked('PATCH', `/api/v1/sites/${here.site}`, {
      token: owner.access,
      body: { settings },
    });
    expect(reply.status, reply.text).toBe(200);
  }
  const withdraws = (who: Pick<Customer, 'access'>, version: string) =>
    asked<OwnConsentsAnswer>('POST', `/api/v1/sites/${here.site}/visitor/consents/withdraw`, {
      ...{ token: who.access, body: { version } },
    });
  const consents = async (who: Pick<Customer, 'access'>) =>
    (
      await asked<OwnConsentsAnswer>('GET', `/api/v1/sites/${here.site}/visitor/consents`, {
        token: who.access,
      })
    ).body.consents;
  const state = async (who: Customer, id: string) =>
    (
      await asked<ConversationsAnswer>('GET', '/api/v1/conversations', { token: who.access })
    ).body.conversations.find((each) => each.id === id)?.state;
  const consentIn = async (id: ConversationId) =>
    (await (await join(id, here.anna.access)).next('welcome')).conversation.staff?.consent;

  it('is withdrawn without any proof, in its version, which closes what was agreed to by it', async () => {
    await asksFor('v2');
    const kim = await vouched('Kim', 'kim@example.com');
    const id = await beginWith(kim, 'v2');
    await asksFor('v3');
    const later = await beginWith(kim, 'v3');
    expect((await consents(kim)).map(({ version, withdrawnAt }) => [version, withdrawnAt])).toEqual([
      ['v3', null],
      ['v2', null],
    ]);
    const before = await size();
    const now = Date.now();
    const reply = await withdraws({ access: kim.access }, 'v2');
    expect(reply.status, reply.text).toBe(200);
    expect(reply.body.consents.find(({ version }) => version === 'v2')?.withdrawnAt).toBeGreaterThanOrEqual(
      now,
    );
    await expect.poll(() => state(kim, id)).toBe('closed');
    expect(await state(kim, later)).toBe('waiting');
    expect(await consentIn(id)).toMatchObject({ version: 'v2', withdrawnAt: expect.any(Number) as number });
    expect(await consentIn(later)).not.toHaveProperty('withdrawnAt');
    await withdraws(kim, 'v2');
    const entered = (await since(before)).filter(({ action }) => action === 'consent.withdraw');
    expect(entered).toHaveLength(1);
    expect(entered[0]).toMatchObject({
      actor: kim.id,
      subject: kim.id,
      facts: { version: 'v2', conversations: 1 },
    });
  });

  it('is withdrawn from all others though one of them does not open, and that is said', async () => {
    await asksFor('v2');
    const kim = await vouched('Kim', 'kim@example.com');
    const [bad, good] = [await beginWith(kim, 'v2'), await beginWith(kim, 'v2')];
    const keys = await exchangeKeys(bad, JSON.stringify([[1, 'AAAA', true]]));
    await evict(bad);
    const before = await size();
    const entered = async () =>
      (await since(before)).filter(({ action }) => action === 'consent.withdraw').map(({ facts }) => facts);
    expect((await withdraws(kim, 'v2')).body).toMatchObject({ code: 'unavailable' });
    expect(await entered()).toEqual([{ version: 'v2', conversations: 1 }]);
    expect(await consentIn(good)).toMatchObject({ withdrawnAt: expect.any(Number) as number });
    expect(await consents(kim)).toHaveLength(1);
    await exchangeKeys(bad, keys);
    await evict(bad);
    expect((await withdraws(kim, 'v2')).status).toBe(200);
    expect(await entered()).toHaveLength(2);
    expect(await consentIn(bad)).toMatchObject({ withdrawnAt: expect.any(Number) as number });
  });

  describe('D85 of whoever has more conversations than can be told before they are answered', () => {
    /** So many others that are nowhere, in which something went on later. */
    const others = (id: string, count: number) =>
      env.DB.prepare(
        `WITH RECURSIVE numbers(n) AS (SELECT 1000 UNION ALL SELECT n + 1 FROM numbers WHERE n < 999 + ?)
         INSERT INTO conversations (id, site, team, visitor, state, version, created_at, changed_at, held)
         SELECT ? || n, site, team, visitor, 'closed', 1, created_at, changed_at + n, 0 FROM conversations, numbers
         WHERE conversations.id = ?`,
      )
        .bind(count, `con_${'!'.repeat(18)}`, id)
        .run();
    const isWithdrawn = async (id: ConversationId) => typeof (await consentIn(id))?.withdrawnAt === 'number';
    const runs = async () =>
      (
        await env.DB.prepare(`SELECT id, place, over_at AS overAt FROM runs WHERE duty = 'withdrawal'`).all<{
          id: string;
          place: string | null;
          overAt: number | null;
        }>()
      ).results;
    beforeEach(async () => {
      await env.DB.prepare('DELETE FROM runs').run();
      await env.DB.prepare("DELETE FROM conversations WHERE id LIKE 'con_!%'").run();
      await asksFor('v2');
    });

    it('is withdrawn from all of them, and entered at once', async () => {
      const kim = await vouched('Kim', 'kim@example.com');
      const id = await beginWith(kim, 'v2');
      await others(id, 500);
      const before = await size();
      expect((await withdraws(kim, 'v2')).status).toBe(200);
      const entered = (await since(before)).filter(({ action }) => action === 'consent.withdraw');
      expect(entered.map(({ facts }) => facts)).toEqual([{ version: 'v2', conversations: 0, goesOn: true }]);
      await expect.poll(() => isWithdrawn(id), { timeout: 20_000 }).toBe(true);
      await expect.poll(() => state(kim, id), { timeout: 10_000 }).toBe('closed');
      await expect
        .poll(async () => (await runs()).map(({ overAt }) => overAt !== null), { timeout: 10_000 })
        .toEqual([true]);
    }, 60_000);

    it('is not begun anew, on another day either, until they have begun another conversation', async () => {
      const kim = await vouched('Kim', 'kim@example.com');
      const id = await beginWith(kim, 'v2');
      await others(id, 500);
      const visitor = { kind: 'visitor', id: kim.id, site: kim.site } as const;
      const before = await size();
      expect((await withdraws(kim, 'v2')).status).toBe(200);
      await expect.poll(async () => (await runs()).every(({ overAt }) => overAt !== null)).toBe(true);
      const first = await withdraw(env, visitor, 'v2', Date.now());
      expect(await withdraw(env, visitor, 'v2', Date.now() + 3 * day)).toEqual(first);
      expect((await withdraws(kim, 'v2')).status).toBe(200);
      expect(await runs()).toHaveLength(1);
      expect((await since(before)).filter(({ action }) => action === 'consent.withdraw')).toHaveLength(1);
      // What they agreed to since can be as far behind as anything else.
      const again = await beginWith(kim, 'v2');
      await env.DB.prepare('UPDATE conversations SET changed_at = 0 WHERE id = ?').bind(again).run();
      expect((await withdraws(kim, 'v2')).status).toBe(200);
      await expect.poll(() => isWithdrawn(again), { timeout: 20_000 }).toBe(true);
      expect(await runs()).toHaveLength(2);
    }, 60_000);

    it('is begun for twenty versions within a day at most, and what is no version is refused', async () => {
      const kim = await vouched('Kim', 'kim@example.com');
      const id = await beginWith(kim, 'v2');
      await others(id, 500);
      const visitor = { kind: 'visitor', id: kim.id, site: kim.site } as const;
      const now = Date.now();
      await withdraw(env, visitor, 'v2', now);
      await expect.poll(async () => (await runs()).every(({ overAt }) => overAt !== null)).toBe(true);
      await env.DB.prepare(
        `WITH RECURSIVE numbers(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
         INSERT INTO runs (id, duty, begun_at, moved_at, over_at) SELECT id || n, duty, begun_at, moved_at, over_at FROM runs, numbers`,
      )
        .bind(limits.withdrawalsADay)
        .run();
      const before = await size();
      expect((await withdraws(kim, 'v21')).body).toMatchObject({ code: 'too_fast' });
      expect((await withdraws(kim, 'what I always wanted to say')).body).toMatchObject({ code: 'invalid' });
      expect((await since(before)).filter(({ action }) => action === 'consent.withdraw')).toEqual([]);
      // What is under way or done is not refused, and on another day nothing is.
      expect((await withdraws(kim, 'v2')).status).toBe(200);
      expect(await runs()).toHaveLength(limits.withdrawalsADay);
      expect((await withdraw(env, visitor, 'v21', now + day + 1)).goesOn).not.toBeNull();
    }, 60_000);

    it('reaches all others though one of them does not open, and is not over before that does', async () => {
      const kim = await vouched('Kim', 'kim@example.com');
      const [bad, good] = [await beginWith(kim, 'v2'), await beginWith(kim, 'v2')];
      const keys = await exchangeKeys(bad, JSON.stringify([[1, 'AAAA', true]]));
      await evict(bad);
      const visitor = { kind: 'visitor', id: kim.id, site: kim.site };
      const begin = { visitor, version: 'v2', until: Date.now(), after: '', failed: [] };
      const first = await withdrawPortion(env, 'a run', JSON.stringify(begin));
      expect(JSON.parse(first.place ?? '')).toMatchObject({ failed: [bad] });
      expect([first.done, await isWithdrawn(good)]).toEqual([1, true]);
      await expect(withdrawPortion(env, 'a run', first.place)).rejects.toThrow('could not be told');
      await exchangeKeys(bad, keys);
      await evict(bad);
      expect(await withdrawPortion(env, 'a run', first.place)).toEqual({ place: null, done: 1 });
      expect(await isWithdrawn(bad)).toBe(true);
      // Cut off before it was kept that it is done, it comes to the same.
      expect(await withdrawPortion(env, 'a run', JSON.stringify(begin))).toMatchObject({ done: 0 });
    });
  });

  it('D52 keeps staff from opening again what was agreed to by it, and the customer begins anew', async () => {
    await asksFor('v2');
    const kim = await vouched('Kim', 'kim@example.com');
    const id = await beginWith(kim, 'v2');
    await withdraws(kim, 'v2');
    const reopens = await asked('POST', `/api/v1/conversations/${id}/reopen`, {
      token: owner.access,
      body: {},
    });
    expect(reopens.body['code']).toBe('consent_needed');
    expect(await state(kim, id)).toBe('closed');
    await beginWith(kim, 'v2');
  });

  it('that was given anew stands, and of others nothing is seen or withdrawn', async () => {
    await asksFor('v2');
    const kim = await vouched('Kim', 'kim@example.com');
    const lee = await vouched('Lee', 'lee@example.com');
    const theirs = await beginWith(lee, 'v2');
    await beginWith(kim, 'v2');
    await withdraws(kim, 'v2');
    expect(await consentIn(theirs)).not.toHaveProperty('withdrawnAt');
    await beginWith(kim, 'v2');
    expect((await consents(kim)).map(({ withdrawnAt }) => withdrawnAt)).toEqual([null]);
    expect(await consents(lee)).toHaveLength(1);
    const elsewhere = await asked('GET', `/api/v1/sites/${here.site.slice(0, -2)}AA/visitor/consents`, {
      token: kim.access,
    });
    expect(elsewhere.status).toBe(404);
  });

  /** Puts other keys in the place of a conversation's own. @returns those that it had */
  const exchangeKeys = (id: ConversationId, keys: string) =>
    runInDurableObject(conversationOf(env, id), (_, { storage }) => {
      const was = storage.sql.exec<{ keys: string }>('SELECT keys FROM conversation').one().keys;
      storage.sql.exec('UPDATE conversation SET keys = ?', keys);
      return was;
    });

  async function beginWith(who: Customer, consent: string): Promise<ConversationId> {
    const reply = await asked<ConversationAnswer>('POST', '/api/v1/conversations', {
      token: who.access,
      body: { id: crypto.randomUUID(), text: 'Hello', consent },
    });
    expect(reply.status, reply.text).toBe(201);
    const { id } = reply.body.conversation;
    await expect.poll(() => state(who, id)).toBe('waiting');
    return id;
  }
});

it('L7 what was done at the doors that are passed here alone stands in the ledger', () =>
  enters('duties/rights.test.ts'));
