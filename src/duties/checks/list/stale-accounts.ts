import { type Check, counted, day, failed, named, notRun, passed } from '../check.ts';
import { activePeople } from '../holding.ts';

const longest = 45;

export const staleAccounts: Check = {
  id: 'stale-accounts',
  group: 'people',
  title: 'No account lies idle',
  measures: `Whether everybody with an active account has done anything within ${longest} days, as the ledger has it.`,
  why: 'Nobody misses an account that nobody uses, and so nobody sees who uses it now.',
  answers: {
    asvs: ['7.4.2'],
    csf: ['PR.AA-01', 'PR.AA-05'],
    gdpr: ['Art. 32(1)(b)'],
    hipaa: ['164.308(a)(3)(ii)(C)'],
    cis: ['5.3', '6.2'],
  },
  fix: {
    how: 'Disable accounts of people who have left or are away; it takes one press to enable them again.',
    place: 'people',
  },
  async run(look) {
    const people = await activePeople(look);
    if (people.length === 0) return notRun('Nobody works here yet.');
    const since = look.at - longest * day;
    const stale = people.filter(({ createdAt, seenAt }) => Math.max(createdAt, seenAt ?? 0) < since);
    const found = { people: people.length, stale: named(stale.map(({ id }) => id)) };
    return stale.length === 0
      ? passed(`Everybody with an account was here within ${longest} days.`, found)
      : failed(`${counted(stale.length, 'account')} not used for more than ${longest} days.`, found);
  },
};
