import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, expect, it } from 'vitest';
import { conversationOf } from '../../src/chat/conversation.ts';
import type { ConversationId } from '../../src/protocol/ids.ts';
import { act, hears, rows, scene, type Scene, talking } from './scene.ts';

let here: Scene;
beforeAll(async () => {
  here = await scene();
});

/** How many rows the conversation writes from here on, read off every cursor that it makes. */
async function meter(id: ConversationId): Promise<() => Promise<number>> {
  const cursors: { rowsWritten: number }[] = [];
  const stub = conversationOf(env, id);
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
    runInDurableObject(stub, () => cursors.splice(0).reduce((sum, { rowsWritten }) => sum + rowsWritten, 0));
}

it('C25 a message costs one row, a note too, and signs none', async () => {
  const { id, customer, desk } = await talking(here);
  const written = await meter(id);
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

it('C25 a change costs the conversation’s own row, a removal three', async () => {
  const { id, visitor, customer, desk } = await talking(here);
  customer.post('to be removed', 1);
  await hears(desk, 'to be removed');
  const written = await meter(id);
  await act('tags', id, here.anna.access, { tags: ['one'] });
  expect(await written()).toBe(1);
  await act('rating', id, visitor.access, { score: 3, comment: null });
  expect(await written()).toBe(1);
  await act('removals', id, here.sue.access, { seq: 2, how: 'redacted' });
  expect(await written()).toBe(3);
  await act('close', id, here.anna.access);
  expect(await written()).toBe(1);
  await act('close', id, here.anna.access);
  expect(await written()).toBe(0);
});
