/** How ready everything is for an incident, and whether one is late: for whatever looks after that. */
import type { Env } from '../../config.ts';
import { type IncidentRole, incidentRoleNames } from '../../protocol/incidents.ts';
import { watchOf } from '../alarms.ts';
import { peopleOfPlan, policyOf } from '../incident-plan.ts';
import { IncidentStore } from './store.ts';

/**
 * `overdue`: of how many incidents the law's time is over; `policy`: `none` was saved, its newest version is `waiting` for
 * approval, or it is `approved`; `unfilled`: the roles that nobody who works here has, nor is the deputy of.
 */
export type IncidentsStanding = {
  open: number;
  overdue: number;
  policy: 'none' | 'waiting' | 'approved';
  unfilled: IncidentRole[];
};

/** @param at Unix milliseconds */
export async function incidentsStanding(env: Env, at: number): Promise<IncidentsStanding> {
  const store = new IncidentStore(env.DB);
  const [open, overdue, [newest], people] = await Promise.all([
    store.countOpen(),
    store.countOverdue(at),
    policyOf(env),
    peopleOfPlan(env),
  ]);
  const policy =
    newest === undefined || newest.version === 0 ? 'none' : newest.isApproved ? 'approved' : 'waiting';
  return {
    open,
    overdue,
    policy,
    unfilled: incidentRoleNames.filter((role) => (people[role] ?? null) === null),
  };
}

/** Raises an alarm for each clock of the law that has run out, once. */
export async function seeToClocks(env: Env, now: number): Promise<void> {
  const store = new IncidentStore(env.DB);
  for (const clock of await store.overdue(now)) {
    await watchOf(env).raise({ rule: 'incident.overdue', about: null, facts: clock });
    await store.setAlarmed(clock);
  }
}
