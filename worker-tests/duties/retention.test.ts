/** What is kept no longer than it has to be, kind by kind, and what is told of it. */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { changeSite } from '../../src/chat/sites.ts';
import { conversationOf } from '../../src/chat/conversation.ts';
import { expireAll, expirePortion } from '../../src/duties/retention.ts';
import { checkLedger, ledgerOf, pageOf } from '../../src/ledger.ts';
import { organisationOf } from '../../src/people/organisation.ts';
import { factsOfVisitor } from '../../src/people/visitor.ts';
import { plainSettings, type SiteSettings } from '../../src/protocol/bodies.ts';
import type { ConversationId } from '../../src/protocol/ids.ts';
import { limits } from '../../src/protocol/limits.ts';
import { type OrganisationAnswer, plainOrganisation } from '../../src/protocol/organisation.ts';
import type { DeletedAnswer, DetailsOverAnswer, OverAnswer } from '../../src/protocol/retention.ts';
import { seeToRuns } from '../../src/duties/runs.ts';
import { accessFor, signedIn } from '../cast.ts';
import * as scene from '../chat/files-scene.ts';
import { since, size } from '../ledger/scene.ts';
import {
  beginAs,
  begins,
  type Customer,
  here,
  officer,
  opens,
  owner,
  stands,
  vouched,
} from './privacy-scene.ts';
import { everythingStored, placesOf } from './traces.ts';

const { asked } = scene;
const day = 86_400_000;
const usual = limits.visitorDays;
/** Words that no id can hold. */
const name = 'Kim !Zeichen!';

beforeEach(async () => {
  await begins();
  await env.DB.batch(
    ['profiles', 'restrictions', 'erased'].map((table) => env.DB.prepare(`DELETE FROM ${table}`)),
  );
  await env.DB.prepare(`UPDATE organisation SET settings = '{}'`).run();
});
afterEach(() => {
  vi.useRealTimers();
});

const later = (by: number) => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + by });
};
const keep = (settings: Partial<SiteSettings>) =>
  changeSite(env, here.site, { settings: { ...plainSettings, ...settings } });
/** They were seen so many days ago for the last time. */
const unseen = (who: Customer, days: number) =>
  env.DB.prepare('UPDATE visitors SET seen_at = ? WHERE id = ?')
    .bind(Date.now() - days * day, who.id)
    .run();
const isKnown = async (who: Customer) =>
  (await env.DB.prepare('SELECT 1 FROM visitors WHERE id = ?').bind(who.id).first()) !== null;
const copies = async (who: Customer) => (await env.KEYS.list({ prefix: `visitor/${who.id}` })).objects.length;
const registered = (id: string) =>
  env.DB.prepare('SELECT site, kind FROM erased WHERE id = ?').bind(id).first();
const isOver = () => {
  const open = 'SELECT COUNT(*) AS n FROM runs WHERE over_at IS NULL';
  return expect.poll(() => env.DB.prepare(open).first('n'), { timeout: 20_000 }).toBe(0);
};
const holds = async (id: ConversationId, on: boolean) => {
  const body = { reason: on ? 'A court has asked for it.' : null };
  const reply = await asked('PUT', `/api/v1/conversations/${id}/hold`, { token: owner.access, body });
  expect(reply.status, reply.text).toBe(200);
};
/** What the directory says of it. */
const lineOf = (id: string) =>
  env.DB.prepare('SELECT held, files_due AS filesDue FROM conversations WHERE id = ?').bind(id).first();
/** Each night is another one, whatever the day. */
let nights = 0;
const sweep = async () => {
  await env.DB.prepare(`DELETE FROM runs WHERE id LIKE 'retention-%'`).run();
  await goThrough(`retention-of-the-test-${nights++}`);
};
/** All portions, one after the other. */
async function goThrough(run: string, from: string | null = 'visitors') {
  let place = from;
  do ({ place } = await expirePortion(env, run, place));
  while (place !== null);
}

