import type { Runbook } from '../../../protocol/incidents.ts';

/** Somebody took far more data along than their work needs. */
export const exported: Runbook = {
  when: 'An alarm says that somebody takes data along again and again or reads far more than ever, or data of ours is seen elsewhere.',
  first: [
    'Freeze exports.',
    'Lock the account that did it, whoever it belongs to.',
    'Do not confront the person yet: it may be their account and not they.',
    'Write down what the alarm said, and when it came.',
  ],
  tasks: {
    detect: [
      'Look in the ledger at every export and copy of the last thirteen weeks by this account.',
      'List what was read and taken: the people, conversations and files.',
      'Find out whether it was the person or somebody with their account.',
    ],
    contain: [
      'Freeze exports, and end all sessions of the account.',
      'Ask that whatever was taken be given back or destroyed, in writing.',
      'If it may be a crime: have a lawyer say what to do next, before anybody is spoken to.',
    ],
    eradicate: [
      'Take away rights that the role does not need.',
      'Lower how much the role can read within an hour.',
    ],
    recover: ['Let exports go on, for whoever needs them.', 'Watch exports every day for four weeks.'],
    followUp: [
      'Decide whom the law wants told, from the list of what was taken.',
      'See whether the alarm could have come sooner.',
    ],
  },
  contain: ['exports', 'person', 'endPerson', 'files', 'readOnly'],
  tell: [
    'At once: the lead, and whoever sees to privacy.',
    'If it may be a colleague: whoever is responsible for staff, and nobody else.',
    'A lawyer, where somebody may have done it on purpose.',
  ],
};
