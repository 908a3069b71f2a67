/** A: one room of fifty, in a flood by one and by ten, and at a pace. B: five hundred rooms of two, each ping-pong. */
import { setTimeout as wait } from 'node:timers/promises';
import { cpuMs } from '../engine/process.ts';
import { type Contestant, MESSAGE_MARK, type Seat } from './contestants.ts';
import { quantile } from './figures.ts';

export const ROOM_SEATS = 50;
/** As fast as the runtime goes, but never with more than this said and not yet heard. */
const WINDOW = 100;
const FLOOD_MS = 1_500;
const PACE_MS = 2_000;
/** Messages a second, at a pace that a room of fifty never needs. */
const PACE = 100;
const RALLY_MS = 2_000;
const PADDING = 'x'.repeat(150);

export type Figures = Record<string, number>;

/** Deliveries a second, and processor time for each message said. */
export async function flood(
  contestant: Contestant,
  seats: readonly Seat[],
  senders: number,
): Promise<Figures> {
  let delivered = 0;
  let heard = 0;
  let said = 0;
  let until = Infinity;
  const say = () => {
    while (said - heard < WINDOW && performance.now() < until) seats[said++ % senders]?.say(PADDING);
  };
  for (const [index, seat] of seats.entries()) {
    seat.hears = (frame) => {
      const messages = messagesIn(frame);
      delivered += messages;
      if (index > 0) return;
      heard += messages;
      say();
    };
  }
  const cpu = cpuMs(contestant.pid);
  const start = performance.now();
  until = start + FLOOD_MS;
  say();
  while (performance.now() < until || delivered < said * seats.length) await wait(2);
  const seconds = (performance.now() - start) / 1000;
  return {
    deliveries: delivered / seconds,
    cpu: ((cpuMs(contestant.pid) - cpu) * 1000) / said,
  };
}

/** Latency of each delivery at a moderate pace. */
export async function paced(_: Contestant, seats: readonly Seat[]): Promise<Figures> {
  const latencies: number[] = [];
  for (const seat of seats) seat.hears = (frame) => latencies.push(...agesIn(frame));
  const start = performance.now();
  let said = 0;
  for (; performance.now() - start < PACE_MS; said++) {
    seats[0]?.say(stamped());
    await wait(Math.max(0, start + ((said + 1) * 1000) / PACE - performance.now()));
  }
  while (latencies.length < said * seats.length) await wait(5);
  return { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) };
}

/** In every room at once: whoever hears the other answers. */
export async function rally(contestant: Contestant, rooms: readonly (readonly Seat[])[]): Promise<Figures> {
  const latencies: number[] = [];
  let playing = true;
  let inFlight = rooms.length;
  for (const [one, two] of rooms) {
    if (one === undefined || two === undefined) throw new Error('a rally takes two');
    const answer = (seat: Seat, parity: string) => (frame: string) => {
      if (!frame.includes(`p${parity}t`)) return;
      latencies.push(...agesIn(frame));
      if (playing) seat.say(`p${parity === '0' ? '1' : '0'}${stamped()}`);
      else inFlight--;
    };
    one.hears = answer(one, '1');
    two.hears = answer(two, '0');
  }
  const cpu = cpuMs(contestant.pid);
  const start = performance.now();
  for (const [one] of rooms) one?.say(`p0${stamped()}`);
  await wait(RALLY_MS);
  playing = false;
  while (inFlight > 0) await wait(5);
  const seconds = (performance.now() - start) / 1000;
  return {
    messages: latencies.length / seconds,
    cpu: ((cpuMs(contestant.pid) - cpu) * 1000) / latencies.length,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
  };
}

function messagesIn(frame: string): number {
  let count = 0;
  for (let at = frame.indexOf(MESSAGE_MARK); at >= 0; at = frame.indexOf(MESSAGE_MARK, at + 1)) count++;
  return count;
}

function stamped(): string {
  return `t${performance.now().toFixed(3)};${PADDING}`;
}

/** How long ago, in milliseconds, each message of a frame was said. */
function agesIn(frame: string): number[] {
  const now = performance.now();
  return [...frame.matchAll(/t([\d.]+);/g)].map(([, time]) => now - Number(time));
}
