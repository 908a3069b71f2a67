/**
 * The permission rule: one pure function for every door (docs/RULES.md, P1 to P4). What may be permitted, and the
 * roles that are built in, stand in src/protocol/permissions.ts; what they do not grant is denied.
 */
import {
  type Action,
  builtInRoles,
  type Grants,
  permissions,
  visitorRights,
} from '../protocol/permissions.ts';
import { isWithin, type Placed, type Reach } from '../protocol/reach.ts';
import { builtIn, covers, grantsOf, type Role, type RoleHeld } from '../protocol/roles.ts';
import { type Gate, isBehind } from '../protocol/training.ts';
import type { PersonId, SessionId, SiteId, TeamId, VisitorId } from '../protocol/ids.ts';

/** Somebody on staff as the directory knows them, signed in or not. */
export type Person = RoleHeld & {
  id: PersonId;
  teams: readonly TeamId[];
  /** What is closed to them, for a lesson stands before it that they have not taken (E5). */
  closed?: readonly Gate[];
};
/** Who asks: the identity that the guard proved, never one that a client typed. */
export type Staff = Person & {
  kind: 'staff';
  session: SessionId;
  /** Their own role, where they see Sotto as another one (P8). */
  ownRole?: Role;
  /** Watches the conversation that they sit in without being shown as there (M6). */
  silent?: true;
};
export type Visitor = { kind: 'visitor'; id: VisitorId; site: SiteId };
export type Asker = Staff | Visitor;

/** What is asked for; only the fields that the thing has. */
export type Thing = Placed & {
  site?: SiteId;
  visitor?: VisitorId;
  /** It is kept, and nothing else is done with it (D60). */
  restricted?: boolean;
  /** A file of which it is known, or said, that it is sensitive. */
  sensitive?: boolean;
  /** What the action would give, in `team` if there is one, or what the person acted upon may do. */
  grants?: Grants;
};

/** What somebody may do by the role that is their own, whatever they see Sotto as; nothing of a visitor's own choosing. */
export function ownGrantsOf(asker: Asker): Grants {
  if (asker.kind === 'visitor') return {};
  return grantsOf(asker.ownRole === undefined ? asker : { role: asker.ownRole, grants: null });
}

/** May `asker` do this to `thing`? Pure: the same question has the same answer. */
export function may(
  asker: Visitor | ({ kind: 'staff' } & Person),
  action: Action,
  thing: Thing = {},
): boolean {
  if (asker.kind === 'visitor') return visitorRights.includes(action) && visitorReaches(asker, thing);
  if (isClosedTo(asker, action, thing)) return false;
  const own = grantsOf(asker);
  const reach = own[action];
  if (thing.restricted === true && !(own['privacy.answer'] === 'all' && ofRestricted.includes(action)))
    return false;
  if (reach === undefined || (thing.grants !== undefined && !mayGive(asker, own, thing.grants, thing.team)))
    return false;
  return isWithin(reach, asker, thing);
}

/** What a lesson stands before is nobody's who has not taken it, whatever their role. */
function isClosedTo({ closed = [] }: Pick<Person, 'closed'>, action: Action, thing: Thing = {}): boolean {
  return closed.some((gate) => isBehind(gate, action, thing));
}

/**
 * What is left to be done with what is restricted, for those who answer what people ask about their data: it is looked at
 * for a claim or for whoever asks, corrected, and kept from going.
 */
const ofRestricted: readonly Action[] = [
  'conversation.read',
  'conversation.hold',
  'file.open',
  'customer.address',
  'customer.change',
];

/** Nobody gives or touches what lets do more than they may, nor puts anybody who may do it there where they may not. */
function mayGive({ teams }: Person, own: Grants, grants: Grants, team: Placed['team']): boolean {
  if (!covers(own, grants)) return false;
  if (team === undefined || team === null || (teams as readonly string[]).includes(team)) return true;
  return (Object.entries(grants) as [Action, Reach][]).every(
    ([action, reach]) => (reach !== 'team' && reach !== 'waiting') || own[action] === 'all',
  );
}

/** How far somebody's right to do this reaches, for lists that are read by it; undefined: nowhere. */
export function reachOf(person: Person, action: Action): Reach | undefined {
  return isClosedTo(person, action) ? undefined : grantsOf(person)[action];
}

/** Whoever may claim a team's conversations may have them, and keeps what they have. */
export function mayHold(person: Person, team: TeamId): boolean {
  return may({ ...person, kind: 'staff' }, 'conversation.claim', { team });
}

/** Members of a team who may have its conversations: customers wait for them, and colleagues hand over to them. */
export function answersIn(person: Person, team: TeamId): boolean {
  return person.teams.includes(team) && mayHold(person, team);
}

/**
 * What somebody lacks who may not: the permission, who has it, and who can give it. It speaks of the rule alone, so
 * that it tells nothing of the thing that was asked for. Undefined for visitors, whom nobody gives rights.
 */
export function lackOf(
  asker: Pick<Asker, 'kind'> & Pick<Person, 'closed'>,
  action: Action,
  thing: Thing = {},
): string | undefined {
  if (asker.kind === 'visitor') return undefined;
  if (isClosedTo(asker, action, thing))
    return 'You may not do this yet. A lesson stands before it that you have not taken, or have to take again: see Training.';
  const holders = builtIn.filter((role) => action in builtInRoles[role]);
  const isEverywhere = holders.every((role) => grantsOf({ role, grants: null })[action] === 'all');
  const reach = isEverywhere ? '' : ', some of them not everywhere';
  const who = holders.length === 0 ? 'No role has it' : `These roles have it${reach}: ${holders.join(', ')}`;
  return `You may not do this. It takes the right to ${permissions[action].means} (${action}). ${who}. An owner or an admin can change your role.`;
}

/** A visitor reaches only their own things on their own site. */
function visitorReaches(visitor: Visitor, thing: Thing): boolean {
  return thing.visitor === visitor.id && thing.site === visitor.site;
}
