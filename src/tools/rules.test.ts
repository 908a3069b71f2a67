import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const rules = [...readFileSync('docs/RULES.md', 'utf8').matchAll(/^- \*\*([A-Z]\d+)\*\* /gm)].map(
  ([, id]) => id ?? '',
);
const files = globSync(['src/**/*.test.{ts,tsx}', 'worker-tests/**/*.test.ts']);
/** Numbers at the start of a title: `it('C1 C3 everyone …`. */
const titles = files.flatMap((file) => [
  ...readFileSync(file, 'utf8').matchAll(
    /\b(?:it|test|describe)(?:\.each\([^)]*\))?\(\s*['"`]((?:[A-Z]\d+ )+)/g,
  ),
]);
const proved = new Set(titles.flatMap(([, ids]) => (ids ?? '').trim().split(' ')));

test('every rule has a number of its own and a test that carries it', () => {
  expect(new Set(rules).size).toBe(rules.length);
  expect(rules.filter((rule) => !proved.has(rule))).toEqual([]);
});

test('every number that a test carries is a rule', () => {
  expect([...proved].filter((rule) => !rules.includes(rule))).toEqual([]);
});
