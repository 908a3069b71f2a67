import { describe, expect, it } from 'vitest';
import type { BackupState } from '../../protocol/backups.ts';
import { isGivenUp, isMissing, isNextFull, keptFrom, nextNight } from './rules.ts';

const day = 86_400_000;
const now = 1_000 * day;
const made = (number: number, days = 0, isFull = false, state: BackupState = 'whole') => ({
  number,
  isFull,
  state,
  begunAt: now - days * day,
  pgp: null as string | null,
});

describe('R1 a backup is full', () => {
  it('where there is none, after one that is not whole, and after six that build upon one', () => {
    expect(isNextFull([], null)).toBe(true);
    const chain = [made(1, 0, true), ...[2, 3, 4, 5, 6].map((number) => made(number))];
    expect(isNextFull(chain.slice(0, 1), null)).toBe(false);
    expect(isNextFull(chain, null)).toBe(false);
    expect(isNextFull([...chain, made(7)], null)).toBe(true);
    expect(isNextFull([...chain, made(7, 0, false, 'broken')], null)).toBe(true);
    expect(isNextFull([made(1, 0, true, 'broken')], null)).toBe(true);
    // After a restore nothing is known of the one that it came from.
    expect(isNextFull([made(12)], null)).toBe(true);
  });
});

it('R28 a backup is full where the one before it lies under another key', () => {
  const chain = [made(1, 0, true), { ...made(2), pgp: 'A' }];
  expect(isNextFull(chain, 'A')).toBe(false);
  expect(isNextFull(chain, 'B')).toBe(true);
  expect(isNextFull(chain, null)).toBe(true);
});

describe('R7 backups are kept', () => {
  it('for 35 days, and with them what they build upon', () => {
    const all = Array.from({ length: 60 }, (_, at) => made(at + 1, 59 - at, at % 7 === 0));
    // The one of 35 days ago is number 25, and builds upon number 22.
    expect(keptFrom(all, now)).toBe(22);
    expect(keptFrom(all.slice(0, 20), all[19]?.begunAt ?? 0)).toBe(0);
    const broken = all.map((each) => (each.number === 22 ? { ...each, state: 'broken' as const } : each));
    expect(keptFrom(broken, now)).toBe(15);
  });
});

describe('R8 a backup is missing', () => {
  it('where the last one that is whole was begun more than 26 hours ago', () => {
    const hours = (count: number) => count / 24;
    expect(isMissing([], now)).toBe(false);
    expect(isMissing([made(1, hours(25))], now)).toBe(false);
    expect(isMissing([made(1, hours(27))], now)).toBe(true);
    expect(isMissing([made(1, hours(27)), made(2, hours(1), false, 'making')], now)).toBe(true);
    expect(isMissing([made(1, hours(27)), made(2, hours(1), false, 'broken')], now)).toBe(true);
    expect(isMissing([made(1, hours(27)), made(2, hours(1))], now)).toBe(false);
    expect(isMissing([made(1, hours(27), true, 'making')], now)).toBe(true);
  });

  it('and one that has taken two days is given up', () => {
    expect(isGivenUp(made(1, 3, true, 'making'), now)).toBe(true);
    expect(isGivenUp(made(1, 1, true, 'making'), now)).toBe(false);
    expect(isGivenUp(made(1, 3), now)).toBe(false);
  });
});

it('R20 the next one is due in the night that comes', () => {
  const at = (text: string) => Date.parse(`2026-11-${text}:00Z`);
  expect(nextNight(at('28T03:16'))).toBe(at('28T03:17'));
  expect(nextNight(at('28T03:17'))).toBe(at('29T03:17'));
  expect(nextNight(at('28T23:59'))).toBe(at('29T03:17'));
});
