/** What the shared pieces say, in English until a face speaks another language. Each face has its own words too. */
import type { StopReason } from '../connection.ts';
import { counting } from './plural.ts';

const count = counting('en');

const english = {
  messages: 'Messages',
  message: 'Message',
  send: 'Send',
  you: 'You',
  note: 'Note',
  earlier: 'Show earlier messages',
  loadingEarlier: 'Loading…',
  beginning: 'This is where the conversation begins.',
  sending: 'Sending…',
  waitingToSend: 'Waiting for the connection…',
  sent: 'Sent',
  read: 'Read',
  notSent: 'Not sent.',
  /** By the code of a refusal; what is not here says what the server says, which is in English. */
  why: {} as Readonly<Record<string, string>>,
  retry: 'Try again',
  discard: 'Discard',
  deleted: 'This message was deleted.',
  redacted: 'This message was removed.',
  unreadable: 'This message needs a newer page. Please reload it.',
  today: 'Today',
  yesterday: 'Yesterday',
  fresh: 'New',
  newMessages: (n: number) => count(n, { one: '# new message', other: '# new messages' }),
  said: (name: string, text: string) => `${name}: ${text}`,
  writing: (names: string, n: number) => (n === 1 ? `${names} is writing…` : `${names} are writing…`),
  bytesLeft: (n: number) => count(n, { one: 'Room for # more byte', other: 'Room for # more bytes' }),
  tooLong: (n: number) => count(n, { one: 'Too long by # byte', other: 'Too long by # bytes' }),
  connecting: 'Connecting…',
  reconnecting: 'The connection was lost. Reconnecting…',
  offline: 'You are offline. What you write is kept here until the connection is back.',
  nextTry: (seconds: number) => `Next try in ${seconds} s`,
  tryNow: 'Try now',
  stopped: {
    signed_out: 'You are signed out.',
    unproved: 'To see this conversation, prove once more that it is you.',
    not_allowed: 'You may not see this conversation any more.',
    not_found: 'There is no such conversation.',
    erased: 'This conversation was erased.',
    restricted: 'This conversation is restricted.',
    version_too_old: 'This page is too old. Please reload it.',
    bad_frame: 'Something is wrong with this page. Please reload it.',
    left: '',
  } satisfies Record<StopReason, string> as Record<StopReason, string>,
};
export type Words = typeof english;

export let words: Words = english;
/** How dates, times and numbers are written. Undefined: as the browser is set. */
export let locale: string | undefined;

/** To be called before anything is shown; null is English. */
export function speak(spoken: Words | null, language: string): void {
  words = spoken ?? english;
  locale = language;
}
