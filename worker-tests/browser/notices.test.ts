import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claim, openWaiting, pressLauncher, say, shows, signIn, widgetIn } from './person.ts';
import { type Customer, Scene } from './scene.ts';
import { launcherIn } from './tree.ts';

// How somebody who looks elsewhere is told that something came: by a sound, a notice of the desktop, and in the tab.

/** What a page did to be heard and seen outside of itself. */
interface Recorded {
  tones: number[];
  notices: { title: string; options: NotificationOptions; press: () => void }[];
}

/** One sound is two tones. */
const sound = [660, 880];
/** As long as what comes together is told once, in milliseconds. */
const calm = 3_500;

let scene: Scene;
let customer: Customer;
let anna: Page;
/** Another tab of Anna's browser, which shows something else. */
let elsewhere: Page;
let address = '';

beforeAll(async () => {
  scene = await Scene.open();
  const { origin } = scene.sotto.home;
  anna = await scene.stranger();
  await anna.context().addInitScript(record);
  await anna.context().grantPermissions(['notifications'], { origin });
  await signIn(anna, origin, scene.person('Anna'));
  elsewhere = await anna.context().newPage();
  customer = await heard();
  await say(customer.widget, 'where is my parcel?');
  await openWaiting(anna, 'where is my parcel?');
  await claim(anna);
  address = await anna.evaluate(() => location.hash);
});
afterAll(() => scene.close());

/** In a page: tones are heard as ever and written down, notices are written down in place of being shown. */
function record(): void {
  const recorded: Recorded = { tones: [], notices: [] };
  Object.assign(window, { recorded });
  OscillatorNode.prototype.start = function (when) {
    recorded.tones.push(this.frequency.value);
    AudioScheduledSourceNode.prototype.start.call(this, when);
  };
  const real = Notification;
  class Recorder extends EventTarget {
    static get permission() {
      return real.permission;
    }
    constructor(title: string, options: NotificationOptions) {
      super();
      recorded.notices.push({ title, options, press: () => this.dispatchEvent(new Event('click')) });
    }
    close(): void {}
  }
  Object.assign(window, { Notification: Recorder });
}

/** A customer whose page is listened to. */
async function heard(): Promise<Customer> {
  const page = await scene.stranger();
  await page.context().addInitScript(record);
  await page.goto(`${scene.sotto.home.shopOrigin}/`);
  await pressLauncher(page);
  return { page, widget: await widgetIn(page) };
}

/** What was played and shown since this was asked for last. */
async function since(place: Page | Frame): Promise<{ tones: number[]; notices: object[] }> {
  return place.evaluate(() => {
    const { tones, notices } = (window as unknown as { recorded: Recorded }).recorded;
    return {
      tones: tones.splice(0),
      notices: notices.splice(0).map(({ title, options }) => ({ title, ...options })),
    };
  });
}

/** Whoever sits there looks at this tab. Playwright has every page believe that it is looked at. */
async function lookAt(page: Page): Promise<void> {
  for (const each of [anna, elsewhere]) {
    const devtools = await each.context().newCDPSession(each);
    await devtools.send('Emulation.setFocusEmulationEnabled', { enabled: false });
  }
  await page.bringToFront();
  await expect.poll(() => page.evaluate(() => document.hasFocus())).toBe(true);
}

const icon = (page: Page) => page.locator('link[rel="icon"]').getAttribute('href');

test('what is looked at needs no sound and no notice', async () => {
  await lookAt(anna);
  await anna.waitForTimeout(calm);
  await since(anna);
  await say(customer.widget, 'it is late');
  await shows(anna, 'it is late');
  await anna.waitForTimeout(500);
  expect(await since(anna)).toEqual({ tones: [], notices: [] });
  expect(await anna.title()).toBe('Sotto');
});

test('whoever looks elsewhere hears one sound and reads one notice, in which nothing stands of what was written', async () => {
  await lookAt(elsewhere);
  await anna.waitForTimeout(1_000);
  await say(customer.widget, 'MARKED-TEXT nobody shall read this behind me');
  await say(customer.widget, 'MARKED-TEXT nor this');
  await shows(anna, 'MARKED-TEXT nor this');
  await anna.waitForTimeout(calm);
  const id = address.replace('#/conversations/', '');
  expect(await since(anna)).toEqual({
    tones: sound,
    notices: [{ title: 'A customer wrote to you on Harbour Coffee', tag: id, silent: true }],
  });
});

test('the tab says how many wait, in its title and by its picture, until nobody does', async () => {
  const plain = await icon(anna);
  const other = await heard();
  await say(other.widget, 'MARKED-TEXT somebody new');
  await expect.poll(() => anna.title()).toBe('(1) Sotto');
  expect(await icon(anna)).not.toBe(plain);
  await expect
    .poll(async () => (await since(anna)).notices)
    .toEqual([expect.objectContaining({ title: 'A customer is waiting on Harbour Coffee' })]);
  const third = await heard();
  await say(third.widget, 'MARKED-TEXT and one more');
  await expect.poll(() => anna.title()).toBe('(2) Sotto');
  await lookAt(anna);
  for (const text of ['MARKED-TEXT somebody new', 'MARKED-TEXT and one more']) {
    await openWaiting(anna, text);
    await claim(anna);
  }
  await expect.poll(() => anna.title()).toBe('Sotto');
  expect(await icon(anna)).toBe(plain);
  for (const { page } of [other, third]) await page.context().close();
});

