import { expect, test } from 'vitest';
import type { Message } from '../../protocol/frames.ts';
import { idFrom } from '../../protocol/ids.ts';
import { newsAfter } from './news.ts';

const from = { kind: 'staff', id: idFrom('person', new Uint8Array(16)) } as const;
const message = (seq: number, n?: number): Message => ({
  seq,
  ...(n === undefined ? {} : { n }),
  id: `${seq}.${n ?? 0}`,
  at: 0,
  from,
  kind: n === undefined ? 'text' : 'note',
  scheme: 1,
  text: 'x',
});
const ids = (messages: readonly Message[]) => messages.map(({ id }) => id);

test('what came after the last that was heard is new', () => {
  const thread = [message(1), message(2), message(2, 1), message(2, 2), message(3)];
  expect(ids(newsAfter({ seq: 2 }, thread))).toEqual(['2.1', '2.2', '3.0']);
  expect(ids(newsAfter({ seq: 2, n: 1 }, thread))).toEqual(['2.2', '3.0']);
  expect(ids(newsAfter({ seq: 3 }, thread))).toEqual([]);
});

test('older messages that are filled in above are not', () => {
  expect(newsAfter({ seq: 5 }, [message(1), message(2), message(5)])).toEqual([]);
});

test('in an empty conversation everything is', () => {
  expect(ids(newsAfter({ seq: 0 }, [message(1)]))).toEqual(['1.0']);
});
