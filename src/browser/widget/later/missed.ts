/** What a customer can not know by themselves of a conversation that is over. */
import { effect } from '@preact/signals-core';
import type { HistoryAnswer } from '../../../protocol/bodies.ts';
import { limits } from '../../../protocol/limits.ts';
import type { SignedIn, Grant } from '../../api.ts';
import { type ConversationClient, type Outgoing, newsAbove } from '../../connection.ts';

/** Whether something was said that they have not looked at; false also if the client is left before it is known. */
export function hasNews({ you, caughtUp, messages, read, connection }: ConversationClient): Promise<boolean> {
  return new Promise((resolve) => {
    const stop = effect(() => {
      const me = you.value;
      if (connection.value.is === 'stopped') resolve(false);
      else if (!caughtUp.value || me === null) return;
      else resolve(newsAbove(read.value.get(me.id) ?? 0, messages.value, me).length > 0);
      queueMicrotask(() => stop());
    });
  });
}

/**
 * The ids of what has arrived, as far back as these posts can be: a page that was gone before the answer came has
 * not heard of it.
 * @throws {ApiError}
 */
export async function arrivedIn(
  conversation: string,
  posts: readonly Outgoing[],
  visitor: Pick<SignedIn<Grant>, 'get'>,
): Promise<Set<string>> {
  const since = Math.min(...posts.map((post) => post.since));
  const path = `/api/v1/conversations/${encodeURIComponent(conversation)}/messages?limit=${limits.pageMessages}`;
  const arrived = new Set<string>();
  for (let before = ''; ;) {
    const { messages } = await visitor.get<HistoryAnswer>(path + before);
    for (const { id } of messages) arrived.add(id);
    const first = messages[0]?.seq ?? 0;
    if (messages.length < limits.pageMessages || first <= since + 1) return arrived;
    before = `&before=${first}`;
  }
}
