/** A conversation to be read, as its customer sees it. */
import type { ToCopy } from '../../chat/conversation.ts';
import type { Message } from '../../protocol/frames.ts';
import { setIn } from '../../protocol/transcript.ts';

const en = {
  title: (site: string) => `Your conversation with ${site}`,
  you: 'You',
  staff: 'Staff',
  file: (name: string) => `[File: ${name}]`,
  deleted: '[This message was taken back.]',
  redacted: '[This message was removed.]',
};
export type Words = typeof en;
const de: Words = {
  title: (site) => `Ihre Unterhaltung mit ${site}`,
  you: 'Sie',
  staff: 'Personal',
  file: (name) => `[Datei: ${name}]`,
  deleted: '[Diese Nachricht wurde zurückgenommen.]',
  redacted: '[Diese Nachricht wurde entfernt.]',
};

const ar: Words = {
  title: (site) => `محادثتك مع ${site}`,
  you: 'أنت',
  staff: 'الموظفون',
  file: (name) => `[ملف: ${name}]`,
  deleted: '[سُحبت هذه الرسالة.]',
  redacted: '[أُزيلت هذه الرسالة.]',
};

/** Staff read of it what its customer sees, and not as if they were the customer. */
const forStaff: Words = { ...en, title: (site) => `A conversation on ${site}`, you: 'Customer' };

/** Who reads it. */
export type Reader = 'customer' | 'staff';

/** In the customer's language, if it is theirs. */
export function wordsFor({ view }: ToCopy, reader: Reader): Words {
  if (reader === 'staff') return forStaff;
  const language = view.staff?.customer.language ?? '';
  if (/^ar(?:-|$)/i.test(language)) return ar;
  return /^de(?:-|$)/i.test(language) ? de : en;
}

export function headOf(words: Words, site: string): string {
  return `${words.title(site)}\n`;
}

export function lineOf(words: Words, talk: ToCopy, { at, from, text, file, removed }: Message): string {
  const staff = talk.people.find(({ id }) => id === from.id)?.name ?? words.staff;
  const said = file === undefined ? text : words.file(file.about?.name ?? '');
  const when = new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  const what = removed === undefined ? said : words[removed.how];
  return `\n${from.kind === 'visitor' ? words.you : staff} · ${when} UTC\n${setIn(what)}\n`;
}
