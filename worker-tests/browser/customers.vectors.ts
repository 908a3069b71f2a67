import type { Page } from 'playwright-core';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BeginRequest, beginRequest, ratingRequest, tagsRequest } from '../../src/protocol/bodies.ts';
import { nameSchema, reasonSchema } from '../../src/protocol/fields.ts';
import type { RequestAnswer } from '../../src/protocol/privacy.ts';
import { Client } from '../../src/tools/demo/client.ts';
import { armed, batchesOf, corpus, openConversation, untouched } from './corpus.ts';
import { OutsideCustomer } from './outside.ts';
import { giveCode, signIn, tokenOf } from './person.ts';
import { Scene } from './scene.ts';

// All texts in everything that is known of a customer: their name, the page that they write from, what they answered
// before the chat, their tags, and what they said when they rated it. Beside their conversation, in every list, and on
// whatever other screen there is.

/** A customer of whom everything that can be is this text, as it then stands there. */
interface Hostile {
  text: string;
  begin: Omit<BeginRequest, 'id' | 'text'>;
  tags: string[];
  comment: string | null;
  shown: {
    name: string | null;
    page: string | null;
    answers: string[];
    tags: string[];
    comment: string | null;
  };
}

function hostile(text: string): Hostile {
  const name = v.is(nameSchema, text) ? v.parse(nameSchema, text) : null;
  const isAnswer = v.is(beginRequest.entries.customer, { answers: [text] });
  const tags = v.is(tagsRequest, { tags: [text] }) ? v.parse(tagsRequest, { tags: [text] }).tags : [];
  const comment = v.is(ratingRequest, { score: 1, comment: text }) ? text : null;
  const address = `https://shop.example/${text}`;
  const isPage = v.is(beginRequest.entries.page, address);
  const { pathname } = new URL(address);
  return {
    text,
    begin: {
      consent: '2026-11',
      ...(isPage && { page: address }),
      customer: { ...(name !== null && { name }), ...(isAnswer && { answers: [text] }) },
    },
    tags,
    comment,
    shown: {
      name,
      page: isPage ? `https://shop.example${pathname}` : null,
      answers: isAnswer ? [text] : [],
      tags,
      comment,
    },
  };
}

const all = corpus.map(hostile);
const names = all.flatMap(({ shown }) => shown.name ?? []);
const batches = batchesOf(all, 100);
/** Of those who were there, one of each kind: there is no room for all of them in what one looks at one by one. */
const some: { id: string; text: string }[] = [];

let scene: Scene;
let anna: Page;
let annas: () => string;
let olivia: Page;
let olivias: () => string;
let client: Client;

beforeAll(async () => {
  scene = await Scene.open();
  client = new Client(scene.sotto.home.origin);
  const arrives = async (name: string) => {
    const page = await scene.stranger();
    await page.addInitScript(armed);
    const token = tokenOf(page);
    await signIn(page, scene.sotto.home.origin, scene.person(name));
    return { page, token: () => token().replace('Bearer ', '') };
  };
  ({ page: anna, token: annas } = await arrives('Anna'));
  ({ page: olivia, token: olivias } = await arrives('Olivia'));
  // Nobody reads so many within an hour unasked.
  await client.patch('/organisation', { budgets: { agent: 1_000 } }, olivias());
});
afterAll(() => scene.close());

let networks = 0;
/** Each comes from a network of their own, as customers do. */
async function comes({ text, begin, tags, comment }: Hostile): Promise<string> {
  const { home, demo } = scene.sotto;
  const network = `198.51.${networks >> 8}.${networks++ & 255}`;
  const customer = await OutsideCustomer.on(home.origin, demo.sites[1]?.id ?? '', network);
  const id = await customer.begin(text, begin);
  if (comment !== null) await customer.rate(id, comment);
  if (tags.length > 0) await client.put(`/conversations/${id}/tags`, { tags }, annas());
  return id;
}

/** What the page shows of the conversation that is open. */
const seen = () =>
  anna.evaluate(() => {
    const panel = document.querySelector('.customer');
    const textsOf = (selector: string) =>
      [...(panel?.querySelectorAll(selector) ?? [])].map(({ textContent }) => textContent);
    const facts = [...(panel?.querySelectorAll('.facts > div') ?? [])];
    const page = facts.find((fact) => fact.querySelector('dt')?.textContent === 'Writes from');
    const [name = ''] = textsOf('.customer-name');
    return {
      text: document.querySelector('.message .text')?.textContent,
      name: /^Visitor [A-Za-z0-9]{4}$/.test(name) ? null : name,
      page: page?.querySelector('dd')?.textContent ?? null,
      answers: textsOf('.asked dd'),
      tags: textsOf('.tag > span'),
      comment: textsOf('.facts q')[0] ?? null,
    };
  });

