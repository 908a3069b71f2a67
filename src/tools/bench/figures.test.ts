import { expect, it } from 'vitest';
import { type Bound, judged, type Measured } from './figures.ts';

const figure = (contestant: string, ...rounds: number[]): Measured => ({
  ...{ scenario: 'C', contestant, figure: 'memory', unit: 'KB/socket' },
  rounds,
});
const bound: Bound = { scenario: 'C', figure: 'memory', to: 'bare', most: 1.15 };
const holds = (own: number[], other: number[]) =>
  judged([figure('sotto', ...own), figure('bare', ...other)], [bound]).map((verdict) => verdict.holds);

it('holds within its bound, by the medians, and not beyond', () => {
  expect(holds([11, 10, 90], [10, 10, 10])).toEqual([true]);
  expect(holds([12, 12, 12], [10, 10, 10])).toEqual([false]);
});

it('never holds with a figure that can not be', () => {
  expect(holds([0], [10])).toEqual([false]);
  expect(holds([10], [-1])).toEqual([false]);
  expect(holds([0], [0])).toEqual([false]);
});

it('is not judged by what was not measured', () => {
  expect(judged([figure('sotto', 1)], [bound])).toEqual([]);
});
