/** Who has which role in an incident, with a deputy, and how they are reached, which lies sealed. */
import { type Env, vaultOf } from '../../config.ts';
import { may } from '../../people/permission.ts';
import { StaffDirectory } from '../../people/staff.ts';
import type { PersonId } from '../../protocol/ids.ts';
import { type IncidentPeople, incidentRoleNames, type RolePlaces } from '../../protocol/incidents.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { bind } from '../../vault.ts';
import { everybodyIn, peopleNow } from './rules.ts';
import { PlanStore, type RoleRow } from './store.ts';

/** @param name the role and the rank, with a slash between them */
export const contactPlace = (name: string) => bind('sotto/incident-contact/1', [name]);

const ranks = ['first', 'deputy'] as const;

export async function rolesOf(env: Env): Promise<RolePlaces> {
  const rows = await new PlanStore(env.DB).roles();
  const vault = await vaultOf(env);
  const there = new Set(
    (
      await peopleHere(
        env,
        rows.map(({ person }) => person),
      )
    ).map(({ id }) => id),
  );
  const opened = await Promise.all(
    rows
      .filter(({ person }) => there.has(person))
      .map(async ({ role, rank, person, contact }) => {
        const bytes = await vault.openPepper(contactPlace(`${role}/${rank}`), contact);
        return { role, rank, place: { person, contact: new TextDecoder().decode(bytes) } };
      }),
  );
  const at = (role: RoleRow['role'], rank: RoleRow['rank']) =>
    opened.find((each) => each.role === role && each.rank === rank)?.place ?? null;
  const pairs = incidentRoleNames.map((role) => [
    role,
    { first: at(role, 'first'), deputy: at(role, 'deputy') },
  ]);
  return Object.fromEntries(pairs) as RolePlaces;
}

export async function setRoles(env: Env, roles: RolePlaces): Promise<void> {
  const vault = await vaultOf(env);
  const named = incidentRoleNames.flatMap((role) =>
    ranks.flatMap((rank) => {
      const place = roles[role][rank];
      return place === null ? [] : [{ role, rank, ...place }];
    }),
  );
  const rows = await Promise.all(
    named.map(async ({ role, rank, person, contact }) => {
      const bytes = new TextEncoder().encode(contact);
      return { role, rank, person, contact: await vault.sealPepper(contactPlace(`${role}/${rank}`), bytes) };
    }),
  );
  await new PlanStore(env.DB).setRoles(rows);
}

/** Whoever does what in an incident that is declared now. */
export async function peopleOfPlan(env: Env): Promise<IncidentPeople> {
  const roles = await rolesOf(env);
  const there = await ableAmong(env, everybodyIn(roles));
  return peopleNow(roles, (person) => there.has(person));
}

/** Those who work here now, and may see incidents. */
export async function ableAmong(env: Env, people: readonly PersonId[]): Promise<Set<PersonId>> {
  const able = (await peopleHere(env, people)).filter((row) =>
    may({ ...row, kind: 'staff' }, 'incident.see'),
  );
  return new Set(able.map(({ id }) => id));
}

async function peopleHere(env: Env, people: readonly PersonId[]) {
  const rows = people.length === 0 ? [] : await new StaffDirectory(env).store.list(people);
  return rows.filter(({ state }) => state === 'active');
}

/** @throws {Refusal} not_found */
export async function requireAble(env: Env, people: readonly PersonId[]): Promise<void> {
  const active = await ableAmong(env, people);
  if (people.some((person) => !active.has(person)))
    throw new Refusal('not_found', 'Only people who work here and may see incidents can have a part in one.');
}