test('there are texts for all of it', () => {
  expect(names.length).toBeGreaterThan(500);
  for (const [kind, least] of [
    ['tags', 300],
    ['answers', 800],
  ] as const)
    expect(all.filter(({ shown }) => shown[kind].length > 0).length).toBeGreaterThan(least);
  expect(new Set(all.map(({ shown }) => shown.page)).size).toBeGreaterThan(500);
});

test.each(batches)(
  'batch %i: what is known of a customer runs nothing beside their conversation, and stands there exactly',
  async (_, batch) => {
    const ids: string[] = [];
    for (const [, few] of batchesOf(batch, 10)) ids.push(...(await Promise.all(few.map(comes))));
    for (const [index, { text, shown }] of batch.entries()) {
      const id = ids[index] ?? '';
      await openConversation(anna, id);
      await expect.poll(seen, { timeout: 20_000 }).toEqual({ text, ...shown });
      await untouched(scene, anna);
      if (index % 33 === 0) some.push({ id, text });
    }
  },
);

/** Goes through a list until all names have been seen in it. */
async function allIn(page: Page, list: string, on: () => Promise<void>): Promise<void> {
  const left = new Set(names);
  const look = async () => {
    await on();
    for (const name of await page.locator(list).allTextContents()) left.delete(name.trim());
    return [...left];
  };
  await expect.poll(look, { timeout: 300_000, interval: 200 }).toEqual([]);
  await untouched(scene, page);
}

test('names run nothing in the list of conversations, and stand there exactly', async () => {
  await anna.getByRole('button', { name: /^All/ }).click();
  await allIn(anna, '.conversation-line .who', () =>
    anna.locator('.conversation-lines').evaluate((list) => {
      const atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 1;
      list.scrollTop = atEnd ? 0 : list.scrollTop + list.clientHeight / 2;
    }),
  );
});

async function goTo(address: string): Promise<void> {
  await olivia.evaluate((hash) => {
    location.hash = hash;
  }, address);
}

test('names run nothing in the list of visitors, and stand there exactly', async () => {
  await goTo('#/settings/visitors');
  const more = olivia.getByRole('button', { name: 'Show more' });
  await allIn(olivia, '.row-name', async () => {
    if (await more.isVisible()) await more.click();
  });
});

test('texts run nothing in requests about data and in bans, and stand there exactly', async () => {
  for (const { id, text } of some) {
    if (!v.is(reasonSchema, text)) continue;
    const asked = { of: id, kind: 'rectification', law: 'gdpr', how: text, wish: text };
    const { request } = await client.post<RequestAnswer>('/requests', asked, olivias());
    await client.post(
      `/conversations/${id}/bans`,
      { kind: 'visitor', reason: text, lasts: 86_400_000 },
      olivias(),
    );
    await goTo(`#/settings/privacy/${request.id}`);
    const said = () => olivia.locator('.request-facts dd').allTextContents();
    await expect.poll(async () => (await said()).filter((each) => each === text).length).toBe(2);
    await untouched(scene, olivia);
  }
  await goTo('#/settings/visitors');
  const reasons = some.map(({ text }) => text).filter((text) => v.is(reasonSchema, text));
  await expect.poll(() => olivia.locator('main').textContent()).toContain(reasons.at(-1));
  for (const reason of reasons) expect(await olivia.locator('main').textContent()).toContain(reason);
  await untouched(scene, olivia);
});

test('names run nothing in what somebody has seen, and stand there exactly', async () => {
  await goTo('#/settings/containment');
  const form = olivia.locator('form.radius');
  await form.getByRole('combobox').selectOption({ label: scene.person('Anna').name });
  await form.getByRole('button', { name: 'Show' }).click();
  const table = olivia.getByRole('region', { name: 'What they have seen' });
  const code = olivia.getByLabel('One-time code');
  await table.or(code).first().waitFor({ timeout: 60_000 });
  if (await code.isVisible()) await giveCode(olivia, scene.person('Olivia'));
  await table.waitFor({ timeout: 60_000 });
  const shown = new Set(await table.locator('td:nth-child(2)').allTextContents());
  expect(names.filter((name) => shown.has(name)).length).toBeGreaterThan(200);
  await untouched(scene, olivia);
});

test('with all of this there, nothing runs on any screen of the settings', async () => {
  await goTo('#/settings/live');
  await olivia.getByRole('heading', { name: 'Right now' }).waitFor();
  const screens = await olivia
    .locator('.settings nav a')
    .evaluateAll((links) =>
      links.map((link) => ({ address: link.getAttribute('href') ?? '', title: link.textContent })),
    );
  expect(screens.length).toBeGreaterThan(15);
  for (const { address, title } of screens) {
    await goTo(address);
    await olivia.getByRole('heading', { name: title, exact: true }).waitFor();
    await expect.poll(() => olivia.getByText(/^Loading/).count()).toBe(0);
    await untouched(scene, olivia);
  }
});
