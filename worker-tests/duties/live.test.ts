import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { paceNow, paceWithin } from '../../src/chat/inbox/rules.ts';
import { conversationOf } from '../../src/chat/conversation.ts';
import { inboxOf } from '../../src/chat/inbox.ts';
import { watchOf } from '../../src/duties/alarms.ts';
import type { SiteId, TeamId } from '../../src/protocol/ids.ts';
import type { LiveAnswer, LiveInbox } from '../../src/protocol/live.ts';
import { begin, call, join, type Member, newMember, newSite, newTeam, newVisitor } from '../cast.ts';

let team: TeamId;
let other: TeamId;
let site: SiteId;
let admin: Member;
let supervisor: Member;
let agent: Member;

const live = (by: Member) => call<LiveAnswer>('GET', '/api/v1/live', { token: by.access });
/** As an admin sees this team. */
const inbox = async (of = team): Promise<LiveInbox> => {
  const found = (await live(admin)).body.teams.find(({ team: id }) => id === of)?.inbox;
  if (found === null || found === undefined) throw new Error('no such inbox');
  return found;
};

beforeEach(async () => {
  [team, other] = [await newTeam('Here'), await newTeam('Elsewhere')];
  site = await newSite(team);
  admin = await newMember('admin', []);
  supervisor = await newMember('supervisor', [team]);
  agent = await newMember('agent', [team], 'Kim');
});
afterEach(() => {
  vi.useRealTimers();
});

