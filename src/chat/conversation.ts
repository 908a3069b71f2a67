/** Conversations: the door to each one's object. */
import type { Env } from '../config.ts';
import type { ConversationId } from '../protocol/ids.ts';
import type { Conversation } from './conversation/object.ts';

export { conversationKeyPlace } from './conversation/keys.ts';
export type { Imaged, Mark } from './conversation/history.ts';
export type { ToBan, ToCopy } from './conversation/object.ts';

export function conversationOf(env: Env, id: ConversationId): DurableObjectStub<Conversation> {
  return env.Conversation.getByName(id) as unknown as DurableObjectStub<Conversation>;
}
