import { expect, test } from 'vitest';
import { partsOf } from './text.ts';

test('E11 a lesson’s text is parted at headings and empty lines, but not within code', () => {
  expect(partsOf('One.\nTwo.\n\n## Three\n### Four\n```\n## no\n\nheading\n```\nFive.')).toEqual([
    { is: 'text', text: 'One.\nTwo.' },
    { is: 'heading', level: 2, text: 'Three' },
    { is: 'heading', level: 3, text: 'Four' },
    { is: 'text', text: '```\n## no\n\nheading\n```\nFive.' },
  ]);
  expect(partsOf('# Title\n\n<b>no</b>')).toEqual([
    { is: 'text', text: '# Title' },
    { is: 'text', text: '<b>no</b>' },
  ]);
});
