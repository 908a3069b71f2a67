/**
 * How quick the dashboard is in a real Chromium with a real server: `npm run bench:browser`. An agent's list of
 * 10,000 conversations is scrolled from top to bottom, and conversations of 210 messages are opened again and again.
 * It ends with an error if a bound is missed.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import {
  type InboxClientFrame,
  type InboxEntry,
  type InboxServerFrame,
  conversationStates,
} from '../../src/protocol/frames.ts';
import { limits } from '../../src/protocol/limits.ts';
import { OutsideCustomer } from './outside.ts';
import { signIn } from './person.ts';
import { Scene } from './scene.ts';

const listed = 10_000;
const conversations = 9;
const rounds = 4;
/** In milliseconds. */
const bounds = { medianFrame: 17, lateFrame: 25, opening: 200 };
const desktop = { width: 1280, height: 800 };

const scene = await Scene.open();
const missed: string[] = [];
console.log(`${'milliseconds'.padEnd(48)}times   median      p95      max`);
try {
  await benchOpening();
  await benchList();
} finally {
  await scene.close();
}
if (scene.complaints.length > 0) missed.push(...scene.complaints);
for (const what of missed) console.error(`missed: ${what}`);
process.exitCode = missed.length > 0 ? 1 : 0;

/** Each conversation's first opening finds its object asleep: the server was killed and started in between. */
async function benchOpening(): Promise<void> {
  const last = await talkativeCustomers();
  const anna = await scene.staff('Anna', { viewport: desktop });
  await scene.sotto.kill();
  await scene.sotto.start();
  await anna.getByRole('status').filter({ hasText: 'Reconnecting' }).waitFor({ state: 'detached' });
  await anna.waitForTimeout(3_000);
  // The first of all pays for the server's start as well, and is no conversation's own.
  const [first = ['', ''], ...others] = last;
  report('opening the first after a server’s start', [await openingOf(anna, ...first)]);
  const cold: number[] = [];
  const warm: number[] = [];
  for (let round = 0; round <= rounds; round++)
    for (const [id, text] of others) (round === 0 ? cold : warm).push(await openingOf(anna, id, text));
  report('opening a conversation, first time', cold);
  report('opening a conversation, again', warm);
  bound('a first opening, p95', percentile(cold, 95), bounds.opening);
  bound('another opening, p95', percentile(warm, 95), bounds.opening);
  await anna.context().close();
}

/** Conversations of 210 messages: the id, and what was said last. */
async function talkativeCustomers(): Promise<[string, string][]> {
  const { home, demo } = scene.sotto;
  const site = demo.sites[0]?.id ?? '';
  const talks = Array.from({ length: conversations }, async (_, which) => {
    const customer = await OutsideCustomer.on(home.origin, site);
    const texts = Array.from({ length: 209 }, (__, index) => saying(which, index + 2));
    const id = await customer.begin(saying(which, 1));
    await customer.say(id, texts.slice(0, 180));
    // A person says 200 things at once, and five more a second.
    await sleep(4_000);
    await customer.say(id, texts.slice(180));
    return [id, texts.at(-1) ?? ''] satisfies [string, string];
  });
  return Promise.all(talks);
}

function saying(conversation: number, number: number): string {
  const more = 'Which grind suits a moka pot, and does the parcel still come on Thursday? '.repeat(
    number % 4,
  );
  return `${number} of conversation ${conversation}. ${more}`.trim();
}

/** From the press of Enter on its line until its last 50 messages are painted, in milliseconds. */
async function openingOf(page: Page, conversation: string, last: string): Promise<number> {
  const line = page.locator(`a[href="#/conversations/${conversation}"]`);
  await line.focus();
  // Nobody presses Enter on a line that they have not read.
  await page.waitForTimeout(250);
  await page.evaluate(
    ({ text, count }) => {
      const painted = new Promise<number>((resolve) => {
        window.addEventListener(
          'keydown',
          ({ timeStamp }) => {
            const look = () => {
              const shown = document.querySelectorAll('.log .message .text');
              if (shown.length < count || shown.item(shown.length - 1).textContent !== text) return;
              observer.disconnect();
              requestAnimationFrame(() =>
                requestAnimationFrame(() => resolve(performance.now() - timeStamp)),
              );
            };
            const observer = new MutationObserver(look);
            observer.observe(document.body, { childList: true, subtree: true, characterData: true });
          },
          { capture: true, once: true },
        );
      });
      Object.assign(window, { painted });
    },
    { text: last, count: limits.joinMessages },
  );
  await page.keyboard.press('Enter');
  const took = await page.evaluate(() => (window as unknown as { painted: Promise<number> }).painted);
  // Whoever opens a conversation looks at it for a moment.
  await page.waitForTimeout(300);
  return took;
}

