import { listContainments } from '../../../people/containment.ts';
import { type Check, counted, day, failed, named, passed } from '../check.ts';

const longest = 7;

export const heldBack: Check = {
  id: 'held-back',
  group: 'watching',
  title: 'What is held back is looked at',
  measures: `Whether something is held back in an emergency that nobody has set an end to, and nobody has held back anew for ${longest} days.`,
  why: 'What is shut and forgotten keeps people from their work, until somebody opens all of it in a hurry.',
  answers: {
    csf: ['RS.MI-01', 'RC.RP-05'],
    gdpr: ['Art. 32(1)(b)', 'Art. 32(1)(c)'],
    hipaa: ['164.308(a)(6)(ii)'],
    cis: ['17.4'],
  },
  fix: { how: 'Undo it, or hold it back anew.', place: 'containment' },
  async run({ env, at }) {
    const held = await listContainments(env, at);
    const old = held.filter((row) => row.until === null && row.at < at - longest * day);
    const found = { held: held.length, old: old.length, kinds: named(old.map(({ kind }) => kind)) };
    return old.length === 0
      ? passed(`${counted(held.length, 'thing')} held back, none forgotten.`, found)
      : failed(`${counted(old.length, 'thing')} held back for more than ${longest} days.`, found);
  },
};
