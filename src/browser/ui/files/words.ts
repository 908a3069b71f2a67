/** What is said of files, in English until a face speaks another language; fetched with what shows them. */
import type { Group, Secret } from '../../../protocol/files.ts';
import type { FileState } from '../../../protocol/frames.ts';

const english = {
  title: 'Attach files',
  taken: (kinds: string, size: string) => `You can send ${kinds}, up to ${size} each.`,
  choose: 'Choose files',
  dropHere: 'Drop files here to send them.',
  sensitive: 'Sensitive: only shown after a second look',
  sensitiveText: 'For passports, medical and bank papers. It counts for the files that you choose next.',
  stay: 'Please stay on this page until they have arrived.',
  close: 'Close',
  list: 'Files on their way',
  /** A control and what it is for, as it is read aloud. */
  of: (what: string, name: string) => `${what}: ${name}`,
  waiting: 'Waits for its turn.',
  sending: (percent: string) => `${percent} sent.`,
  lost: (percent: string) => `${percent} sent. Waiting, and going on by itself.`,
  finishing: 'Sent. It is being checked…',
  cancel: 'Cancel',
  dismiss: 'Discard',
  tooLarge: (size: string) => `This file is too large: up to ${size} each.`,
  wrongKind: (kinds: string) => `Files of this kind are not taken here, only ${kinds}.`,
  harmful: 'Programs and web pages are not taken here.',
  empty: 'This file is empty.',
  unreadable: 'This file can’t be read any more. Please choose it again.',
  /** By the code of a refusal; what is not here says what the server says, which is in English. */
  why: {} as Readonly<Record<string, string>>,
  secretsAsk: (what: string) => `This looks like it holds passwords or keys (${what}): send it all the same?`,
  secrets: {
    recording: 'what a browser recorded',
    settings: 'passwords of a program',
    private_key: 'a private key',
    token: 'what somebody signs in with',
    cloud_key: 'a key to a cloud service',
  } satisfies Record<Secret, string> as Record<Secret, string>,
  secretsNo: 'Do not send it',
  secretsYes: 'Send it all the same',
  kind: {
    image: 'Picture',
    pdf: 'PDF',
    text: 'Text',
    office: 'Document',
    audio: 'Sound',
    video: 'Video',
    archive: 'Archive',
  } satisfies Record<Group, string> as Record<Group, string>,
  kinds: {
    image: 'pictures',
    pdf: 'PDFs',
    text: 'texts',
    office: 'office documents',
    audio: 'sounds',
    video: 'videos',
    archive: 'zip archives',
  } satisfies Record<Group, string> as Record<Group, string>,
  /** What there is to say beside that it can be opened. */
  state: {
    waiting: 'It is being scanned for malware…',
    clean: null,
    blocked: 'Blocked: malware was found in it.',
    unscanned: 'It could not be scanned for malware, and is closed.',
    released: 'It could not be scanned for malware.',
    gone: null,
  } satisfies Record<FileState, string | null> as Record<FileState, string | null>,
  file: 'File',
  expired: (day: string) => `This file is gone since ${day}: it was kept for that long.`,
  removed: 'This file was removed.',
  kept: (day: string) => `Kept until ${day}.`,
  show: 'Show',
  play: 'Play',
  save: 'Save',
  failed: 'That did not work. Please try again.',
  sent: (name: string, file: string) => `${name} sent a file: ${file}`,
  line: (file: string) => `[File: ${file}]`,
};
export type FilesWords = typeof english;

export let words: FilesWords = english;

/** To be called before anything is shown; null is English. */
export function speak(spoken: FilesWords | null): void {
  words = spoken ?? english;
}
