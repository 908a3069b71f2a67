/** The screen of the security checks: running them, accepting one for a while, the report, and how it was before. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChecksAnswer, noCounts } from '../../src/protocol/checks.ts';
import { readReport } from '../../src/protocol/checks-report.ts';
import { readVerifierKey } from '../../src/protocol/ledger-proof.ts';
import { faultsInEveryLook } from './axe.ts';
import { Scene } from './scene.ts';

const look = { locale: 'en-GB', timezoneId: 'Europe/Berlin', viewport: { width: 1280, height: 800 } };
const address = '**/api/v1/checks';
let scene: Scene;
let olivia: Page;
beforeAll(async () => {
  scene = await Scene.open();
  olivia = await scene.staff('Olivia', look);
}, 120_000);
afterAll(() => scene.close());

async function find(page: Page, command: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Commands' }).waitFor();
  await page.keyboard.type(command);
}
const items = (page: Page, standing: string) =>
  page.getByRole('region', { name: new RegExp(`^${standing} \\(`) }).getByRole('listitem');

test('A21 an owner runs the checks by keyboard, and hears when they are done', async () => {
  await find(olivia, 'security checks');
  await olivia.keyboard.press('Enter');
  await olivia.getByText('They have not been run yet.').waitFor();
  expect(await faultsInEveryLook('no checks', olivia)).toEqual([]);
  await olivia.getByRole('button', { name: 'Run them now' }).focus();
  await olivia.keyboard.press('Enter');
  await olivia.getByRole('status').filter({ hasText: 'The checks are done: ' }).waitFor({ timeout: 90_000 });
  await olivia.getByText(/^\d+ of \d\d passed$/).waitFor();
  expect(await faultsInEveryLook('checks', olivia)).toEqual([]);
});

test('A21 A5 one is accepted for a while, with a reason and a day, and no more', async () => {
  const title = 'Somebody outside has the ledger’s head each day';
  const line = items(olivia, 'Failed').filter({ hasText: title }).first();
  await line.getByText(`Why, and what it answers`).click();
  await line.getByText('NIST CSF 2.0: PR.PS-04').waitFor();
  await line.getByRole('button', { name: `Accept for a while: ${title}` }).click();
  await line.getByLabel('Why this is well until then').fill('The auditor comes in spring.');
  await line.getByRole('button', { name: 'Accept it' }).click();
  const accepted = items(olivia, 'Accepted for a while').filter({ hasText: title }).first();
  await accepted.getByText('The auditor comes in spring.').waitFor();
  await accepted.getByText(/^Olivia.* until /).waitFor();
  expect(await faultsInEveryLook('an accepted check', olivia)).toEqual([]);
  await accepted.getByRole('button', { name: `Accept no more: ${title}` }).click();
  await items(olivia, 'Failed').filter({ hasText: title }).first().waitFor();
});

test('A21 A8 the report is taken along, and proved by the key of the ledger', async () => {
  const text = await (await fetch(`${scene.sotto.home.origin}/ledger/keys`)).text();
  const keys = text.split('\n').flatMap((key) => readVerifierKey(key) ?? []);
  for (const [name, format] of [
    ['A page (HTML)', 'html'],
    ['Data (JSON)', 'json'],
  ] as const) {
    const coming = olivia.waitForEvent('download');
    await olivia.getByRole('button', { name }).click();
    const file = await coming;
    expect(file.suggestedFilename()).toMatch(new RegExp(`^security-checks-[\\d-]{10}.${format}$`));
    expect(await readReport(readFileSync(await file.path(), 'utf8'), keys)).toMatchObject({ format });
    await olivia.getByRole('status').filter({ hasText: 'The browser has the file.' }).waitFor();
  }
});

test('A21 it says how far a run is, and what got worse; how runs came out is a picture, and a table that says the same', async () => {
  const at = Date.parse('2026-11-01T03:17:00Z');
  const runs = Array.from({ length: 70 }, (_, n) => ({
    ...{ id: `checks-${n}`, askedBy: null, begunAt: at - n * 86_400_000, overAt: at, done: 58 },
    counts: { ...noCounts, passed: 40 + (n % 10), failed: 18 - (n % 10) },
  }));
  let all = 0;
  await olivia.route(address, async (route) => {
    const response = await route.fetch();
    const answer = (await response.json()) as ChecksAnswer;
    all = answer.checks.length;
    const [first, ...others] = answer.checks;
    const worse = first === undefined ? [] : [{ ...first, standing: 'failed', before: 'passed' }];
    const running = { ...runs[0], id: 'checks-71', overAt: null, done: 12 };
    const json = { ...answer, history: runs, running, checks: [...worse, ...others] };
    await route.fulfill({ response, json });
  });
  await olivia.reload();
  await olivia.getByRole('img', { name: 'How the last 60 runs came out' }).waitFor();
  await items(olivia, 'Failed').getByText('Had passed before').waitFor();
  await olivia.getByText('As a table').click();
  const table = olivia.getByRole('table', { name: 'Runs, the newest first' });
  expect(await table.getByRole('row').count()).toBe(71);
  expect(await table.getByRole('row').nth(1).getByRole('cell').allTextContents()).toEqual([
    '18',
    '0',
    '0',
    '40',
  ]);
  const bar = olivia.getByRole('progressbar', { name: 'The checks are being run' });
  expect([await bar.getAttribute('value'), await bar.getAttribute('max')]).toEqual(['12', String(all)]);
  await olivia.getByText(`12 of ${all} so far.`).waitFor();
  expect(await faultsInEveryLook('checks over time', olivia)).toEqual([]);
  await olivia.setViewportSize({ width: 375, height: 740 });
  expect(await olivia.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
  await olivia.setViewportSize({ width: 1280, height: 800 });
  await olivia.unroute(address);
});

test('A6 A21 an agent is not shown them, and whoever may only see runs nothing', async () => {
  const ben = await scene.staff('Ben', look);
  await ben.goto(`${scene.sotto.home.origin}/#/settings/checks`);
  await ben.getByText('This is not yours to change').waitFor();
  expect(scene.complaints).toEqual([]);
});
