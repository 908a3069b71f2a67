import { expect, test } from 'vitest';
import { type Look, looksInWords, lookMisses } from './masking.ts';

const look = (what: string, ms: number, isBound: boolean): Look => ({ what, on: '64 KiB', ms, isBound });

test('D9 the bench fails where a text of 64 KiB takes more than 50 ms, and says what was looked for', () => {
  expect(lookMisses([look('cards', 50, true), look('all', 80, false)])).toBeUndefined();
  expect(lookMisses([look('cards', 50.1, true), look('secrets', 9, true), look('ids', 60, true)])).toBe(
    'More than 50 ms: cards; ids.',
  );
});

test('D9 the bench’s table has a line for each', () => {
  const lines = looksInWords([
    { ...look('cards', 44.4, true), worst: '4 ' },
    look('a message', 0.031, false),
  ]);
  expect(lines.split('\n').map((line) => line.replace(/ +/g, ' '))).toEqual([
    'cards 64 KiB 44 ms "4 "',
    'a message 64 KiB 0.03 ms',
  ]);
});
