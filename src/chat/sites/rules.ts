/** When a site is open, as pure functions of its hours and the time (T4). */
import type { Hours } from '../../protocol/bodies.ts';

export type Opening = { open: boolean; opensAt: number | null };

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** A week from today, and one more in case the clocks skip a day's only span. */
const daysAhead = 14;

/**
 * Whether these hours hold at `now`, and if not, when they next do. Hours are times on the wall there, so on days on
 * which clocks change a span can be skipped or come twice. No hours at all: always open.
 */
export function openAt(hours: Hours | null, now: number): Opening {
  if (hours === null) return { open: true, opensAt: null };
  const clock = new WallClock(hours.timeZone);
  if (isOpen(hours, clock.wallAt(now))) return { open: true, opensAt: null };
  return { open: false, opensAt: nextOpening(hours, clock, now) };
}

function isOpen({ week }: Hours, wall: number): boolean {
  const minute = (wall % dayMs) / minuteMs;
  return spansOn(week, wall).some(({ from, to }) => from <= minute && minute < to);
}

/** The first time after `now` at which it is open: where a span begins, or where the clocks jump into one. */
function nextOpening(hours: Hours, clock: WallClock, now: number): number | null {
  const today = clock.wallAt(now);
  const days = Array.from({ length: daysAhead + 1 }, (_, day) => today - (today % dayMs) + day * dayMs);
  const candidates = days.flatMap((day) => {
    const begins = spansOn(hours.week, day).map(({ from }) => day + from * minuteMs);
    return begins.flatMap((wall) => clock.timesOf(wall)).concat(clock.changesAround(day));
  });
  const later = candidates.filter((at) => at > now).sort((one, other) => one - other);
  return later.find((at) => isOpen(hours, clock.wallAt(at))) ?? null;
}

function spansOn(week: Hours['week'], wall: number) {
  return week[(new Date(wall).getUTCDay() + 6) % 7] ?? [];
}

/** The clock on the wall in a time zone. Its times are Unix milliseconds of the moment at which UTC shows the same. */
class WallClock {
  readonly #format: Intl.DateTimeFormat;

  constructor(timeZone: string) {
    const numeric = 'numeric';
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      ...{ year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric },
    });
  }

  wallAt(at: number): number {
    const parts = new Map(this.#format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    const day = Date.UTC(part('year'), part('month') - 1, part('day'));
    return day + (part('hour') * 60 + part('minute')) * minuteMs + part('second') * 1_000;
  }

  /** How far the wall is ahead of UTC. */
  #offsetAt(at: number): number {
    return this.wallAt(at) - Math.floor(at / 1_000) * 1_000;
  }

  /** The moments at which the wall may show this: one, or two where the clocks change near it. */
  timesOf(wall: number): number[] {
    const offsets = new Set([this.#offsetAt(wall - dayMs), this.#offsetAt(wall + dayMs)]);
    return [...offsets].map((offset) => wall - offset);
  }

  /** The moment at which the clocks change near this day, if they do: found by halving. */
  changesAround(day: number): number[] {
    let before = day - dayMs;
    let after = day + 2 * dayMs;
    const offset = this.#offsetAt(before);
    if (this.#offsetAt(after) === offset) return [];
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (this.#offsetAt(middle) === offset) before = middle;
      else after = middle;
    }
    return [after];
  }
}
