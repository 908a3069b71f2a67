/**
 * Takes the pictures of docs/SCREENS.md from the real product: `npm run pictures`. Names, texts and settings are the
 * demo's own; what the customer and the agents say is below.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { ROOT } from '../../src/tools/project.ts';
import { claim, giveCode, openShowing, pressLauncher, say, shows, widgetIn } from './person.ts';
import { Scene } from './scene.ts';
import { VirtualAuthenticator } from './virtual-authenticator.ts';

const folder = path.join(ROOT, 'docs/pictures');
const desktop = { width: 1280, height: 800 };
const phone = { width: 375, height: 720 };

mkdirSync(folder, { recursive: true });
const scene = await Scene.open();
try {
  await take();
} finally {
  await scene.close();
}

async function take(): Promise<void> {
  const { sotto } = scene;
  const shop = await scene.stranger({ viewport: { width: 1000, height: 720 } });
  await shop.goto(`${sotto.home.shopOrigin}/`);
  await pressLauncher(shop);
  const widget = await widgetIn(shop);
  await widget.locator('textarea').waitFor();
  await picture(shop, 'widget-opened');
  await say(widget, 'Hello! Do you have decaf beans that work in a moka pot?');
  await shows(widget, 'Hello! Do you have decaf beans that work in a moka pot?');

  const anna = await scene.staff('Anna', { viewport: desktop });
  await dismissOffer(anna);
  await openShowing(anna, 'Waiting', 'Hello! Do you have decaf beans that work in a moka pot?');
  await claim(anna);
  await say(
    anna,
    'We do: **Quiet Harbour**, roasted on Tuesday. Grind it a little coarser than for espresso.',
  );
  await anna.keyboard.press('Control+i');
  await anna.getByRole('textbox', { name: /^Note/ }).fill('Has asked about decaf before; likes dark roasts.');
  await anna.keyboard.press('Enter');
  await anna.keyboard.press('Control+i');
  await say(widget, 'Lovely, I take two bags.');
  await shows(anna, 'Lovely, I take two bags.');
  const others = [];
  for (const text of [
    'Where is my parcel?',
    'Can I visit the roastery on Saturday?',
    'My grinder is too loud.',
  ]) {
    const other = await scene.customer();
    await say(other.widget, text);
    await other.widget.getByText('Sent', { exact: true }).waitFor();
    others.push(other);
  }
  await picture(shop, 'widget');
  await bothLooks(anna, 'dashboard');
  await anna.keyboard.press('Escape');
  for (const [key, name, file] of [
    ['h', 'Hand over this conversation', 'hand-over'],
    ['?', 'Keyboard shortcuts', 'keyboard'],
    ['Control+k', 'Commands', 'commands'],
  ] as const) {
    await anna.keyboard.press(key);
    await anna.getByRole('dialog', { name }).waitFor();
    await picture(anna, file);
    await anna.keyboard.press('Escape');
    // Closed it still has the keys, until it is gone.
    await anna.locator('dialog').waitFor({ state: 'detached' });
  }
  await anna.setViewportSize(phone);
  await picture(anna, 'dashboard-phone');
  await anna.getByRole('button', { name: 'Back' }).click();
  await picture(anna, 'inbox-phone');

  await pictureOfYourData();

  for (const [file, locale, sitePath] of [
    ['widget-phone-german', 'de-DE', '/'],
    ['widget-phone-arabic', 'ar-EG', '/'],
    ['widget-phone-questions', 'en-GB', '/roastery'],
  ] as const) {
    const page = await scene.stranger({
      viewport: phone,
      locale,
      colorScheme: locale === 'de-DE' ? 'dark' : 'light',
    });
    await page.goto(`${sotto.home.shopOrigin}${sitePath}`);
    await pressLauncher(page);
    await (await widgetIn(page)).locator('textarea, form').first().waitFor();
    await picture(page, file);
    await page.context().close();
  }

  const olivia = await takeOfSignIn();
  await dismissOffer(olivia);
  await takeOfPeople(olivia);
  await takeOfDuties(olivia);
  await olivia.goto(`${sotto.home.origin}/#/settings/live`);
  await olivia
    .getByRole('link', { name: /^Watch without being shown/ })
    .first()
    .waitFor();
  await sheet(olivia, 'settings-live');
  const ines = await scene.staff('Ines');
  await ines.goto(`${sotto.home.origin}/#/settings/ledger`);
  await ines.getByText('Take along', { exact: true }).click();
  for (let n = 0; n < 3; n++) {
    const downloading = ines.waitForEvent('download');
    await ines.getByRole('button', { name: 'A table (CSV)' }).click();
    await downloading;
  }
  await ines.context().close();
  // It is found, and everybody told, within seconds.
  await olivia.waitForTimeout(8_000);
  await olivia.goto(`${sotto.home.origin}/#/settings/alarms`);
  await olivia.getByRole('button', { name: /^Answer:/ }).waitFor();
  await sheet(olivia, 'settings-alarms');
  await olivia.goto(`${sotto.home.origin}/#/settings/ledger`);
  await olivia.getByRole('list', { name: 'What was entered' }).waitFor();
  await sheet(olivia, 'settings-ledger');
  await takeOfOneself(olivia);
}

/** In two steps, as everybody on staff comes in. */
async function takeOfSignIn(): Promise<Page> {
  const { origin } = scene.sotto.home;
  const person = scene.person('Olivia');
  const page = await scene.stranger({ viewport: desktop });
  await page.goto(`${origin}/`);
  await page.getByLabel('E-mail address').fill(person.address);
  await sheet(page, 'sign-in');
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByLabel('One-time code').waitFor();
  await sheet(page, 'second-factor');
  await giveCode(page, person);
  await page.getByRole('list', { name: 'Conversations' }).waitFor();
  return page;
}

