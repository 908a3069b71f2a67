import { readFileSync } from 'node:fs';
import { Validator } from '@cfworker/json-schema';
import { type FileEntry, Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import { decrypt, generateKey, readMessage, readPrivateKey } from 'openpgp';
import type { Download, Frame, Locator, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readVerifierKey } from '../../src/protocol/ledger-proof.ts';
import { readReceipt } from '../../src/protocol/receipt.ts';
import { faultsInEveryLook } from './axe.ts';
import { openShowing, pressLauncher, say, shows, widgetIn } from './person.ts';
import { type Customer, Scene } from './scene.ts';
import { expectTree } from './tree.ts';

// One story in order: a customer proves who they are, takes a copy along, asks for this and that, and is erased.

const address = 'kim.marked@rights.example';
const words = 'Where are my *beans*? <b>Now</b>';
const today = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'Europe/Berlin' }).format();
const look = { locale: 'en-GB', timezoneId: 'Europe/Berlin', viewport: { width: 1280, height: 800 } };
let scene: Scene;
let olivia: Page;
let kim: Customer;
let dialog: Locator;
const faults: string[] = [];

beforeAll(async () => {
  scene = await Scene.open();
  olivia = await scene.staff('Olivia', look);
  kim = await scene.customer(look, '/roastery');
});
afterAll(async () => {
  expect(scene.complaints).toEqual([]);
  await scene.close();
});

const lookAt = async (screen: string, page = kim.page, place: Page | Frame = kim.widget) => {
  faults.push(...(await faultsInEveryLook(screen, page, place)));
};

async function openYourData(widget: Frame): Promise<void> {
  await widget.getByRole('button', { name: 'Menu' }).click();
  await widget.getByRole('menuitem', { name: 'Your data' }).click();
  await widget.getByRole('heading', { name: 'Your data', level: 2 }).waitFor();
}

async function provesAddress(widget: Frame, look: () => Promise<void> = () => Promise.resolve()) {
  const proof = widget.getByRole('dialog', { name: 'Confirm that it is you' });
  await proof.getByLabel('Your e-mail address').fill(address);
  // A former code lies there too.
  const before = scene.sotto.mails(address).length;
  await proof.getByRole('button', { name: 'Send the code' }).click();
  await expect.poll(() => scene.sotto.mails(address).length, { timeout: 10_000 }).toBeGreaterThan(before);
  const code = await scene.sotto.mailed(address, /^\d{6}/m);
  await proof.getByLabel('Code from the mail').fill(code);
  await look();
  await proof.getByRole('button', { name: 'Confirm' }).click();
}

/** Opened anew, it shows how everything stands now. */
async function openAgain(): Promise<void> {
  await dialog.getByRole('button', { name: 'Close' }).click();
  await openYourData(kim.widget);
}

async function entriesOf(download: Download): Promise<Map<string, Uint8Array>> {
  const bytes = new Uint8Array(readFileSync(await download.path()));
  const reader = new ZipReader(new Uint8ArrayReader(bytes), { checkCrc32: true, useWebWorkers: false });
  const entries = (await reader.getEntries()).filter((entry): entry is FileEntry => !entry.directory);
  const read: [string, Uint8Array][] = [];
  for (const entry of entries) read.push([entry.filename, await entry.getData(new Uint8ArrayWriter())]);
  return new Map(read);
}
const utf8 = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

/** What a receipt says, if a key of this Sotto has signed it. */
async function receiptAt(path: string) {
  const { origin } = scene.sotto.home;
  const keys = (await (await kim.page.request.get(`${origin}/ledger/keys`)).text()).trim().split('\n');
  const note = await (await kim.page.request.get(new URL(path, origin).href)).text();
  return readReceipt(
    note,
    keys.flatMap((key) => readVerifierKey(key) ?? []),
  );
}

/** The newest request of this kind, as whoever answers it has it before them. */
async function openRequest(kind: string): Promise<void> {
  await olivia.goto(`${scene.sotto.home.origin}/#/settings/people`);
  await olivia.goto(`${scene.sotto.home.origin}/#/settings/privacy`);
  await olivia
    .getByRole('link', { name: new RegExp(kind) })
    .first()
    .click();
  await olivia.getByRole('heading', { name: kind }).waitFor();
}

