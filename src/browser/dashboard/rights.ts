/**
 * What to offer to whom, so that nobody is shown what the server would refuse. It decides anyway; this is the
 * dashboard's copy of src/people/permission.ts, and a test holds the two together.
 */
import type { Person } from '../../protocol/bodies.ts';
import type { Role } from '../../protocol/roles.ts';

/** How far: everything, what belongs to one's own teams, or what one holds oneself. */
type Reach = 'all' | 'team' | 'own';
type Grants = Partial<Record<Role, Reach>>;

const staffWork: Grants = { owner: 'all', admin: 'all', supervisor: 'team' };
const management: Grants = { owner: 'all', admin: 'all' };

export const rights = {
  'conversation.post': { owner: 'own', admin: 'own', supervisor: 'own', agent: 'own' },
  'conversation.claim': { ...staffWork, agent: 'team' },
  'conversation.close': { ...staffWork, agent: 'own' },
  'conversation.reopen': { ...staffWork, agent: 'team' },
  'conversation.note': { ...staffWork, agent: 'team' },
  'conversation.handOver': { ...staffWork, agent: 'own' },
  'conversation.tag': { ...staffWork, agent: 'team' },
  'conversation.snooze': { ...staffWork, agent: 'own' },
  'customer.change': { ...staffWork, agent: 'own' },
  'message.delete': { owner: 'own', admin: 'own', supervisor: 'own', agent: 'own' },
  'message.redact': staffWork,
  'inbox.rebuild': management,
  'replies.change': staffWork,
  'people.list': { owner: 'all', admin: 'all', supervisor: 'all', auditor: 'all' },
  'people.invite': management,
  'people.change': management,
  'people.endSessions': management,
  'people.reset': management,
  'teams.create': management,
  'teams.change': management,
  'sites.create': management,
  'sites.change': management,
} as const satisfies Record<string, Grants>;

export type Right = keyof typeof rights;

export interface Thing {
  team?: string | null | undefined;
  /** Who holds it, or wrote it. */
  person?: string | null | undefined;
}

type Asker = Pick<Person, 'id' | 'role' | 'teams'>;

export function may({ id, role, teams }: Asker, right: Right, { team, person }: Thing = {}): boolean {
  const grants: Grants = rights[right];
  const reach = grants[role];
  if (reach === 'own') return person === id;
  if (reach === 'team') return typeof team === 'string' && (teams as readonly string[]).includes(team);
  return reach === 'all';
}

/** Whether there is anything at all of which they may do this. */
export function everMay({ role }: Pick<Person, 'role'>, right: Right): boolean {
  return role in rights[right];
}
