/**
 * To whom a conversation may go, as the directory of staff knows them right now. Whoever loses the right between this
 * look and the commit has it for a moment: its inbox hears of its new holder, looks for itself, and gives it back.
 */
import type { Env } from '../../config.ts';
import { StaffDirectory } from '../../people/staff.ts';
import { teamExists } from '../../people/teams.ts';
import { isId, type PersonId, type TeamId } from '../../protocol/ids.ts';
import type { Recipient } from './rules.ts';

export async function recipientOf(env: Env, to: PersonId | TeamId): Promise<Recipient> {
  if (isId('team', to)) return (await teamExists(env, to)) ? { kind: 'team', id: to } : null;
  const person = await new StaffDirectory(env).store.byId(to);
  if (person === undefined) return null;
  const { id, state, role, grants, teams } = person;
  return { kind: 'person', id, state, role, grants, teams };
}
