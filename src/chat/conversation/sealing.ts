/** Messages on their way into their rows and out of them. */
import type { FileView, Message } from '../../protocol/frames.ts';
import { maskedIn } from '../../protocol/marks.ts';
import { bind, type DataKey } from '../../vault.ts';
import type { MessageRow } from './history.ts';
import type { ConversationKeys, SealingKey } from './keys.ts';

/** Rows that are ready to be stored, and the key that has to be stored with them if it is a fresh one. */
export type Sealed = { messages: MessageRow[]; key: SealingKey | undefined };

export async function sealedMessages(
  conversation: string,
  keys: ConversationKeys,
  messages: readonly Message[],
  readBy: (author: Message['from']['id']) => number,
): Promise<Sealed> {
  const next = messages.find(({ kind }) => kind !== 'note')?.seq;
  const key = next === undefined ? undefined : await keys.sealing(next);
  const rows = messages.map(async (message): Promise<MessageRow> => {
    const { seq, n = 0, id, at, from, kind, text } = message;
    const mine = key !== undefined && seq >= key.row.fromSeq ? key.key : await keys.opening(seq);
    const sealed = await mine.sealText(messagePlace(conversation, { seq, n, id, at, from }, kind), text);
    return { seq, n, id, at, from, read: readBy(from.id), sealed, removed: null };
  });
  return { messages: await Promise.all(rows), key };
}

/** What lies sealed of a message, under another key. */
export async function resealed(
  conversation: string,
  row: MessageRow,
  kind: Message['kind'],
  { from, to }: { from: DataKey; to: DataKey },
): Promise<Uint8Array> {
  const place = messagePlace(conversation, row, kind);
  return to.seal(place, await from.open(place, row.sealed));
}

/** A message as staff see it. Of a file what is sealed is its id. */
export async function openedMessage(
  conversation: string,
  keys: ConversationKeys,
  row: MessageRow,
  file: FileView | undefined,
): Promise<Message> {
  const { seq, n, id, at, from, sealed, removed } = row;
  const kind = n > 0 ? 'note' : file === undefined ? 'text' : 'file';
  const text =
    removed === null
      ? await (await keys.opening(seq)).openText(messagePlace(conversation, row, kind), sealed)
      : '';
  if (removed === null && file !== undefined && text !== file.id)
    throw new Error('another file lies in the place of this message’s');
  const message: Message = { ...placeOnWire(row), id, at, from, kind, scheme: 1, text: '' };
  if (removed !== null) return { ...message, removed };
  return file === undefined ? { ...message, ...said(text) } : { ...message, file };
}

/** A text, and what its marks say of it. */
export function said(text: string): Pick<Message, 'text' | 'masked'> {
  const masked = maskedIn(text);
  return masked.length === 0 ? { text } : { text, masked };
}

export function placeOnWire({ seq, n }: { seq: number; n: number }): { seq: number; n?: number } {
  return n === 0 ? { seq } : { seq, n };
}

/** Binds a message to its place, so that no row can be moved, swapped or given to another author. */
function messagePlace(
  conversation: string,
  { seq, n, from, at, id }: Pick<MessageRow, 'seq' | 'n' | 'from' | 'at' | 'id'>,
  kind: Message['kind'],
): Uint8Array {
  return bind('sotto/message/1', [conversation, seq, n, from.id, kind, at, id]);
}
