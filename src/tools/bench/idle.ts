/** C: rooms in which nobody says anything. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Caller } from '../engine/caller.ts';
import { type Company, startCompany } from '../engine/company.ts';
import { Line } from '../engine/line.ts';
import { cpuMs, privateBytes } from '../engine/process.ts';
import type { Workerd } from '../engine/workerd.ts';
import type { Arena, Note } from './arena.ts';
import { MESSAGE_MARK, startReference } from './contestants.ts';
import { bundleMetered, readMeters } from './metered.ts';

const IDLE_ROOMS = 500;
/** The runtime lets an object sleep after ten seconds without work. */
const ASLEEP_MS = 13_000;
/** The alarm of a conversation comes a minute after the first of its changes. */
const ALARM_MS = 60_000;
const METERED_ROOMS = 20;
const JOINS_AT_ONCE = 8;
const WAKES = 200;
const AGENTS = 50;
const TEXT = 'x'.repeat(150);

/**
 * Five hundred rooms of two, opened, left alone until they sleep, and woken by a message. They stay: rounds add up.
 * They have runtimes of their own: in one that did something else before, memory that was free already hides theirs.
 */
export class IdleRooms {
  readonly #company: Company;
  readonly #references: Workerd;
  readonly #metered: Company;
  readonly #lines: Line[] = [];
  /** Found out once, since it takes a minute and a half. */
  #woken: Promise<number> | undefined;

  private constructor(company: Company, references: Workerd, metered: Company) {
    this.#company = company;
    this.#references = references;
    this.#metered = metered;
  }

  static async open({ code, folder }: Arena): Promise<IdleRooms> {
    const company = await startCompany(join(folder, 'idle'), AGENTS, { code: code.sotto });
    const metered = await startCompany(join(folder, 'asleep'), 0, { code: await bundleMetered(folder) });
    return new IdleRooms(company, await startReference(code.reference), metered);
  }

  async round(note: Note): Promise<void> {
    note('sotto', 'made anew', 'of 1', await (this.#woken ??= this.#madeAnew()));
    const company = this.#company;
    const references = this.#references;
    const path = () => `/Bare/${randomUUID()}`;
    const plain = Array.from({ length: IDLE_ROOMS }, path);
    await this.#round('bare', references.pid, note, plain, (room) => [
      () => Line.open(references.url, room),
      () => Line.open(references.url, room),
    ]);
    const rooms: { room: string; customer: Caller }[] = [];
    await inParallel(
      Array.from({ length: IDLE_ROOMS }, () => async () => {
        const customer = await company.visitor();
        rooms.push({ room: await customer.begin(TEXT), customer });
      }),
    );
    await this.#round('sotto', company.workerd.pid, note, rooms, ({ room, customer }, n) => [
      () => customer.join(room),
      () =>
        company.agents[n % company.agents.length]?.join(room) ??
        Promise.reject(new Error('nobody works here')),
    ]);
  }

  async #round<Room>(
    contestant: string,
    pid: number,
    note: Note,
    rooms: readonly Room[],
    joins: (room: Room, n: number) => (() => Promise<Line>)[],
  ): Promise<void> {
    await wait(ASLEEP_MS);
    const before = privateBytes(pid);
    const start = performance.now();
    const opened: Line[] = [];
    const sleeping: Line[] = [];
    await inParallel(
      rooms.flatMap((room, n) =>
        joins(room, n).map((join, seat) => async () => {
          const line = await join();
          opened.push(line);
          if (seat === 0) sleeping.push(line);
        }),
      ),
    );
    note(contestant, 'joins', '/s', (opened.length * 1000) / (performance.now() - start));
    await wait(ASLEEP_MS);
    note(contestant, 'memory', 'KB/socket', (privateBytes(pid) - before) / opened.length / 1024);
    this.#lines.push(...opened);
    // One of each room, for the other one would find it awake.
    const cpu = cpuMs(pid);
    for (const line of sleeping.slice(0, WAKES)) await waken(line, contestant === 'bare');
    note(contestant, 'waking', 'µs of CPU', ((cpuMs(pid) - cpu) * 1000) / WAKES);
  }

  /**
   * Whether rooms really sleep: how often one was made anew, all that it had in memory being gone, when its customer
   * said something on the socket that was open all the while.
   * @throws if one was woken by nobody
   */
  async #madeAnew(): Promise<number> {
    const read = () => readMeters(this.#metered.workerd.url);
    const rooms = await Promise.all(
      Array.from({ length: METERED_ROOMS }, async () => {
        const customer = await this.#metered.visitor();
        return customer.join(await customer.begin(TEXT));
      }),
    );
    await wait(ALARM_MS + ASLEEP_MS);
    await read();
    await wait(ASLEEP_MS);
    const { wakes, frames, alarms } = (await read()).objects.Conversation;
    if (wakes + frames + alarms > 0) throw new Error('something went on in rooms that sleep');
    for (const line of rooms) await waken(line, false);
    const woken = (await read()).objects.Conversation.wakes;
    await Promise.all(rooms.map((line) => line.close()));
    return woken / METERED_ROOMS;
  }

  async close(): Promise<void> {
    await Promise.all(this.#lines.map((line) => line.close()));
    await this.#metered.stop();
    await this.#references.stop();
    await this.#company.stop();
  }
}

/** Says something to a room that sleeps, and waits for the answer to just that. */
async function waken(line: Line, isBare: boolean): Promise<void> {
  // What came with the opening is no answer.
  line.hears = () => undefined;
  const heard = new Promise<void>((settle, fail) => {
    line.hears = (frame) => {
      if (frame.includes('"refused"')) fail(new Error(frame));
      if (frame.includes(isBare ? MESSAGE_MARK : '"older":true')) settle();
    };
  });
  line.say(isBare ? `{${MESSAGE_MARK}0}` : '{"type":"page","before":2,"limit":1}');
  await heard;
}

/** Runs them a few at a time. */
async function inParallel(works: readonly (() => Promise<unknown>)[]): Promise<void> {
  const left = works.values();
  const worker = async () => {
    for (const work of left) await work();
  };
  await Promise.all(Array.from({ length: JOINS_AT_ONCE }, worker));
}
