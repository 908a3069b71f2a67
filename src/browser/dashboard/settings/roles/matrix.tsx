/** Every permission against every role. It scrolls by itself, and its first column stays. */
import { settingsAddress } from '../../route.ts';
import { words } from '../words.ts';
import type { RoleOption } from './all.ts';
import { groups, meaningOf } from './groups.ts';

export function Matrix({ roles }: { roles: readonly RoleOption[] }) {
  return (
    <div class="matrix" role="region" aria-label={words.roles.matrix} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.roles.permission}</th>
            {roles.map(({ role, name }) => (
              <th key={role} scope="col">
                <a href={settingsAddress('roles', role)}>{name}</a>
              </th>
            ))}
          </tr>
        </thead>
        {groups.map(({ group, actions }) => (
          <tbody key={group}>
            <tr class="matrix-group">
              <th scope="rowgroup" colSpan={roles.length + 1}>
                {words.roles.groups[group]}
              </th>
            </tr>
            {actions.map((action) => (
              <tr key={action}>
                <th scope="row">{meaningOf(action)}</th>
                {roles.map(({ role, grants }) => {
                  const reach = grants[action];
                  return (
                    <td key={role} class={reach === undefined ? 'matrix-no' : undefined}>
                      {reach === undefined ? (
                        <span aria-label={words.roles.no}>–</span>
                      ) : (
                        words.roles.reachesShort[reach]
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}
