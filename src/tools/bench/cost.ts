/** What Sotto costs, counted from the running product and multiplied by the published prices. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { type Company, startCompany } from '../engine/company.ts';
import type { Caller } from '../engine/caller.ts';
import type { Line } from '../engine/line.ts';
import type { Meters, ObjectMeters } from './metered/meters.ts';
import { bundleMetered, readMeters } from './metered.ts';
import { median } from './figures.ts';
import { PRICES } from './prices.ts';

const FLOOD = 2_000;
const QUEUE = 200;
const CONVERSATIONS = 10;
const MESSAGES = 30;
/** Seconds between two messages of a conversation. */
const PAUSE = { least: 5, most: 20 };
const IDLE_MS = 60_000;
/** The alarm of a conversation comes a minute after the first of its changes. */
const ALARM_MS = 65_000;
/** A ticket of staff keeps a socket for five minutes. */
const RENEW_AFTER_MS = 180_000;
const TEXT = 'x'.repeat(150);

/** One thing that happened so often, and what all of it took. */
export interface Item {
  readonly what: string;
  readonly times: number;
  readonly meters: Meters;
}

export interface Costs {
  readonly items: readonly Item[];
  /** What a conversation of 31 messages takes of its object's storage. */
  readonly bytesStored: number;
}

/** Takes about ten minutes: people are given their time, because alarms and sleep are part of the price. */
export async function costs(folder: string): Promise<Costs> {
  mkdirSync(folder, { recursive: true });
  const company = await startCompany(folder, 3, { code: await bundleMetered(folder) });
  let items: Item[];
  try {
    items = await counted(company);
  } finally {
    await company.stop();
  }
  return { items, bytesStored: median(sizesIn(join(folder, 'state/do/sotto-Conversation'))) };
}

/** Of every object's database. All but one had the same conversation. */
function sizesIn(folder: string): number[] {
  const files = readdirSync(folder).filter((name) => /^[0-9a-f]{64}[.]sqlite$/.test(name));
  return files.map((name) => {
    const database = new DatabaseSync(join(folder, name));
    const sql = 'SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size';
    const row = database.prepare(sql).get() as { bytes: number };
    database.close();
    return row.bytes;
  });
}

async function counted(company: Company): Promise<Item[]> {
  const items: Item[] = [];
  const read = () => readMeters(company.workerd.url);
  const count = async <Result>(what: string, times: number, work: () => Promise<Result>): Promise<Result> => {
    await read();
    const result = await work();
    // What is told afterwards belongs to it.
    await wait(1_000);
    items.push({ what, times, meters: await read() });
    return result;
  };
  const rooms = await count('a conversation begins', CONVERSATIONS, () => begun(company));
  await count('an agent claims it', CONVERSATIONS, () =>
    eachOf(rooms, ({ room, agent }) => agent.post(`${room}/claim`, {})),
  );
  const talks = await count('its customer, its agent and a colleague join', CONVERSATIONS, () =>
    eachOf(rooms, async ({ room, customer, agent, colleague }) => ({
      customer: await Side.join(room, customer),
      desk: await Side.join(room, agent),
      watching: await Side.join(room, colleague),
    })),
  );
  await count('a message, 5 to 20 seconds apart', CONVERSATIONS * MESSAGES, () =>
    eachOf(talks, async ({ customer, desk, watching }) => {
      for (let n = 0; n < MESSAGES; n++) {
        await wait((PAUSE.least + Math.random() * (PAUSE.most - PAUSE.least)) * 1000);
        const [from, to] = n % 2 === 0 ? [desk, customer] : [customer, desk];
        await from.say(1);
        await to.read();
        await watching.read();
        for (const side of [from, to, watching]) await side.stay();
      }
    }),
  );
  await wait(ALARM_MS);
  await count('a minute of an idle open conversation', (CONVERSATIONS * IDLE_MS) / 60_000, () =>
    wait(IDLE_MS),
  );
  await count('everybody leaves', CONVERSATIONS, () =>
    eachOf(talks, async ({ customer, desk, watching }) => {
      for (const side of [customer, desk, watching]) await side.line.close();
    }),
  );
  await count('it is closed, and its alarm comes', CONVERSATIONS, async () => {
    await eachOf(rooms, ({ room, agent }) => agent.post(`${room}/close`, {}));
    await wait(ALARM_MS);
  });
  const [flooded] = await begun(company);
  if (flooded !== undefined) {
    const side = await Side.join(flooded.room, flooded.customer);
    await count('a message in a flood', FLOOD, async () => {
      for (let said = 0; said < FLOOD; said += QUEUE) await side.say(QUEUE);
    });
    await side.line.close();
  }
  return items;
}

