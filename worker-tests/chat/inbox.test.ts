import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { inboxOf } from '../../src/chat/inbox.ts';
import type { RebuildAnswer } from '../../src/protocol/bodies.ts';
import type { InboxEntry } from '../../src/protocol/frames.ts';
import { type ConversationId, newId, type SiteId, type TeamId } from '../../src/protocol/ids.ts';
import { lifetimes, limits } from '../../src/protocol/limits.ts';
import {
  begin,
  call,
  join,
  newMember,
  newSite,
  newTeam,
  ticketFor,
  newVisitor,
  type Member,
} from '../cast.ts';
import { hearsOf, whereabouts } from './scene.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** Later by this much, on the clock that everybody reads. */
function later(by: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + by });
}

const site: SiteId = newId('site');
const entryOf = (team: TeamId, fields: Partial<InboxEntry> = {}): InboxEntry => ({
  id: newId('conversation'),
  site,
  team,
  state: 'waiting',
  assignee: null,
  snoozedUntil: null,
  waitingSince: Date.now(),
  startedAt: Date.now(),
  changedAt: Date.now(),
  version: 1,
  ...fields,
});

const rowsOf = (team: TeamId) =>
  runInDurableObject(inboxOf(env, team), (_, { storage }) =>
    storage.sql
      .exec<{ id: string }>('SELECT id FROM entries ORDER BY id')
      .toArray()
      .map(({ id }) => id),
  );
const alarmOf = (team: TeamId) =>
  runInDurableObject(inboxOf(env, team), (_, { storage }) => storage.getAlarm());

/** A team with Anna and Ben, of whom Anna has the inbox open. */
async function queue() {
  const team = await newTeam();
  const anna = await newMember('agent', [team], 'Anna');
  const ben = await newMember('agent', [team], 'Ben');
  const ear = await join(team, anna.access);
  const list = await ear.next('list');
  return { team, inbox: inboxOf(env, team), anna, ben, ear, list };
}

