import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('every picture is shown on a page, and every page’s pictures are there', () => {
  const pages = ['README.md', 'docs/SCREENS.md'].map((page) => readFileSync(page, 'utf8')).join('\n');
  const shown = [...pages.matchAll(/pictures\/([\w-]+\.png)/g)].map(([, name]) => name ?? '');
  expect(readdirSync('docs/pictures').toSorted()).toEqual([...new Set(shown)].toSorted());
});
