import { describe, expect, it } from 'vitest';
import { newId } from '../../protocol/ids.ts';
import {
  incidentKindNames,
  incidentRoleNames,
  openStates,
  type RolePlaces,
} from '../../protocol/incidents.ts';
import { everybodyIn, isApproved, peopleNow } from './rules.ts';
import { runbooks } from './runbooks.ts';

const [anna, ben] = [newId('person'), newId('person')];

describe('the plan', () => {
  it('N1 is approved once it was in each of the roles that approve it', () => {
    expect(isApproved([])).toBe(false);
    expect(isApproved([{ role: 'lead' }])).toBe(false);
    expect(isApproved([{ role: 'privacy' }, { role: 'lead' }])).toBe(true);
  });

  it('N2 gives each role to its deputy where the first is not there, and to nobody where neither is', () => {
    const pair = { first: { person: anna, contact: '' }, deputy: { person: ben, contact: '' } };
    const roles = Object.fromEntries(incidentRoleNames.map((role) => [role, pair])) as RolePlaces;
    expect(peopleNow(roles, () => true).lead).toBe(anna);
    expect(peopleNow(roles, (person) => person === ben).lead).toBe(ben);
    expect(peopleNow(roles, () => false).lead).toBeNull();
    expect(everybodyIn(roles)).toEqual([anna, ben]);
  });

  it('N3 has a runbook for every kind: when, the first ten minutes, tasks in each state, what contains it, who is told', () => {
    for (const kind of incidentKindNames) {
      const { when, first, tasks, contain, tell } = runbooks[kind];
      expect(when.length, kind).toBeGreaterThan(20);
      expect([first.length >= 3, contain.length >= 1, tell.length >= 1], kind).toEqual([true, true, true]);
      for (const state of openStates) expect(tasks[state].length, `${kind} ${state}`).toBeGreaterThan(0);
    }
  });
});
