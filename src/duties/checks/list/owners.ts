import { type Check, counted, failed, notRun, passed } from '../check.ts';
import { activePeople } from '../holding.ts';

const most = 4;

export const owners: Check = {
  id: 'owners',
  group: 'people',
  title: 'There are owners enough, and not too many',
  measures: `Whether there are two to ${most} active owners.`,
  why: 'One owner has no deputy when they are ill or locked out. Each further one is another way to everything.',
  answers: {
    asvs: ['8.2.1', '8.4.2'],
    csf: ['GV.RR-02', 'PR.AA-05'],
    gdpr: ['Art. 24(1)'],
    hipaa: ['164.308(a)(2)'],
    cis: ['5.4'],
  },
  fix: { how: 'Make a second person an owner, or give some of them another role.', place: 'people' },
  async run(look) {
    const count = (await activePeople(look)).filter(({ role }) => role === 'owner').length;
    if (count === 0) return notRun('There is no active owner yet.');
    const words = `${counted(count, 'active owner')}.`;
    if (count === 1) return failed(`${words} Nobody stands in for them.`, { owners: count });
    return count <= most ? passed(words, { owners: count }) : failed(words, { owners: count });
  },
};
