/** Roles: those that are built in, those that the organisation makes, and who stands above whom. */
import * as v from 'valibot';
import { nameSchema } from './fields.ts';
import { idSchema, type RoleId } from './ids.ts';
import { type Action, actions, builtInRoles, type Grants, permissions } from './permissions.ts';
import { type Reach, reaches, reachesAsFar } from './reach.ts';

export type BuiltInRole = keyof typeof builtInRoles;
export const builtIn = Object.keys(builtInRoles) as BuiltInRole[];
export type Role = BuiltInRole | RoleId;
export const roleSchema = v.union([v.picklist(builtIn), idSchema('role')]);

/** Somebody's role; `grants` are those of a role that the organisation made, null for one that is built in. */
export type RoleHeld = { role: Role; grants: Grants | null };

export function isBuiltIn(role: Role): role is BuiltInRole {
  return Object.hasOwn(builtInRoles, role);
}

/** What a role lets do. One that is not there (any more) lets do nothing. */
export function grantsOf({ role, grants }: RoleHeld): Grants {
  return isBuiltIn(role) ? builtInRoles[role] : (grants ?? {});
}

/** Whoever has `one` may do at least what `other` lets do, and as far: nobody gives or touches more (rule P3). */
export function covers(one: Grants, other: Grants): boolean {
  // What one has may lie outside one's teams, but nobody does anything to what they may not read.
  const sightOf = (reach: Reach) => (reach === 'own' ? (other['conversation.read'] ?? 'own') : 'all');
  return (Object.entries(other) as [Action, Reach][]).every(([action, reach]) => {
    const own = one[action];
    return own !== undefined && reachesAsFar(own, reach, sightOf(reach));
  });
}

const grantsSchema = v.pipe(
  v.record(v.picklist(actions), v.picklist(reaches)),
  v.check(
    (grants) =>
      (Object.entries(grants) as [Action, Reach][]).every(([action, reach]) =>
        (permissions[action].reaches as readonly Reach[]).includes(reach),
      ),
    'a permission does not reach so far, or is for customers',
  ),
);
export const roleRequest = v.strictObject({ name: nameSchema, grants: grantsSchema });
export const roleChangeRequest = v.partial(roleRequest);
/** A role that the organisation made. */
export type CustomRole = { id: RoleId; name: string; grants: Grants };
export type RolesAnswer = { roles: CustomRole[] };
export type RoleAnswer = { role: CustomRole };
