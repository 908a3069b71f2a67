/** Conversations that were put back are opened, and tell their inboxes and the directory. */
import { conversationOf } from '../../chat/conversation.ts';
import { dropFromDirectory, restrictionsOf } from '../../chat/directory.ts';
import type { Env } from '../../config.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import type { Counts } from './store.ts';

/** Each by itself. Those that open by no key any more leave the directory. @returns how many came back, and how */
export async function openThese(env: Env, run: string, ids: readonly ConversationId[]): Promise<Counts> {
  const counts: Record<string, number> = {};
  const count = (what: string, by = 1) => (counts[what] = (counts[what] ?? 0) + by);
  // The register is back already, and nothing may happen in between to what it restricts.
  const restrictions = await restrictionsOf(env, ids);
  const outcomes = await Promise.all(
    ids.map((id) => conversationOf(env, id).comeBack(run, restrictions.get(id) ?? null)),
  );
  const gone: ConversationId[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    const id = ids[index];
    if (outcome.state === 'back') {
      count('conversations');
      count('files that can not be opened', outcome.filesGone);
      count('messages without a key', outcome.lost);
    } else if (outcome.state === 'there') count('conversations that were there');
    else if (id !== undefined) {
      gone.push(id);
      count('left out conversations');
    }
  }
  await dropFromDirectory(env, gone);
  return counts;
}
