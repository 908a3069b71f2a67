import { expect, test } from 'vitest';
import { hoursFrom, problemOf, usualWeek, weekOf } from './hours.ts';

test('hours come back as they were', () => {
  const hours = hoursFrom('Europe/Berlin', usualWeek);
  expect(hours.week).toHaveLength(7);
  expect(hours.week[0]).toEqual([{ from: 540, to: 1_020 }]);
  expect(hours.week[6]).toEqual([]);
  expect(hoursFrom('Europe/Berlin', weekOf(hours))).toEqual(hours);
});

test('an end at midnight is the end of the day', () => {
  const week = [[{ from: '18:00', to: '00:00' }], [], [], [], [], [], []];
  const hours = hoursFrom('UTC', week);
  expect(hours.week[0]).toEqual([{ from: 1_080, to: 1_440 }]);
  expect(weekOf(hours)).toEqual(week);
  expect(problemOf(week[0] ?? [])).toBeNull();
});

test('the spans of a day come in order', () => {
  const day = [
    { from: '14:00', to: '18:00' },
    { from: '09:00', to: '12:00' },
  ];
  expect(hoursFrom('UTC', [day]).week[0]).toEqual([
    { from: 540, to: 720 },
    { from: 840, to: 1_080 },
  ]);
  expect(problemOf(day)).toBeNull();
});

test('a day that can not be is named', () => {
  expect(problemOf([{ from: '', to: '12:00' }])).toBe('incomplete');
  expect(problemOf([{ from: '12:00', to: '12:00' }])).toBe('backwards');
  expect(
    problemOf([
      { from: '09:00', to: '12:00' },
      { from: '11:00', to: '13:00' },
    ]),
  ).toBe('overlapping');
});
