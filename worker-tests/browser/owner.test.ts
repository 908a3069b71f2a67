import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { paletteOf } from '../../src/protocol/palette.ts';
import { claim, openWaiting, pressLauncher, say, shows, widgetIn } from './person.ts';
import { Scene } from './scene.ts';

// What an owner sets by the screens, and what customers and agents see of it.

let scene: Scene;
let olivia: Page;
let anna: Page;

beforeAll(async () => {
  scene = await Scene.open();
  olivia = await scene.staff('Olivia');
  anna = await scene.staff('Anna');
});
afterAll(() => scene.close());

async function open(screen: string, line?: RegExp): Promise<void> {
  await olivia.evaluate((to) => {
    location.hash = to;
  }, `#/settings/${screen}`);
  if (line === undefined) return;
  await olivia.locator('.settings-content').getByRole('link', { name: line }).click();
}

async function save(): Promise<void> {
  await olivia.getByRole('button', { name: 'Save', exact: true }).click();
  await olivia.getByRole('status').getByText('Saved.').waitFor();
}

test('an owner gives a site another name, website, colour, texts and hours, and the next customer sees them', async () => {
  await open('sites', /Harbour Coffee/);
  await olivia.getByLabel('Name', { exact: true }).fill('Harbour Café');
  const origins = olivia.getByLabel('Websites that may show it');
  await origins.fill(`${scene.sotto.home.shopOrigin}\nnot a website`);
  await olivia.getByRole('button', { name: 'Save', exact: true }).click();
  expect(await origins.evaluate((field) => (field as HTMLTextAreaElement).validationMessage)).toBe(
    '“not a website” is not a website’s address like https://www.example.com.',
  );
  await origins.fill(`${scene.sotto.home.shopOrigin}\nhttps://cafe.example`);
  await olivia.getByRole('textbox', { name: 'Colour' }).last().fill('#8a1650');
  await olivia.getByLabel(/^Title \(/).fill('Ask the café');
  await olivia.getByLabel(/^Greeting \(/).fill('Cakes, cups and parcels: ask away.');
  await olivia.getByLabel('Open at these hours').check();
  await olivia.getByLabel('Time zone').fill('Europe/Berlin');
  const hours = olivia.getByRole('button', { name: /^Remove the hours on/ });
  for (let left = await hours.count(); left > 0; left--) await hours.first().click();
  await save();

  await olivia.reload();
  await olivia.getByRole('heading', { level: 2, name: 'Harbour Café' }).waitFor();
  expect(await origins.inputValue()).toBe(`${scene.sotto.home.shopOrigin}\nhttps://cafe.example`);
  expect(await olivia.getByLabel('Open at these hours').isChecked()).toBe(true);
  expect(await hours.count()).toBe(0);

  const page = await scene.stranger({ locale: 'en-GB' });
  // What a site is may be remembered for half a minute.
  for (let tries = 0; tries < 20; tries++) {
    await page.goto(`${scene.sotto.home.shopOrigin}/`);
    await pressLauncher(page);
    const opened = await widgetIn(page);
    await opened.getByRole('textbox', { name: 'Message' }).waitFor();
    if ((await opened.locator('body').innerText()).includes('Ask the café')) break;
    await page.waitForTimeout(2_000);
  }
  const widget = await widgetIn(page);
  await widget.getByRole('heading', { name: 'Ask the café' }).waitFor();
  await widget.getByText('Cakes, cups and parcels: ask away.').waitFor();
  await widget.getByText('We are closed right now. Write, and we will answer here.').waitFor();
  const accent = await widget.evaluate(() =>
    getComputedStyle(document.documentElement).getPropertyValue('--accent'),
  );
  expect(accent).toBe(paletteOf('#8a1650', 'light').accent);
  const { headers } = await fetch(widget.url());
  expect(headers.get('content-security-policy')).toContain('https://cafe.example');
  await page.context().close();
});

test('T1 T2 an owner renames a team and takes somebody out of it, who loses its list at once and has it again once they are back', async () => {
  await say((await scene.customer()).widget, 'for the team');
  const ben = await scene.staff('Ben');
  await openWaiting(ben, 'for the team');
  await open('teams', /^Support/);
  await olivia.getByLabel('Name', { exact: true }).fill('Front of house');
  await olivia.getByRole('checkbox', { name: /^Ben Okafor/ }).uncheck();
  await save();
  const lines = ben.getByRole('list', { name: 'Conversations' }).getByRole('link');
  await expect.poll(() => lines.count()).toBe(0);
  await olivia.getByRole('checkbox', { name: /^Ben Okafor/ }).check();
  await save();
  await expect.poll(() => lines.count()).toBeGreaterThan(0);
  await open('teams');
  await olivia.getByRole('link', { name: /^Front of house/ }).waitFor();
  await ben.context().close();
});

test('an owner makes a canned reply, changes it and deletes it, and agents have it as it is', async () => {
  await openWaiting(anna, 'for the team');
  await claim(anna);
  const address = await anna.evaluate(() => location.hash);
  const box = anna.getByRole('textbox', { name: 'Message' });
  const offered = async () => {
    await anna.goto(`${scene.sotto.home.origin}/`);
    await anna.reload();
    await anna.evaluate((hash) => {
      location.hash = hash;
    }, address);
    await shows(anna, 'for the team');
    await anna.waitForLoadState('networkidle');
    await box.fill('');
    await box.pressSequentially('/hours');
    await anna.locator('.canned').waitFor();
    return (await anna.locator('.canned').innerText()).trim();
  };
  expect(await offered()).toBe('There is no canned reply for this.');

  await open('replies', /^New canned reply/);
  await olivia.getByLabel('Shortcut', { exact: true }).fill('hello');
  await olivia.getByLabel('Text', { exact: true }).fill('We open at 8, {{customer.nam}}.');
  await olivia.getByRole('status').getByText('Nobody knows what to fill in for {{customer.nam}}.').waitFor();
  await olivia.getByLabel('Text', { exact: true }).fill('We open at 8, {{customer.name}}.');
  await olivia.getByRole('button', { name: 'Create the reply' }).click();
  expect(
    await olivia
      .getByLabel('Shortcut', { exact: true })
      .evaluate((field) => (field as HTMLInputElement).validationMessage),
  ).toBe('There is a reply with this shortcut already.');
  await olivia.getByLabel('Shortcut', { exact: true }).fill('hours');
  await olivia.getByRole('button', { name: 'Create the reply' }).click();
  const line = olivia.locator('.settings-content').getByRole('link', { name: /^\/hours/ });
  await line.waitFor();
  expect(await offered()).toContain('We open at 8');

  await line.click();
  await olivia.getByLabel('Text', { exact: true }).fill('From Monday on we open at 7.');
  await olivia.getByRole('button', { name: 'Save', exact: true }).click();
  await line.filter({ hasText: 'From Monday on we open at 7.' }).waitFor();
  expect(await offered()).toContain('From Monday on we open at 7.');

  await line.click();
  await olivia.getByRole('button', { name: 'Delete' }).click();
  await olivia
    .getByRole('alertdialog', { name: 'Delete /hours?' })
    .getByRole('button', { name: 'Delete' })
    .click();
  await olivia.getByRole('link', { name: /^\/hello/ }).waitFor();
  expect(await line.count()).toBe(0);
  expect(await offered()).toBe('There is no canned reply for this.');
});

test('W6 all of it asked nobody else and broke no policy', () => {
  expect(scene.complaints).toEqual([]);
});
