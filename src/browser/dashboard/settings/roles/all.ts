/** Every role there is, built in or made by the organisation, with what it is called and what it lets do. */
import { builtInRoles, type Grants } from '../../../../protocol/permissions.ts';
import { builtIn, type CustomRole, type Role } from '../../../../protocol/roles.ts';
import { words as dashboardWords } from '../../words.ts';
import { words } from '../words.ts';

export interface RoleOption {
  role: Role;
  name: string;
  grants: Grants;
  hint: string;
}

export function allRoles(custom: readonly CustomRole[]): RoleOption[] {
  return [
    ...builtIn.map((role) => ({
      role,
      name: dashboardWords.roles[role],
      grants: builtInRoles[role],
      hint: words.people.roles[role],
    })),
    ...custom.map(({ id, name, grants }) => ({ role: id, name, grants, hint: words.people.customRole })),
  ];
}
