/** The screen on which backups are looked at, and one is made at once. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BackupsAnswer, BackupView } from '../../src/protocol/backups.ts';
import { faultsInEveryLook } from './axe.ts';
import { Scene } from './scene.ts';
import { expectTree } from './tree.ts';

const look = { locale: 'en-GB', timezoneId: 'Europe/Berlin', viewport: { width: 1280, height: 800 } };
const address = '**/api/v1/backups';
let scene: Scene;
let olivia: Page;
beforeAll(async () => {
  scene = await Scene.open();
  olivia = await scene.staff('Olivia', { ...look, permissions: ['clipboard-read', 'clipboard-write'] });
}, 120_000);
afterAll(() => scene.close());

const focused = () =>
  olivia.evaluate(() => {
    const at = document.activeElement;
    return at?.getAttribute('aria-label') ?? at?.textContent;
  });
async function find(page: Page, command: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Commands' }).waitFor();
  await page.keyboard.type(command);
}
async function tabTo(name: string): Promise<void> {
  for (let tries = 0; tries < 40; tries++) {
    if ((await focused()) === name) return;
    await olivia.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${name}`);
}

test('R22 an owner has a backup made by keyboard alone, hears that it is whole, and copies its hash', async () => {
  await find(olivia, 'backups');
  await olivia.keyboard.press('Enter');
  await olivia.getByText('There is no backup yet.').waitFor();
  expect(await faultsInEveryLook('no backup', olivia)).toEqual([]);
  await tabTo('Make one now');
  await olivia.keyboard.press('Enter');
  await olivia.getByRole('status').filter({ hasText: 'Backup 1 is made, and whole.' }).waitFor();
  // Whoever pressed it still has it.
  expect(await focused()).toBe('Make one now');
  const row = olivia.getByRole('listitem').filter({ hasText: 'Backup 1' });
  await row.getByText('Whole', { exact: true }).waitFor();
  await tabTo('Copy the hash of backup 1’s manifest');
  await olivia.keyboard.press('Enter');
  await olivia.getByText('The hash of backup 1’s manifest is copied.').waitFor();
  const hash = await olivia.evaluate(() => navigator.clipboard.readText());
  expect(hash).toBe(await row.locator('code').textContent());
  await olivia.getByText(`--newest '${hash}'`).waitFor();
  expect(scene.complaints).toEqual([]);
});

test('R20 R22 it shows and says how far one is, what is wrong with one, and that one is missing', async () => {
  const at = Date.parse('2026-11-01T03:17:00Z');
  const whole: BackupView = {
    ...{ number: 2, isFull: false, state: 'whole', begunAt: at, overAt: at + 1, parts: 3, bytes: 5_000_000 },
    ...{ manifest: 'XGTn1LNfcCVIbSXwqnJ5JMpW8MxJvzoVvhK4xNSK1bs=', wrong: null, stage: null },
  };
  const making: BackupView = {
    ...{ ...whole, number: 4, state: 'making', overAt: null, parts: 1_204, bytes: null },
    ...{ manifest: null, stage: 'conversations' },
  };
  const broken: BackupView = {
    ...{ ...whole, number: 3, isFull: true, state: 'broken', manifest: null },
    wrong: '00000003/000001-x is not what was signed',
  };
  const older = Array.from({ length: 9 }, (_, n) => ({ ...whole, number: 1 - n }));
  const answer: BackupsAnswer = {
    backups: [making, broken, whole, ...older],
    ...{ nextAt: at + 86_400_000, isMissing: true, key: 'chat.example.com/backup+1a2b3c4d+AQ==' },
  };
  await olivia.route(address, (route) => route.fulfill({ json: answer }));
  await olivia.reload();
  await expectTree(
    olivia.getByRole('region', { name: 'Backup 4 is being made' }),
    `
    - region "Backup 4 is being made":
      - heading "Backup 4 is being made" [level=3]
      - progressbar "Backup 4 is being made"
      - status: "Step 2 of 7: the conversations"
      - paragraph: "1,204 parts so far. You can leave this page: it goes on by itself."
    `,
  );
  const row = (name: string) => olivia.getByRole('listitem').filter({ hasText: name });
  await expectTree(
    row('Backup 3'),
    `
    - listitem:
      - paragraph:
        - text: Backup 3 Of no use
        - time: 1 Nov, hh:mm
      - paragraph: stands alone · 4.8 MB · 3 parts
      - paragraph: "What is wrong: 00000003/000001-x is not what was signed."
    `,
  );
  await expectTree(
    row('Backup 2'),
    `
    - listitem:
      - paragraph:
        - text: Backup 2 Whole
        - time: 1 Nov, hh:mm
      - paragraph: builds upon those before it · 4.8 MB · 3 parts
      - paragraph:
        - text: SHA-256 of its manifest
        - code: ${whole.manifest ?? ''}
      - button "Copy the hash of backup 2’s manifest": Copy
    `,
  );
  expect(await faultsInEveryLook('a backup that is being made', olivia)).toEqual([]);
  await olivia.getByRole('button', { name: 'Make one now' }).click();
  await olivia.getByRole('status').filter({ hasText: 'Backup 4 is being made.' }).waitFor();
  await olivia.getByText('There should be a newer one').waitFor();
  await olivia.getByText('5 older ones').click();
  await olivia.getByText('Backup -3').waitFor();
  making.stage = 'check';
  await olivia.getByRole('status').filter({ hasText: 'Step 7 of 7: reading all of it once more' }).waitFor();
  Object.assign(making, { ...broken, number: 4 });
  await olivia.getByRole('status').filter({ hasText: 'Backup 4 is of no use.' }).waitFor();
  await olivia.unroute(address);
  await olivia.route(address, (route) => route.fulfill({ status: 500, body: '{}' }));
  await olivia.reload();
  await olivia.getByRole('button', { name: 'Try again' }).waitFor();
  await olivia.unroute(address);
  await olivia.getByRole('button', { name: 'Try again' }).click();
  await row('Backup 1').waitFor();
});

test('R22 it is for nobody who may not have one made', async () => {
  const ben = await scene.staff('Ben');
  await find(ben, 'backups');
  await ben.getByText('There is no such command').waitFor();
  await ben.goto(`${scene.sotto.home.origin}/#/settings/backups`);
  await ben.getByText('Your role does not include it').waitFor();
  expect(await ben.getByRole('button', { name: 'Make one now' }).count()).toBe(0);
  await ben.context().close();
});
