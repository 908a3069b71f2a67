import { describe, expect, it } from 'vitest';
import type { Asker, Staff, Visitor } from '../../people/permission.ts';
import { newId } from '../../protocol/ids.ts';
import { limits, lifetimes } from '../../protocol/limits.ts';
import {
  change,
  handOver,
  nextPlace,
  nextTime,
  numbersPerKey,
  type Recipient,
  removal,
  snooze,
  type Standing,
} from './rules.ts';

const anna: Staff = {
  kind: 'staff',
  id: newId('person'),
  session: newId('session'),
  role: 'agent',
  grants: null,
  teams: [],
};
const ben: Staff = { ...anna, id: newId('person') };
const visitor: Visitor = { kind: 'visitor', id: newId('visitor'), site: newId('site') };
const team = newId('team');
const waiting: Standing = { team, state: 'waiting', assignee: null, snoozedUntil: null };
const claimed: Standing = { ...waiting, state: 'claimed', assignee: anna.id };
const closed: Standing = { ...claimed, state: 'closed' };

describe('C8 a change', () => {
  it('claims what waits, once, and for its claimer again and again', () => {
    expect(change(waiting, 'claim', anna)).toEqual(claimed);
    expect(change(claimed, 'claim', anna)).toEqual(claimed);
    expect(change(claimed, 'claim', ben)).toEqual({ refused: 'already_claimed' });
    expect(change(closed, 'claim', anna)).toEqual({ refused: 'conversation_closed' });
    expect(change(waiting, 'claim', visitor)).toEqual({ refused: 'not_allowed' });
  });

  it('closes from anywhere, and reopens what is closed for anybody to claim', () => {
    for (const standing of [waiting, claimed, closed])
      expect(change(standing, 'close', anna)).toMatchObject({ state: 'closed' });
    expect(change(closed, 'reopen', ben)).toEqual(waiting);
    expect(change(claimed, 'reopen', ben)).toEqual(claimed);
  });
});

describe('C6 time', () => {
  it('never runs backwards', () => {
    expect(nextTime(5, 9)).toBe(9);
    expect(nextTime(9, 5)).toBe(9);
  });
});

describe('C17 a place', () => {
  it('is the next number for a message, and the next on the same number for a note, while there is room', () => {
    expect(nextPlace({ seq: 4, n: 7 }, 'text')).toEqual({ seq: 5, n: 0 });
    expect(nextPlace({ seq: 4, n: 7 }, 'note')).toEqual({ seq: 4, n: 8 });
    expect(nextPlace({ seq: 4, n: limits.notesPerMessage }, 'note')).toEqual({ refused: 'no_room' });
    expect(nextPlace({ seq: 0, n: 0 }, 'note')).toEqual({ refused: 'no_room' });
  });
});

describe('C14 a key', () => {
  it('seals at most 2^20 messages, notes included', () => {
    expect(numbersPerKey * (1 + limits.notesPerMessage)).toBeLessThanOrEqual(2 ** 20);
  });
});

describe('C18 a hand-over', () => {
  const colleague: Recipient = {
    kind: 'person',
    id: ben.id,
    state: 'active',
    role: 'agent',
    grants: null,
    teams: [team],
  };

  it('gives it to a colleague or to a team’s queue, and wakes it', () => {
    const snoozed = { ...claimed, snoozedUntil: 5 };
    expect(handOver(snoozed, colleague)).toEqual({ ...claimed, assignee: ben.id });
    const other = newId('team');
    expect(handOver(snoozed, { kind: 'team', id: other })).toEqual({ ...waiting, team: other });
  });

  it('goes to nobody who is away for good, elsewhere or may not answer, and moves nothing that is closed', () => {
    for (const unfit of [
      { state: 'disabled' },
      { state: 'invited' },
      { teams: [] },
      { role: 'auditor' },
    ] as const)
      expect(handOver(claimed, { ...colleague, ...unfit })).toMatchObject({ refused: 'invalid' });
    expect(handOver(claimed, null)).toMatchObject({ refused: 'invalid' });
    expect(handOver(closed, colleague)).toEqual({ refused: 'conversation_closed' });
  });
});

describe('C23 snoozing', () => {
  it('reaches from the next millisecond to ninety days ahead', () => {
    expect(snooze(claimed, 11, 10)).toEqual({ ...claimed, snoozedUntil: 11 });
    expect(snooze(claimed, 10, 10)).toMatchObject({ refused: 'invalid' });
    expect(snooze(claimed, 10 + lifetimes.snooze, 10)).toMatchObject({ snoozedUntil: 10 + lifetimes.snooze });
    expect(snooze(claimed, 11 + lifetimes.snooze, 10)).toMatchObject({ refused: 'invalid' });
    expect(snooze({ ...claimed, snoozedUntil: 11 }, null, 10)).toEqual(claimed);
  });

  it('is over for whoever closes or reopens', () => {
    const snoozed = { ...claimed, snoozedUntil: 11 };
    expect(change(snoozed, 'close', anna)).toEqual(closed);
    expect(change({ ...closed, snoozedUntil: 11 }, 'reopen', anna)).toEqual(waiting);
  });
});

describe('C22 a removal', () => {
  const conversation = { team, site: visitor.site, visitor: visitor.id, person: anna.id };
  const of = (from: { kind: 'staff' | 'visitor'; id: string }, removed: unknown = null) =>
    ({ from, at: 100, removed }) as Parameters<typeof removal>[2];
  const soon = 100 + lifetimes.deletion;

  it('takes back what is one’s own, for five minutes, whoever has the conversation', () => {
    expect(removal(visitor, 'deleted', of(visitor), conversation, soon)).toBe('remove');
    expect(removal(anna, 'deleted', of(anna), { ...conversation, person: ben.id }, soon)).toBe('remove');
    expect(removal(anna, 'deleted', of(anna), conversation, soon + 1)).toEqual({ refused: 'too_late' });
    for (const other of [ben, visitor])
      expect(removal(other, 'deleted', of(anna), conversation, soon)).toMatchObject({
        refused: 'not_allowed',
      });
    expect(removal(anna, 'deleted', of(visitor), conversation, soon)).toMatchObject({
      refused: 'not_allowed',
    });
  });

  it('destroys by right, at any time', () => {
    const sue: Asker = { ...anna, role: 'supervisor', teams: [team] };
    expect(removal(sue, 'redacted', of(visitor), conversation, soon * 9)).toBe('remove');
    for (const other of [anna, visitor])
      expect(removal(other, 'redacted', of(visitor), conversation, soon)).toMatchObject({
        refused: 'not_allowed',
      });
  });

  it('is made once', () => {
    expect(removal(anna, 'deleted', of(anna, {}), conversation, soon * 9)).toBe('removed');
  });
});