describe('a customer of whom no conversation is left', () => {
  it('D55 is erased once they were not seen for as long as their site keeps them, and nothing of theirs opens', async () => {
    const kim = await vouched(name, 'kim@example.com');
    const fresh = await vouched('Lea', 'lea@example.com');
    expect(plainSettings.visitorDays).toBe(365);
    await unseen(kim, usual + 2);
    expect([(await factsOfVisitor(env, kim.id)).name, await copies(kim)]).toEqual([name, 1]);
    await sweep();
    expect([await isKnown(kim), await copies(kim), await isKnown(fresh)]).toEqual([false, 0, true]);
    expect(await registered(kim.id)).toEqual({ site: here.site, kind: 'visitors' });
    const holds = 'SELECT COUNT(*) AS n FROM visitor_holds WHERE visitor = ?';
    expect(await env.DB.prepare(holds).bind(kim.id).first('n')).toBe(0);
    const stored = await everythingStored();
    expect([placesOf(name, stored), placesOf('kim@example.com', stored)]).toEqual([[], []]);
  });

  it('D55 is found by the sweep of every night', async () => {
    const kim = await vouched(name, 'kim@example.com');
    await unseen(kim, usual + 2);
    await env.DB.prepare(`DELETE FROM runs WHERE id LIKE 'retention-%'`).run();
    await expireAll(env, Date.now());
    await isOver();
    expect(await isKnown(kim)).toBe(false);
  });

  it('D55 stays while there is a conversation, held or not, or a request that waits, or their time is not over', async () => {
    const customers = await Promise.all(
      ['held', 'asks', 'lately'].map((each) => vouched(each, `${each}@example.com`)),
    );
    const [held, waits, lately] = customers as [Customer, Customer, Customer];
    const id = await beginAs(held);
    await stands(held, 1);
    await asked('PUT', `/api/v1/conversations/${id}/hold`, {
      token: owner.access,
      body: { reason: 'A court has asked for it.' },
    });
    await opens(waits.id, 'access');
    await Promise.all([unseen(held, 4_000), unseen(waits, 4_000), unseen(lately, usual)]);
    await keep({ keptDays: 1 });
    later(3 * day);
    await unseen(lately, usual);
    expect(await conversationOf(env, id).expire()).toBe(false);
    await sweep();
    expect(await Promise.all(customers.map(isKnown))).toEqual([true, true, true]);
    await keep({ visitorDays: null });
    await env.DB.prepare('DELETE FROM requests').run();
    await sweep();
    expect(await isKnown(waits)).toBe(true);
  });

  it('D55 who comes back in time stays, and so does their key', async () => {
    const kim = await vouched(name, 'kim@example.com', 'one-and-the-same');
    await unseen(kim, usual + 2);
    // While the sweep is under way they come back: what stands in the row is what counts.
    await Promise.all([vouched(name, 'kim@example.com', 'one-and-the-same'), sweep()]);
    const back = await vouched(name, 'kim@example.com', 'one-and-the-same');
    expect([back.id, (await factsOfVisitor(env, kim.id)).name]).toEqual([kim.id, name]);
    expect(await copies(kim)).toBe(1);
    await sweep();
    expect([await isKnown(kim), await copies(kim)]).toEqual([true, 1]);
  });

  it('D56 cut off at any step, the next look ends it, and nothing of them is left', async () => {
    const kim = await vouched(name, 'kim@example.com');
    const lea = await vouched('Lea', 'lea@example.com');
    await Promise.all([unseen(kim, usual + 2), unseen(lea, usual + 2)]);
    // The keys of one are gone, and nothing else was done.
    await env.KEYS.delete(
      (await env.KEYS.list({ prefix: `visitor/${kim.id}` })).objects.map(({ key }) => key),
    );
    // Of two who drive it one does each, and a portion that is done again does nothing more.
    await Promise.all([goThrough('retention-one'), goThrough('retention-two')]);
    await goThrough('retention-one');
    expect(await Promise.all([kim, lea].map(isKnown))).toEqual([false, false]);
    expect([await copies(kim), await copies(lea)]).toEqual([0, 0]);
    const told = (await deleted()).filter(({ kind }) => kind === 'visitors');
    expect(told).toEqual([{ day: today(), site: here.site, kind: 'visitors', count: 2 }]);
  });

  it('D56 a run that stood still among the customers goes on from there', async () => {
    const kim = await vouched(name, 'kim@example.com');
    await unseen(kim, usual + 2);
    const now = Date.now();
    await env.DB.prepare(
      `INSERT INTO runs (id, duty, place, begun_at, moved_at) VALUES (?, 'retention', 'visitors ', ?2, ?2)`,
    )
      .bind('retention-stood-still', now - 20 * 60_000)
      .run();
    await seeToRuns(env, now);
    await isOver();
    expect(await isKnown(kim)).toBe(false);
  });
});

