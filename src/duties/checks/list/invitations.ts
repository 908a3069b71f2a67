import { type Check, counted, day, failed, named, notRun, passed } from '../check.ts';
import { Facts } from '../facts.ts';

const longest = 7;

export const invitations: Check = {
  id: 'invitations',
  group: 'people',
  title: 'No invitation lies about',
  measures: `Whether somebody was invited more than ${longest} days ago and has not come.`,
  why: 'An invitation that can be sent again is an account in waiting, often for an address that nobody reads any more.',
  answers: { asvs: ['6.4.1'], csf: ['PR.AA-01'], hipaa: ['164.308(a)(3)(ii)(C)'], cis: ['5.1', '6.2'] },
  fix: { how: 'Take the invitation back, or mail the link anew if they still come.', place: 'people' },
  async run({ env, at }) {
    const people = await new Facts(env.DB).people();
    if (people.length === 0) return notRun('Nobody works here yet.');
    const invited = people.filter(({ state }) => state === 'invited');
    const old = invited.filter(({ createdAt }) => createdAt < at - longest * day).map(({ id }) => id);
    const found = { invited: invited.length, old: named(old) };
    return old.length === 0
      ? passed(`${counted(invited.length, 'invitation')} waiting, none of them old.`, found)
      : failed(`${counted(old.length, 'invitation')} waiting for more than ${longest} days.`, found);
  },
};
