/** Who is measured: Sotto itself, and rooms that do less, each on a runtime of its own in the same run. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import type { Company } from '../engine/company.ts';
import { Line } from '../engine/line.ts';
import { startWorkerd, type Workerd } from '../engine/workerd.ts';

/** Every message in every frame of every contestant has this once. */
export const MESSAGE_MARK = '"at":';
const AGENT_SEATS_PER_ROOM = 10;

/** One side of a conversation. */
export interface Seat {
  say(text: string): void;
  /** Hears every frame as it comes. */
  hears: (frame: string) => void;
  close(): Promise<void>;
}

export interface Contestant {
  readonly name: string;
  /** The process whose time and memory are its cost. */
  readonly pid: number;
  /** A new room with this many seats, all of them quiet. */
  room(seats: number): Promise<Seat[]>;
}

/** What a product's first frames say about where its numbers stand. */
const HEAD = /"head":(\d+)/;

/** Sotto: the first seat is the customer's, the others are of staff. */
export function sotto(company: Company): Contestant {
  const { workerd, agents } = company;
  let next = 0;
  return {
    name: 'sotto',
    pid: workerd.pid,
    room: async (seats) => {
      const customer = await company.visitor();
      const room = await customer.begin('Hello');
      const first = next;
      if (seats > 1) next += Math.ceil((seats - 1) / AGENT_SEATS_PER_ROOM);
      const callers = Array.from({ length: seats }, (_, n) => {
        const agent = agents[(first + Math.floor((n - 1) / AGENT_SEATS_PER_ROOM)) % agents.length];
        return n === 0 || agent === undefined ? customer : agent;
      });
      // The next ten seats are of whoever claimed it, and may say something too.
      await callers[1]?.post(`${room}/claim`, {});
      const open: Seat[] = [];
      for (const caller of callers) open.push(await sottoSeat(await caller.join(room)));
      return open;
    },
  };
}

async function sottoSeat(line: Line): Promise<Seat> {
  let head = 0;
  await new Promise<void>((settle) => {
    line.hears = (frame) => {
      const found = HEAD.exec(frame);
      if (found !== null) head = Number(found[1]);
      if (head > 0 && frame.startsWith('{"type":"messages"')) settle();
    };
  });
  const seat: Seat = {
    hears: () => undefined,
    say: (text) => {
      const posts = [{ id: randomUUID(), since: head, kind: 'text', text }];
      line.say(JSON.stringify({ type: 'post', posts }));
    },
    close: () => line.close(),
  };
  line.hears = (frame) => {
    if (frame.startsWith('{"type":"refused"')) throw new Error(frame);
    if (frame.startsWith('{"type":"messages"')) {
      head = Number(/.*"seq":(\d+)/.exec(frame)?.[1] ?? head);
      seat.hears(frame);
    }
  };
  return seat;
}

/** A room of the reference Worker. */
export function reference(kind: 'Bare' | 'Coalesced' | 'Naive' | 'Party', workerd: Workerd): Contestant {
  return {
    name: kind === 'Party' ? 'partyserver' : kind.toLowerCase(),
    pid: workerd.pid,
    room: async (seats) => {
      const path = `/${kind}/${randomUUID()}`;
      const lines: Line[] = [];
      for (let n = 0; n < seats; n++) lines.push(await Line.open(workerd.url, path));
      // Partyserver says what there is at the door.
      if (kind === 'Party') await new Promise((settle) => setTimeout(settle, 50));
      return lines.map(plainSeat);
    },
  };
}

export function startReference(code: string): Promise<Workerd> {
  return startWorkerd({ code, config: join(import.meta.dirname, 'reference/wrangler.toml') });
}

function plainSeat(line: Line): Seat {
  const seat: Seat = {
    hears: () => undefined,
    say: (text) => line.say(`{"at":${Date.now()},"text":${JSON.stringify(text)}}`),
    close: () => line.close(),
  };
  line.hears = (frame) => seat.hears(frame);
  return seat;
}

/** socket.io on Node, which keeps nothing and asks nobody. */
export async function startSocketIo(): Promise<Contestant & { stop(): void }> {
  const child: ChildProcess = spawn(process.execPath, [join(import.meta.dirname, 'reference/socket-io.ts')], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [port] = (await once(child, 'message')) as [number];
  return {
    name: 'socket.io',
    pid: child.pid ?? 0,
    room: async (seats) => {
      const room = randomUUID();
      return Promise.all(Array.from({ length: seats }, () => socketIoSeat(port, room)));
    },
    stop: () => child.kill(),
  };
}

async function socketIoSeat(port: number, room: string): Promise<Seat> {
  const socket = io(`http://127.0.0.1:${port}`, {
    transports: ['websocket'],
    forceNew: true,
    query: { room },
  });
  await new Promise<void>((settle) => socket.once('connect', settle));
  const seat: Seat = {
    hears: () => undefined,
    say: (text) => socket.emit('say', `{"at":${Date.now()},"text":${JSON.stringify(text)}}`),
    close: () => {
      socket.disconnect();
      return Promise.resolve();
    },
  };
  socket.on('said', (frame: string) => seat.hears(frame));
  return seat;
}
