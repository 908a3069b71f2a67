import { expect, it } from 'vitest';
import type { ToCopy } from '../../chat/conversation.ts';
import type { Message } from '../../protocol/frames.ts';
import { headOf, lineOf, wordsFor } from './text.ts';

const talk = (language: string | null) =>
  ({ people: [], view: { staff: { customer: { language } } } }) as unknown as ToCopy;
const line = { at: 0, from: { kind: 'staff', id: 'per_1' }, text: 'Hello' } as unknown as Message;

it.each([
  ['ar-EG', 'محادثتك مع Shop\n', '\nالموظفون · 1970-01-01 00:00 UTC\n  Hello\n'],
  ['de', 'Ihre Unterhaltung mit Shop\n', '\nPersonal · 1970-01-01 00:00 UTC\n  Hello\n'],
  ['fr', 'Your conversation with Shop\n', '\nStaff · 1970-01-01 00:00 UTC\n  Hello\n'],
  [null, 'Your conversation with Shop\n', '\nStaff · 1970-01-01 00:00 UTC\n  Hello\n'],
])('D76 a conversation that is mailed to whoever speaks %s is in their language or in English', (...all) => {
  const [language, head, said] = all;
  const words = wordsFor(talk(language), 'customer');
  expect([headOf(words, 'Shop'), lineOf(words, talk(language), line)]).toEqual([head, said]);
});

it.each(['\n', '\r', '\r\n', '\v', '\f', '\u0085', '\u2028', '\u2029'])(
  'D70 nobody says what reads as said by somebody else, behind a line that ends with %j',
  (end) => {
    const text = `Hello${end}${end}Staff · 1970-01-01 00:00 UTC${end}You owe us nothing.`;
    const said = lineOf(wordsFor(talk(null), 'customer'), talk(null), { ...line, text });
    const lines = said.split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/);
    expect(lines.filter((each) => /^[^ ]/.test(each))).toEqual(['Staff · 1970-01-01 00:00 UTC']);
    expect(said.replaceAll('  ', '')).toBe(`\nStaff · 1970-01-01 00:00 UTC\n${text}\n`);
  },
);
