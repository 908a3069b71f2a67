import { readFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { databaseFile } from '../../src/tools/start/migrate.ts';
import { claim, giveCode, openShowing, openWaiting, say, shows } from './person.ts';
import { Scene } from './scene.ts';

// One story in order: what an owner changed, an agent tried and read, and an auditor finds of it.

let scene: Scene;
let ines: Page;
const question = 'Is the ledger open to everybody?';
const at = (page: Page, hash: string) => page.goto(`${scene.sotto.home.origin}/${hash}`);
const list = () => ines.getByRole('list', { name: 'What was entered' });
const entries = () => list().locator('> li');
/** What is shown of them. */
const found = async () => {
  await entries().first().waitFor();
  return entries().allInnerTexts();
};

/** Asks past every screen, as whoever sits at this page. */
async function triesAlone(page: Page, path: string, body: object): Promise<number> {
  const asked = page.waitForRequest((request) => request.headers()['authorization'] !== undefined);
  await page.reload();
  const authorization = (await asked).headers()['authorization'] ?? '';
  const answer = await fetch(`${scene.sotto.home.origin}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return answer.status;
}

beforeAll(async () => {
  scene = await Scene.open();
  const anna = await scene.staff('Anna');
  for (let n = 0; n < 2; n++) expect(await triesAlone(anna, '/teams', { name: 'Hers alone' })).toBe(403);
  const { widget } = await scene.customer();
  await say(widget, question);
  await shows(widget, question);
  await openWaiting(anna, question);
  await claim(anna);
  const olivia = await scene.staff('Olivia');
  await at(olivia, '#/settings/teams/new');
  await olivia.getByLabel('Name').fill('Night watch');
  await olivia.getByRole('button', { name: 'Create the team' }).click();
  await olivia.getByRole('heading', { name: 'Night watch' }).waitFor();
  await Promise.all([anna, olivia].map((page) => page.context().close()));
  ines = await scene.staff('Ines');
});
afterAll(() => scene.close());

test('L10 an auditor sees an owner’s change, and the try of an agent who had no right to it', async () => {
  await at(ines, '#/settings/ledger');
  const change = entries()
    .filter({ hasText: 'Make a team' })
    .filter({ hasText: 'Olivia Hart · Night watch' });
  await change.getByText('Done').waitFor();
  // What was refused is folded for a minute.
  const tried = entries().filter({ hasText: 'Anna Berg' }).filter({ hasText: 'They had no right to it.' });
  for (let tries = 0; tries < 60 && (await tried.count()) === 0; tries++) {
    await ines.waitForTimeout(2_000);
    await ines.reload();
    await entries().first().waitFor();
  }
  await tried.getByText('Refused 2 times').waitFor();
  await tried.getByText('Details', { exact: true }).click();
  await tried.getByText('POST /teams').waitFor();
  await tried.getByText('Network').waitFor();
}, 300_000);

test('L10 narrows it to one person, and the address keeps what is looked for', async () => {
  await ines.getByText('Look for…').click();
  await ines.getByLabel('Who', { exact: true }).selectOption({ label: 'Anna Berg' });
  await ines.getByRole('button', { name: 'Show', exact: true }).click();
  await ines.getByText('Only: Anna Berg').waitFor();
  const hers = await found();
  expect(hers.length).toBeGreaterThan(2);
  expect(hers.filter((text) => !text.includes('Anna Berg'))).toEqual([]);
  await ines.reload();
  await ines.getByText('Only: Anna Berg').waitFor();
  expect(await found()).toHaveLength(hers.length);
  await ines.getByRole('button', { name: 'Show everything' }).click();
  await entries().filter({ hasText: 'Olivia Hart' }).first().waitFor();
  expect(new URL(ines.url()).hash).toBe('#/settings/ledger');
});

test('L10 a person’s page leads to what they did, and to how they signed in', async () => {
  await at(ines, '#/settings/people');
  await ines.getByRole('link', { name: /Olivia Hart/ }).click();
  await ines.getByRole('link', { name: 'Their sign-in history' }).click();
  await ines.getByText('Only: Sign-in · Olivia Hart').waitFor();
  const hers = await found();
  expect(hers.some((text) => text.includes('Sign in'))).toBe(true);
  expect(hers.filter((text) => !text.includes('Olivia Hart') || text.includes('Make a team'))).toEqual([]);
});

test('L8 a conversation leads to who has read it', async () => {
  await at(ines, '#/');
  await openShowing(ines, 'All', question);
  if (!(await ines.getByRole('link', { name: 'Who has read this conversation' }).isVisible()))
    await ines.keyboard.press('i');
  await ines.getByRole('link', { name: 'Who has read this conversation' }).click();
  await ines.getByText(/^Only: read a conversation · Conversation/).waitFor();
  const readers = await found();
  expect(readers.filter((text) => !text.includes('Read a conversation'))).toEqual([]);
  expect(readers.some((text) => text.includes('Anna Berg'))).toBe(true);
  await entries()
    .getByRole('link', { name: /^Conversation/ })
    .first()
    .click();
  await shows(ines, question);
  await ines.goBack();
});

test('L12 takes what was found along as a table, once the second step is given again', async () => {
  const shown = (await found()).length;
  // Five minutes are long: the answer that they bring is given once without them.
  const problem = { type: 'about:blank', status: 403, code: 'step_up_needed', detail: 'Once more, please.' };
  const refusal = { status: 403, contentType: 'application/problem+json', body: JSON.stringify(problem) };
  await ines.route('**/ledger/export', (route) => route.fulfill(refusal), { times: 1 });
  await ines.getByText('Take along', { exact: true }).click();
  await ines.getByRole('button', { name: 'A table (CSV)' }).click();
  await ines.getByRole('dialog', { name: 'Confirm that it is you' }).waitFor();
  const downloading = ines.waitForEvent('download');
  await giveCode(ines, scene.person('Ines'));
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('ledger.csv');
  const rows = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n');
  expect(rows).toHaveLength(shown + 1);
  expect(rows.slice(1).filter((line) => !line.includes('conversation.read'))).toEqual([]);
  await ines.getByText('The browser has the file.').waitFor();
  await ines.getByText(/^Only: read a conversation/).waitFor();
  const lines = ines.waitForEvent('download');
  await ines.getByRole('button', { name: 'One entry a line (NDJSON)' }).click();
  expect((await lines).suggestedFilename()).toBe('ledger-selection.ndjson');
  const selection = (await readFile(await (await lines).path(), 'utf8')).trimEnd().split('\n');
  expect(JSON.parse(selection[0] ?? '')).toMatchObject({ format: 'sotto-ledger-selection/1' });
  expect(selection.slice(1).filter((line) => !line.includes('conversation.read'))).toEqual([]);
  expect(selection).toHaveLength(shown + 1);
  const whole = ines.waitForEvent('download');
  await ines.getByRole('button', { name: 'The whole ledger (NDJSON)' }).click();
  const [head] = (await readFile(await (await whole).path(), 'utf8')).split('\n');
  expect(JSON.parse(head ?? '')).toMatchObject({ format: 'sotto-ledger/1' });
});

test('L11 shows the signed head that anybody can fetch', async () => {
  await ines.getByText('Is it whole?').click();
  const address = await ines.getByRole('link', { name: /\/ledger\/checkpoint$/ }).getAttribute('href');
  const note = await (await fetch(new URL(address ?? '', scene.sotto.home.origin))).text();
  const shown = await ines.getByLabel('The signed lines', { exact: true }).innerText();
  expect(shown.split('\n')[0]).toBe(note.split('\n')[0]);
});

test('W6 all of it asked nobody else and broke no policy', () => {
  expect(scene.complaints).toEqual([]);
});

test('L13 an owner names a witness, who is mailed the signed head that anybody can fetch, and told when it ends', async () => {
  const witness = 'witness@auditors.example';
  await ines.getByText('Owners alone choose the witness.').waitFor();
  expect(await ines.getByLabel('E-mail address of the witness').isDisabled()).toBe(true);
  const olivia = await scene.staff('Olivia');
  await at(olivia, '#/settings/ledger');
  await olivia.getByText('Is it whole?').click();
  const field = olivia.getByLabel('E-mail address of the witness');
  await field.fill(witness);
  await olivia.getByRole('button', { name: 'Save' }).click();
  await olivia.getByText('Saved.').waitFor();
  const mail = await scene.sotto.mailed(
    witness,
    /This is the signed head of the ledger[^]*one of these keys:[^]*/,
  );
  const keys = (await (await fetch(`${scene.sotto.home.origin}/ledger/keys`)).text()).trim();
  expect(mail).toContain(keys);
  expect(mail).toMatch(/^localhost:\d+\/ledger\n\d+\n[A-Za-z0-9+/]{43}=\n$/m);
  await field.fill('');
  await olivia.getByRole('button', { name: 'Save' }).click();
  await scene.sotto.mailed(witness, /is not sent to this address any more/);
});

test('M11 where what is looked for begins before what lies in the archive, it is said that this is not all', async () => {
  const partial = 'What was entered longer ago may lie in the archive';
  await at(ines, '#/settings/ledger');
  await found();
  expect(await ines.getByText(partial).count()).toBe(0);
  using database = new DatabaseSync(databaseFile(scene.sotto.home) ?? '');
  database.exec('UPDATE ledger_archive SET before = 1');
  await ines.reload();
  await ines.getByText(partial).waitFor();
  expect((await found()).length).toBeGreaterThan(2);
  await at(ines, '#/settings/ledger?from=2020-01-01');
  await ines.getByText(/^Only: from/).waitFor();
  await found();
  await ines.getByText(partial).waitFor();
  // Behind all that is in the database nothing is missing.
  const tomorrow = new Date(Date.now() + 48 * 3_600_000).toISOString().slice(0, 10);
  await at(ines, `#/settings/ledger?from=${tomorrow}`);
  await ines.getByText('Nothing fits what you look for.').waitFor();
  expect(await ines.getByText(partial).count()).toBe(0);
  await at(ines, '#/settings/ledger?from=2020-01-01&to=2020-01-02');
  await ines.getByText('Nothing fits what you look for.').waitFor();
  await ines.getByText(partial).waitFor();
});
