import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Random } from '../../src/tools/chaos/random.ts';
import { claim, openWaiting, pressLauncher, say, shows, texts, widgetIn } from './person.ts';
import { type Customer, Scene } from './scene.ts';
import { Storm } from './storm.ts';

// What lines do in real life: they go, they come back, they are there twice, they are there and dead.

let scene: Scene;
let agent: Page;

beforeAll(async () => {
  scene = await Scene.open('allowed');
  agent = await scene.staff('Anna');
});
afterAll(() => scene.close());

/** A customer and the agent, already talking. */
async function talking(topic: string): Promise<Customer> {
  const customer = await scene.customer();
  await say(customer.widget, topic);
  await shows(customer.widget, topic);
  await openWaiting(agent, topic);
  await claim(agent);
  return customer;
}

const banner = (place: Page | Frame) => place.getByRole('status').filter({ hasText: /offline|Reconnecting/ });

test('B1 offline, three messages written, reloaded, back online: all sent once, in order', async () => {
  const { page, widget } = await talking('before the tunnel');
  const context = page.context();
  await context.setOffline(true);
  await banner(widget).waitFor({ timeout: 60_000 });
  const written = ['first in the tunnel', 'second in the tunnel', 'third in the tunnel'];
  for (const text of written) await say(widget, text);
  expect(await texts(widget)).toEqual(['before the tunnel', ...written]);
  await page.reload().catch(() => undefined);
  await context.setOffline(false);
  await page.goto(`${scene.sotto.home.shopOrigin}/`);
  const again = await widgetIn(page);
  await pressLauncher(page);
  await shows(agent, 'third in the tunnel');
  await shows(again, 'third in the tunnel');
  expect(await texts(agent)).toEqual(['before the tunnel', ...written]);
  expect(await texts(again)).toEqual(['before the tunnel', ...written]);
  await context.close();
});

test('B1 a first message written while the server is away, and reloaded, begins one conversation', async () => {
  const { page, widget } = await scene.customer();
  await widget.getByRole('textbox', { name: 'Message' }).waitFor();
  // The key that seals comes with being somebody here: before that there is memory alone.
  await expect.poll(async () => (await page.context().cookies()).length).toBe(1);
  await page.waitForTimeout(500);
  await page.context().setOffline(true);
  await say(widget, 'my very first words');
  await say(widget, 'and the second ones');
  await page.reload().catch(() => undefined);
  await page.context().setOffline(false);
  await page.goto(`${scene.sotto.home.shopOrigin}/`);
  const again = await widgetIn(page);
  await pressLauncher(page);
  await shows(again, 'and the second ones');
  await openWaiting(agent, 'my very first words');
  await shows(agent, 'and the second ones');
  expect(await texts(agent)).toEqual(['my very first words', 'and the second ones']);
  await page.context().close();
});

test('B1 what an agent wrote offline outlives a reload, sealed under a key that only the session gives', async () => {
  const { page } = await talking('an agent in a tunnel');
  await agent.context().setOffline(true);
  await banner(agent).first().waitFor({ timeout: 60_000 });
  for (const text of ['MARKED-SEALED one', 'MARKED-SEALED two']) await say(agent, text);
  const stored = await agent.evaluate(dumpOfDatabases);
  expect(stored.length).toBeGreaterThan(0);
  expect(stored).not.toContain('MARKED-SEALED');
  const address = agent.url();
  await agent.reload().catch(() => undefined);
  await agent.context().setOffline(false);
  await agent.goto(address);
  await shows(agent, 'MARKED-SEALED two');
  const widget = await widgetIn(page);
  await shows(widget, 'MARKED-SEALED two');
  expect(await texts(widget)).toEqual(['an agent in a tunnel', 'MARKED-SEALED one', 'MARKED-SEALED two']);
  await expect.poll(() => agent.evaluate(dumpOfDatabases)).toBe('');
  await page.context().close();
});

/** Everything that this page's databases hold, as text. */
async function dumpOfDatabases(): Promise<string> {
  const held: string[] = [];
  for (const { name = '' } of await indexedDB.databases()) {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => {
        resolve(request.result);
      };
      request.onerror = () => {
        reject(new Error('no database'));
      };
    });
    for (const store of database.objectStoreNames) {
      const all = await new Promise<unknown[]>((resolve) => {
        const request = database.transaction(store).objectStore(store).getAll();
        request.onsuccess = () => {
          resolve(request.result);
        };
      });
      for (const value of all) held.push(JSON.stringify(value, (_, part: unknown) => readable(part)));
    }
    database.close();
  }
  return held.join('\n');

  function readable(part: unknown): unknown {
    const bytes = part instanceof ArrayBuffer ? new Uint8Array(part) : part;
    return bytes instanceof Uint8Array ? new TextDecoder('latin1').decode(bytes) : bytes;
  }
}

