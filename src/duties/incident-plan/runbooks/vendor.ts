import type { Runbook } from '../../../protocol/incidents.ts';

/** Somebody who works for us, or whose service we use, was broken into. */
export const vendor: Runbook = {
  when: 'Cloudflare, whoever delivers mail, scans files or receives webhooks, or anybody else with access says, or is said, to be broken into.',
  first: [
    'Find out what they have of ours: which data, which keys, which access.',
    'Take that access away, or renew what opens it.',
    'Ask them in writing: what happened, since when, is our data among it, what do they do?',
    'Write down when you heard of it and from whom: the law counts from there.',
  ],
  tasks: {
    detect: [
      'Look in the record of processing at what goes to them.',
      'Look in the ledger, and in their logs if they show them, for access that was not ours.',
      'Keep what they say in public: it changes.',
    ],
    contain: [
      'Renew every key and token that they know.',
      'Remove webhooks that go to them, until it is over.',
      'If they see messages or files: freeze files, or go on read-only.',
    ],
    eradicate: [
      'Have them confirm in writing that the way in is closed.',
      'Leave them with what they need, and no more.',
    ],
    recover: ['Give access back step by step.', 'Watch what comes from them for four weeks.'],
    followUp: [
      'Decide whom the law wants told. Whoever processes data for us has to tell us without undue delay (GDPR, article 33(2)).',
      'Look at the contract with them, and at whether to stay.',
    ],
  },
  contain: ['keys', 'files', 'readOnly', 'logging'],
  tell: [
    'At once: the lead, whoever sees to privacy, and whoever answers for the contract.',
    'Customers for whom we process data, as our contracts say.',
  ],
};