test('D48 D52 whoever is not proved to be somebody sees what they agreed to, and is led to proving it', async () => {
  const { page, widget } = kim;
  await widget.getByRole('checkbox').check();
  await widget.getByRole('button', { name: 'Start', exact: true }).click();
  await say(widget, words);
  await shows(widget, words);
  await openYourData(widget);
  dialog = widget.getByRole('dialog', { name: 'Your data' });
  await dialog.getByText('To version 2026-11').waitFor();
  await lookAt('your data, not proved');
  await expectTree(
    dialog,
    `
    - dialog "Your data":
      - heading "Your data" [level=2]
      - button "Close"
      - status
      - alert
      - region "Confirm that it is you":
        - heading "Confirm that it is you" [level=3]
        - paragraph: What is kept about you is shown to you alone. We mail you a code; with it you can see and ask everything here for 15 minutes.
        - button "Confirm by a code"
      - region "Your consent":
        - heading "Your consent" [level=3]
        - paragraph: To version 2026-11, given ${today}.
        - button "Withdraw it"
      - region "Nothing is sold":
        - heading "Nothing is sold" [level=3]
        - paragraph: Nothing is shared for advertising either. What you say goes to the company that you write to, and to those who run this chat for it.
    `,
  );
  await dialog.getByRole('button', { name: 'Confirm by a code' }).click();
  await provesAddress(widget, () => lookAt('your data, giving a code'));
  await dialog.getByRole('button', { name: 'Have my copy made' }).waitFor();
  await page.bringToFront();
});

test('D48 B4 everything that can be asked is one screen, and says how it stands', async () => {
  await lookAt('your data');
  await expectTree(
    dialog,
    `
    - dialog "Your data":
      - heading "Your data" [level=2]
      - button "Close"
      - status
      - alert
      - region "A copy of everything":
        - heading "A copy of everything" [level=3]
        - paragraph: "All that is kept about you in this chat, in one file: to be read and printed, and as data to take elsewhere. It takes a moment."
        - status
        - alert
        - button "Have my copy made"
      - button "Encrypted, by OpenPGP"
      - region "Ask us for something":
        - heading "Ask us for something" [level=3]
        - paragraph: A person answers. Until when stands with what you have asked.
        - button "Correct something"
        - button "Keep it, but don’t use it"
        - button "Object to a use"
        - button "Erase everything about me"
      - region "What you have asked":
        - heading "What you have asked" [level=3]
        - paragraph: Nothing so far.
      - region "Your consent":
        - heading "Your consent" [level=3]
        - paragraph: To version 2026-11, given ${today}.
        - button "Withdraw it"
      - region "Nothing is sold":
        - heading "Nothing is sold" [level=3]
        - paragraph: Nothing is shared for advertising either. What you say goes to the company that you write to, and to those who run this chat for it.
    `,
  );
});

test('D48 D32 they take a copy along, which is what its schema says', async () => {
  await dialog.getByRole('button', { name: 'Have my copy made' }).focus();
  await kim.page.keyboard.press('Enter');
  const save = dialog.getByRole('button', { name: 'Download the copy' });
  await save.waitFor({ timeout: 30_000 });
  await dialog.getByText(/^Your copy is ready. It stays here until /).waitFor();
  const focused = kim.widget.getByRole('heading', { name: 'A copy of everything' });
  expect(await focused.evaluate((each) => each === document.activeElement)).toBe(true);
  await lookAt('a copy that is ready');
  const [download] = await Promise.all([kim.page.waitForEvent('download'), save.click()]);
  expect(download.suggestedFilename()).toMatch(/^data-\d{4}-\d\d-\d\d\.zip$/);
  await dialog.getByText('The download has begun.').waitFor();
  const zip = await entriesOf(download);
  const schema = JSON.parse(readFileSync('docs/schemas/copy-2.schema.json', 'utf8')) as object;
  const data = JSON.parse(utf8(zip.get('data.json'))) as {
    conversations: { consent: object; messages: { text: string }[] }[];
  };
  expect(new Validator(schema, '2020-12', false).validate(data).errors).toEqual([]);
  expect(data.conversations[0]?.messages[0]?.text).toBe(words);
  expect(data.conversations[0]?.consent).toMatchObject({ version: '2026-11' });
  // As somebody who has unpacked it opens it.
  const reader = await scene.stranger(look);
  await reader.route('**/index.html', (route) =>
    route.fulfill({ contentType: 'text/html', body: utf8(zip.get('index.html')) }),
  );
  await reader.goto(`${scene.sotto.home.shopOrigin}/index.html`);
  await reader.getByText(words).waitFor();
  await lookAt('the copy as a page', reader, reader);
  await printsWell(reader);
  await reader.context().close();
});

