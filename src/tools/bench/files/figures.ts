/** What was measured of files, what is wanted of it, and both in words. */
import { limits } from '../../../protocol/limits.ts';
import { median } from '../figures.ts';

export const MB = 1024 * 1024;
export const WHOLE = limits.fileBytes;
export const PHOTO = 25 * MB;
const LEAST_SPEED = 0.8;
const MOST_MEMORY = 16 * MB;
const MOST_LOOKING = 32 * MB;

export const kinds = ['plain', 'sealed'] as const;
export type Kind = (typeof kinds)[number];

/** A text is read; a photo is read and put back without what it says; a copy is what reading and putting back takes by itself. */
export type Look = 'text' | 'photo' | 'copy';

/** Milliseconds of one transfer there and back, and of the server's processor time in each. */
export interface Times {
  readonly up: number;
  readonly down: number;
  readonly cpuUp: number;
  readonly cpuDown: number;
}
/** Bytes of the server's memory: before, and at most on the way there and on the way back. */
export interface Memory {
  readonly before: number;
  readonly up: number;
  readonly down: number;
}

export interface Transfers {
  readonly times: Readonly<Record<Kind | 'routes', readonly Times[]>>;
  readonly memory: Readonly<Record<Kind, readonly Memory[]>>;
  /** How long looking at all of a file took, and how many bytes of memory over what there were before. */
  readonly looking: Readonly<Record<Look, readonly { ms: number; over: number }[]>>;
}

/** By medians, each of its own figure. */
function summary({ times, memory, looking }: Transfers) {
  const of = (kind: Kind | 'routes', figure: keyof Times) => median(times[kind].map((each) => each[figure]));
  const both = (kind: Kind) => median(times[kind].map(({ up, down }) => up + down));
  const peak = (kind: Kind, way: 'up' | 'down') => median(memory[kind].map((each) => each[way]));
  return {
    of,
    peak,
    speed: both('plain') / both('sealed'),
    more: {
      up: peak('sealed', 'up') - peak('plain', 'up'),
      down: peak('sealed', 'down') - peak('plain', 'down'),
    },
    over: (what: Look) => median(looking[what].map(({ over }) => over)),
    took: (what: Look) => median(looking[what].map(({ ms }) => ms)),
  };
}

/** Undefined: sealing costs no more than it may. */
export function transferMisses(transfers: Transfers): string | undefined {
  const { speed, more, over } = summary(transfers);
  const misses = [
    speed >= LEAST_SPEED ? [] : 'A sealed transfer is too slow.',
    Math.max(more.up, more.down) <= MOST_MEMORY ? [] : 'A sealed transfer takes too much memory.',
    over('text') <= MOST_LOOKING ? [] : 'Looking at a text takes too much memory.',
    over('photo') - over('copy') <= MOST_MEMORY ? [] : 'Looking at a photo takes too much memory.',
  ].flat();
  return misses.length === 0 ? undefined : misses.join(' ');
}

export function transfersInWords(transfers: Transfers): string {
  const { of, peak, speed, more, over, took } = summary(transfers);
  const mb = (bytes: number) => `${(bytes / MB).toFixed(1)} MB`;
  const pace = (kind: Kind | 'routes', way: 'up' | 'down') =>
    `${(WHOLE / MB / (of(kind, way) / 1000)).toFixed(0)} MB/s (${of(kind, way === 'up' ? 'cpuUp' : 'cpuDown')} ms of CPU)`;
  const ratio = (way: 'up' | 'down') => (of('plain', way) / of('sealed', way)).toFixed(2);
  return [
    `${mb(WHOLE)} there and back, medians of ${transfers.times.plain.length}:`,
    ...(['plain', 'sealed', 'routes'] as const).map(
      (k) => `  ${k}: up ${pace(k, 'up')}, down ${pace(k, 'down')}`,
    ),
    `  sealed to plain: up ${ratio('up')}, down ${ratio('down')}, there and back ${speed.toFixed(2)} (${LEAST_SPEED} wanted)`,
    ...kinds.map(
      (kind) => `  ${kind}: peak memory up ${mb(peak(kind, 'up'))}, down ${mb(peak(kind, 'down'))}`,
    ),
    `  sealed over plain: up ${mb(more.up)}, down ${mb(more.down)} (at most ${mb(MOST_MEMORY)} wanted)`,
    `looking at a text of ${mb(WHOLE)}: ${mb(over('text'))} over before (at most ${mb(MOST_LOOKING)} wanted), ${(took('text') / 1000).toFixed(1)} s`,
    `looking at a photo of ${mb(PHOTO)} and sealing it anew: ${mb(over('photo'))} over before, ${(took('photo') / 1000).toFixed(1)} s`,
    `  over copying it: ${mb(over('photo') - over('copy'))} (at most ${mb(MOST_MEMORY)} wanted)`,
  ].join('\n');
}
