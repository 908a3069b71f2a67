import { type Check, counted, failed, passed } from '../check.ts';
import { watchOf } from '../../alarms.ts';

const most = 20;

export const faults: Check = {
  id: 'faults',
  group: 'watching',
  title: 'Nothing fails again and again',
  measures: `How often each kind of work failed within a day: at most ${most} times.`,
  why: 'What fails all the time hides what fails because of somebody.',
  answers: {
    asvs: ['16.3.4', '16.5.2'],
    csf: ['DE.CM-09', 'PR.PS-04'],
    gdpr: ['Art. 32(1)(b)'],
    hipaa: ['164.308(a)(1)(ii)(D)'],
    cis: ['8.11'],
  },
  fix: { how: 'The log says of each what failed and how (docs/OPERATING.md).', place: null },
  async run({ env }) {
    const all = Object.entries((await watchOf(env).standing()).faults);
    const often = all.filter(([, count]) => count > most).map(([fault]) => fault);
    const total = all.reduce((sum, [, count]) => sum + count, 0);
    const found = { faults: total, kinds: all.length, often };
    return often.length === 0
      ? passed(`${counted(total, 'fault')} within a day, of ${counted(all.length, 'kind')}.`, found)
      : failed(`More than ${most} times within a day: ${often.join(', ')}.`, found);
  },
};