test('B1 two tabs of one visitor are one person: both see everything once, whichever tab wrote it', async () => {
  const { page, widget } = await talking('from the first tab');
  const second = await page.context().newPage();
  await second.goto(`${scene.sotto.home.shopOrigin}/`);
  await pressLauncher(second);
  const other = await widgetIn(second);
  await shows(other, 'from the first tab');
  await Promise.all([say(widget, 'left'), say(other, 'right')]);
  await say(agent, 'to both');
  for (const place of [widget, other, agent])
    for (const text of ['left', 'right', 'to both']) await shows(place, text);
  const seen = await texts(widget);
  expect(await texts(other)).toEqual(seen);
  expect(await texts(agent)).toEqual(seen);
  expect(seen).toHaveLength(4);
  await page.context().close();
});

test('B1 two tabs of one visitor that begin at the same time begin one conversation', async () => {
  const { page, widget } = await scene.customer();
  const second = await page.context().newPage();
  await second.goto(`${scene.sotto.home.shopOrigin}/`);
  await pressLauncher(second);
  const other = await widgetIn(second);
  await Promise.all([say(widget, 'twice at once, left'), say(other, 'twice at once, right')]);
  for (const place of [widget, other])
    for (const text of ['twice at once, left', 'twice at once, right']) await shows(place, text);
  expect(await texts(widget)).toEqual(await texts(other));
  await page.context().close();
});

test('B1 two tabs of one agent: both answer, each message is there once', async () => {
  const { page, widget } = await talking('an agent with two tabs');
  const second = await agent.context().newPage();
  scene.watch(second);
  await second.goto(agent.url());
  await shows(second, 'an agent with two tabs');
  await Promise.all([say(agent, 'by the left hand'), say(second, 'by the right hand')]);
  for (const place of [agent, second, widget])
    for (const text of ['by the left hand', 'by the right hand']) await shows(place, text);
  expect(await texts(second)).toEqual(await texts(agent));
  expect(await texts(widget)).toEqual(await texts(agent));
  await second.close();
  await page.context().close();
});

test('B1 a laptop that slept hears what it missed when it wakes', async () => {
  const { page, widget } = await talking('good night');
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
  await say(agent, 'while you slept');
  await say(agent, 'and a little later');
  await page.waitForTimeout(2_000);
  await devtools.send('Page.setWebLifecycleState', { state: 'active' });
  await shows(widget, 'and a little later');
  expect(await texts(widget)).toEqual(['good night', 'while you slept', 'and a little later']);
  await page.context().close();
});

test('B1 a line that is open and dead is noticed within 30 s, and nothing is lost over it', async () => {
  const { page, widget } = await talking('is anybody there?');
  scene.sotto.freeze(true);
  try {
    await say(widget, 'into the silence');
    const begun = Date.now();
    await banner(widget).waitFor({ timeout: 40_000 });
    expect(Date.now() - begun).toBeLessThan(31_000);
    expect(await widget.getByText(/Waiting for the connection|Sending/).count()).toBeGreaterThan(0);
  } finally {
    scene.sotto.freeze(false);
  }
  await shows(agent, 'into the silence');
  await expect.poll(() => banner(widget).count(), { timeout: 60_000 }).toBe(0);
  expect(await texts(widget)).toEqual(['is anybody there?', 'into the silence']);
  expect(await texts(agent)).toEqual(['is anybody there?', 'into the silence']);
  await page.context().close();
});

test('C15 the server is killed in the middle of a burst: every message arrives once, in order', async () => {
  const { page, widget } = await talking('here it comes');
  const burst = Array.from({ length: 40 }, (_, index) => `drop ${index + 1}`);
  const pouring = (async () => {
    for (const text of burst) await say(widget, text);
  })();
  await shows(agent, 'drop 10');
  await scene.sotto.kill();
  await pouring;
  await scene.sotto.start();
  await shows(agent, 'drop 40');
  expect(await texts(agent)).toEqual(['here it comes', ...burst]);
  expect(await texts(widget)).toEqual(['here it comes', ...burst]);
  await page.context().close();
});

test('B1 a storm: whatever happens to three pages, nothing is lost or doubled, and what they say is true', async () => {
  const storm = await Storm.over(scene, new Random('1'), agent);
  await storm.rage(5);
  console.log(storm.summary);
  expect(storm.findings).toEqual([]);
  expect(storm.looks).toBeGreaterThan(10);
  expect(storm.held).toBeGreaterThan(10);
});

test('W6 all of it asked nobody else and broke no policy', () => {
  expect(scene.complaints).toEqual([]);
});
