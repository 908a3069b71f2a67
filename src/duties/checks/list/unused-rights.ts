import { type Check, counted, day, failed, named, notRun, passed } from '../check.ts';
import { Facts } from '../facts.ts';
import { activePeople, holds, isPowerful, powerful } from '../holding.ts';

const longest = 90;
const most = 500;

export const unusedRights: Check = {
  id: 'unused-rights',
  group: 'people',
  title: 'Nobody keeps powerful rights that they do not use',
  measures: `Whether everybody but the owners who holds powerful rights has used one of them within ${longest} days, as the ledger has it.`,
  why: 'A right that is not used is of use to a thief alone.',
  answers: {
    asvs: ['8.2.1'],
    csf: ['PR.AA-05'],
    gdpr: ['Art. 25(2)'],
    hipaa: ['164.308(a)(4)(ii)(C)', '164.308(a)(1)(ii)(D)'],
    cis: ['5.4', '6.8'],
  },
  fix: { how: 'Give them a role with less in it.', place: 'people' },
  async run(look) {
    const since = look.at - longest * day;
    // Owners are there for the day on which they are needed.
    const people = await activePeople(look);
    if (people.length === 0) return notRun('Nobody works here yet.');
    const holders = people.filter((person) => person.role !== 'owner' && isPowerful(person));
    const settled = holders.filter(({ createdAt }) => createdAt < since);
    if (settled.length === 0)
      return passed(`Nobody but owners has held such rights for ${longest} days.`, { people: 0 });
    if (settled.length > most) return notRun(`More than ${most} people can’t be looked at at once.`);
    const facts = new Facts(look.env.DB);
    const used = await Promise.all(
      settled.map((person) => {
        const own = powerful.filter((action) => holds(person, action));
        return facts.lastDone(person.id, own, since);
      }),
    );
    const unused = settled.filter((_, index) => used[index] === null).map(({ id }) => id);
    const found = { people: settled.length, unused: named(unused) };
    return unused.length === 0
      ? passed(
          `${counted(settled.length, 'person', 'people')} with powerful rights, all of whom use them.`,
          found,
        )
      : failed(
          `${counted(unused.length, 'person', 'people')} used no powerful right of theirs for ${longest} days.`,
          found,
        );
  },
};
