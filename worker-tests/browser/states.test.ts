import type { Page, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { faultsInEveryLook } from './axe.ts';
import { Scene } from './scene.ts';

// What the screens show while they have nothing to show yet, could not get it, find nothing, or are not for whoever looks.

interface Screen {
  screen: string;
  name: string;
  /** What it says where there is nothing; null where something always is. */
  empty: string | null;
}

const screens: readonly Screen[] = [
  { screen: 'people', name: 'People', empty: 'Nobody fits.' },
  { screen: 'roles', name: 'Roles', empty: null },
  { screen: 'teams', name: 'Teams', empty: 'There is no team yet.' },
  { screen: 'sites', name: 'Sites', empty: 'There is no site yet.' },
  { screen: 'replies', name: 'Canned replies', empty: 'There is no canned reply yet.' },
  { screen: 'visitors', name: 'Visitors', empty: 'Nobody has written yet.' },
  { screen: 'live', name: 'Right now', empty: 'There is no team whose work you may see.' },
  { screen: 'privacy', name: 'Privacy', empty: 'Nobody waits for an answer.' },
  { screen: 'profiles', name: 'Laws', empty: null },
  { screen: 'processing', name: 'Record of processing', empty: null },
  { screen: 'checks', name: 'Security checks', empty: 'They have not been run yet.' },
  { screen: 'alarms', name: 'Alarms', empty: 'Nothing is unusual.' },
  { screen: 'incidents', name: 'Incidents', empty: 'There is no incident.' },
  { screen: 'containment', name: 'In an emergency', empty: 'Nothing is held back.' },
  { screen: 'training', name: 'Training', empty: 'There is nobody here to see.' },
  { screen: 'ledger', name: 'The ledger', empty: 'Nothing has been entered yet.' },
  { screen: 'organisation', name: 'Organisation', empty: null },
  { screen: 'keys', name: 'Keys', empty: null },
  { screen: 'backups', name: 'Backups', empty: 'There is no backup yet.' },
];

/** Screens behind those: what says where one is while they come, and once they are there. */
const behind = [
  { at: 'settings/people/new', until: 'Invite somebody', name: 'Invite somebody' },
  { at: 'settings/roles/new', until: 'Roles', name: 'New role' },
  { at: 'settings/roles/owner', until: 'Roles', name: 'Owner' },
  { at: 'settings/sites/new', until: 'Sites', name: 'New site' },
  { at: 'settings/replies/new', until: 'Canned replies', name: 'New canned reply' },
  { at: 'settings/incidents/new', until: 'Declare an incident', name: 'Declare an incident' },
  { at: 'settings/incidents/plan', until: 'Policy and roles', name: 'Policy and roles' },
  { at: 'settings/incidents/drills', until: 'Drills', name: 'Drills' },
  { at: 'me', until: 'Your sign-in', name: 'Your sign-in' },
  { at: 'training', until: 'Your lessons', name: 'Your lessons' },
] as const;
/** The first line of a list leads there, and its name is what the screen is called. */
const lists = ['people', 'teams', 'sites', 'replies'] as const;

/** Of these every look is looked at. */
const looked = ['people', 'sites', 'alarms'];

let scene: Scene;
let olivia: Page;
let anna: Page;

beforeAll(async () => {
  scene = await Scene.open();
  olivia = await scene.staff('Olivia');
  anna = await scene.staff('Anna');
});
afterEach(() => olivia.unroute(everything));
afterAll(() => scene.close());

const everything = '**/api/v1/**';
const content = (page: Page) => page.locator('.settings-content, .me-content');
const loading = (page: Page) => content(page).getByRole('status').filter({ hasText: 'Loading…' });
const retry = (page: Page) => content(page).getByRole('button', { name: 'Try again' });
const heading = (page: Page, name: string) =>
  content(page).getByRole('heading', { level: 2, name, exact: true });

async function open(page: Page, at: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, `#/${at}`);
}

/** Whatever is asked from now on is answered so. What is done goes on as ever. */
async function answering(page: Page, answer: (route: Route) => Promise<void>): Promise<void> {
  await page.route(everything, (route) =>
    route.request().method() === 'GET' ? answer(route) : route.continue(),
  );
}

async function faults(screen: string, state: string, page: Page): Promise<string[]> {
  return looked.includes(screen) ? faultsInEveryLook(`${screen}, ${state}`, page) : [];
}

async function isThere(page: Page, name: string): Promise<void> {
  await heading(page, name).waitFor();
  await expect.poll(() => loading(page).count()).toBe(0);
  expect(await retry(page).count()).toBe(0);
  expect(await content(page).locator('.problem').allTextContents()).toEqual([]);
}

/** Its answers are held back, it says so, and then it comes. */
async function comes(at: string, until: string, name: string): Promise<string[]> {
  await open(olivia, '');
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await answering(olivia, async (route) => {
    await released;
    await route.continue();
  });
  await open(olivia, at);
  await heading(olivia, until).waitFor();
  await loading(olivia).first().waitFor();
  const found = await faults(at.replace('settings/', ''), 'loading', olivia);
  release();
  await isThere(olivia, name);
  await olivia.unroute(everything);
  return found;
}

