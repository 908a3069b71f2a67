import { expect, test } from 'vitest';
import { limits } from '../../protocol/limits.ts';
import { readablePassword } from './cast.ts';

test('a demo password can be typed, is long enough and is never the same', () => {
  const passwords = Array.from({ length: 50 }, readablePassword);
  for (const password of passwords) expect(password).toMatch(/^[a-z]{4}(?:-[a-z]{4}){4}$/);
  expect(readablePassword().length).toBeGreaterThanOrEqual(limits.passwordMin);
  expect(new Set(passwords).size).toBe(50);
});
