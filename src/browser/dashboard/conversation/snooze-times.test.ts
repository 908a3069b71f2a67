import { expect, test } from 'vitest';
import { fromField, snoozeChoices, toField } from './snooze-times.ts';

const at = (...parts: [number, number, number, number, number]) => new Date(...parts);
const named = (now: Date) =>
  Object.fromEntries(snoozeChoices(now).map(({ name, until }) => [name, new Date(until)]));

test('an hour is an hour, also over midnight', () => {
  expect(named(at(2026, 0, 31, 23, 30))['hour']).toEqual(at(2026, 1, 1, 0, 30));
});

test('tomorrow is the next day at nine, early in the morning too', () => {
  expect(named(at(2026, 11, 31, 8, 0))['tomorrow']).toEqual(at(2027, 0, 1, 9, 0));
  expect(named(at(2026, 5, 10, 0, 1))['tomorrow']).toEqual(at(2026, 5, 11, 9, 0));
});

test('next Monday is never today', () => {
  // 2026-11-23 is a Monday.
  expect(named(at(2026, 10, 23, 8, 0))['monday']).toEqual(at(2026, 10, 30, 9, 0));
  expect(named(at(2026, 10, 22, 12, 0))['monday']).toEqual(at(2026, 10, 23, 9, 0));
  expect(named(at(2026, 10, 24, 12, 0))['monday']).toEqual(at(2026, 10, 30, 9, 0));
});

test('a moment comes back from its field to the minute', () => {
  const moment = at(2026, 6, 1, 14, 5).getTime();
  expect(toField(moment)).toBe('2026-07-01T14:05');
  expect(fromField(toField(moment))).toBe(moment);
  expect(fromField('')).toBeNull();
});
