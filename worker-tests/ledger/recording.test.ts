/** What stands in the ledger of requests, read as a stranger would: from the rows. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { ledgerOf } from '../../src/ledger.ts';
import type { TeamId } from '../../src/protocol/ids.ts';
import { newId } from '../../src/protocol/ids.ts';
import { readLeaf } from '../../src/vault.ts';
import { call, type Member, newMember, newTeam } from '../cast.ts';

let team: TeamId;
let owner: Member;
let agent: Member;
beforeAll(async () => {
  team = await newTeam();
  owner = await newMember('owner', [team], 'MARKED owner');
  agent = await newMember('agent', [team], 'MARKED agent');
});

const size = async () => Number((await ledgerOf(env).checkpoint()).split('\n')[1]);

/** The entries since then, without what differs each time. */
async function since(before: number) {
  await ledgerOf(env).checkpoint();
  const { results } = await env.DB.prepare('SELECT leaf FROM ledger WHERE seq >= ? ORDER BY seq')
    .bind(before)
    .all<{ leaf: string }>();
  return results.map(({ leaf }) => {
    const entry = readLeaf(leaf);
    if (entry === undefined) throw new Error('not a leaf');
    const { id, at, ...others } = entry;
    expect([id.length, Math.abs(Date.now() - at) < 60_000]).toEqual([36, true]);
    return others;
  });
}

/** Lets what is begun and folded be old enough to be entered. */
async function aMinuteLater() {
  await runInDurableObject(ledgerOf(env), async (object, { storage }) => {
    storage.sql.exec('UPDATE begun SET begun_at = 0');
    storage.sql.exec('UPDATE folded SET begun_at = 0');
    await object.alarm();
  });
}

const own = (member: Member) => ({ actor: member.id, session: member.session });

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
      { ...own(owner), action: 'teams.create', outcome: 'done', facts: { door: 'POST /teams' } },
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
    await runInDurableObject(ledgerOf(env), (_, { storage }) => storage.sql.exec('ALTER TABLE begun RENAME TO gone'));
    const asked = { token: owner.access, body: { name: 'Another' } };
    const refused = await call('POST', '/api/v1/teams', asked);
    expect([refused.status, refused.body['code']]).toEqual([503, 'unavailable']);
    expect(await people()).toBe(before);
    await runInDurableObject(ledgerOf(env), (_, { storage }) => storage.sql.exec('ALTER TABLE gone RENAME TO begun'));
    expect((await call('POST', '/api/v1/teams', asked)).status).toBe(201);
  });
});
