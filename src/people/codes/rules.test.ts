import { expect, test } from 'vitest';
import { mayAskFrom, mayMailFrom } from './rules.ts';

const lastAt = 1_000_000;
const waits = (rule: typeof mayAskFrom, counts: readonly number[]) =>
  counts.map((count) => Math.max(0, rule({ count, lastAt }) - lastAt) / 1_000);

test('V10 whoever has asked waits half a minute, and each time twice as long, up to a day', () => {
  expect(waits(mayAskFrom, [0, 1, 2, 3, 4, 12, 13, 1_000])).toEqual([
    0, 30, 60, 120, 240, 61_440, 86_400, 86_400,
  ]);
});

test('V10 to one address three mails go without a wait, and then the same holds', () => {
  expect(waits(mayMailFrom, [0, 1, 2, 3, 4, 5, 15, 1_000])).toEqual([0, 0, 0, 30, 60, 120, 86_400, 86_400]);
});
