import type { Runbook } from '../../../protocol/incidents.ts';

/** A laptop, a telephone or a key with which somebody works here is gone. */
export const device: Runbook = {
  when: 'A laptop, a telephone or a security key with which somebody signs in here is lost or stolen.',
  first: [
    'End all sessions of its person.',
    'Have the device locked or wiped from afar, if that can be done.',
    'Ask whether it was unlocked, whether its disk is encrypted, and what was open.',
    'Write down when it was last seen. If it was stolen, tell the police and keep their number for it.',
  ],
  tasks: {
    detect: [
      'Look in the ledger at what the account did since the device was last seen.',
      'Say what was on it: downloaded files, copies, exports, recovery codes.',
    ],
    contain: [
      'End all sessions of the person.',
      'Remove the passkey or authenticator app that was on the device.',
      'If recovery codes may have been on it: have new ones made.',
    ],
    eradicate: [
      'Have the device wiped, or take it for lost for good.',
      'Have the person choose another password.',
    ],
    recover: ['Set up another device, with a passkey of its own.'],
    followUp: [
      'If what was on it was not encrypted: decide whom the law wants told.',
      'See that every device that is used here has an encrypted disk and a lock.',
    ],
  },
  contain: ['endPerson', 'person'],
  tell: ['At once: the lead, and whoever sees to the company’s devices.', 'If it was stolen: the police.'],
};
