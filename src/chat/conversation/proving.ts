/** That what a backup holds of a conversation can be read: some of its messages, opened by the keys that lie in their store. */
import type { FileView } from '../../protocol/frames.ts';
import type { ConversationId, FileId } from '../../protocol/ids.ts';
import { fromBase64url, type KeyStore, type Vault } from '../../vault.ts';
import { type KeyRow, messageOf, type RawMessage } from './history.ts';
import { ConversationKeys } from './keys.ts';
import { openedMessage } from './sealing.ts';

type Bytes = { b: string };
type Written = Omit<RawMessage, 'sealed' | 'how' | 'removed_at' | 'remover_kind' | 'remover'> & {
  sealed: Bytes;
};
type Beside = { conversation: { keys: string }; files: { id: FileId; seq: number | null }[] };

/**
 * Opens the newest so many of the messages in these lines of an image, which end with what lies beside them.
 * @returns how many it opened
 * @throws VaultError one does not open; Error a key is nowhere
 */
export async function openSome(
  vault: Vault,
  store: KeyStore,
  id: ConversationId,
  lines: readonly string[],
  most: number,
): Promise<number> {
  const last = JSON.parse(lines.at(-1) ?? '{}') as { beside: Beside };
  const rows: KeyRow[] = [];
  for (const fromSeq of JSON.parse(last.beside.conversation.keys) as number[]) {
    const record = await store.get('conversation', `${id}/${fromSeq}`);
    if (record === undefined) throw new Error('a key of this conversation is nowhere');
    rows.push({ fromSeq, record, kept: true });
  }
  const keys = new ConversationKeys(() => Promise.resolve(vault));
  keys.load(id, rows);
  let opened = 0;
  for (const line of lines.slice(0, -1).toReversed()) {
    if (opened >= most) break;
    const { message } = JSON.parse(line) as { message: Written };
    const sealed = fromBase64url(message.sealed.b) ?? new Uint8Array();
    // It was taken away.
    if (sealed.length === 0) continue;
    const none = { how: null, removed_at: null, remover_kind: null, remover: null };
    const row = messageOf({ ...message, ...none, sealed: sealed.slice().buffer });
    const file = row.n === 0 ? last.beside.files.find(({ seq }) => seq === row.seq) : undefined;
    await openedMessage(id, keys, row, file && ({ id: file.id } as FileView));
    opened++;
  }
  return opened;
}
