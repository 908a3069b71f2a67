/** Legal holds on what there is of a customer. The directory knows of them; each conversation is the truth of its own. */
import { conversationOf } from '../../chat/conversation.ts';
import { conversationsBegunBy, heldOfVisitor, newestOfVisitor } from '../../chat/directory.ts';
import type { Env } from '../../config.ts';
import { settled } from '../../log.ts';
import type { ConversationId, VisitorId } from '../../protocol/ids.ts';

/** Each costs a request. */
const askedAtOnce = 50;
/** Of more conversations than this the last ones are asked before an erasure is begun. Each is once more when it is its turn. */
const mostAsked = 500;

/**
 * Whether a legal hold is known to be on any of their conversations. One that can't be asked is when it is erased, unless
 * the directory says that it is held.
 */
export async function isHeld(env: Env, visitor: VisitorId): Promise<boolean> {
  const told = await askHolds(env, await heldOfVisitor(env, visitor, askedAtOnce));
  if (told.held || told.failed > 0) return true;
  const ids = await newestOfVisitor(env, visitor, mostAsked);
  for (let from = 0; from < ids.length; from += askedAtOnce)
    if ((await askHolds(env, ids.slice(from, from + askedAtOnce))).held) return true;
  return false;
}

/** How far it was asked whether anything of somebody's is held. `next`: behind which conversation to go on asking. */
export type Asked = { asked: number } & ({ mayBeHeld: boolean } | { next: ConversationId });

/**
 * Asks all of their conversations behind this one, a page at a time and some hundred at most. Whatever does not answer may
 * be held.
 */
export async function mayBeHeld(env: Env, visitor: VisitorId, after: string, most: number): Promise<Asked> {
  for (let [asked, behind] = [0, after]; ;) {
    const ids = await conversationsBegunBy(env, visitor, Number.MAX_SAFE_INTEGER, behind, askedAtOnce);
    const last = ids.at(-1);
    if (last === undefined) return { asked, mayBeHeld: false };
    const { held, failed } = await askHolds(env, ids);
    [asked, behind] = [asked + ids.length, last];
    if (held || failed > 0) return { asked, mayBeHeld: true };
    if (asked >= most) return { asked, next: last };
  }
}

async function askHolds(
  env: Env,
  ids: readonly ConversationId[],
): Promise<{ held: boolean; failed: number }> {
  const { done, failed } = await settled('privacy.hold', ids, (id) => conversationOf(env, id).isHeld());
  return { held: done.includes(true), failed };
}
