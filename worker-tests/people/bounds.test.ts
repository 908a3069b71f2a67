import { env } from 'cloudflare:workers';
import { beforeEach, expect, it } from 'vitest';
import type { ReplyAnswer, TeamAnswer } from '../../src/protocol/bodies.ts';
import type { TeamId } from '../../src/protocol/ids.ts';
import { limits } from '../../src/protocol/limits.ts';
import {
  begin,
  call,
  join,
  type Member,
  newMember,
  newSite,
  newTeam,
  newVisitor,
  shop,
  ticketFor,
} from '../cast.ts';

const tables = ['replies', 'conversations', 'sites', 'team_members', 'people', 'teams'];
let team: TeamId;
let owner: Member;
beforeEach(async () => {
  await env.DB.batch(tables.map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
  team = await newTeam();
  owner = await newMember('owner', []);
});

const add = (what: string, body: unknown) =>
  call<ReplyAnswer>('POST', `/api/v1/${what}`, { token: owner.access, body });
const setMembers = (id: TeamId, ...people: Member[]) =>
  call<TeamAnswer>('PATCH', `/api/v1/teams/${id}`, {
    token: owner.access,
    body: { members: people.map((person) => person.id) },
  });
/** Rows that are made of their number `n`, from 1 to this count. */
const fill = (table: string, row: string, count: number, ...values: (string | null)[]) =>
  env.DB.prepare(
    `INSERT INTO ${table} WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)
     SELECT ${row} FROM numbers`,
  )
    .bind(count, ...values)
    .run();
/** Of two at once that want the last place, one has it. */
async function haveRoomForOne(what: string, body: (n: number) => object): Promise<void> {
  const made = await Promise.all([1, 2].map((n) => add(what, body(n))));
  expect(made.map(({ status }) => status).toSorted()).toEqual([201, 409]);
  expect((await add(what, body(3))).body.code).toBe('no_room');
}

it('T6 teams are as many as can be', async () => {
  await fill('teams', `'team ' || n, 'One of many', 0`, limits.teams - 2);
  await haveRoomForOne('teams', () => ({ name: 'One more' }));
});

it('T6 sites are as many as can be', async () => {
  await fill('sites', `'site ' || n, 'One of many', ?2, '[]', 0, '{}'`, limits.sites - 1, team);
  await haveRoomForOne('sites', () => ({ name: 'One more', team, origins: [shop] }));
});

it('T6 canned replies are as many as can be in a team, for all teams, and altogether', async () => {
  const reply = (of: TeamId | null) => (n: number) => ({ team: of, shortcut: `fresh${n}`, text: 'x' });
  const fillTeam = (of: TeamId | null, count: number) =>
    fill('replies', `coalesce(?2, 'all') || ' ' || n, ?2, 'filling' || n, 'x', 0`, count, of);
  const other = await newTeam();
  const theirs = (await add('replies', { ...reply(other)(1), shortcut: 'theirs' })).body.reply;
  for (const of of [team, null]) {
    await fillTeam(of, limits.repliesPerTeam - 1);
    await haveRoomForOne('replies', reply(of));
    expect((await add('replies', { ...reply(of)(1), shortcut: 'filling1' })).body.code).toBe(
      'shortcut_taken',
    );
  }
  const change = (body: object) =>
    call<ReplyAnswer>('PATCH', `/api/v1/replies/${theirs.id}`, { token: owner.access, body });
  for (const to of [team, null]) expect((await change({ team: to })).body.code).toBe('no_room');
  expect((await change({ text: 'y', team: other })).body.reply.text).toBe('y');
  for (let rows = 2 * limits.repliesPerTeam; rows + limits.repliesPerTeam < limits.replies;)
    rows += (await fillTeam(await newTeam(), limits.repliesPerTeam)).meta.changes;
  await fillTeam(await newTeam(), limits.repliesPerTeam - 2);
  await haveRoomForOne('replies', reply(other));
});

it('T6 a person is in as many teams as can be, and joins every room with all of them', async () => {
  const teams = await Promise.all(Array.from({ length: limits.teamsPerPerson - 1 }, () => newTeam()));
  const dora = await newMember('agent', teams, 'Dora');
  expect((await setMembers(team, dora)).status).toBe(200);
  const inbox = await join(team, dora.access);
  await inbox.next('list');
  inbox.say({ type: 'renew', ticket: await ticketFor(dora.access, team) });
  await inbox.next('renewed');
  const id = await begin(await newVisitor(await newSite(team)));
  await call('POST', `/api/v1/conversations/${id}/claim`, { token: dora.access, body: {} });
  const desk = await join(id, dora.access);
  await desk.next('welcome');
  desk.say({ type: 'read', seq: 1 });
  desk.post('All of them are mine.', 1);
  await desk.until(() => desk.texts.includes('All of them are mine.') || undefined);
  const another = await setMembers(await newTeam(), dora);
  expect([another.status, another.body.code]).toEqual([409, 'no_room']);
  expect((await setMembers(team, dora)).status).toBe(200);
  const invited = { name: 'Carl', address: 'carl@example.com', role: 'agent' };
  const invitation = await add('people', { ...invited, teams: [...teams, team, await newTeam()] });
  expect([invitation.status, invitation.body.code]).toEqual([400, 'invalid']);
  expect((await add('people', { ...invited, teams: [...teams, team] })).status).toBe(201);
});

it('T6 a team has as many members as can be; those who are disabled take no room', async () => {
  const person = `'person ' || n, CAST(n AS BLOB), x'', x'', x'', NULL, NULL, 'agent', 'active', 0`;
  await fill('people', person, limits.membersPerTeam);
  await fill('team_members', `?2, 'person ' || n`, limits.membersPerTeam, team);
  const invite = () =>
    add('people', { name: 'Carl', address: 'carl@example.com', role: 'agent', teams: [team] });
  expect((await invite()).body.code).toBe('no_room');
  await env.DB.prepare(`UPDATE people SET state = 'disabled' WHERE id = 'person 1'`).run();
  expect((await invite()).status).toBe(201);
});
