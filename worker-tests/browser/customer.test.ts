import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { setIn } from '../../src/protocol/transcript.ts';
import { OutsideCustomer } from './outside.ts';
import {
  claim,
  launcherOf,
  openWaiting,
  pressLauncher,
  say,
  shows,
  texts,
  tokenOf,
  widgetIn,
} from './person.ts';
import { type Customer, Scene } from './scene.ts';

// What a customer's browser owes them: nothing is lost, missed or left behind, in one tab or in two.

let scene: Scene;
let agent: Page;
beforeAll(async () => {
  scene = await Scene.open('allowed');
  agent = await scene.staff('Anna');
});
afterAll(() => scene.close());

/** A customer whose conversation an agent has taken. */
async function talking(topic: string): Promise<Customer> {
  const customer = await scene.customer();
  await say(customer.widget, topic);
  await customer.widget.getByText('Sent', { exact: true }).waitFor();
  await openWaiting(agent, topic);
  await claim(agent);
  return customer;
}

async function comesTo(page: Page): Promise<Customer> {
  await page.goto(`${scene.sotto.home.shopOrigin}/`);
  await pressLauncher(page);
  return { page, widget: await widgetIn(page) };
}

async function secondTab({ page }: Customer): Promise<Customer> {
  const second = await page.context().newPage();
  scene.watch(second);
  return comesTo(second);
}

async function answers(text: string): Promise<void> {
  await say(agent, text);
  await agent
    .getByText(/^(Sent|Read)$/)
    .last()
    .waitFor();
}

async function closes(): Promise<void> {
  await agent.getByRole('button', { name: 'Close', exact: true }).click();
  await agent.getByText('This conversation is closed.').waitFor();
}

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('W6 an element of the page named currentScript leads the loader nowhere', async () => {
  const site = scene.sotto.demo.sites[0]?.id ?? '';
  const { origin } = scene.sotto.home;
  const elsewhere = createServer((_, response) => response.end('not Sotto'));
  const address = await listening(elsewhere);
  const shop = createServer((_, response) =>
    response.setHeader('content-type', 'text/html').end(
      `<!doctype html><p>A comment: <img name="currentScript" src="${address}/x.png" data-site="${site}"></p>
       <script src="${origin}/loader.js" data-site="${site}"></script>`,
    ),
  );
  const page = await (await scene.browser.newContext()).newPage();
  await page.goto(`${await listening(shop)}/`);
  await page.waitForLoadState('networkidle');
  expect(await launcherOf(page)).toBe('undefined');
  expect(page.frames()).toHaveLength(1);
  await page.context().close();
  for (const server of [elsewhere, shop]) server.close();
});

test('B1 a page that replaces its body takes nothing from the chat, not even what is being written', async () => {
  const { page, widget } = await scene.customer();
  await widget.getByRole('textbox', { name: 'Message' }).fill('half a sentence');
  await page.evaluate(() => {
    const next = document.createElement('body');
    next.append('the next page');
    document.body.replaceWith(next);
  });
  await page.waitForTimeout(500);
  const now = await widgetIn(page);
  expect(await now.getByRole('textbox', { name: 'Message' }).inputValue()).toBe('half a sentence');
  await page.context().close();
});

test('C22 a customer whose clock is wrong can delete what they have just said', async () => {
  const page = await scene.stranger();
  await page.addInitScript(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + 10 * 60_000;
  });
  const { widget } = await comesTo(page);
  await say(widget, 'ten minutes ahead');
  await widget.getByText('Sent', { exact: true }).waitFor();
  await widget.locator('.message').getByRole('button', { name: 'Delete' }).waitFor({ timeout: 5_000 });
  await page.context().close();
});

test('who wrote and left sees what was answered, also once the conversation is closed, and sees it as new once', async () => {
  const { page } = await talking('do you ship to Norway?');
  await page.goto('about:blank');
  await answers('yes, for 9 euros');
  await closes();
  await page.goto(`${scene.sotto.home.shopOrigin}/`);
  await expect.poll(() => launcherOf(page), { timeout: 10_000 }).toMatch(/1/);
  await pressLauncher(page);
  const widget = await widgetIn(page);
  await shows(widget, 'yes, for 9 euros');
  await widget.getByRole('button', { name: 'Start a new conversation' }).waitFor();
  await page.waitForTimeout(500);
  const again = await comesTo(page);
  await again.widget.getByRole('textbox', { name: 'Message' }).waitFor();
  await page.waitForTimeout(1_000);
  expect(await again.widget.locator('body').innerText()).not.toContain('yes, for 9 euros');
  await page.context().close();
});

test('what is reopened and answered after the customer began anew is shown to them', async () => {
  const { page, widget } = await talking('is that all?');
  await answers('that is all');
  await closes();
  await widget.getByRole('button', { name: 'Start a new conversation' }).click();
  await widget.getByRole('textbox', { name: 'Message' }).waitFor();
  await agent.getByRole('button', { name: 'Reopen', exact: true }).click();
  await agent
    .getByRole('textbox', { name: 'Message' })
    .or(agent.getByRole('button', { name: 'Claim', exact: true }).first())
    .first()
    .waitFor();
  if (!(await agent.getByRole('textbox', { name: 'Message' }).isVisible())) await claim(agent);
  await answers('one more thing');
  await widget.evaluate(() => window.dispatchEvent(new Event('focus')));
  await shows(widget, 'one more thing');
  await page.context().close();
});

