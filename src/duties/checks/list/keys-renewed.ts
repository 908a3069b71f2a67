import { dueOf, keyTable } from '../../../vault.ts';
import { type Check, failed, notRun, passed } from '../check.ts';

export const keysRenewed: Check = {
  id: 'keys-renewed',
  group: 'keys',
  title: 'No key is near its end',
  measures:
    'The age of each active key, and how often those that seal have done so, against half of what NIST SP 800-38D and 800-57 allow.',
  why: 'The longer a key is used, the more one leak opens; AES-GCM itself fails after too many messages under one key.',
  answers: {
    asvs: ['11.1.1', '11.3.4', '13.3.4'],
    csf: ['PR.DS-01', 'PR.PS-01'],
    gdpr: ['Art. 32(1)(a)'],
    hipaa: ['164.312(a)(2)(iv)'],
    cis: ['3.11'],
  },
  fix: { how: 'Renew the key; nobody has to sign in again.', place: 'keys' },
  async run({ env, at }) {
    const active = (await keyTable(env.DB).all()).filter(({ state }) => state === 'active');
    if (active.length === 0) return notRun('There are no keys yet.');
    const of = (due: string) =>
      active
        .filter((key) => dueOf(key, at) === due)
        .map(({ purpose }) => purpose)
        .toSorted();
    const found = { keys: active.length, over: of('over'), soon: of('soon') };
    return found.over.length + found.soon.length === 0
      ? passed(`${active.length} active keys, none of them near its end.`, found)
      : failed(`To be renewed: ${[...found.over, ...found.soon].join(', ')}.`, found);
  },
};
