import { globSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SiteSettings, WidgetAnswer } from '../../src/protocol/bodies.ts';
import { faultsInEveryLook } from './axe.ts';
import { OutsideCustomer } from './outside.ts';
import { claim, giveCode, openWaiting, say, shows, tokenOf } from './person.ts';
import { Scene } from './scene.ts';

// One story in order: a customer sends a photo of their passport, and what becomes of it on staff's side.

let scene: Scene;
let [anna, olivia] = [] as Page[] as [Page, Page];
let customer: OutsideCustomer;
let [conversation, site, address] = ['', '', ''];
const asked = 'Here is the passport that you asked for';
const why = 'To check how old they are';
const at = (page: Page, hash: string) => page.goto(`${scene.sotto.home.origin}/${hash}`);
const button = (page: Page | Frame, name: string | RegExp) => page.getByRole('button', { name, exact: true });
const text = (words: string) => new TextEncoder().encode(words);

async function settings(): Promise<SiteSettings> {
  const answer = await fetch(`${scene.sotto.home.origin}/api/v1/sites/${site}/widget`);
  return ((await answer.json()) as WidgetAnswer).settings;
}

const pdf = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>endobj
xref
0 4
trailer<</Root 1 0 R/Size 4>>
startxref
0
%%EOF
`;

/** A picture of a passport's shape. */
async function photo(): Promise<Uint8Array<ArrayBuffer>> {
  const page = await scene.stranger({ viewport: { width: 625, height: 440 } });
  await page.setContent('<body style="background: #7aa"><h1>PASSPORT</h1><p>Kim Example</p></body>');
  const taken = new Uint8Array(await page.screenshot());
  await page.context().close();
  return taken;
}

/** The time of this file is over, in the storage of a Sotto that does not run. */
function overNow(state: string, file: string): void {
  const objects = globSync(path.join(state, '**/sotto-Conversation/*.sqlite'));
  const changed = objects.map((name) => {
    const storage = new DatabaseSync(name);
    try {
      const has = storage.prepare("SELECT 1 FROM sqlite_master WHERE name = 'files'").get() !== undefined;
      return has ? storage.prepare('UPDATE files SET until = 1 WHERE id = ?').run(file).changes : 0;
    } finally {
      storage.close();
    }
  });
  expect(changed.reduce((sum, each) => Number(sum) + Number(each), 0)).toBe(1);
}

/** Lets it be opened, as whoever may. */
async function release(page: Page, name: string): Promise<void> {
  await button(page, `Let it be opened: ${name}`).click();
  await page.getByLabel('Why it is safe to open').fill('They told us what it is');
  await button(page, 'Let it be opened').click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

beforeAll(async () => {
  // Nobody scans here, so that what could not be scanned is seen.
  scene = await Scene.open('blocked', { SOTTO_SCANNER: 'none' });
  site = scene.sotto.demo.sites.find(({ path }) => path !== '/')?.id ?? '';
  [anna, olivia] = [await scene.staff('Anna'), await scene.staff('Olivia')];
}, 120_000);
afterAll(() => scene.close());

test('F64 an owner says for how long a site keeps files, and everything else of the site stays as it was', async () => {
  const before = await settings();
  await at(olivia, `#/settings/sites/${site}`);
  await olivia.getByLabel('Days that a file is kept').fill('1');
  await button(olivia, 'Save').click();
  await olivia.getByText('Saved.').waitFor();
  expect(before.consent).not.toBeNull();
  expect(await settings()).toEqual({ ...before, files: { ...before.files, days: 1 } });
});