describe('what is personal in the ledger', () => {
  const personalOf = async (who: string) => {
    await ledgerOf(env).checkpoint();
    const { entries } = await pageOf(env, { actor: who }, undefined, 50);
    return entries.flatMap(({ personal }) => (personal === null ? [] : [personal]));
  };
  const entry = (of: string, at: number) =>
    ledgerOf(env).append([
      {
        ...{ id: crypto.randomUUID(), at, actor: of, action: 'signIn.factor', outcome: 'done' as const },
        personal: { of, what: { device: 'Firefox on Linux' } },
      },
    ]);

  it('D57 can be read for a year, until the organisation says otherwise, and the ledger proves what it did before', async () => {
    expect((await organisationOf(env, 'now')).ledgerDetailsDays).toBe(365);
    const { id } = officer;
    await entry(id, Date.now() - 400 * day);
    await entry(id, Date.now() - 330 * day);
    expect(await personalOf(id)).toEqual([{ device: 'Firefox on Linux' }, { device: 'Firefox on Linux' }]);
    const { note } = await ledgerOf(env).checkpoint();
    await sweep();
    expect(await personalOf(id)).toEqual([{ device: 'Firefox on Linux' }, 'erased']);
    const left = (await env.KEYS.list({ prefix: `ledger/${id}/` })).objects.length;
    expect(left).toBe(1);
    expect((await ledgerOf(env).checkpoint()).note).toBe(note);
    expect((await checkLedger(env, 0)).broken).toBeNull();
    // The writer, too, that begins anew has nothing left of it.
    await evictDurableObject(ledgerOf(env));
    await sweep();
    expect(await personalOf(id)).toEqual([{ device: 'Firefox on Linux' }, 'erased']);
  });

  it('D57 of a customer under a legal hold, or whose data are restricted, stays', async () => {
    const kim = await vouched(name, 'kim@example.com');
    const lea = await vouched('Lea', 'lea@example.com');
    const max = await vouched('Max', 'max@example.com');
    const held = await beginAs(kim);
    await stands(kim, 1);
    await asked('PUT', `/api/v1/conversations/${held}/hold`, {
      token: owner.access,
      body: { reason: 'A court has asked for it.' },
    });
    await asked('PUT', `/api/v1/visitors/${lea.id}/restriction`, {
      token: officer.access,
      body: { on: true, reason: 'They say that it is not right.' },
    });
    const old = Date.now() - 400 * day;
    for (const { id } of [kim, lea, max]) await entry(id, old);
    await sweep();
    const erased = async ({ id }: Customer) => (await personalOf(id)).includes('erased');
    expect([await erased(kim), await erased(lea), await erased(max)]).toEqual([false, false, true]);
  });

  const readable = async ({ id }: Customer) => !(await personalOf(id)).includes('erased');

  it('D81 of a customer one of whose conversations does not answer, stays until it does', async () => {
    const kim = await vouched(name, 'kim@example.com');
    const id = await beginAs(kim);
    await stands(kim, 1);
    await entry(kim.id, Date.now() - 400 * day);
    const people = (text: string) =>
      runInDurableObject(conversationOf(env, id), (_, { storage }) => {
        const before = storage.sql.exec<{ people: string }>('SELECT people FROM conversation').one().people;
        storage.sql.exec('UPDATE conversation SET people = ?', text);
        return before;
      });
    const before = await people('no JSON');
    await sweep();
    expect(await readable(kim)).toBe(true);
    await people(before);
    await sweep();
    expect(await readable(kim)).toBe(false);
  });

  it('D81 of a customer whose hold the directory knows nothing of stays, behind however many others it is', async () => {
    const kim = await vouched(name, 'kim@example.com');
    const held = await beginAs(kim);
    await stands(kim, 1);
    await holds(held, true);
    await entry(kim.id, Date.now() - 400 * day);
    // All of the others changed later, and have lower ids.
    const other = `con_${'!'.repeat(18)}`;
    await env.DB.prepare(
      `WITH RECURSIVE numbers(n) AS (SELECT 1000 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1520)
       INSERT INTO conversations (id, site, team, visitor, state, version, created_at, changed_at, held)
       SELECT ? || n, site, team, visitor, 'closed', 1, created_at, changed_at + n, 0 FROM conversations, numbers
       WHERE conversations.id = ?`,
    )
      .bind(other, held)
      .run();
    await env.DB.prepare('UPDATE conversations SET held = 0 WHERE id = ?').bind(held).run();
    await sweep();
    expect(await readable(kim)).toBe(true);
    await holds(held, false);
    await sweep();
    expect(await readable(kim)).toBe(false);
    await env.DB.prepare('DELETE FROM conversations WHERE id > ? AND id < ?').bind(other, `${other}~`).run();
  }, 60_000);

  it('D57 a profile of records of health holds it at six years', async () => {
    const change = (ledgerDetailsDays: unknown) =>
      asked<OrganisationAnswer & { detail: string }>('PATCH', '/api/v1/organisation', {
        token: owner.access,
        body: { ledgerDetailsDays },
      });
    for (const unfit of [0, 89, 3_651, 365.5, null, '400']) expect((await change(unfit)).status).toBe(400);
    expect((await change(90)).body.organisation.ledgerDetailsDays).toBe(90);
    const turned = await asked('PUT', '/api/v1/profiles/hipaa', { token: owner.access, body: { on: true } });
    expect(turned.status).toBe(200);
    expect((await organisationOf(env, 'now')).ledgerDetailsDays).toBe(2_192);
    const refused = await change(2_191);
    expect([refused.status, refused.body.code]).toEqual([409, 'profile_locked']);
    expect(refused.body.detail).toBe(
      'The profile HIPAA holds how long what is personal in the ledger can be read (ledgerDetailsDays), at 2192 at least.',
    );
    expect((await change(3_000)).status).toBe(200);
    expect((await organisationOf(env, 'now')).idleMinutes).toBe(15);
    expect(plainOrganisation.ledgerDetailsDays).toBe(365);
  });
});

