/**
 * Clearing the stage: what was written on it is erased as any customer's is, and whoever was played is nobody. Found by what
 * the drill has kept and by what lies in its site, so that nothing is left wherever it was cut off.
 */
import { conversationOf } from '../../chat/conversation.ts';
import { registerErased } from '../../chat/directory.ts';
import { Uploads } from '../../chat/files.ts';
import { ledgerOf } from '../../ledger.ts';
import { accountOf } from '../../people/account.ts';
import { letGo, listContainments } from '../../people/containment.ts';
import type { ConversationId, VisitorId } from '../../protocol/ids.ts';
import { keyStore } from '../../vault.ts';
import { watchOf } from '../alarms.ts';
import type { Playing } from './scenario.ts';

const erasedAtOnce = 10;
const mostAlarms = 20;

/** @returns whether nothing is left */
export async function clearStage(playing: Playing): Promise<boolean> {
  const { env, store, drill } = playing;
  const { id, site, person, team } = drill;
  const conversations = new Set([
    ...(await store.things(id, 'con')),
    ...(await store.conversationsOf({ site })),
  ]);
  const some = [...conversations].slice(0, erasedAtOnce);
  if (some.length > 0) {
    await Promise.all(some.map((each) => conversationOf(env, each as ConversationId).erase(null)));
    await store.dropThings(some);
    return false;
  }
  // What of theirs comes to light later is erased by itself (D40).
  for (const visitor of await store.things(id, 'vis')) {
    await new Uploads(env.DB).forget(visitor);
    await ledgerOf(env).forget(visitor);
    await registerErased(env, visitor as VisitorId, Date.now());
  }
  for (const { id: held, target } of await listContainments(env, Date.now()))
    if (target === person || target === site) await letGo(env, held);
  await answerAlarms(playing);
  await ledgerOf(env).forget(person);
  await accountOf(env, person).forget();
  await keyStore(env.KEYS).delete('person', person);
  await store.dropStage({ id, site, person, team });
  return true;
}

/** Nobody has to look at them any more. */
async function answerAlarms({ env, drill }: Playing): Promise<void> {
  const watch = watchOf(env);
  const open = await watch.list('open', Number.MAX_SAFE_INTEGER, mostAlarms, [drill.person]);
  for (const { id } of open) await watch.answer(id, drill.begunBy, 'It was a drill, and is over.');
}
