import { describe, expect, it } from 'vitest';
import type { InboxEntry } from '../../protocol/frames.ts';
import { newId } from '../../protocol/ids.ts';
import { lifetimes } from '../../protocol/limits.ts';
import { counts, isOver, keptFor, presenceOf } from './rules.ts';

const own = newId('team');
const other = newId('team');
const entry: InboxEntry = {
  id: newId('conversation'),
  site: newId('site'),
  team: own,
  state: 'waiting',
  assignee: null,
  snoozedUntil: null,
  waitingSince: 0,
  startedAt: 0,
  changedAt: 0,
  version: 1,
};

describe('I1 a telling', () => {
  it('counts if it is the first or has the higher version', () => {
    expect(counts(undefined, 1, own, 0)).toBe(true);
    const known = { version: 4, team: own, rebuild: 0 };
    expect([3, 4, 5].map((version) => counts(known, version, own, 0))).toEqual([false, false, true]);
  });

  it('I5 counts whatever its version when it is the first since a rebuild began', () => {
    expect(counts({ version: 4, team: own, rebuild: 1 }, 3, own, 2)).toBe(true);
    expect(counts({ version: 4, team: own, rebuild: 2 }, 3, own, 2)).toBe(false);
  });

  it('I2 does not bring back by an older version what has left, rebuild or not', () => {
    const left = { version: 4, team: other, rebuild: 1 };
    expect([1, 2].map((rebuild) => counts(left, 3, own, rebuild))).toEqual([false, false]);
    expect(counts(left, 5, own, 2)).toBe(true);
  });
});

describe('I2 what is over', () => {
  it('was closed, or has left, a day ago', () => {
    for (const over of [
      { ...entry, state: 'closed' as const },
      { ...entry, team: other },
    ]) {
      expect(isOver(over, own, keptFor - 1)).toBe(false);
      expect(isOver(over, own, keptFor)).toBe(true);
    }
    expect(isOver(entry, own, 9 * keptFor)).toBe(false);
  });
});

describe('I3 a person', () => {
  const now = 1_000_000;
  const silent = now - lifetimes.presence;
  it('is where the best of their living sockets says', () => {
    const available = { says: 'available' as const, seenAt: now };
    const away = { says: 'away' as const, seenAt: now };
    expect(presenceOf([], now)).toBe('offline');
    expect(presenceOf([away], now)).toBe('away');
    expect(presenceOf([away, available], now)).toBe('available');
    expect(presenceOf([{ ...available, seenAt: silent }, away], now)).toBe('away');
    expect(presenceOf([{ ...available, seenAt: silent }], now)).toBe('offline');
    expect(presenceOf([{ ...available, seenAt: silent + 1 }], now)).toBe('available');
  });
});
