/**
 * Faults at random on a conversation between real pages: a customer with two tabs and an agent write, while their
 * lines go, their pages freeze and are reloaded, and the server hangs and is killed. What a page says is held against
 * what the server has at that moment, and in the end everybody has to show the same.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Frame, Page } from 'playwright-core';
import type { HistoryAnswer } from '../../src/protocol/bodies.ts';
import type { StaffSession } from '../../src/protocol/sign-in.ts';
import { limits } from '../../src/protocol/limits.ts';
import type { Random } from '../../src/tools/chaos/random.ts';
import { ApiRefusal, Client } from '../../src/tools/demo/client.ts';
import { signIn } from '../../src/tools/demo/joining.ts';
import { claim, openWaiting, pressLauncher, say, shows, texts, widgetIn } from './person.ts';
import type { Scene } from './scene.ts';

const looksEveryMs = 250;
/** How soon a page has to say that its line is gone: as long as a line may be dead without a word while one looks. */
const noticedMs = 30_000;
/** How long a fault lasts, in milliseconds. */
const lasts = { least: 500, most: 4_000 };
const healedMs = 60_000;
const reloadMs = 3_000;

/** Somewhere a person looks at the conversation, and writes. */
interface Place {
  readonly name: string;
  readonly page: Page;
  thread: Page | Frame;
  /** How often it was loaded anew. What one life wrote another tab may bring after what the next has written. */
  life: number;
  /** It can not be looked at now: it is frozen, or being loaded. */
  away: boolean;
}

/** The page of history before this number; undefined where the server does not say. */
type Reader = (before?: number) => Promise<HistoryAnswer['messages'] | undefined>;

type Fault = (storm: Storm) => Promise<void>;

export class Storm {
  readonly #scene: Scene;
  readonly #random: Random;
  readonly #conversation: string;
  readonly #first: Place;
  readonly #second: Place;
  readonly #desk: Place;
  /** Asks the server what it has, as somebody who takes no part. */
  readonly #history: Reader;
  /** Everything that was written, in order, by each life of each place. */
  readonly #written = new Map<string, string[]>();
  /** What the server was seen to have. */
  readonly #stored = new Set<string>();
  readonly findings: string[] = [];
  looks = 0;
  /** How often a message that was called sent was held against what the server has. */
  held = 0;

