import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf, stepAt } from '../../src/tools/demo/codes.ts';
import { databaseFile } from '../../src/tools/start/migrate.ts';
import { faultsInEveryLook } from './axe.ts';
import { Scene } from './scene.ts';

// One story in order: Olivia, the only owner, has lost everything, and so somebody else says before her.

const next = 'quite another phrase of hers';
let scene: Scene;
let olivia: Page;

beforeAll(async () => {
  scene = await Scene.open();
});
afterAll(async () => {
  expect(scene.complaints).toEqual([]);
  await scene.close();
});

/** By address and password as far as the second step. */
async function halfSignedIn(page: Page, password: string): Promise<void> {
  await page.goto(`${scene.sotto.home.origin}/`);
  await page.getByLabel('E-mail address').fill(scene.person('Olivia').address);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

async function givesOwnerKey(page: Page, password: string, key: string): Promise<void> {
  await halfSignedIn(page, password);
  await page.getByRole('button', { name: 'I do not have my phone' }).click();
  await page.getByRole('button', { name: 'I do not have them either' }).click();
  await page.getByLabel('Owner key').fill(key);
  await page.getByRole('button', { name: 'Give the owner key' }).click();
}

/** What is found in Olivia's newest mail that has it. */
const mailed = (what: RegExp) => scene.sotto.mailed(scene.person('Olivia').address, what);

const key = () => scene.sotto.demo.ownerKey ?? '';
const faults = async (screen: string) => expect(await faultsInEveryLook(screen, olivia)).toEqual([]);

test('S20 a wrong owner key is refused, the right one begins a wait of a day that survives the server', async () => {
  olivia = await scene.stranger();
  const { password } = scene.person('Olivia');
  await givesOwnerKey(olivia, password, 'A'.repeat(32));
  await olivia.getByRole('alert').getByText('This owner key is wrong').waitFor();
  await faults('everything lost');
  await olivia.getByLabel('Owner key').fill(key().toLowerCase());
  await olivia.getByRole('button', { name: 'Give the owner key' }).click();
  await olivia.getByRole('heading', { name: 'One day to wait' }).waitFor();
  await faults('a day to wait');
  const until = await olivia.getByText('If nobody objects').innerText();

  await scene.sotto.kill();
  await scene.sotto.start();
  await givesOwnerKey(olivia, password, key());
  await olivia.getByRole('heading', { name: 'One day to wait' }).waitFor();
  expect(await olivia.getByText('If nobody objects').innerText()).toBe(until);
});

test('S20 by the link in their mail whoever hears of it keeps them out, and the password is void', async () => {
  await olivia.goto(await mailed(/http\S+owner-key\S+/));
  await olivia.getByRole('heading', { name: 'Stop whoever asks to be let in?' }).waitFor();
  expect(olivia.url()).not.toContain('owner-key');
  await faults('somebody to stop');
  await olivia.getByRole('button', { name: 'Do not let them in' }).click();
  await olivia.getByRole('status').getByText('They are not let in.').waitFor();
  await mailed(/this was ended by the link that was mailed/);
  await halfSignedIn(olivia, scene.person('Olivia').password);
  await olivia.getByRole('alert').getByText('The address or password is wrong').waitFor();
});

test('S20 with another password and the same key she is let in after a day, enrols anew and keeps a new key', async () => {
  await olivia.getByRole('button', { name: 'I have forgotten my password' }).click();
  await olivia.getByLabel('E-mail address').fill(scene.person('Olivia').address);
  await olivia.getByRole('button', { name: 'Send the link' }).click();
  await olivia.goto(await mailed(/http\S+reset\S+/));
  await olivia.getByLabel('Password').fill(next);
  await olivia.getByRole('button', { name: 'Continue' }).click();
  await olivia.getByRole('status').getByText('Your password is changed.').waitFor();
  await givesOwnerKey(olivia, next, key());
  await olivia.getByRole('heading', { name: 'One day to wait' }).waitFor();
  aDayPasses();

  await givesOwnerKey(olivia, next, key());
  await olivia.getByRole('img', { name: 'QR code for your authenticator app' }).waitFor();
  await mailed(/was let in with the owner key/);
  const secret = (await olivia.locator('code.secret').innerText()).replaceAll(/\s/g, '');
  const uri = `otpauth://totp/Sotto?secret=${secret}`;
  await olivia.getByLabel('One-time code').fill(codeOf(uri, stepAt(Date.now())));
  await olivia.getByRole('button', { name: 'Confirm' }).click();
  await olivia.getByRole('heading', { name: 'Keep these recovery codes' }).waitFor();
  const codes = await olivia.locator('.codes code').allInnerTexts();
  await olivia.getByLabel('Type one of them back').fill(codes[0] ?? '');
  await olivia.getByRole('button', { name: 'I have kept them' }).click();

  await olivia.getByRole('heading', { name: 'Keep the owner key' }).waitFor();
  const another = await shownKey();
  expect(another).not.toBe(key());
  await faults('a new owner key');
  const [download] = await Promise.all([
    olivia.waitForEvent('download'),
    olivia.getByRole('button', { name: 'Download' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('sotto-owner-key.txt');
  expect(readFileSync(await download.path(), 'utf8')).toContain(another);
  await olivia.getByLabel('Type the owner key back').fill(codes[0] ?? '');
  await olivia.getByRole('button', { name: 'I have kept it' }).click();
  await olivia.getByRole('alert').getByText('not an owner key').waitFor();
  await olivia.getByLabel('Type the owner key back').fill(another);
  await olivia.getByRole('button', { name: 'I have kept it' }).click();
  await olivia.getByRole('list', { name: 'Conversations' }).waitFor();
  await mailed(/A new owner key was made/);
});

test('S20 an owner sees on “Your sign-in” whether there is a key, and has another one made', async () => {
  const sql = (text: string) => {
    using database = new DatabaseSync(databaseFile(scene.sotto.home) ?? '');
    database.exec(text);
  };
  // As in a deployment from before there were owner keys.
  sql('DELETE FROM owner_key');
  await olivia.goto(`${scene.sotto.home.origin}/#/me`);
  await olivia.getByText('There is none yet.').waitFor();
  await olivia.getByRole('button', { name: 'Make an owner key' }).click();
  const first = await shownKey();
  await faults('the owner key on one’s own sign-in');
  await olivia.getByLabel('Type the owner key back').fill(first);
  await olivia.getByRole('button', { name: 'I have kept it' }).click();
  await olivia.getByText('One is kept for your organisation.').waitFor();
  await olivia.getByRole('button', { name: 'Make a new owner key' }).click();
  expect(await shownKey()).not.toBe(first);
  await olivia.context().close();
});

async function shownKey(): Promise<string> {
  const shown = olivia.locator('.codes code');
  await shown.waitFor();
  return shown.innerText();
}

/** The wait began a day earlier than it did. */
function aDayPasses(): void {
  using database = new DatabaseSync(databaseFile(scene.sotto.home) ?? '');
  database.exec('UPDATE owner_key SET since = since - 86400000');
}
