/** H: a room in which one behaves badly, and how late the others hear each other meanwhile. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { limits } from '../../protocol/limits.ts';
import { closeCodes } from '../../protocol/refusals.ts';
import type { Caller } from '../engine/caller.ts';
import { type Company, type Organisation, startCompany } from '../engine/company.ts';
import type { Line } from '../engine/line.ts';
import type { Arena, Note } from './arena.ts';

/** Between two messages of the one whose messages are timed, in milliseconds: as often as may be, and as can be. */
const PAUSE_MS = { limited: 200, unlimited: 20 };
const CALM_MS = 5_000;
const FLOOD_MS = 5_000;
const SETTLED_MS = 200;
/** Each round; five rounds make a hundred thousand messages, and ten thousand joins. */
const MESSAGES = 20_000;
const JOINS = 2_000;
const JOINS_AT_ONCE = 4;
const HUGE_FRAMES = 5;
/** The runtime's own limit for a frame, in bytes. */
const HUGE = 32 * 1024 * 1024;
const TOO_BIG = 1009;
const PATIENCE_MS = 60_000;
/** As wrangler.toml has it: everybody else in the bench is let through in any haste. */
const DEPLOYED = { POSTS_AT_ONCE: '200', POSTS_PER_SECOND: '5' };

/** The same two rooms in every round: one in which haste is limited as for everybody, one in which it is not. */
export class AttackedRoom {
  readonly #limited: Company;
  readonly #strict: Room;
  readonly #loose: Room;

  private constructor(limited: Company, strict: Room, loose: Room) {
    this.#limited = limited;
    this.#strict = strict;
    this.#loose = loose;
  }

  static async open({ code, folder, company }: Arena): Promise<AttackedRoom> {
    const limited = await startCompany(join(folder, 'attacked'), 2, {
      code: code.sotto,
      bindings: DEPLOYED,
    });
    return new AttackedRoom(
      limited,
      await Room.open(limited, PAUSE_MS.limited),
      await Room.open(company, PAUSE_MS.unlimited),
    );
  }

