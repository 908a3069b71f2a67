import { checkEntry, ledgerOf } from '../../../ledger.ts';
import { readLeaf } from '../../../protocol/ledger-proof.ts';
import { type Check, failed, hour, notRun, passed } from '../check.ts';
import { Facts } from '../facts.ts';

const longest = 26;

export const ledgerWhole: Check = {
  id: 'ledger-whole',
  group: 'ledger',
  title: 'The ledger is what was signed',
  measures: `Whether within ${longest} hours a share of the ledger, which for most is all of it, was hashed anew against its tiles, and was whole; and now the entry that says so with those beside it, and the heads of thirty days.`,
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
    // Before this, the ledger may not have told the database yet.
    const head = await ledgerOf(env).headOrBreak();
    if ('brokenAt' in head)
      return failed(`Entry ${head.brokenAt} is not what was entered: nothing more is written or signed.`, {
        broken: head.brokenAt,
      });
    const last = await new Facts(env.DB).lastLedgerCheck();
    if (last === undefined) return notRun('The ledger has not been looked through yet.');
    // Whoever writes into the database could have put it there.
    const { size, broken } = await checkEntry(env, last.seq);
    const { first = 0, last: to = -1, isWhole } = readLeaf(last.leaf)?.facts ?? {};
    const found = { size, from: Number(first), to: Number(to) + 1, hours: Math.floor((at - last.at) / hour) };
    if (broken !== null) return failed(`Entry ${broken} is not what was signed.`, { ...found, broken });
    if (isWhole !== true) return failed('The last look found what was not signed.', found);
    return found.hours <= longest
      ? passed(
          `${found.hours} hours ago, entries ${found.from} to ${found.to - 1} were what was signed. Of ${size}, those beside the last look are.`,
          found,
        )
      : notRun(`Nobody has looked through the ledger for ${found.hours} hours.`, found);
  },
};
