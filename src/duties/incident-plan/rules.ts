/** Who does what in an incident, and when a policy counts. Pure. */
import type { PersonId } from '../../protocol/ids.ts';
import {
  approvingRoles,
  type Approval,
  type IncidentPeople,
  type RolePlaces,
} from '../../protocol/incidents.ts';

/** Who does what, of those who are there; for whoever is not, their deputy. */
export function peopleNow(roles: RolePlaces, isThere: (person: PersonId) => boolean): IncidentPeople {
  return Object.fromEntries(
    Object.entries(roles).map(([role, { first, deputy }]) => {
      const there = [first, deputy].find((each) => each !== null && isThere(each.person));
      return [role, there?.person ?? null];
    }),
  );
}

/** Everybody who has a role, or is a deputy. */
export function everybodyIn(roles: RolePlaces): PersonId[] {
  const all = Object.values(roles).flatMap(({ first, deputy }) => [first, deputy]);
  return [...new Set(all.flatMap((place) => place?.person ?? []))];
}

/** A version counts once it was approved in each of the roles that approve it. */
export function isApproved(approvals: readonly Pick<Approval, 'role'>[]): boolean {
  return approvingRoles.every((wanted) => approvals.some(({ role }) => role === wanted));
}
