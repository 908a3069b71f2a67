/** What is decided about a copy, as pure functions (docs/RULES.md, D30 to D39). */
import type { FileView } from '../../protocol/frames.ts';
import { cleanName } from '../../protocol/files.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { Entry } from '../../protocol/ledger-proof.ts';

/** Where a file lies in a copy: beside those of its conversation, by its message's number, under a name for any system. */
export function pathOf(conversation: ConversationId, seq: number, name: string): string {
  return `files/${conversation}/${seq} ${cleanName(name)}`;
}

/** Whether one more file has room beside so many, which take so many bytes together. */
export function hasRoom(file: Pick<FileView, 'bytes'>, files: number, bytes: number): boolean {
  return files < limits.copyFiles && bytes + file.bytes <= limits.copyBytes;
}

/** What customers are not told of while it goes on (M6, F46): whoever watches them unseen, and legal holds. */
export function isBackstage({ action, facts }: Entry): boolean {
  return action === 'conversation.watch' || action === 'conversation.hold' || facts?.['silent'] === true;
}
