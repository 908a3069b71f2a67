import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const pictures = readdirSync('docs/pictures');

test('every picture is shown on a page, and every page’s pictures are there', () => {
  const pages = ['README.md', 'docs/SCREENS.md'].map((page) => readFileSync(page, 'utf8')).join('\n');
  const shown = [...pages.matchAll(/pictures\/([\w-]+\.(?:png|jpg))/g)].map(([, name]) => name ?? '');
  expect(pictures.toSorted()).toEqual([...new Set(shown)].toSorted());
});

test('every screen of the settings has a picture', () => {
  const route = readFileSync('src/browser/dashboard/route.ts', 'utf8');
  const [, groups = ''] = /settingsGroups = \{(.*?)\} as const/s.exec(route) ?? [];
  const screens = [...groups.matchAll(/'(\w+)'/g)].map(([, name]) => `settings-${name ?? ''}.jpg`);
  expect(screens).toContain('settings-people.jpg');
  expect(pictures).toEqual(expect.arrayContaining(screens));
});
