import type { Runbook } from '../../../protocol/incidents.ts';

/** Somebody else uses a colleague’s account. */
export const account: Runbook = {
  when: 'Somebody signed in who is not the person, a colleague gave a password or a code away, or an account does what its person did not do.',
  first: [
    'End all sessions of the account, then lock it. Do not wait for certainty.',
    'Reach the person another way than by chat or mail: by telephone or face to face.',
    'Ask them what they clicked, typed or gave away, and when. They are not to blame.',
    'Write down when you noticed it, and what made you notice.',
    'Delete nothing, on the account or on their device.',
  ],
  tasks: {
    detect: [
      'Look in the ledger at what the account did since the person last used it themselves: device, network, country.',
      'Say since when it was in wrong hands, and set the beginning of this incident to that.',
      'List what was read: the people, conversations and files.',
    ],
    contain: [
      'End all sessions of the account, and lock it.',
      'Look for other accounts that were used from the same network.',
      'If anything was exported, find out what and where to.',
    ],
    eradicate: [
      'Have the person choose another password, on a device that is known to be clean.',
      'Take away all their second factors, and have them set up a passkey.',
      'Remove what the intruder has made: invitations, roles, webhooks, canned replies.',
    ],
    recover: [
      'Unlock the account once the person has proved who they are, to somebody who knows them.',
      'Look at what the account does every day for a week.',
    ],
    followUp: [
      'Decide whom the law wants told, from the list of what was read.',
      'Find out how they got in, and what would have stopped them.',
    ],
  },
  contain: ['endPerson', 'person', 'network', 'exports', 'files'],
  tell: [
    'At once: the lead, and whoever leads the person’s team.',
    'Within the day: whoever sees to privacy, with the list of what was read.',
    'The colleague themselves, by telephone, what is happening to their account.',
  ],
};
