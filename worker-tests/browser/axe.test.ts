import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultsInEveryLook, faultsInStrongLooks } from './axe.ts';
import { claim, openWaiting, pressLauncher, say, shows, widgetIn } from './person.ts';
import { Scene } from './scene.ts';

// Every screen, light and dark, wide and narrow, under the eyes of the axe engine.

let scene: Scene;
beforeAll(async () => {
  scene = await Scene.open();
});
afterAll(() => scene.close());

async function opened(path: string, locale: string): Promise<{ page: Page; widget: Frame }> {
  const page = await scene.stranger({ locale });
  await page.goto(`${scene.sotto.home.shopOrigin}${path}`);
  await pressLauncher(page);
  return { page, widget: await widgetIn(page) };
}

test.each(['en-GB', 'de-DE', 'ar-EG'])('B3 axe finds nothing in the widget in %s', async (locale) => {
  const { page, widget } = await opened('/', locale);
  const faults: string[] = [];
  const look = async (screen: string) => {
    faults.push(...(await faultsInEveryLook(screen, page, widget)));
  };
  const box = widget.locator('textarea');
  await box.waitFor();
  await look('opened');
  await box.fill('Hello, see https://example.com/ *and* this');
  await box.press('Enter');
  await widget.locator('.message').first().waitFor();
  await look('written');
  await widget.locator('header button').first().click();
  await widget.locator(':popover-open, dialog[open]').first().waitFor();
  await look('menu');
  await page.context().close();
  expect(faults).toEqual([]);
});

test('B3 axe finds nothing in the widget before, at the end of and after a chat', async () => {
  const { page, widget } = await opened('/roastery', 'en-GB');
  const faults: string[] = [];
  const look = async (screen: string) => {
    faults.push(...(await faultsInEveryLook(screen, page, widget)));
  };
  await widget.getByRole('checkbox').waitFor();
  await look('pre-chat');
  await widget.getByRole('checkbox').check();
  await widget.getByRole('button', { name: 'Start', exact: true }).click();
  await say(widget, 'a short one');
  await shows(widget, 'a short one');
  const asked = async (item: string) => {
    await widget.locator('header button').first().click();
    await widget.getByRole('menuitem', { name: item }).click();
    await widget.getByRole('button', { name: 'Cancel' }).waitFor();
    await look(item);
  };
  await asked('Forget me');
  await widget.getByRole('button', { name: 'Cancel' }).click();
  await asked('End this conversation');
  await widget.getByRole('button', { name: 'End it' }).click();
  await widget.getByRole('button', { name: 'Start a new conversation' }).waitFor();
  await widget.getByText('How was this conversation?').waitFor();
  await look('ended');
  await page.context().close();
  expect(faults).toEqual([]);
});

test('B3 axe finds nothing at the dashboard’s door and in an agent’s inbox', async () => {
  const { origin } = scene.sotto.home;
  const faults: string[] = [];
  const stranger = await scene.stranger();
  await stranger.goto(`${origin}/`);
  await stranger.getByLabel('Password').waitFor();
  faults.push(...(await faultsInEveryLook('sign-in', stranger)));
  await stranger.goto(`${origin}/#/invitation/none`);
  await stranger.getByLabel('Password').fill('a password');
  await stranger.getByRole('status').filter({ hasText: /guess/ }).waitFor();
  faults.push(...(await faultsInEveryLook('choosing a password', stranger)));
  await stranger.context().close();

  const { page: shop, widget } = await scene.customer();
  await say(widget, 'a question');
  await shows(widget, 'a question');
  const anna = await scene.staff('Anna');
  const look = async (screen: string) => {
    faults.push(...(await faultsInEveryLook(screen, anna)));
  };
  await look('inbox');
  await openWaiting(anna, 'a question');
  await look('waiting conversation');
  await claim(anna);
  await say(anna, 'An answer with `code` and https://example.com/');
  await shows(anna, 'An answer with code and https://example.com/');
  await look('own conversation');
  for (const [key, name] of [
    ['h', 'Hand over this conversation'],
    ['s', 'Snooze this conversation'],
    ['?', 'Keyboard shortcuts'],
    ['Control+k', 'Commands'],
  ] as const) {
    await anna.keyboard.press('Escape');
    await anna.keyboard.press(key);
    await anna.getByRole('dialog', { name }).waitFor();
    await look(name);
    await anna.keyboard.press('Escape');
    // Closed it still has the keys, until it is gone.
    await anna.locator('dialog').waitFor({ state: 'detached' });
  }
  await anna.keyboard.press('n');
  await anna.getByRole('textbox', { name: /^Note/ }).waitFor();
  await look('note');
  await anna.keyboard.press('/');
  await anna.getByRole('listbox', { name: 'Canned replies' }).waitFor();
  await look('canned replies');
  await anna.keyboard.press('Escape');
  await anna.getByRole('button', { name: /^Anna Berg/ }).click();
  await look('own menu');
  await anna.keyboard.press('Escape');
  await anna.goto(`${origin}/#/settings/sites`);
  await anna.getByText('This is not yours to change').waitFor();
  await look('settings without the right');
  await anna.context().close();
  await shop.context().close();
  expect(faults).toEqual([]);
});