describe('what the directory says of a conversation', () => {
  it('D82 is whether it is held, from the moment in which the hold is put or ended', async () => {
    const kim = await vouched(name, 'kim@example.com');
    const id = await beginAs(kim);
    await stands(kim, 1);
    expect(await lineOf(id)).toEqual({ held: 0, filesDue: null });
    await holds(id, true);
    expect(await lineOf(id)).toMatchObject({ held: 1 });
    await env.DB.prepare('UPDATE conversations SET held = NULL WHERE id = ?').bind(id).run();
    // A line of before this was said is told anew in the night.
    await goThrough(`retention-of-the-test-${nights++}`, null);
    expect(await lineOf(id)).toMatchObject({ held: 1 });
    await holds(id, false);
    expect(await lineOf(id)).toMatchObject({ held: 0 });
  });
});

describe('before another time is saved', () => {
  const over = (path: string, token = owner.access) =>
    asked<OverAnswer & DetailsOverAnswer>('GET', `/api/v1/${path}`, { token });

  it('D58 it is said how many customers it would erase, and how many people’s details make unreadable', async () => {
    const kim = await vouched(name, 'kim@example.com');
    await unseen(kim, 40);
    const path = (days: number) => `sites/${here.site}/over?kind=visitors&days=${days}`;
    expect((await over(path(30))).body.over).toBe(1);
    expect((await over(path(60))).body.over).toBe(0);
    expect((await over(path(0))).status).toBe(400);
    expect((await over(path(30), here.anna.access)).status).toBe(403);
    expect((await over(`sites/${here.site}/over?kind=files&days=30`)).status).toBe(400);
    expect((await over('sites/sit_AAAAAAAAAAAAAAAAAAAAAA/over?kind=visitors&days=30')).status).toBe(404);
    const before = (await over('organisation/over?days=365')).body;
    await ledgerOf(env).append([
      {
        ...{ id: crypto.randomUUID(), at: Date.now() - 500 * day, actor: kim.id },
        ...{
          action: 'visitor.prove',
          outcome: 'done',
          personal: { of: kim.id, what: { network: '192.0.2.0/24' } },
        },
      },
    ]);
    const after = (await over('organisation/over?days=365')).body;
    expect(after.over - before.over).toBe(1);
    const held = await beginAs(kim);
    await stands(kim, 1);
    await holds(held, true);
    expect((await over('organisation/over?days=365')).body.over).toBe(before.over);
    await holds(held, false);
    await asked('PUT', `/api/v1/visitors/${kim.id}/restriction`, {
      token: officer.access,
      body: { on: true, reason: 'They say that it is not right.' },
    });
    expect((await over('organisation/over?days=365')).body.over).toBe(before.over);
    expect(after.before).toMatch(/^20\d\d-\d\d$/);
    expect((await over('organisation/over?days=365', here.anna.access)).status).toBe(403);
  });

  it('D58 that of customers takes a new second factor to change', async () => {
    const change = (visitorDays: unknown, token: string) =>
      asked('PATCH', `/api/v1/sites/${here.site}`, {
        token,
        body: { settings: { ...plainSettings, visitorDays } },
      });
    for (const unfit of [0, -1, 1.5, 4_000, '30'])
      expect((await change(unfit, owner.access)).status).toBe(400);
    const { session } = await signedIn(owner.id);
    later(10 * 60_000);
    const access = await accessFor(owner.id, {
      id: session,
      amr: ['pwd', 'otp'],
      provedAt: Date.now() - 600_000,
    });
    expect((await change(30, access)).body['code']).toBe('step_up_needed');
    expect((await change(usual, access)).status).toBe(200);
  });
});

