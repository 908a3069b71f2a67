import { generateKey } from 'openpgp';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultsInEveryLook } from './axe.ts';
import { type Customer, Scene } from './scene.ts';
import { openWaiting, claim, say, shows, texts } from './person.ts';

// One story in order: an emergency, what everybody sees of it, its end, and what somebody has seen.

let scene: Scene;
let olivia: Page;
let anna: Page;
let mia: Customer;
const begun = new Date(Date.now() - 60_000);
const at = (page: Page, hash: string) => page.goto(`${scene.sotto.home.origin}/${hash}`);
const presses = (name: string) => olivia.getByRole('button', { name, exact: true }).click();

beforeAll(async () => {
  scene = await Scene.open();
  olivia = await scene.staff('Olivia');
  anna = await scene.staff('Anna');
  mia = await scene.customer();
  await say(mia.widget, 'before it began');
  await openWaiting(anna, 'before it began');
  await claim(anna);
});
afterAll(() => scene.close());

test('N20 N28 while all is read-only everybody is told so, and what is written waits and arrives', async () => {
  await at(olivia, '#/settings/containment');
  await olivia.getByText('Nothing is held back.').waitFor();
  await presses('Make it read-only');
  await presses('Read-only');
  await olivia.getByText('Read-only. That holds now.').waitFor();
  const banner = 'All is read-only for now';
  await olivia.getByText(banner).waitFor();
  await anna.reload();
  await anna.getByText(banner).waitFor();
  await say(mia.widget, 'while nobody may write');
  await mia.widget.getByText('Sending…').waitFor();
  expect(await texts(anna)).not.toContain('while nobody may write');
  const newcomer = await scene.customer();
  await newcomer.widget.getByText('This chat is not available at the moment.').waitFor();
  await newcomer.page.context().close();
  await presses('Undo: Read-only');
  await olivia.getByText('That is undone.').waitFor();
  await shows(anna, 'while nobody may write');
});

test('N33 what somebody has seen is shown, and taken along', async () => {
  await olivia.getByLabel('Person').last().selectOption({ label: 'Anna Berg' });
  const shift = begun.getTime() - begun.getTimezoneOffset() * 60_000;
  await olivia.getByLabel('From', { exact: true }).fill(new Date(shift).toISOString().slice(0, 16));
  await presses('Show');
  const table = olivia.getByRole('region', { name: 'What they have seen' });
  await table
    .getByRole('link', { name: /^Read a conversation/ })
    .first()
    .waitFor();
  const downloading = olivia.waitForEvent('download');
  await presses('As a table (CSV)');
  expect((await downloading).suggestedFilename()).toBe('seen.csv');
  // There is no key of the organisation's, and nothing goes out in the clear instead.
  await olivia.getByLabel('Encrypt it with OpenPGP').check();
  await presses('As a table (CSV)');
  await olivia.getByText('There is no OpenPGP key to encrypt this to.').waitFor();
  const { publicKey } = await generateKey({ userIDs: [{ name: 'Ines' }] });
  await olivia.getByLabel('To this public key').fill(publicKey);
  const sealing = olivia.waitForEvent('download');
  await presses('As lines (NDJSON)');
  expect((await sealing).suggestedFilename()).toBe('seen.ndjson.pgp');
});

test('N23 somebody is locked and let in again, and axe finds nothing', async () => {
  await olivia.getByLabel('Person').first().selectOption({ label: 'Anna Berg' });
  await presses('Lock');
  await olivia.getByRole('alertdialog').getByRole('button', { name: 'Lock' }).click();
  await anna.getByLabel('Password').waitFor();
  await presses('Undo: Somebody is locked: Anna Berg');
  await olivia.getByText('Nothing is held back.').waitFor();
  expect(await faultsInEveryLook('in an emergency', olivia)).toEqual([]);
  expect(scene.complaints).toEqual([]);
});
