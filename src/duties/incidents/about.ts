/** Whom an incident is about: what they leave to somebody else, and who that could be. */
import type { Env } from '../../config.ts';
import { may, type Staff } from '../../people/permission.ts';
import { StaffDirectory } from '../../people/staff.ts';
import type { PersonId } from '../../protocol/ids.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { isAbout } from './rules.ts';
import type { IncidentRow } from './store.ts';

/** Who may work on it: whoever may on all, and whoever has a part in it. */
export function placeOf(row: IncidentRow, staff: Pick<Staff, 'id'>): { person: PersonId | null } {
  return { person: Object.values(row.people).includes(staff.id) ? staff.id : null };
}

/**
 * Nobody closes what is about themselves, or says whom and what it names, unless nobody else could.
 * @throws {Refusal} not_allowed
 */
export async function requireOther(env: Env, row: IncidentRow, staff: Pick<Staff, 'id'>): Promise<void> {
  if (!isAbout(row.things, staff.id)) return;
  const everybody = await new StaffDirectory(env).store.list();
  const isOther = everybody.some(
    (person) =>
      person.state === 'active' &&
      !isAbout(row.things, person.id) &&
      may({ ...person, kind: 'staff' }, 'incident.lead', placeOf(row, person)),
  );
  if (isOther) throw new Refusal('not_allowed', 'This incident is about you. Somebody else has to do this.');
}
