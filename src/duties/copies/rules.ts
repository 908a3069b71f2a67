/** What is decided about a copy, as pure functions (docs/RULES.md, D30 to D39, D80). */
import type { FileView } from '../../protocol/frames.ts';
import { cleanName } from '../../protocol/files.ts';
import { type ConversationId, isId } from '../../protocol/ids.ts';
import type { LedgerAction } from '../../protocol/ledger.ts';
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

/** Of what is done to customers, or by them, what they may know of. Whatever is not named here stays with staff. */
const told: ReadonlySet<string> = new Set<LedgerAction>([
  'conversation.read',
  'conversation.claim',
  'conversation.handOver',
  'conversation.close',
  'conversation.reopen',
  'conversation.expire',
  'conversation.erase',
  'conversation.reseal',
  'message.delete',
  'message.redact',
  'file.open',
  'file.release',
  'file.block',
  'customer.change',
  'customer.copy',
  'copy.open',
  'transcript.send',
  'visitor.prove',
  'visitor.ban',
  'privacy.ask',
  'privacy.answer',
  'privacy.erase',
  'consent.withdraw',
  'backup.putBack',
  'backup.return',
]);

/** What customers are not told of: whoever watches them unseen (M6), legal holds (F46), what staff tried in vain, and what is new. */
export function isBackstage(entry: Pick<Entry, 'action' | 'actor' | 'facts' | 'outcome'>): boolean {
  const { action, facts, outcome } = entry;
  return !told.has(action) || facts?.['silent'] === true || (isByStaff(entry) && outcome === 'refused');
}

export function isByStaff({ actor }: Pick<Entry, 'actor'>): boolean {
  return actor !== null && isId('person', actor);
}
