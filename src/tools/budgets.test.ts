import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { allOf, firstOf, inWords } from './budgets.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-budgets-'));
afterAll(() => rmSync(folder, { recursive: true }));

mkdirSync(join(folder, 'assets'));
writeFileSync(
  join(folder, 'page.html'),
  '<script src="/assets/page-1.js"></script><link href="/assets/page-2.css">',
);
writeFileSync(join(folder, 'assets/page-1.js'), 'import("./later-3.js")');
writeFileSync(join(folder, 'assets/page-2.css'), 'b{background:url(/assets/picture-4.svg)}');
writeFileSync(join(folder, 'assets/later-3.js'), 'import "./page-1.js"');
writeFileSync(join(folder, 'assets/picture-4.svg'), '<svg/>');
writeFileSync(join(folder, 'assets/other-5.js'), '');

test('the first load is what the page itself names', () => {
  expect(firstOf(folder, 'page.html').toSorted()).toEqual(['assets/page-1.js', 'assets/page-2.css']);
});

test('all of it includes what is loaded later, once, and nothing of another page', () => {
  expect(allOf(folder, 'page.html').toSorted()).toEqual([
    'assets/later-3.js',
    'assets/page-1.js',
    'assets/page-2.css',
  ]);
});

test('what is over its budget says so', () => {
  expect(inWords({ what: 'loader.js', bytes: 2049, budget: 2048 })).toMatch(/TOO BIG$/);
  expect(inWords({ what: 'loader.js', bytes: 2048, budget: 2048 })).toMatch(/2\.0 KB of +2\.0 KB$/);
});
