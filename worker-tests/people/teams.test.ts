import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { setMembers } from '../../src/people/teams.ts';
import { accountOf } from '../../src/people/account.ts';
import { newLink } from '../../src/people/identity.ts';
import { StaffDirectory, tellRights } from '../../src/people/staff.ts';
import type { MembersAnswer, TeamAnswer, TeamsAnswer } from '../../src/protocol/bodies.ts';
import { newId, type PersonId, type TeamId } from '../../src/protocol/ids.ts';
import {
  call,
  join,
  newMember,
  newSite,
  newTeam,
  newVisitor,
  open,
  ticketFor,
  type Ear,
  type Member,
} from '../cast.ts';

let team: TeamId;
let owner: Member;
let anna: Member;
let ben: Member;

beforeEach(async () => {
  team = await newTeam();
  owner = await newMember('owner', []);
  anna = await newMember('agent', [team], 'Anna');
  ben = await newMember('agent', [team], 'Ben');
});

const change = (who: Member, body: unknown, id: string = team) =>
  call<TeamAnswer>('PATCH', `/api/v1/teams/${id}`, { token: who.access, body });
const members = (who: Member, id: string = team) =>
  call<MembersAnswer>('GET', `/api/v1/teams/${id}/members`, { token: who.access });
const idsOf = (...people: Member[]) => people.map(({ id }) => id);
const ends = async (ear: Ear) => (await ear.closed).code;

const rightsOf = async (id: PersonId) => {
  const facts = await runInDurableObject(
    accountOf(env, id),
    (_, { storage }) => storage.sql.exec<{ facts: string }>('SELECT facts FROM rights').one().facts,
  );
  return JSON.parse(facts) as { teams: TeamId[]; active: boolean; version: number };
};

async function personIn(state: 'invited' | 'disabled', teams: TeamId[] = []): Promise<PersonId> {
  const directory = new StaffDirectory(env);
  const address = `${crypto.randomUUID()}@example.com`;
  const person = { name: 'Carl', address, role: 'agent' as const, grants: null, teams, state };
  const member = await directory.add(person, undefined, (row) => directory.store.add(row));
  if (member === undefined) throw new Error('nobody was added');
  return member.id;
}

