/** How the conversation asks what is held back, and what that costs it and whoever waits. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { conversationOf } from '../../src/chat/conversation.ts';
import { heldForChat, heldNow, holdBack } from '../../src/people/containment.ts';
import { type ContainmentRow, ContainmentStore } from '../../src/people/containment/store.ts';
import { type ConversationId, newId } from '../../src/protocol/ids.ts';
import { hears, scene, type Scene, talking } from './scene.ts';

let here: Scene;
beforeAll(async () => {
  here = await scene();
});
afterEach(async () => {
  vi.useRealTimers();
  await env.DB.prepare('DELETE FROM containment').run();
  await heldNow(env, 'now');
});

const later = () => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 1_001 });

/** The database, which counts how often it is asked what is held back, and answers once `answers` is done. */
function metered(answers: () => Promise<unknown> = () => Promise.resolve()) {
  let asked = 0;
  const DB = new Proxy(env.DB, {
    get: (db, name: keyof D1Database) => {
      const method = db[name].bind(db) as (query: string) => D1PreparedStatement;
      if (name !== 'prepare') return method;
      return (query: string) => {
        const statement = method(query);
        if (!query.includes('FROM containment')) return statement;
        asked += 1;
        return { all: () => answers().then(() => statement.all()) };
      };
    },
  });
  return { env: { ...env, DB }, asked: () => asked };
}

/** From here on this conversation asks that database. */
const ask = (id: ConversationId, other: Cloudflare.Env) =>
  runInDurableObject(conversationOf(env, id), (object) =>
    Object.defineProperty(object, 'env', { value: other }),
  );

const readOnly = (): ContainmentRow => ({
  id: newId('containment'),
  kind: 'readOnly',
  target: '',
  reason: 'other',
  by: here.anna.id,
  at: Date.now(),
  until: null,
});

it('N28 what was asked serves everybody for a second, but for whoever needs it as it stands now', async () => {
  later();
  const counted = metered();
  await heldNow(counted.env);
  await Promise.all(Array.from({ length: 50 }, () => heldNow(counted.env)));
  expect(counted.asked()).toBe(1);
  await new ContainmentStore(env.DB).put(readOnly());
  expect((await heldNow(counted.env, 'now')).modes).toEqual(new Set(['readOnly']));
  expect(counted.asked()).toBe(2);
});

it('N28 what was asked earlier and comes later does not pass for how it stands', async () => {
  later();
  const { promise, resolve } = Promise.withResolvers<null>();
  const slow = metered(() => promise);
  const early = heldNow({ ...slow.env, DB: slow.env.DB });
  later();
  await holdBack(env, readOnly());
  resolve(null);
  await early;
  expect((await heldNow(env)).modes).toEqual(new Set(['readOnly']));
});

it('N28 what people write in a second costs a query of each conversation at the most', async () => {
  const talks = [await talking(here), await talking(here)];
  const counted = metered(() => scheduler.wait(50));
  for (const { id } of talks) await ask(id, counted.env);
  later();
  const talk = async ({ customer, desk }: (typeof talks)[number]) => {
    customer.say({ type: 'typing', on: true, kind: 'text' });
    await desk.next('typing');
    for (const text of ['one', 'two', 'three']) {
      customer.post(text, 1);
      await hears(desk, text);
    }
    customer.say({ type: 'page', before: 2, limit: 1 });
    await customer.next('messages');
  };
  await Promise.all(talks.map(talk));
  expect(counted.asked()).toBeLessThanOrEqual(4);
});

it('N28 a database that hangs holds up one message for a second, and no sign', async () => {
  const { id, customer, desk } = await talking(here);
  const hanging = metered(() => new Promise(() => undefined));
  await ask(id, hanging.env);
  later();
  const begun = performance.now();
  customer.say({ type: 'typing', on: true, kind: 'text' });
  await desk.next('typing');
  expect(performance.now() - begun).toBeLessThan(800);
  customer.post('one', 1);
  await hears(desk, 'one');
  const first = performance.now();
  customer.post('two', 2);
  await hears(desk, 'two');
  expect(performance.now() - first).toBeLessThan(800);
  expect(first - begun).toBeLessThan(3_000);
});

it('N28 a database that hangs leaves held back what was, and its end is heard of once it answers', async () => {
  await holdBack(env, readOnly());
  later();
  const hanging = metered(() => new Promise(() => undefined));
  expect((await heldForChat(hanging.env)).modes).toEqual(new Set(['readOnly']));
  await env.DB.prepare('DELETE FROM containment').run();
  later();
  await expect.poll(async () => (await heldForChat(env)).modes).toEqual(new Set());
});
