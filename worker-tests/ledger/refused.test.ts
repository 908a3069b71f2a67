/** What staff are refused at a socket, where no answer says it, and what whoever has a password alone is. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { watchOf } from '../../src/duties/alarms.ts';
import { figures } from '../../src/duties/alarms/rules.ts';
import { ledgerOf } from '../../src/ledger.ts';
import { tokensOf } from '../../src/people/guard.ts';
import { type ConversationId, newId, type TeamId } from '../../src/protocol/ids.ts';
import { closeCodes } from '../../src/protocol/refusals.ts';
import { begin, call, join, type Member, newMember, newSite, newTeam, newVisitor } from '../cast.ts';
import { act } from '../chat/scene.ts';
import { aMinuteLater, own, rename, since, size } from './scene.ts';

let team: TeamId;
let auditor: Member;
let stranger: Member;
let conversation: ConversationId;
let visitor: Awaited<ReturnType<typeof newVisitor>>;
beforeAll(async () => {
  team = await newTeam();
  auditor = await newMember('auditor', [team]);
  stranger = await newMember('agent', [await newTeam('Another')]);
  visitor = await newVisitor(await newSite(team));
  conversation = await begin(visitor);
});

const text = (since: number) => ({ id: crypto.randomUUID(), since, kind: 'text', text: 'MARKED words' });
const refusal = (
  member: Member,
  door: string,
  code: string,
  count: number,
  object: string = conversation,
) => ({
  ...own(member),
  ...{ action: 'door.refused', object, outcome: 'refused', facts: { door, code, count } },
});
/** What came since then of this person's refusals, with those that the isolate and the ledger gather. */
async function refused(before: number, { id }: Member) {
  await scheduler.wait(1_200);
  await aMinuteLater();
  return (await since(before)).filter(({ actor, outcome }) => actor === id && outcome === 'refused');
}

describe('L20 what somebody on staff is refused at a socket', () => {
  it('L20 is entered by session, door and code with how often, and without a word of what they wrote', async () => {
    const before = await size();
    const ear = await join(conversation, auditor.access);
    await ear.next('welcome');
    ear.say({ type: 'post', posts: [text(1), text(1), text(1)] });
    ear.post('again', 1);
    ear.note('a note', 1);
    ear.say({ type: 'typing', on: true, kind: 'text' });
    ear.say({ type: 'read', seq: 1 });
    for (let n = 0; n < 7; n++) expect(await ear.next('refused')).toMatchObject({ code: 'not_allowed' });
    const entries = await refused(before, auditor);
    expect(entries).toHaveLength(4);
    expect(entries).toEqual(
      expect.arrayContaining([
        refusal(auditor, 'frame post, text', 'not_allowed', 4),
        refusal(auditor, 'frame post, note', 'not_allowed', 1),
        refusal(auditor, 'frame typing, text', 'not_allowed', 1),
        refusal(auditor, 'frame read', 'not_allowed', 1),
      ]),
    );
    const { results } = await env.DB.prepare('SELECT leaf FROM ledger').all();
    expect(JSON.stringify(results)).not.toContain('MARKED');
  });

  it('L20 is entered where they are turned away on the way in, from what is not theirs and from what is not there', async () => {
    const before = await size();
    const nowhere = newId('conversation');
    for (const room of [conversation, nowhere, team])
      expect((await (await join(room, stranger.access)).closed).code).toBe(closeCodes.notFound);
    const entries = await refused(before, stranger);
    const socket = 'GET /conversations/:id/socket';
    // The first of the two in that minute stands for both.
    expect(entries).toHaveLength(2);
    expect(entries).toEqual(
      expect.arrayContaining([
        refusal(stranger, socket, 'not_found', 2),
        refusal(stranger, 'GET /teams/:id/socket', 'not_found', 1, team),
      ]),
    );
  });

  it('L20 is not entered where it merely does not fit, nor of customers', async () => {
    const before = await size();
    const agent = await newMember('agent', [team]);
    const other = await begin(visitor);
    await act('claim', other, agent.access);
    const desk = await join(other, agent.access);
    await desk.next('welcome');
    desk.post('from ahead', 7);
    expect(await desk.next('refused')).toMatchObject({ code: 'stale' });
    const customer = await join(other, visitor.access);
    await customer.next('welcome');
    customer.note('not theirs to write', 1);
    expect(await customer.next('refused')).toMatchObject({ code: 'not_allowed' });
    await scheduler.wait(1_200);
    await aMinuteLater();
    expect((await since(before)).filter(({ outcome }) => outcome === 'refused')).toEqual([]);
  });

  it('L20 has nobody wait for the ledger, which is told late where it can’t be now', async () => {
    const before = await size();
    const ear = await join(conversation, auditor.access);
    await ear.next('welcome');
    const { promise: held, resolve: goOn } = Promise.withResolvers<undefined>();
    const holding = runInDurableObject(ledgerOf(env), (_, state) => state.blockConcurrencyWhile(() => held));
    ear.post('while it is busy', 1);
    expect(await ear.next('refused')).toMatchObject({ code: 'not_allowed' });
    goOn(undefined);
    await holding;
    expect(await refused(before, auditor)).toEqual([refusal(auditor, 'frame post, text', 'not_allowed', 1)]);
    const then = await size();
    await rename('folded', 'gone');
    ear.post('while it fails', 1);
    await ear.next('refused');
    const late = 'SELECT COUNT(*) AS n FROM ledger_late';
    await expect.poll(() => env.DB.prepare(late).first('n')).toBe(1);
    await rename('gone', 'folded');
    await evictDurableObject(ledgerOf(env));
    expect(await refused(then, auditor)).toMatchObject([{ ...own(auditor), late: true }]);
  });

  it('L20 M2 raises the alarm for many refusals', async () => {
    const rules = async () => {
      await ledgerOf(env).checkpoint();
      await watchOf(env).poke();
      await runDurableObjectAlarm(watchOf(env));
      const open = await watchOf(env).list('open', Number.MAX_SAFE_INTEGER, 50, [stranger.id]);
      return open.map(({ rule }) => rule);
    };
    expect(await rules()).toEqual([]);
    const before = await size();
    for (let n = 0; n < figures.refusals.least; n++) await (await join(conversation, stranger.access)).closed;
    expect(await refused(before, stranger)).toMatchObject([{ facts: { count: figures.refusals.least } }]);
    expect(await rules()).toEqual(['refusals.many']);
  });
});

it('L7 what whoever has a password alone is refused is entered as about whose it is', async () => {
  const { token } = await (await tokensOf(env)).factor({ sub: stranger.id, epoch: 0 }, Date.now());
  const before = await size();
  for (let n = 0; n < 2; n++)
    expect((await call('GET', '/api/v1/people', { token })).body['code']).toBe('factor_needed');
  await scheduler.wait(1_200);
  await aMinuteLater();
  expect(await since(before)).toEqual([
    {
      ...{ actor: null, subject: stranger.id, action: 'door.refused', outcome: 'refused' },
      facts: { door: 'GET /people', code: 'factor_needed', count: 2 },
      details: { of: stranger.id, digest: expect.any(String) as string },
    },
  ]);
});