/** D33: on paper nothing is cut off, nothing is there to be pressed, and links are read as what they are. */
async function printsWell(reader: Page): Promise<void> {
  // A4 without its margins. What is written can be one word without an end.
  await reader.setViewportSize({ width: 680, height: 1_000 });
  // Paper is white, however dark the screen is.
  await reader.emulateMedia({ media: 'print', colorScheme: 'dark' });
  const found = await reader.evaluate(() => {
    const said = document.querySelector('.said');
    if (said !== null) said.textContent += ` ${'bean'.repeat(200)}`;
    const { scrollWidth, clientWidth } = document.documentElement;
    const all = [...document.body.querySelectorAll('*')];
    const styles = [document.documentElement, document.body, ...all].map((each) => getComputedStyle(each));
    const links = [...document.querySelectorAll('a')].map((each) => ({
      text: each.textContent,
      isAsTheRest: getComputedStyle(each).color === getComputedStyle(document.body).color,
      line: getComputedStyle(each).textDecorationLine,
    }));
    const { color, backgroundColor } = getComputedStyle(document.documentElement);
    return {
      ...{ isWide: scrollWidth > clientWidth, links, color, backgroundColor },
      cut: styles.filter(({ overflowX, position }) => overflowX !== 'visible' || position === 'fixed').length,
      controls: document.querySelectorAll('button, input, select, textarea, summary, iframe, video').length,
      // A title alone at the foot of a page would stand apart from what it is of.
      apart: [...document.querySelectorAll('h2, h3')].filter(
        (each) => getComputedStyle(each).breakAfter !== 'avoid',
      ).length,
    };
  });
  expect(found).toMatchObject({ isWide: false, cut: 0, controls: 0, apart: 0 });
  expect(found).toMatchObject({ color: 'rgb(0, 0, 0)', backgroundColor: 'rgb(255, 255, 255)' });
  expect(found.links.map(({ text }) => text)).toEqual(expect.arrayContaining(['data.json', 'ledger.ndjson']));
  expect(found.links.filter(({ isAsTheRest, line }) => !isAsTheRest || line !== 'underline')).toEqual([]);
  const pdf = await reader.pdf({ format: 'A4' });
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g) ?? [];
  expect(pages.length).toBeGreaterThan(0);
}

test('D76 they have the conversation mailed and a copy made, each for their OpenPGP key alone', async () => {
  const { publicKey, privateKey } = await generateKey({ userIDs: [{ name: 'Kim' }] });
  const { page, widget } = kim;
  const sent: string[] = [];
  page.on('request', (request) => void sent.push(request.postData() ?? ''));
  const opener = dialog.getByRole('button', { name: 'Encrypted, by OpenPGP' });
  const form = widget.getByRole('dialog', { name: 'Encrypted, by OpenPGP' });
  await opener.focus();
  await page.keyboard.press('Enter');
  const key = form.getByLabel('Your public key');
  const mail = form.getByRole('button', { name: 'Mail me this conversation' });
  const refused = (text: RegExp) => form.getByRole('alert').getByText(text).waitFor();
  await mail.click();
  await refused(/^Please paste your public key/);
  expect(await key.evaluate((each) => each === document.activeElement)).toBe(true);
  await lookAt('encrypting, nothing pasted');
  await key.fill(privateKey);
  await mail.click();
  await refused(/^That is your secret key. It was not sent./);
  await key.fill(publicKey.replace(/^[A-Za-z0-9+/]{40}/m, 'A'.repeat(40)));
  await mail.click();
  await refused(/^We can’t encrypt to this key./);
  await key.fill(publicKey);
  await mail.click();
  await dialog
    .getByRole('status')
    .getByText('It was mailed to the address that you have confirmed.')
    .waitFor();
  const armoured = await scene.sotto.mailed(
    address,
    /-----BEGIN PGP MESSAGE-----[^]*?-----END PGP MESSAGE-----/,
  );
  const opened = await decrypt({
    message: await readMessage({ armoredMessage: armoured }),
    decryptionKeys: await readPrivateKey({ armoredKey: privateKey }),
  });
  const body = String(opened.data).split(/\r?\n\r?\n/)[1] ?? '';
  expect(Buffer.from(body, 'base64').toString()).toContain(words);
  // What was pasted is there for as long as this screen is.
  await opener.click();
  await form.getByRole('button', { name: 'Mail me this conversation' }).click();
  await refused(/^That was done a short time ago./);
  await lookAt('encrypting');
  await form.getByRole('button', { name: 'Have an encrypted copy made' }).click();
  await dialog.getByRole('status').getByText('Your encrypted copy is being made.').waitFor();
  const save = dialog.getByRole('button', { name: 'Download the copy' });
  await save.waitFor({ timeout: 30_000 });
  const [download] = await Promise.all([page.waitForEvent('download'), save.click()]);
  expect(download.suggestedFilename()).toMatch(/^data-.*\.zip\.pgp$/);
  const zip = await decrypt({
    message: await readMessage({ binaryMessage: new Uint8Array(readFileSync(await download.path())) }),
    decryptionKeys: await readPrivateKey({ armoredKey: privateKey }),
    format: 'binary',
  });
  expect(new TextDecoder().decode((zip.data as Uint8Array).slice(0, 2))).toBe('PK');
  expect(sent.join('\n')).not.toContain('PRIVATE KEY');
});

