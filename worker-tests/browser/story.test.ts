import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Secret } from 'otpauth';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../src/tools/chromium.ts';
import { Client } from '../../src/tools/demo/client.ts';
import { codeOf, stepAt } from '../../src/tools/demo/codes.ts';
import { faultsInEveryLook } from './axe.ts';
import { pressLauncher, say, shows, signIn, texts, widgetIn } from './person.ts';
import { Sotto } from './sotto.ts';
import { VirtualAuthenticator } from './virtual-authenticator.ts';

// One story in order: each test goes on where the one before it left the customer and the agent.

const sotto = new Sotto(21_000 + 2 * (process.pid % 4_000));
/** What must not be found in the stored bytes afterwards. */
const question = 'MARKED-QUESTION do you have decaf beans? ☕';
const answer = 'MARKED-ANSWER yes, two kinds.';
const strange = [
  'x',
  '<script>document.title = "hacked"</script><img src=x onerror="document.title=1">',
  'مرحبا بالعالم שלום',
  '👩‍👩‍👧‍👦 😀',
  'two\nlines  and  spaces',
];
const long = `MARKED-LONG ${'ä'.repeat((16 * 1024 - 12) / 2)}`;

let browser: Browser;
let customerContext: BrowserContext;
let customer: Page;
let widget: Frame;
let agent: Page;
/** Whoever is invited on the way. */
let newcomer: Page;
const foreign: string[] = [];
const consoleErrors: string[] = [];
/** One-time secrets that were handed out on the way. */
const secrets: string[] = [];
const recoveryCodes: string[] = [];

/** Every request that leaves for somewhere else than Sotto or the shop, and every error that a page reports. */
function watch(page: Page): void {
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    const own = [sotto.home.origin, sotto.home.shopOrigin, sotto.home.origin.replace('http', 'ws')];
    if (!own.includes(origin) && protocol !== 'data:') foreign.push(request.url());
  });
  page.on('pageerror', (error) => consoleErrors.push(String(error)));
  page.on('console', (message) => {
    if (/Content Security Policy|Trusted Type/i.test(message.text())) consoleErrors.push(message.text());
  });
}

beforeAll(async () => {
  await sotto.start();
  browser = await launchChromium({ thirdPartyCookies: 'blocked' });
  customerContext = await browser.newContext();
  customer = await customerContext.newPage();
  agent = await (await browser.newContext()).newPage();
  watch(customer);
  watch(agent);
});

afterAll(async () => {
  await browser.close();
  await sotto.end();
});

test('W7 until the first click nothing is stored and nothing but the loader is asked for', async () => {
  const asked: string[] = [];
  customer.on('request', (request) => asked.push(request.url()));
  await customer.goto(`${sotto.home.shopOrigin}/`);
  await customer.waitForLoadState('networkidle');
  expect(asked.filter((url) => url.startsWith(sotto.home.origin))).toEqual([
    `${sotto.home.origin}/loader.js`,
  ]);
  expect(await customerContext.cookies()).toEqual([]);
  expect(await customer.evaluate(() => [localStorage.length, sessionStorage.length])).toEqual([0, 0]);
});

test('a customer opens the widget on the shop’s page and writes', async () => {
  await pressLauncher(customer);
  widget = await widgetIn(customer);
  await say(widget, question);
  await shows(widget, question);
  const [cookie] = await customerContext.cookies(sotto.home.origin);
  expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'None' });
});

test('S15 an agent signs in with password and one-time code, hears that the browser is a strange one, sees the next customer within a second, claims and answers', async () => {
  const [anna] = sotto.demo.people;
  if (anna === undefined) throw new Error('the demo has no agent');
  await signIn(agent, sotto.home.origin, anna);
  // Their first sign-in was elsewhere.
  await mailed(anna.address, /in a browser that you have not used lately/);
  const list = agent.getByRole('list', { name: 'Conversations' });
  await agent.getByRole('button', { name: /^Waiting/ }).click();
  await list.getByRole('listitem').first().waitFor();
  const before = await list.getByRole('listitem').count();

  const second = await (await browser.newContext()).newPage();
  watch(second);
  await second.goto(`${sotto.home.shopOrigin}/roastery`);
  await pressLauncher(second);
  const secondWidget = await widgetIn(second);
  await secondWidget.getByRole('checkbox').check();
  await secondWidget.getByRole('button', { name: 'Start', exact: true }).click();
  await secondWidget.getByRole('textbox', { name: 'Message' }).fill('A second customer');
  await secondWidget.getByRole('button', { name: 'Send' }).click();
  const sent = Date.now();
  await list.getByRole('listitem').nth(before).waitFor();
  expect(Date.now() - sent).toBeLessThan(1_000);
  await second.context().close();

  await list.getByRole('listitem').first().getByRole('link').click();
  await shows(agent, question);
  await agent
    .getByRole('button', { name: /^Claim/ })
    .first()
    .click();
  await say(agent, answer);
  await shows(widget, answer);
});