test('F61 what nobody could scan is closed to an agent, and an owner lets it be opened for a reason', async () => {
  const { path: shop } = scene.sotto.demo.sites.find(({ id }) => id === site) ?? {};
  const { page, widget } = await scene.customer({}, shop);
  const token = tokenOf(page);
  await widget.getByRole('checkbox').check();
  await button(widget, 'Start').click();
  await say(widget, asked);
  await shows(widget, asked);
  await button(widget, 'Attach files').click();
  const passport = { name: 'my passport.png', mimeType: 'image/png', buffer: Buffer.from(await photo()) };
  await widget.locator('input[type=file]').setInputFiles(passport);
  await widget.locator('.message .file', { hasText: 'my passport.png' }).waitFor();
  customer = OutsideCustomer.as(scene.sotto.home.origin, token());
  await page.context().close();
  await openWaiting(anna, asked);
  await claim(anna);
  conversation = /con_[\w-]+/.exec(anna.url())?.[0] ?? '';
  await anna.getByText('It could not be scanned for malware, and is closed.').first().waitFor();
  expect(await button(anna, /my passport/).count()).toBe(0);
  await at(olivia, `#/conversations/${conversation}`);
  await button(olivia, 'Let it be opened: my passport.png').click();
  await olivia.getByText(/It may harm the computer of whoever opens or saves it/).waitFor();
  expect(await faultsInEveryLook('letting a file be opened', olivia)).toEqual([]);
  await olivia.keyboard.press('Escape');
  await release(olivia, 'my passport.png');
  await button(anna, 'Show: my passport.png').waitFor();
});