test('a notice that is pressed leads to its conversation', async () => {
  await anna.evaluate((hash) => {
    location.hash = hash;
  }, address);
  await shows(anna, 'where is my parcel?');
  await say(anna, 'on its way');
  await shows(customer.widget, 'on its way');
  await anna.evaluate(() => {
    location.hash = '#/';
  });
  await lookAt(elsewhere);
  await anna.waitForTimeout(calm);
  await since(anna);
  await say(customer.widget, 'are you there?');
  await expect
    .poll(() => anna.evaluate(() => (window as unknown as { recorded: Recorded }).recorded.notices.length))
    .toBe(1);
  expect(await anna.evaluate(() => location.hash)).not.toBe(address);
  await anna.evaluate(() => (window as unknown as { recorded: Recorded }).recorded.notices[0]?.press());
  await shows(anna, 'are you there?');
  expect(await anna.evaluate(() => location.hash)).toBe(address);
});

test('two tabs of one browser tell it once', async () => {
  const second = await anna.context().newPage();
  await second.goto(`${scene.sotto.home.origin}/`);
  await second.getByRole('list', { name: 'Conversations' }).waitFor();
  // Before somebody has touched a page it may not sound, so that both could.
  await second.getByRole('button', { name: /^All/ }).click();
  await lookAt(elsewhere);
  await anna.waitForTimeout(calm);
  await since(anna);
  await since(second);
  await say(customer.widget, 'told once');
  await shows(anna, 'told once');
  await anna.waitForTimeout(calm);
  const told = [await since(anna), await since(second)];
  expect(told.flatMap(({ tones }) => tones)).toEqual(sound);
  expect(told.flatMap(({ notices }) => notices)).toHaveLength(1);
  await second.close();
});

test('the sound is turned off and stays off, and the notice comes all the same', async () => {
  await lookAt(anna);
  await anna.getByRole('button', { name: /^Anna Berg/ }).click();
  await anna.getByLabel('Sound', { exact: true }).uncheck();
  await anna.getByText('Desktop notices').locator('..').getByText('On', { exact: true }).waitFor();
  await anna.keyboard.press('Escape');
  await anna.reload();
  await shows(anna, 'told once');
  await anna.getByRole('textbox', { name: 'Message' }).click();
  await lookAt(elsewhere);
  await anna.waitForTimeout(calm);
  await since(anna);
  await say(customer.widget, 'quietly');
  await shows(anna, 'quietly');
  await anna.waitForTimeout(500);
  expect(await since(anna)).toEqual({
    tones: [],
    notices: [expect.objectContaining({ title: 'A customer wrote to you on Harbour Coffee' })],
  });
});

test('the widget sounds once for what comes while it is closed, says how many on its launcher, and not at all once it is turned off', async () => {
  const { page, widget } = customer;
  await say(anna, 'seen at once');
  await shows(widget, 'seen at once');
  expect((await since(widget)).tones).toEqual([]);
  await widget.getByRole('textbox', { name: 'Message' }).press('Escape');
  await say(anna, 'while you were away');
  await expect.poll(() => launcherIn(page)).toContain('button "Chat, 1 unread message" [collapsed]');
  await expect.poll(async () => (await since(widget)).tones).toEqual(sound);

  await pressLauncher(page);
  await shows(widget, 'while you were away');
  await widget.getByRole('button', { name: 'Menu' }).click();
  await widget.getByRole('menuitemcheckbox', { name: 'Sound' }).click();
  await widget.getByRole('textbox', { name: 'Message' }).press('Escape');
  await say(anna, 'without a sound');
  await expect.poll(() => launcherIn(page)).toContain('button "Chat, 1 unread message" [collapsed]');
  await page.waitForTimeout(500);
  expect((await since(widget)).tones).toEqual([]);
});

test('a widget that might not sound yet does not make up for it later', async () => {
  const { page } = customer;
  // Where the frame may store nothing, this also forgets that the sound was turned off.
  await page.reload();
  const widget = await widgetIn(page);
  const unread = (count: number) =>
    expect.poll(() => launcherIn(page)).toContain(`button "Chat, ${count} unread messages" [collapsed]`);
  await say(anna, 'to a page that nobody has touched');
  await unread(2);
  await say(anna, 'and once more');
  await unread(3);
  await pressLauncher(page);
  await shows(widget, 'and once more');
  await widget.getByRole('textbox', { name: 'Message' }).press('Escape');
  await say(anna, 'now it may');
  await expect.poll(() => launcherIn(page)).toContain('button "Chat, 1 unread message" [collapsed]');
  await page.waitForTimeout(500);
  expect((await since(widget)).tones).toEqual(sound);
});

test('W6 all of it asked nobody else and broke no policy', () => {
  expect(scene.complaints).toEqual([]);
});
