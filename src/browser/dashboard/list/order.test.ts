import { expect, test } from 'vitest';
import type { InboxEntry } from '../../../protocol/frames.ts';
import { type Filter, listed } from './order.ts';

const now = 1_000;
const entry = (id: string, fields: Partial<Record<keyof InboxEntry, unknown>>) =>
  ({
    id,
    state: 'waiting',
    assignee: null,
    snoozedUntil: null,
    waitingSince: null,
    startedAt: 0,
    changedAt: 0,
    version: 1,
    ...fields,
  }) as InboxEntry;
const entries = [
  entry('young', { waitingSince: 300, changedAt: 300 }),
  entry('old', { waitingSince: 100, changedAt: 100 }),
  entry('put off', { waitingSince: 50, changedAt: 60, snoozedUntil: now + 1 }),
  entry('put off until just now', { waitingSince: 200, changedAt: 200, snoozedUntil: now }),
  entry('mine, answered', { state: 'claimed', assignee: 'me', changedAt: 900 }),
  entry('mine, put off', { state: 'claimed', assignee: 'me', changedAt: 950, snoozedUntil: now + 1 }),
  entry('mine, waits', { state: 'claimed', assignee: 'me', waitingSince: 500, changedAt: 500 }),
  entry('mine, closed', { state: 'closed', assignee: 'me', changedAt: 960 }),
  entry('theirs', { state: 'claimed', assignee: 'them', changedAt: 600 }),
];
const ids = (filter: Filter) => listed(filter, entries, 'me', now).map(({ id }) => id);

test('waiting: who has waited longest comes first, and what is put off is not there', () => {
  expect(ids('waiting')).toEqual(['old', 'put off until just now', 'young']);
});

test('mine: open ones that wait for an answer come first, what is put off last', () => {
  expect(ids('mine')).toEqual(['mine, waits', 'mine, answered', 'mine, put off']);
});

test('all: what changed last comes first, and nothing is left out', () => {
  expect(ids('all')).toEqual([
    'mine, closed',
    'mine, put off',
    'mine, answered',
    'theirs',
    'mine, waits',
    'young',
    'put off until just now',
    'old',
    'put off',
  ]);
});

test('what is equal keeps its place however it came', () => {
  const same = ['b', 'c', 'a'].map((id) => entry(id, { waitingSince: 1 }));
  for (const filter of ['waiting', 'all'] as const) {
    expect(listed(filter, same, 'me', now).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  }
});
