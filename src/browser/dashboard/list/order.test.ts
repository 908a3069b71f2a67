import { expect, test } from 'vitest';
import type { InboxEntry } from '../../../protocol/frames.ts';
import { listed } from './order.ts';

const entry = (id: string, fields: Partial<Record<keyof InboxEntry, unknown>>) =>
  ({
    id,
    state: 'waiting',
    assignee: null,
    waitingSince: null,
    startedAt: 0,
    changedAt: 0,
    version: 1,
    ...fields,
  }) as InboxEntry;
const entries = [
  entry('young', { waitingSince: 300, changedAt: 300 }),
  entry('old', { waitingSince: 100, changedAt: 100 }),
  entry('mine, answered', { state: 'claimed', assignee: 'me', changedAt: 900 }),
  entry('mine, waits', { state: 'claimed', assignee: 'me', waitingSince: 500, changedAt: 500 }),
  entry('mine, closed', { state: 'closed', assignee: 'me', changedAt: 950 }),
  entry('theirs', { state: 'claimed', assignee: 'them', changedAt: 600 }),
];
const ids = (filter: Parameters<typeof listed>[0]) => listed(filter, entries, 'me').map(({ id }) => id);

test('waiting: who has waited longest comes first', () => {
  expect(ids('waiting')).toEqual(['old', 'young']);
});

test('mine: open ones that wait for an answer come first', () => {
  expect(ids('mine')).toEqual(['mine, waits', 'mine, answered']);
});

test('all: what changed last comes first', () => {
  expect(ids('all')).toEqual(['mine, closed', 'mine, answered', 'theirs', 'mine, waits', 'young', 'old']);
});
