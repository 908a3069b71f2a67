import { expect, test } from 'vitest';
import { maskedKinds } from '../../../protocol/marks.ts';
import { type WarningWords, words } from './words.ts';

const files = import.meta.glob<WarningWords>('./words/*.ts', { import: 'default', eager: true });
const languages = Object.entries({ ...files, en: words });

test.each(languages)('D13 D15 %s says what it looks like and what becomes of it', (_, language) => {
  for (const kind of maskedKinds) {
    const what = language.kinds[kind];
    expect(language.looksLike(what)).toContain(what);
    expect(language.masked(what)).toContain(what);
  }
  const sayings = [...Object.values(language.kinds), language.special, language.change, language.again];
  expect(new Set(sayings).size).toBe(maskedKinds.length + 3);
  expect(sayings.filter((said) => said.trim() === '')).toEqual([]);
});
