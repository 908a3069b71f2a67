import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Hours } from '../../protocol/bodies.ts';
import { openAt } from './rules.ts';

const closed: Hours['week'] = [[], [], [], [], [], [], []];
const everyDay = (from: number, to: number, timeZone: string): Hours => ({
  timeZone,
  week: closed.map(() => [{ from, to }]),
});
const at = (time: string) => Date.parse(time);
const hour = 60;

describe('T4 hours', () => {
  it('that are not set are always open, and an empty week never', () => {
    expect(openAt(null, at('2026-11-22T03:00Z'))).toEqual({ open: true, opensAt: null });
    expect(openAt({ timeZone: 'Europe/Berlin', week: closed }, at('2026-11-22T12:00Z'))).toEqual({
      open: false,
      opensAt: null,
    });
  });

  it('are times on the wall of their own time zone', () => {
    const instant = at('2026-11-23T14:30Z');
    const nineToFive = (timeZone: string) => openAt(everyDay(9 * hour, 17 * hour, timeZone), instant);
    expect(nineToFive('Europe/Berlin')).toEqual({ open: true, opensAt: null });
    expect(nineToFive('America/New_York').open).toBe(true);
    expect(nineToFive('America/Los_Angeles')).toEqual({ open: false, opensAt: at('2026-11-23T17:00Z') });
    expect(nineToFive('Asia/Kolkata')).toEqual({ open: false, opensAt: at('2026-11-24T03:30Z') });
    expect(nineToFive('Pacific/Kiritimati')).toEqual({ open: false, opensAt: at('2026-11-23T19:00Z') });
  });

  it('begin at their first minute and end before their last', () => {
    const hours = everyDay(9 * hour, 17 * hour, 'UTC');
    expect(openAt(hours, at('2026-11-23T09:00Z') - 1)).toEqual({
      open: false,
      opensAt: at('2026-11-23T09:00Z'),
    });
    expect(openAt(hours, at('2026-11-23T09:00Z')).open).toBe(true);
    expect(openAt(hours, at('2026-11-23T17:00Z') - 1).open).toBe(true);
    expect(openAt(hours, at('2026-11-23T17:00Z'))).toEqual({
      open: false,
      opensAt: at('2026-11-24T09:00Z'),
    });
  });

  it('run on over midnight where one day ends with it and the next begins with it', () => {
    // Sunday evening to Monday morning.
    const week = closed.with(6, [{ from: 22 * hour, to: 24 * hour }]).with(0, [{ from: 0, to: 2 * hour }]);
    const hours = { timeZone: 'Europe/Berlin', week };
    expect(openAt(hours, at('2026-11-22T22:59:59.999Z')).open).toBe(true);
    expect(openAt(hours, at('2026-11-22T23:00Z')).open).toBe(true);
    expect(openAt(hours, at('2026-11-23T01:00Z'))).toEqual({
      open: false,
      opensAt: at('2026-11-29T21:00Z'),
    });
  });

  it('of one day a week open again in a week', () => {
    const hours = { timeZone: 'UTC', week: closed.with(0, [{ from: 9 * hour, to: 10 * hour }]) };
    expect(openAt(hours, at('2026-11-23T10:00Z')).opensAt).toBe(at('2026-11-30T09:00Z'));
  });

  it('stay on the wall when the clocks change', () => {
    const hours = everyDay(9 * hour, 17 * hour, 'Europe/Berlin');
    expect(openAt(hours, at('2026-03-28T20:00Z')).opensAt).toBe(at('2026-03-29T07:00Z'));
    expect(openAt(hours, at('2026-10-24T20:00Z')).opensAt).toBe(at('2026-10-25T08:00Z'));
  });

  it('that begin in the hour that spring skips begin when the clocks have jumped', () => {
    // On 29 March 2026 at 01:00 UTC, Berlin's clocks jump from 2:00 to 3:00.
    const hours = everyDay(2.5 * hour, 6 * hour, 'Europe/Berlin');
    expect(openAt(hours, at('2026-03-29T00:59Z'))).toEqual({
      open: false,
      opensAt: at('2026-03-29T01:00Z'),
    });
  });

  it('that lie in the hour that spring skips are left out that day', () => {
    const week = closed.with(6, [{ from: 2 * hour + 10, to: 2 * hour + 50 }]);
    expect(openAt({ timeZone: 'Europe/Berlin', week }, at('2026-03-29T00:30Z')).opensAt).toBe(
      at('2026-04-05T00:10Z'),
    );
  });

  it('in the hour that autumn repeats come twice', () => {
    // On 25 October 2026 at 01:00 UTC, Berlin's clocks go back from 3:00 to 2:00.
    const hours = everyDay(2 * hour, 2.5 * hour, 'Europe/Berlin');
    expect(openAt(hours, at('2026-10-25T00:15Z')).open).toBe(true);
    expect(openAt(hours, at('2026-10-25T00:45Z'))).toEqual({
      open: false,
      opensAt: at('2026-10-25T01:00Z'),
    });
    expect(openAt(hours, at('2026-10-25T01:15Z')).open).toBe(true);
    expect(openAt(hours, at('2026-10-25T01:30Z')).opensAt).toBe(at('2026-10-26T01:00Z'));
  });

  it('open next at the first open minute, wherever and whenever', () => {
    const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca', 'UTC'];
    const changes = ['2026-03-08T07:00Z', '2026-03-29T01:00Z', '2026-04-04T15:00Z', '2026-10-25T01:00Z'];
    const span = fc
      .tuple(fc.integer({ min: 0, max: 47 }), fc.integer({ min: 1, max: 12 }))
      .map(([from, length]) => ({ from: from * 30, to: Math.min(1_440, (from + length) * 30) }));
    const hours = fc.record({
      timeZone: fc.constantFrom(...zones),
      week: fc.array(fc.array(span, { maxLength: 2 }), { minLength: 7, maxLength: 7 }),
    });
    const around = fc.tuple(fc.constantFrom(...changes), fc.integer({ min: -1_500, max: 300 }));
    const isOpen = (someHours: Hours, time: number) => openAt(someHours, time).open;
    fc.assert(
      fc.property(hours, around, (someHours, [change, minutes]) => {
        const now = at(change) + minutes * 60_000;
        const { open, opensAt } = openAt(someHours, now);
        if (open) return;
        if (opensAt !== null) {
          expect(isOpen(someHours, opensAt)).toBe(true);
          expect(isOpen(someHours, opensAt - 1)).toBe(false);
        }
        const halfHour = 30 * 60_000;
        const until = Math.min(opensAt ?? Infinity, now + 48 * halfHour);
        for (let time = now - (now % halfHour) + halfHour; time < until; time += halfHour)
          expect(isOpen(someHours, time)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});