describe('the list', () => {
  it('I1 holds the longest waiting first, then the open, then the closed', async () => {
    const { team, inbox, ben } = await queue();
    const now = Date.now();
    const entries = [
      entryOf(team, { state: 'closed', waitingSince: null }),
      entryOf(team, { state: 'claimed', assignee: ben.id, waitingSince: null }),
      entryOf(team, { waitingSince: now - 1_000 }),
      entryOf(team, { waitingSince: now - 9_000, snoozedUntil: now + 60_000 }),
    ];
    for (const entry of entries) await inbox.tell(entry);
    const { entries: listed, more } = await (await join(team, ben.access)).next('list');
    expect(listed).toEqual(entries.toReversed());
    expect(more).toBe(false);
  });

  it('I1 is bounded, says so, and the others come by their ids, a page at a time', async () => {
    const { team, inbox, anna, ear } = await queue();
    const waiting = entryOf(team, { waitingSince: 1 });
    await inbox.tell(waiting);
    const many = 2 * limits.listConversations + 3;
    await runInDurableObject(inbox, (_, { storage }) => {
      const copy = `INSERT INTO entries (id, site, team, state, waiting_since, started_at, changed_at, version)
        SELECT ?, site, team, state, waiting_since + ?, started_at, changed_at, 1 FROM entries WHERE id = ?`;
      for (let n = 1; n < many; n++) storage.sql.exec(copy, newId('conversation'), n, waiting.id);
    });
    const list = await (await join(team, anna.access)).next('list');
    expect([list.entries.length, list.more]).toEqual([limits.listConversations, true]);
    expect(list.entries[0]).toEqual(waiting);

    const ids: string[] = [];
    for (let more = true, after: ConversationId | null = null; more;) {
      ear.say({ type: 'more', after });
      const page = await ear.next('page');
      expect(page.entries.length).toBeLessThanOrEqual(limits.listConversations);
      ids.push(...page.entries.map(({ id }) => id));
      after = page.entries.at(-1)?.id ?? null;
      ({ more } = page);
    }
    expect(ids).toEqual(await rowsOf(team));
    expect(ids.length).toBe(many);
  });

  it('I1 is for whoever may list the conversations of the team, member or not', async () => {
    const { team, inbox } = await queue();
    await inbox.tell(entryOf(team));
    const elsewhere = await newTeam();
    for (const role of ['owner', 'admin', 'auditor'] as const) {
      const ear = await join(team, (await newMember(role, [elsewhere])).access);
      expect((await ear.next('list')).entries.length).toBe(1);
      ear.say({ type: 'more', after: null });
      expect((await ear.next('page')).entries.length).toBe(1);
    }
    for (const role of ['supervisor', 'agent'] as const) {
      const ear = await join(team, (await newMember(role, [elsewhere])).access);
      expect((await ear.closed).code).toBe(4404);
    }
    const visitor = await newVisitor(await newSite(team));
    await expect(ticketFor(visitor.access, team)).rejects.toThrow('404 not_found');
  });

  it('I1 what is told is heard, an older telling is not', async () => {
    const { team, inbox, ear, ben } = await queue();
    const entry = entryOf(team, { version: 4 });
    await inbox.tell(entry);
    expect((await ear.next('entry')).entry).toEqual(entry);
    await inbox.tell({ ...entry, version: 3, state: 'closed' });
    await inbox.tell(entry);
    const claimed = { ...entry, version: 5, state: 'claimed' as const, assignee: ben.id };
    await inbox.tell(claimed);
    expect((await ear.next('entry')).entry).toEqual(claimed);
  });

  it('I1 an inbox as an earlier version left it still shows what it held', async () => {
    const { team, inbox, anna } = await queue();
    const entry = entryOf(team);
    await runInDurableObject(inbox, (_, { storage }) => {
      storage.sql.exec('DROP TABLE marks');
      storage.sql.exec('DROP TABLE entries');
      storage.sql.exec(`CREATE TABLE entries (
        id TEXT PRIMARY KEY, site TEXT NOT NULL, state TEXT NOT NULL, assignee TEXT, waiting_since INTEGER,
        started_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, version INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID`);
      const { id, state, waitingSince, startedAt, changedAt } = entry;
      const insert = 'INSERT INTO entries VALUES (?, ?, ?, NULL, ?, ?, ?, 1)';
      storage.sql.exec(insert, id, site, state, waitingSince, startedAt, changedAt);
    });
    await evictDurableObject(inbox);
    expect((await (await join(team, anna.access)).next('list')).entries).toEqual([entry]);
  });
});

describe('a conversation that has left', () => {
  it('I2 is dropped by everybody, and a late older telling does not bring it back', async () => {
    const { team, inbox, anna, ear } = await queue();
    const entry = entryOf(team, { version: 3 });
    await inbox.tell(entry);
    const gone = { ...entry, team: await newTeam(), version: 7 };
    await inbox.tell(gone);
    await ear.next('entry');
    expect((await ear.next('entry')).entry).toEqual(gone);
    await evictDurableObject(inbox, { webSockets: 'hibernate' });
    await inbox.tell({ ...entry, version: 6 });
    expect((await (await join(team, anna.access)).next('list')).entries).toEqual([]);
    ear.say({ type: 'more', after: null });
    expect((await ear.next('page')).entries).toEqual([]);
    expect(ear.heard.filter(({ type }) => type === 'entry')).toEqual([]);
  });

  it('I2 is back when it was handed back', async () => {
    const { team, inbox, anna } = await queue();
    const entry = entryOf(team);
    await inbox.tell({ ...entry, team: await newTeam(), version: 2 });
    await inbox.tell({ ...entry, version: 3 });
    expect((await (await join(team, anna.access)).next('list')).entries).toEqual([{ ...entry, version: 3 }]);
  });

  it('I2 is forgotten after a day, as is one that was closed', async () => {
    const { team, inbox } = await queue();
    const old = Date.now() - 23 * 3_600_000;
    const closed = entryOf(team, { state: 'closed', changedAt: old });
    const left = entryOf(await newTeam(), { changedAt: old });
    const open = entryOf(team, { changedAt: old });
    for (const entry of [closed, left, open]) await inbox.tell(entry);
    expect((await rowsOf(team)).length).toBe(3);
    later(3_600_001);
    const news = entryOf(team, { state: 'closed' });
    await inbox.tell(news);
    expect(await rowsOf(team)).toEqual([open.id, news.id].toSorted());
    await inbox.tell(closed);
    expect(await rowsOf(team)).toEqual([open.id, news.id].toSorted());
  });
});

