import { type Check, failed, notRun, passed } from '../check.ts';
import { activePeople, holds, powerful } from '../holding.ts';

/** So many may hold any of them, however small the company is; beyond that a fifth of everybody. */
const always = 5;
const share = 0.2;

export const powerfulRights: Check = {
  id: 'powerful-rights',
  group: 'people',
  title: 'Few hold the rights that do harm',
  measures: `How many people hold each right by which data leave, people are given rights, or Sotto is changed: at most ${always}, or a fifth of everybody.`,
  why: 'What one stolen account can do is what its role can do.',
  answers: {
    asvs: ['8.1.1', '8.2.1'],
    csf: ['PR.AA-05'],
    gdpr: ['Art. 25(2)', 'Art. 32(1)(b)'],
    hipaa: ['164.308(a)(4)(ii)(C)', '164.312(a)(1)'],
    cis: ['5.4', '6.8'],
  },
  fix: { how: 'Give those who do not need it another role, or make one that holds less.', place: 'people' },
  async run(look) {
    const people = await activePeople(look);
    if (people.length === 0) return notRun('Nobody works here yet.');
    const most = Math.max(always, Math.floor(people.length * share));
    const counts = Object.fromEntries(
      powerful.map((action) => [action, people.filter((person) => holds(person, action)).length]),
    );
    const wide = powerful.filter((action) => (counts[action] ?? 0) > most);
    const found = { people: people.length, most, ...counts, wide };
    return wide.length === 0
      ? passed(`No such right is held by more than ${most} of ${people.length}.`, found)
      : failed(`Held by more than ${most} of ${people.length} people: ${wide.join(', ')}.`, found);
  },
};
