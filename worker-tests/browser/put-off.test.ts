import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claim, openShowing, openWaiting, say, shows, texts } from './person.ts';
import { type Customer, Scene } from './scene.ts';

// What is put off and comes back, what is redacted and never does, and what was closed and goes on, by the screens.

let scene: Scene;
let customer: Customer;
let anna: Page;
let samir: Page;
const question = 'is my grinder ready?';
const removed = 'This message was removed.';
const secret = 'MARKED-SECRET the key lies under the third pot';

beforeAll(async () => {
  scene = await Scene.open();
  [customer, anna, samir] = [await scene.customer(), await scene.staff('Anna'), await scene.staff('Samir')];
  await say(customer.widget, question);
  await shows(customer.widget, question);
});
afterAll(() => scene.close());

const lines = (page: Page) => page.getByRole('list', { name: 'Conversations' }).getByRole('link');
const actions = (page: Page) => page.getByRole('group', { name: 'What to do with this conversation' });
const press = (page: Page, name: string) => actions(page).getByRole('button', { name, exact: true }).click();
const snoozing = (page: Page) => page.getByRole('dialog', { name: 'Snooze this conversation' });

async function list(page: Page, filter: 'Mine' | 'Waiting' | 'All'): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`^${filter}`) }).click();
}

test('C23 what waits and is put off waits for nobody, on the list and in the tab, until that is ended', async () => {
  await openWaiting(samir, question);
  await expect.poll(() => samir.title()).toBe('(1) Sotto');
  await press(samir, 'Snooze');
  await snoozing(samir)
    .getByRole('button', { name: /^For one hour/ })
    .click();
  await snoozing(samir).waitFor({ state: 'detached' });
  await samir.getByText('Nobody is waiting.').waitFor();
  await expect.poll(() => samir.title()).toBe('Sotto');
  await list(samir, 'All');
  await lines(samir)
    .filter({ hasText: /Snoozed until/ })
    .waitFor();
  // The focus stays on what undoes it.
  await actions(samir).getByRole('button', { name: 'End the snooze' }).click();
  await lines(samir)
    .filter({ hasText: /^(?!.*Snoozed).*New/s })
    .waitFor();
  await list(samir, 'Waiting');
  expect(await lines(samir).count()).toBe(1);
});

test('C23 an agent puts off until a time of their own, and the customer’s next message brings it back', async () => {
  await openWaiting(anna, question);
  await claim(anna);
  await say(anna, 'not yet; I ask the workshop');
  await shows(customer.widget, 'not yet; I ask the workshop');
  await list(anna, 'Mine');
  await anna.keyboard.press('Escape');
  await anna.keyboard.press('s');
  const time = snoozing(anna).getByLabel('Until another time');
  const doIt = snoozing(anna).getByRole('button', { name: 'Snooze until then' });
  const said = () => time.evaluate((field) => (field as HTMLInputElement).validationMessage);
  await time.fill('2020-01-01T09:00');
  await doIt.click();
  expect(await said()).toBe('Choose a time that is still to come.');
  await time.fill('2120-01-01T09:00');
  await doIt.click();
  expect(await said()).toBe('Choose a time within the next 90 days.');
  await time.fill(
    await anna.evaluate(() => {
      const at = new Date(Date.now() + 2 * 86_400_000);
      return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
    }),
  );
  await doIt.click();
  await snoozing(anna).waitFor({ state: 'detached' });
  await lines(anna)
    .filter({ hasText: /Snoozed until/ })
    .waitFor();
  await actions(anna).getByRole('button', { name: 'End the snooze' }).waitFor();

  await say(customer.widget, 'and now?');
  await lines(anna)
    .filter({ hasText: /Waits under a minute/ })
    .waitFor();
  await actions(anna).getByRole('button', { name: 'Snooze', exact: true }).waitFor();
  expect(
    await lines(anna)
      .filter({ hasText: /Snoozed/ })
      .count(),
  ).toBe(0);
  expect(await customer.widget.locator('body').innerText()).not.toMatch(/snooze/i);
});

test('C22 a supervisor redacts what a customer wrote: its place stays and its text is gone, on both screens and once they come back', async () => {
  await say(customer.widget, secret);
  await shows(anna, secret);
  await openShowing(samir, 'All', secret);
  const before = (await texts(samir)).slice(0, -1);
  const more = (page: Page) =>
    page.getByRole('button', { name: /^Actions for the message of Visitor/ }).last();
  const menu = (page: Page) => page.getByRole('group', { name: 'What to do with this message' });
  // An agent may not.
  await more(anna).click();
  await menu(anna).getByRole('button', { name: 'Copy the text' }).waitFor();
  expect(await menu(anna).getByRole('button', { name: 'Redact' }).count()).toBe(0);
  await anna.keyboard.press('Escape');

  await more(samir).click();
  await menu(samir).getByRole('button', { name: 'Redact' }).click();
  const question = samir.getByRole('alertdialog', { name: 'Redact this message?' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  await question.waitFor({ state: 'detached' });
  await shows(samir, secret);
  await more(samir).click();
  await menu(samir).getByRole('button', { name: 'Redact' }).click();
  await question.getByRole('button', { name: 'Redact' }).click();

  const gone = async (place: Page | Customer['widget']) => {
    await place.getByText(removed).waitFor();
    await expect.poll(() => place.locator('body').innerText()).not.toContain('MARKED-SECRET');
    expect((await texts(place)).map((text) => (text === removed ? null : text))).toEqual([...before, null]);
  };
  for (const place of [samir, anna, customer.widget]) await gone(place);
  await anna.reload();
  await gone(anna);
});

test('what was closed by a slip is reopened by the same button, and both go on where they were', async () => {
  await actions(anna).getByRole('button', { name: 'Close', exact: true }).click();
  await customer.widget.getByRole('button', { name: 'Start a new conversation' }).waitFor();
  expect(await customer.widget.getByRole('textbox', { name: 'Message' }).count()).toBe(0);
  await anna.getByText('This conversation is closed.').waitFor();
  const reopen = actions(anna).getByRole('button', { name: 'Reopen' });
  await reopen.waitFor();
  expect(await reopen.evaluate((button) => button === document.activeElement)).toBe(true);
  await anna.keyboard.press('Enter');
  await customer.widget.getByRole('textbox', { name: 'Message' }).waitFor();
  await say(customer.widget, 'here I am again');
  await shows(anna, 'here I am again');
  // It waits again, for whoever is there.
  await claim(anna);
  await say(anna, 'so am I');
  await shows(customer.widget, 'so am I');
  expect((await texts(customer.widget)).slice(-2)).toEqual(['here I am again', 'so am I']);
});

test('W6 all of it asked nobody else and broke no policy', () => {
  expect(scene.complaints).toEqual([]);
});
