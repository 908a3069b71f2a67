/** What the ids in the ledger are called, as far as whoever looks may know it. */
import type { PeopleAnswer } from '../../../../protocol/bodies.ts';
import type { CustomRole, RolesAnswer } from '../../../../protocol/roles.ts';
import type { Desk } from '../../desk.ts';
import { everMay } from '../../rights.ts';
import type { Session } from '../../session.ts';
import { words as mainWords } from '../../words.ts';
import type { NameOf } from './saying.ts';
import { words } from './words.ts';

export interface Known {
  people: readonly { id: string; name: string }[];
  roles: readonly CustomRole[];
}

/** Whoever may not see everybody knows the colleagues of their teams. */
export async function knownTo(desk: Desk, api: Session['api']): Promise<Known> {
  if (!everMay(desk.person.peek(), 'people.list')) {
    const colleagues = [...desk.people.peek().values()].map(({ id, name }) => ({
      id,
      name: name ?? labelOf(id),
    }));
    return { people: colleagues, roles: [] };
  }
  const [{ people }, { roles }] = await Promise.all([
    api.get<PeopleAnswer>('/api/v1/people'),
    api.get<RolesAnswer>('/api/v1/roles'),
  ]);
  return { people: people.toSorted((a, b) => a.name.localeCompare(b.name)), roles };
}

/** What is no id, nor the name of a role, stays as it is. */
export function namesIn({ people, roles }: Known, desk: Desk): NameOf {
  const me = desk.person.value.id;
  const names = new Map<string, string>([
    ...Object.entries(mainWords.roles),
    ...[...people, ...roles, ...desk.sites.value.values(), ...(desk.teams.value?.values() ?? [])].map(
      ({ id, name }) => [id, id === me ? words.you(name) : name] as const,
    ),
    ...desk.replies.value.map(({ id, shortcut }) => [id, `/${shortcut}`] as const),
  ]);
  return (id) => names.get(id) ?? labelOf(id);
}

/** By its kind, and by the end of it to tell one from another. */
export function labelOf(id: string): string {
  const [, kind, rest = ''] = /^([a-z]{3})_([\w-]{22})$/.exec(id) ?? [];
  const sign = rest.replaceAll(/[-_]/g, '').slice(-4);
  const kinds: Readonly<Partial<Record<string, (sign: string) => string>>> = words.kinds;
  return kinds[kind ?? '']?.(sign) ?? id;
}
