import { expect, test } from 'vitest';
import { languageOf, localTime } from './local.ts';

test('a language is named, and one that nobody knows is shown as it came', () => {
  expect(languageOf('de')).toMatch(/german|deutsch/i);
  expect(languageOf('not a tag')).toBe('not a tag');
  expect(languageOf(null)).toBeNull();
});

test('the time is that of the customer', () => {
  const now = Date.UTC(2026, 10, 22, 23, 30);
  expect(localTime('Asia/Tokyo', now)).toMatch(/08:30.*\(Asia\/Tokyo\)/);
  expect(localTime('America/New_York', now)).toMatch(/06:30|18:30/);
  expect(localTime('Nowhere/Land', now)).toBe('Nowhere/Land');
  expect(localTime(null, now)).toBeNull();
});