test('B3 axe finds nothing on the main screens for whoever asked for more contrast or colours of their own', async () => {
  const { origin } = scene.sotto.home;
  const { page: shop, widget } = await scene.customer();
  const faults = await faultsInStrongLooks('the widget, opened', shop, widget);
  await say(widget, 'a question in strong colours');
  await shows(widget, 'a question in strong colours');
  const anna = await scene.staff('Anna');
  await openWaiting(anna, 'a question in strong colours');
  await claim(anna);
  await say(anna, 'An answer with `code` and https://example.com/');
  await shows(widget, 'An answer with code and https://example.com/');
  faults.push(...(await faultsInStrongLooks('the widget, in a conversation', shop, widget)));
  faults.push(...(await faultsInStrongLooks('the inbox with a conversation', anna)));
  await anna.keyboard.press('Escape');
  await anna.keyboard.press('?');
  await anna.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  faults.push(...(await faultsInStrongLooks('a dialog', anna)));
  await anna.context().close();
  await shop.context().close();
  const olivia = await scene.staff('Olivia');
  for (const [screen, heading] of [
    ['people', 'People'],
    [`sites/${scene.sotto.demo.sites[0]?.id ?? ''}`, 'Harbour Coffee'],
    ['roles', 'Roles'],
    ['checks', 'Security checks'],
  ] as const) {
    await olivia.goto(`${origin}/#/settings/${screen}`);
    await olivia.getByRole('heading', { level: 2, name: heading, exact: true }).waitFor();
    await olivia.waitForLoadState('networkidle');
    faults.push(...(await faultsInStrongLooks(screen, olivia)));
  }
  await olivia.context().close();
  expect(faults).toEqual([]);
});

test('where the browser chooses the colours, what is chosen still stands out', async () => {
  const olivia = await scene.staff('Olivia');
  await olivia.goto(`${scene.sotto.home.origin}/#/settings/people`);
  await olivia.getByRole('heading', { level: 2, name: 'People' }).waitFor();
  await olivia.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  const links = olivia.getByRole('navigation', { name: 'Settings' }).getByRole('link');
  const grounds = () =>
    links.evaluateAll((all) =>
      all.map((link) => [link.ariaCurrent === 'page', getComputedStyle(link).backgroundColor] as const),
    );
  const [chosen, ...more] = (await grounds()).filter(([isChosen]) => isChosen);
  expect(more).toEqual([]);
  for (const [isChosen, ground] of await grounds()) if (!isChosen) expect(ground).not.toBe(chosen?.[1]);
  await olivia.context().close();
});

test('a site’s colour gives way to Sotto’s own for whoever asked for more contrast', async () => {
  const { page, widget } = await scene.customer();
  const accent = () =>
    widget.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--accent'));
  const own = /^#(?!0a3d31)[0-9a-f]{6}$/;
  await expect.poll(accent).toMatch(own);
  await page.emulateMedia({ contrast: 'more' });
  await expect.poll(accent).toBe('#0a3d31');
  await page.context().close();
});

test('B3 axe finds nothing in the settings', async () => {
  const { origin } = scene.sotto.home;
  const faults: string[] = [];
  const olivia = await scene.staff('Olivia');
  for (const screen of ['sites', 'teams', 'replies', 'roles']) {
    await olivia.goto(`${origin}/#/settings/${screen}`);
    await olivia.getByRole('link', { name: /^New/ }).first().waitFor();
    faults.push(...(await faultsInEveryLook(screen, olivia)));
    await olivia.goto(`${origin}/#/settings/${screen}/new`);
    await olivia.getByRole('button', { name: /^Create/ }).waitFor();
    faults.push(...(await faultsInEveryLook(`new ${screen}`, olivia)));
  }
  await olivia.goto(`${origin}/#/settings/visitors`);
  await olivia.getByRole('button', { name: 'Ban' }).waitFor();
  faults.push(...(await faultsInEveryLook('visitors', olivia)));
  await olivia.goto(`${origin}/#/settings/people`);
  await olivia.getByRole('link', { name: /Anna Berg/ }).waitFor();
  faults.push(...(await faultsInEveryLook('people', olivia)));
  await olivia.getByRole('link', { name: /Anna Berg/ }).click();
  await olivia.getByRole('button', { name: 'Save the role' }).waitFor();
  faults.push(...(await faultsInEveryLook('a person', olivia)));
  await olivia.goto(`${origin}/#/settings/people/new`);
  await olivia.getByRole('checkbox').first().waitFor();
  faults.push(...(await faultsInEveryLook('an invitation', olivia)));
  await olivia.goto(`${origin}/#/settings/organisation`);
  await olivia.getByLabel('Where staff may work from').waitFor();
  faults.push(...(await faultsInEveryLook('the organisation', olivia)));
  await olivia.goto(`${origin}/#/settings/keys`);
  await olivia.getByRole('heading', { name: 'Wrapping other keys' }).waitFor();
  faults.push(...(await faultsInEveryLook('keys', olivia)));
  await olivia.goto(`${origin}/#/settings/live`);
  await olivia.getByRole('heading', { name: 'Support' }).waitFor();
  faults.push(...(await faultsInEveryLook('right now', olivia)));
  await olivia.goto(`${origin}/#/settings/alarms`);
  await olivia.getByLabel('Address of the other system').waitFor();
  faults.push(...(await faultsInEveryLook('alarms', olivia)));
  await olivia.goto(`${origin}/#/settings/ledger`);
  await olivia.getByRole('list', { name: 'What was entered' }).waitFor();
  for (const part of ['Look for…', 'Take along', 'Is it whole?'])
    await olivia.getByText(part, { exact: true }).click();
  await olivia.getByText('Details', { exact: true }).first().click();
  await olivia.getByLabel('The signed lines', { exact: true }).waitFor();
  faults.push(...(await faultsInEveryLook('the ledger', olivia)));
  await olivia.goto(`${origin}/#/settings/sites/${scene.sotto.demo.sites[1]?.id ?? ''}`);
  await olivia.getByRole('button', { name: 'Save' }).waitFor();
  faults.push(...(await faultsInEveryLook('a site', olivia)));
  await olivia.context().close();
  expect(faults).toEqual([]);
});
