import { expect, it } from 'vitest';
import { beats } from './beats.ts';

it('has as many beats as are due, evenly, also where each is answered late', async () => {
  const due: number[] = [];
  for await (const at of beats(1_000, 0.02)) {
    due.push(at);
    await new Promise((settle) => setTimeout(settle, 2));
  }
  expect(due.length).toBe(20);
  const [first = 0] = due;
  due.forEach((at, n) => {
    expect(at - first).toBeCloseTo(n, 6);
  });
});
