import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { accountOf } from '../../src/people/account.ts';
import type { ConversationId, SiteId, TeamId } from '../../src/protocol/ids.ts';
import type { OrganisationAnswer } from '../../src/protocol/organisation.ts';
import {
  begin,
  call,
  join,
  type Member,
  newMember,
  newSite,
  newTeam,
  newVisitor,
  open,
  signedIn,
  ticketFor,
} from '../cast.ts';
import { aMinuteLater, own, since, size } from '../ledger/scene.ts';

let team: TeamId;
let site: SiteId;
let owner: Member;
let agent: Member;
let conversations: ConversationId[];

const budget = 3;
const setBudgets = (budgets: object, by = owner) =>
  call<OrganisationAnswer>('PATCH', '/api/v1/organisation', { token: by.access, body: { budgets } });
const ticket = (id: string, { access } = agent) =>
  call('POST', `/api/v1/conversations/${id}/tickets`, { token: access, body: {} });
const messages = (id: string, { access } = agent) =>
  call('GET', `/api/v1/conversations/${id}/messages`, { token: access });
/** The second factor once more, in this session. */
let step = 1_000_000;
const prove = async ({ id, session }: Member) => {
  vi.setSystemTime(Date.now() + 1);
  expect(await accountOf(env, id).stepUp(session, { by: 'totp', step: step++ })).toBe(true);
};
const nth = (n: number): ConversationId => {
  const id = conversations[n];
  if (id === undefined) throw new Error('no such conversation');
  return id;
};

beforeAll(async () => {
  team = await newTeam();
  site = await newSite(team);
  conversations = [];
  for (let n = 0; n < 8; n++) conversations.push(await begin(await newVisitor(site)));
});
beforeEach(async () => {
  // What an isolate knew of the organisation a second ago it asks again.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2_000 });
  owner = await newMember('owner', [team]);
  agent = await newMember('agent', [team]);
  await setBudgets({ agent: budget, supervisor: 60 });
  vi.setSystemTime(Date.now() + 2_000);
});
afterEach(() => {
  vi.useRealTimers();
});

describe('M1 the budget of a role', () => {
  it('M1 is 60 conversations until the organisation says otherwise, from 1 to 1,000, for roles that there are', async () => {
    const supervisor = await newMember('supervisor', [team]);
    const account = accountOf(env, supervisor.id);
    for (let n = 0; n < 60; n++) expect(await account.open(supervisor.session, `con_${n}`)).toBe(true);
    expect(await account.open(supervisor.session, 'con_60')).toBe(false);
    for (const budgets of [{ agent: 0 }, { agent: 1_001 }, { agent: 1.5 }, { nobody: 5 }, { agent: null }])
      expect((await setBudgets(budgets)).status).toBe(400);
    expect((await setBudgets({ agent: 5 }, agent)).status).toBe(403);
    expect((await setBudgets({ admin: 10 })).body.organisation.budgets).toMatchObject({
      agent: budget,
      admin: 10,
    });
  });

  it('M1 is used up by sockets, requests and acts alike, each conversation once', async () => {
    (await join(nth(0), agent.access)).close();
    (await join(nth(0), agent.access)).close();
    expect((await messages(nth(1))).status).toBe(200);
    const claimed = await call('POST', `/api/v1/conversations/${nth(2)}/claim`, {
      token: agent.access,
      body: {},
    });
    expect(claimed.status).toBe(200);
    for (const refused of [
      await ticket(nth(3)),
      await messages(nth(3)),
      await call('GET', `/api/v1/conversations/${nth(3)}/earlier`, { token: agent.access }),
      await call('POST', `/api/v1/conversations/${nth(3)}/claim`, { token: agent.access, body: {} }),
      await call('PUT', `/api/v1/conversations/${nth(3)}/tags`, { token: agent.access, body: { tags: [] } }),
      await call('POST', `/api/v1/conversations/${nth(3)}/removals`, {
        token: agent.access,
        body: { seq: 1, how: 'redacted' },
      }),
    ])
      expect([refused.status, refused.body['code']]).toEqual([403, 'step_up_needed']);
  });

  it('M1 is not used up by asking for tickets, and none that was asked for before leads past it', async () => {
    const tickets = [];
    for (const id of conversations) tickets.push({ id, ticket: await ticketFor(agent.access, id) });
    const ears = [];
    const before = await size();
    for (const { id, ticket } of tickets) ears.push(await open(id, ticket));
    for (const ear of ears.slice(0, budget)) await ear.next('welcome');
    for (const ear of ears.slice(budget)) expect((await ear.closed).code).toBe(4401);
    await aMinuteLater();
    expect(await since(before)).toContainEqual(
      expect.objectContaining({
        ...{ ...own(agent), action: 'door.refused', outcome: 'refused' },
        facts: {
          ...{ door: 'GET /conversations/:id/socket', code: 'step_up_needed', budget: 'conversations' },
          count: conversations.length - budget,
        },
      }),
    );
    expect((await ticket(nth(budget))).body['code']).toBe('step_up_needed');
    for (const ear of ears) ear.close();
  });

  it('M1 leaves open what was opened in that hour, and opens more after a proof in the same session', async () => {
    for (let n = 0; n < budget; n++) await messages(nth(n));
    expect((await messages(nth(3))).status).toBe(403);
    vi.setSystemTime(Date.now() + 1);
    const other = { ...agent, ...(await signedIn(agent.id)) };
    expect((await messages(nth(3))).status).toBe(403);
    // A session that has begun just now is one that was proved just now.
    expect((await messages(nth(4), other)).status).toBe(200);
    expect((await messages(nth(0))).status).toBe(200);
    await prove(agent);
    for (const n of [3, 5, 6]) expect((await messages(nth(n))).status).toBe(200);
    expect((await messages(nth(7))).status).toBe(403);
  });

  it('M1 is there again an hour later', async () => {
    for (let n = 0; n < budget; n++) await messages(nth(n));
    expect((await messages(nth(3))).status).toBe(403);
    vi.setSystemTime(Date.now() + 3_600_001);
    const later = { ...agent, ...(await signedIn(agent.id)) };
    vi.setSystemTime(Date.now() + 1);
    await accountOf(env, agent.id).use(later.session, 0);
    for (let n = 3; n < 6; n++) expect((await messages(nth(n), later)).status).toBe(200);
  });

  it('M1 stands in the ledger when it is used up', async () => {
    for (let n = 0; n < budget; n++) await messages(nth(n));
    const before = await size();
    await messages(nth(3));
    await aMinuteLater();
    expect(await since(before)).toContainEqual(
      expect.objectContaining({
        ...own(agent),
        action: 'door.refused',
        object: nth(3),
        outcome: 'refused',
        facts: {
          door: 'GET /conversations/:id/messages',
          code: 'step_up_needed',
          budget: 'conversations',
          count: 1,
        },
      }),
    );
  });

  it('M1 is for staff: a customer reads what is theirs as often as they like', async () => {
    const visitor = await newVisitor(site);
    for (let n = 0; n < budget + 2; n++) {
      const id = await begin(visitor);
      expect((await messages(id, { ...agent, access: visitor.access })).status).toBe(200);
    }
  });
});