test('a second tab goes on with the conversation that the first one began after the last was over', async () => {
  const first = await talking('the old one');
  const second = await secondTab(first);
  await shows(second.widget, 'the old one');
  await closes();
  await first.widget.getByRole('button', { name: 'Start a new conversation' }).click();
  await say(first.widget, 'the new one');
  await shows(second.widget, 'the new one');
  expect(await texts(second.widget)).toEqual(['the new one']);
  await first.page.context().close();
});

test('C19 what was read in one tab is not unread in the other', async () => {
  const first = await talking('read me once');
  const second = await secondTab(first);
  await shows(second.widget, 'read me once');
  await second.widget.getByRole('button', { name: 'Close chat' }).click();
  await first.page.bringToFront();
  await answers('an answer');
  await shows(first.widget, 'an answer');
  await agent.getByText('Read', { exact: true }).last().waitFor();
  await second.page.waitForTimeout(1_000);
  await expect.poll(() => launcherOf(second.page), { timeout: 5_000 }).toBe('Chat');
  await first.page.context().close();
});

/** Once deaf, a page hears nothing over its sockets; what it says still goes out. */
function canBeDeaf(): void {
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    override addEventListener(type: string, listener: never): void {
      const heard = listener as unknown as (event: Event) => void;
      super.addEventListener(type, (event) => {
        if (type !== 'message' || !('deaf' in window)) heard(event);
      });
    }
  };
}

test('B1 what arrived before the conversation was closed is not called unsent after a reload', async () => {
  const page = await scene.stranger();
  await page.addInitScript(canBeDeaf);
  const { widget } = await comesTo(page);
  await say(widget, 'my coffee is late');
  await widget.getByText('Sent', { exact: true }).waitFor();
  await openWaiting(agent, 'my coffee is late');
  await claim(agent);
  await widget.getByText(/You are talking with/).waitFor();
  await widget.evaluate(() => void Object.assign(window, { deaf: true }));
  await say(widget, 'my order number is 7');
  await shows(agent, 'my order number is 7');
  await answers('found it, good bye');
  await closes();
  const again = await comesTo(page);
  await shows(again.widget, 'found it, good bye');
  await page.waitForTimeout(1_000);
  expect(await texts(again.widget)).toEqual([
    'my coffee is late',
    'my order number is 7',
    'found it, good bye',
  ]);
  expect(await again.widget.getByText(/Not sent/).count()).toBe(0);
  await page.context().close();
});

test('C7 a customer downloads the whole conversation as it was said, but for what was deleted', async () => {
  const page = await scene.stranger();
  const token = tokenOf(page);
  const first = await comesTo(page);
  await say(first.widget, 'keep all of this');
  await first.widget.getByText('Sent', { exact: true }).waitFor();
  await openWaiting(agent, 'keep all of this');
  await claim(agent);
  const id = /con_[\w-]+/.exec(agent.url())?.[0] ?? '';
  const many = Array.from({ length: 120 }, (_, n) => `  **${n}**  <b>of</b> 120\n\n- and “more” ☕`);
  await OutsideCustomer.as(scene.sotto.home.origin, token()).say(id, many);
  await answers('*one* answer');
  await first.widget.getByRole('button', { name: 'Attach files' }).click();
  const file = { name: 'my order.txt', mimeType: 'text/plain', buffer: Buffer.from('two bags') };
  await first.widget.locator('input[type=file]').setInputFiles(file);
  await first.widget.getByRole('button', { name: 'Save: my order.txt' }).waitFor();
  await say(first.widget, 'a slip');
  await shows(agent, 'a slip');
  await first.widget.locator('.message').last().getByRole('button', { name: 'Delete' }).click();
  await first.widget.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect.poll(() => texts(agent)).not.toContain('a slip');

  // Not all of it is on the screen.
  const { widget } = await comesTo(page);
  await shows(widget, 'one answer');
  expect(await texts(widget)).not.toContain('keep all of this');
  await widget.getByRole('button', { name: 'Menu' }).click();
  const downloading = page.waitForEvent('download');
  await widget.getByRole('menuitem', { name: 'Download this conversation' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('conversation.txt');
  const kept = readFileSync(await download.path(), 'utf8');
  const then = /^(.+) · \w{3} \d+, 20\d\d, \d+:\d\d:\d\d [AP]M$/gm;
  expect(kept.match(then)).toHaveLength(124);
  expect(kept.replaceAll(then, '$1:')).toBe(
    [
      'Conversation: Ask the quay\n',
      ...['keep all of this', ...many].map((text) => `You:\n${setIn(text)}\n`),
      'Anna Berg:\n  *one* answer\n',
      'You:\n  [File: my order.txt]\n',
      'You:\n  [This message was deleted.]\n',
    ].join('\n'),
  );
  await page.context().close();
});

test('W7 who wants to be forgotten leaves nothing in the box of any tab', async () => {
  const first = await scene.customer();
  const second = await secondTab(first);
  for (const { widget } of [first, second])
    await widget.getByRole('textbox', { name: 'Message' }).fill('a secret');
  await first.widget.getByRole('button', { name: 'Menu' }).click();
  await first.widget.getByRole('menuitem', { name: 'Forget me' }).click();
  await first.widget.getByRole('button', { name: 'Forget me' }).click();
  await first.widget.getByText('Done. This browser has let go').waitFor();
  for (const { widget } of [first, second])
    await expect.poll(() => widget.locator('textarea').inputValue(), { timeout: 5_000 }).toBe('');
  await first.page.context().close();
});

test('W6 all of it asked nobody else and broke no policy', () => {
  expect(scene.complaints).toEqual([]);
});
