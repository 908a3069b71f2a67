/** The permissions that staff can have, by what they are about. */
import { type Action, actions, permissions } from '../../../../protocol/permissions.ts';
import type { Reach } from '../../../../protocol/reach.ts';
import type { Group } from './words.ts';

export const groups: readonly { group: Group; actions: readonly Action[] }[] = [
  ...Map.groupBy(
    actions.filter((action) => reachesOf(action).length > 0),
    (action) => action.split('.')[0] as Group,
  ),
].map(([group, members]) => ({ group, actions: members }));

export function reachesOf(action: Action): readonly Reach[] {
  return permissions[action].reaches;
}

/** As a heading: what a permission lets do, beginning with a capital. */
export function meaningOf(action: Action): string {
  const { means } = permissions[action];
  return `${means.charAt(0).toUpperCase()}${means.slice(1)}`;
}
