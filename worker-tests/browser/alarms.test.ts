import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { WebhookBody } from '../../src/protocol/webhooks.ts';
import { giveCode, say, shows } from './person.ts';
import { Scene } from './scene.ts';

// One story in order: a budget that is used up, another system that is told, an alarm, and its answer.

let scene: Scene;
let olivia: Page;
let secret = '';
const heard: { headers: IncomingHttpHeaders; body: string }[] = [];
const receiver = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    heard.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(204).end();
  });
});
const at = (page: Page, hash: string) => page.goto(`${scene.sotto.home.origin}/${hash}`);

/** What was heard last, once its signature is found good as the specification says. */
function lastHeard(): WebhookBody {
  const { headers, body } = heard.at(-1) ?? { headers: {}, body: '' };
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signature } = headers;
  const made = createHmac('sha256', key)
    .update(`${String(id)}.${String(time)}.${body}`)
    .digest('base64');
  expect(signature).toBe(`v1,${made}`);
  expect(Math.abs(Date.now() / 1000 - Number(time))).toBeLessThan(60);
  return JSON.parse(body) as WebhookBody;
}

beforeAll(async () => {
  scene = await Scene.open();
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  olivia = await scene.staff('Olivia');
});
afterAll(async () => {
  receiver.close();
  await scene.close();
});

test('M1 whoever has used up their budget proves that it is they, and then opens what they wanted', async () => {
  await at(olivia, '#/settings/organisation');
  const budgets = olivia.getByRole('group', { name: 'Conversations' });
  await budgets.getByLabel('Agent', { exact: true }).fill('1');
  await olivia.getByRole('button', { name: 'Set these budgets' }).click();
  await olivia.getByText('Saved.').waitFor();
  const lines = ['Do you grind the beans?', 'Is the roastery open on Sunday?'];
  for (const line of lines) {
    // Their page stays open: what it shows may still be on its way.
    const { widget } = await scene.customer();
    await say(widget, line);
    await shows(widget, line);
  }
  const anna = await scene.staff('Anna');
  await anna.getByRole('button', { name: /^Waiting/ }).click();
  const inList = anna.getByRole('list', { name: 'Conversations' }).getByRole('link');
  await inList.nth(1).waitFor();
  await inList.nth(0).click();
  await anna.getByText(/Do you grind|Is the roastery/).waitFor();
  await inList.nth(1).click();
  const dialog = anna.getByRole('dialog', { name: 'Confirm that it is you' });
  await dialog
    .getByText('You have opened as many conversations within an hour as your role allows.')
    .waitFor();
  await anna.keyboard.press('Escape');
  await anna.getByText('To see this conversation, prove once more that it is you.').waitFor();
  expect(await anna.getByText(/Do you grind|Is the roastery/).count()).toBe(0);
  await anna.getByRole('button', { name: 'Prove that it is you' }).click();
  await giveCode(anna, scene.person('Anna'));
  await anna.getByText(/Do you grind|Is the roastery/).waitFor();
  await anna.context().close();
});

test('M5 another system is told, signed with a secret that is shown once', async () => {
  await at(olivia, '#/settings/alarms');
  await olivia.getByText('Nothing is unusual.').waitFor();
  const { port } = receiver.address() as AddressInfo;
  await olivia.getByLabel('Address of the other system').fill(`http://127.0.0.1:${port}/hook?token=1`);
  await olivia.getByRole('button', { name: 'Add it' }).click();
  secret = await olivia
    .getByLabel('The secret with which the other system checks what it is told', { exact: true })
    .innerText();
  expect(secret).toMatch(/^whsec_/);
  await olivia.getByRole('button', { name: `Test 127.0.0.1:${port}` }).click();
  await olivia.getByText(`127.0.0.1:${port} answered with 204.`).waitFor();
  expect(lastHeard()).toMatchObject({ type: 'test', data: {} });
  await olivia.reload();
  await olivia.getByText('answer 204').waitFor();
  expect(await olivia.getByText('whsec_').count()).toBe(0);
});

test('M2 M3 data that is taken along again and again is an alarm, which is mailed, posted, shown and answered', async () => {
  const ines = await scene.staff('Ines');
  await at(ines, '#/settings/ledger');
  await ines.getByText('Take along', { exact: true }).click();
  for (let n = 0; n < 3; n++) {
    const downloading = ines.waitForEvent('download');
    await ines.getByRole('button', { name: 'A table (CSV)' }).click();
    await downloading;
  }
  const title = 'Somebody takes data along again and again';
  await scene.sotto.mailed('olivia@example.com', new RegExp(title));
  expect(scene.sotto.mails('ines@example.com').join('\n')).not.toContain(title);
  await vi.waitFor(() => expect(heard.length).toBe(2), 10_000);
  const told = lastHeard();
  expect(told).toMatchObject({ type: 'alarm.raised', data: { rule: 'export.mass', title } });
  expect(JSON.stringify(told)).not.toMatch(/Ines|Duarte|example\.com/);
  await at(olivia, '#/settings/live');
  await olivia.getByRole('link', { name: 'One alarm is open' }).click();
  const alarm = olivia.getByRole('listitem').filter({ hasText: title });
  await alarm.getByText('About: Ines Duarte').waitFor();
  await alarm.getByRole('button', { name: `Answer: ${title}` }).click();
  await alarm.getByLabel('Why it is well, or what you did').fill('The yearly audit.');
  await alarm.getByRole('button', { name: 'Answer it' }).click();
  await olivia.getByText('Nothing is unusual.').waitFor();
  await olivia.getByText('The yearly audit.').waitFor();
  await olivia.getByText(/^Answered by Olivia Hart/).waitFor();
  await at(ines, '#/settings/alarms');
  await ines.getByText('The yearly audit.').waitFor();
  await at(olivia, '#/settings/live');
  await olivia.getByRole('heading', { name: 'Support' }).waitFor();
  expect(await olivia.getByText(/alarm.* open/).count()).toBe(0);
  await ines.context().close();
  expect(scene.complaints).toEqual([]);
});
