/** C: rooms in which nobody says anything. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { cpuMs, privateBytes } from '../engine/process.ts';
import { Line } from '../engine/line.ts';
import type { Caller } from '../engine/caller.ts';
import type { Arena, Note } from './arena.ts';
import { MESSAGE_MARK } from './contestants.ts';

const IDLE_ROOMS = 500;
/** The runtime lets an object sleep after ten seconds without work. */
const ASLEEP_MS = 13_000;
const JOINS_AT_ONCE = 8;
const TEXT = 'x'.repeat(150);

/** Five hundred rooms of two, opened, left alone until they sleep, and woken by a message. They stay: rounds add up. */
export class IdleRooms {
  readonly #lines: Line[] = [];

  async round(arena: Arena, note: Note): Promise<void> {
    const { company, references } = arena;
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
    await inParallel(
      rooms.flatMap((room, n) => joins(room, n).map((join) => async () => void opened.push(await join()))),
    );
    note(contestant, 'joins', '/s', (opened.length * 1000) / (performance.now() - start));
    await wait(ASLEEP_MS);
    note(contestant, 'memory', 'KB/socket', (privateBytes(pid) - before) / opened.length / 1024);
    this.#lines.push(...opened);
    const wakes = opened.slice(0, 100);
    const cpu = cpuMs(pid);
    for (const line of wakes) {
      const heard = new Promise<void>((settle) => {
        line.hears = (frame) => {
          if (frame.includes(MESSAGE_MARK) || frame.includes('"older"') || frame.includes('refused'))
            settle();
        };
      });
      line.say(contestant === 'bare' ? `{${MESSAGE_MARK}0}` : '{"type":"page","before":2,"limit":1}');
      await heard;
    }
    note(contestant, 'waking', 'µs of CPU', ((cpuMs(pid) - cpu) * 1000) / wakes.length);
  }

  async close(): Promise<void> {
    await Promise.all(this.#lines.map((line) => line.close()));
  }
}

/** Runs them a few at a time. */
async function inParallel(works: readonly (() => Promise<unknown>)[]): Promise<void> {
  const left = works.values();
  const worker = async () => {
    for (const work of left) await work();
  };
  await Promise.all(Array.from({ length: JOINS_AT_ONCE }, worker));
}
