import { expect, test } from 'vitest';
import { attentionOf, isSnoozed, lastReturn, lateAfter, minutesSince } from './attention.ts';

const now = 10_000_000;
const of = (fields: object) =>
  attentionOf({ state: 'claimed', snoozedUntil: null, waitingSince: null, ...fields }, now);

test('whoever nobody has taken is new, and late after five minutes', () => {
  expect(of({ state: 'waiting', waitingSince: now - lateAfter + 1 })).toEqual({
    is: 'new',
    since: now - lateAfter + 1,
    late: false,
  });
  expect(of({ state: 'waiting', waitingSince: now - lateAfter })).toMatchObject({ is: 'new', late: true });
  expect(of({ state: 'waiting' })).toEqual({ is: 'new', since: null, late: false });
});

test('whoever has somebody waits for an answer, or has it', () => {
  expect(of({ waitingSince: now - 1 })).toEqual({ is: 'waits', since: now - 1, late: false });
  expect(of({ waitingSince: now - lateAfter })).toMatchObject({ is: 'waits', late: true });
  expect(of({})).toEqual({ is: 'answered' });
});

test('snoozed is only a time: when it has come, the conversation is back', () => {
  expect(of({ state: 'waiting', waitingSince: 1, snoozedUntil: now + 1 })).toEqual({
    is: 'snoozed',
    until: now + 1,
  });
  expect(of({ waitingSince: 1, snoozedUntil: now })).toMatchObject({ is: 'waits', late: true });
});

test('closed is closed', () => {
  expect(of({ state: 'closed', waitingSince: 1, snoozedUntil: now + 1 })).toEqual({ is: 'closed' });
});

test('minutes are whole, and never fewer than none', () => {
  expect([minutesSince(now - 119_999, now), minutesSince(now + 5_000, now)]).toEqual([1, 0]);
});

test('between two returns nothing changes: the last one stands for now', () => {
  const entries = [null, now - 10, now, now + 1, 5].map((snoozedUntil) => ({ snoozedUntil }));
  const asOf = lastReturn(entries, now);
  expect(asOf).toBe(now);
  for (const entry of entries) expect(isSnoozed(entry, asOf)).toBe(isSnoozed(entry, now));
  expect(lastReturn(entries, 4)).toBe(0);
});
