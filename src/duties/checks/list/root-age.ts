import { type Check, day, failed, notRun, passed } from '../check.ts';
import { rootView } from '../root.ts';

export const rootAge: Check = {
  id: 'root-age',
  group: 'keys',
  title: 'The root of all keys is renewed each year',
  measures:
    'For how long Sotto has used the newest root in KEYRING, also before it was put back from a backup: at most 365 days.',
  why: 'Whoever has copied KEYRING has everything that is wrapped under it, for as long as it is.',
  answers: {
    asvs: ['11.1.1', '13.1.4', '13.3.4'],
    csf: ['PR.DS-01'],
    gdpr: ['Art. 32(1)(a)'],
    hipaa: ['164.312(a)(2)(iv)'],
    cis: ['3.11'],
  },
  fix: { how: 'Add another root with npm run rotate -- roots (docs/OPERATING.md).', place: null },
  async run({ env, at }) {
    const { root, since, due } = await rootView(env, at);
    if (since === null)
      return notRun('It is noted within a quarter of an hour since when the root is known.');
    const days = Math.floor((at - since) / day);
    const words = `Root ${root} has been in use for ${days} days.`;
    return due === 'over' ? failed(words, { root, days }) : passed(words, { root, days });
  },
};
