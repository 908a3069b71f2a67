import { describe, expect, test } from 'vitest';
import type { CannedReply } from '../../../protocol/bodies.ts';
import { askedAt, inserted, matching } from './search.ts';

const reply = (shortcut: string, text: string, team: string | null = null) =>
  ({ id: shortcut, team, shortcut, text }) as unknown as CannedReply;
const replies = [
  reply('refund', 'We have sent your money back.'),
  reply('hello', 'Good day!'),
  reply('hello-again', 'Welcome back.'),
  reply('say-hello', 'Hi.'),
  reply('bye', 'Say hello to your cat.'),
  reply('beans', 'Ours are roasted here.', 'tea_roastery'),
];
const found = (query: string, team: string | null = 'tea_support') =>
  matching(replies, team, query).map(({ shortcut }) => shortcut);

describe('a slash asks for a reply', () => {
  test.each([
    ['/', 1, ''],
    ['/he', 3, 'he'],
    ['Hello /bye', 10, 'bye'],
    ['line\n/ü', 7, 'ü'],
  ])('%j at %i', (text, caret, query) => {
    expect(askedAt(text, caret)?.query).toBe(query);
  });

  test.each([
    ['and/or', 6],
    ['https://x', 9],
    ['/hello world', 12],
    ['no slash', 8],
    ['/hello', 0],
  ])('not in %j at %i', (text, caret) => {
    expect(askedAt(text, caret)).toBeNull();
  });

  test('only what stands before the caret counts', () => {
    expect(askedAt('/hello', 3)).toEqual({ start: 0, end: 3, query: 'he' });
  });
});

test('the shortcut itself comes first, then those that begin so, hold it, or have it in their text', () => {
  expect(found('hello')).toEqual(['hello', 'hello-again', 'say-hello', 'bye']);
});

test('capitals make no difference, and nothing asked finds all', () => {
  expect(found('HELLO-')).toEqual(['hello-again']);
  expect(found('')).toEqual(['bye', 'hello', 'hello-again', 'refund', 'say-hello']);
});

test('another team’s replies are not offered', () => {
  expect(found('beans')).toEqual([]);
  expect(found('beans', 'tea_roastery')).toEqual(['beans']);
});

test('the reply takes the place of the slash and its word', () => {
  expect(inserted('Well, /he!', { start: 6, end: 9, query: 'he' }, 'Hello')).toEqual({
    text: 'Well, Hello!',
    caret: 11,
  });
});