describe('teams', () => {
  it('T1 are made and named by those who have the right', async () => {
    const made = await call<TeamAnswer>('POST', '/api/v1/teams', {
      token: owner.access,
      body: { name: 'Roastery' },
    });
    expect(made.status).toBe(201);
    expect((await change(owner, { name: ' Roasters ' }, made.body.team.id)).body.team.name).toBe('Roasters');
    const { teams } = (await call<TeamsAnswer>('GET', '/api/v1/teams', { token: anna.access })).body;
    expect(teams).toContainEqual({ id: made.body.team.id, name: 'Roasters' });
    for (const role of ['supervisor', 'agent', 'auditor'] as const) {
      const { access } = await newMember(role, [team]);
      const post = await call('POST', '/api/v1/teams', { token: access, body: { name: 'Mine' } });
      const patch = await call('PATCH', `/api/v1/teams/${team}`, { token: access, body: { members: [] } });
      expect([post.body.code, patch.body.code]).toEqual(['not_allowed', 'not_allowed']);
    }
    const visitor = await newVisitor(await newSite(team));
    const body = { name: 'Mine' };
    expect((await call('POST', '/api/v1/teams', { token: visitor.access, body })).status).toBe(403);
    for (const id of [newId('team'), 'x']) expect((await change(owner, body, id)).status).toBe(404);
  });

  it('T1 name their members to those who may list people, and to the members', async () => {
    const wanted = idsOf(anna, ben).toSorted();
    const supervisor = await newMember('supervisor', []);
    for (const who of [owner, anna, supervisor])
      expect((await members(who)).body.members.toSorted()).toEqual(wanted);
    const stranger = await newMember('agent', [await newTeam()]);
    for (const [who, id] of [
      [stranger, team],
      [stranger, newId('team')],
      [owner, newId('team')],
      [owner, 'x'],
    ] as const)
      expect((await members(who, id)).body.code).toBe('not_found');
  });

  it('T1 have active and invited people as members, each once', async () => {
    const invited = await personIn('invited');
    const wanted = [anna.id, invited];
    expect((await change(owner, { members: [...wanted, anna.id] })).status).toBe(200);
    expect((await members(owner)).body.members.toSorted()).toEqual(wanted.toSorted());
    for (const nobody of [await personIn('disabled'), newId('person')]) {
      const reply = await change(owner, { members: [ben.id, nobody], name: 'Half' });
      expect([reply.body.code, reply.body.detail]).toEqual(['invalid', 'members: there is no such person']);
    }
    expect((await members(owner)).body.members.toSorted()).toEqual(wanted.toSorted());
    const { teams } = (await call<TeamsAnswer>('GET', '/api/v1/teams', { token: owner.access })).body;
    expect(teams.find(({ id }) => id === team)?.name).toBe('Support');
  });

  it('T1 whoever is disabled keeps their teams for the day they come back', async () => {
    const carl = await personIn('disabled', [team]);
    expect((await members(owner)).body.members).not.toContain(carl);
    await change(owner, { members: [] });
    expect((await members(owner)).body.members).toEqual([]);
    await call('PATCH', `/api/v1/people/${carl}`, { token: owner.access, body: { state: 'active' } });
    expect((await members(owner)).body.members).toEqual([carl]);
    expect((await rightsOf(carl)).teams).toEqual([team]);
  });

  it('P3 T2 nobody is moved who came in while others were', async () => {
    const admin = await newMember('admin', []);
    const boss = await newMember('owner', []);
    let meanwhile = () => change(owner, { members: idsOf(anna, ben, boss) });
    // The database is asked who is a member, and before it is told, another change comes.
    const slow = new Proxy(env.DB, {
      get: (db, name) => {
        const method = (Reflect.get(db, name) as (...given: unknown[]) => unknown).bind(db);
        if (name !== 'batch') return method;
        return async (...given: unknown[]) => {
          expect((await meanwhile()).status).toBe(200);
          return method(...given);
        };
      },
    });
    const allowed = new Set(idsOf(anna, ben));
    await setMembers({ ...env, DB: slow }, team, idsOf(anna), ({ id }) => {
      if (!allowed.has(id)) throw new Error(`nobody asked about ${id}`);
    });
    expect((await members(owner)).body.members.toSorted()).toEqual(idsOf(anna, boss).toSorted());
    meanwhile = () => change(owner, { members: idsOf(boss) });
    await setMembers({ ...env, DB: slow }, team, idsOf(anna, boss), () => undefined);
    expect((await members(admin)).body.members).toEqual([boss.id]);
    expect((await rightsOf(anna.id)).teams).toEqual([]);
  });

  it('P3 nobody moves somebody above them in or out', async () => {
    const admin = await newMember('admin', []);
    const boss = await newMember('owner', []);
    expect((await change(admin, { members: idsOf(anna, ben, boss) })).body.code).toBe('not_allowed');
    expect((await change(owner, { members: idsOf(anna, ben, boss) })).status).toBe(200);
    expect((await change(admin, { members: idsOf(anna) })).body.code).toBe('not_allowed');
    expect((await change(admin, { members: idsOf(anna, boss) })).status).toBe(200);
    expect((await members(owner)).body.members.toSorted()).toEqual(idsOf(anna, boss).toSorted());
  });
});

