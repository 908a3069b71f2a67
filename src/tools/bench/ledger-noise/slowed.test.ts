import { expect, it } from 'vitest';
import { isWithin, slowed } from './slowed.ts';

const waits = (by: number) => Array.from({ length: 100 }, (_, n) => (n + 1) * by);

it('compares the middle with the middle and the end with the end', () => {
  expect(slowed(waits(1), waits(3))).toEqual({ p50: 3, p99: 3 });
  const tail = waits(1).map((wait) => (wait > 95 ? wait * 4 : wait));
  expect(slowed(waits(1), tail)).toEqual({ p50: 1, p99: 4 });
});

it('holds only if both do, and never by what was not measured', () => {
  expect(isWithin({ p50: 2, p99: 2 }, 2)).toBe(true);
  expect(isWithin({ p50: 1, p99: 2.1 }, 2)).toBe(false);
  expect(isWithin({ p50: 2.1, p99: 1 }, 2)).toBe(false);
  expect(isWithin(slowed([], waits(1)), 2)).toBe(false);
  expect(isWithin(slowed(waits(1), []), 2)).toBe(false);
});