const today = () => new Date().toISOString().slice(0, 10);
const deleted = async (token = officer.access) =>
  (await asked<DeletedAnswer>('GET', '/api/v1/deleted', { token })).body.deleted;

describe('what a day has deleted', () => {
  it('D59 is told by kind and site, and stands in the ledger with the night after, naming nobody', async () => {
    const kim = await vouched(name, 'kim@example.com');
    const id = await beginAs(kim);
    await stands(kim, 1);
    const asksForIt = await vouched('Lea', 'lea@example.com');
    await beginAs(asksForIt);
    await stands(asksForIt, 1);
    await keep({ keptDays: 1, visitorDays: 1 });
    later(3 * day);
    await conversationOf(env, id).expire();
    // What somebody asked for is no matter of time.
    for (const { id: other } of (
      await env.DB.prepare('SELECT id FROM conversations WHERE visitor = ?')
        .bind(asksForIt.id)
        .all<{ id: never }>()
    ).results)
      await conversationOf(env, other).erase(null);
    await unseen(asksForIt, 0);
    await sweep();
    const told = [
      { day: today(), site: here.site, kind: 'conversations', count: 1 },
      { day: today(), site: here.site, kind: 'visitors', count: 1 },
    ];
    const signedInNow = (await signedIn(officer.id)).access;
    expect((await deleted(signedInNow)).filter(({ site }) => site === here.site)).toEqual(told);
    const reported = today();
    later(day);
    const before = await size();
    const night = `retention-${today()}`;
    await expirePortion(env, night, 'report');
    await expirePortion(env, night, 'report');
    const entries = (await since(before)).filter(({ action }) => action === 'retention.report');
    expect(entries.filter(({ object }) => object === here.site)).toEqual([
      {
        ...{ actor: null, action: 'retention.report', object: here.site, outcome: 'done' },
        facts: { day: reported, conversations: 1, visitors: 1 },
      },
    ]);
  });

  it('D59 has files that went by their own time', async () => {
    await scene.begins();
    await scene.send(scene.talk.visitor.access, scene.text('Hello'));
    later((limits.fileDays + 1) * day);
    await scene.rings();
    const rows = await env.DB.prepare(`SELECT COUNT(*) AS n FROM erased WHERE kind = 'files' AND site = ?`)
      .bind(scene.here.site)
      .first('n');
    expect(rows).toBe(1);
  });
});