describe('M4 the live view', () => {
  it('M4 tells how many wait, are claimed and are unanswered, and since when', async () => {
    expect(await inbox()).toMatchObject({ waiting: 0, claimed: 0, unanswered: 0, waitingSince: null });
    const before = Date.now();
    const first = await begin(await newVisitor(site));
    await begin(await newVisitor(site));
    await vi.waitFor(async () =>
      expect(await inbox()).toMatchObject({ waiting: 2, claimed: 0, unanswered: 2 }),
    );
    const { waitingSince } = await inbox();
    expect(waitingSince).toBeGreaterThanOrEqual(before);
    expect(waitingSince).toBeLessThanOrEqual(Date.now());
    await call('POST', `/api/v1/conversations/${first}/claim`, { token: agent.access, body: {} });
    await vi.waitFor(async () =>
      expect(await inbox()).toMatchObject({ waiting: 1, claimed: 1, unanswered: 2 }),
    );
    const ear = await join(first, agent.access);
    await ear.next('welcome');
    ear.post('Good day.');
    await vi.waitFor(async () => expect(await inbox()).toMatchObject({ unanswered: 1 }), 5_000);
    ear.close();
  });

  it('M4 tells who of the team is there', async () => {
    const presence = async () => (await inbox()).people.find(({ id }) => id === agent.id);
    expect(await presence()).toMatchObject({ name: 'Kim', presence: 'offline' });
    const ear = await join(team, agent.access);
    await ear.next('list');
    ear.say({ type: 'present', as: 'available' });
    await vi.waitFor(async () => expect(await presence()).toMatchObject({ presence: 'available' }));
    ear.close();
  });

  it('M4 tells how many messages a minute were said in the last five, and knows it through hibernation', async () => {
    const visitor = await newVisitor(site);
    const id = await begin(visitor);
    await vi.waitFor(async () => expect((await inbox()).perMinute).toBe(0.2));
    await call('POST', `/api/v1/conversations/${id}/claim`, { token: agent.access, body: {} });
    const ear = await join(id, agent.access);
    await ear.next('welcome');
    for (let n = 0; n < 8; n++) ear.post(`Line ${n}`, 1);
    await ear.until(() => (ear.texts.includes('Line 7') ? true : undefined));
    // What one side says in a row is told when the other has its turn.
    const theirs = await join(id, visitor.access);
    await theirs.next('welcome');
    theirs.post('Thank you.', 9);
    await vi.waitFor(async () => expect((await inbox()).perMinute).toBe(2), 5_000);
    // Within a minute the conversation says so once more, to be written down (I7).
    await runDurableObjectAlarm(conversationOf(env, id));
    await evictDurableObject(inboxOf(env, team));
    expect((await inbox()).perMinute).toBeCloseTo(2, 0);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + paceWithin });
    admin = await newMember('admin', []);
    expect((await inbox()).perMinute).toBe(0);
    ear.close();
    theirs.close();
  });

  it('M4 I7 looking writes nothing down', async () => {
    const visitor = await newVisitor(site);
    const id = await begin(visitor);
    await vi.waitFor(async () => expect((await inbox()).waiting).toBe(1));
    const versionOfRow = () =>
      runInDurableObject(
        inboxOf(env, team),
        (_, { storage }) =>
          storage.sql.exec<{ version: number }>('SELECT version FROM entries WHERE id = ?', id).one().version,
      );
    await call('POST', `/api/v1/conversations/${id}/claim`, { token: agent.access, body: {} });
    const ear = await join(id, agent.access);
    await ear.next('welcome');
    await vi.waitFor(async () => expect((await inbox()).claimed).toBe(1));
    const before = await versionOfRow();
    ear.post('Good day.', 1);
    await vi.waitFor(async () => expect((await inbox()).unanswered).toBe(0), 5_000);
    expect(await versionOfRow()).toBe(before);
    ear.close();
  });

  it('M4 takes messages that came a while ago for evenly spread', () => {
    expect([0, 1, 3, 5, 9].map((minutes) => paceNow(50, 0, minutes * 60_000))).toEqual([50, 40, 20, 0, 0]);
  });

  it('M4 is of the teams that its reader may see so, and of no text', async () => {
    await begin(await newVisitor(site), 'PELLUCIDTEXT');
    const { body } = await live(supervisor);
    expect(body.teams.map(({ team: id }) => id)).toEqual([team]);
    expect((await live(agent)).status).toBe(403);
    expect((await live(admin)).body.teams.map(({ team: id }) => id)).toEqual(
      expect.arrayContaining([team, other]),
    );
    expect(JSON.stringify((await live(admin)).body)).not.toContain('PELLUCIDTEXT');
  });

  it('M4 tells how many alarms nobody has answered', async () => {
    const before = (await live(admin)).body.alarms ?? 0;
    await watchOf(env).raise({ rule: 'refusals.many', about: agent.id, facts: { count: 20 } });
    expect((await live(admin)).body.alarms).toBe(before + 1);
  });

  it('M4 M2 tells a supervisor of alarms about their own teams, and whoever may see none of none', async () => {
    const stranger = await newMember('supervisor', [other]);
    const grants = { 'live.see': 'team' };
    const made = await call<{ role: { id: string } }>('POST', '/api/v1/roles', {
      ...{ token: (await newMember('owner', [])).access, body: { name: crypto.randomUUID(), grants } },
    });
    const onlooker = await newMember(made.body.role.id as never, [team]);
    const counted = async (by: Member) => (await live(by)).body.alarms;
    expect([await counted(supervisor), await counted(stranger), await counted(onlooker)]).toEqual([
      0,
      0,
      null,
    ]);
    await watchOf(env).raise({ rule: 'refusals.many', about: agent.id, facts: { count: 20 } });
    await watchOf(env).raise({ rule: 'signIn.spray', about: null, facts: { count: 200 } });
    expect([await counted(supervisor), await counted(stranger), await counted(onlooker)]).toEqual([
      1,
      0,
      null,
    ]);
  });

  it('M4 tells everybody who may look what failed lately, by the kind of work', async () => {
    const before = (await live(admin)).body.faults['live.test'] ?? 0;
    await watchOf(env).countFaults([['live.test', 2]]);
    for (const by of [admin, supervisor])
      expect((await live(by)).body.faults).toMatchObject({ 'live.test': before + 2 });
  });

  it('M4 an inbox from before it counted is brought up to date', async () => {
    await begin(await newVisitor(site));
    await vi.waitFor(async () => expect((await inbox()).waiting).toBe(1));
    await runInDurableObject(inboxOf(env, team), (_, { storage }) => {
      storage.sql.exec('ALTER TABLE entries DROP COLUMN pace');
    });
    await evictDurableObject(inboxOf(env, team));
    expect(await inbox()).toMatchObject({ waiting: 1, perMinute: 0 });
  });
});
