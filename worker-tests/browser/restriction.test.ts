import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultsInEveryLook } from './axe.ts';
import { openWaiting, say, shows } from './person.ts';
import { Scene } from './scene.ts';

// One story in order: for how long what is kept is set, and somebody's data are restricted and that is lifted.

let scene: Scene;
let olivia: Page;
const faults: string[] = [];

beforeAll(async () => {
  scene = await Scene.open();
  olivia = await scene.staff('Olivia');
});
afterAll(() => scene.close());

async function look(screen: string): Promise<void> {
  faults.push(...(await faultsInEveryLook(screen, olivia)));
}

test('D60 D62 a customer’s data are restricted beside their conversation, which says so, and it is lifted', async () => {
  const { widget } = await scene.customer();
  await say(widget, 'That is not my name.');
  await shows(widget, 'That is not my name.');
  await olivia.goto(`${scene.sotto.home.origin}/#/`);
  await openWaiting(olivia, 'That is not my name.');
  await olivia.getByRole('button', { name: 'Restrict their data…' }).click();
  await olivia.getByLabel('Why').fill('They say that their name is not right.');
  await olivia.getByRole('button', { name: 'Restrict it' }).click();
  await olivia.getByText(/^Restricted by /).waitFor();
  await olivia.getByText(/^The data of this customer are restricted/).waitFor();
  await look('restricted');
  await olivia.getByRole('button', { name: 'Lift the restriction…' }).click();
  await olivia.getByLabel('Why').fill('The name is right now.');
  await olivia.getByRole('button', { name: 'Lift it' }).click();
  await olivia.getByRole('button', { name: 'Restrict their data…' }).waitFor();
  expect(await olivia.getByText(/^The data of this customer are restricted/).count()).toBe(0);
});

test('D58 another time says beforehand what it would erase', async () => {
  await olivia.goto(`${scene.sotto.home.origin}/#/settings/sites`);
  await olivia.locator('.settings-content .rows a').first().click();
  await olivia.getByLabel('Days that a customer is kept').fill('30');
  await olivia.getByText(/This erases no customer for now\.|With the next night, this erases/).waitFor();
  await look('how long customers are kept');
  await olivia.getByLabel('Days that a customer is kept').fill('365');
  await olivia.goto(`${scene.sotto.home.origin}/#/settings/organisation`);
  await olivia.getByLabel('Days that it can be read').fill('90');
  await olivia.getByText(/This makes nothing unreadable for now\.|With the next night, this makes/).waitFor();
  await look('how long the details of the ledger can be read');
  await olivia.getByLabel('Days that it can be read').fill('365');
});

test('D59 what was deleted is told beside what customers ask', async () => {
  await olivia.goto(`${scene.sotto.home.origin}/#/settings/privacy`);
  await olivia.getByText('Nothing’s time was over.').waitFor();
  await look('what was deleted');
});

test('B3 axe finds nothing where it is said for how long, and what is restricted', () => {
  expect(faults).toEqual([]);
});
