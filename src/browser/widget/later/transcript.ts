/** A conversation as a text file: everything that was said, and nothing that was deleted. */
import type { FileView, Message } from '../../../protocol/frames.ts';
import { setIn } from '../../../protocol/transcript.ts';
import { locale, words as shared } from '../../ui/words.ts';
import type { Chat } from '../chat.ts';
import { files } from '../files.ts';
import { nameOfStaff } from '../people.ts';
import { everything } from './acts.ts';
import { words } from './words.ts';

interface Details {
  readonly title: string;
  readonly nameOf: (message: Message) => string;
  readonly momentOf: (at: number) => string;
  /** A file's place in it. */
  readonly lineOf: (file: FileView) => string;
  readonly removed: Readonly<Record<'deleted' | 'redacted', string>>;
}

export function transcriptOf(
  messages: readonly Message[],
  { title, nameOf, momentOf, lineOf, removed }: Details,
): string {
  const said = messages.map((message) => {
    const said = message.file === undefined ? message.text : lineOf(message.file);
    const text = message.removed === undefined ? said : `[${removed[message.removed.how]}]`;
    return `${nameOf(message)} · ${momentOf(message.at)}\n${setIn(text)}\n`;
  });
  return [`${title}\n`, ...said].join('\n');
}

export async function download(chat: Chat): Promise<void> {
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
  const messages = await everything(chat);
  const part = messages.some(({ file }) => file) ? await files.fetch() : null;
  const text = transcriptOf(messages, {
    title: words.transcriptOf(document.title),
    nameOf: ({ from }) => (from.kind === 'visitor' ? shared.you : nameOfStaff(chat, from.id)),
    momentOf: (at) => moment.format(at),
    lineOf: (file) => part?.lineOf(file) ?? `[${file.about?.name ?? ''}]`,
    removed: shared,
  });
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `${words.transcriptFile}.txt`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
