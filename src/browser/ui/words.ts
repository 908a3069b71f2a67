/** What the shared pieces say. Each face has its own words beside this. */
import type { StopReason } from '../connection.ts';

export const words = {
  messages: 'Messages',
  message: 'Message',
  send: 'Send',
  you: 'You',
  earlier: 'Show earlier messages',
  loadingEarlier: 'Loading…',
  beginning: 'This is where the conversation begins.',
  sending: 'Sending…',
  waitingToSend: 'Waiting for the connection…',
  notSent: 'Not sent.',
  retry: 'Try again',
  discard: 'Discard',
  unreadable: 'This message needs a newer version of this page. Please reload.',
  bytesLeft: (bytes: number) => `Room for ${bytes.toLocaleString()} more bytes`,
  tooLong: (bytes: number) => `Too long by ${bytes.toLocaleString()} bytes`,
  connecting: 'Connecting…',
  reconnecting: 'The connection was lost. Reconnecting…',
  offline: 'You are offline. What you write is kept here until the connection is back.',
  nextTry: (seconds: number) => `Next try in ${seconds} s`,
  tryNow: 'Try now',
  stopped: {
    signed_out: 'You are signed out.',
    not_allowed: 'You may not see this conversation any more.',
    not_found: 'There is no such conversation, or it is not yours.',
    erased: 'This conversation was erased.',
    version_too_old: 'This page is too old. Please reload it.',
    bad_frame: 'Something went wrong here, and the connection was closed. Please reload the page.',
    left: '',
  } satisfies Record<StopReason, string>,
};
