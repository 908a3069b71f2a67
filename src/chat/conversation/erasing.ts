/**
 * Erasing a conversation. Its keys go first: from then on nobody reads anything of it, wherever a copy may lie. Each step
 * can be done again, and what points at the conversation goes last, so that whatever is cut off in between is found.
 */
import type { Env } from '../../config.ts';
import { idOf, ledgerOf } from '../../ledger.ts';
import { keyStore } from '../../vault.ts';
import { eraseFromDirectory } from '../directory.ts';
import { deleteFilesOf } from '../files.ts';
import type { Room } from './room.ts';

const day = 86_400_000;

/** When a conversation's time is over: so many days after the last that happened in it. */
export function overAt({ row, end }: Pick<Room, 'row' | 'end'>, days: number): number {
  return Math.max(row.changedAt, end.at) + days * day;
}

/** Enters that its time is over, and erases all that lies of it outside of the directory and the inbox. */
export async function eraseExpired(
  env: Env,
  room: Room,
  days: number,
  erase: () => Promise<void>,
): Promise<void> {
  const { id, visitor } = room.row;
  const facts = { days, messages: room.head };
  const told = { actor: null, action: 'conversation.expire', object: id, subject: visitor, facts } as const;
  const once = idOf('conversation.expire', id, room.row.epoch);
  await ledgerOf(env).append([{ id: once, at: Date.now(), outcome: 'done', ...told }]);
  const keys = keyStore(env.KEYS);
  await keys.deleteAll('conversation', id);
  await keys.deleteAll('file', id);
  await deleteFilesOf(env.FILES, id);
  await erase();
  await eraseFromDirectory(env, id, Date.now());
}
