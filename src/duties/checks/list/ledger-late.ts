import { type Check, counted, failed, hour, passed } from '../check.ts';
import { Facts } from '../facts.ts';

export const ledgerLate: Check = {
  id: 'ledger-late',
  group: 'ledger',
  title: 'Nothing waits to be entered in the ledger',
  measures:
    'Whether something that was done, and that the ledger could not be told of, has waited for more than 26 hours.',
  why: 'Until it is entered, it can be taken away without a trace.',
  answers: {
    asvs: ['16.3.4', '16.4.2'],
    csf: ['PR.PS-04'],
    gdpr: ['Art. 5(2)'],
    hipaa: ['164.312(b)'],
    cis: ['8.2', '8.3'],
  },
  fix: {
    how: 'See what the log says of the ledger: what waits is entered with each night.',
    place: 'ledger',
  },
  async run({ env, at }) {
    const { count, since } = await new Facts(env.DB).lateEntries();
    const found = { waiting: count };
    return count === 0 || (since ?? at) > at - 26 * hour
      ? passed(`${counted(count, 'entry', 'entries')} waiting, none for long.`, found)
      : failed(`${counted(count, 'entry', 'entries')} waiting, the oldest for more than a day.`, found);
  },
};
