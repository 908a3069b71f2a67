/** Roles that the organisation makes, beside those that are built in: sets of permissions with a name. */
import type { Env } from '../config.ts';
import type { Grants } from '../protocol/permissions.ts';
import { newId, type PersonId, type RoleId, type TeamId } from '../protocol/ids.ts';
import { Refusal } from '../protocol/refusals.ts';
import { type CustomRole, isBuiltIn, type Role, type RoleHeld } from '../protocol/roles.ts';
import { RoleStore } from './roles/store.ts';
import { StaffDirectory, tellRights } from './staff.ts';
import { tellInboxes } from './teams.ts';

type RoleChange = { name?: string | undefined; grants?: Grants | undefined };

export async function listRoles(env: Env): Promise<CustomRole[]> {
  return new RoleStore(env.DB).list();
}

export async function roleOf(env: Env, id: RoleId): Promise<CustomRole | undefined> {
  return new RoleStore(env.DB).find(id);
}

/** A role with what it lets do, as somebody would hold it. */
export async function heldRole(env: Env, role: Role): Promise<RoleHeld | undefined> {
  if (isBuiltIn(role)) return { role, grants: null };
  const found = await roleOf(env, role);
  return found && { role, grants: found.grants };
}

/** @throws {Refusal} no_room, name_taken */
export async function createRole(env: Env, name: string, grants: Grants): Promise<CustomRole> {
  const role = { id: newId('role'), name, grants };
  const outcome = await new RoleStore(env.DB).add(role, Date.now());
  if (outcome !== 'added') throw new Refusal(outcome);
  return role;
}

/**
 * Changes a role, and with it at once what everybody may do who has it.
 * @param before as whoever asks was found to be allowed to change it
 * @throws {Refusal} name_taken, stale
 */
export async function changeRole(
  env: Env,
  before: CustomRole,
  { name = before.name, grants = before.grants }: RoleChange,
): Promise<CustomRole> {
  const store = new RoleStore(env.DB);
  const after = { ...before, name, grants };
  if (!(await store.change(before, after))) {
    const now = await store.find(before.id);
    const isSame = now !== undefined && JSON.stringify(now.grants) === JSON.stringify(before.grants);
    throw new Refusal(isSame ? 'name_taken' : 'stale');
  }
  if (grants !== before.grants) await tellHolders(env, await store.holders(before.id));
  return after;
}

/** The teams of everybody who has this role. */
export async function teamsWithRole(env: Env, id: RoleId): Promise<TeamId[]> {
  return teamsOf(env, await new RoleStore(env.DB).holders(id));
}

async function teamsOf(env: Env, people: readonly PersonId[]): Promise<TeamId[]> {
  const rows = await new StaffDirectory(env).store.list(people);
  return [...new Set(rows.flatMap<TeamId>(({ teams }) => teams))];
}

/** @throws {Refusal} role_in_use */
export async function dropRole(env: Env, id: RoleId): Promise<void> {
  if (!(await new RoleStore(env.DB).drop(id))) throw new Refusal('role_in_use');
}

async function tellHolders(env: Env, holders: readonly PersonId[]): Promise<void> {
  await tellRights(env, holders);
  await tellInboxes(env, await teamsOf(env, holders));
}
