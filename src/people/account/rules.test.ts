import { describe, expect, it } from 'vitest';
import { newId } from '../../protocol/ids.ts';
import { areSame, endOf, isFresh, mayTry, openSteps, refreshRule, type Session } from './rules.ts';

const minute = 60_000;
const session: Session = {
  id: newId('session'),
  amr: ['pwd', 'otp'],
  authAt: 0,
  provedAt: 0,
  usedAt: 0,
  device: null,
  country: null,
  generation: 5,
  rotatedAt: 1_000,
};

describe('S4 tries', () => {
  it('are free four times, then wait 1, 2, 4 … seconds up to an hour, and pause at 100', () => {
    const waitAfter = (failures: number) => {
      for (const wait of [0, 1, 2, 4, 8, 16, 3_599, 3_600])
        if (mayTry({ failures, lastAt: 0 }, wait * 1_000)) return wait;
      return Infinity;
    };
    expect([0, 1, 4, 5, 6, 7, 8, 9].map(waitAfter)).toEqual([0, 0, 0, 1, 2, 4, 8, 16]);
    expect(waitAfter(99)).toBe(3_600);
    expect(waitAfter(100)).toBe(Infinity);
  });
});

describe('S3 one-time steps', () => {
  it('are the current one, and the previous one for 10 s more', () => {
    expect(openSteps(300_000)).toEqual([10, 9]);
    expect(openSteps(309_999)).toEqual([10, 9]);
    expect(openSteps(310_000)).toEqual([10]);
    expect(openSteps(329_999)).toEqual([10]);
  });
});

describe('S6 S18 a session', () => {
  it('is over when nobody did anything for as long as is allowed, and after 12 hours whatever happens', () => {
    expect(endOf(session, 30 * minute)).toBe(30 * minute);
    expect(endOf({ ...session, usedAt: 60 * minute }, 5 * minute)).toBe(65 * minute);
    expect(endOf({ ...session, usedAt: 12 * 60 * minute - 1 }, 30 * minute)).toBe(12 * 60 * minute);
  });
});

describe('S5 a refresh token', () => {
  it('rotates when newest, repeats for 10 s when it was just replaced, and else ends the family', () => {
    expect(refreshRule(session, 5, 999_999)).toBe('rotate');
    expect(refreshRule(session, 4, 11_000)).toBe('repeat');
    expect(refreshRule(session, 4, 11_001)).toBe('end');
    expect(refreshRule(session, 3, 1_000)).toBe('end');
    expect(refreshRule(session, 6, 1_000)).toBe('end');
  });
});

describe('T2 rights', () => {
  const rights = {
    person: newId('person'),
    role: 'agent' as const,
    grants: null,
    teams: [newId('team'), newId('team')],
    active: true,
  };
  it('are the same in whatever order the teams stand, and differ by every other fact', () => {
    expect(areSame(rights, { ...rights, teams: rights.teams.toReversed() })).toBe(true);
    expect(areSame(rights, { ...rights, teams: rights.teams.slice(1) })).toBe(false);
    expect(areSame({ ...rights, teams: rights.teams.slice(1) }, rights)).toBe(false);
    expect(areSame(rights, { ...rights, role: 'admin' })).toBe(false);
    expect(areSame(rights, { ...rights, grants: { 'people.list': 'all' } })).toBe(false);
    expect(areSame(rights, { ...rights, active: false })).toBe(false);
  });
});

describe('S12 a proof', () => {
  it('is fresh for five minutes, however often the session is refreshed', () => {
    const refreshed = { ...session, usedAt: 20 * minute, provedAt: 10 * minute };
    expect(isFresh(refreshed, 15 * minute - 1)).toBe(true);
    expect(isFresh(refreshed, 15 * minute)).toBe(false);
  });
});
