import { checkLedger } from '../../../ledger.ts';
import { type Check, day, failed, notRun, passed } from '../check.ts';

export const ledgerWhole: Check = {
  id: 'ledger-whole',
  group: 'ledger',
  title: 'The ledger is what was signed',
  measures:
    'The entries of a share of the ledger, which for most is all of it, hashed anew against its tiles, and the heads of thirty days against its tree.',
  why: 'Whoever hides what they did changes the record of it.',
  answers: {
    asvs: ['16.4.2', '11.3.3'],
    csf: ['PR.PS-04', 'DE.CM-09'],
    gdpr: ['Art. 5(2)', 'Art. 32(1)(b)'],
    hipaa: ['164.312(b)', '164.312(c)(1)'],
    cis: ['8.3', '8.10'],
  },
  fix: {
    how: 'Take the ledger along as a file, verify it with a head that somebody else kept, and see who has the database.',
    place: 'ledger',
  },
  async run({ env, at }) {
    const { size, from, to, broken } = await checkLedger(env, Math.floor(at / day));
    if (size === 0) return notRun('Nothing stands in the ledger yet.');
    const found = { size, from, to };
    return broken === null
      ? passed(`Entries ${from} to ${to - 1} of ${size} are what was signed.`, found)
      : failed(`Entry ${broken} is not what was signed.`, { ...found, broken });
  },
};
