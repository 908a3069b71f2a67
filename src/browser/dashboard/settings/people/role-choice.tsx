/** A role, and what it means: those that whoever chooses may give. */
import { covers, type CustomRole, type Role } from '../../../../protocol/roles.ts';
import { Choice } from '../../form/field.tsx';
import type { Me } from '../../rights.ts';
import { allRoles } from '../roles/all.ts';
import { words } from '../words.ts';

interface Props {
  me: Me;
  custom: readonly CustomRole[];
  value: Role;
  change: (role: Role) => void;
}

export function RoleChoice({ me, custom, value, change }: Props) {
  const options = allRoles(custom).filter(({ grants }) => covers(me.grants, grants));
  return (
    <Choice
      label={words.people.role}
      value={value}
      change={(role) => change(role as Role)}
      options={options.map(({ role, name }) => [role, name] as const)}
      hint={options.find(({ role }) => role === value)?.hint}
    />
  );
}