/** A list of 10,000 is scrolled from top to bottom at eight lines a frame, as by dragging its bar. */
async function benchList(): Promise<void> {
  const page = await scene.stranger({ viewport: desktop });
  await addEntries(page);
  await signIn(page, scene.sotto.home.origin, scene.person('Ben'));
  await page.getByRole('button', { name: /^All/ }).click();
  const list = page.getByRole('list', { name: 'Conversations' });
  await page.locator('[aria-label="Conversations"][aria-busy="false"]').waitFor();
  const { frames, longTasks, lines } = await list.evaluate(async (box) => {
    const lineHeight = box.querySelector('li')?.offsetHeight ?? 0;
    const longTasks: number[] = [];
    const observer = new PerformanceObserver((entries) => {
      for (const { duration } of entries.getEntries()) longTasks.push(duration);
    });
    observer.observe({ type: 'longtask' });
    const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
    const frames: number[] = [];
    let before = await nextFrame();
    while (box.scrollTop + box.clientHeight < box.scrollHeight - 1) {
      box.scrollTop += 8 * lineHeight;
      const now = await nextFrame();
      frames.push(now - before);
      before = now;
    }
    observer.disconnect();
    const last = box.querySelector('li:last-of-type');
    return { frames, longTasks, lines: Number(last?.getAttribute('aria-posinset')) };
  });
  if (lines < listed) missed.push(`the list ended at its line ${lines}`);
  report(`scrolling ${lines.toLocaleString('en')} conversations, a frame`, frames);
  console.log(`${'long tasks over 50 ms meanwhile'.padEnd(48)}${String(longTasks.length).padStart(5)}`);
  bound('a frame, median', percentile(frames, 50), bounds.medianFrame);
  bound('a frame, p95', percentile(frames, 95), bounds.lateFrame);
  await page.context().close();
}

/** Adds made-up conversations to what the real server lists, in its own frames and pages. */
async function addEntries(page: Page): Promise<void> {
  await page.routeWebSocket(/\/teams\/[^/]+\/socket$/, (socket) => {
    const server = socket.connectToServer();
    let all: readonly InboxEntry[] = [];
    const say = (frame: InboxServerFrame) => socket.send(JSON.stringify(frame));
    server.onMessage((data) => {
      const frame = frameIn(data) as InboxServerFrame | null;
      if (frame?.type !== 'list') socket.send(data);
      else {
        all = [...frame.entries, ...madeUp(frame)].sort((a, b) => (a.id < b.id ? -1 : 1));
        say({ ...frame, more: true });
      }
    });
    socket.onMessage((data) => {
      const frame = frameIn(data) as InboxClientFrame | null;
      if (frame?.type !== 'more') server.send(data);
      else {
        const rest = all.filter(({ id }) => id > (frame.after ?? ''));
        const entries = rest.slice(0, limits.listConversations);
        say({ type: 'page', entries, more: rest.length > entries.length });
      }
    });
  });
}

/** Null for what is no frame: pings and pongs. */
function frameIn(data: string | Buffer): unknown {
  return String(data).startsWith('{') ? JSON.parse(String(data)) : null;
}

/** Like the first real one, in every state that a line can show, over the last week. */
function madeUp({ entries, people }: InboxServerFrame & { type: 'list' }): InboxEntry[] {
  const [real] = entries;
  if (real === undefined) throw new Error('the real list is empty');
  return Array.from({ length: listed }, (_, index) => {
    const id = `con_${index.toString(36).padStart(22, 'A')}` as InboxEntry['id'];
    const changedAt = real.changedAt - index * 60_000;
    const state = conversationStates[index % conversationStates.length] ?? 'waiting';
    const assignee = state === 'waiting' ? null : (people[index % people.length]?.id ?? null);
    const waitingSince = state !== 'closed' && index % 2 === 0 ? changedAt : null;
    return { ...real, id, state, assignee, waitingSince, changedAt, startedAt: changedAt - 600_000 };
  });
}

function report(what: string, times: readonly number[]): void {
  const [median, p95, most] = [50, 95, 100].map((part) => percentile(times, part).toFixed(1).padStart(9));
  console.log(`${what.padEnd(48)}${String(times.length).padStart(5)}${median}${p95}${most}`);
}

function bound(what: string, milliseconds: number, most: number): void {
  if (milliseconds > most) missed.push(`${what}: ${milliseconds.toFixed(1)} ms, bound ${most} ms`);
}

/** The nearest rank. */
function percentile(times: readonly number[], part: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((part / 100) * sorted.length) - 1)] ?? NaN;
}
