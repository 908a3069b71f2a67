/** A conversation as a text file: everything that was said, and nothing that was deleted. */
import type { Message } from '../../../protocol/frames.ts';
import { locale, words as shared } from '../../ui/words.ts';
import type { Chat } from '../chat.ts';
import { nameOfStaff } from '../people.ts';
import { everything } from './acts.ts';
import { words } from './words.ts';

interface Details {
  readonly title: string;
  readonly nameOf: (message: Message) => string;
  readonly momentOf: (at: number) => string;
  readonly removed: Readonly<Record<'deleted' | 'redacted', string>>;
}

export function transcriptOf(
  messages: readonly Message[],
  { title, nameOf, momentOf, removed }: Details,
): string {
  const said = messages.map((message) => {
    const text = message.removed === undefined ? message.text : `[${removed[message.removed.how]}]`;
    return `${nameOf(message)} · ${momentOf(message.at)}\n${text}\n`;
  });
  return [`${title}\n`, ...said].join('\n');
}

export async function download(chat: Chat): Promise<void> {
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
  const text = transcriptOf(await everything(chat), {
    title: words.transcriptOf(document.title),
    nameOf: ({ from }) => (from.kind === 'visitor' ? shared.you : nameOfStaff(chat, from.id)),
    momentOf: (at) => moment.format(at),
    removed: shared,
  });
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `${words.transcriptFile}.txt`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
