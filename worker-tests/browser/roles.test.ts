import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claim, openWaiting, say, shows } from './person.ts';
import { type Customer, Scene } from './scene.ts';

// A role of the organisation's own: made, tried, given, and what whoever has it then sees.

let scene: Scene;
let olivia: Page;
let customer: Customer;
const at = (page: Page, hash: string) => page.goto(`${scene.sotto.home.origin}/${hash}`);

beforeAll(async () => {
  scene = await Scene.open();
  olivia = await scene.staff('Olivia');
  customer = await scene.customer();
  await say(customer.widget, 'Do you ship to Norway?');
  await shows(customer.widget, 'Do you ship to Norway?');
}, 120_000);
afterAll(() => scene.close());

test('P6 an owner makes a role out of another, and gives it to somebody', async () => {
  await at(olivia, '#/settings/roles/new');
  await olivia.getByLabel('Name').fill('On trial');
  await olivia.getByLabel('See conversations in the list').selectOption({ label: 'Own and waiting' });
  await olivia.getByLabel('Read a conversation').selectOption({ label: 'Own and waiting' });
  await olivia.getByLabel('See customers’ addresses').selectOption({ label: 'No' });
  await olivia.getByRole('button', { name: 'Create the role' }).click();
  await olivia.getByRole('heading', { name: 'On trial' }).waitFor();
  await at(olivia, '#/settings/roles');
  const row = olivia.getByRole('row', { name: /^Read a conversation/ });
  await expect
    .poll(() => row.getByRole('cell').allTextContents())
    .toEqual([...['all', 'all', 'teams', 'teams', 'all', 'all', 'own, waiting']]);
  await at(olivia, '#/settings/people');
  await olivia.getByRole('link', { name: /Anna Berg/ }).click();
  await olivia.getByRole('combobox', { name: 'Role' }).selectOption({ label: 'On trial' });
  await olivia.getByRole('button', { name: 'Save the role' }).click();
  await olivia.getByText('Saved.').waitFor();
});

test('P7 whoever has it sees what waits, until a colleague claims it', async () => {
  const anna = await scene.staff('Anna');
  await anna
    .getByRole('button', { name: /^Anna Berg/ })
    .getByText('On trial')
    .waitFor();
  await openWaiting(anna, 'Do you ship to Norway?');
  const ben = await scene.staff('Ben');
  await openWaiting(ben, 'Do you ship to Norway?');
  await claim(ben);
  await anna.getByText('You may not see this conversation any more.').waitFor();
  await anna.getByText('Nobody is waiting.').waitFor();
  await Promise.all([anna, ben].map((page) => page.context().close()));
});

test('P8 an owner sees Sotto as it, does what it lets do, and goes back', async () => {
  await at(olivia, '#/settings/roles');
  await olivia.getByRole('link', { name: 'On trial' }).click();
  await olivia.getByRole('button', { name: 'See Sotto as this role' }).click();
  await olivia.getByText('You see Sotto as “On trial” would in your teams.', { exact: false }).waitFor();
  await olivia.getByText('Nobody is waiting.').waitFor();
  expect(await olivia.getByRole('link', { name: 'Settings' }).count()).toBe(0);
  await at(olivia, '#/settings/people');
  await olivia.getByRole('button', { name: 'Back to your own view' }).click();
  await olivia.getByRole('heading', { name: 'On trial' }).waitFor();
  await olivia.getByRole('link', { name: 'Settings' }).waitFor();
});

test('W6 all of it asked nobody else and broke no policy', () => {
  expect(scene.complaints).toEqual([]);
});
