import { expect, test } from 'vitest';
import { NOON } from './cast.ts';
import { dueOf, periods } from './periods.ts';
import { PURPOSES, type ServiceKeyPurpose } from './service-key.ts';

const day = 86_400_000;
const key = (purpose: ServiceKeyPurpose, days: number, uses = 0) => ({
  ...({ id: 1, purpose, root: 1, state: 'active', uses } as const),
  createdAt: NOON - days * day,
});

test('K14 no key seals longer than SP 800-57 lets it, nor half as often as SP 800-38D does', () => {
  for (const purpose of PURPOSES) {
    const { lasts, uses } = periods[purpose];
    expect((lasts ?? 0) <= 2 * 365 * day && (uses ?? 0) <= 2 ** 32 / 2, purpose).toBe(true);
  }
  expect(PURPOSES.filter((purpose) => periods[purpose].lasts === null)).toEqual(['lookup']);
});

test('K14 a key is due soon in the last tenth of its time, and over at its end', () => {
  const due = (days: number) => dueOf(key('data', days), NOON);
  expect([due(0), due(328), due(329), due(364.9), due(365)]).toEqual([
    'later',
    'later',
    'soon',
    'soon',
    'over',
  ]);
  expect([29, 33].map((days) => dueOf(key('token', days), NOON))).toEqual(['soon', 'over']);
  expect(dueOf(key('lookup', 10_000), NOON)).toBe('later');
});

test('K14 and so it is by its uses', () => {
  const due = (uses: number) => dueOf(key('pepper', 0, uses), NOON);
  expect([2 ** 30 - 1, 2 ** 30, 2 ** 31 - 1, 2 ** 31].map(due)).toEqual(['later', 'soon', 'soon', 'over']);
});
