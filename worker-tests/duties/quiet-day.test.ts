/** A made-up day of a team, by the doors that they use, and the night after: there is nothing to look at. */
import { createScheduledController, runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { watchOf } from '../../src/duties/alarms.ts';
import { ledgerOf } from '../../src/ledger.ts';
import type { ConversationId, SiteId } from '../../src/protocol/ids.ts';
import worker from '../../src/worker.ts';
import { begin, call, join, type Member, newMember, newSite, newTeam, newVisitor } from '../cast.ts';
import { asked, open, release, scanned, send, text } from '../chat/files-scene.ts';
import { act, recorded } from '../chat/scene.ts';
import { aMinuteLater } from '../ledger/scene.ts';
import { Authenticator } from '../people/authenticator.ts';
import { add, signIn } from '../people/ceremonies.ts';

const hour = 3_600_000;
/** Eight in the morning, of the next day. */
const morning = Math.ceil(Date.now() / (24 * hour)) * 24 * hour + 8 * hour;
/** How many conversations Anna has in each hour, and how many files she opens in them. */
const hours = [
  { conversations: 8, files: 1 },
  { conversations: 13, files: 3 },
  { conversations: 9, files: 2 },
  { conversations: 0, files: 0 },
  { conversations: 7, files: 0 },
  { conversations: 9, files: 2 },
  { conversations: 4, files: 0 },
];

type Person = Member & { passkey: Authenticator };
let site: SiteId;
let anna: Person;
let ben: Person;
let sue: Person;
let olivia: Person;
let stranger: ConversationId;

async function somebody(...who: Parameters<typeof newMember>): Promise<Person> {
  const member = await newMember(...who);
  const passkey = await Authenticator.make();
  expect((await add(member, passkey)).status).toBe(200);
  return { ...member, passkey };
}
/** They come back to their desk. */
async function comes(person: Person): Promise<void> {
  const headers = { 'cf-connecting-ip': '203.0.113.9', 'cf-ipcountry': 'DE' };
  const { status, body } = await signIn(person.passkey, {}, headers);
  expect(status).toBe(200);
  person.access = body.access;
}
/** Each of them from a network of their own. */
let customers = 0;
async function customer(at = site) {
  const headers = { 'cf-connecting-ip': `198.51.100.${customers++}` };
  const visitor = await newVisitor(at, headers);
  return { visitor, id: await begin(visitor, 'Hello?', crypto.randomUUID(), headers) };
}
/** They type a password that is not theirs. */
const mistypes = ({ address }: Person) =>
  asked('POST', '/api/v1/sign-in', { body: { address, password: 'not quite the password' } });
const reads = async ({ access }: Person, id: ConversationId) => {
  const reply = await asked('GET', `/api/v1/conversations/${id}/messages`, { token: access });
  expect(reply.status).toBe(200);
};
/** They open what a customer has sent. */
async function opensFile(person: Person, { visitor, id }: Awaited<ReturnType<typeof customer>>) {
  const file = await send(visitor.access, text('A receipt'), {}, id);
  await scanned(person.access, file, 'unscanned', id);
  expect((await release(file, olivia.access, id)).status).toBe(200);
  expect((await open(person.access, file, {}, id)).status).toBe(200);
}

beforeAll(async () => {
  const team = await newTeam();
  const elsewhere = await newTeam('Another');
  site = await newSite(team);
  [anna, ben] = [await somebody('agent', [team]), await somebody('agent', [team])];
  [sue, olivia] = [await somebody('supervisor', [team]), await somebody('owner', [team])];
  stranger = (await customer(await newSite(elsewhere))).id;
});
afterAll(() => {
  vi.useRealTimers();
});

it('M8 a normal day and its night raise no alarm of any kind', async () => {
  for (const [n, { conversations, files }] of hours.entries()) {
    vi.useFakeTimers({ toFake: ['Date'], now: morning + n * hour });
    if (n === 0) for (const person of [anna, anna, ben]) expect((await mistypes(person)).status).toBe(401);
    for (const person of [anna, ben, sue, olivia]) await comes(person);
    for (let each = 0; each < conversations; each++) {
      const theirs = await customer();
      await act('claim', theirs.id, anna.access);
      await reads(anna, theirs.id);
      if (each % 2 === 0) await reads(ben, theirs.id);
      if (each < files) await opensFile(anna, theirs);
      await act('close', theirs.id, anna.access);
      await recorded(theirs.id);
    }
    // What is not theirs is tried by mistake now and then, and a link to what has moved is followed.
    expect((await asked('GET', '/api/v1/people', { token: anna.access })).status).toBe(403);
    expect((await (await join(stranger, ben.access)).closed).code).toBe(4404);
  }
  const body = { format: 'csv' };
  expect((await call('POST', '/api/v1/ledger/export', { token: olivia.access, body })).status).toBe(200);
  await call('POST', '/api/v1/teams', { token: olivia.access, body: { name: 'A new team' } });
  // What is gathered for a second and folded for a minute.
  await scheduler.wait(1_200);
  await aMinuteLater();
  await worker.scheduled(createScheduledController({ cron: '17 3 * * *' }), env);
  const going = 'SELECT COUNT(*) AS n FROM runs WHERE over_at IS NULL';
  await expect.poll(() => env.DB.prepare(going).first('n'), { timeout: 60_000 }).toBe(0);
  await ledgerOf(env).checkpoint();
  await watchOf(env).poke();
  await runDurableObjectAlarm(watchOf(env));

  for (const state of ['open', 'answered'] as const)
    expect(await watchOf(env).list(state, Number.MAX_SAFE_INTEGER, 50)).toEqual([]);
  // All of that is in the ledger, and was looked at.
  const counted = async (action: string, outcome: string, { id }: Person) => {
    const query = `SELECT SUM(IFNULL(leaf ->> '$.facts.count', 1)) AS n FROM ledger
      WHERE ? IN (actor, subject) AND action = ? AND leaf ->> '$.outcome' = ?`;
    return env.DB.prepare(query).bind(id, action, outcome).first('n');
  };
  expect(await counted('signIn.password', 'refused', anna)).toBe(2);
  expect(await counted('signIn.factor', 'done', anna)).toBe(hours.length);
  expect(await counted('conversation.read', 'done', anna)).toBe(50);
  expect(await counted('file.open', 'done', anna)).toBe(8);
  for (const person of [anna, ben]) expect(await counted('door.refused', 'refused', person)).toBe(7);
}, 240_000);