test('C7 strange and long texts arrive exactly and are shown as text', async () => {
  for (const text of [...strange, long]) {
    await say(widget, text);
    await shows(agent, text);
  }
  expect(await texts(agent)).toEqual([question, answer, ...strange, long]);
  expect(await texts(widget)).toEqual([question, answer, ...strange, long]);
  expect(await agent.title()).not.toBe('hacked');
  expect(await agent.getByRole('log', { name: 'Messages' }).locator('img, script').count()).toBe(0);
});

test('both reload and see the same history', async () => {
  await customer.reload();
  widget = await widgetIn(customer);
  await pressLauncher(customer);
  await agent.reload();
  for (const place of [widget, agent]) await shows(place, long);
  const expected = [question, answer, ...strange, long];
  expect(await texts(widget)).toEqual(expected);
  expect(await texts(agent)).toEqual(expected);
});

test('C15 the server is killed and started again: both come back by themselves, nothing is missing or doubled', async () => {
  await sotto.kill();
  await say(widget, 'written while the server was dead');
  await say(agent, 'answered while the server was dead');
  await sotto.start();
  for (const place of [widget, agent]) {
    await shows(place, 'written while the server was dead');
    await shows(place, 'answered while the server was dead');
  }
  await say(widget, 'and on we go');
  await shows(agent, 'and on we go');
  const [seen, heard] = [await texts(widget), await texts(agent)];
  expect(seen).toEqual(heard);
  expect(seen.toSorted()).toEqual(
    [
      question,
      answer,
      ...strange,
      long,
      'written while the server was dead',
      'answered while the server was dead',
      'and on we go',
    ].toSorted(),
  );
});

test('S2 S7 S8 S10 somebody invited chooses a password that is hard to guess, is shown a QR code and recovery codes, and gets in with either', async () => {
  const owner = sotto.demo.people.find(({ role }) => role === 'owner');
  if (owner === undefined) throw new Error('the demo has no owner');
  const api = new Client(sotto.home.origin);
  const { token } = await api.post<{ token: string }>('/sign-in', {
    address: owner.address,
    password: owner.password,
  });
  const code = codeOf(owner.uri, stepAt(Date.now()));
  const { access, person } = await api.post<{ access: string; person: { teams: string[] } }>(
    '/sign-in/totp',
    { code },
    token,
  );
  const invited = {
    name: 'MARKED-NAME Newcomer',
    address: 'marked-newcomer@example.com',
    role: 'agent',
    teams: person.teams,
  };
  await api.post('/people', invited, access);

  const page = await (await browser.newContext()).newPage();
  watch(page);
  await page.goto(await invitationTo(invited.address));
  const strength = page.getByRole('status').filter({ hasText: /guess/ });
  await page.getByLabel('Password').fill('Password1234!');
  await strength.getByText('Very easy to guess.').waitFor();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('alert').getByText('This password is too easy to guess.').waitFor();
  await page.getByLabel('Password').fill('MARKED-PASSWORD that only I would choose');
  await strength.getByText('Hard to guess.', { exact: true }).waitFor();
  expect(page.url()).not.toContain('invitation');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('E-mail address').fill(invited.address);
  await page.getByLabel('Password').fill('MARKED-PASSWORD that only I would choose');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('img', { name: 'QR code for your authenticator app' }).waitFor();
  const secret = (await page.locator('code.secret').innerText()).replaceAll(/\s/g, '');
  secrets.push(secret);
  const uri = `otpauth://totp/Sotto?secret=${secret}`;

  await page.getByLabel('One-time code').fill(codeOf(uri, stepAt(Date.now()) + 20));
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('alert').getByText('The code is wrong').waitFor();
  await page.getByLabel('One-time code').fill(codeOf(uri, stepAt(Date.now())));
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('heading', { name: 'Keep these recovery codes' }).waitFor();
  expect(await faultsInEveryLook('recovery codes', page)).toEqual([]);
  const codes = await page.locator('.codes code').allInnerTexts();
  expect(codes).toHaveLength(10);
  recoveryCodes.push(...codes);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).click(),
  ]);
  const kept = readFileSync(await download.path(), 'utf8');
  for (const each of codes) expect(kept).toContain(each);
  const back = page.getByLabel('Type one of them');
  await back.fill('AAAA-AAAA-AAAA-AAAA-AAAA-AAAA');
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByRole('alert').getByText('The code is wrong').waitFor();
  await back.fill(codes[9] ?? '');
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByRole('list', { name: 'Conversations' }).waitFor();
  expect(await page.getByText('MARKED-NAME Newcomer').count()).toBe(1);
  await page.context().close();

  // Another day, without the phone.
  const later = await (await browser.newContext()).newPage();
  watch(later);
  await later.goto(sotto.home.origin);
  await later.getByLabel('E-mail address').fill(invited.address);
  await later.getByLabel('Password').fill('MARKED-PASSWORD that only I would choose');
  await later.getByRole('button', { name: 'Sign in', exact: true }).click();
  await later.getByRole('button', { name: 'I do not have my phone' }).click();
  await later.getByLabel('Recovery code').waitFor();
  expect(await faultsInEveryLook('a recovery code', later)).toEqual([]);
  await later.getByLabel('Recovery code').fill((codes[0] ?? '').toLowerCase().replaceAll('-', ' '));
  await later.getByRole('button', { name: 'Confirm' }).click();
  await later.getByRole('list', { name: 'Conversations' }).waitFor();
  await mailed(invited.address, /9 recovery codes are left/);
  newcomer = later;
});

