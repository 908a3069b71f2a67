import type { Runbook } from '../../../protocol/incidents.ts';

/** A key or a secret is known to somebody who should not know it. */
export const key: Runbook = {
  when: 'A secret stood in a repository, a log, a mail or a chat; somebody left who knew one; or a device that held one is gone.',
  first: [
    'Find out which secret it is: what it opens decides everything else.',
    'Renew it now, before you look for who has it.',
    'Make it worthless where it was seen: renewing counts, deleting the mail does not.',
    'Write down where it was seen, since when, and who could read that place.',
  ],
  tasks: {
    detect: [
      'Say which secret it is: KEYRING, a key that signs tokens, a site’s key, a webhook’s, the metrics token, or one of Cloudflare’s.',
      'Find out since when it could be read, and by whom.',
      'Look in the ledger and in Cloudflare’s audit log for what was done with it.',
    ],
    contain: [
      'Renew it. Of a key that signs tokens, have nothing believed that it has signed.',
      'If it is KEYRING: add another root, have everything wrapped anew, and take the old one out.',
      'If somebody could have copied data as well, have conversations and files sealed anew under other keys.',
    ],
    eradicate: [
      'Take the secret out of where it stood, and out of its history.',
      'Take away access from whoever had it and does not need it.',
    ],
    recover: [
      'See that everything works under the new key, on every site.',
      'Watch for refused signatures: somebody may still try the old one.',
    ],
    followUp: [
      'Decide whether data could be read with it, and whom the law wants told.',
      'Have secrets looked for before anything is published.',
    ],
  },
  contain: ['keys', 'endAll', 'readOnly'],
  tell: [
    'At once: the lead, and whoever holds the Cloudflare account.',
    'If it was a site’s key: whoever runs that site’s server, for it needs the new one.',
    'Within the day: whoever sees to privacy.',
  ],
};