  private constructor(
    scene: Scene,
    random: Random,
    places: readonly [Place, Place, Place],
    conversation: string,
    history: Reader,
  ) {
    this.#scene = scene;
    this.#random = random;
    [this.#first, this.#second, this.#desk] = places;
    this.#conversation = conversation;
    this.#history = history;
  }

  /** Needs a scene in which what a widget keeps outlives its page. */
  static async over(scene: Scene, random: Random, agent: Page): Promise<Storm> {
    const { origin, shopOrigin } = scene.sotto.home;
    const topic = 'before the storm';
    const { page, widget } = await scene.customer();
    await say(widget, topic);
    await shows(widget, topic);
    await openWaiting(agent, topic);
    await claim(agent);
    const other = await page.context().newPage();
    scene.watch(other);
    await other.goto(`${shopOrigin}/`);
    await pressLauncher(other);
    const second = await widgetIn(other);
    await shows(second, topic);
    const conversation = /con_[\w-]+/.exec(agent.url())?.[0];
    if (conversation === undefined) throw new Error(`no conversation in ${agent.url()}`);
    const client = new Client(origin);
    let { access } = await signIn(client, scene.person('Olivia'));
    const history: Reader = async (before) => {
      const from = before === undefined ? '' : `&before=${before}`;
      const path = `/conversations/${conversation}/messages?limit=${limits.pageMessages}${from}`;
      try {
        return (await client.get<HistoryAnswer>(path, access)).messages;
      } catch (error) {
        if (error instanceof ApiRefusal && error.status === 401)
          await client.post<StaffSession>('/session/refresh', {}).then(
            (session) => ({ access } = session),
            () => undefined,
          );
        // A server that is away or hangs says nothing about what it has.
        return undefined;
      }
    };
    const place = (name: string, its: Page, thread: Page | Frame) => ({
      name,
      page: its,
      thread,
      life: 1,
      away: false,
    });
    return new Storm(
      scene,
      random,
      [place('first tab', page, widget), place('second tab', other, second), place('desk', agent, agent)],
      conversation,
      history,
    );
  }

  get #places(): readonly Place[] {
    return [this.#first, this.#second, this.#desk];
  }

  /** One fault after another while people write and are looked at; then it is over, and everything has to be right. */
  async rage(turns: number): Promise<void> {
    const over = new AbortController();
    const looking = this.#lookUntil(over.signal);
    try {
      for (let turn = 1; turn <= turns; turn++) {
        const fault = this.#random.pick(faults);
        if (fault === undefined) throw new Error('there are no faults');
        const [name, strike] = fault;
        try {
          await strike(this);
        } catch (error) {
          throw new Error(`turn ${turn}, ${name}`, { cause: error });
        }
      }
    } finally {
      over.abort();
      await looking;
    }
    await this.#calm();
  }

  /** A few words, here and there. */
  async write(): Promise<void> {
    for (const place of this.#places) {
      if (place.away) continue;
      for (let many = this.#random.from(0, 2); many > 0; many--) {
        const life = `${place.name} ${place.life}`;
        const own = this.#written.get(life) ?? [];
        const text = `${life}.${own.length + 1}`;
        await say(place.thread, text);
        this.#written.set(life, [...own, text]);
      }
    }
  }

  pause(): Promise<void> {
    return sleep(this.#random.from(lasts.least, lasts.most));
  }

  /** The customer's lines, or the agent's. */
  async offline(): Promise<void> {
    const cut = this.#random.chance(0.5) ? [this.#first, this.#second] : [this.#desk];
    const context = cut[0]?.page.context();
    await context?.setOffline(true);
    await this.write();
    await this.#noticed(cut, 'offline');
    await this.pause();
    await context?.setOffline(false);
  }

  /** A laptop's lid is closed over one page, and opened again. */
  async frozen(): Promise<void> {
    const place = this.#any();
    const devtools = await place.page.context().newCDPSession(place.page);
    place.away = true;
    await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
    await this.write();
    await this.pause();
    await devtools.send('Page.setWebLifecycleState', { state: 'active' });
    await devtools.detach();
    place.away = false;
  }

  /** A page is loaded anew with what it has not sent yet, and comes back to its network only then. */
  async reloaded(): Promise<void> {
    const place = this.#any();
    const { page } = place;
    const context = page.context();
    const address = page.url();
    await context.setOffline(true);
    await this.write();
    place.away = true;
    const leaves = await this.#leaves(page);
    await context.setOffline(false);
    if (leaves) {
      await page.goto(address);
      place.life++;
      if (place !== this.#desk) {
        await pressLauncher(page);
        place.thread = await widgetIn(page);
      }
    }
    await place.thread.getByRole('textbox', { name: 'Message' }).waitFor();
    place.away = false;
  }

  /** Reloads a page, unless it warns that something would be lost: then its person stays. */
  async #leaves(page: Page): Promise<boolean> {
    const { warnings } = this.#scene;
    this.#scene.leaves = false;
    await page.reload({ timeout: reloadMs }).catch(() => undefined);
    this.#scene.leaves = true;
    return this.#scene.warnings === warnings;
  }

  /** The other end is there and says nothing. */
  async hung(): Promise<void> {
    this.#scene.sotto.freeze(true);
    await this.write();
    await this.pause();
    this.#scene.sotto.freeze(false);
  }

  async killed(): Promise<void> {
    await this.write();
    await this.#scene.sotto.kill();
    await this.#noticed(this.#places, 'the server was killed');
    await this.write();
    await this.#scene.sotto.start();
  }

  #any(): Place {
    const place = this.#random.pick(this.#places);
    if (place === undefined) throw new Error('there are no places');
    return place;
  }

