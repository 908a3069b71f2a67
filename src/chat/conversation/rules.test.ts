import { describe, expect, it } from 'vitest';
import type { Asker } from '../../people/permission.ts';
import { newId } from '../../protocol/ids.ts';
import { change, nextTime, type Standing } from './rules.ts';

const anna: Asker = {
  kind: 'staff',
  id: newId('person'),
  session: newId('session'),
  role: 'agent',
  teams: [],
};
const ben: Asker = { ...anna, id: newId('person') };
const visitor: Asker = { kind: 'visitor', id: newId('visitor'), site: newId('site') };
const waiting: Standing = { state: 'waiting', assignee: null };
const claimed: Standing = { state: 'claimed', assignee: anna.id };
const closed: Standing = { state: 'closed', assignee: anna.id };

describe('C8 a change', () => {
  it('claims what waits, once, and for its claimer again and again', () => {
    expect(change(waiting, 'claim', anna)).toEqual(claimed);
    expect(change(claimed, 'claim', anna)).toEqual(claimed);
    expect(change(claimed, 'claim', ben)).toBe('already_claimed');
    expect(change(closed, 'claim', anna)).toBe('conversation_closed');
    expect(change(waiting, 'claim', visitor)).toBe('not_allowed');
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
