import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultsInEveryLook } from './axe.ts';
import { claim, giveCode, openWaiting, say, shows, texts } from './person.ts';
import { type Customer, Scene } from './scene.ts';

// A supervisor watches a conversation without being shown, whispers to the agent, and joins.

let scene: Scene;
let customer: Customer;
let [anna, samir] = [] as Page[] as [Page, Page];
let address = '';
const present = 'You are watching. Colleagues and the customer do not see you. This is recorded.';

beforeAll(async () => {
  scene = await Scene.open();
  [customer, anna, samir] = [await scene.customer(), await scene.staff('Anna'), await scene.staff('Samir')];
  await say(customer.widget, 'Where is my order?');
  await openWaiting(anna, 'Where is my order?');
  await claim(anna);
  await say(anna, 'Let me look.');
  await shows(customer.widget, 'Let me look.');
  address = await anna.evaluate(() => location.hash);
}, 120_000);
afterAll(() => scene.close());

test('M6 a supervisor watches from the list, and neither the agent’s nor the customer’s screen says so', async () => {
  await samir.getByRole('button', { name: /^All/ }).click();
  await samir.getByRole('list', { name: 'Conversations' }).getByRole('link').first().focus();
  await samir.keyboard.press('w');
  await samir.getByText(present).waitFor();
  expect(await samir.evaluate(() => location.hash)).toBe(`${address}/watch`);
  await shows(samir, 'Let me look.');
  // What is said afterwards has passed whatever would have been told of them before.
  await say(customer.widget, 'Thank you!');
  for (const page of [samir, anna]) await shows(page, 'Thank you!');
  await anna.getByText('Customer is here').waitFor();
  for (const screen of [anna, customer.widget])
    expect(await screen.locator('body').innerText()).not.toMatch(/Samir|Also reading/);
  for (const name of ['Claim', 'Hand over', 'Close', 'Snooze', 'Redact'])
    expect(await samir.getByRole('button', { name, exact: true }).count(), name).toBe(0);
});

test('B3 axe finds nothing where somebody watches', async () => {
  expect(await faultsInEveryLook('watching', samir)).toEqual([]);
});

test('M6 B2 what they whisper reaches the agent alone', async () => {
  const whisper = samir.getByRole('textbox', { name: /^Whisper/ });
  expect(await whisper.getAttribute('placeholder')).toBe('Whisper to Anna Berg');
  await whisper.fill('Offer her express.');
  await whisper.press('Enter');
  await shows(anna, 'Offer her express.');
  await anna.getByText('Samir Patel').first().waitFor();
  expect(await anna.getByText('Also reading').count()).toBe(0);
  await say(anna, 'Shall I send it by express?');
  await shows(customer.widget, 'Shall I send it by express?');
  expect(await texts(customer.widget)).not.toContain('Offer her express.');
});

test('M7 a reloaded page, and a line of the list that is chosen again, go on unseen', async () => {
  await samir.reload();
  await samir.getByText(present).waitFor();
  await shows(samir, 'Offer her express.');
  await samir.getByRole('button', { name: /^All/ }).click();
  await samir.locator('.conversation-line[aria-current="page"]').click();
  await say(customer.widget, 'Yes please.');
  await shows(samir, 'Yes please.');
  await shows(anna, 'Yes please.');
  await samir.getByText(present).waitFor();
  expect(await anna.getByText('Also reading').count()).toBe(0);
});

test('M6 who joins is seen, and is where they were', async () => {
  const watched = await texts(samir);
  await samir.getByRole('button', { name: 'Join' }).click();
  await anna.getByText('Also reading: Samir Patel').waitFor();
  await samir.getByText(present).waitFor({ state: 'detached' });
  expect(await samir.evaluate(() => location.hash)).toBe(address);
  expect(await texts(samir)).toEqual(watched);
  await samir.getByRole('button', { name: 'Hand over' }).waitFor();
});

test('M6 M7 S12 who is shown goes by a key, once they have proved that it is they', async () => {
  const refusal = { type: 'about:blank', status: 403, code: 'step_up_needed', detail: 'Once more, please.' };
  await samir.route(
    '**/watch',
    (route) => route.fulfill({ status: 403, contentType: 'application/problem+json', json: refusal }),
    {
      times: 2,
    },
  );
  await samir.locator('.pane h2').focus();
  await samir.keyboard.press('w');
  const dialog = samir.getByRole('dialog', { name: 'Confirm that it is you' });
  await dialog.waitFor();
  await samir.keyboard.press('Escape');
  await samir.getByText('Watching without being shown takes your second step.').waitFor();
  await anna.getByText('Also reading').waitFor({ state: 'detached' });
  await samir.getByRole('button', { name: 'Prove that it is you' }).click();
  await dialog.waitFor();
  await giveCode(samir, scene.person('Samir'));
  await samir.getByText(present).waitFor();
  await say(customer.widget, 'Are you still there?');
  await shows(samir, 'Are you still there?');
  await shows(anna, 'Are you still there?');
  expect(await anna.getByText('Also reading').count()).toBe(0);
});

test('M4 a supervisor sees how it goes in their team, and hears of it anew by itself', async () => {
  await samir.goto(`${scene.sotto.home.origin}/#/settings/live`);
  const team = samir.getByRole('region', { name: 'Support' });
  const figures = async () => {
    await team.waitFor();
    const [names, values] = [team.getByRole('term'), team.getByRole('definition')];
    return [await names.allInnerTexts(), await values.allInnerTexts()] as const;
  };
  const [names, [waiting, claimed, unanswered]] = await figures();
  expect(names).toEqual(['Waiting', 'Claimed', 'Unanswered', 'Longest wait', 'Messages a minute']);
  await team.getByRole('listitem').filter({ hasText: 'Anna Berg' }).getByText('Available').waitFor();
  await samir.getByText('Nothing has failed on Sotto’s side in the last hour or two.').waitFor();
  expect(await samir.getByText(/alarm.* open/).count()).toBe(0);
  const another = await scene.customer();
  await say(another.widget, 'Is anybody there?');
  const wished = [waiting, claimed, unanswered].map(Number);
  const [more, same, open] = [(wished[0] ?? 0) + 1, wished[1], (wished[2] ?? 0) + 1];
  await expect
    .poll(async () => (await figures())[1].slice(0, 4), { timeout: 20_000 })
    .toEqual([`${more}`, `${same}`, `${open}`, 'under a minute']);
  const pace = Number((await figures())[1][4]);
  expect(pace).toBeGreaterThan(0);
  expect(pace).toBeLessThan(10);
  await another.page.context().close();
});

test('M6 L8 it stands in the ledger, where who has read the conversation is looked up', async () => {
  const olivia = await scene.staff('Olivia');
  await olivia.goto(`${scene.sotto.home.origin}/#/settings/ledger?about=${address.split('/').at(-1) ?? ''}`);
  const list = olivia.getByRole('list', { name: 'What was entered' });
  await list.getByText('Read a conversation, without being shown').first().waitFor();
  await list.getByText('Watch a conversation without being shown as there').first().waitFor();
  expect(scene.complaints).toEqual([]);
});
