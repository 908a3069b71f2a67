import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { conversationOf } from '../../src/chat/conversation.ts';
import { watchOf } from '../../src/duties/alarms.ts';
import { expireAll } from '../../src/duties/retention.ts';
import { plainSettings } from '../../src/protocol/bodies.ts';
import type { ConversationId } from '../../src/protocol/ids.ts';
import { lifetimes, limits } from '../../src/protocol/limits.ts';
import type { OverAnswer } from '../../src/protocol/retention.ts';
import { accessFor, begin, call, newMember, newSite, newVisitor, signedIn } from '../cast.ts';
import { since, size } from '../ledger/scene.ts';
import {
  begins,
  bucket,
  filesOf,
  here,
  hold,
  later,
  mark,
  owner,
  send,
  start,
  talk,
  text,
} from './files-scene.ts';
import { act, evict, rows } from './scene.ts';

beforeEach(begins);
afterEach(() => {
  vi.useRealTimers();
});

const day = 86_400_000;
const kept = limits.conversationDays;
/** What the object of a conversation holds. */
const tables = (id: ConversationId) =>
  rows(id, `SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'`);
const inDirectory = async (id: string) =>
  (await env.DB.prepare('SELECT id FROM conversations WHERE id = ?').bind(id).all()).results.length;
const register = async (id: string) =>
  (await env.DB.prepare('SELECT id FROM erased WHERE id = ?').bind(id).all()).results.length;
const keysOf = async (id: string) => {
  const found = [];
  for (const kind of ['conversation', 'file'])
    found.push(...(await env.KEYS.list({ prefix: `${kind}/${id}/` })).objects);
  return found.length;
};
/** Once a day, to its end. There is one each day: each test has days of its own. */
const sweep = async () => {
  await expireAll(env, Date.now());
  const open = 'SELECT COUNT(*) AS n FROM runs WHERE over_at IS NULL';
  await expect.poll(() => env.DB.prepare(open).first('n'), { timeout: 10_000 }).toBe(0);
};
const stands = (id: ConversationId) => expect.poll(() => inDirectory(id)).toBe(1);

