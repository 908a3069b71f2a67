import type { Runbook } from '../../../protocol/incidents.ts';

/** For what has no runbook of its own. */
export const other: Runbook = {
  when: 'Something that puts customers’ data at risk and is none of the others.',
  first: [
    'What can still get worse? Stop that first.',
    'Write down what you see, since when, and how you noticed.',
    'Delete nothing, and switch nothing off that shows what happened.',
    'Reach the lead, by telephone if need be.',
  ],
  tasks: {
    detect: [
      'Say what happened, since when, and to whose data.',
      'Name the accounts and things that it is about.',
    ],
    contain: ['Stop it from getting worse.'],
    eradicate: ['Take away what made it possible.'],
    recover: ['Work as usual again, and watch closely.'],
    followUp: ['Decide whom the law wants told.', 'If it can happen again: write a runbook for it.'],
  },
  contain: ['endPerson', 'exports', 'files', 'readOnly'],
  tell: ['At once: the lead.', 'Within the day: whoever sees to privacy.'],
};
