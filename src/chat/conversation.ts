/** Conversations: the door to each one's object. */
import type { Env } from '../config.ts';
import type { ConversationId } from '../protocol/ids.ts';
import { objectOf } from '../residency.ts';
import type { Conversation } from './conversation/object.ts';

export { conversationKeyPlace } from './conversation/keys.ts';
export type { RemovedSince, Since } from './conversation/returning.ts';
export { openSome } from './conversation/proving.ts';
export {
  type Imaged,
  isSameBeside,
  isSealedAlike,
  type Keeper,
  type Mark,
  sealingIn,
  withSealing,
} from './conversation/history.ts';
export type { ToBan, ToCopy } from './conversation/object.ts';

/** A copy of a conversation for a while, which nobody but whoever made it knows of. */
export function scratchOf(env: Env, id: ConversationId): DurableObjectStub<Conversation> {
  return objectOf(env, 'Conversation', `scratch/${id}`) as DurableObjectStub<Conversation>;
}

export function conversationOf(env: Env, id: ConversationId): DurableObjectStub<Conversation> {
  return objectOf(env, 'Conversation', id) as DurableObjectStub<Conversation>;
}
