/** Who holds which of the rights that do the most harm in the wrong hands. */
import { type Action, builtInRoles, type Grants } from '../../protocol/permissions.ts';
import { covers, grantsOf } from '../../protocol/roles.ts';
import { Facts, type PersonFacts } from './facts.ts';
import type { Look } from './check.ts';

/** Rights by which data leave, people get rights, and Sotto itself is changed. */
export const powerful = [
  'people.change',
  'people.reset',
  'people.invite',
  'people.endSessions',
  'roles.change',
  'owners.appoint',
  'owners.makeKey',
  'organisation.change',
  'sites.change',
  'keys.rotate',
  'backup.begin',
  'backup.putBack',
  'incident.contain',
  'training.assign',
  'checks.run',
  'ledger.export',
  'customer.copy',
  'privacy.answer',
  'privacy.change',
  'conversation.watch',
  'inbox.rebuild',
] as const satisfies readonly Action[];

export async function activePeople({ env }: Look): Promise<PersonFacts[]> {
  return (await new Facts(env.DB).people()).filter(({ state }) => state === 'active');
}

export function holds(person: PersonFacts, action: Action): boolean {
  return grantsOf(person)[action] === 'all';
}

export function isPowerful(person: PersonFacts): boolean {
  return powerful.some((action) => holds(person, action));
}

/** Whether somebody with these rights can change what others may do, or how Sotto works, as owners and admins do. */
export function isRuling(person: PersonFacts): boolean {
  return (['people.change', 'roles.change', 'organisation.change', 'keys.rotate'] as const).some((action) =>
    holds(person, action),
  );
}

/** What no built-in role but the owner's and the admin's has. */
export function beyondBuiltIn(grants: Grants): boolean {
  const { supervisor, agent, auditor, privacyOfficer } = builtInRoles;
  return ![supervisor, agent, auditor, privacyOfficer].some((role) => covers(role, grants));
}
