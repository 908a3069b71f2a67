/** Roles: what each lets do at a glance, a new one, or one to look at, change and try. */
import type { Myself } from '../../../../protocol/sign-in.ts';
import { covers, type CustomRole, type RolesAnswer } from '../../../../protocol/roles.ts';
import { Loaded, useLoading } from '../../form/loaded.tsx';
import { everMay } from '../../rights.ts';
import { settingsAddress } from '../../route.ts';
import { Heading } from '../heading.tsx';
import type { ScreenProps } from '../screen-props.ts';
import { words } from '../words.ts';
import { allRoles, type RoleOption } from './all.ts';
import { RoleCreator, RoleEditor } from './editor.tsx';
import { Matrix } from './matrix.tsx';

export function Roles({ desk, session, id }: ScreenProps) {
  const me = desk.person.value;
  const loading = useLoading(`roles ${id ?? ''}`, () => session.api.get<RolesAnswer>('/api/v1/roles'));
  return (
    <Loaded of={loading} until={<Heading title={words.screens.roles} />}>
      {({ roles: custom }) => {
        const roles = allRoles(custom);
        if (id === null) return <RoleList roles={roles} mayCreate={everMay(me, 'roles.change')} />;
        if (id === 'new') return <RoleCreator me={me} api={session.api} roles={roles} />;
        const role = roles.find((each) => each.role === id);
        if (role === undefined)
          return (
            <>
              <Heading title={words.screens.roles} back={settingsAddress('roles')} />
              <p>{words.missing}</p>
            </>
          );
        return (
          <RoleEditor
            key={id}
            me={me}
            session={session}
            role={role}
            whyNot={whyNot(me, role, custom)}
            again={loading.again}
          />
        );
      }}
    </Loaded>
  );
}

function RoleList({ roles, mayCreate }: { roles: readonly RoleOption[]; mayCreate: boolean }) {
  return (
    <>
      <Heading title={words.screens.roles}>
        {mayCreate && (
          <a class="button first" href={settingsAddress('roles', 'new')}>
            {words.roles.create}
          </a>
        )}
      </Heading>
      <p class="soft">{words.roles.intro}</p>
      <Matrix roles={roles} />
      <p class="soft">{words.roles.legend}</p>
    </>
  );
}

/** Why a role can't be changed by whoever looks; null if it can. */
function whyNot(
  me: Myself,
  { role, grants, hint }: RoleOption,
  custom: readonly CustomRole[],
): string | null {
  if (custom.every(({ id }) => id !== role)) return `${hint} ${words.roles.builtIn}`;
  if (role === me.role) return words.roles.own;
  if (!everMay(me, 'roles.change')) return words.readOnly;
  return covers(me.grants, grants) ? null : words.roles.above;
}