async function begun(company: Company) {
  const { agents } = company;
  return Promise.all(
    Array.from({ length: CONVERSATIONS }, async (_, n) => {
      const customer = await company.visitor();
      const [agent, colleague] = [agents[n % agents.length], agents[(n + 1) % agents.length]];
      if (agent === undefined || colleague === undefined) throw new Error('nobody works here');
      return { room: await customer.begin(TEXT), customer, agent, colleague };
    }),
  );
}

function eachOf<Thing, Result>(
  things: readonly Thing[],
  work: (thing: Thing) => Promise<Result>,
): Promise<Result[]> {
  return Promise.all(things.map(work));
}

/** Somebody in a conversation, who knows where it stands and says how far they have read. */
class Side {
  readonly line: Line;
  readonly #room: string;
  readonly #caller: Caller;
  #head = 1;
  #renewed = Date.now();
  #heard: () => void = () => undefined;

  static async join(room: string, caller: Caller): Promise<Side> {
    return new Side(room, caller, await caller.join(room));
  }

  private constructor(room: string, caller: Caller, line: Line) {
    this.#room = room;
    this.#caller = caller;
    this.line = line;
    line.hears = (frame) => {
      for (const [, seq] of frame.matchAll(/"seq":(\d+),(?:"n":\d+,)?"id"/g)) this.#head = Number(seq);
      this.#heard();
    };
  }

  async say(many: number): Promise<void> {
    const since = this.#head;
    const posts = Array.from({ length: many }, () => ({ id: randomUUID(), since, kind: 'text', text: TEXT }));
    this.line.say(JSON.stringify({ type: 'post', posts }));
    await this.#until(since + many);
  }

  async read(): Promise<void> {
    await wait(50);
    this.line.say(JSON.stringify({ type: 'read', seq: this.#head }));
  }

  /** Renews what keeps the socket open, as every client does in time. */
  async stay(): Promise<void> {
    if (Date.now() - this.#renewed < RENEW_AFTER_MS) return;
    this.#renewed = Date.now();
    this.line.say(JSON.stringify({ type: 'renew', ticket: await this.#caller.ticket(this.#room) }));
  }

  async #until(seq: number): Promise<void> {
    while (this.#head < seq) {
      if (this.line.ended !== undefined) throw new Error(`a socket was closed with ${this.line.ended}`);
      const heard = new Promise<void>((settle) => (this.#heard = settle));
      await Promise.race([heard, wait(1_000)]);
    }
  }
}

/** Rows written for one of these: in the conversation's object, in all, and what all of it costs in dollars. */
export function perTime({ times, meters }: Item) {
  const objects = Object.values(meters.objects);
  const rows = ({ rowsWritten, alarmsSet }: ObjectMeters) => rowsWritten + alarmsSet;
  const sum = (of: (object: ObjectMeters) => number) => objects.reduce((all, object) => all + of(object), 0);
  const { database, keyStore } = meters;
  const rowsWritten = sum(rows) + database.rowsWritten;
  const dollars =
    meters.requests * PRICES.request +
    (sum(({ requests, alarms }) => requests + alarms) +
      sum(({ frames }) => frames) / PRICES.framesPerRequest) *
      PRICES.objectRequest +
    rowsWritten * PRICES.rowWritten +
    (sum(({ rowsRead }) => rowsRead) + database.rowsRead) * PRICES.rowRead +
    keyStore.writes * PRICES.keyWritten +
    keyStore.reads * PRICES.keyRead;
  return {
    conversation: rows(meters.objects.Conversation) / times,
    inbox: rows(meters.objects.Inbox) / times,
    account: rows(meters.objects.Account) / times,
    ledger: rows(meters.objects.Ledger) / times,
    database: database.rowsWritten / times,
    rowsWritten: rowsWritten / times,
    wakes: sum(({ wakes }) => wakes) / times,
    requests: (meters.requests + sum(({ requests, alarms }) => requests + alarms)) / times,
    dollarsPerMillion: (dollars / times) * 1e6,
  };
}

export function costInWords(item: Item): string {
  const each = perTime(item);
  const figure = (value: number) => value.toFixed(2).padStart(8);
  const rows = [each.conversation, each.inbox, each.account, each.ledger, each.database, each.rowsWritten];
  return `${item.what.padEnd(48)}${[...rows, each.wakes, each.requests, each.dollarsPerMillion].map(figure).join('')}`;
}

export function storageInWords(bytes: number): string {
  const dollars = (bytes / 1e9) * PRICES.gigabyteMonth * 1e6;
  return `${Math.round(bytes)} bytes stored of a conversation of ${MESSAGES + 1} messages: ${dollars.toFixed(2)} dollars a million and month`;
}

export const COST_HEAD = `${'each time'.padEnd(48)}${[
  'conv.',
  'inbox',
  'account',
  'ledger',
  'D1',
  'rows',
  'wakes',
  'requests',
  '$/million',
]
  .map((word) => word.padStart(8))
  .join('')}`;
