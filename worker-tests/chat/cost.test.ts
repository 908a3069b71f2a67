import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, expect, it, vi } from 'vitest';
import { conversationOf } from '../../src/chat/conversation.ts';
import { inboxOf } from '../../src/chat/inbox.ts';
import { begin, join, newVisitor, ticketFor } from '../cast.ts';
import { act, evict, hears, recorded, rows, scene, type Scene, talking } from './scene.ts';

let here: Scene;
beforeAll(async () => {
  here = await scene();
});

/** How many rows an object writes, or reads, from here on: added up from every cursor that it makes. */
async function meter(
  stub: DurableObjectStub,
  what: 'rowsWritten' | 'rowsRead' = 'rowsWritten',
): Promise<() => Promise<number>> {
  const cursors: Record<typeof what, number>[] = [];
  await runInDurableObject(stub, (_, { storage: { sql } }) => {
    const exec = sql.exec.bind(sql) as (query: string, ...bindings: unknown[]) => SqlStorageCursor<never>;
    Object.defineProperty(sql, 'exec', {
      value: (query: string, ...bindings: unknown[]) => {
        const cursor = exec(query, ...bindings);
        cursors.push(cursor);
        return cursor;
      },
    });
  });
  return () =>
    runInDurableObject(stub, () => cursors.splice(0).reduce((sum, cursor) => sum + cursor[what], 0));
}

it('C25 a message costs one row, a note too, and signs none', async () => {
  const { id, customer, desk } = await talking(here);
  await recorded(id);
  const written = await meter(conversationOf(env, id));
  const costs = async (what: () => Promise<unknown>) => {
    await what();
    return written();
  };
  expect(await costs(() => (customer.post('one', 1), hears(desk, 'one')))).toBe(1);
  customer.say({ type: 'read', seq: 2 });
  desk.say({ type: 'typing', on: true, kind: 'text' });
  expect(await costs(() => Promise.all([desk.next('read'), customer.next('typing')]))).toBe(0);
  expect(await costs(() => (desk.post('two', 2), hears(customer, 'two')))).toBe(1);
  expect(await costs(() => (customer.post('three', 2), hears(desk, 'three')))).toBe(1);
  expect(await costs(() => (desk.note('a note', 4), hears(desk, 'a note')))).toBe(1);
  const posts = Array.from({ length: 50 }, (_, n) => ({
    id: crypto.randomUUID(),
    since: 4,
    kind: 'text',
    text: `${n}`,
  }));
  expect(await costs(() => (desk.say({ type: 'post', posts }), hears(customer, '49')))).toBe(50);
  customer.close();
  await customer.closed;
  expect(await rows(id, 'SELECT COUNT(*) AS n FROM messages')).toEqual([{ n: 55 }]);
});

it('C19 who never took part is not looked for among all messages when they come and go', async () => {
  const { id, desk, epoch } = await talking(here);
  const more = `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2000)
    INSERT INTO messages SELECT position + n * 65536, 'more', author_kind, author, at, 0, sealed FROM messages, numbers`;
  await rows(id, more);
  await evict(id);
  desk.post('the newest', 2_001);
  await hears(desk, 'the newest');
  const read = await meter(conversationOf(env, id), 'rowsRead');
  const sue = await join(id, here.sue.access, { after: 2_002, epoch });
  await desk.until(() =>
    desk.heard.find((frame) => frame.type === 'present' && frame.present.staff.length > 1),
  );
  sue.close();
  await desk.until(() => {
    const last = desk.heard.findLast((frame) => frame.type === 'present');
    return last?.present.staff.length === 1 || undefined;
  }, 'Sue has left');
  expect(await read()).toBeLessThan(500);
});

it('C25 whoever claims costs the conversation’s own row, and two to tell the ledger what they see; the key that is kept says so there', async () => {
  const visitor = await newVisitor(here.site);
  const id = await begin(visitor);
  const keys = () => rows(id, 'SELECT keys FROM conversation');
  await expect.poll(keys).toEqual([{ keys: expect.stringMatching(/^\[\[1,"[\w-]+",true\]\]$/) as string }]);
  const written = await meter(conversationOf(env, id));
  expect((await act('claim', id, here.anna.access)).status).toBe(200);
  await recorded(id);
  expect(await written()).toBe(3);
  expect(await rows(id, 'SELECT people FROM conversation')).toEqual([
    { people: JSON.stringify([[here.anna.id, 'visitor']]) },
  ]);
});