describe('rights that end with a membership', () => {
  it('T2 W4 end at once: open sockets close, tickets and tokens reach nothing more', async () => {
    const inbox = await join(team, anna.access);
    const bens = await join(team, ben.access);
    await inbox.next('list');
    await bens.next('list');
    const unused = await ticketFor(anna.access, team);
    expect((await change(owner, { members: idsOf(ben) })).status).toBe(200);
    expect(await ends(inbox)).toBe(4401);
    expect(await ends(await open(team, unused))).toBe(4404);
    expect(await ends(await join(team, anna.access))).toBe(4404);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 1_100 });
    expect((await members(anna)).body.code).toBe('not_found');
    vi.useRealTimers();
    bens.say({ type: 'more', after: null });
    await bens.next('page');
    bens.close();
  });

  it('T2 and begin at once: the same session reaches the new team, and colleagues see the new member', async () => {
    const other = await newTeam();
    const dora = await newMember('agent', [other], 'Dora');
    const there = await join(other, dora.access);
    await there.next('list');
    const mine = await join(team, anna.access);
    await mine.next('list');
    expect((await change(owner, { members: idsOf(anna, ben) }, other)).status).toBe(200);
    expect(await ends(there)).toBe(4401);
    expect(await ends(mine)).toBe(4401);
    const again = await join(other, anna.access);
    expect((await again.next('list')).people.map(({ name }) => name).toSorted()).toEqual(['Anna', 'Ben']);
    await change(owner, { members: idsOf(anna, dora) }, other);
    const names = () =>
      again.heard
        .findLast((frame) => frame.type === 'people')
        ?.people.map(({ name }) => name)
        .toSorted()
        .join();
    await again.until(() => names() === 'Anna,Dora' || undefined, 'Dora instead of Ben');
    again.close();
  });

  it('T2 are left alone for everybody whose membership stays', async () => {
    const inbox = await join(team, anna.access);
    await inbox.next('list');
    const { version } = await rightsOf(anna.id);
    await change(owner, { members: idsOf(ben, anna), name: 'Support again' });
    await change(owner, { members: idsOf(anna) });
    expect((await rightsOf(anna.id)).version).toBe(version);
    inbox.say({ type: 'more', after: null });
    await inbox.next('page');
    inbox.close();
  });

  it('T2 a socket that could not be told ends when it wants to stay longer', async () => {
    const inbox = await join(team, anna.access);
    await inbox.next('list');
    await runInDurableObject(accountOf(env, anna.id), (_, { storage }) =>
      storage.sql.exec('DELETE FROM seats'),
    );
    await change(owner, { members: idsOf(ben) });
    inbox.say({ type: 'renew', ticket: await ticketFor(anna.access, team) });
    expect(await ends(inbox)).toBe(4403);
  });

  it('T2 a change that an account could not be told of is not made, and can be repeated', async () => {
    const alter = (statement: string) =>
      runInDurableObject(accountOf(env, anna.id), (_, { storage }) => void storage.sql.exec(statement));
    const inbox = await join(team, anna.access);
    await inbox.next('list');
    await alter('ALTER TABLE rights RENAME TO lost');
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    expect((await change(owner, { members: idsOf(ben) })).status).toBe(500);
    log.mockRestore();
    await alter('ALTER TABLE lost RENAME TO rights');
    expect((await members(owner)).body.members.toSorted()).toEqual(idsOf(anna, ben).toSorted());
    expect((await change(owner, { members: idsOf(ben) })).status).toBe(200);
    expect(await ends(inbox)).toBe(4401);
    expect((await rightsOf(anna.id)).teams).toEqual([]);
  });

  it('T2 a change that the database did not make gives nobody a right', async () => {
    const dora = await newMember('agent', [], 'Dora');
    let isGone = false;
    const failing = new Proxy(env.DB, {
      get: (db, name) => {
        isGone ||= name === 'batch';
        if (isGone)
          return () => {
            throw new Error('no answer');
          };
        return (Reflect.get(db, name) as (...given: unknown[]) => unknown).bind(db);
      },
    });
    const change = setMembers({ ...env, DB: failing }, team, idsOf(dora), () => undefined);
    await expect(change).rejects.toThrow();
    expect(isGone).toBe(true);
    expect((await rightsOf(dora.id)).teams).toEqual([]);
  });

  it('T2 of many changes at once the accounts end with what the database says', async () => {
    const teams = await Promise.all([1, 2, 3, 4].map(() => newTeam()));
    const erin = await newMember('agent', [teams[0] ?? team]);
    await Promise.all(
      teams.flatMap((id, index) => [
        change(owner, { members: index % 2 === 0 ? [] : [erin.id] }, id),
        change(owner, { members: index % 2 === 0 ? [erin.id] : [] }, id),
      ]),
    );
    const row = await new StaffDirectory(env).store.byId(erin.id);
    expect((await rightsOf(erin.id)).teams.toSorted()).toEqual(row?.teams.toSorted());
  });

  it('T2 somebody whose teams change while they are joining has joined, with their new teams', async () => {
    const invited = await personIn('invited', [team]);
    const other = await newTeam();
    const { token, hash } = await newLink(invited);
    await accountOf(env, invited).setLink('invitation', hash);
    const [redeemed] = await Promise.all([
      call('POST', '/api/v1/invitations/redeem', {
        body: { token, password: 'a long enough pass phrase' },
      }),
      change(owner, { members: [invited] }, other),
      tellRights(env, [invited]),
    ]);
    expect(redeemed.status).toBe(200);
    const rights = await rightsOf(invited);
    expect([rights.active, rights.teams.toSorted()]).toEqual([true, [team, other].toSorted()]);
  });
});
