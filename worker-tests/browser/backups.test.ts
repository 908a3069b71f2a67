/** The screen on which backups are looked at, and one is made at once. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BackupsAnswer, BackupView, DrillView } from '../../src/protocol/backups.ts';
import type { ReturnView } from '../../src/protocol/restore.ts';
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
    const label = at instanceof HTMLInputElement ? at.labels?.[0]?.textContent : undefined;
    return label ?? at?.getAttribute('aria-label') ?? at?.textContent;
  });
async function find(page: Page, command: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Commands' }).waitFor();
  await page.keyboard.type(command);
}
async function tabTo(name: string, by = 'Tab'): Promise<void> {
  for (let tries = 0; tries < 40; tries++) {
    if ((await focused()) === name) return;
    await olivia.keyboard.press(by);
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
    ...{ drill: null, isDrillMissing: false, tried: null, isTryDue: false, back: null },
  };
  let [asked, fault] = [0, 0];
  await olivia.route(address, (route) => {
    asked++;
    return route.fulfill(fault === 0 ? { json: answer } : { status: fault, body: '{}' });
  });
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
  await olivia.getByText('Backup -3', { exact: true }).waitFor();
  const retry = olivia.getByRole('button', { name: 'Try again' });
  fault = 500;
  await retry.waitFor();
  making.stage = 'check';
  fault = 0;
  // It goes on looking, though a look has failed,
  await olivia.getByRole('status').filter({ hasText: 'Step 7 of 7: reading all of it once more' }).waitFor();
  // but for what is refused it asks no more.
  fault = 403;
  await retry.waitFor();
  const before = asked;
  await olivia.waitForTimeout(5_000);
  expect(asked).toBe(before);
  fault = 0;
  await retry.click();
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

/** What the server answers, but for this: it may change while it is looked at. */
async function answering(more: Partial<BackupsAnswer>): Promise<Partial<BackupsAnswer>> {
  await olivia.unrouteAll({ behavior: 'wait' });
  await olivia.route(address, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...((await response.json()) as BackupsAnswer), ...more } });
  });
  return more;
}

test('R19 it shows how the last drill ended, and says where none was done well of late', async () => {
  const drill: DrillView = {
    ...{ number: 1, state: 'done', begunAt: Date.now() - 86_400_000, wrong: null },
    ...{ rows: 1_234, conversations: 1, opened: 20 },
  };
  const region = olivia.getByRole('region', { name: 'Can it be put back?' });
  await region.getByText('There was no drill yet.').waitFor();
  await answering({ drill });
  await olivia.reload();
  await region.getByText('Came to the same').waitFor();
  await region.getByText('Compared: 1,234 rows and 1 conversation.').waitFor();
  await answering({
    drill: { ...drill, state: 'failed', wrong: 'Table people has a row too many' },
    isDrillMissing: true,
  });
  await olivia.reload();
  await region.getByText('Did not come to the same').waitFor();
  await region.getByText('What is wrong: Table people has a row too many.').waitFor();
  await region.getByText('for more than eight days').waitFor();
  expect(await faultsInEveryLook('a drill that failed', olivia)).toEqual([]);
  await answering({ drill: { ...drill, state: 'sealed' } });
  await olivia.reload();
  await region.getByText('Could not be opened here').waitFor();
  await olivia.unrouteAll({ behavior: 'wait' });
});

test('R39 R41 an owner has something put back by keyboard alone, and hears how far it is and what came of it', async () => {
  await olivia.reload();
  const region = olivia.getByRole('region', { name: 'Put something back' });
  await region.getByLabel('Conversation or visitor').waitFor();
  await tabTo('Conversation or visitor');
  await olivia.keyboard.type('where it stood');
  await tabTo('Put it back');
  await olivia.keyboard.press('Enter');
  await expect.poll(focused).toBe('Conversation or visitor');
  // The server refuses what would come to nothing.
  const none = `con_${'A'.repeat(22)}`;
  await olivia.keyboard.press('Control+a');
  await olivia.keyboard.type(`${scene.sotto.home.origin}/#/conversations/${none}`);
  await olivia.keyboard.press('Enter');
  await region.getByText('The key that opened this is nowhere any more').waitFor();
  const nobody = `vis_${'A'.repeat(22)}`;
  await tabTo('Conversation or visitor', 'Shift+Tab');
  await olivia.keyboard.press('Control+a');
  await olivia.keyboard.type(nobody);
  await olivia.keyboard.press('Enter');
  await region.getByText(`${nobody}, from backup 1`).waitFor();
  await region.getByText('Not put back').waitFor();
  await region.getByText(`What is wrong: Backup 1 holds nothing of ${nobody} that is not here.`).waitFor();
  await region.getByRole('status').filter({ hasText: 'Nothing was changed here.' }).waitFor();
  const back: ReturnView = {
    ...{ number: 1, wanted: nobody, state: 'working', stage: 'conversations', begunAt: 1, overAt: null },
    ...{ wrong: null, counts: {} },
  };
  const answered = await answering({ back });
  await olivia.reload();
  const heard = (text: string) => region.getByRole('status').filter({ hasText: text }).waitFor();
  await heard('Putting messages back. It goes on by itself.');
  expect(await faultsInEveryLook('something that is being put back', olivia)).toEqual([]);
  const counts = {
    ...{ conversations: 3, files: 2, 'conversations that were there': 1 },
    'legal holds to look at': 2,
  };
  answered.back = { ...back, state: 'done', stage: null, counts };
  // It is looked at again by itself.
  await heard('Conversations that came back: 3. Files: 2. Still here, and left as they are: 1.');
  await heard('the ledger does not know whether a legal hold was put or ended: 2. Look at each');
  await olivia.unrouteAll({ behavior: 'wait' });
});

test('R22 it is for nobody who may not have one made', async () => {
  const ben = await scene.staff('Ben');
  await find(ben, 'backups');
  await ben.getByText('There is no such command').waitFor();
  await ben.goto(`${scene.sotto.home.origin}/#/settings/backups`);
  await ben.getByText('Your role does not include it').waitFor();
  expect(await ben.getByRole('button', { name: 'Make one now' }).count()).toBe(0);
  expect(await ben.getByRole('button', { name: 'Put it back' }).count()).toBe(0);
  await ben.context().close();
});
