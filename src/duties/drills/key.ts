/**
 * The key that signs staff’s tokens has leaked: somebody who never signed in has a token, reads, and tries the doors that it
 * does not open. What lies under keys of the stage is sealed anew.
 */
import { conversationOf } from '../../chat/conversation.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import { isShutOut } from './account.ts';
import { ask, reads, stolenToken } from './intruder.ts';
import type { Playing, Scenario } from './scenario.ts';

/** As many refusals as raise an alarm (M2), and some. */
const tries = 25;

export const key: Scenario = { conversations: 3, play, recover };

async function play(playing: Playing): Promise<'played'> {
  const token = await stolenToken(playing);
  if (token === undefined) return 'played';
  for (const id of await playing.store.things(playing.drill.id, 'con')) await reads(playing, token, id);
  for (let n = 0; n < tries; n++) await (await ask(playing, 'GET', '/containment', { token })).body?.cancel();
  return 'played';
}

async function recover(playing: Playing): Promise<boolean> {
  const { env, store, drill } = playing;
  for (const id of await store.things(drill.id, 'con')) {
    const room = conversationOf(env, id as ConversationId);
    let before: number | null = null;
    do before = await room.renewKey(before);
    while (before !== null);
  }
  return isShutOut(playing);
}
