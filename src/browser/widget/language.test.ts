import { expect, test } from 'vitest';
import { choose, directionOf, textFor, wishes } from './language.ts';

test('the first wish that can be met is met, its country left out where it must be', () => {
  expect(choose(['fr-CH', 'de-AT', 'en'], ['en', 'de', 'ar'])).toEqual({ found: 'de', wanted: 'de-AT' });
  expect(choose(['pt-BR'], ['pt', 'pt-BR'])?.found).toBe('pt-BR');
  expect(choose(['zh-Hant-TW'], ['zh', 'zh-hant'])?.found).toBe('zh-hant');
  expect(choose(['fr'], ['en'])).toBeNull();
});

test('a site’s text is in the language that was asked for, else in English, else in its first', () => {
  const texts = { nl: 'Hallo', en: 'Hello', de: 'Guten Tag' };
  expect(textFor(['de-CH'], texts)).toEqual({ lang: 'de', text: 'Guten Tag' });
  expect(textFor(['fr'], texts)).toEqual({ lang: 'en', text: 'Hello' });
  expect(textFor(['fr'], { nl: 'Hallo', de: 'Guten Tag' })).toEqual({ lang: 'nl', text: 'Hallo' });
  expect(textFor(['en'], {})).toBeNull();
});

test('what the loader says comes before what the browser says', () => {
  expect(wishes('#lang=de', ['en-GB', 'en'])).toEqual(['de', 'en-GB', 'en']);
  expect(wishes('', ['en'])).toEqual(['en']);
});

test('what is no language is no wish', () => {
  for (const fragment of [
    '#lang=../../x',
    '#lang=',
    '#lang=e',
    '#lang=de%00',
    '#lang=__proto__',
    '#%',
    '#lang=en-',
  ])
    expect(wishes(fragment, ['en'])).toEqual(['en']);
});

test('Arabic runs from right to left', () => {
  expect([directionOf('ar'), directionOf('ar-EG'), directionOf('de')]).toEqual(['rtl', 'rtl', 'ltr']);
});
