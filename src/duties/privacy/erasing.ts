/**
 * Erasing a person: a portion of their conversations at a time, then they themselves. What is left to do is read from what
 * there still is, so that it comes to the same wherever it is cut off and however often it is done. Each feature forgets its
 * own. What never goes is that it was so: ids, kinds and times, in the ledger and in the register.
 */
import { conversationOf } from '../../chat/conversation.ts';
import { conversationsOfErased, newestOfVisitor, registerErased } from '../../chat/directory.ts';
import { Uploads } from '../../chat/files.ts';
import type { Env } from '../../config.ts';
import { idOf, ledgerOf } from '../../ledger.ts';
import { logFault, settled } from '../../log.ts';
import { eraseBans } from '../../people/bans.ts';
import { eraseCodes } from '../../people/codes.ts';
import { enter } from '../../people/recording.ts';
import { RestrictionStore } from '../../people/restrictions.ts';
import { eraseVisitor, tracesOf } from '../../people/visitor.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import { forgetCopiesOf } from '../copies.ts';
import { eraseWordsOf, type RequestRow, RequestStore } from '../requests.ts';
import { beginRun, type Portion } from '../runs.ts';
import { receiptOf } from './receipt.ts';

/** Each costs some requests, of which a portion has 1,000. */
const erasedAtOnce = 50;

export const erasePortion: Portion = async (env, run) => {
  const store = new RequestStore(env.DB);
  const request = await store.ofRun(run);
  if (request?.state !== 'working') return { place: null, done: 0 };
  const ids = await newestOfVisitor(env, request.visitor, erasedAtOnce);
  if (ids.length === 0) {
    await eraseItself(env, store, request);
    return { place: null, done: 0 };
  }
  const erase = (id: ConversationId) => conversationOf(env, id).erase(request.id);
  const erased = await settled('privacy.erase', ids, erase);
  const done = erased.done.filter(Boolean).length;
  if (erased.done.includes(false)) {
    await stopForHold(env, store, request);
    return { place: null, done };
  }
  // Those that failed are met again, once all others are gone.
  if (done === 0) throw new Error('none of the conversations that are left could be erased');
  return { place: ids.at(-1) ?? null, done };
};

/** Nothing is left of them but themselves. */
async function eraseItself(env: Env, store: RequestStore, request: RequestRow): Promise<void> {
  const { id, visitor, decidedAt } = request;
  const traces = await tracesOf(env, visitor);
  const address =
    traces === undefined || traces.lookup === null ? null : { ...traces, lookup: traces.lookup };
  await eraseCodes(env, visitor, address);
  await eraseBans(env, visitor, address?.lookup ?? null);
  await new Uploads(env.DB).forget(visitor);
  await forgetCopiesOf(env, visitor);
  await new RestrictionStore(env.DB).drop(visitor);
  await eraseVisitor(env, visitor);
  await eraseWordsOf(env, visitor);
  await ledgerOf(env).forget(visitor);
  const now = Date.now();
  await registerErased(env, visitor, now);
  await enter(
    env,
    { actor: null, action: 'privacy.erase', object: id, subject: visitor },
    idOf('privacy.erase', id, decidedAt ?? 0),
  );
  await store.finish(id, await receiptOf(env, request, now), now);
}

/** It came after the erasing was begun. What is erased stays so; the rest waits until somebody says what then. */
async function stopForHold(env: Env, store: RequestStore, { id, visitor, run }: RequestRow): Promise<void> {
  if (!(await store.stop(id))) return;
  await enter(
    env,
    { actor: null, action: 'privacy.stop', object: id, subject: visitor },
    idOf('privacy.stop', id, run ?? ''),
  );
}

/**
 * Once a day: whoever is being erased is, though whoever began it was cut off. A conversation that was begun before its
 * visitor was erased, and came to light only afterwards, goes after them: its line was told late, or a restore has brought
 * it back.
 */
export async function seeToErasures(env: Env, now: number): Promise<void> {
  const store = new RequestStore(env.DB);
  for (const { run } of await store.working()) if (run !== null) await beginRun(env, 'erasure', run, now);
  for (const { id, visitor } of await conversationsOfErased(env, erasedAtOnce)) {
    try {
      await conversationOf(env, id).erase((await store.lastErasureOf(visitor)) ?? null);
    } catch (error) {
      logFault('privacy.late', error);
    }
  }
}