describe('presence', () => {
  it('I3 everybody of the team is listed with their name, and is away until they say that they are there', async () => {
    const { team, anna, ben, ear, list } = await queue();
    expect(whereabouts(list.people)).toEqual({ Anna: 'away', Ben: 'offline' });
    expect(list.people.map(({ id }) => id)).toEqual([anna.id, ben.id].toSorted());
    const other = await join(team, ben.access);
    expect(whereabouts((await other.next('list')).people)).toEqual({ Anna: 'away', Ben: 'away' });
    await hearsOf(ear, { Anna: 'away', Ben: 'away' });
    ear.say({ type: 'present', as: 'available' });
    for (const one of [ear, other]) await hearsOf(one, { Anna: 'available', Ben: 'away' });
    ear.say({ type: 'present', as: 'away' });
    for (const one of [ear, other]) await hearsOf(one, { Anna: 'away', Ben: 'away' });
    other.close();
    await hearsOf(ear, { Anna: 'away', Ben: 'offline' });
  });

  it('I3 whoever is available in one of their tabs is available', async () => {
    const { team, anna, ben, ear } = await queue();
    const second = await join(team, anna.access);
    const watcher = await join(team, ben.access);
    second.say({ type: 'present', as: 'available' });
    await hearsOf(watcher, { Anna: 'available', Ben: 'away' });
    ear.say({ type: 'present', as: 'away' });
    second.close();
    await hearsOf(watcher, { Anna: 'away', Ben: 'away' });
    ear.close();
    await hearsOf(watcher, { Anna: 'offline', Ben: 'away' });
  });

  it('I3 whoever holds a conversation is listed, and whoever only looks in is not', async () => {
    const { team, inbox, ear, ben } = await queue();
    const owner = await newMember('owner', [], 'Olivia');
    const looking = await join(team, owner.access);
    expect(whereabouts((await looking.next('list')).people)).toEqual({ Anna: 'away', Ben: 'offline' });
    looking.say({ type: 'present', as: 'available' });
    const entry = entryOf(team, { state: 'claimed', assignee: owner.id });
    await inbox.tell(entry);
    await hearsOf(ear, { Anna: 'away', Ben: 'offline', Olivia: 'available' });
    await inbox.tell({ ...entry, assignee: ben.id, version: 2 });
    await hearsOf(ear, { Anna: 'away', Ben: 'offline' });
  });

  it('I3 is heard once for each change, and eviction is none', async () => {
    const { team, inbox, ear, ben } = await queue();
    const other = await join(team, ben.access);
    await other.next('list');
    await ear.next('people');
    ear.say({ type: 'present', as: 'available' });
    await ear.next('people');
    for (let round = 0; round < 3; round++) {
      await evictDurableObject(inbox, { webSockets: 'hibernate' });
      ear.say({ type: 'present', as: 'available' });
      expect(await runDurableObjectAlarm(inbox)).toBe(true);
    }
    other.say({ type: 'present', as: 'available' });
    await ear.next('people');
    expect(ear.heard.filter(({ type }) => type === 'people')).toEqual([]);
  });

  it('I4 a page that sleeps is noticed, and one that wakes is back', async () => {
    const { team, inbox, ear, ben } = await queue();
    ear.say({ type: 'present', as: 'available' });
    const awake = await join(team, ben.access);
    await hearsOf(ear, { Anna: 'available', Ben: 'away' });
    later(lifetimes.presence - 20_000);
    awake.say({ type: 'present', as: 'available' });
    await hearsOf(awake, { Anna: 'available', Ben: 'available' });
    later(21_000);
    expect(await runDurableObjectAlarm(inbox)).toBe(true);
    await hearsOf(awake, { Anna: 'offline', Ben: 'available' });
    ear.say({ type: 'present', as: 'away' });
    await hearsOf(awake, { Anna: 'away', Ben: 'available' });
  });

  it('I4 a ping, which wakes nobody, is a sign of life', async () => {
    const { inbox, ear } = await queue();
    later(-lifetimes.presence);
    ear.say({ type: 'present', as: 'available' });
    await ear.next('people');
    vi.useRealTimers();
    expect(await inbox.available()).toBe(0);
    ear.say('ping');
    await ear.until(() => ear.raw.includes('pong') || undefined, 'pong');
    expect(await inbox.available()).toBe(1);
  });

  it('I4 is looked after only while somebody is there', async () => {
    const { team, inbox, anna, ear } = await queue();
    expect(await alarmOf(team)).toBeGreaterThan(Date.now());
    expect(await alarmOf(team)).toBeLessThanOrEqual(Date.now() + lifetimes.presence);
    expect(await runDurableObjectAlarm(inbox)).toBe(true);
    expect(await alarmOf(team)).not.toBeNull();
    ear.close();
    await ear.closed;
    await expect.poll(() => openIn(team)).toBe(0);
    expect(await runDurableObjectAlarm(inbox)).toBe(true);
    expect(await alarmOf(team)).toBeNull();
    expect(await runDurableObjectAlarm(inbox)).toBe(false);
    await (await join(team, anna.access)).next('list');
    expect(await alarmOf(team)).not.toBeNull();
  });

  it('I4 nothing is looked after in an inbox that is only told something', async () => {
    const team = await newTeam();
    await inboxOf(env, team).tell(entryOf(team));
    expect(await inboxOf(env, team).available()).toBe(0);
    expect(await alarmOf(team)).toBeNull();
  });

  it('I3 those count as available who could answer, each once', async () => {
    const { team, inbox, anna, ear } = await queue();
    const says = async (member: Member) => {
      const socket = await join(team, member.access);
      await socket.next('list');
      socket.say({ type: 'present', as: 'available' });
      return socket;
    };
    expect(await inbox.available()).toBe(0);
    await says(anna);
    await says(anna);
    await expect.poll(() => inbox.available()).toBe(1);
    await says(await newMember('auditor', [team], 'Ines'));
    await says(await newMember('owner', [], 'Olivia'));
    await says(await newMember('supervisor', [team], 'Samir'));
    await expect.poll(() => inbox.available()).toBe(2);
    await evictDurableObject(inbox, { webSockets: 'hibernate' });
    expect(await inbox.available()).toBe(2);
    later(lifetimes.presence);
    expect(await inbox.available()).toBe(0);
    ear.close();
  });
});