/** Who works here, on which sites, and with what they answer. */
async function takeOfPeople(olivia: Page): Promise<void> {
  const { home, demo } = scene.sotto;
  const take = async (address: string, there: Locator, file: string) => {
    await olivia.goto(`${home.origin}/#/settings/${address}`);
    await there.first().waitFor();
    await sheet(olivia, file);
  };
  const save = olivia.getByRole('button', { name: 'Save' });
  await take('people', olivia.getByRole('link', { name: /Anna Berg/ }), 'settings-people');
  await take('roles', olivia.getByRole('region', { name: 'Permissions of every role' }), 'settings-roles');
  await take('teams', olivia.getByRole('link', { name: /^New/ }), 'settings-teams');
  await take(`sites/${demo.sites[0]?.id ?? ''}`, save, 'settings-sites');
  await take('replies', olivia.getByRole('link', { name: /^New/ }), 'settings-replies');
  await take('visitors', olivia.getByRole('heading', { name: 'Who may not write' }), 'settings-visitors');
  await take('organisation', save, 'settings-organisation');
}

async function takeOfOneself(olivia: Page): Promise<void> {
  await VirtualAuthenticator.in(olivia);
  await olivia.goto(`${scene.sotto.home.origin}/#/me`);
  await olivia.getByLabel('Name').fill('My laptop');
  await olivia.getByRole('button', { name: 'Add a passkey' }).click();
  await olivia.getByText('not used yet').waitFor();
  await olivia.getByRole('heading', { name: 'Your sign-in' }).scrollIntoViewIfNeeded();
  await sheet(olivia, 'my-sign-in');
}

/** What a company owes its customers and itself. */
async function takeOfDuties(olivia: Page): Promise<void> {
  const { origin } = scene.sotto.home;
  await olivia.goto(`${origin}/#/settings/keys`);
  await olivia.getByRole('heading', { name: 'Wrapping other keys' }).waitFor();
  await sheet(olivia, 'settings-keys');
  await olivia.goto(`${origin}/#/settings/backups`);
  for (const number of [1, 2]) {
    await olivia.getByRole('button', { name: 'Make one now' }).click();
    await olivia.getByText(`Backup ${number} is made, and whole.`).waitFor();
  }
  await sheet(olivia, 'settings-backups');
  await takeOfIncidents(olivia);
  await olivia.goto(`${origin}/#/settings/checks`);
  await olivia.getByRole('button', { name: 'Run them now' }).click();
  await olivia.getByText(/^The checks are done: /).waitFor({ timeout: 120_000 });
  await sheet(olivia, 'settings-checks');
  await olivia.goto(`${origin}/#/`);
  await openShowing(olivia, 'All', 'Where is my parcel?');
  await olivia.getByRole('link', { name: 'They ask about their data: open a request' }).click();
  await olivia.getByLabel('What they ask for').selectOption('Erasure of everything about them');
  await olivia.getByLabel('How you know that it is they').fill('They wrote in their own conversation.');
  await olivia.getByRole('button', { name: 'Open the request' }).click();
  await olivia.getByRole('button', { name: 'Erase them' }).waitFor();
  await sheet(olivia, 'settings-privacy');
  await olivia.goto(`${origin}/#/settings/profiles`);
  await olivia.getByText('The measures of GDPR').click();
  await sheet(olivia, 'settings-profiles');
  await olivia.goto(`${origin}/#/settings/processing`);
  await olivia.getByRole('heading', { name: 'Who answers for the data' }).waitFor();
  await sheet(olivia, 'settings-processing');
  await olivia.goto(`${origin}/#/settings/training`);
  await olivia.getByRole('button', { name: 'Ask what is suggested' }).click();
  await olivia.getByRole('alertdialog').getByRole('button', { name: 'Ask it' }).click();
  await olivia.getByText('It holds at once, also for those who sit here.').first().waitFor();
  await sheet(olivia, 'settings-training');
  await olivia.goto(`${origin}/#/training/sensitive-data`);
  await olivia.getByRole('heading', { name: 'Scenario: the helpful customer' }).scrollIntoViewIfNeeded();
  await sheet(olivia, 'lesson');
}