  async #noticed(places: readonly Place[], why: string): Promise<void> {
    for (const { name, thread } of places) {
      const saying = thread.locator('.banner').first();
      if (!(await comesTrue(async () => (await saying.innerText()) !== '', noticedMs)))
        this.findings.push(`${name} did not notice within ${noticedMs} ms: ${why}`);
    }
  }

  // Looking -----------------------------------------------------------------------------------------------------

  async #lookUntil(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const called = await Promise.all(this.#places.map((place) => calledSent(place)));
      const known = await this.#history();
      for (const { text } of known ?? []) this.#stored.add(text);
      if (known !== undefined) {
        this.looks++;
        this.held += called.flat().length;
        const untrue = called.flat().filter((text) => !this.#stored.has(text));
        for (const text of untrue) this.findings.push(`called sent, and not there: ${text}`);
      }
      await sleep(looksEveryMs);
    }
  }

  /** It is over: what was written is there once, in order, and every place shows that and calls it sent. */
  async #calm(): Promise<void> {
    const written = [...this.#written.values()].flat();
    const settled = async () => {
      const there = new Set((await this.#everything()).map(({ text }) => text));
      if (written.some((text) => !there.has(text))) return false;
      const end = [...there].at(-1) ?? '';
      for (const { thread } of this.#places) {
        if ((await thread.locator('.banner').first().innerText()) !== '') return false;
        if ((await texts(thread)).at(-1) !== end) return false;
        const waiting = thread.locator('.message.mine').getByText(/Sending|Waiting|Not sent/);
        if ((await waiting.count()) > 0) return false;
      }
      return true;
    };
    if (!(await comesTrue(settled, healedMs))) this.findings.push('it did not settle');
    const all = (await this.#everything()).map(({ text }) => text);
    if (all.length !== written.length + 1)
      this.findings.push(`${written.length} written, ${all.length - 1} there`);
    for (const [life, own] of this.#written) {
      const order = all.filter((text) => own.includes(text));
      if (list(order) !== list(own)) this.findings.push(`${life} wrote ${list(own)}, not ${list(order)}`);
    }
    // A page that was loaded anew shows the last of them.
    for (const { name, thread } of this.#places) {
      const shown = await texts(thread);
      const last = all.slice(-shown.length);
      if (shown.length === 0 || list(shown) !== list(last)) {
        this.findings.push(`${name} shows ${list(shown)} instead of ${list(last)}`);
      }
    }
  }

  async #everything(): Promise<HistoryAnswer['messages']> {
    let all: HistoryAnswer['messages'] = [];
    for (;;) {
      const page = await this.#history(all[0]?.seq);
      if (page === undefined) throw new Error('the server does not say what it has');
      all = [...page, ...all];
      if (page.length < limits.pageMessages) return all;
    }
  }

  get summary(): string {
    const written = [...this.#written.values()].flat().length;
    return `${written} messages in ${this.#conversation}, looked at ${this.looks} times, ${this.held} claims held against the server, warned of a loss ${this.#scene.warnings} times`;
  }
}

const faults: readonly (readonly [string, Fault])[] = [
  ['offline', (storm) => storm.offline()],
  ['frozen', (storm) => storm.frozen()],
  ['reloaded', (storm) => storm.reloaded()],
  ['hung', (storm) => storm.hung()],
  ['killed', (storm) => storm.killed()],
];

/** The own messages that a page calls sent, or read. */
async function calledSent({ away, thread }: Place): Promise<string[]> {
  if (away) return [];
  try {
    return await thread.locator('.message.mine.told').evaluateAll((messages) =>
      messages.flatMap((message) => {
        const saying = message.querySelector('.text ~ div > span')?.textContent ?? '';
        return /^(?:Sent|Read)$/.test(saying) ? [message.querySelector('.text')?.textContent ?? ''] : [];
      }),
    );
  } catch {
    // It was loaded anew in this moment.
    return [];
  }
}

const list = (words: readonly string[]) => words.join(', ');

async function comesTrue(look: () => Promise<boolean>, withinMs: number): Promise<boolean> {
  const start = Date.now();
  while (Date.now() - start < withinMs) {
    if (await look().catch(() => false)) return true;
    await sleep(50);
  }
  return false;
}
