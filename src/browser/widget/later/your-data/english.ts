/** What is said, in English, where customers see and ask what is kept about them. */
import type { RequestKind, RequestState } from '../../../../protocol/privacy.ts';
import { counting } from '../../../ui/plural.ts';

const count = counting('en');

export const english = {
  title: 'Your data',
  close: 'Close',
  back: 'Back',
  loading: 'Loading…',
  retry: 'Try again',
  failed: 'That did not work. Please try again.',
  /** By the code of a refusal. */
  why: {
    already_done: 'That was done already, or everything about you is just being erased.',
    banned:
      'You can’t use this chat at the moment, and so can’t ask here. Your rights to your data stay as they are: write to whom the privacy notice of this website names, and say what you want. They see to it for you.',
    not_found: 'This is gone. Have another copy made.',
    too_fast: 'That was too often in a short time. Please wait a moment.',
    unavailable: 'That can’t be done at the moment. Please try again later.',
  } as Readonly<Record<string, string>>,

  proveTitle: 'Confirm that it is you',
  proveText:
    'What is kept about you is shown to you alone. We mail you a code; with it you can see and ask everything here for 15 minutes.',
  proveBefore: 'It goes only to an address that you have confirmed in a chat with us before.',
  prove: 'Confirm by a code',

  copy: 'A copy of everything',
  copyText:
    'All that is kept about you in this chat, in one file: to be read and printed, and as data to take elsewhere. It takes a moment.',
  copyGet: 'Have my copy made',
  copyMaking: (n: number) =>
    count(n, {
      one: 'Your copy is being made: # entry so far. You can close this and come back.',
      other: 'Your copy is being made: # entries so far. You can close this and come back.',
    }),
  copyReady: (until: string) => `Your copy is ready. It stays here until ${until}.`,
  copySave: 'Download the copy',
  copySaved: 'The download has begun. Whoever has that file can read everything in it.',

  openpgp: 'Encrypted, by OpenPGP',

  ask: 'Ask us for something',
  askText: 'A person answers. Until when stands with what you have asked.',
  asks: {
    rectification: 'Correct something',
    restriction: 'Keep it, but don’t use it',
    objection: 'Object to a use',
    erasure: 'Erase everything about me',
  },
  means: {
    rectification: ['Say what is wrong, and what is right instead.'],
    restriction: [
      'What is kept about you stays, and is not used for anything else until you say so. Say why, if you like: such as that something is wrong with it.',
    ],
    objection: ['Say which use of your data you object to, and why.'],
    erasure: [
      'All your conversations with their files are destroyed, and what is known of you with them. Cloudflare’s own copies of the storage hold them for up to 30 days more.',
      'A person looks at it first. Law can forbid to erase something, such as for a dispute: then you are told.',
      'This browser lets go of you once it is done. Have a copy made before, if you want one.',
      'What stays is that it was done, without your name or a word of yours. A signed receipt says so.',
    ],
  },
  wish: 'What you want to say about it',
  wishOptional: 'What you want to say about it (optional)',
  wishNeeded: 'Please fill this in.',
  understood: 'I have read this, and want everything erased.',
  understoodNeeded: 'Please confirm this first.',
  askDo: 'Ask for it',
  eraseDo: 'Ask to be erased',
  asked: 'Done. What becomes of it stands below.',

  requests: 'What you have asked',
  noRequests: 'Nothing so far.',
  kinds: {
    access: 'A copy of your data',
    portability: 'Your data, to take elsewhere',
    rectification: 'A correction',
    restriction: 'To keep your data and not use it',
    objection: 'An objection',
    erasure: 'Erasure of everything about you',
  } satisfies Record<RequestKind, string> as Record<RequestKind, string>,
  states: {
    open: 'We are on it.',
    working: 'Everything about you is being erased.',
    refused: 'Refused.',
    done: 'Done.',
  } satisfies Record<RequestState, string> as Record<RequestState, string>,
  askedOn: (day: string) => `Asked on ${day}.`,
  due: (day: string) => `You get an answer by ${day}.`,
  late: (day: string) => `An answer was due by ${day}.`,
  extension: 'Why it takes longer',
  answer: 'The answer',
  handed: (until: string) => `A copy for you is here until ${until}.`,
  receiptSave: 'Save the receipt',
  receiptHow: 'Signed: anybody can check it, and it names nobody.',
  receiptWillBe: 'Once it is done, a signed receipt is at this address. Keep it:',
  complain: 'You can complain about it to the authority for data protection where you live.',

  consent: 'Your consent',
  noConsent: 'You were not asked for any.',
  consented: (version: string, day: string) => `To version ${version}, given ${day}.`,
  withdrawn: (day: string) => `Withdrawn ${day}.`,
  withdraw: 'Withdraw it',
  withdrawTitle: 'Withdraw your consent?',
  withdrawText:
    'Conversations that you agreed to by it are closed. What was done until now stays lawful, and what was said stays until you have it erased.',
  withdrawDo: 'Withdraw the consent',
  withdrew: 'Done. Your consent is withdrawn.',

  sold: 'Nothing is sold',
  soldText:
    'Nothing is shared for advertising either. What you say goes to the company that you write to, and to those who run this chat for it.',
};
export type YourDataWords = typeof english;
