import type { Frame, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../src/tools/chromium.ts';
import { claim, launcherOf, openWaiting, pressLauncher, say, shows, widgetIn } from './person.ts';
import { Scene } from './scene.ts';

// The shop's page around the chat: it stands still, and it is scrolled, left and come back to.

let scene: Scene;
let agent: Page;
beforeAll(async () => {
  scene = await Scene.open();
  agent = await scene.staff('Anna');
});
afterAll(() => scene.close());

async function opens(page: Page): Promise<Frame> {
  await page.goto(`${scene.sotto.home.shopOrigin}/`);
  await pressLauncher(page);
  return widgetIn(page);
}

/** Keeps every shift of the page, those that follow upon a press included. */
function keepShifts(): void {
  const shifts: string[] = [];
  Object.assign(window, { shifts });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) shifts.push(JSON.stringify(entry));
  }).observe({ type: 'layout-shift', buffered: true });
}

/** Where everything of the page's own stands. What the loader adds stands beside the body. */
function placesOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { clientWidth, scrollHeight } = document.documentElement;
    const own = [...document.querySelectorAll('html, body, body *')].map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return [element.tagName, x, y, width, height].join(' ');
    });
    return [`scrolled ${scrollX} ${scrollY} of ${clientWidth} ${scrollHeight}`, ...own];
  });
}

test.each([
  ['a desktop', { width: 1280, height: 600 }],
  ['a phone', { width: 375, height: 600 }],
] as const)(
  'B5 on %s the page that embeds the widget does not shift when the chat is opened, written in, answered and closed',
  async (screen, viewport) => {
    const comes = async (page: Page) => {
      await page.goto(`${scene.sotto.home.shopOrigin}/`);
      await page.waitForLoadState('networkidle');
      await page.evaluate(() => scrollTo(0, 40));
      return page;
    };
    const without = await scene.stranger({ viewport });
    await without.route('**/loader.js', (route) => route.abort());
    const places = await placesOf(await comes(without));
    expect(places[0]).toContain('scrolled 0 40');
    await without.context().close();

    const page = await scene.stranger({ viewport });
    await page.addInitScript(keepShifts);
    await comes(page);
    const stays = async () => {
      await page.waitForTimeout(300);
      expect(await placesOf(page)).toEqual(places);
    };
    await stays();
    await pressLauncher(page);
    const widget = await widgetIn(page);
    await say(widget, `does ${screen} stand still?`);
    await widget.getByText('Sent', { exact: true }).waitFor();
    await stays();
    await openWaiting(agent, `does ${screen} stand still?`);
    await claim(agent);
    await say(agent, 'it does');
    await shows(widget, 'it does');
    await stays();
    await widget.getByRole('button', { name: 'Close chat' }).click();
    await widget.getByRole('button', { name: 'Close chat' }).waitFor({ state: 'hidden' });
    await say(agent, 'and when closed?');
    await expect.poll(() => launcherOf(page)).toBe('Chat, 1 unread message');
    await stays();
    expect(await page.evaluate(() => (window as unknown as { shifts: string[] }).shifts)).toEqual([]);
    await page.context().close();
  },
);

/** A phone's keyboard covers some of what is laid out. A desktop has none, so the page is told what is left. */
function withKeyboard(): void {
  if (window.top !== window) return;
  const seen = { offsetLeft: 0, offsetTop: 0, width: innerWidth, height: innerHeight, scale: 1 };
  Object.defineProperty(window, 'visualViewport', { value: Object.assign(new EventTarget(), seen) });
}

interface Seen {
  offsetTop: number;
  height: number;
  scale: number;
}

async function seeing(page: Page, seen: Seen): Promise<void> {
  await page.evaluate((now) => {
    const viewport = Object.assign(visualViewport as EventTarget, now);
    for (const change of ['resize', 'scroll']) viewport.dispatchEvent(new Event(change));
  }, seen);
}

/** From where to where it reaches, in the page's own pixels. */
async function reach(element: Locator): Promise<[top: number, bottom: number]> {
  const { y, height } = (await element.boundingBox()) ?? { y: NaN, height: NaN };
  return [Math.round(y), Math.round(y + height)];
}

test('a phone’s keyboard covers neither the box nor what was said last, whatever it leaves of the screen', async () => {
  const page = await scene.stranger({ viewport: { width: 375, height: 667 } });
  await page.addInitScript(withKeyboard);
  const widget = await opens(page);
  for (let n = 1; n <= 12; n++) await say(widget, `is line ${n} in sight?`);
  const last = widget.locator('.message').last();
  const composer = widget.locator('form.composer');
  const stands = async () => {
    const [top, bottom] = await reach(widget.locator('main'));
    const [from] = await reach(last);
    const [, to] = await reach(composer);
    return { top, bottom, within: top < from && from < to && to <= bottom };
  };
  const wholeScreen = { top: 0, bottom: 667, within: true };
  await expect.poll(stands).toEqual(wholeScreen);
  await seeing(page, { offsetTop: 0, height: 330, scale: 1 });
  await expect.poll(stands).toEqual({ top: 0, bottom: 330, within: true });
  // Where the browser has scrolled the page to the box by itself.
  await seeing(page, { offsetTop: 180, height: 330, scale: 1 });
  await expect.poll(stands).toEqual({ top: 180, bottom: 510, within: true });
  await seeing(page, { offsetTop: 0, height: 667, scale: 1 });
  await expect.poll(stands).toEqual(wholeScreen);
  // Who zooms in sees the same, larger.
  await seeing(page, { offsetTop: 100, height: 333, scale: 2 });
  await page.waitForTimeout(300);
  expect(await stands()).toEqual(wholeScreen);
  await page.context().close();
});

test('the back button brings the shop’s page back as it was left, and the chat with what was said meanwhile', async () => {
  const browser = await launchChromium({
    thirdPartyCookies: 'blocked',
    // Playwright turns it off, because it loses sight of the frames of such a page.
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });
  const page = await (await browser.newContext()).newPage();
  scene.watch(page);
  const widget = await opens(page);
  await say(widget, 'wait, I look at the roastery');
  await widget.getByText('Sent', { exact: true }).waitFor();
  await openWaiting(agent, 'wait, I look at the roastery');
  await claim(agent);
  const box = await widget.getByRole('textbox', { name: 'Message' }).boundingBox();
  await page.evaluate(() => {
    window.addEventListener('pageshow', ({ persisted }) => Object.assign(window, { persisted }));
  });
  await page.getByRole('link', { name: 'Roastery' }).click();
  await page.waitForURL('**/roastery');
  await say(agent, 'welcome back');
  await agent.getByText('Sent', { exact: true }).last().waitFor();
  await page.evaluate(() => {
    history.back();
  });
  await expect.poll(() => page.url()).toBe(`${scene.sotto.home.shopOrigin}/`);
  expect(await page.evaluate(() => 'persisted' in window && window.persisted)).toBe(true);
  // What was said is before the customer's eyes, and they can answer; nobody else can look into that frame.
  await agent.getByText('Read', { exact: true }).last().waitFor();
  await page.mouse.click((box?.x ?? NaN) + 20, (box?.y ?? NaN) + 20);
  await page.keyboard.type('here I am');
  await page.keyboard.press('Enter');
  await shows(agent, 'here I am');
  await browser.close();
});

test('W6 all of it asked nobody else and broke no policy', () => {
  expect(scene.complaints).toEqual([]);
});
