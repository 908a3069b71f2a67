import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultsInEveryLook } from './axe.ts';
import { Scene } from './scene.ts';

// One story in order: a law is turned on, its measures are looked at, a contract is noted, fields are held.

let scene: Scene;
let olivia: Page;
const at = (page: Page, hash: string) => page.goto(`${scene.sotto.home.origin}/${hash}`);

beforeAll(async () => {
  scene = await Scene.open();
  olivia = await scene.staff('Olivia');
});
afterAll(() => scene.close());

test('D41 what a law would change is said before it is turned on, and nothing is outside then', async () => {
  await at(olivia, '#/settings/profiles');
  const hipaa = olivia.getByRole('region', { name: 'HIPAA' });
  await hipaa.getByText('What turning it on changes').click();
  await hipaa.getByText('after how many minutes a session locks: 30 minutes → 15 minutes').waitFor();
  await olivia.getByRole('button', { name: 'Turn on HIPAA' }).click();
  await olivia.getByRole('alertdialog').getByRole('button', { name: 'Turn on' }).click();
  await hipaa.getByText('On since').waitFor();
  await hipaa.getByText('The measures of HIPAA').click();
  await hipaa.getByText('Not met', { exact: true }).waitFor({ state: 'detached' });
});

test('D44 a contract is noted where its measure stands', async () => {
  const hipaa = olivia.getByRole('region', { name: 'HIPAA' });
  const associates = hipaa.getByRole('listitem').filter({ hasText: '164.502(e)' });
  await associates.getByText('Not noted').waitFor();
  const note = associates.getByRole('button', { name: /^Note it/ });
  await note.press('Enter');
  await associates.getByLabel('Since').and(olivia.locator(':focus')).waitFor();
  await associates.getByRole('button', { name: 'Cancel' }).press('Enter');
  // What stood around the form has the focus, and the button is the next.
  await associates.and(olivia.locator(':focus')).waitFor();
  await olivia.keyboard.press('Tab');
  await note.and(olivia.locator(':focus')).press('Enter');
  await associates.getByLabel('Since').fill('2026-11-01');
  await associates.getByLabel('Where it is kept').fill('Contracts, number 7');
  expect(await faultsInEveryLook('laws', olivia)).toEqual([]);
  await associates.getByRole('button', { name: 'Keep this note' }).click();
  await associates.getByText('Since 2026-11-01: Contracts, number 7').waitFor();
  await associates.getByText('Noted', { exact: true }).waitFor();
});

test('D45 a field that a profile holds says so, and can’t be put outside', async () => {
  await at(olivia, `#/settings/sites/${scene.sotto.demo.sites[1]?.id ?? ''}`);
  const code = olivia.getByLabel('Customers prove by a code that it is they before they open a file');
  await code.waitFor();
  expect([await code.isChecked(), await code.isDisabled()]).toEqual([true, true]);
  await olivia.getByText('Held by a profile: HIPAA').first().waitFor();
  await at(olivia, '#/settings/organisation');
  const minutes = olivia.getByLabel('Lock after this many minutes');
  await minutes.waitFor();
  expect([await minutes.inputValue(), await minutes.getAttribute('max')]).toEqual(['15', '15']);
});

test('D46 D47 the record of processing shows what is set, and who answers for it', async () => {
  await at(olivia, '#/settings/processing');
  await olivia.getByLabel('Name of the organisation').fill('Harbour Coffee');
  await olivia.getByRole('button', { name: 'Keep who answers' }).click();
  await olivia.getByRole('definition').filter({ hasText: 'Harbour Coffee' }).waitFor();
  await olivia.getByText('Cloudflare, as processor').waitFor();
  expect(await faultsInEveryLook('the record', olivia)).toEqual([]);
});

test('D40 whoever may not see them is told so', async () => {
  const anna = await scene.staff('Anna');
  await at(anna, '#/settings/profiles');
  await anna.getByText('This is not yours to change').waitFor();
  await anna.context().close();
});
