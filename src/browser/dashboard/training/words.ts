/** What is said of one's own lessons. */
import type { Gate } from '../../../protocol/training.ts';

const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'long' });

export const words = {
  /** The dashboard speaks English; a lesson may be there in what its reader's browser speaks. */
  language: navigator.language.startsWith('de') ? 'de' : 'en',
  title: 'Your lessons',
  intro:
    'Each takes about five minutes to read, with some questions at its end. You can try these as often as you like.',
  toInbox: 'Back to the inbox',
  back: 'All lessons',
  nothingOpen: 'There is nothing that you have to take now.',
  kinds: { open: 'To take', taken: 'Taken', free: 'To read, if you like' },
  minutes: (minutes: number) => `${minutes} min`,
  now: 'To be taken now',
  overdue: (due: number) => `Overdue since ${date.format(due)}`,
  dueBy: (due: number) => `To be taken by ${date.format(due)}`,
  againBy: (due: number) => `To be taken again by ${date.format(due)}`,
  taken: (at: number) => `Taken on ${date.format(at)}`,
  closes: {
    conversations: 'Conversations are closed to you until then',
    sensitiveFiles: 'Sensitive files are closed to you until then',
  } satisfies Record<Gate, string>,
  opens: {
    conversations: 'Stands before conversations',
    sensitiveFiles: 'Stands before sensitive files',
  } satisfies Record<Gate, string>,
  questions: 'Questions',
  howMany: (need: number, of: number) => `You have taken it once ${need} of ${of} are right.`,
  many: 'More than one can be right.',
  missing: (number: number) => `Question ${number} has no answer yet.`,
  check: 'Check my answers',
  again: 'Check again',
  result: (right: number, of: number) => `${right} of ${of} right.`,
  passed: 'You have taken this lesson.',
  failed: 'Not enough yet: read why, change your answers and check again.',
  right: 'Right.',
  wrong: 'Not right.',
};
