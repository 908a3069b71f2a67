import type { Runbook } from '../../../protocol/incidents.ts';

/** Somebody got to see what is another customer’s. */
export const misdirected: Runbook = {
  when: 'A message, a file, a copy or a transcript with one customer’s data went to another, or to a wrong address.',
  first: [
    'Take the message back, or redact it, if it has not been longer than that allows.',
    'Ask whoever got it to delete it, and to confirm that in writing. Be plain and friendly.',
    'Do not send it to the right person before the rest is clear.',
    'Write down what was in it, of whom, and who got it.',
  ],
  tasks: {
    detect: [
      'Look in the conversation and in the ledger at whether it was opened, and when.',
      'Say what it was: a name, an address, a document, something of health or money?',
      'Look whether the same has happened before, in the same way.',
    ],
    contain: [
      'Redact the message, or remove the file.',
      'If it was a copy of data or a transcript: let its link run out, or remove it.',
      'Have the confirmation that it was deleted, and keep it here.',
    ],
    eradicate: ['Find out why: a wrong name chosen, two windows, a canned reply, a wrong address?'],
    recover: ['Send it to whom it belongs.'],
    followUp: [
      'Decide whether there is a risk to the person, and whom the law wants told. One letter to one wrong person can be enough.',
      'Change what made the mistake easy.',
    ],
  },
  contain: ['files', 'exports'],
  tell: [
    'Within the day: whoever sees to privacy.',
    'The person whose data it is, if there is a risk to them.',
    'Nobody blames whoever pressed the button: next time they would say nothing.',
  ],
};
