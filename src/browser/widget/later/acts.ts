/** What a customer does with a conversation as a whole. It goes over HTTP; a refusal is thrown as it is. */
import type { HistoryAnswer } from '../../../protocol/bodies.ts';
import type { Message } from '../../../protocol/frames.ts';
import { limits } from '../../../protocol/limits.ts';
import type { Chat } from '../chat.ts';

/** Ends the conversation, for both sides; that comes back over the socket. */
export async function end(chat: Chat): Promise<void> {
  await chat.visitor.post(pathTo(chat, 'close'), {});
}

export async function rate(chat: Chat, score: number, comment: string): Promise<void> {
  await chat.visitor.put(pathTo(chat, 'rating'), { score, comment: comment.trim() === '' ? null : comment });
}

/** Takes back a message of one's own, within the time that the server allows. */
export async function removeOwn(chat: Chat, { seq }: Message): Promise<void> {
  await chat.visitor.post(pathTo(chat, 'removals'), { seq, how: 'deleted' });
}

/** The whole conversation, oldest message first. */
export async function everything(chat: Chat): Promise<Message[]> {
  const whole: Message[] = [];
  for (;;) {
    const before = whole[0] === undefined ? '' : `&before=${whole[0].seq}`;
    const path = pathTo(chat, `messages?limit=${limits.pageMessages}${before}`);
    const { messages } = await chat.visitor.get<HistoryAnswer>(path);
    whole.unshift(...messages);
    if (messages.length < limits.pageMessages) return whole;
  }
}

function pathTo(chat: Chat, what: string): string {
  return `/api/v1/conversations/${encodeURIComponent(chat.client.value?.id ?? '')}/${what}`;
}