async function takeOfIncidents(olivia: Page): Promise<void> {
  const { origin } = scene.sotto.home;
  await olivia.goto(`${origin}/#/settings/incidents/new`);
  await olivia.getByLabel('What it is, in a line').fill('Ben’s laptop was stolen on a train');
  await olivia.getByLabel('What happened, and how you noticed').fill('He was signed in. He called at noon.');
  await olivia.getByLabel('Which kind').selectOption('A device is lost or stolen');
  await olivia.getByRole('button', { name: 'Declare it' }).click();
  await olivia.getByText('What happened, since when, and to whose data?').waitFor();
  await sheet(olivia, 'settings-incidents');
  await olivia.goto(`${origin}/#/settings/incidents/drills`);
  await olivia.getByText('No drill was played yet.').waitFor();
  await sheet(olivia, 'settings-drills');
  await olivia.goto(`${origin}/#/settings/containment`);
  await olivia.getByText('Nothing is held back.').waitFor();
  await sheet(olivia, 'settings-containment');
}

async function dismissOffer(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Not now' }).click();
}

async function bothLooks(page: Page, file: string): Promise<void> {
  await picture(page, file);
  await page.emulateMedia({ colorScheme: 'dark' });
  await picture(page, `${file}-dark`);
  await page.emulateMedia({ colorScheme: 'light' });
}

async function picture(page: Page, file: string): Promise<void> {
  await page.waitForTimeout(500);
  await page.screenshot({ path: path.join(folder, `${file}.png`), animations: 'disabled' });
}

/** The same screen at a desk and on a phone, light and dark, side by side. */
async function sheet(page: Page, file: string): Promise<void> {
  const looks: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const)
    for (const viewport of [desktop, phone]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(viewport);
      await page.waitForTimeout(400);
      const look = await page.screenshot({ animations: 'disabled' });
      looks.push(`<img src="data:image/png;base64,${look.toString('base64')}">`);
    }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(desktop);
  const table = await (await scene.browser.newContext({ viewport: { width: 1080, height: 1000 } })).newPage();
  await table.setContent(
    `<style>body { margin: 0; padding: 12px; display: inline-grid; grid: auto / auto auto; gap: 12px; background: #888 }
     img { height: 480px; display: block }</style>${looks.join('')}`,
  );
  await table
    .locator('body')
    .screenshot({ path: path.join(folder, `${file}.jpg`), type: 'jpeg', quality: 80 });
  await table.context().close();
}

/** Of a customer who has proved by a code that it is they, and has had a copy made. */
async function pictureOfYourData(): Promise<void> {
  const address = 'kim@example.com';
  const page = await scene.stranger({ viewport: phone, locale: 'en-GB' });
  await page.goto(`${scene.sotto.home.shopOrigin}/`);
  await pressLauncher(page);
  const widget = await widgetIn(page);
  await say(widget, 'What do you have of me?');
  await widget.getByText('Sent', { exact: true }).waitFor();
  await widget.getByRole('button', { name: 'Menu' }).click();
  await widget.getByRole('menuitem', { name: 'Your data' }).click();
  await widget.getByRole('button', { name: 'Confirm by a code' }).click();
  await widget.getByLabel('Your e-mail address').fill(address);
  await widget.getByRole('button', { name: 'Send the code' }).click();
  await widget.getByLabel('Code from the mail').fill(await scene.sotto.mailed(address, /^\d{6}/m));
  await widget.getByRole('button', { name: 'Confirm', exact: true }).click();
  await widget.getByRole('button', { name: 'Have my copy made' }).click();
  await widget.getByRole('button', { name: 'Download the copy' }).waitFor({ timeout: 30_000 });
  await picture(page, 'widget-your-data');
  await page.context().close();
}
