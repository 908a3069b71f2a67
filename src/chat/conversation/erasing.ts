/**
 * Erasing a conversation, because its time is over or its customer wants it. Its keys go first: from then on nobody reads
 * anything of it, wherever a copy may lie. Each step can be done again, and what points at the conversation goes last, so
 * that whatever is cut off in between is found.
 */
import type { Env } from '../../config.ts';
import { idOf, ledgerOf } from '../../ledger.ts';
import type { ConversationId, RequestId } from '../../protocol/ids.ts';
import { keyStore } from '../../vault.ts';
import { eraseFromDirectory } from '../directory.ts';
import { deleteFilesOf } from '../files.ts';
import type { ConversationRow, History } from './history.ts';

const day = 86_400_000;

/** Its site keeps it for so many days, or its customer has asked for it. */
export type Why = { days: number } | { request: RequestId | null };

/** When a conversation's time is over: so many days after the last that happened in it. */
export function overAt(
  { changedAt }: Pick<ConversationRow, 'changedAt'>,
  end: { readonly at: number },
  days: number,
): number {
  return Math.max(changedAt, end.at) + days * day;
}

/** Enters why, and erases all that lies of it outside of the directory and the inbox; then these too. */
export async function eraseConversation(
  env: Env,
  history: History,
  why: Why,
  erase: () => Promise<void>,
): Promise<void> {
  const { id, visitor, epoch } = history.conversation().row;
  const action = 'days' in why ? 'conversation.expire' : 'conversation.erase';
  const facts = { ...why, messages: history.messages.end().seq };
  const told = { actor: null, action, object: id, subject: visitor, facts } as const;
  await ledgerOf(env).append([{ id: idOf(action, id, epoch), at: Date.now(), outcome: 'done', ...told }]);
  await eraseBeside(env, id, 'days' in why, erase);
}

/**
 * Erases what lies of it beside itself, wherever it was cut off before, and though nothing else is left of it.
 * @param isOver whether its time was over, or somebody asked for it
 */
export async function eraseBeside(
  env: Env,
  id: ConversationId,
  isOver: boolean,
  erase: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const keys = keyStore(env.KEYS);
  await keys.deleteAll('conversation', id);
  await keys.deleteAll('file', id);
  await deleteFilesOf(env.FILES, id);
  await erase();
  await eraseFromDirectory(env, id, isOver, Date.now());
}