test('S11 S12 S13 a passkey is added, signs in by keys alone, and confirms what needs a proof of just now', async () => {
  const authenticator = await VirtualAuthenticator.in(newcomer);
  await openMySignIn(newcomer);
  await newcomer.getByLabel('Name').fill('MARKED-PASSKEY laptop');
  await newcomer.getByRole('button', { name: 'Add a passkey' }).click();
  await newcomer.getByText('MARKED-PASSKEY laptop').waitFor();
  await mailed('marked-newcomer@example.com', /A passkey was added/);
  expect(await faultsInEveryLook('my sign-in', newcomer)).toEqual([]);

  await authenticator.answers(false);
  await newcomer.getByRole('button', { name: /^MARKED-NAME/ }).click();
  await newcomer.getByRole('button', { name: 'Sign out', exact: true }).click();
  await newcomer.locator('input[name=username]:focus').waitFor();
  const byPasskey = newcomer.getByRole('button', { name: 'Sign in with a passkey' });
  for (let keys = 0; keys < 3; keys++) await newcomer.keyboard.press('Tab');
  expect(await byPasskey.evaluate((button) => button === document.activeElement)).toBe(true);
  await authenticator.answers(true);
  await newcomer.keyboard.press('Enter');
  await newcomer.getByRole('list', { name: 'Conversations' }).waitFor();

  await openMySignIn(newcomer);
  await newcomer
    .getByText(/last used/)
    .first()
    .waitFor();
  // Five minutes are long: the answer that they bring is given once without them.
  const detail = 'For this, please prove once more that it is you.';
  const problem = { type: 'about:blank', status: 403, code: 'step_up_needed', detail };
  const refusal = { status: 403, contentType: 'application/problem+json', body: JSON.stringify(problem) };
  await newcomer.route('**/me/recovery-codes', (route) => route.fulfill(refusal), { times: 1 });
  await newcomer.getByRole('button', { name: 'Make new codes' }).click();
  await newcomer.getByRole('dialog', { name: 'Confirm that it is you' }).waitFor();
  await newcomer.getByLabel('One-time code').waitFor();
  expect(await faultsInEveryLook('a proof', newcomer)).toEqual([]);
  await newcomer.getByRole('button', { name: 'Use your passkey' }).click();
  const codes = newcomer.locator('.codes code');
  await codes.first().waitFor();
  recoveryCodes.push(...(await codes.allInnerTexts()));
  await newcomer.getByLabel('Type one of them').fill(recoveryCodes.at(-1) ?? '');
  await newcomer.getByRole('button', { name: 'I have kept them' }).click();
  await newcomer.getByText('10 of 10 are left.').waitFor();
  await mailed('marked-newcomer@example.com', /New recovery codes were made/);

  await newcomer.getByRole('button', { name: 'Remove MARKED-PASSKEY laptop' }).click();
  await newcomer.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await newcomer.getByText('You have none yet.').waitFor();
  await newcomer.context().close();
});

