import { type Check, counted, failed, hour, named, passed } from '../check.ts';
import { watchOf } from '../../alarms.ts';

const longest = 72;
const looked = 500;

export const alarmsAnswered: Check = {
  id: 'alarms-answered',
  group: 'watching',
  title: 'Alarms are answered',
  measures: `Whether an alarm has waited for somebody’s answer for more than ${longest} hours.`,
  why: 'An alarm that nobody looks at teaches everybody not to look.',
  answers: {
    asvs: ['16.3.3'],
    csf: ['DE.AE-02', 'DE.AE-06', 'RS.MA-02'],
    gdpr: ['Art. 33(1)', 'Art. 32(1)(d)'],
    hipaa: ['164.308(a)(1)(ii)(D)', '164.308(a)(6)(ii)'],
    cis: ['8.11', '17.2'],
  },
  fix: { how: 'Look at each, and say there why it is well or what was done.', place: 'alarms' },
  async run({ env, at }) {
    const open = await watchOf(env).list('open', Number.MAX_SAFE_INTEGER, looked);
    const old = open.filter((alarm) => alarm.at < at - longest * hour);
    const found = { open: open.length, old: old.length, alarms: named(old.map(({ id }) => id)) };
    return old.length === 0
      ? passed(`${counted(open.length, 'alarm')} open, none for long.`, found)
      : failed(`${counted(old.length, 'alarm')} open for more than ${longest} hours.`, found);
  },
};