test('F60 an agent sees a covered picture, says why they look, proves that it is they, and then sees it', async () => {
  await anna.getByText('Covered: it looks like proof of identity').first().waitFor();
  expect(await anna.locator('img').count()).toBe(0);
  expect(await faultsInEveryLook('a covered file', anna)).toEqual([]);
  // Five minutes are long: the answer that they bring is given once without them.
  const problem = { type: 'about:blank', status: 403, code: 'step_up_needed', detail: 'Once more, please.' };
  const refusal = { status: 403, contentType: 'application/problem+json', json: problem };
  await anna.route('**/open', (route) => route.fulfill(refusal), { times: 1 });
  await button(anna, 'Show: my passport.png').click();
  await anna.getByText(/That you opened it, when and why is kept in the ledger/).waitFor();
  await button(anna, 'Reveal').click();
  await anna.getByRole('dialog', { name: 'Reveal my passport.png?' }).waitFor();
  expect(await faultsInEveryLook('revealing', anna)).toEqual([]);
  await anna.getByLabel('Why you have to see it').fill(why);
  const opened = anna.waitForResponse((answer) => answer.url().endsWith('/open') && answer.ok());
  await button(anna, 'Reveal').click();
  await anna.getByRole('dialog', { name: 'Confirm that it is you' }).waitFor();
  await giveCode(anna, scene.person('Anna'));
  ({ address } = (await (await opened).json()) as { address: string });
  const picture = anna.getByRole('img', { name: 'my passport.png' });
  await picture.waitFor();
  await expect.poll(() => picture.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBe(625);
  expect(await faultsInEveryLook('a revealed file', anna)).toEqual([]);
  await button(anna, 'Enlarge: my passport.png').click();
  await anna.getByRole('dialog', { name: 'my passport.png' }).getByRole('img').waitFor();
  await button(anna, 'Actual size').click();
  expect(await faultsInEveryLook('an enlarged file', anna)).toEqual([]);
  await anna.keyboard.press('Escape');
});

test('F69 a PDF is shown in a frame of its own over the page, by the browser’s own viewer', async () => {
  await customer.send(conversation, 'ticket.pdf', text(pdf));
  await at(olivia, `#/conversations/${conversation}`);
  await release(olivia, 'ticket.pdf');
  const opened = anna.waitForResponse((answer) => answer.url().endsWith('/open') && answer.ok());
  await button(anna, 'View: ticket.pdf').first().click();
  const { address: where } = (await (await opened).json()) as { address: string };
  // As it is sent, and not as the viewer makes it its own.
  const headers = (await anna.request.get(scene.sotto.home.origin + where)).headers();
  expect(headers).toMatchObject({ 'content-type': 'application/pdf' });
  expect(headers['content-disposition']).toMatch(/^inline/);
  expect(headers['content-security-policy']).toMatch(/^sandbox; default-src 'none'/);
  // The viewer is a frame in that frame.
  await expect
    .poll(() => anna.frames().some((frame) => frame.url().startsWith('chrome-extension:')))
    .toBe(true);
  await button(anna, 'Close this window').click();
  await expect.poll(() => anna.frames().length).toBe(1);
});

test('F60 its address, pasted into another browser, leads to what is not there', async () => {
  const { origin } = scene.sotto.home;
  const stranger = await scene.stranger();
  const answered = async (path: string) => {
    const answer = await stranger.goto(origin + path);
    return { status: answer?.status(), said: await answer?.text() };
  };
  const found = await answered(address);
  expect(found.status).toBe(404);
  expect(found).toEqual(await answered(`${address.slice(0, -22)}${'A'.repeat(22)}`));
  expect((await anna.request.get(origin + address)).status()).toBe(200);
  await stranger.context().close();
});

test('F60 what was revealed is covered again once it is hidden, or the conversation is left', async () => {
  await button(anna, 'Hide: my passport.png').click();
  await button(anna, 'Show: my passport.png').waitFor();
  expect(await anna.locator('img').count()).toBe(0);
  await button(anna, 'Show: my passport.png').click();
  await anna.getByLabel('Why you have to see it').fill('Once more');
  await button(anna, 'Reveal').click();
  await anna.getByRole('img', { name: 'my passport.png' }).waitFor();
  await at(anna, '#/');
  await at(anna, `#/conversations/${conversation}`);
  await button(anna, 'Show: my passport.png').waitFor();
  expect(await anna.locator('img').count()).toBe(0);
});

test('F66 the ledger’s screen says who opened it, where, and why', async () => {
  await at(olivia, '#/settings/ledger?action=file');
  const entries = olivia.getByRole('list', { name: 'What was entered' }).locator('> li');
  const revealed = entries.filter({ hasText: 'Open a file' }).filter({ hasText: why });
  await entries.filter({ hasText: 'Open a file' }).first().waitFor();
  await revealed.getByText('Details', { exact: true }).click();
  const said = await revealed.innerText();
  for (const part of [
    'Anna Berg · A file',
    'Conversation',
    'shown on a page',
    'looks like proof of identity',
  ])
    expect(said).toContain(part);
  const released = entries.filter({ hasText: 'Let a file be opened' }).first();
  expect(await released.innerText()).toContain('Olivia Hart');
  await released.getByText('Details', { exact: true }).click();
  await released.getByText('They told us what it is').waitFor();
  expect(await faultsInEveryLook('files in the ledger', olivia)).toEqual([]);
});

test('F62 F63 a file with passwords is marked, and all files are listed, the newest first', async () => {
  await customer.send(conversation, 'settings.env', text('DB_PASSWORD=correct-horse-battery\n'));
  await anna.getByText(/^It seems to hold passwords or keys/).waitFor();
  const listed = anna.getByRole('list', { name: 'Files' }).getByRole('listitem');
  await expect.poll(() => listed.count()).toBe(3);
  expect(await listed.first().innerText()).toMatch(/^settings\.env\n/);
  expect(await listed.last().innerText()).toContain('Covered: it looks like proof of identity');
  await at(olivia, `#/conversations/${conversation}`);
  await release(olivia, 'settings.env');
  await anna.keyboard.press('Escape');
  await anna.keyboard.press('f');
  await expect.poll(() => anna.evaluate(() => document.activeElement?.textContent)).toBe('Files');
  await button(anna, 'View: settings.env').last().click();
  await anna
    .frameLocator('iframe[title="settings.env"]')
    .getByText('DB_PASSWORD=correct-horse-battery')
    .waitFor();
  expect(await faultsInEveryLook('a text over the page', anna)).toEqual([]);
  await button(anna, 'Close this window').click();
});

test('F67 whoever has opened as many files as their role may proves that it is they, and it goes on by itself', async () => {
  await at(olivia, '#/settings/organisation');
  const budgets = olivia.getByRole('group', { name: 'Files', exact: true });
  await budgets.getByLabel('Agent', { exact: true }).fill('1');
  await button(olivia, 'Set these budgets').click();
  await olivia.getByText('Saved.').waitFor();
  await customer.send(conversation, 'more.txt', text('Nothing of note'));
  await at(olivia, `#/conversations/${conversation}`);
  await release(olivia, 'more.txt');
  await button(anna, 'View: more.txt').first().click();
  await anna.getByText(/You have opened as many files within an hour as your role allows/).waitFor();
  await giveCode(anna, scene.person('Anna'));
  await anna.frameLocator('iframe[title="more.txt"]').getByText('Nothing of note').waitFor();
  await button(anna, 'Close this window').click();
});

test('F65 a legal hold is put for a reason, is shown with who put it, keeps what is there, and ends', async () => {
  await button(olivia, 'Put a legal hold…').click();
  await olivia.getByLabel('Why', { exact: true }).fill('A court asked for it');
  await button(olivia, 'Put the hold').click();
  for (const page of [olivia, anna]) await page.getByText(/^Put by Olivia Hart/).waitFor();
  expect(await button(anna, 'End the legal hold').count()).toBe(0);
  expect(await faultsInEveryLook('a held conversation', olivia)).toEqual([]);
  const more = olivia.locator('article').filter({ hasText: 'more.txt' });
  const redact = async () => {
    await more.getByRole('button', { name: /^Actions for/ }).click();
    await button(olivia, 'Redact').click();
    await olivia.getByRole('alertdialog').getByRole('button', { name: 'Redact' }).click();
  };
  await redact();
  await olivia.getByText('A legal hold keeps everything in this conversation as it is.').waitFor();
  await button(olivia, 'End the legal hold').click();
  await button(olivia, 'End it').click();
  await button(olivia, 'Put a legal hold…').waitFor();
  await redact();
  await anna.locator('article').filter({ hasText: 'more.txt' }).waitFor({ state: 'detached' });
  await anna.getByText('This file was removed.').waitFor();
});

test('F68 an agent attaches a file by a command, by dropping and by pasting it, and never to a note', async () => {
  await anna.locator('.pane h2').focus();
  await anna.keyboard.press('a');
  await button(anna, /^Choose files/).waitFor();
  expect(await faultsInEveryLook('attaching', anna)).toEqual([]);
  const file = { name: 'chosen.txt', mimeType: 'text/plain', buffer: Buffer.from('Chosen') };
  await anna.locator('input[type="file"]').setInputFiles(file);
  await anna.locator('article.mine').filter({ hasText: 'chosen.txt' }).waitFor();
  const bring = (type: 'drop' | 'paste', name: string, to: string) =>
    anna.locator(to).evaluate(
      (target, [kind, called]) => {
        const data = new DataTransfer();
        data.items.add(new File(['Brought'], called, { type: 'text/plain' }));
        const how = { bubbles: true, cancelable: true };
        target.dispatchEvent(
          kind === 'drop'
            ? new DragEvent('drop', { ...how, dataTransfer: data })
            : new ClipboardEvent('paste', { ...how, clipboardData: data }),
        );
      },
      [type, name] as const,
    );
  await bring('drop', 'dropped.txt', '.log');
  await anna.locator('article.mine').filter({ hasText: 'dropped.txt' }).waitFor();
  await bring('paste', 'pasted.txt', '.composer textarea');
  await anna.locator('article.mine').filter({ hasText: 'pasted.txt' }).waitFor();
  await anna.keyboard.press('Control+i');
  await anna.getByRole('textbox', { name: /^Note/ }).waitFor();
  expect(await button(anna, 'Attach a file').count()).toBe(0);
  await bring('paste', 'secret.txt', '.composer textarea');
  await anna.getByRole('textbox', { name: /^Note/ }).fill('A note about it');
  await anna.keyboard.press('Enter');
  await shows(anna, 'A note about it');
  expect(await anna.getByText('secret.txt').count()).toBe(0);
});

test('F45 once its time is over it is gone and says so, whoever still had it before them', async () => {
  const { sotto } = scene;
  await at(anna, `#/conversations/${conversation}`);
  await button(anna, 'Show: my passport.png').waitFor();
  const file = /fil_[\w-]{22}/.exec(address)?.[0] ?? '';
  await sotto.kill();
  overNow(sotto.home.state, file);
  await sotto.start();
  // Its link still holds, and leads to what is gone. Her page hears of it.
  expect((await anna.request.get(sotto.home.origin + address)).status()).toBe(410);
  const said = anna.locator('article').getByText(/^This file is gone since .*: it was kept for that long\.$/);
  await said.waitFor();
  expect(await button(anna, 'Show: my passport.png').count()).toBe(0);
  expect(await faultsInEveryLook('a file that is gone', anna)).toEqual([]);
});

test('W6 all of it asked nobody else and broke no policy', () => {
  expect(scene.complaints).toEqual([]);
});
