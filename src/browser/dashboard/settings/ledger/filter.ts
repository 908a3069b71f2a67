/** What is looked for in the ledger: as the address says it, and as the server is asked. */
import { type LedgerAction, ownActions } from '../../../../protocol/ledger.ts';
import { type Action, permissions } from '../../../../protocol/permissions.ts';
import { groups as permitted } from '../roles/groups.ts';
import { words as settingsWords } from '../words.ts';
import { words } from './words.ts';

/** Each is left out where it does not matter. `action` may name a whole group; days are as `2026-11-27`. */
export type Filter = Partial<Record<(typeof fields)[number], string>>;
const fields = ['actor', 'about', 'action', 'from', 'to'] as const;

export interface Group {
  id: string;
  name: string;
  actions: readonly LedgerAction[];
}

const own = Object.keys(ownActions) as (keyof typeof ownActions)[];
const ownOf = (...kinds: string[]) => own.filter((action) => kinds.includes(action.split('.')[0] ?? ''));
const isEntered = (action: Action) => ['always', 'quarterly'].includes(permissions[action].recorded);

/** What belongs to a group beside that which is called as it is. */
const besides: Readonly<Partial<Record<string, readonly string[]>>> = {
  conversation: ['transcript'],
  customer: ['copy'],
  privacy: ['consent', 'retention'],
};
const byPermission: readonly Group[] = permitted.map(({ group, actions }) => ({
  id: group,
  name: settingsWords.roles.groups[group],
  actions: [...actions.filter(isEntered), ...ownOf(group, ...(besides[group] ?? []))],
}));
const signIn: Group = {
  id: 'signIn',
  name: words.groups.signIn,
  actions: ownOf('signIn', 'session', 'invitation', 'reset', 'address', 'ownerKey'),
};
const me: Group = { id: 'me', name: words.groups.me, actions: ownOf('me') };
const sotto: Group = { id: 'sotto', name: words.groups.sotto, actions: ownOf('setup', 'door', 'alarm') };

/** What can stand in the ledger, by what it is about. */
export const groups: readonly Group[] = [...byPermission, signIn, me, sotto].filter(
  ({ actions }) => actions.length > 0,
);

/** The first id in a text: one that was pasted alone, or an address that holds it. */
export function idIn(text: string): string | undefined {
  return /(?<![\w-])[a-z]{3}_[\w-]{22}(?![\w-])/.exec(text)?.[0];
}

/** What of an address makes sense. */
export function filterIn(query: string): Filter {
  const said = new URLSearchParams(query);
  const fits: Record<(typeof fields)[number], (text: string) => boolean> = {
    actor: (text) => idIn(text) === text,
    about: (text) => idIn(text) === text,
    action: (text) => actionsIn(text).length > 0,
    from: (text) => dayIn(text) !== null,
    to: (text) => dayIn(text) !== null,
  };
  const found = fields.map((field) => [field, said.get(field) ?? ''] as const);
  return Object.fromEntries(found.filter(([field, text]) => fits[field](text)));
}

/** As the server is asked: actions by their names, days as the moments at which they begin here. */
export function wishOf({ action, from, to, ...ids }: Filter): Record<string, string> {
  return {
    ...ids,
    ...(action !== undefined && { action: actionsIn(action).join(',') }),
    ...(from !== undefined && { from: String(dayIn(from)?.getTime()) }),
    ...(to !== undefined && { to: String(dayIn(to, 1)?.getTime()) }),
  };
}

/** Whether what is looked for may lie in the archive too. @param archive as the server says it */
export function reachesArchive({ from }: Filter, archive: number | null): boolean {
  return archive !== null && (dayIn(from ?? '')?.getTime() ?? 0) < archive;
}

function actionsIn(text: string): readonly LedgerAction[] {
  const group = groups.find(({ id }) => id === text);
  return group?.actions ?? groups.flatMap(({ actions }) => actions.filter((action) => action === text));
}

/** The day's beginning where this page is read, or that of a later one; null if it is none. */
export function dayIn(text: string, later = 0): Date | null {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return null;
  const date = new Date(year, month - 1, day + later);
  return date.getTime() > 0 ? date : null;
}
