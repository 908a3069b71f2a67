/** A role, and what it means: those that whoever chooses may give. */
import { type Role, roles, standsAtLeast } from '../../../../protocol/roles.ts';
import { Choice } from '../../form/field.tsx';
import { words as dashboardWords } from '../../words.ts';
import { words } from '../words.ts';

interface Props {
  own: Role;
  value: Role;
  change: (role: Role) => void;
}

export function RoleChoice({ own, value, change }: Props) {
  const options = roles
    .filter((role) => standsAtLeast(own, role))
    .map((role) => [role, dashboardWords.roles[role]] as const);
  return (
    <Choice
      label={words.people.role}
      value={value}
      change={(role) => change(role as Role)}
      options={options}
      hint={words.people.roles[value]}
    />
  );
}