test('D48 D51 they ask for a correction, hear that it was answered by mail, and find the answer and its receipt', async () => {
  await dialog.getByRole('button', { name: 'Correct something' }).click();
  const form = kim.widget.getByRole('dialog', { name: 'Correct something' });
  await form.getByRole('button', { name: 'Ask for it' }).click();
  await form.getByRole('alert').getByText('Please fill this in.').waitFor();
  await lookAt('asking for a correction');
  await form.getByLabel('What you want to say about it').fill('My name is Kym MARKED-WISH.');
  await form.getByRole('button', { name: 'Ask for it' }).click();
  const asked = dialog.getByRole('article', { name: 'A correction' });
  await asked.getByText(/^You get an answer by /).waitFor();
  await dialog.getByRole('status').getByText('Done. What becomes of it stands below.').waitFor();
  await lookAt('what was asked');

  await openRequest('A correction');
  await olivia.getByText('My name is Kym MARKED-WISH.').waitFor();
  await olivia.getByRole('button', { name: 'It is done' }).click();
  await olivia.getByLabel('What was done').fill('You are called Kym now, MARKED-ANSWER.');
  await olivia.getByRole('button', { name: 'Mark it as done' }).click();
  await olivia.getByRole('link', { name: 'The receipt' }).waitFor();
  const mail = await scene.sotto.mailed(address, /^[^]*It was answered\. The answer is in the chat\.[^]*$/);
  expect(mail).toContain('Subject: Your request to Harbour Roastery');
  expect(mail).not.toMatch(/MARKED-|Kym|correction/);

  await openAgain();
  await asked.getByText('You are called Kym now, MARKED-ANSWER.').waitFor();
  await lookAt('what was answered');
  const receipt = asked.getByRole('link', { name: 'Save the receipt' });
  expect(await receiptAt((await receipt.getAttribute('href')) ?? '')).toMatchObject({
    kind: 'rectification',
  });
  const [saved] = await Promise.all([kim.page.waitForEvent('download'), receipt.click()]);
  expect(readFileSync(await saved.path(), 'utf8')).toMatch(/^sotto-receipt\/1\n/);
});

/** Loads the page anew, and lets what it asks of copies wait until this is done. */
async function whileCopiesCome(look: () => Promise<void>): Promise<void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const hold = async (route: Route) => {
    await released;
    await route.continue();
  };
  await olivia.route(/\/visitors\/[^/]+\/copies$/, hold, { times: 1 });
  await olivia.reload();
  await look();
  release();
}

