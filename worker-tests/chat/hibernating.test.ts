import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { conversationOf } from '../../src/chat/conversation.ts';
import { inboxOf } from '../../src/chat/inbox.ts';
import { join } from '../cast.ts';
import { hears, hearsOf, scene, type Scene, talking } from './scene.ts';

/** The platform hibernates an object 10 s after its last work, if nothing holds it awake. */
const asleepAfter = 12_000;
type Stub = ReturnType<typeof conversationOf> | ReturnType<typeof inboxOf>;
type Marked = { onlyInMemory?: string };

/** What is in memory alone is gone once the object is made anew. */
async function sleeps(stub: Stub): Promise<void> {
  await runInDurableObject(stub, (instance) => {
    (instance as Marked).onlyInMemory = 'the same';
  });
  await scheduler.wait(asleepAfter);
  expect(await runInDurableObject(stub, (instance) => (instance as Marked).onlyInMemory ?? 'a new one')).toBe(
    'a new one',
  );
}

let here: Scene;
beforeAll(async () => {
  here = await scene();
});

describe('with its sockets open', { timeout: 30_000 }, () => {
  it.concurrent(
    'C10 the object hibernates by itself after the last frame, and the socket still works',
    async () => {
      const { id, customer } = await talking(here);
      for (const text of ['a', 'b', 'c']) customer.post(text, 1);
      await hears(customer, 'c');
      await sleeps(conversationOf(env, id));
      customer.post('still connected', 4);
      await hears(customer, 'still connected');
    },
  );

  it.concurrent('C10 C20 a sign leaves no row and no timer: the object sleeps', async () => {
    const { id, customer, desk } = await talking(here);
    const stub = conversationOf(env, id);
    const size = () => runInDurableObject(stub, (_, { storage }) => storage.sql.databaseSize);
    const before = await size();
    customer.say({ type: 'typing', on: true, kind: 'text' });
    customer.say({ type: 'read', seq: 1 });
    await desk.next('typing');
    await desk.next('read');
    expect(await size()).toBe(before);
    await sleeps(stub);
    customer.post('still connected', 1);
    await hears(desk, 'still connected');
  });

  it.concurrent('I4 the inbox hibernates while its sockets are open, and they still work', async () => {
    const { team, anna, ben } = await scene();
    const inbox = inboxOf(env, team);
    const ear = await join(team, anna.access);
    ear.say({ type: 'present', as: 'available' });
    await hearsOf(ear, { Anna: 'available', Ben: 'offline', Sue: 'offline' });
    await sleeps(inbox);
    expect(await inbox.available()).toBe(1);
    await join(team, ben.access);
    await hearsOf(ear, { Anna: 'available', Ben: 'away', Sue: 'offline' });
  });
});
