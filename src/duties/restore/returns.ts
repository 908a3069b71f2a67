/** Having one conversation, or all of one visitor's, put back from a backup. */
import { conversationOf } from '../../chat/conversation.ts';
import { erasedAt } from '../../chat/directory.ts';
import type { Env } from '../../config.ts';
import { Wrong } from '../../protocol/backup-proof.ts';
import { isId } from '../../protocol/ids.ts';
import { Refusal } from '../../protocol/refusals.ts';
import type { ReturnView, ReturnWish } from '../../protocol/restore.ts';
import { keyStore } from '../../vault.ts';
import { beginRun, runOf } from '../runs.ts';
import { BackupReader } from './reading.ts';
import { placeFrom } from './steps.ts';
import { ReturnStore } from './store.ts';

/**
 * Begins to put it back; begun again, it is the one that goes on.
 * @throws {Refusal} restoring: another one goes on; backup_refused, erased, key_gone, still_there: it would come to nothing
 */
export async function beginReturn(env: Env, { number, id }: ReturnWish, now: number): Promise<void> {
  const store = new ReturnStore(env.DB);
  const last = await store.last();
  if (last?.state === 'working') {
    if (last.wanted !== id || last.number !== number) throw new Refusal('restoring');
    // Whoever began it may have been cut off before it was driven.
    return beginRun(env, 'return', last.run, now);
  }
  await requireUse(env, { number, id });
  const run = `return-${number}-${now}`;
  if (!(await store.begin({ run, number, wanted: id }, now))) throw new Refusal('restoring');
  await beginRun(env, 'return', run, now);
}

/** What can be known beforehand. */
async function requireUse(env: Env, { number, id }: ReturnWish): Promise<void> {
  const chain = await new BackupReader(env).chain(number).catch((error: unknown) => {
    if (error instanceof Wrong) throw new Refusal('backup_refused', `${error.where} ${error.message}.`);
    throw error;
  });
  const at = await erasedAt(env, id);
  if (isId('visitor', id)) {
    // Whoever has come back since has what came after.
    if (at !== undefined && at >= (chain.at(-1)?.at ?? 0)) throw new Refusal('erased');
    return;
  }
  if (at !== undefined) throw new Refusal('erased');
  if (await conversationOf(env, id).isThere()) throw new Refusal('still_there');
  if ((await keyStore(env.KEYS).get('conversation', `${id}/1`)) === undefined) throw new Refusal('key_gone');
}

/** The last one; null: there was none. One that stands still is set going again by whoever looks. */
export async function returnOf(env: Env, now: number): Promise<ReturnView | null> {
  const store = new ReturnStore(env.DB);
  const last = await store.last();
  if (last === undefined) return null;
  const { run, number, wanted, state, begunAt, overAt, wrong } = last;
  const place = (await runOf(env, run, now))?.place ?? null;
  return {
    ...{ number, wanted, state, begunAt, overAt, wrong },
    stage: state === 'working' ? placeFrom(place ?? 'find 0 0 ').stage : null,
    counts: await store.counts(run),
  };
}

/** Each night: one that was entered alone, because whoever wanted it was cut off, is begun. */
export async function seeToReturns(env: Env, now: number): Promise<void> {
  const last = await new ReturnStore(env.DB).last();
  if (last?.state === 'working') await beginRun(env, 'return', last.run, now);
}