/** Its answers are refused, it says so, and by keys it comes when it is asked again. */
async function comesWhenAskedAgain(at: string, until: string, name: string): Promise<string[]> {
  await open(olivia, '');
  const body = 'what a broken server says';
  await answering(olivia, (route) => route.fulfill({ status: 500, body }));
  await open(olivia, at);
  await heading(olivia, until).waitFor();
  const alert = content(olivia).getByRole('alert').getByText('Sotto can not answer right now; try again.');
  await alert.first().waitFor();
  await expect.poll(() => loading(olivia).count()).toBe(0);
  expect(await content(olivia).textContent()).not.toContain(body);
  // As many ways as there are parts that could not come, and no more once they are used.
  const ways = await retry(olivia).count();
  expect(ways).toBe(await alert.count());
  const found = await faults(at.replace('settings/', ''), 'failed', olivia);
  await olivia.unroute(everything);
  for (let left = ways; left > 0; left--) {
    await retry(olivia).first().focus();
    await olivia.keyboard.press('Enter');
    await expect.poll(() => retry(olivia).count()).toBe(left - 1);
  }
  await isThere(olivia, name);
  // What was pressed has gone, and whoever pressed it is not thrown out.
  const isSomewhere = () => olivia.evaluate(() => document.activeElement?.closest('main') !== null);
  await expect.poll(isSomewhere).toBe(true);
  return found;
}

test('these are all of the settings', async () => {
  await open(olivia, 'settings/people');
  const links = olivia.getByRole('navigation', { name: 'Settings' }).getByRole('link');
  await links.first().waitFor();
  const there = await links.evaluateAll((all) =>
    all.map((link) => [link.getAttribute('href'), link.textContent]),
  );
  expect(there).toEqual(screens.map(({ screen, name }) => [`#/settings/${screen}`, name]));
});

test.each(screens)('B4 $name says where one is and politely that it comes', async ({ screen, name }) => {
  expect(await comes(`settings/${screen}`, name, name)).toEqual([]);
});

test.each(screens)(
  'B4 $name says at once that it could not come, and comes when it is asked again',
  async (each) => {
    expect(await comesWhenAskedAgain(`settings/${each.screen}`, each.name, each.name)).toEqual([]);
  },
);

test('B4 Right now says once that it could not come, however often it asks, and comes by itself', async () => {
  await open(olivia, '');
  let asked = 0;
  await answering(olivia, (route) => {
    asked++;
    const detail = `Something went wrong on our side. Should you report it, its number is ${asked}.`;
    return route.fulfill({ status: 500, json: { code: 'internal', status: 500, detail } });
  });
  await open(olivia, 'settings/live');
  const alert = content(olivia).getByRole('alert').filter({ hasText: 'Something went wrong' });
  await alert.waitFor();
  const before = { asked, said: await alert.textContent() };
  await retry(olivia).focus();
  await content(olivia).evaluate((element) => {
    const changes: string[] = [];
    Object.assign(globalThis, { changes });
    new MutationObserver((found) => {
      for (const { target } of found) {
        const place = target instanceof Element ? target : target.parentElement;
        if (place?.closest('.settings-content')) changes.push(place.textContent);
      }
    }).observe(element, { childList: true, characterData: true, subtree: true });
  });
  await expect.poll(() => asked, { timeout: 30_000 }).toBeGreaterThanOrEqual(before.asked + 2);
  await olivia.waitForTimeout(500);
  expect(await olivia.evaluate(() => (globalThis as unknown as { changes: string[] }).changes)).toEqual([]);
  expect(await alert.textContent()).toBe(before.said);
  expect(await retry(olivia).evaluate((element) => element === document.activeElement)).toBe(true);
  await olivia.unroute(everything);
  await content(olivia)
    .getByText(/^As of /)
    .waitFor();
  await isThere(olivia, 'Right now');
});

test.each(behind)(
  'B4 what is at $at says where one is while it comes, could not come, and is there',
  async (each) => {
    await comes(each.at, each.until, each.name);
    await comesWhenAskedAgain(each.at, each.until, each.name);
  },
);

test.each(lists)(
  'B4 one of the %s says where one is while it comes, could not come, and is there',
  async (list) => {
    await open(olivia, `settings/${list}`);
    const line = content(olivia).locator('.rows a').first();
    const at = ((await line.getAttribute('href')) ?? '').slice(2);
    const name = await line.locator('.row-name').innerText();
    const until = screens.find(({ screen }) => screen === list)?.name ?? '';
    await comes(at, until, name);
    await comesWhenAskedAgain(at, until, name);
  },
);

test.each(screens.filter(({ empty }) => empty !== null))(
  'B4 $name says that there is nothing',
  async (each) => {
    await open(olivia, '');
    await answering(olivia, async (route) => {
      const response = await route.fetch();
      const answer = (await response.json()) as Record<string, unknown>;
      const empty = Object.entries(answer).map(([name, value]) => [name, Array.isArray(value) ? [] : value]);
      await route.fulfill({ response, json: Object.fromEntries(empty) as object });
    });
    await open(olivia, `settings/${each.screen}`);
    await content(olivia)
      .getByText(each.empty ?? '')
      .waitFor();
    const found = await faults(each.screen, 'empty', olivia);
    await isThere(olivia, each.name);
    await olivia.unroute(everything);
    expect(found).toEqual([]);
  },
);

test.each(screens)('P5 $name says to whom it is not theirs, and asks for nothing', async ({ screen }) => {
  await open(anna, '');
  await anna.waitForLoadState('networkidle');
  const asked: string[] = [];
  const listen = (request: { url(): string }) => asked.push(request.url());
  anna.on('request', listen);
  await open(anna, `settings/${screen}`);
  await heading(anna, 'This is not yours to change').waitFor();
  await content(anna).getByText('An owner or an admin of your organisation can do it').waitFor();
  const found = await faults(screen, 'not theirs', anna);
  anna.off('request', listen);
  expect(found).toEqual([]);
  // What an incident holds back is asked for by the whole dashboard, whatever it shows.
  expect(asked.filter((url) => /[/]api[/]v1[/](?!held$)/.test(url))).toEqual([]);
});

test('W6 all of it asked nobody else and broke no policy', () => {
  expect(scene.complaints).toEqual([]);
});
