/** What a conversation hears of an address that its visitor has proved by a code. */
import type { Env } from '../config.ts';
import { logFault } from '../log.ts';
import type { ConversationId, SiteId, VisitorId } from '../protocol/ids.ts';
import { conversationOf } from './conversation.ts';
import { conversationsOfVisitor } from './directory.ts';

/** So many are told; somebody who begins more has those begin with what they have proved by then. */
const mostTold = 100;

/** Those of their conversations that are open. */
export async function tellProved(env: Env, visitor: VisitorId, site: SiteId, address: string): Promise<void> {
  const all = await conversationsOfVisitor(env, visitor, site);
  const open = all.filter(({ state }) => state !== 'closed').slice(0, mostTold);
  const told = await Promise.allSettled(
    open.map(({ id }) => conversationOf(env, id as ConversationId).customerProved(visitor, address)),
  );
  const failed = told.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) logFault('code.tell', failed.reason);
}