it('C25 a change costs the conversation’s own row, a removal three, and two more what the ledger is told of', async () => {
  const { id, visitor, customer, desk } = await talking(here);
  customer.post('to be removed', 1);
  await hears(desk, 'to be removed');
  await recorded(id);
  const written = await meter(conversationOf(env, id));
  await act('tags', id, here.anna.access, { tags: ['one'] });
  expect(await written()).toBe(1);
  await act('rating', id, visitor.access, { score: 3, comment: null });
  expect(await written()).toBe(1);
  await act('removals', id, here.sue.access, { seq: 2, how: 'redacted' });
  await recorded(id);
  expect(await written()).toBe(5);
  await act('close', id, here.anna.access);
  await recorded(id);
  expect(await written()).toBe(3);
  await act('close', id, here.anna.access);
  expect(await written()).toBe(0);
});

it('C25 I7 who waits for whom is heard within two seconds and costs a row at the alarm alone, or when somebody looks', async () => {
  const { id, customer, desk } = await talking(here);
  const list = await join(here.team, here.anna.access);
  await list.next('list');
  const inbox = inboxOf(env, here.team);
  const written = await meter(inbox);
  const waits = async (): Promise<number | null> => {
    const { entry } = await list.next('entry');
    // What others of the team said a moment ago may be told only now.
    return entry.id === id ? entry.waitingSince : waits();
  };
  desk.post('an answer', 1);
  expect(await waits()).toBeNull();
  customer.post('a question', 2);
  expect(await waits()).not.toBeNull();
  expect(await written()).toBe(0);
  expect(await runDurableObjectAlarm(conversationOf(env, id))).toBe(true);
  expect(await written()).toBe(1);
  desk.post('an answer', 3);
  expect(await waits()).toBeNull();
  expect(await written()).toBe(0);
  const other = await join(here.team, here.ben.access);
  const { entries } = await other.next('list');
  expect(entries.find((entry) => entry.id === id)?.waitingSince).toBeNull();
});

it('I7 an inbox that forgot what it heard in passing hears it again by the alarm', async () => {
  const { id, customer, desk } = await talking(here);
  desk.post('an answer', 1);
  await hears(customer, 'an answer');
  await evictDurableObject(inboxOf(env, here.team));
  expect(await runDurableObjectAlarm(conversationOf(env, id))).toBe(true);
  const list = await join(here.team, here.anna.access);
  const { entries } = await list.next('list');
  expect(entries.find((entry) => entry.id === id)?.waitingSince).toBeNull();
});

it('I7 machines that talk faster than people tell the inbox no more often, and it hears the last turn as soon', async () => {
  const { id, customer, desk } = await talking(here);
  const list = await join(here.team, here.anna.access);
  await list.next('list');
  const entries = () =>
    list.heard.flatMap((frame) => (frame.type === 'entry' && frame.entry.id === id ? [frame.entry] : []));
  for (let seq = 1; seq < 60; seq += 2) {
    desk.post(`${seq}`, seq);
    await hears(customer, `${seq}`);
    customer.post(`${seq + 1}`, seq + 1);
    await hears(desk, `${seq + 1}`);
  }
  desk.post('the last word', 61);
  const { at } = await hears(customer, 'the last word');
  await list.until(() => entries().find(({ changedAt }) => changedAt === at), 'the last turn');
  expect(entries().at(-1)?.waitingSince).toBeNull();
  expect(entries().length).toBeLessThanOrEqual(5);
});

it('C25 a renewal costs the conversation no row, but one when its ticket is replaced while it is fresh', async () => {
  const { id, visitor, customer } = await talking(here);
  await recorded(id);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
  try {
    const written = await meter(conversationOf(env, id));
    customer.say({ type: 'renew', ticket: await ticketFor(visitor.access, id) });
    await customer.next('renewed');
    expect(await written()).toBe(0);
    customer.say({ type: 'renew', ticket: await ticketFor(visitor.access, id) });
    await customer.next('renewed');
    expect(await written()).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});

it('C25 whoever reads costs two rows in a quarter of an hour, however often', async () => {
  const { id } = await talking(here);
  await recorded(id);
  const written = await meter(conversationOf(env, id));
  const reads = async () => {
    const ear = await join(id, here.ben.access);
    await ear.next('welcome');
    await recorded(id);
  };
  await reads();
  expect(await written()).toBe(2);
  await reads();
  expect(await written()).toBe(0);
});