test('D50 D53 D77 a copy is made and looked through in the dashboard, and handed over with the answer', async () => {
  await olivia.goto(`${scene.sotto.home.origin}/#/`);
  await openShowing(olivia, 'Waiting', words);
  const panel = olivia.getByRole('complementary', { name: 'Customer' });
  await panel.getByRole('button', { name: 'A copy of their data…' }).click();
  await panel.getByText('You have none of theirs.').waitFor();
  await panel.getByRole('button', { name: 'Have a copy made…' }).click();
  await lookAt('a copy in the panel', olivia, olivia);
  await olivia.getByRole('link', { name: 'They ask about their data: open a request' }).click();
  await olivia.getByLabel('What they ask for').selectOption('A copy of their data');
  await olivia.getByLabel('How you know that it is they').fill('They called from their number.');
  await olivia.getByRole('button', { name: 'Open the request' }).click();
  const copies = olivia.getByRole('region', { name: 'A copy of their data' });
  await copies.getByRole('button', { name: 'Have a copy made…' }).click();
  await copies.getByLabel('Why').fill('They have asked for it.');
  await copies.getByLabel('Encrypt it with OpenPGP').check();
  await copies.getByLabel('To this public key').fill('no key');
  await copies.getByRole('button', { name: 'Make the copy' }).click();
  await copies.getByText('This is not an OpenPGP public key.').waitFor();
  await lookAt('a copy that is encrypted', olivia, olivia);
  await copies.getByLabel('To this public key').fill('');
  await copies.getByRole('button', { name: 'Make the copy' }).click();
  await copies.getByText('There is no OpenPGP key to encrypt this to.').waitFor();
  await copies.getByLabel('Encrypt it with OpenPGP').uncheck();
  await copies.getByRole('button', { name: 'Make the copy' }).click();
  const open = copies.getByRole('button', { name: /^Open the copy/ });
  await open.waitFor({ timeout: 30_000 });
  await lookAt('a copy for a request', olivia, olivia);
  const [looked] = await Promise.all([olivia.waitForEvent('download'), open.click()]);
  expect(utf8((await entriesOf(looked)).get('data.json'))).toContain('Where are my *beans*?');
  await whileCopiesCome(async () => {
    await olivia.getByRole('button', { name: 'It is done' }).click();
    const form = olivia.locator('form').filter({ hasText: 'What was done' });
    await form.getByRole('status').filter({ hasText: 'Loading…' }).waitFor();
    expect(await form.getByText('No copy is ready yet.').count()).toBe(0);
    await form.getByLabel('What was done').fill('Your copy is in the chat.');
    await form.getByRole('button', { name: 'Mark it as done' }).click();
    await form.getByRole('alert').getByText('It is not known yet which copies there are.').waitFor();
  });
  const gets = olivia.getByLabel('What they get');
  await gets.waitFor();
  expect(await gets.locator('option:checked').textContent()).toMatch(
    /Without what staff keep to themselves$/,
  );
  await olivia.getByLabel('What was done').fill('Your copy is in the chat.');
  await lookAt('handing over a copy', olivia, olivia);
  await olivia.getByRole('button', { name: 'Mark it as done' }).click();
  await olivia.getByText(/^In the chat until .*, for them alone$/).waitFor();

  await openAgain();
  const answered = dialog.getByRole('article', { name: 'A copy of your data' });
  await answered.getByText('Your copy is in the chat.').waitFor();
  await answered.getByText(/^A copy for you is here until /).waitFor();
  const save = answered.getByRole('button', { name: 'Download the copy' });
  const [download] = await Promise.all([kim.page.waitForEvent('download'), save.click()]);
  expect([...(await entriesOf(download)).keys()]).toContain('index.html');
});

test('D86 who is the same elsewhere by the address that they proved is named, and opened a request for', async () => {
  const other = await scene.customer(look, '/');
  await say(other.widget, 'And here I ask about my parcel.');
  await shows(other.widget, 'And here I ask about my parcel.');
  await openYourData(other.widget);
  await other.widget.getByRole('button', { name: 'Confirm by a code' }).click();
  await provesAddress(other.widget);
  await other.widget.getByRole('button', { name: 'Have my copy made' }).waitFor();
  await openRequest('A copy of their data');
  const others = olivia.getByRole('region', { name: 'The same address elsewhere' });
  await others.getByText('Harbour Coffee').waitFor();
  await lookAt('a request of somebody who wrote elsewhere too', olivia, olivia);
  await others.getByRole('link', { name: /Open a request for them too/ }).press('Enter');
  await olivia.getByRole('heading', { name: 'A customer asks about their data' }).waitFor();
  expect(await olivia.getByLabel('What they ask for').inputValue()).toBe('access');
  await olivia.getByLabel('How you know that it is they').fill('They have proved the same address there.');
  await olivia.getByRole('button', { name: 'Open the request' }).click();
  await others.getByText('Harbour Roastery').waitFor();
  await olivia.getByText('They have proved the same address there.').waitFor();
  await other.page.close();
});

test('D52 they withdraw their consent, which closes the conversation, and staff see it', async () => {
  await dialog.getByRole('button', { name: 'Withdraw it' }).click();
  const asking = kim.widget.getByRole('dialog', { name: 'Withdraw your consent?' });
  await lookAt('withdrawing a consent');
  await asking.getByRole('button', { name: 'Withdraw the consent' }).click();
  await dialog.getByText(/Withdrawn /).waitFor();
  await dialog.getByRole('status').getByText('Done. Your consent is withdrawn.').waitFor();
  await olivia.goto(`${scene.sotto.home.origin}/#/`);
  await openShowing(olivia, 'All', words);
  await olivia
    .getByRole('complementary', { name: 'Customer' })
    .getByText(/Version 2026-11.*Withdrawn/)
    .waitFor();
});

