import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultsInEveryLook } from './axe.ts';
import { openWaiting, say, shows } from './person.ts';
import { Scene } from './scene.ts';

// One story in order: somebody asks to be erased, it is opened in their name, and done.

let scene: Scene;
let olivia: Page;
const faults: string[] = [];
const wish = 'I moved to another roastery.';

beforeAll(async () => {
  scene = await Scene.open();
  olivia = await scene.staff('Olivia');
});
afterAll(() => scene.close());

async function look(screen: string): Promise<void> {
  faults.push(...(await faultsInEveryLook(screen, olivia)));
}

test('D21 what a customer asks is opened from the panel beside their conversation', async () => {
  await olivia.goto(`${scene.sotto.home.origin}/#/settings/privacy`);
  await olivia.getByText('Nobody waits for an answer.').waitFor();
  // As customers read it too (D88).
  await olivia.getByRole('heading', { name: 'Nothing is sold' }).waitFor();
  await look('no requests');
  const { widget } = await scene.customer();
  await say(widget, 'Please erase all of it.');
  await shows(widget, 'Please erase all of it.');
  await olivia.goto(`${scene.sotto.home.origin}/#/`);
  await openWaiting(olivia, 'Please erase all of it.');
  await olivia.getByRole('link', { name: 'They ask about their data: open a request' }).click();
  await olivia.getByLabel('What they ask for').selectOption('Erasure of everything about them');
  await olivia.getByLabel('How you know that it is they').fill('They wrote in their own conversation.');
  await olivia.getByLabel('What they say about it').fill(wish);
  await look('a new request');
  await olivia.getByRole('button', { name: 'Open the request' }).click();
  await olivia.getByRole('heading', { name: 'Erasure of everything about them' }).waitFor();
  await olivia.getByText(wish).waitFor();
});

test('D20 it takes longer once, and says why', async () => {
  await olivia.getByRole('button', { name: 'Take longer' }).press('Enter');
  await olivia.getByRole('textbox', { name: 'Why it takes longer' }).and(olivia.locator(':focus')).waitFor();
  await olivia.getByLabel('Why it takes longer').fill('We have to look through the archive.');
  await look('taking longer');
  await olivia.getByRole('button', { name: 'Take longer for it' }).click();
  await olivia.getByText('We have to look through the archive.').waitFor();
  expect(await olivia.getByRole('button', { name: 'Take longer' }).count()).toBe(0);
  await look('a request');
});

test('D89 it is refused on a ground that is chosen, which is asked for', async () => {
  await olivia.getByRole('button', { name: 'Refuse' }).press('Enter');
  await olivia.getByLabel('Why it is refused').fill('We owe it to the tax office.');
  await look('refusing');
  await olivia.getByRole('button', { name: 'Refuse it' }).click();
  await olivia.getByRole('combobox', { name: 'On which ground' }).and(olivia.locator(':invalid')).waitFor();
  await olivia.getByLabel('On which ground').selectOption('A law wants the data kept (17(3)(b))');
  await olivia.getByRole('button', { name: 'Cancel' }).click();
  await olivia.getByRole('button', { name: 'Erase them' }).waitFor();
});

test('D24 D28 they are erased, which goes on by itself, and there is a receipt', async () => {
  await olivia.getByRole('link', { name: 'Back to the list' }).click();
  await olivia.getByRole('link', { name: /Erasure of everything about them/ }).waitFor();
  await look('the requests');
  await olivia.getByRole('link', { name: /Erasure of everything about them/ }).click();
  await olivia.getByRole('button', { name: 'Erase them' }).click();
  const question = olivia.getByRole('alertdialog').or(olivia.getByRole('dialog'));
  await question.getByRole('button', { name: 'Erase them' }).click();
  await olivia.getByRole('link', { name: 'The receipt' }).waitFor({ timeout: 30_000 });
  expect(await olivia.getByText(wish).count()).toBe(0);
  await look('an erased customer');
  const address = await olivia.getByRole('link', { name: 'The receipt' }).getAttribute('href');
  const receipt = await olivia.request.get(`${scene.sotto.home.origin}${address ?? ''}`);
  expect(await receipt.text()).toMatch(/^sotto-receipt\/1\n[^]*\nkind erasure\n[^]*\nconversations 1\n\n— /);
});

test('B3 axe finds nothing where requests are answered', () => {
  expect(faults).toEqual([]);
});
