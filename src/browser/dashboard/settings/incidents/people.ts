/** Who can have a part in an incident: who works here, and may see incidents. */
import type { PeopleAnswer } from '../../../../protocol/bodies.ts';
import type { RolesAnswer } from '../../../../protocol/roles.ts';
import type { Desk } from '../../desk.ts';
import type { Session } from '../../session.ts';
import { type Known, namesIn } from '../ledger/names.ts';
import type { NameOf } from '../ledger/saying.ts';
import { allRoles } from '../roles/all.ts';

export type Somebody = { id: string; name: string };
/** `all`: everybody who works or worked here; `able`: who can have a part. */
export interface Everybody {
  all: readonly Somebody[];
  able: readonly Somebody[];
  nameOf: NameOf;
}

export async function everybody(desk: Desk, api: Session['api']): Promise<Everybody> {
  const [{ people }, { roles }] = await Promise.all([
    api.get<PeopleAnswer>('/api/v1/people'),
    api.get<RolesAnswer>('/api/v1/roles'),
  ]);
  const able = new Set(
    allRoles(roles)
      .filter(({ grants }) => 'incident.see' in grants)
      .map(({ role }) => role),
  );
  const sorted = people.toSorted((a, b) => a.name.localeCompare(b.name));
  const known: Known = { people: sorted, roles };
  return {
    all: sorted,
    able: sorted.filter(({ state, role }) => state === 'active' && able.has(role)),
    nameOf: namesIn(known, desk),
  };
}
