import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultsInEveryLook } from './axe.ts';
import { claim, openWaiting, proveFactor, say, shows, signIn } from './person.ts';
import { Scene } from './scene.ts';

// What becomes of a page that nobody touches, and who decides when. Only the pages' clocks are moved.

let scene: Scene;
beforeAll(async () => {
  scene = await Scene.open();
});
afterAll(() => scene.close());

const locked = (page: Page) => page.getByRole('heading', { name: 'Locked' });
const warning = (page: Page) => page.getByRole('alert').filter({ hasText: 'about to lock' });

test('S18 B3 a page that nobody touches warns, locks and holds nothing, and opens again where its person was', async () => {
  const { origin } = scene.sotto.home;
  const anna = scene.person('Anna');
  const { page: shop, widget } = await scene.customer();
  await say(widget, 'MARKED-QUESTION is anybody there?');
  await shows(widget, 'MARKED-QUESTION is anybody there?');

  const page = await scene.stranger();
  await page.clock.install();
  await signIn(page, origin, anna);
  await openWaiting(page, 'MARKED-QUESTION is anybody there?');
  await claim(page);
  await page.getByRole('button', { name: /^Mine/ }).click();
  const box = page.getByRole('textbox', { name: 'Message' });
  await box.fill('MARKED-DRAFT half an answer');
  const beside = await page.context().newPage();
  scene.watch(beside);
  await beside.goto(page.url());
  await beside.getByRole('textbox', { name: 'Message' }).waitFor();
  const place = page.url();

  // A key keeps both tabs open, and means what it always does.
  await page.clock.fastForward('29:05');
  await warning(page).waitFor();
  await warning(beside).waitFor();
  const faults = await faultsInEveryLook('about to lock', page);
  await box.press('End');
  await page.keyboard.type('.');
  await warning(page).waitFor({ state: 'detached' });
  await warning(beside).waitFor({ state: 'detached' });
  expect(await box.inputValue()).toBe('MARKED-DRAFT half an answer.');

  await page.clock.fastForward('29:05');
  await warning(page).waitFor();
  await page.clock.fastForward('01:00');
  for (const tab of [page, beside]) {
    await locked(tab).waitFor();
    expect(await tab.content()).not.toContain('MARKED-');
    expect(await tab.getByRole('list', { name: 'Conversations' }).count()).toBe(0);
  }
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute('autocomplete')))
    .toBe('current-password');
  faults.push(...(await faultsInEveryLook('locked', page)));
  expect(faults).toEqual([]);

  // The session is over, so that loading the page anew opens nothing.
  const reloaded = await page.context().newPage();
  scene.watch(reloaded);
  await reloaded.goto(place);
  await reloaded.getByLabel('Password').waitFor();
  await reloaded.close();

  expect(await page.getByLabel('E-mail address').inputValue()).toBe(anna.address);
  await page.getByLabel('Password').fill(anna.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await proveFactor(page, anna);
  expect(page.url()).toBe(place);
  expect(await box.inputValue()).toBe('MARKED-DRAFT half an answer.');
  await expect(page.getByRole('button', { name: /^Mine/ }).getAttribute('aria-pressed')).resolves.toBe(
    'true',
  );
  // Whoever opened one tab has opened the other.
  await beside.getByRole('textbox', { name: 'Message' }).waitFor();
  await page.getByRole('button', { name: 'Send' }).click();
  await shows(widget, 'MARKED-DRAFT half an answer.');
  await page.context().close();
  await shop.context().close();
});

/** Somebody whose page's clock is the test's, at this address. */
async function at(name: string, address: string): Promise<Page> {
  const page = await scene.stranger();
  await page.clock.install();
  await signIn(page, scene.sotto.home.origin, scene.person(name));
  await page.goto(`${scene.sotto.home.origin}/${address}`);
  return page;
}

