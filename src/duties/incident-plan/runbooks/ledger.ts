import type { Runbook } from '../../../protocol/incidents.ts';

/** The ledger does not verify. */
export const brokenLedger: Runbook = {
  when: 'An alarm says that the ledger is not what was signed, or a witness says that what they kept does not fit.',
  first: [
    'Change nothing in the database: no repair, no restore, no migration.',
    'Take the whole ledger along as a file, and keep it elsewhere.',
    'Ask the witness for every checkpoint that they have.',
    'Write down which entry the alarm names.',
  ],
  tasks: {
    detect: [
      'Verify the file offline with the checkpoints that were kept: it says which entry is the first that is not what was signed.',
      'Look in Cloudflare’s audit log at who could write to the database, and who did.',
      'Compare with the last backup, which holds the ledger too.',
    ],
    contain: [
      'Take the right to write to the database from everybody who does not need it today.',
      'Renew the tokens with which Cloudflare is administered.',
    ],
    eradicate: ['Find what wrote there: a person, a script or a fault.', 'Close that way.'],
    recover: [
      'Put back the rows that are missing, from the backup or the file, so that the ledger goes on behind them.',
      'Verify the whole of it once more.',
    ],
    followUp: [
      'Say which time can not be proved any more, and to whom that matters.',
      'If somebody wanted to hide something: find out what, and declare that as an incident of its own.',
    ],
  },
  contain: ['readOnly', 'exports', 'logging'],
  tell: ['At once: the lead, owners and auditors.', 'The witness, that what they keep matters now.'],
};
