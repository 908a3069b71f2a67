import { expect, it } from 'vitest';
import { likelihoodOfOne } from './ranks.ts';

const to = (count: number, by: (n: number) => number) => Array.from({ length: count }, (_, n) => by(n));

it('says what another hand says of the same samples', () => {
  // scipy.stats.mannwhitneyu(range(1, 21), range(6, 26), method='asymptotic')
  const [x, y] = [to(20, (n) => n + 1), to(20, (n) => n + 6)];
  expect(likelihoodOfOne(x, y)).toBeCloseTo(0.01852194627574225, 6);
});

it('of one distribution says that chance alone may do it, whichever comes first', () => {
  const [even, odd] = [to(100, (n) => 2 * n), to(100, (n) => 2 * n + 1)];
  expect(likelihoodOfOne(even, odd)).toBeGreaterThan(0.8);
  expect(likelihoodOfOne(odd, even)).toBeCloseTo(likelihoodOfOne(even, odd), 6);
  expect(likelihoodOfOne(even, even)).toBe(1);
  expect(likelihoodOfOne([1, 1, 1], [1, 1, 1])).toBe(1);
});

it('finds what lies apart, also where only some do', () => {
  const plain = to(500, (n) => n % 50);
  expect(
    likelihoodOfOne(
      plain,
      to(500, (n) => (n % 50) + 10),
    ),
  ).toBeLessThan(1e-6);
  expect(
    likelihoodOfOne(
      plain,
      to(500, (n) => (n % 50) + (n % 2 === 0 ? 10 : 0)),
    ),
  ).toBeLessThan(1e-3);
});