test('D48 they ask to be erased knowing what it means, are erased, and the receipt proves it', async () => {
  await dialog.getByRole('button', { name: 'Erase everything about me' }).click();
  const form = kim.widget.getByRole('dialog', { name: 'Erase everything about me' });
  await form.getByRole('button', { name: 'Ask to be erased' }).click();
  await form.getByRole('alert').getByText('Please confirm this first.').waitFor();
  await lookAt('asking to be erased');
  await form.getByRole('checkbox').check();
  await form.getByRole('button', { name: 'Ask to be erased' }).click();
  const asked = dialog.getByRole('article', { name: 'Erasure of everything about you' });
  const where =
    (await asked
      .getByText(/\/receipts\/req_/)
      .last()
      .textContent()) ?? '';
  await openRequest('Erasure of everything about them');
  await olivia.getByRole('button', { name: 'Erase them' }).click();
  const question = olivia.getByRole('alertdialog').or(olivia.getByRole('dialog'));
  await question.getByRole('button', { name: 'Erase them' }).click();
  await olivia.getByRole('link', { name: 'The receipt' }).waitFor({ timeout: 30_000 });
  expect(await receiptAt(where)).toMatchObject({ kind: 'erasure', conversations: '1' });
  expect(await scene.sotto.mailed(address, /http\S+\/receipts\/req_\S+/)).toBe(where);
  expect(await receiptAt(where)).not.toHaveProperty('name');
});

test('D97 whoever is banned is told whom to write to, and staff that the chat is closed to them', async () => {
  const said = 'I shout at whoever reads this.';
  const lee = await scene.customer(look, '/');
  await say(lee.widget, said);
  await shows(lee.widget, said);
  await olivia.goto(`${scene.sotto.home.origin}/#/`);
  await openShowing(olivia, 'All', said);
  await olivia.getByRole('button', { name: 'Ban…' }).click();
  await olivia.getByLabel('Why').fill('Threats');
  await olivia.getByRole('button', { name: 'Ban', exact: true }).click();
  await olivia.getByText(/^They are banned/).waitFor();
  const told = /Your rights to your data stay as they are: write to whom the privacy notice/;
  await openYourData(lee.widget);
  await lee.widget.getByRole('alert').getByText(told).waitFor();
  await lookAt('your data, banned', lee.page, lee.widget);
  // Whoever comes back is not let in at all, and is told the same.
  await lee.page.reload();
  await pressLauncher(lee.page);
  const back = await widgetIn(lee.page);
  await back.getByText('This chat is not available at the moment.').waitFor();
  await openYourData(back);
  await back.getByRole('alert').getByText(told).waitFor();
  await lee.page.close();
  await olivia.getByRole('link', { name: 'They ask about their data: open a request' }).click();
  await olivia.getByLabel('How you know that it is they').fill('They wrote a letter.');
  await olivia.getByRole('button', { name: 'Open the request' }).click();
  await olivia.getByText(/^They are banned, and don’t get into the chat/).waitFor();
  await lookAt('a request of somebody who is banned', olivia, olivia);
});

test('D49 in German and from right to left it fits a phone, and axe finds nothing', async () => {
  const phone = { viewport: { width: 375, height: 720 } };
  for (const [locale, menu, item] of [
    ['de-DE', 'Menü', 'Ihre Daten'],
    ['ar', 'القائمة', 'بياناتك'],
  ] as const) {
    const page = await scene.stranger({ ...phone, locale });
    await page.goto(`${scene.sotto.home.shopOrigin}/`);
    await pressLauncher(page);
    const widget = await widgetIn(page);
    await widget.getByRole('button', { name: menu }).click();
    await widget.getByRole('menuitem', { name: item }).click();
    const screen = widget.getByRole('dialog', { name: item });
    await screen.getByRole('region').nth(2).waitFor();
    await lookAt(item, page, widget);
    const width = await screen.evaluate((each) => [each.scrollWidth, each.clientWidth]);
    expect(width[0]).toBe(width[1]);
    await page.context().close();
  }
});

test('B3 axe finds nothing where customers see and ask what is kept about them', () => {
  expect(faults).toEqual([]);
});