test('S14 by mailed links a forgotten password and the address are changed, and the second factor is asked for all the same', async () => {
  const address = 'marked-newcomer@example.com';
  const page = await (await browser.newContext()).newPage();
  watch(page);
  await page.goto(sotto.home.origin);
  await page.getByRole('button', { name: 'I have forgotten my password' }).click();
  await page.getByRole('heading', { name: 'Forgotten password' }).waitFor();
  expect(await faultsInEveryLook('forgotten', page)).toEqual([]);
  await page.getByLabel('E-mail address').fill(address);
  await page.getByRole('button', { name: 'Send the link' }).click();
  await page.getByRole('status').getByText('the link is on its way').waitFor();

  await page.goto(await mailed(address, /http\S+reset\S+/));
  await page.getByRole('heading', { name: 'Choose a new password' }).waitFor();
  expect(page.url()).not.toContain('reset');
  const password = 'MARKED-PASSWORD another that only I would choose';
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('status').getByText('Your password is changed.').waitFor();
  await mailed(address, /Your password was changed/);

  await page.getByLabel('E-mail address').fill(address);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('button', { name: 'I do not have my phone' }).click();
  await page.getByLabel('Recovery code').fill(recoveryCodes.at(-2) ?? '');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('list', { name: 'Conversations' }).waitFor();

  await openMySignIn(page);
  await page.getByLabel('New e-mail address').fill('marked-newcomer-2@example.com');
  await page.getByRole('button', { name: 'Send the link' }).click();
  await page.getByText('Sent to marked-newcomer-2@example.com').waitFor();
  await page.goto(await mailed('marked-newcomer-2@example.com', /http\S+address\S+/));
  await page.getByRole('heading', { name: 'Your new address' }).waitFor();
  expect(await faultsInEveryLook('another address', page)).toEqual([]);
  await page.getByRole('button', { name: 'Use this address' }).click();
  await page.getByRole('status').getByText('Your address is changed.').waitFor();
  await mailed(address, /The address that you sign in with was changed/);
  await page.context().close();
});

async function openMySignIn(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^MARKED-NAME/ }).click();
  await page.getByRole('link', { name: 'Your sign-in' }).click();
  await page.getByRole('heading', { name: 'Passkeys' }).waitFor();
}

/** The link in the newest mail to this address. */
const invitationTo = (address: string) => mailed(address, /http\S+invitation\S+/);

const mailed = (address: string, what: RegExp) => sotto.mailed(address, what);

test('the loader finds its place in a page that includes it in its head without defer', async () => {
  const [site] = sotto.demo.sites;
  const script = `<script src="${sotto.home.origin}/loader.js" data-site="${site?.id ?? ''}"></script>`;
  const server = createServer((_, response) => {
    response
      .setHeader('content-type', 'text/html')
      .end(`<!doctype html><head>${script}</head><body>A plain page</body>`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const page = await (await browser.newContext()).newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await pressLauncher(page);
  // A page that is not the site's own gets the launcher and no more: the frame's policy refuses it.
  await expect
    .poll(() => page.frames().map((frame) => frame.url()))
    .toContain('chrome-error://chromewebdata/');
  await page.context().close();
  server.close();
});

test('W6 nothing was asked of a third party, and no policy was broken', () => {
  expect(foreign).toEqual([]);
  expect(consoleErrors).toEqual([]);
});

test('W6 no page frames the dashboard, and only the site’s own pages frame the widget', async () => {
  const [site] = sotto.demo.sites;
  const page = await (await browser.newContext()).newPage();
  await page.route('http://stranger.localhost/**', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<iframe src="${sotto.home.origin}/"></iframe><iframe src="${sotto.home.origin}/widget/${site?.id ?? ''}"></iframe>`,
    }),
  );
  await page.goto('http://stranger.localhost/');
  await page.waitForTimeout(1_000);
  const frames = page.frames().slice(1);
  expect(frames.length).toBe(2);
  for (const frame of frames) expect(frame.url()).toBe('chrome-error://chromewebdata/');
});

test('K8 no stored byte holds a text, a name, an address, a page, a password or a one-time secret', () => {
  const { people, ownerKey = 'no owner key' } = sotto.demo;
  const personal = people.flatMap(({ name, address, password, secret }) => [name, address, password, secret]);
  const marks = [
    question,
    answer,
    'MARKED-',
    'while the server was dead',
    ...strange.slice(1),
    '/roastery',
    'marked-newcomer@',
    ...personal,
    ownerKey,
    ownerKey.replaceAll('-', ''),
    ...secrets,
    ...recoveryCodes,
    ...recoveryCodes.map((code) => code.replaceAll('-', '')),
  ];
  const files = filesBelow(sotto.home.state);
  expect(files.some((file) => file.endsWith('.sqlite'))).toBe(true);
  const bytes = files.map((file) => readFileSync(file));
  const found = (mark: string) =>
    bytes.some((content) => content.includes(mark, 0, 'utf8') || content.includes(mark, 0, 'utf16le'));
  // The search itself is sound: ids stand in the clear.
  expect(found(sotto.demo.sites[0]?.id ?? '')).toBe(true);
  expect(marks.filter((mark) => found(mark))).toEqual([]);
  const raw = [...people.map(({ secret }) => secret), ...secrets].map((secret) =>
    Buffer.from(Secret.fromBase32(secret).bytes),
  );
  expect(raw.filter((secret) => bytes.some((content) => content.includes(secret)))).toEqual([]);
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile());
}
