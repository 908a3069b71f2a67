import { expect, it } from 'vitest';
import type { ToCopy } from '../../chat/conversation.ts';
import type { Message } from '../../protocol/frames.ts';
import { headOf, lineOf, wordsFor } from './text.ts';

const talk = (language: string | null) =>
  ({ people: [], view: { staff: { customer: { language } } } }) as unknown as ToCopy;
const line = { at: 0, from: { kind: 'staff', id: 'per_1' }, text: 'Hello' } as unknown as Message;

it.each([
  ['ar-EG', 'محادثتك مع Shop\n', '\nالموظفون · 1970-01-01 00:00 UTC\nHello\n'],
  ['de', 'Ihre Unterhaltung mit Shop\n', '\nPersonal · 1970-01-01 00:00 UTC\nHello\n'],
  ['fr', 'Your conversation with Shop\n', '\nStaff · 1970-01-01 00:00 UTC\nHello\n'],
  [null, 'Your conversation with Shop\n', '\nStaff · 1970-01-01 00:00 UTC\nHello\n'],
])('D76 a conversation that is mailed to whoever speaks %s is in their language or in English', (...all) => {
  const [language, head, said] = all;
  const words = wordsFor(talk(language), 'customer');
  expect([headOf(words, 'Shop'), lineOf(words, talk(language), line)]).toEqual([head, said]);
});
