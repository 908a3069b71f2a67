import { expect, test } from 'vitest';
import { Halt } from '../halt.ts';
import { batches, select, summary, type Step } from './run.ts';

const steps: Step[] = ['lint', 'types', 'types:browser', 'unit', 'browser'].map((name) => ({
  name,
  command: 'true',
  ...(name === 'browser' && { isLong: true }),
}));
const names = (...wanted: string[]) => select(steps, { names: wanted, all: false }).map(({ name }) => name);

test('without names every step is run that is not long, in order', () => {
  expect(names()).toEqual(['lint', 'types', 'types:browser', 'unit']);
});

test('all are run when all are asked for, and a long one by its name', () => {
  expect(select(steps, { names: [], all: true })).toEqual(steps);
  expect(names('browser')).toEqual(['browser']);
});

test('named steps are run in their own order, a family by its first name', () => {
  expect(names('unit', 'types')).toEqual(['types', 'types:browser', 'unit']);
  expect(names('types:browser')).toEqual(['types:browser']);
});

test('a name that is no step is refused with those that are', () => {
  expect(() => names('unit', 'typos')).toThrow(
    new Halt('There is no step typos; there are lint, types, types:browser, unit, browser.'),
  );
});

test('neighbours that change nothing for each other go on side by side, and every other step goes alone', () => {
  const [lint, types, build, unit, words, audit] = [1, 1, 0, 0, 1, 0].map((beside, index): Step => ({
    name: String(index),
    command: 'true',
    ...(beside === 1 && { goesBeside: true }),
  })) as [Step, Step, Step, Step, Step, Step];
  expect(batches([lint, types, build, unit, words, audit])).toEqual([
    [lint, types],
    [build],
    [unit],
    [words],
    [audit],
  ]);
});

test('the last line can be read by a machine', () => {
  expect(summary({ passed: 14, failed: 0 })).toBe('14 passed, 0 failed');
});
