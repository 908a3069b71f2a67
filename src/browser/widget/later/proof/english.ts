/** What is said, in English, about proving an address by a code. */
import { counting } from '../../../ui/plural.ts';

const count = counting('en');

export const english = {
  /** In the menu: what somebody proves it for. */
  yourData: 'Your data',
  prove: 'Prove your e-mail address',
  proveText:
    'We mail you a code. It shows that you can read mail to this address. ' +
    'Then you can also go on with this chat on another device.',
  open: 'Confirm that it is you',
  openText:
    'Files in this chat are shown only to whoever proves by a code that it is they. We mail it to you; it counts for 15 minutes.',
  knownText: 'We mail you a code to the address that this website knows.',
  continue: 'Continue from another device',
  continueText:
    'If you have proved your e-mail address in a chat with us on another device, we mail you a code to go on here. ' +
    'What you wrote in this browser until then is not shown here any more.',
  send: 'Send the code',
  sent: (address: string) =>
    `If a code can be sent to ${address}, it is on its way. It is good for 10 minutes.`,
  code: 'Code from the mail',
  codeUnfit: 'The code has six digits.',
  confirm: 'Confirm',
  again: 'Send another code',
  againIn: (seconds: number) => `Another code in ${seconds} s`,
  wrong: (left: number) =>
    count(left, {
      one: 'This is not the code. You have # try left.',
      other: 'This is not the code. You have # tries left.',
    }),
  tooMany: 'That was wrong too often. Have another code sent.',
  tooLate: 'This code is too old. Have another one sent.',
  gone: 'This code is not good any more. Have another one sent.',
  too_fast: 'Too many codes were asked for. Please wait a while.',
  banned: 'You can’t write here at the moment.',
  proved: 'Done. Your address is proved.',
  continued: 'Done. You can go on here.',
};
export type ProofWords = typeof english;
