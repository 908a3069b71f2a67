import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Lately } from './lately.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 }));
afterEach(() => void vi.useRealTimers());
const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

test('L11 an answer is asked for once a second, and once at a time', async () => {
  const lately = new Lately<number>();
  let asked = 0;
  const ask = () => Promise.resolve(++asked);
  expect(await Promise.all([lately.get(ask), lately.get(ask)])).toEqual([1, 2]);
  later(999);
  expect(await lately.get(ask)).toBe(2);
  later(1);
  // All but the one who asks have what was answered last.
  expect(await Promise.all([1, 2, 3].map(() => lately.get(ask)))).toEqual([3, 2, 2]);
  expect(await lately.get(ask)).toBe(3);
});

test('L11 nobody waits for one who asked and is gone, nor has an answer that is too old', async () => {
  const lately = new Lately<string>();
  const gone = () => new Promise<string>(() => undefined);
  await lately.get(() => Promise.resolve('first'));
  later(1_000);
  void lately.get(gone);
  expect(await lately.get(gone)).toBe('first');
  later(4_000);
  expect(await lately.get(() => Promise.resolve('second'))).toBe('second');
});

test('L11 after a failure the next one asks', async () => {
  const lately = new Lately<string>();
  await lately.get(() => Promise.resolve('first'));
  later(1_000);
  await expect(lately.get(() => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
  expect(await lately.get(() => Promise.resolve('second'))).toBe('second');
});
