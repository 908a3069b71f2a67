/** What somebody has who may no longer have it goes back to the queue: each conversation decides that by itself. */
import type { Env } from '../../config.ts';
import type { PersonId, TeamId } from '../../protocol/ids.ts';
import { logFault } from '../../log.ts';
import { objectOf } from '../../residency.ts';
import type { Held } from './store.ts';

/** One that can't be reached is asked again at the next look. */
export async function giveBack(env: Env, team: TeamId, held: readonly Held[]): Promise<void> {
  const given = await Promise.allSettled(
    held.map(({ id, holder }) => conversationOf(env, id).giveBack(team, holder)),
  );
  const failed = given.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) logFault('inbox.give-back', failed.reason);
}

/** What every conversation offers to its inbox; conversations lean on inboxes, and not the other way. */
type Conversation = { giveBack(team: TeamId, holder: PersonId): Promise<void> };

function conversationOf(env: Env, id: string): Conversation {
  return objectOf(env, 'Conversation', id) as Conversation;
}
