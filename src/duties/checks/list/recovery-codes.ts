import { accountOf } from '../../../people/account.ts';
import { type Check, counted, failed, named, notRun, passed } from '../check.ts';
import { activePeople } from '../holding.ts';

const least = 3;
const most = 200;

export const recoveryCodes: Check = {
  id: 'recovery-codes',
  group: 'people',
  title: 'Nobody runs out of recovery codes',
  measures: `Whether each active account that can sign in has at least ${least} recovery codes left.`,
  why: 'Whoever loses their device and has no code left is let in by colleagues, which is the way that impostors like best.',
  answers: { asvs: ['6.4.4', '6.5.6'], csf: ['PR.AA-01'], hipaa: ['164.308(a)(7)(ii)(C)'], cis: ['5.1'] },
  fix: { how: 'Ask them to make new codes under their own name, Sign-in and security.', place: 'people' },
  async run(look) {
    const people = (await activePeople(look)).filter(({ hasTotp, passkeys }) => hasTotp || passkeys > 0);
    if (people.length === 0) return notRun('Nobody has a second factor yet, and so no recovery codes.');
    if (people.length > most) return notRun(`More than ${most} accounts can’t be asked at once.`);
    const left = await Promise.all(people.map(({ id }) => accountOf(look.env, id).countRecoveryCodes()));
    const few = people.filter((_, index) => (left[index] ?? 0) < least).map(({ id }) => id);
    const found = { people: people.length, few: named(few) };
    return few.length === 0
      ? passed(`${counted(people.length, 'account')}, each with ${least} codes or more.`, found)
      : failed(`${counted(few.length, 'account')} with fewer than ${least} codes left.`, found);
  },
};