describe('a conversation whose time is over', () => {
  it('D10 erases itself when nothing has happened in it for as long as its site keeps it', async () => {
    await send(talk.visitor.access, text(mark));
    expect((await act('close', talk.id, here.anna.access)).status).toBe(200);
    await stands(talk.id);
    await expect.poll(() => keysOf(talk.id)).toBe(2);
    later(kept * day - 60_000);
    await runDurableObjectAlarm(conversationOf(env, talk.id));
    expect(await inDirectory(talk.id)).toBe(1);
    later(120_000);
    expect(await runDurableObjectAlarm(conversationOf(env, talk.id))).toBe(true);
    expect(await tables(talk.id)).toEqual([]);
    expect([
      await keysOf(talk.id),
      await bucket(),
      await inDirectory(talk.id),
      await register(talk.id),
    ]).toEqual([0, [], 0, 1]);
  });

  it('D10 is nowhere any more: its sockets close, and whoever asks finds nothing', async () => {
    const before = await size();
    await runInDurableObject(conversationOf(env, talk.id), (_, { storage }) => {
      storage.sql.exec('UPDATE conversation SET changed_at = 0');
      storage.sql.exec('UPDATE messages SET at = 0');
    });
    await evict(talk.id);
    expect(await conversationOf(env, talk.id).expire()).toBe(true);
    expect(await since(before)).toContainEqual(
      expect.objectContaining({
        ...{ actor: null, action: 'conversation.expire', object: talk.id, subject: talk.visitor.id },
        facts: { days: kept, messages: 1 },
      }),
    );
    for (const ear of [talk.customer, talk.desk]) expect((await ear.closed).code).toBe(4410);
    for (const token of [here.anna.access, talk.visitor.access])
      expect((await call('GET', `/api/v1/conversations/${talk.id}/messages`, { token })).status).toBe(404);
    await evict(talk.id);
    expect(await tables(talk.id)).toEqual([]);
  });

  it('D10 is found by the sweep of every night, whether it was closed or only left', async () => {
    const left = await begin(await newVisitor(here.site));
    const other = await begin(
      await newVisitor(await newSite(here.team, undefined, { ...plainSettings, keptDays: null })),
    );
    await Promise.all([stands(left), stands(other)]);
    later((kept + 1) * day);
    const fresh = await begin(await newVisitor(here.site));
    await stands(fresh);
    await sweep();
    expect([await inDirectory(left), await inDirectory(other), await inDirectory(fresh)]).toEqual([0, 1, 1]);
    expect(await tables(left)).toEqual([]);
  });

  it('D10 that was cut off while it was erased is erased to its end', async () => {
    const id = await begin(await newVisitor(here.site));
    await stands(id);
    await runInDurableObject(conversationOf(env, id), (_, { storage }) => storage.deleteAll());
    await evict(id);
    later((kept + 2) * day);
    await sweep();
    expect([await inDirectory(id), await register(id)]).toEqual([0, 1]);
  });

  describe('D72 that is broken', () => {
    const breaks = async (id: ConversationId, keys: string) => {
      await runInDurableObject(conversationOf(env, id), (_, { storage }) => {
        storage.sql.exec('UPDATE conversation SET keys = ?', keys);
      });
      await evict(id);
    };
    const broken = JSON.stringify([[1, 'AAAA', true]]);
    const alarms = () =>
      runInDurableObject(watchOf(env), (_, { storage }) =>
        storage.sql.exec(`SELECT facts FROM alarms WHERE rule = 'retention.late'`).toArray(),
      );

    it('goes though no key opens it any more, unless it is held', async () => {
      const [one, held] = [
        await begin(await newVisitor(here.site)),
        await begin(await newVisitor(here.site)),
      ];
      await Promise.all([stands(one), stands(held)]);
      await runInDurableObject(conversationOf(env, held), (_, { storage }) => {
        storage.sql.exec('UPDATE conversation SET hold_by = ?, hold_at = 1', owner.id);
      });
      await Promise.all([one, held].map((id) => breaks(id, broken)));
      expect(await conversationOf(env, one).expire()).toBe(false);
      later((kept + 4) * day);
      await sweep();
      expect([await inDirectory(one), await register(one), await keysOf(one)]).toEqual([0, 1, 0]);
      expect(await tables(one)).toEqual([]);
      expect(await inDirectory(held)).toBe(1);
    });

    it('that can not be read at all keeps no other from going, and raises an alarm in the next nights', async () => {
      const [one, other] = [
        await begin(await newVisitor(here.site)),
        await begin(await newVisitor(here.site)),
      ];
      await Promise.all([stands(one), stands(other)]);
      await breaks(one, 'nothing');
      later(kept * day + 60_000);
      await sweep();
      expect([await inDirectory(one), await inDirectory(other)]).toEqual([1, 0]);
      expect(await alarms()).toEqual([]);
      later(3 * day);
      await sweep();
      expect(await alarms()).toEqual([{ facts: '{"conversations":1}' }]);
    });
  });

  it('D11 stays while a legal hold is on it, or while something goes on in it', async () => {
    const asker = {
      kind: 'staff',
      id: owner.id,
      session: owner.session,
      role: 'owner',
      grants: null,
      teams: [here.team],
    };
    await conversationOf(env, talk.id).act(asker as never, { wish: 'hold', on: true });
    later((kept + 1) * day);
    expect(await conversationOf(env, talk.id).expire()).toBe(false);
    await conversationOf(env, talk.id).act(asker as never, { wish: 'hold', on: false });
    // Nobody said anything, but the hold that ended is the last that happened.
    const post = { kind: 'text', id: crypto.randomUUID(), since: 1, text: 'Still here' } as const;
    const visitor = { kind: 'visitor', id: talk.visitor.id, site: here.site } as const;
    await conversationOf(env, talk.id).begin(null, { asker: visitor, post });
    expect(await conversationOf(env, talk.id).expire()).toBe(false);
  });
});

