import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SignJWT } from 'jose';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultsInEveryLook } from './axe.ts';
import { openWaiting, pressLauncher, say, shows, texts, widgetIn } from './person.ts';
import { type Customer, Scene } from './scene.ts';

// A shop whose own server says who its signed-in customers are, made with nothing but what the dashboard shows.

let scene: Scene;
let owner: Page;
let folder: string;
let tokenFor: (customer: { id: string; name: string; email: string }) => Promise<string>;
/** The line that the dashboard gives for the shop's pages. */
let line = '';
const asked: string[] = [];

beforeAll(async () => {
  scene = await Scene.open();
  folder = mkdtempSync(path.join(tmpdir(), 'sotto-vouching-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await scene.close();
});

const kim = { id: 'customer-42', name: 'Kim MARKED-VOUCHED', email: 'kim@vouched.example' };
const lee = { id: 'customer-43', name: 'Lee', email: 'lee@vouched.example' };

/** Who is signed in at the shop in this browser; what its server says. */
interface Shop {
  customer: typeof kim | null;
  token: ((customer: typeof kim) => Promise<string>) | null;
  /** How its server fails to say it. */
  fails?: 'error' | 'cut' | 'hangs' | undefined;
}

/** A page of the shop that vouches, in a browser of its own. */
async function shopPage(shop: Shop): Promise<Page> {
  const page = await scene.stranger();
  // The browser does not know from where it got what the test put in the place of the shop's page.
  await page.context().grantPermissions(['local-network-access']);
  page.on('request', (request) => asked.push(request.url()));
  const { shopOrigin } = scene.sotto.home;
  await page.route(`${shopOrigin}/signed-in`, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><html lang="en"><title>Shop</title>${line}<h1>My orders</h1></html>`,
    }),
  );
  await page.route(`${shopOrigin}/chat-customer`, async (route) => {
    const { customer, token, fails } = shop;
    if (fails === 'hangs') return;
    if (fails === 'error') await route.fulfill({ status: 503 });
    else if (fails === 'cut') await route.abort();
    else if (customer === null) await route.fulfill({ status: 204 });
    else await route.fulfill({ contentType: 'text/plain', body: await (token ?? tokenFor)(customer) });
  });
  await page.goto(`${shopOrigin}/signed-in`);
  return page;
}

async function chatOn(shop: Shop): Promise<Customer> {
  const page = await shopPage(shop);
  await pressLauncher(page);
  return { page, widget: await widgetIn(page) };
}

test('V7 an owner makes a secret and is shown what a developer needs', async () => {
  const [site] = scene.sotto.demo.sites;
  owner = await scene.staff('Olivia');
  await owner.goto(`${scene.sotto.home.origin}/#/settings/sites/${site?.id ?? ''}`);
  const part = owner.getByRole('region', { name: 'Customers who are signed in on your website' });
  await part.getByText('There is no key yet').waitFor();
  await part.getByRole('button', { name: 'Make a shared secret' }).click();
  const secret = (await part.getByLabel('The secret', { exact: true }).textContent()) ?? '';
  expect(secret).toMatch(/^[\w-]{43}$/);
  await part.getByText('What your developer needs').click();
  const signing = (await part.getByLabel('The lines for your server', { exact: true }).textContent()) ?? '';
  line = (await part.getByLabel('The line for your pages', { exact: true }).textContent()) ?? '';
  expect(await faultsInEveryLook('a site’s keys', owner)).toEqual([]);
  await owner.reload();
  await part.getByText('Shared secret (HS256)').waitFor();
  expect(await owner.locator('body').textContent()).not.toContain(secret);

  process.env['SOTTO_SECRET'] = secret;
  const file = path.join(folder, 'signing.mjs');
  writeFileSync(file, signing.replace("'jose'", JSON.stringify(import.meta.resolve('jose'))));
  ({ tokenFor } = (await import(/* @vite-ignore */ file)) as { tokenFor: typeof tokenFor });
});

test('V5 whom the shop vouches for has a badge, in the panel and in the list', async () => {
  const { page, widget } = await chatOn({ customer: kim, token: null });
  await say(widget, 'where is my parcel?');
  await widget.getByText('Sent', { exact: true }).waitFor();
  await owner.goto(`${scene.sotto.home.origin}/`);
  await openWaiting(owner, 'where is my parcel?');
  const panel = owner.getByRole('complementary', { name: 'Customer' });
  await panel.getByText('Verified by Harbour Coffee.').waitFor();
  await panel.getByText(kim.email).waitFor();
  expect(await panel.getByText('Not verified').count()).toBe(0);
  const listed = owner.getByRole('list', { name: 'Conversations' }).getByRole('link', { name: kim.name });
  await listed.getByRole('img', { name: 'Verified' }).waitFor();
  expect(await faultsInEveryLook('a verified customer', owner)).toEqual([]);
  // The widget does not offer to forget whom the page would name again at once.
  await widget.getByRole('button', { name: 'Menu' }).click();
  await widget.getByRole('menuitemcheckbox').waitFor();
  expect(await widget.getByRole('menuitem', { name: 'Forget me' }).count()).toBe(0);
  await page.context().close();
});

test('V16 whom the shop vouches for proves their address, and stays who the shop says they are', async () => {
  const { page, widget } = await chatOn({ customer: kim, token: null });
  await shows(widget, 'where is my parcel?');
  await widget.getByRole('button', { name: 'Menu' }).click();
  await widget.getByRole('menuitem', { name: 'Prove your e-mail address' }).click();
  const dialog = widget.getByRole('dialog', { name: 'Prove your e-mail address' });
  await dialog.getByText('We mail you a code to the address that this website knows.').waitFor();
  await dialog.getByLabel('Your e-mail address').fill(kim.email);
  expect(await faultsInEveryLook('a code for a verified customer', page, widget)).toEqual([]);
  await dialog.getByRole('button', { name: 'Send the code' }).click();
  await dialog.getByLabel('Code from the mail').waitFor();
  await expect.poll(() => scene.sotto.mails(kim.email).length).toBe(1);
  const code = /^\d{6}/m.exec(scene.sotto.mails(kim.email)[0] ?? '')?.[0] ?? '';
  await dialog.getByLabel('Code from the mail').fill(code);
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await widget.getByRole('alert').getByText('Done. Your address is proved.').waitFor();
  const panel = owner.getByRole('complementary', { name: 'Customer' });
  await panel.getByText('Verified by Harbour Coffee.').waitFor();
  expect(await panel.getByText('Proved by a code').count()).toBe(0);
  await page.reload();
  await pressLauncher(page);
  await shows(await widgetIn(page), 'where is my parcel?');
  await page.context().close();
});

test('V1 the same customer finds the conversation in another browser', async () => {
  const { page, widget } = await chatOn({ customer: kim, token: null });
  await shows(widget, 'where is my parcel?');
  await page.context().close();
});

test('V4 whom the page signs out is nobody at once, and their conversation is out of sight', async () => {
  const shop: Shop = { customer: kim, token: null };
  const { page, widget } = await chatOn(shop);
  await shows(widget, 'where is my parcel?');
  await widget.getByRole('textbox', { name: 'Message' }).fill('not sent yet');
  shop.customer = null;
  await page.evaluate(() => dispatchEvent(new Event('sotto-vouch')));
  await expect.poll(() => texts(widget)).toEqual([]);
  expect(await widget.getByRole('textbox', { name: 'Message' }).inputValue()).toBe('');
  shop.customer = lee;
  const box = widget.getByRole('textbox', { name: 'Message' });
  await box.fill('by nobody');
  await page.evaluate(() => dispatchEvent(new Event('sotto-vouch')));
  await expect.poll(() => box.inputValue()).toBe('');
  await say(widget, 'Lee is here now');
  await widget.getByText('Sent', { exact: true }).waitFor();
  expect(await texts(widget)).toEqual(['Lee is here now']);
  shop.customer = kim;
  await page.reload();
  await pressLauncher(page);
  const again = await widgetIn(page);
  await shows(again, 'where is my parcel?');
  expect(await texts(again)).toEqual(['where is my parcel?']);
  await page.context().close();
});

const changes = (page: Page) => page.evaluate(() => dispatchEvent(new Event('sotto-vouch')));
/** The next answer of Sotto's that says who the browser is. */
const told = (page: Page) =>
  page.waitForResponse((response) => response.url().endsWith('/visitor') && response.ok());

test.each(['error', 'cut', 'hangs'] as const)(
  'V4 a page that says that somebody came, and not who (%s), shows nobody’s chat until it says it',
  async (fails) => {
    const shop: Shop = { customer: kim, token: null };
    const { page, widget } = await chatOn(shop);
    await shows(widget, 'where is my parcel?');
    Object.assign(shop, { customer: lee, fails });
    await Promise.all([told(page), changes(page)]);
    await expect.poll(() => texts(widget)).toEqual([]);
    // Nor does the browser hold Kim for a page that comes later and says no more.
    await page.reload();
    await Promise.all([told(page), pressLauncher(page)]);
    const again = await widgetIn(page);
    await again.getByRole('textbox', { name: 'Message' }).waitFor();
    expect(await texts(again)).toEqual([]);
    Object.assign(shop, { customer: kim, fails: undefined });
    await changes(page);
    await shows(again, 'where is my parcel?');
    expect(await texts(again)).toEqual(['where is my parcel?']);
    await page.context().close();
  },
);

test('V4 a page that has said who is here and falls silent goes on', async () => {
  const shop: Shop = { customer: kim, token: null };
  const page = await shopPage(shop);
  await page.clock.install();
  await pressLauncher(page);
  const widget = await widgetIn(page);
  await shows(widget, 'where is my parcel?');
  shop.fails = 'error';
  const renewed = told(page);
  // The access token's quarter of an hour, and the widget's patience.
  await page.clock.fastForward('14:31');
  for (let waited = 0; waited < 10; waited++) await page.clock.runFor(1_000);
  expect((await renewed).request().postDataJSON()).toEqual({});
  expect(await texts(widget)).toEqual(['where is my parcel?']);
  await page.context().close();
});

test('V2 V4 a page that names no address is asked for nothing, whatever its script says', async () => {
  const page = await scene.stranger();
  await page.context().grantPermissions(['local-network-access']);
  const { origin, shopOrigin } = scene.sotto.home;
  const [site] = scene.sotto.demo.sites;
  // No policy of the page's own keeps its script from asking.
  await page.route(`${shopOrigin}/plain`, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><title>Shop</title><script src="${origin}/loader.js" data-site="${site?.id ?? ''}" defer></script>`,
    }),
  );
  const own: string[] = [];
  page.on('request', (request) => own.push(request.url()));
  await page.goto(`${shopOrigin}/plain`);
  await pressLauncher(page);
  await say(await widgetIn(page), 'nobody has vouched for me');
  await (await widgetIn(page)).getByText('Sent', { exact: true }).waitFor();
  const before = own.filter((url) => url.startsWith(shopOrigin));
  await changes(page);
  // What came of it would have been asked for before this is.
  await page.evaluate(() => fetch('/afterwards').catch(() => null));
  const after = own.filter((url) => url.startsWith(shopOrigin));
  expect(after.slice(before.length)).toEqual([`${shopOrigin}/afterwards`]);
  expect(await texts(await widgetIn(page))).toEqual(['nobody has vouched for me']);
  await page.context().close();
});

test('V4 a page that signs nobody in leaves a browser’s own chat alone', async () => {
  const { page, widget } = await chatOn({ customer: null, token: null });
  await say(widget, 'I am nobody');
  await widget.getByText('Sent', { exact: true }).waitFor();
  await page.reload();
  await pressLauncher(page);
  await shows(await widgetIn(page), 'I am nobody');
  await page.context().close();
});

test('V2 V6 a page that forges a token shows nobody’s chat, and who writes there is not verified', async () => {
  const forge = async (customer: typeof kim) => {
    const [head = '', , mark = ''] = (await tokenFor(lee)).split('.');
    const [, claims = ''] = (await tokenFor(customer)).split('.');
    return [head, claims, mark].join('.');
  };
  const page = await shopPage({ customer: kim, token: forge });
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  await pressLauncher(page);
  const widget = await widgetIn(page);
  await say(widget, 'I say that I am Kim');
  await widget.getByText('Sent', { exact: true }).waitFor();
  expect(await texts(widget)).toEqual(['I say that I am Kim']);
  // Whoever builds the page is told.
  expect(said.join('\n')).toContain('Sotto: No key of this site has signed this.');
  await owner.goto(`${scene.sotto.home.origin}/`);
  await openWaiting(owner, 'I say that I am Kim');
  const panel = owner.getByRole('complementary', { name: 'Customer' });
  await panel.getByText('Not verified: anybody can have typed this.').waitFor();
  expect(await panel.textContent()).not.toContain(kim.name);
  await page.context().close();
});

test('V5 what the site has proved it does not ask', async () => {
  const [first, second] = scene.sotto.demo.sites;
  await owner.goto(`${scene.sotto.home.origin}/#/settings/sites/${second?.id ?? ''}`);
  const part = owner.getByRole('region', { name: 'Customers who are signed in on your website' });
  await part.getByRole('button', { name: 'Make a shared secret' }).click();
  const secret = (await part.getByLabel('The secret', { exact: true }).textContent()) ?? '';
  const token = ({ id, name, email }: typeof kim) =>
    new SignJWT({ name, email })
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(second?.id ?? '')
      .setSubject(id)
      .setJti(crypto.randomUUID())
      .setExpirationTime('5m')
      .sign(new TextEncoder().encode(secret));
  line = line.replace(first?.id ?? '', second?.id ?? '');
  const asks = async (customer: typeof kim | null, fields: number) => {
    const { page, widget } = await chatOn({ customer, token });
    const asked = widget.getByRole('form', { name: 'Before we begin' }).getByRole('textbox');
    await expect.poll(() => asked.count()).toBe(fields);
    if (fields === 0) await widget.getByRole('textbox', { name: 'Message' }).waitFor();
    await page.context().close();
  };
  await asks(null, 3);
  await asks(kim, 1);
  await owner.getByRole('button', { name: 'Remove “A question of yours”' }).click();
  await owner.getByLabel('Ask for consent before the first message').uncheck();
  await owner.getByRole('button', { name: 'Save' }).click();
  await owner.getByText('Saved.').waitFor();
  await asks(kim, 0);
  await asks(null, 2);
});

test('V2 W6 no token stood in an address, and no policy was broken', () => {
  expect(asked.filter((url) => /eyJ|vouch=./.test(url))).toEqual([]);
  expect(asked.filter((url) => url.endsWith('/chat-customer')).length).toBeGreaterThan(0);
  // That its own address was cut off a page's browser tells whoever builds it.
  expect(scene.complaints.filter((each) => !each.endsWith('Failed to fetch'))).toEqual([]);
});
