import type { Runbook } from '../../../protocol/incidents.ts';

/** A file that does harm came in by a conversation. */
export const file: Runbook = {
  when: 'The scanner found malware, a file did something when it was opened, or a customer warns of one that they sent.',
  first: [
    'Do not open it again, and do not pass it on, not even to have it looked at.',
    'If somebody has opened it: take that device off the network, and leave it switched on.',
    'Freeze files, if more than one conversation has it.',
    'Write down who opened it, when, and on which device.',
  ],
  tasks: {
    detect: [
      'Look in the ledger at who has opened or released the file.',
      'Look whether the same customer, network or site has sent others.',
      'Ask whoever opened it what happened then.',
    ],
    contain: [
      'Ban the sender, if they do it on purpose.',
      'End all sessions of whoever opened it, and keep their device off the network.',
      'If the scanner did not answer: freeze files until it does.',
    ],
    eradicate: [
      'Remove the file from its conversation. Keep its hash, not the file.',
      'Have the devices that opened it examined, and set up anew where anything is found.',
      'See that the scanner has the newest signatures.',
    ],
    recover: ['Let files be sent and opened again.', 'Give devices back once they are clean.'],
    followUp: [
      'If a device was taken over, treat its person’s account as stolen: declare that too.',
      'Decide whether such files have to be taken at all on this site.',
    ],
  },
  contain: ['files', 'endPerson', 'network', 'site'],
  tell: [
    'At once: the lead, and everybody who might still open it.',
    'Whoever sees to the company’s devices.',
    'The customer, if it seems that they did not know: their device may be taken over.',
  ],
};