describe('D83 a file whose alarm was lost', () => {
  const due = (id: ConversationId) =>
    env.DB.prepare('SELECT files_due FROM conversations WHERE id = ?').bind(id).first('files_due');
  const loseAlarm = () =>
    runInDurableObject(conversationOf(env, talk.id), (_, { storage }) => storage.deleteAlarm());

  it('is found in the night, in a conversation that goes on, and the directory knows when the next one is', async () => {
    const first = await send(talk.visitor.access, text(mark));
    const until = Date.now() + limits.fileDays * day;
    await expect.poll(() => due(talk.id)).toBeGreaterThan(until - 60_000);
    later(2 * day);
    const second = await send((await signedIn(here.anna.id)).access, text('another one'));
    expect(await due(talk.id)).toBeLessThan(until + 60_000);
    later((limits.fileDays - 2) * day + 60_000);
    await loseAlarm();
    await evict(talk.id);
    await sweep();
    const { access } = await signedIn(here.anna.id);
    const states = (await filesOf(access)).map(({ file }) => [file.id, file.state]);
    expect(states).toEqual([
      [first, 'gone'],
      [second, expect.not.stringMatching('gone') as string],
    ]);
    expect(await due(talk.id)).toBeGreaterThan(until + day);
  });

  it('is looked for in vain where something keeps it', async () => {
    await send(talk.visitor.access, text(mark));
    expect((await hold(true)).status).toBe(200);
    later((limits.fileDays + 1) * day);
    await loseAlarm();
    await sweep();
    expect((await bucket()).length).toBeGreaterThan(0);
  });

  it('is so for an upload that nobody finishes, and where that is given up nothing is due', async () => {
    const begun = await start(talk.visitor.access, text(mark));
    await expect.poll(() => due(talk.id)).toBeLessThan(Date.now() + lifetimes.upload + 60_000);
    const path = `/api/v1/conversations/${talk.id}/files/${begun.body.upload.file}`;
    expect((await call('DELETE', path, { token: talk.visitor.access })).status).toBe(200);
    await expect.poll(() => due(talk.id)).toBeNull();
  });
});

describe('for how long a site keeps conversations', () => {
  const change = (keptDays: unknown, token: string) =>
    call('PATCH', `/api/v1/sites/${here.site}`, {
      token,
      body: { settings: { ...plainSettings, keptDays } },
    });

  it('D12 is a year until somebody says otherwise, which takes a new second factor', async () => {
    const admin = await newMember('admin', [here.team]);
    expect(plainSettings.keptDays).toBe(365);
    for (const unfit of [0, -1, 1.5, 4_000, '30'])
      expect((await change(unfit, admin.access)).status).toBe(400);
    expect((await change(30, admin.access)).status).toBe(200);
    later(lifetimes.stepUp + 1_000);
    const { id, session } = admin;
    const access = await accessFor(id, { id: session, amr: ['pwd', 'otp'], provedAt: Date.now() });
    expect((await change(10, access)).body['code']).toBe('step_up_needed');
    expect((await change(30, access)).status).toBe(200);
  });

  it('D12 of files takes one too', async () => {
    const { id, session, access } = await newMember('admin', [here.team]);
    const files = (more: object, token: string) => {
      const settings = { ...plainSettings, files: { ...plainSettings.files, ...more } };
      return call('PATCH', `/api/v1/sites/${here.site}`, { token, body: { settings } });
    };
    expect((await files({ days: 60 }, access)).status).toBe(200);
    later(lifetimes.stepUp + 1_000);
    const stale = await accessFor(id, { id: session, amr: ['pwd', 'otp'], provedAt: Date.now() });
    expect((await files({ days: 365 }, stale)).body['code']).toBe('step_up_needed');
    expect((await files({ days: 60, code: true }, stale)).status).toBe(200);
  });

  it('D12 says beforehand how many conversations that would erase', async () => {
    const id = await begin(await newVisitor(here.site));
    await stands(id);
    const unchanged = (one: ConversationId) =>
      env.DB.prepare('UPDATE conversations SET changed_at = ? WHERE id = ?')
        .bind(Date.now() - 40 * day, one)
        .run();
    await unchanged(id);
    const over = (days: string, token = owner.access) =>
      call<OverAnswer>('GET', `/api/v1/sites/${here.site}/over?kind=conversations&days=${days}`, { token });
    expect((await over('30')).body.over).toBe(1);
    expect((await over('60')).body.over).toBe(0);
    expect((await over('0')).status).toBe(400);
    expect((await over('30', here.anna.access)).status).toBe(403);
    const said = async () => (await over('30')).body.over;
    const holds = (reason: string | null) =>
      call('PUT', `/api/v1/conversations/${id}/hold`, { token: owner.access, body: { reason } });
    await holds('A court has asked for it.');
    await unchanged(id);
    expect(await said()).toBe(0);
    await holds(null);
    await unchanged(id);
    expect(await said()).toBe(1);
    const visitor = 'SELECT visitor, ?, ?, NULL FROM conversations WHERE id = ?';
    await env.DB.prepare(`INSERT INTO restrictions ${visitor}`).bind(Date.now(), owner.id, id).run();
    expect(await said()).toBe(0);
    await env.DB.prepare('DELETE FROM restrictions').run();
  });
});