/** How many sockets are open there. */
const openIn = (team: TeamId) =>
  runInDurableObject(
    inboxOf(env, team),
    (_, state) => state.getWebSockets().filter(({ readyState }) => readyState === WebSocket.OPEN).length,
  );

describe('rebuilding', () => {
  const rebuild = (team: TeamId, who: Member, after: string | null = null) =>
    call<RebuildAnswer>('POST', `/api/v1/teams/${team}/rebuild`, { token: who.access, body: { after } });
  const act = (id: string, wish: string, who: Member) =>
    call('POST', `/api/v1/conversations/${id}/${wish}`, { token: who.access, body: {} });
  const listOf = async (team: TeamId, who: Member) => {
    const ear = await join(team, who.access);
    const { entries } = await ear.next('list');
    ear.close();
    return entries;
  };
  const inRows = (team: TeamId, work: (sql: SqlStorage) => void) =>
    runInDurableObject(inboxOf(env, team), (_, { storage }) => {
      work(storage.sql);
    });
  /** Entries that no conversation ever told, with these numbers as their versions. */
  const invent = (team: TeamId, ...versions: number[]) =>
    inRows(team, (sql) => {
      const insert = `INSERT INTO entries (id, site, team, state, started_at, changed_at, version)
        VALUES (?, ?, ?, 'waiting', 1, ?, ?)`;
      for (const version of versions)
        sql.exec(insert, newId('conversation'), site, team, Date.now(), version);
    });
  /** Lines of the directory whose conversations know of nothing. */
  const direct = async (team: TeamId, count: number) => {
    const insert = `INSERT INTO conversations (id, site, team, visitor, state, version, created_at, changed_at)
      VALUES (?, ?, ?, 'nobody', 'waiting', 1, 1, 1)`;
    const line = () => env.DB.prepare(insert).bind(newId('conversation'), site, team);
    await env.DB.batch(Array.from({ length: count }, line));
  };

  /** A team with a waiting, a claimed and a closed conversation. */
  async function busy() {
    const { team, inbox, anna, ear } = await queue();
    const owner = await newMember('owner', []);
    const shop = await newSite(team);
    const [waiting, claimed, closed] = [
      await begin(await newVisitor(shop)),
      await begin(await newVisitor(shop)),
      await begin(await newVisitor(shop)),
    ];
    await act(claimed, 'claim', anna);
    await act(closed, 'claim', anna);
    await act(closed, 'close', anna);
    const right = await listOf(team, anna);
    expect(right.map(({ id }) => id)).toEqual([waiting, claimed, closed]);
    return { team, inbox, anna, owner, ear, waiting, claimed, closed, right };
  }

  it('I5 one command puts back what was lost, mends what was bent, and drops what was invented', async () => {
    const { team, anna, owner, ear, waiting, claimed, closed, right } = await busy();
    await inRows(team, (sql) => {
      sql.exec('DELETE FROM entries WHERE id = ?', waiting);
      sql.exec(`UPDATE entries SET state = 'waiting', assignee = NULL WHERE id = ?`, claimed);
      sql.exec(`UPDATE entries SET state = 'waiting', version = 99 WHERE id = ?`, closed);
    });
    await invent(team, 1, 1_000);
    expect((await listOf(team, anna)).length).toBe(4);
    ear.heard.length = 0;
    const reply = await rebuild(team, owner);
    expect([reply.status, reply.body]).toEqual([200, { told: 3, next: null }]);
    expect(await listOf(team, anna)).toEqual(right);
    expect((await ear.next('list')).entries).toEqual(right);
    await act(waiting, 'claim', anna);
    await ear.until(() =>
      ear.heard.find((frame) => frame.type === 'entry' && frame.entry.assignee === anna.id),
    );
  });

  it('I5 all of the rows can be gone', async () => {
    const { team, anna, owner, right, inbox } = await busy();
    await inRows(team, (sql) => sql.exec('DELETE FROM entries'));
    await evictDurableObject(inbox, { webSockets: 'hibernate' });
    await rebuild(team, owner);
    expect(await listOf(team, anna)).toEqual(right);
  });

  it('I5 what has left stays gone, and what was closed long ago does not come back', async () => {
    const { team, anna, owner, waiting, closed, inbox } = await busy();
    const other = await newTeam();
    const handed = await call('POST', `/api/v1/conversations/${waiting}/hand-over`, {
      token: owner.access,
      body: { to: other },
    });
    expect(handed.status).toBe(200);
    const yesterday = Date.now() - 25 * 3_600_000;
    await env.DB.prepare('UPDATE conversations SET changed_at = ? WHERE id = ?')
      .bind(yesterday, closed)
      .run();
    await inRows(team, (sql) => sql.exec('DELETE FROM entries WHERE id = ?', closed));
    const before = await listOf(team, anna);
    expect(before.length).toBe(1);
    expect((await rebuild(team, owner)).body).toEqual({ told: 1, next: null });
    await inbox.tell({ ...entryOf(team), id: waiting, version: 1 });
    expect(await listOf(team, anna)).toEqual(before);
  });

  it('I5 a conversation that the directory has forgotten stays, and is in the directory again', async () => {
    const { team, anna, owner, waiting, right } = await busy();
    await env.DB.prepare('DELETE FROM conversations WHERE team = ?').bind(team).run();
    expect((await rebuild(team, owner)).body).toEqual({ told: 3, next: null });
    expect(await listOf(team, anna)).toEqual(right);
    const line = env.DB.prepare('SELECT team FROM conversations WHERE id = ?').bind(waiting);
    expect(await line.first('team')).toBe(team);
  });

  it('I5 it goes a page at a time, and whoever was interrupted goes on where they were', async () => {
    const { team, anna, owner, right, inbox } = await busy();
    await direct(team, 220);
    await invent(team, ...Array.from({ length: 250 }, () => 1));
    const told: number[] = [];
    for (let after: string | null = null, done = false; !done;) {
      // An answer that was lost on its way: the same page once more.
      await rebuild(team, owner, after);
      await evictDurableObject(inbox, { webSockets: 'hibernate' });
      const { body } = await rebuild(team, owner, after);
      told.push(body.told);
      after = body.next;
      done = after === null;
    }
    // 223 lines of the directory; of what else the third page asks, and the fourth, nobody tells.
    expect(told).toEqual([100, 100, 23, 0]);
    expect(await listOf(team, anna)).toEqual(right);
  });

  it('I5 a rebuild that begins in the middle, or that another overtakes, drops nothing that is there', async () => {
    const { team, anna, owner, right } = await busy();
    await direct(team, 120);
    const last = `con_${'z'.repeat(21)}w`;
    expect((await rebuild(team, owner, last)).body).toEqual({ told: 0, next: null });
    expect(await listOf(team, anna)).toEqual(right);
    const first = (await rebuild(team, owner)).body.next;
    const second = (await rebuild(team, owner)).body.next;
    expect((await rebuild(team, owner, last)).body.next).toBeNull();
    expect(await listOf(team, anna)).toEqual(right);
    for (const after of [first, second]) await rebuild(team, owner, after);
    expect(await listOf(team, anna)).toEqual(right);
  });

  it('I5 a conversation that could not tell stops it, and nothing is dropped meanwhile', async () => {
    const { team, anna, owner, right } = await busy();
    await invent(team, 1);
    await inRows(team, (sql) => sql.exec('ALTER TABLE entries RENAME COLUMN version TO lost'));
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const reply = await rebuild(team, owner);
    log.mockRestore();
    expect([reply.status, reply.body.code]).toEqual([503, 'unavailable']);
    await inRows(team, (sql) => sql.exec('ALTER TABLE entries RENAME COLUMN lost TO version'));
    expect((await listOf(team, anna)).length).toBe(4);
    expect((await rebuild(team, owner)).body).toEqual({ told: 3, next: null });
    expect(await listOf(team, anna)).toEqual(right);
  });

  it('I5 is for owners and admins', async () => {
    const { team } = await queue();
    for (const role of ['supervisor', 'auditor', 'agent'] as const)
      expect((await rebuild(team, await newMember(role, [team]))).body.code).toBe('not_allowed');
    const visitor = await newVisitor(await newSite(team));
    const asked = await call('POST', `/api/v1/teams/${team}/rebuild`, {
      token: visitor.access,
      body: { after: null },
    });
    expect(asked.body.code).toBe('not_allowed');
    const admin = await newMember('admin', []);
    expect((await rebuild(newId('team'), admin)).body.code).toBe('not_found');
    expect((await rebuild(team, admin, 'x')).body.code).toBe('invalid');
    expect((await rebuild(team, admin)).body).toEqual({ told: 0, next: null });
  });
});
