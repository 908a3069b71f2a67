import { type Check, counted, failed, named, notRun, passed } from '../check.ts';
import { activePeople } from '../holding.ts';

export const secondFactors: Check = {
  id: 'second-factors',
  group: 'people',
  title: 'Everybody has a second factor',
  measures: 'Whether each active account has a one-time code or a passkey set up.',
  why: 'An account that has none yet waits for whoever knows its password first: they set up the factor, and it is theirs.',
  answers: {
    asvs: ['6.3.3', '6.3.4'],
    csf: ['PR.AA-01', 'PR.AA-03'],
    gdpr: ['Art. 32(1)(b)'],
    hipaa: ['164.312(d)'],
    cis: ['6.3', '6.5'],
  },
  fix: { how: 'Ask them to sign in and set one up, or disable the account.', place: 'people' },
  async run(look) {
    const people = await activePeople(look);
    if (people.length === 0) return notRun('Nobody works here yet.');
    const without = people.filter(({ hasTotp, passkeys }) => !hasTotp && passkeys === 0);
    const found = {
      people: people.length,
      passkeys: people.filter(({ passkeys }) => passkeys > 0).length,
      codesAlone: people.filter(({ hasTotp, passkeys }) => hasTotp && passkeys === 0).length,
      without: named(without.map(({ id }) => id)),
    };
    return without.length === 0
      ? passed(`${counted(people.length, 'account')}, each with a second factor.`, found)
      : failed(`${counted(without.length, 'active account')} without a second factor.`, found);
  },
};
