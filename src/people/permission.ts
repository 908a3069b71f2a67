/**
 * The permission rule: one table and one pure function for every door (docs/RULES.md, P1 to P4). What the table
 * does not grant is denied.
 */
import { type Role, roles, standsAtLeast } from '../protocol/roles.ts';
import type { PersonId, SessionId, SiteId, TeamId, VisitorId } from '../protocol/ids.ts';

/** How far a grant reaches: every thing, those of one's own teams, or only one's own. */
type Reach = 'all' | 'team' | 'own';
type Grants = Partial<Record<Role | 'visitor', Reach>>;

const conversationWork: Grants = { owner: 'all', admin: 'all', supervisor: 'team' };

export const permissions = {
  'conversation.begin': { visitor: 'own' },
  'conversation.list': { ...conversationWork, agent: 'team', auditor: 'all', visitor: 'own' },
  'conversation.read': { ...conversationWork, agent: 'team', auditor: 'all', visitor: 'own' },
  'conversation.post': { owner: 'own', admin: 'own', supervisor: 'own', agent: 'own', visitor: 'own' },
  'conversation.claim': { ...conversationWork, agent: 'team' },
  'conversation.close': { ...conversationWork, agent: 'own', visitor: 'own' },
  'conversation.reopen': { ...conversationWork, agent: 'team' },
  'conversation.note': { ...conversationWork, agent: 'team' },
  'conversation.handOver': { ...conversationWork, agent: 'own' },
  'conversation.tag': { ...conversationWork, agent: 'team' },
  'conversation.snooze': { ...conversationWork, agent: 'own' },
  'conversation.rate': { visitor: 'own' },
  'customer.change': { ...conversationWork, agent: 'own' },
  'message.delete': { owner: 'own', admin: 'own', supervisor: 'own', agent: 'own', visitor: 'own' },
  'message.redact': conversationWork,
  'inbox.rebuild': { owner: 'all', admin: 'all' },
  'replies.list': { owner: 'all', admin: 'all', supervisor: 'all', agent: 'all', auditor: 'all' },
  'replies.change': conversationWork,
  'people.list': { owner: 'all', admin: 'all', supervisor: 'all', auditor: 'all' },
  'people.invite': { owner: 'all', admin: 'all' },
  'people.change': { owner: 'all', admin: 'all' },
  'people.endSessions': { owner: 'all', admin: 'all' },
  'people.reset': { owner: 'all', admin: 'all' },
  'teams.list': { owner: 'all', admin: 'all', supervisor: 'all', agent: 'all', auditor: 'all' },
  'teams.create': { owner: 'all', admin: 'all' },
  'teams.change': { owner: 'all', admin: 'all' },
  'sites.list': { owner: 'all', admin: 'all', supervisor: 'all', agent: 'all', auditor: 'all' },
  'sites.create': { owner: 'all', admin: 'all' },
  'sites.change': { owner: 'all', admin: 'all' },
} as const satisfies Record<string, Grants>;

export type Action = keyof typeof permissions;

/** What each permission lets do, in words that finish “the right to”. */
export const meanings: Record<Action, string> = {
  'conversation.begin': 'begin a conversation',
  'conversation.list': 'see conversations in the list',
  'conversation.read': 'read a conversation',
  'conversation.post': 'answer in a conversation that one has claimed',
  'conversation.claim': 'claim a conversation',
  'conversation.close': 'close a conversation',
  'conversation.reopen': 'reopen a conversation',
  'conversation.note': 'write notes for colleagues',
  'conversation.handOver': 'hand over a conversation',
  'conversation.tag': 'tag a conversation',
  'conversation.snooze': 'put off a conversation',
  'conversation.rate': 'rate a conversation',
  'customer.change': 'change what is known of a customer',
  'message.delete': 'take back one’s own message',
  'message.redact': 'destroy the text of a message',
  'inbox.rebuild': 'rebuild an inbox',
  'replies.list': 'use canned replies',
  'replies.change': 'change canned replies',
  'people.list': 'see who works here',
  'people.invite': 'invite people',
  'people.change': 'change roles and disable people',
  'people.endSessions': 'sign people out everywhere',
  'people.reset': 'take away the second factors of somebody who has lost them',
  'teams.list': 'see the teams',
  'teams.create': 'make teams',
  'teams.change': 'change teams and who is in them',
  'sites.list': 'see the sites',
  'sites.create': 'make sites',
  'sites.change': 'change sites',
};

/**
 * What somebody lacks who may not: the permission, who has it, and who can give it. It speaks of the rule alone, so
 * that it tells nothing of the thing that was asked for. Undefined for visitors, whom nobody gives rights.
 */
export function lackOf(asker: Pick<Asker, 'kind'>, action: Action): string | undefined {
  if (asker.kind === 'visitor') return undefined;
  const grants: Grants = permissions[action];
  const holders = roles.filter((role) => role in grants);
  const reach = holders.some((role) => grants[role] !== 'all') ? ', some of them not everywhere' : '';
  const who = holders.length === 0 ? 'No role has it' : `These roles have it${reach}: ${holders.join(', ')}`;
  return `You may not do this. It takes the right to ${meanings[action]} (${action}). ${who}. An owner or an admin can change your role.`;
}

/** Who asks: the identity that the guard proved, never one that a client typed. */
export type Staff = { kind: 'staff'; id: PersonId; session: SessionId; role: Role; teams: readonly TeamId[] };
export type Visitor = { kind: 'visitor'; id: VisitorId; site: SiteId };
export type Asker = Staff | Visitor;
/** Somebody on staff as the directory knows them, signed in or not. */
export type Person = Pick<Staff, 'id' | 'role' | 'teams'>;

/** What is asked for; only the fields that the thing has. */
export type Thing = {
  team?: TeamId;
  site?: SiteId;
  /** Whose it is: a conversation's assignee, or a person themselves. */
  person?: PersonId | null;
  visitor?: VisitorId;
  /** A role that the action would give, or that the person acted upon holds. */
  role?: Role;
};

/** May `asker` do this to `thing`? Pure: the same question has the same answer. */
export function may(
  asker: Visitor | ({ kind: 'staff' } & Person),
  action: Action,
  thing: Thing = {},
): boolean {
  const grants: Grants = permissions[action];
  const reach = grants[asker.kind === 'visitor' ? 'visitor' : asker.role];
  if (reach === undefined) return false;
  return asker.kind === 'visitor' ? visitorReaches(asker, thing) : staffReaches(asker, reach, thing);
}

/** Whoever may claim a team's conversations may have them, and keeps what they have. */
export function mayHold({ id, role, teams }: Person, team: TeamId): boolean {
  return may({ kind: 'staff', id, role, teams }, 'conversation.claim', { team });
}

/** Members of a team who may have its conversations: customers wait for them, and colleagues hand over to them. */
export function answersIn(person: Person, team: TeamId): boolean {
  return person.teams.includes(team) && mayHold(person, team);
}

/** A visitor reaches only their own things on their own site, whatever the table says. */
function visitorReaches(visitor: Visitor, thing: Thing): boolean {
  return thing.visitor === visitor.id && thing.site === visitor.site;
}

function staffReaches(staff: Person, reach: Reach, thing: Thing): boolean {
  if (thing.role !== undefined && !standsAtLeast(staff.role, thing.role)) return false;
  if (reach === 'all') return true;
  if (reach === 'own') return thing.person === staff.id;
  return thing.team !== undefined && staff.teams.includes(thing.team);
}
