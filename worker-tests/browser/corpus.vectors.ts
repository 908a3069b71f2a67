import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { limits } from '../../src/protocol/limits.ts';
import { tagsRequest } from '../../src/protocol/bodies.ts';
import { nameSchema } from '../../src/protocol/fields.ts';
import * as v from 'valibot';
import { OutsideCustomer } from './outside.ts';
import { claim, openWaiting, pressLauncher, say, shows, texts, widgetIn } from './person.ts';
import { Scene } from './scene.ts';

declare module 'vitest' {
  interface ProvidedContext {
    vectors: string;
  }
}

// Public collections of texts that want to be run, and of texts that break things, in every place where a
// customer's or a colleague's words are shown. They are read from where SOTTO_VECTORS points and not kept here.

const read = (name: string): unknown => JSON.parse(readFileSync(path.join(inject('vectors'), name), 'utf8'));
const xss = read('xss_payloads.json') as {
  payloadbox_sample: string[];
  payloads_all_the_things: string[];
  dompurify_fixtures: { payload: string }[];
};
const scripts = [
  ...xss.payloadbox_sample,
  ...xss.payloads_all_the_things,
  ...xss.dompurify_fixtures.map(({ payload }) => payload),
];
const bytes = (text: string) => new TextEncoder().encode(text).length;
const sendable = (text: string) => text.isWellFormed() && text !== '' && bytes(text) <= limits.textBytes;
const naughty = (read('blns.json') as string[]).filter(sendable);
const corpus = [...scripts.filter(sendable), ...naughty];

let scene: Scene;
let agent: Page;
let site: string;

beforeAll(async () => {
  scene = await Scene.open();
  site = scene.sotto.demo.sites[0]?.id ?? '';
  agent = await scene.staff('Anna');
  await agent.addInitScript(armed);
  await agent.evaluate(armed);
});
afterAll(() => scene.close());

/** Whatever runs in this page leaves a mark. */
function armed(): void {
  for (const name of ['alert', 'prompt', 'confirm', 'print'] as const) {
    window[name] = () => {
      Object.assign(window, { __xss: true });
      return null as never;
    };
  }
}

async function untouched(place: Page | Frame): Promise<void> {
  const state = await place.evaluate(() => ({
    ran: '__xss' in window,
    grown: document.querySelectorAll(
      'script:not([src]), img[src^="x"], object, embed, base, style, svg[onload], [onerror], [onload], [onclick], [onmouseover], [onfocus], [style*="expression"], a[href^="javascript" i], a[href^="data" i], a[href^="vbscript" i]',
    ).length,
  }));
  expect(state).toEqual({ ran: false, grown: 0 });
  expect(scene.complaints).toEqual([]);
}

/** As many at once as a person may say without waiting. */
const batches = Array.from({ length: Math.ceil(corpus.length / 150) }, (_, index) =>
  corpus.slice(index * 150, index * 150 + 150),
);

async function openConversation(id: string): Promise<void> {
  await agent.evaluate((hash) => {
    location.hash = hash;
  }, `#/conversations/${id}`);
}

async function showsAll(place: Page | Frame, last: string): Promise<void> {
  await shows(place, last);
  const older = place.getByRole('button', { name: 'Show earlier messages' });
  while (await older.isVisible()) {
    const before = (await texts(place)).length;
    await older.click().catch(() => undefined);
    await expect.poll(async () => (await texts(place)).length, { timeout: 20_000 }).toBeGreaterThan(before);
  }
}

test.each(batches.map((batch, index) => [index, batch] as const))(
  'C7 batch %i: a customer’s texts run nothing and come back exactly',
  async (index, batch) => {
    const customer = await OutsideCustomer.on(scene.sotto.home.origin, site);
    const id = await customer.begin(`batch ${index}`);
    await customer.say(id, [...batch, `end of ${index}`]);
    await openConversation(id);
    await showsAll(agent, `end of ${index}`);
    expect(await texts(agent)).toEqual([`batch ${index}`, ...batch, `end of ${index}`]);
    await untouched(agent);
  },
);

test('an agent’s texts run nothing in the widget', async () => {
  const { page, widget } = await scene.customer();
  await widget.evaluate(armed);
  await say(widget, 'show me all of it');
  await shows(widget, 'show me all of it');
  await openWaiting(agent, 'show me all of it');
  await claim(agent);
  for (const text of scripts.filter(sendable).slice(0, 150)) await say(agent, text);
  await say(agent, 'that was all');
  await shows(widget, 'that was all');
  await untouched(widget);
  await untouched(page);
  await untouched(agent);
  await page.context().close();
});

test('names, pages and tags of customers run nothing', async () => {
  const names = corpus.filter((text) => v.is(nameSchema, text));
  const tags = corpus.filter((text) => v.is(tagsRequest, { tags: [text] }));
  expect(names.length).toBeGreaterThan(200);
  expect(tags.length).toBeGreaterThan(100);
  const token = await tokenOf(agent);
  const customer = await OutsideCustomer.on(scene.sotto.home.origin, site);
  for (let at = 0; at < names.length; at += 12) {
    const name = names[at] ?? '';
    const id = await customer.begin('hello', {
      page: `https://shop.example/${encodeURI(names[at + 1] ?? '').replaceAll(/[?#]/g, '')}`,
      customer: { name },
    });
    await fetch(`${scene.sotto.home.origin}/api/v1/conversations/${id}/tags`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({
        tags: [...new Set(tags.slice(at % tags.length, (at % tags.length) + 12).map((tag) => tag.trim()))],
      }),
    });
    await openConversation(id);
    await expect.poll(() => agent.getByText(name.trim(), { exact: true }).count()).toBeGreaterThan(0);
    await untouched(agent);
  }
});

/** The agent's access token, as the page's own requests carry it. */
async function tokenOf(page: Page): Promise<string> {
  const asked = page.waitForRequest((request) => request.headers()['authorization'] !== undefined);
  await page.reload();
  return ((await asked).headers()['authorization'] ?? '').replace('Bearer ', '');
}

test('the loader’s page shows the unread badge and nothing of what was said', async () => {
  const page = await scene.stranger();
  await page.goto(`${scene.sotto.home.shopOrigin}/`);
  await pressLauncher(page);
  const widget = await widgetIn(page);
  await say(widget, '<img src=x onerror=alert(1)>');
  await shows(widget, '<img src=x onerror=alert(1)>');
  await untouched(page);
});
