/** A customer sends a poisoned file: the test file that every scanner takes for malware (eicar.org). */
import { conversationOf } from '../../chat/conversation.ts';
import { configOf } from '../../config.ts';
import type { UploadAnswer } from '../../protocol/file-bodies.ts';
import type { ConversationId, VisitorId } from '../../protocol/ids.ts';
import { eicar } from '../eicar.ts';
import { isShutOut } from './account.ts';
import { customerToken, reads, stolenToken, told } from './intruder.ts';
import { type Playing, type Scenario, noteGap } from './scenario.ts';

export const file: Scenario = { conversations: 1, play, recover };

async function play(playing: Playing): Promise<'played'> {
  const { env, store, drill } = playing;
  const [visitor] = await store.things(drill.id, 'vis');
  const [conversation = ''] = await store.things(drill.id, 'con');
  const token = await stolenToken(playing);
  if (token !== undefined) await reads(playing, token, conversation);
  if ((await store.things(drill.id, 'fil')).length === 0)
    await sends(playing, await customerToken(playing, visitor as VisitorId), conversation);
  if (configOf(env).scanner === null) await noteGap(playing, 'noScanner');
  return 'played';
}

async function sends(playing: Playing, token: string, conversation: string): Promise<void> {
  const raw = Uint8Array.from(new TextEncoder().encode(eicar));
  const files = `/conversations/${conversation}/files`;
  const wish = { id: crypto.randomUUID(), name: 'DRILL.txt', bytes: raw.byteLength, sensitive: false };
  const { upload } = await told<UploadAnswer>(playing, 'POST', files, { token, body: wish });
  await told(playing, 'PUT', `${files}/${upload.file}/parts/0`, { token, raw });
  await told(playing, 'POST', `${files}/${upload.file}/finish`, { token, body: {} });
  await playing.store.addThings(playing.drill.id, [upload.file]);
}

/** The file is gone from the bucket, with the conversation that it came in. */
async function recover(playing: Playing): Promise<boolean> {
  const { env, store, drill } = playing;
  for (const id of await store.things(drill.id, 'con'))
    await conversationOf(env, id as ConversationId).erase(null);
  return isShutOut(playing);
}