  async round(note: Note): Promise<void> {
    const attacks: readonly (readonly [string, Room, Attack])[] = [
      ['calm', this.#loose, () => wait(CALM_MS)],
      ['flooder', this.#strict, floodRefused],
      ['no reader', this.#loose, readNothing],
      ['huge frames', this.#loose, sendHuge],
      ['joins', this.#loose, comeAndGo],
      ['messages', this.#loose, sayThousands],
    ];
    for (const [figure, room, attack] of attacks)
      note('sotto', figure, 'ms', await room.latestDuring(attack));
  }

  async close(): Promise<void> {
    await this.#limited.stop();
  }
}

type Attack = (customer: Caller, room: string) => Promise<void>;

/** A customer who will behave badly, an agent who says something now and then, and a colleague who hears it. */
class Room {
  readonly #customer: Caller;
  readonly #room: string;
  readonly #agents: readonly [Caller, Caller];
  readonly #pauseMs: number;

  private constructor(customer: Caller, room: string, agents: readonly [Caller, Caller], pauseMs: number) {
    this.#customer = customer;
    this.#room = room;
    this.#agents = agents;
    this.#pauseMs = pauseMs;
  }

  static async open(organisation: Organisation, pauseMs: number): Promise<Room> {
    const [one, two] = organisation.agents;
    if (one === undefined || two === undefined) throw new Error('it takes two agents');
    const customer = await organisation.visitor();
    const room = await customer.begin('Hello');
    await one.post(`${room}/claim`, {});
    return new Room(customer, room, [one, two], pauseMs);
  }

  /**
   * @returns how late the latest was heard of what was said meanwhile, in milliseconds
   * @throws unless all of it was heard once, between sockets that were never closed
   */
  async latestDuring(attack: Attack): Promise<number> {
    const [one, two] = this.#agents;
    // For each attack anew: nobody renews, and staff may stay for five minutes.
    const [speaker, listener] = [await one.join(this.#room), await two.join(this.#room)];
    const delays: number[] = [];
    let head = 0;
    const begun = performance.now();
    listener.hears = (frame) => {
      for (const [, time] of frame.matchAll(/polite ([\d.]+);/g))
        if (Number(time) > begun) delays.push(performance.now() - Number(time));
    };
    speaker.hears = (frame) => {
      if (frame.startsWith('{"type":"refused"')) throw new Error(frame);
      head = headAfter(frame, head);
    };
    await until(() => head > 0, 'the welcome');
    const over = new AbortController();
    const attacking = attack(this.#customer, this.#room).finally(() => {
      over.abort();
    });
    let said = 0;
    for (; !over.signal.aborted; said++) {
      speaker.say(post(`polite ${performance.now().toFixed(3)};`, head));
      await wait(this.#pauseMs);
    }
    await attacking;
    await until(() => delays.length >= said, 'everything that was said to be heard');
    const ended = speaker.ended ?? listener.ended;
    if (delays.length > said || ended !== undefined) {
      throw new Error(`${said} said, ${delays.length} heard, closed with ${ended ?? 'nothing'}`);
    }
    await Promise.all([speaker.close(), listener.close()]);
    return Math.max(...delays);
  }
}

/** As fast as it goes, again and again: each time let go of with 4429. */
async function floodRefused(customer: Caller, room: string): Promise<void> {
  for (const start = performance.now(); performance.now() - start < FLOOD_MS;) {
    const line = await customer.join(room);
    let head = 0;
    line.hears = (frame) => (head = headAfter(frame, head));
    while (line.ended === undefined) {
      for (let n = 0; n < 10; n++) line.say(post('mine!', head));
      await wait(1);
    }
    expectEnd(line, closeCodes.flooding);
  }
}

/** Takes nothing of what is said, until it is let go of with 4408; what is said is its own doing too. */
async function readNothing(customer: Caller, room: string): Promise<void> {
  const reader = await customer.join(room);
  reader.hears = () => undefined;
  reader.socket.pause();
  const writer = await customer.join(room);
  let head = 0;
  writer.hears = (frame) => (head = headAfter(frame, head));
  // Control characters take six bytes in JSON: more than the kernel's buffers on both sides take in for it.
  for (let n = 0; n < 200; n++) {
    writer.say(post('\u0001'.repeat(limits.textBytes), head));
    await wait(10);
  }
  reader.socket.resume();
  await until(() => reader.ended !== undefined, 'the reader to be let go');
  expectEnd(reader, closeCodes.tooSlow);
  await writer.close();
}

/** As long as a frame may be for the runtime, which is far too long for Sotto; and one byte longer. */
async function sendHuge(customer: Caller, room: string): Promise<void> {
  for (let n = 0; n < HUGE_FRAMES; n++) {
    const line = await customer.join(room);
    let refused = 0;
    line.hears = (frame) => (refused += Number(frame.includes('"refused"')));
    line.say('x'.repeat(HUGE - 1));
    await until(() => refused > 0 || line.ended !== undefined, 'a huge frame to be refused');
    if (line.ended === undefined) line.say('x'.repeat(HUGE + 1));
    await until(
      () => line.socket.readyState !== WebSocket.OPEN,
      'a frame beyond the limit to end its socket',
    );
    // Nobody reads the rest of it any more, and a client that goes on sending would wait for half a minute.
    line.socket.terminate();
    await until(() => line.ended !== undefined, 'its end');
    expectEnd(line, TOO_BIG);
  }
}

async function comeAndGo(customer: Caller, room: string): Promise<void> {
  let left = JOINS;
  const one = async () => {
    while (left-- > 0) {
      const line = await customer.join(room);
      await line.close();
    }
  };
  await Promise.all(Array.from({ length: JOINS_AT_ONCE }, one));
}

/** In full frames, as a queue comes back, each after the last was acknowledged. */
async function sayThousands(customer: Caller, room: string): Promise<void> {
  const line = await customer.join(room);
  let heard = 0;
  let head = 0;
  line.hears = (frame) => {
    heard += frame.split('"thousandth"').length - 1;
    head = headAfter(frame, head);
  };
  // What a join shows of earlier rounds does not count.
  await until(() => head > 0, 'the welcome');
  await wait(SETTLED_MS);
  heard = 0;
  for (let said = 0; said < MESSAGES; said += limits.postsPerFrame) {
    const posts = Array.from({ length: limits.postsPerFrame }, () => aPost('thousandth', head));
    line.say(JSON.stringify({ type: 'post', posts }));
    await until(() => heard >= said + limits.postsPerFrame, 'a frame of messages to be acknowledged');
  }
  await line.close();
}

function post(text: string, since: number): string {
  return JSON.stringify({ type: 'post', posts: [aPost(text, since)] });
}

function aPost(text: string, since: number) {
  return { id: randomUUID(), since, kind: 'text', text };
}

function headAfter(frame: string, head: number): number {
  return Math.max(head, ...[...frame.matchAll(/"(?:seq|head)":(\d+)/g)].map(([, seq]) => Number(seq)));
}

function expectEnd({ ended }: Line, code: number): void {
  if (ended !== code) throw new Error(`closed with ${ended ?? 'nothing'} instead of ${code}`);
}

async function until(look: () => boolean, what: string): Promise<void> {
  const start = performance.now();
  while (!look()) {
    if (performance.now() - start > PATIENCE_MS) throw new Error(`waited in vain for ${what}`);
    await wait(2);
  }
}
