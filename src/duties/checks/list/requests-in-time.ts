import { type Check, counted, failed, named, passed } from '../check.ts';
import { Facts } from '../facts.ts';

export const requestsInTime: Check = {
  id: 'requests-in-time',
  group: 'data',
  title: 'Customers are answered in time',
  measures:
    'Whether what customers asked about their own data is answered by its day, and what was begun is done.',
  why: 'The law gives a month (GDPR, article 12) or 45 days, and who was not answered complains to whoever watches.',
  answers: {
    asvs: ['14.2.7'],
    csf: ['GV.OC-03'],
    gdpr: ['Art. 12(3)', 'Art. 15', 'Art. 17'],
    hipaa: ['164.524(b)(2)'],
    cis: ['3.1'],
  },
  fix: { how: 'Answer it, or say within the month that it takes longer and why.', place: 'privacy' },
  async run({ env, at }) {
    const { open, over, stuck } = await new Facts(env.DB).lateRequests(at);
    const found = { open, over: named(over), stuck: named(stuck) };
    return over.length + stuck.length === 0
      ? passed(`${counted(open, 'request')} open, none of them late.`, found)
      : failed(
          `${counted(over.length, 'request')} past its day, ${stuck.length} begun and not done within two days.`,
          found,
        );
  },
};
