import { signal } from '@preact/signals';
import { describe, expect, test } from 'vitest';
import type { InboxEntry } from '../../protocol/frames.ts';
import type { PersonId, TeamId } from '../../protocol/ids.ts';
import { agent, entry, team } from '../connection/stage.ts';
import { type News, watchNews } from './news.ts';

const colleague = 'per_BBBBBBBBBBBBBBBBBBBBBA' as PersonId;
const other = 'tea_BBBBBBBBBBBBBBBBBBBBBA' as TeamId;
const me = agent.id as PersonId;
const mine = { state: 'claimed', assignee: me } as const;

function watching(first: InboxEntry[] | null = []) {
  const entries = signal<readonly InboxEntry[] | null>(first);
  const complete = signal(true);
  const teams = signal<readonly string[] | null>([team]);
  const heard: News['is'][] = [];
  watchNews({ entries, complete, teams, me: signal({ id: me, teams: [team] }) }, ({ is }) => heard.push(is));
  return { entries, complete, teams, heard };
}

describe('worth a call', () => {
  test('somebody new waits', () => {
    const { entries, heard } = watching();
    entries.value = [entry(1)];
    entries.value = [entry(2, { waitingSince: 5 })];
    expect(heard).toEqual(['waiting']);
  });

  test('somebody is back in the queue, or came to it from another team', () => {
    const { entries, heard } = watching([entry(1, { state: 'closed' })]);
    entries.value = [entry(2)];
    entries.value = [entry(3, { team: other })];
    entries.value = [entry(4)];
    expect(heard).toEqual(['waiting', 'waiting']);
  });

  test('a colleague has handed a conversation over', () => {
    const { entries, heard } = watching([entry(1, { ...mine, assignee: colleague })]);
    entries.value = [entry(2, mine)];
    expect(heard).toEqual(['given']);
  });

  test("a customer wrote in one's own conversation after an answer", () => {
    const { entries, heard } = watching([entry(1, mine)]);
    entries.value = [entry(2, { ...mine, waitingSince: 5 })];
    entries.value = [entry(3, { ...mine, waitingSince: 5, snoozedUntil: 9 })];
    expect(heard).toEqual(['written']);
  });
});

describe('no call', () => {
  test('for what was there from the beginning, the later pages of a long list included', () => {
    const { entries, complete, heard } = watching(null);
    complete.value = false;
    entries.value = [entry(1)];
    entries.value = [entry(2, { state: 'claimed', assignee: colleague }), entry(1)];
    complete.value = true;
    expect(heard).toEqual([]);
  });

  test("for other teams' queues and for colleagues' conversations, which one may see as well", () => {
    const { entries, heard } = watching();
    entries.value = [entry(1, { team: other })];
    entries.value = [entry(2, { state: 'claimed', assignee: colleague, waitingSince: 5 })];
    expect(heard).toEqual([]);
  });

  test("for one's own claim", () => {
    const { entries, heard } = watching([entry(1, { waitingSince: 5 })]);
    entries.value = [entry(2, { ...mine, waitingSince: 5 })];
    expect(heard).toEqual([]);
  });

  test('for what comes into sight with another team', () => {
    const { entries, teams, heard } = watching();
    teams.value = [team, other];
    entries.value = [entry(1)];
    expect(heard).toEqual(['waiting']);
    teams.value = [team];
    heard.length = 0;
    entries.value = [entry(2, { ...mine, assignee: colleague })];
    expect(heard).toEqual([]);
  });
});
