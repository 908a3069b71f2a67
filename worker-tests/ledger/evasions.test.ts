/** Ways in which something was done, read or refused without the ledger, or with a lie in it. None of them works any more. */
import { evictDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { ledgerOf, type Told } from '../../src/ledger.ts';
import type { PersonId, TeamId } from '../../src/protocol/ids.ts';
import { seeAsHeader } from '../../src/protocol/see-as.ts';
import { begin, call, join, type Member, newMember, newSite, newTeam, newVisitor } from '../cast.ts';
import { act, recorded } from '../chat/scene.ts';
import { aMinuteLater, own, rename, since, size } from './scene.ts';

let team: TeamId;
let owner: Member;
let agent: Member;
beforeAll(async () => {
  team = await newTeam();
  owner = await newMember('owner', [team]);
  agent = await newMember('agent', [team]);
});

/** A visitor of a network of their own, who is refused by nobody else's doing. */
async function talk(network = '198.51.100.1') {
  const visitor = await newVisitor(await newSite(team), { 'cf-connecting-ip': network });
  return { visitor, id: await begin(visitor, 'Hello') };
}
/** What isolates gather for a second, and the ledger for a minute, has come. */
async function after(before: number) {
  await scheduler.wait(1_200);
  await aMinuteLater();
  return since(before);
}
const actionsOf = (entries: Awaited<ReturnType<typeof since>>, by: PersonId) =>
  entries.filter(({ actor }) => actor === by).map(({ action, facts }) => [action, facts?.['address']]);

describe('what somebody reads', () => {
  it.each([
    ['snooze', { until: null }],
    ['tags', { tags: [] }],
  ])('L8 is entered though they only changed nothing by %s', async (wish, body) => {
    const { id } = await talk();
    await act('customer', id, owner.access, { name: 'Kim', address: 'kim@example.com' });
    const reader = await newMember('supervisor', [team]);
    const before = await size();
    const reply = await act(wish, id, reader.access, body);
    expect(reply.body.conversation.staff?.customer.address).toBe('kim@example.com');
    await recorded(id);
    expect(actionsOf(await since(before), reader.id)).toEqual([['conversation.read', true]]);
  });

  it('L8 in a list of names is entered', async () => {
    const { id } = await talk();
    const reader = await newMember('supervisor', [team]);
    const before = await size();
    for (let n = 0; n < 2; n++)
      await call('POST', '/api/v1/customer-names', { token: reader.access, body: { ids: [id] } });
    expect(actionsOf(await since(before), reader.id)).toEqual([['conversation.list', undefined]]);
  });

  it('L8 is entered by what they saw of it: less, as another role, is not all', async () => {
    const { id } = await talk();
    const before = await size();
    const headers = { [seeAsHeader]: 'auditor' };
    await call('GET', `/api/v1/conversations/${id}/messages`, { token: owner.access, headers });
    await (await join(id, owner.access)).next('welcome');
    await recorded(id);
    expect(actionsOf(await since(before), owner.id)).toEqual([
      ['conversation.read', false],
      ['conversation.read', true],
    ]);
  });
});

describe('what somebody does', () => {
  it('L4 so late that it stood as unknown has one more entry that says what became of it', async () => {
    const other = await newMember('agent', [team]);
    const before = await size();
    const { promise: held, resolve: goOn } = Promise.withResolvers<undefined>();
    const raw = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(new TextEncoder().encode('{"state":"dis'));
        await held;
        controller.enqueue(new TextEncoder().encode('abled"}'));
        controller.close();
      },
    });
    const asked = call('PATCH', `/api/v1/people/${other.id}`, { token: owner.access, raw });
    await scheduler.wait(300);
    await aMinuteLater();
    goOn(undefined);
    expect((await asked).status).toBe(200);
    const [begun, done, ...more] = await since(before);
    expect(more).toEqual([]);
    expect(begun).toMatchObject({ ...own(owner), outcome: 'unknown' });
    expect(done).toMatchObject({ ...own(owner), outcome: 'done', facts: { state: 'disabled' } });
    expect(done?.facts?.['begun']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('L7 is entered once, if it was done at all, however often a customer asks for it', async () => {
    const { id, visitor } = await talk();
    const before = await size();
    for (let n = 0; n < 20; n++) await act('close', id, visitor.access);
    await recorded(id);
    const entries = await since(before);
    expect(entries.map(({ action, actor }) => [action, actor])).toEqual([['conversation.close', visitor.id]]);
  });

  it('L7 to whom is entered: whom a ban is for, and who came to a team', async () => {
    const before = await size();
    const body = { kind: 'address', target: 'x@example.com', reason: 'Threats', lasts: 3_600_000 };
    await call('POST', '/api/v1/bans', { token: owner.access, body });
    const members = [owner.id, agent.id, agent.id];
    const other = await newTeam('Another');
    await call('PATCH', `/api/v1/teams/${other}`, { token: owner.access, body: { members } });
    const [ban, change] = await since(before);
    expect(ban).toMatchObject({ action: 'visitor.ban', object: expect.stringMatching(/^ban_/) as string });
    expect(ban?.facts).toMatchObject({ kind: 'address' });
    expect(change?.facts).toEqual({ door: 'PATCH /teams/:id', came: [owner.id, agent.id], left: [] });
  });

  it('L4 is not entered late where it did not fit, and so was not done', async () => {
    const before = await size();
    await rename('begun', 'gone');
    const nonsense = { token: owner.access, body: { kind: 'nonsense' } };
    expect((await call('POST', '/api/v1/bans', nonsense)).status).toBe(400);
    await rename('gone', 'begun');
    await evictDurableObject(ledgerOf(env));
    expect(await after(before)).toEqual([]);
  });
});

describe('what somebody was refused', () => {
  const refusals = (entries: Awaited<ReturnType<typeof since>>) =>
    entries.map(({ actor, object, facts }) => ({
      actor,
      object,
      door: facts?.['door'],
      count: facts?.['count'],
    }));

  it('L7 is told apart by door, and has nothing in it that a customer has written', async () => {
    const headers = { 'cf-connecting-ip': '198.51.101.9' };
    const { access: token } = await newVisitor(await newSite(team), headers);
    const before = await size();
    await call('GET', '/api/v1/people', { token, headers });
    for (let n = 0; n < 3; n++) await call('DELETE', '/api/v1/sessions', { token, headers });
    await call('GET', '/api/v1/conversations/con_Olivia-Hart_is_a_thief/messages', { token, headers });
    const found = refusals(await after(before));
    expect(found).toHaveLength(3);
    expect(found).toEqual(
      expect.arrayContaining([
        { actor: null, object: undefined, door: 'GET /people', count: 1 },
        { actor: null, object: undefined, door: 'DELETE /sessions', count: 3 },
        { actor: null, object: undefined, door: 'GET /conversations/:id/messages', count: 1 },
      ]),
    );
  });

  it('L7 is entered as theirs, though they would have been somebody else', async () => {
    const before = await size();
    await call('GET', '/api/v1/people', { token: agent.access, headers: { [seeAsHeader]: 'owner' } });
    expect(await after(before)).toMatchObject([{ ...own(agent), outcome: 'refused' }]);
  });

  it('L7 is not hidden among strangers who come from everywhere, of whom nobody is named for all', async () => {
    const before = await size();
    const one = (key: string): { key: string; count: number; told: Told } => ({
      key,
      count: 1,
      told: {
        id: crypto.randomUUID(),
        at: Date.now(),
        actor: null,
        subject: agent.id,
        action: 'signIn.password',
        outcome: 'refused',
      },
    });
    const all = Array.from({ length: 1_050 }, (_, n) => one(`network ${n}`));
    await ledgerOf(env).fold(all);
    await call('PATCH', `/api/v1/people/${owner.id}`, { token: agent.access, body: { role: 'owner' } });
    const entries = await after(before);
    expect(entries.length).toBe(1_002);
    expect(entries.filter(({ actor }) => actor === agent.id)).toHaveLength(1);
    const others = entries.filter(({ action }) => action === 'door.refused');
    expect(others.map(({ subject, facts }) => [subject, facts])).toEqual([[undefined, { count: 50 }]]);
  });

  it('L7 is entered late where it can’t be told now', async () => {
    const before = await size();
    await rename('folded', 'gone');
    await call('GET', '/api/v1/people', { token: agent.access });
    await rename('gone', 'folded');
    await evictDurableObject(ledgerOf(env));
    expect(await after(before)).toMatchObject([{ ...own(agent), outcome: 'refused', late: true }]);
  });
});
