import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { allOf, inWords, openedBy } from './budgets.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-budgets-'));
afterAll(() => rmSync(folder, { recursive: true }));

mkdirSync(join(folder, 'assets'));
writeFileSync(
  join(folder, 'page.html'),
  '<script src="/assets/page-1.js"></script><link href="/assets/page-2.css">',
);
writeFileSync(
  join(folder, 'assets/page-1.js'),
  'import{a}from"./shared-6.js";import`./bare-7.js`;import("./later-3.js");export{a}from"./shared-6.js"',
);
writeFileSync(join(folder, 'assets/shared-6.js'), 'import "./deep-8.js"');
writeFileSync(join(folder, 'assets/bare-7.js'), '');
writeFileSync(join(folder, 'assets/deep-8.js'), '');
writeFileSync(join(folder, 'assets/page-2.css'), 'b{background:url(/assets/picture-4.svg)}');
writeFileSync(join(folder, 'assets/later-3.js'), 'import"./page-1.js";import"./under-9.js"');
writeFileSync(join(folder, 'assets/under-9.js'), '');
writeFileSync(join(folder, 'assets/picture-4.svg'), '<svg/>');
writeFileSync(join(folder, 'assets/other-5.js'), '');

const opened = ['bare-7.js', 'deep-8.js', 'page-1.js', 'page-2.css', 'shared-6.js'];
const names = (files: readonly string[]) => files.map((file) => file.replace('assets/', '')).toSorted();

test('what is opened is what the page names, and what that imports without being asked', () => {
  expect(names(openedBy(folder, 'page.html'))).toEqual(opened);
});

test('a part that is asked for is counted with the rest, and it must be there', () => {
  expect(names(openedBy(folder, 'page.html', ['later']))).toEqual(
    [...opened, 'later-3.js', 'under-9.js'].toSorted(),
  );
  expect(() => openedBy(folder, 'page.html', ['other'])).toThrow('0 files named other');
});

test('all of it includes what is fetched later, once, and nothing of another page', () => {
  expect(names(allOf(folder, 'page.html'))).toEqual([...opened, 'later-3.js', 'under-9.js'].toSorted());
});

test('what is over its budget says so', () => {
  expect(inWords({ what: 'loader.js', bytes: 2049, budget: 2048 })).toMatch(/TOO BIG$/);
  expect(inWords({ what: 'loader.js', bytes: 2048, budget: 2048 })).toMatch(/2\.0 KB of +2\.0 KB$/);
});
