/**
 * Rebuilding an inbox: its team's conversations tell it again where they stand, a page at a time, so that whoever is
 * interrupted goes on where they were. Those that the directory names come first; then those are asked whose entries
 * nobody has told again, and an entry goes only if its conversation, when asked, says nothing.
 */
import type { Env } from '../../config.ts';
import type { RebuildAnswer } from '../../protocol/bodies.ts';
import type { ConversationId, TeamId } from '../../protocol/ids.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { conversationOf } from '../conversation.ts';
import { conversationsOfTeam } from '../directory.ts';
import { inboxOf } from '../inbox.ts';
import { logFault } from '../../log.ts';
import { keptFor } from './rules.ts';

const page = 100;

/** @throws {Refusal} unavailable, if one of this page could not tell: ask for the same page again */
export async function rebuildPage(
  env: Env,
  team: TeamId,
  after: ConversationId | null,
): Promise<RebuildAnswer> {
  const inbox = inboxOf(env, team);
  if (after === null) await inbox.beginRebuild();
  const named = await conversationsOfTeam(env, team, {
    after,
    limit: page,
    closedSince: Date.now() - keptFor,
  });
  await retell(env, named);
  const room = page - named.length;
  if (room === 0) return { told: page, next: highest(named) };

  const doubtful = await inbox.doubtful(room);
  await retell(env, doubtful);
  const told = page - room + doubtful.length - (await inbox.dropDoubtful(doubtful));
  if (doubtful.length === room) return { told, next: highest([after ?? '', ...named, ...doubtful]) };
  await inbox.endRebuild();
  return { told, next: null };
}

async function retell(env: Env, ids: readonly ConversationId[]): Promise<void> {
  const told = await Promise.allSettled(ids.map((id) => conversationOf(env, id).retell()));
  const failed = told.find((outcome) => outcome.status === 'rejected');
  if (failed === undefined) return;
  logFault('inbox.rebuild', failed.reason);
  throw new Refusal('unavailable');
}

function highest(ids: readonly string[]): string | null {
  return ids.toSorted().at(-1) ?? null;
}
