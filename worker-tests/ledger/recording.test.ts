/** What stands in the ledger of requests, read as a stranger would: from the rows. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { conversationOf } from '../../src/chat/conversation.ts';
import { ledgerOf } from '../../src/ledger.ts';
import { newId, type PersonId, type SessionId, type TeamId } from '../../src/protocol/ids.ts';
import { enter } from '../../src/people/recording.ts';
import {
  begin,
  call,
  join,
  type Member,
  newMember,
  newSite,
  newTeam,
  newVisitor,
  signedIn,
} from '../cast.ts';
import { hears, recorded, rows } from '../chat/scene.ts';
import { aMinuteLater, own, rename, since, size } from './scene.ts';

let team: TeamId;
let owner: Member;
let agent: Member;
beforeAll(async () => {
  team = await newTeam();
  owner = await newMember('owner', [team], 'MARKED owner');
  agent = await newMember('agent', [team], 'MARKED agent');
});

describe('an entry', () => {
  it('L7 is made of every change: who, in which session, what, to what, at which door', async () => {
    const before = await size();
    const made = await call<{ team: { id: TeamId } }>('POST', '/api/v1/teams', {
      token: owner.access,
      body: { name: 'MARKED team' },
    });
    const change = { token: owner.access, body: { state: 'disabled' } };
    const other = await newMember('agent', [made.body.team.id]);
    await call('PATCH', `/api/v1/people/${other.id}`, change);
    const entries = await since(before);
    expect(entries).toEqual([
      {
        ...own(owner),
        action: 'teams.create',
        object: made.body.team.id,
        outcome: 'done',
        facts: { door: 'POST /teams' },
      },
      {
        ...own(owner),
        action: 'people.change',
        object: other.id,
        outcome: 'done',
        facts: { door: 'PATCH /people/:id', state: 'disabled' },
      },
    ]);
  });

  it('L7 is made of a refused right, folded by person, door and minute, with the number of times', async () => {
    const before = await size();
    const id = newId('person');
    for (let n = 0; n < 5; n++)
      await call('PATCH', `/api/v1/people/${owner.id}`, { token: agent.access, body: { role: 'owner' } });
    await call('GET', '/api/v1/people', { token: agent.access });
    await call('DELETE', `/api/v1/people/${id}/reset`, { token: owner.access });
    expect(await since(before)).toEqual([]);
    await aMinuteLater();
    const entries = await since(before);
    const refusal = (member: Member, facts: object, more: object) => ({
      ...own(member),
      ...more,
      outcome: 'refused',
      facts,
      details: { of: member.id, digest: expect.any(String) as string },
    });
    expect(entries).toHaveLength(3);
    expect(entries).toEqual(
      expect.arrayContaining([
        refusal(
          agent,
          { door: 'PATCH /people/:id', code: 'not_allowed', count: 5 },
          { action: 'people.change', object: owner.id },
        ),
        refusal(agent, { door: 'GET /people', code: 'not_allowed', count: 1 }, { action: 'door.refused' }),
        refusal(
          owner,
          { door: 'DELETE /people/:id/reset', code: 'not_found', count: 1 },
          { action: 'people.reset', object: id },
        ),
      ]),
    );
  });

  it('L7 is not made of what merely does not fit, nor of what anybody may read', async () => {
    const before = await size();
    await call('POST', '/api/v1/teams', { token: owner.access, body: { nonsense: true } });
    await call('GET', '/api/v1/teams', { token: agent.access });
    await call('GET', '/api/v1/teams', { token: 'nobody' });
    await aMinuteLater();
    expect(await since(before)).toEqual([]);
  });

  it('L7 is made of failed sign-ins, by network and account, and not by the number of tries', async () => {
    const before = await size();
    const headers = { 'cf-connecting-ip': '203.0.113.77' };
    const body = { address: agent.address, password: 'not the password' };
    for (let n = 0; n < 3; n++) await call('POST', '/api/v1/sign-in', { body, headers });
    await call('POST', '/api/v1/sign-in', { body: { ...body, address: 'nobody@x.test' }, headers });
    // The isolate gathers for a second.
    await scheduler.wait(1_200);
    await aMinuteLater();
    const entries = await since(before);
    expect(entries).toHaveLength(2);
    const failed = { action: 'signIn.password', outcome: 'refused', actor: null };
    const facts = (count: number) => ({ door: 'POST /sign-in', code: 'wrong_credentials', count });
    const details = (of: string) => ({ of, digest: expect.any(String) as string });
    expect(entries).toEqual(
      expect.arrayContaining([
        { ...failed, subject: agent.id, facts: facts(3), details: details(agent.id) },
        { ...failed, facts: facts(1), details: details('nobody') },
      ]),
    );
    const { results } = await env.DB.prepare('SELECT * FROM ledger').all();
    expect(JSON.stringify(results)).not.toMatch(/203\.0\.113|MARKED/);
  });

  it('L4 is there before the answer, and nothing is done where it can’t be kept that it is about to be', async () => {
    const people = async () =>
      (await env.DB.prepare('SELECT COUNT(*) AS n FROM teams').first<{ n: number }>())?.n;
    const before = await people();
    await runInDurableObject(ledgerOf(env), (_, { storage }) =>
      storage.sql.exec('ALTER TABLE begun RENAME TO gone'),
    );
    const asked = { token: owner.access, body: { name: 'Another' } };
    const refused = await call('POST', '/api/v1/teams', asked);
    expect([refused.status, refused.body['code']]).toEqual([503, 'unavailable']);
    expect(await people()).toBe(before);
    await runInDurableObject(ledgerOf(env), (_, { storage }) =>
      storage.sql.exec('ALTER TABLE gone RENAME TO begun'),
    );
    expect((await call('POST', '/api/v1/teams', asked)).status).toBe(201);
  });
});

describe('while the ledger can’t be told', () => {
  it('L4 what ends an incident is done all the same, and entered late; so is what was done by then', async () => {
    const before = await size();
    const other = await newMember('agent', [team]);
    await rename('begun', 'gone');
    await rename('recent', 'missing');
    const path = `/api/v1/people/${other.id}/sessions`;
    expect((await call('DELETE', path, { token: owner.access })).status).toBe(200);
    await enter(env, { actor: null, subject: other.id, action: 'reset.ask' });
    await rename('gone', 'begun');
    await rename('missing', 'recent');
    await evictDurableObject(ledgerOf(env));
    const late = await since(before);
    expect(late).toHaveLength(2);
    const door = 'DELETE /people/:id/sessions';
    expect(late).toEqual(
      expect.arrayContaining([
        {
          ...own(owner),
          action: 'people.endSessions',
          object: other.id,
          outcome: 'done',
          facts: { door },
          late: true,
        },
        { actor: null, subject: other.id, action: 'reset.ask', outcome: 'done', late: true },
      ]),
    );
    expect((await env.DB.prepare('SELECT * FROM ledger_late').all()).results).toEqual([]);
  });
});

describe('a conversation', () => {
  const quarter = 15 * 60_000;
  const at = (now: number) => vi.useFakeTimers({ toFake: ['Date'], now });
  /** Tests that pass the end of a quarter of an hour on their way would find two entries. */
  const nextQuarter = () => Math.ceil(Date.now() / quarter) * quarter;
  afterEach(() => vi.useRealTimers());

  /** The object tells the ledger once its answer is given. */
  async function told(before: number, count: number) {
    await expect.poll(() => size()).toBe(before + count);
    return since(before);
  }

  const read = (actor: PersonId, session: SessionId, more: object, facts: object) => {
    return { actor, session, action: 'conversation.read', ...more, outcome: 'done', facts };
  };

  it('L8 that is read has an entry for each reader and quarter of an hour, with what they saw', async () => {
    at(nextQuarter() + 60_000);
    const visitor = await newVisitor(await newSite(team));
    const id = await begin(visitor, 'MARKED words');
    const auditor = await newMember('auditor', [team]);
    const { access, session } = await signedIn(agent.id);
    const before = await size();
    const [first, second] = [await join(id, access), await join(id, access)];
    await first.next('welcome');
    await second.next('welcome');
    await call('GET', `/api/v1/conversations/${id}/messages`, { token: access });
    await (await join(id, auditor.access)).next('welcome');
    await (await join(id, visitor.access)).next('welcome');
    const facts = { head: 1, address: true, holds: false };
    const whose = { object: id, subject: visitor.id };
    const entries = [
      read(agent.id, session, whose, facts),
      read(auditor.id, auditor.session, whose, { ...facts, address: false }),
    ];
    expect(await told(before, 2)).toEqual(entries);
    await evictDurableObject(conversationOf(env, id));
    await call('GET', `/api/v1/conversations/${id}/messages`, { token: access });
    await (await join(id, access)).next('welcome');
    expect(await told(before, 2)).toEqual(entries);
  });

  it('L8 that goes on in another quarter of an hour is read on by whoever sits there', async () => {
    at(nextQuarter() + quarter - 60_000);
    const visitor = await newVisitor(await newSite(team));
    const id = await begin(visitor);
    const before = await size();
    const desk = await join(id, (await signedIn(agent.id)).access);
    await desk.next('welcome');
    const customer = await join(id, visitor.access);
    await customer.next('welcome');
    customer.post('in the same quarter', 1);
    await hears(desk, 'in the same quarter');
    await told(before, 1);
    at(Date.now() + 120_000);
    customer.post('in the next', 2);
    await hears(desk, 'in the next');
    customer.post('and more of it', 3);
    await hears(desk, 'and more of it');
    const entries = await told(before, 2);
    expect(entries.map(({ action, facts }) => [action, facts?.['head']])).toEqual([
      ['conversation.read', 1],
      ['conversation.read', 3],
    ]);
  });

  it('L8 that the ledger can’t be told of now is told of later, and goes on meanwhile', async () => {
    at(nextQuarter() + 60_000);
    const id = await begin(await newVisitor(await newSite(team)));
    const { access } = await signedIn(agent.id);
    const before = await size();
    const fails = (from: string, to: string) =>
      runInDurableObject(ledgerOf(env), (_, { storage }) =>
        storage.sql.exec(`ALTER TABLE ${from} RENAME TO ${to}`),
      );
    await fails('recent', 'gone');
    await (await join(id, access)).next('welcome');
    await expect.poll(async () => (await rows(id, 'SELECT id FROM entries')).length).toBe(1);
    await fails('gone', 'recent');
    await evictDurableObject(conversationOf(env, id));
    await runDurableObjectAlarm(conversationOf(env, id));
    expect(await told(before, 1)).toHaveLength(1);
    expect(await rows(id, 'SELECT id FROM entries')).toEqual([]);
  });

  it('L9 that is closed leaves a digest of its messages as they lie, which a removal does not change', async () => {
    at(nextQuarter() + 60_000);
    const visitor = await newVisitor(await newSite(team));
    const id = await begin(visitor, 'a MARKED text');
    const customer = await join(id, visitor.access);
    await customer.next('welcome');
    customer.post('another', 1);
    await hears(customer, 'another');
    const digests = async () => {
      const before = await size();
      await call('POST', `/api/v1/conversations/${id}/close`, { token: visitor.access, body: {} });
      const closed = await told(before, 1);
      const { access } = await signedIn(owner.id);
      await call('POST', `/api/v1/conversations/${id}/reopen`, { token: access, body: {} });
      await recorded(id);
      return closed;
    };
    const first = await digests();
    const facts = { messages: 2, digest: expect.stringMatching(/^[\w-]{43}$/) as string };
    const entry = { actor: visitor.id, action: 'conversation.close', object: id, outcome: 'done', facts };
    expect(first).toEqual([entry]);
    const { access } = await signedIn(owner.id);
    const removal = { token: access, body: { seq: 1, how: 'redacted' } };
    expect((await call('POST', `/api/v1/conversations/${id}/removals`, removal)).status).toBe(200);
    await recorded(id);
    expect(await digests()).toEqual(first);
    await rows(id, `UPDATE messages SET at = at + 1 WHERE position = 131072`);
    expect((await digests())[0]?.facts).not.toEqual(first[0]?.facts);
  });
});