/** Leaves the page alone until it locks, and finds nothing marked in it; then the same person is back. */
async function locksAndOpens(page: Page, name: string): Promise<void> {
  await page.clock.fastForward('29:05');
  await page.clock.fastForward('01:00');
  await locked(page).waitFor();
  const values = await page
    .locator('input, textarea')
    .evaluateAll((fields) => (fields as HTMLInputElement[]).map(({ value }) => value));
  expect(`${await page.content()} ${values.join(' ')}`).not.toContain('MARKED-');
  await page.getByLabel('Password').fill(scene.person(name).password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await proveFactor(
    page,
    scene.person(name),
    page.getByRole('button', { name: new RegExp(`^${scene.person(name).name}`) }),
  );
}

test('S18 what was changed in the settings and not saved is there again, and is asked for before it is left', async () => {
  const [site] = scene.sotto.demo.sites;
  const page = await at('Olivia', `#/settings/sites/${site?.id ?? ''}`);
  const name = page.getByLabel('Name', { exact: true }).first();
  await name.fill('MARKED-NAME');
  const area = page.getByLabel('Websites that may show it');
  const before = await area.inputValue();
  await area.fill(`${before}\nhttps://marked-origin.example`);
  await locksAndOpens(page, 'Olivia');
  await expect.poll(() => name.inputValue()).toBe('MARKED-NAME');
  expect(await area.inputValue()).toBe(`${before}\nhttps://marked-origin.example`);
  await page.getByRole('link', { name: 'Inbox' }).click();
  const question = page.getByRole('alertdialog', { name: 'Leave without saving?' });
  await question.getByRole('button', { name: 'Leave without saving' }).click();
  // What was given up does not come back.
  await page.goto(`${scene.sotto.home.origin}/#/settings/sites/${site?.id ?? ''}`);
  await expect.poll(() => name.inputValue()).toBe(site?.name);
  await page.context().close();
});

test('S18 of one’s own sign-in an address that was typed is there again, and no password, code or key', async () => {
  const page = await at('Ben', '#/me');
  await page.getByLabel('New e-mail address').fill('MARKED-ben@example.com');
  await page.getByLabel('Password now').fill('MARKED-PASSWORD');
  await page.getByLabel('New password', { exact: true }).fill('MARKED-PASSWORD');
  await page.getByRole('button', { name: 'Make new codes' }).click();
  await page.locator('.codes code').first().waitFor();
  const [code = ''] = await page.locator('.codes code').allInnerTexts();
  await locksAndOpens(page, 'Ben');
  const address = page.getByLabel('New e-mail address');
  await expect.poll(() => address.inputValue()).toBe('MARKED-ben@example.com');
  for (const label of ['Password now', 'New password'])
    expect(await page.getByLabel(label, { exact: true }).inputValue()).toBe('');
  expect(await page.content()).not.toContain(code);
  expect(await page.locator('.codes code').count()).toBe(0);
  await page.context().close();
});

test('S18 what was begun beside a conversation is there again', async () => {
  const { page: shop, widget } = await scene.customer();
  await say(widget, 'who will take me over?');
  await shows(widget, 'who will take me over?');
  const page = await at('Anna', '');
  await openWaiting(page, 'who will take me over?');
  await claim(page);
  await page.getByRole('button', { name: 'Edit the customer’s details' }).click();
  const name = page.getByRole('region', { name: 'Edit the customer’s details' }).getByLabel('Name');
  await name.fill('MARKED-CUSTOMER');
  await page.keyboard.press('Escape');
  const handOver = page.getByRole('button', { name: /^Hand over/ }).first();
  const note = page.getByRole('dialog').getByRole('textbox');
  await handOver.click();
  await note.fill('MARKED-NOTE');
  await locksAndOpens(page, 'Anna');
  await expect.poll(() => name.inputValue()).toBe('MARKED-CUSTOMER');
  // A window over the page is closed, and opens again with what was in it.
  await handOver.click();
  expect(await note.inputValue()).toBe('MARKED-NOTE');
  await page.context().close();
  await shop.context().close();
});

test('S18 a locked page starts anew for somebody else', async () => {
  const { origin } = scene.sotto.home;
  const page = await scene.stranger();
  await page.clock.install();
  await signIn(page, origin, scene.person('Ben'));
  await page.clock.fastForward('29:05');
  await page.clock.fastForward('01:00');
  await locked(page).waitFor();
  await page.getByRole('button', { name: 'Sign in as somebody else' }).click();
  await locked(page).waitFor({ state: 'detached' });
  await page.getByLabel('E-mail address').waitFor();
  expect(await page.getByLabel('E-mail address').inputValue()).toBe('');
  expect(await page.content()).not.toContain('Ben');
  await page.context().close();
});

test('S18 S19 an owner sets when pages lock and where staff may work from', async () => {
  const olivia = await scene.staff('Olivia');
  await olivia.getByRole('link', { name: 'Settings' }).click();
  await olivia.getByRole('link', { name: 'Organisation' }).click();
  const minutes = olivia.getByLabel('Lock after this many minutes');
  const networks = olivia.getByLabel('Where staff may work from');
  const save = async () => olivia.getByRole('button', { name: 'Save' }).click();
  const address = /You are at (\S+) now/.exec(await olivia.getByText(/You are at/).innerText())?.[1] ?? '';
  expect(await minutes.inputValue()).toBe('30');

  await networks.fill('203.0.113.0/33');
  await save();
  expect(await networks.evaluate((box: HTMLTextAreaElement) => box.validationMessage)).toContain(
    '203.0.113.0/33',
  );
  await networks.fill('203.0.113.0/24');
  await save();
  await olivia.getByText('you would lock yourself out').waitFor();
  await minutes.fill('10');
  await networks.fill(`203.0.113.77/24\n${address}`);
  await save();
  await olivia.getByText('Saved.').waitFor();
  const kept = await networks.inputValue();
  expect(kept).toMatch(/^203\.0\.113\.0\/24\n/);
  await olivia.reload();
  await minutes.waitFor();
  expect([await minutes.inputValue(), await networks.inputValue()]).toEqual(['10', kept]);

  await minutes.fill('30');
  await networks.fill('');
  await save();
  await olivia.getByText('Saved.').waitFor();
  await olivia.context().close();
});

test('W6 all of it asked nobody else and broke no policy', () => {
  expect(scene.complaints).toEqual([]);
});

test('S5 whoever uses a copy of what keeps somebody signed in ends it for both, and its person hears of it', async () => {
  const { origin } = scene.sotto.home;
  const ben = scene.person('Ben');
  const page = await scene.stranger();
  await signIn(page, origin, ben);
  const held = (await page.context().cookies(origin)).find(({ name }) => name.endsWith('sotto-staff'));
  // Each reload takes another, so that the copy is of no use any more.
  for (let n = 0; n < 2; n++) {
    await page.reload();
    await page.getByRole('list', { name: 'Conversations' }).waitFor();
  }
  const stolen = await fetch(`${origin}/api/v1/session/refresh`, {
    method: 'POST',
    headers: {
      origin,
      cookie: `${held?.name ?? ''}=${held?.value ?? ''}`,
      'content-type': 'application/json',
    },
    body: '{}',
  });
  expect(stolen.status).toBe(401);
  await scene.sotto.mailed(ben.address, /Somebody used a copy of what keeps you signed in/);
  await page.reload();
  await page.getByLabel('E-mail address').waitFor();
  await page.context().close();
});
