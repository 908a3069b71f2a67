import { expect, test } from 'vitest';
import { counting } from './plural.ts';

test('English has one and other', () => {
  const words = (n: number) => counting('en')(n, { one: '# message', other: '# messages' });
  expect([1, 2, 1_500].map(words)).toEqual(['1 message', '2 messages', '1,500 messages']);
});

test('Arabic has six forms, and its own for two needs no figure', () => {
  const forms = {
    zero: 'صفر',
    one: 'واحدة',
    two: 'اثنتان',
    few: '# قليلة',
    many: '# كثيرة',
    other: '# أخرى',
  };
  const count = counting('ar-EG');
  expect([0, 1, 2, 3, 11, 100].map((n) => count(n, forms))).toEqual([
    'صفر',
    'واحدة',
    'اثنتان',
    '٣ قليلة',
    '١١ كثيرة',
    '١٠٠ أخرى',
  ]);
});

test('a form that a language has and nobody wrote falls back to other', () => {
  expect(counting('ar')(2, { other: '#' })).not.toBe('');
});
