import { expect, test } from 'vitest';
import { rulesHere, testsByRule } from './rules.ts';

const rules = rulesHere().map(({ id }) => id);
const proved = testsByRule();

test('every rule has a number of its own and a test that carries it', () => {
  expect(new Set(rules).size).toBe(rules.length);
  expect(rules.filter((rule) => !proved.has(rule))).toEqual([]);
});

test('every number that a test carries is a rule', () => {
  expect([...proved.keys()].filter((rule) => !rules.includes(rule))).toEqual([]);
});
