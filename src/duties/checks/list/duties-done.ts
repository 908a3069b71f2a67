import { type Check, counted, failed, hour, named, notRun, passed } from '../check.ts';
import { Facts } from '../facts.ts';

export const dutiesDone: Check = {
  id: 'duties-done',
  group: 'watching',
  title: 'What is due each night is done',
  measures:
    'Whether the nightly duties began within 26 hours, and none that was begun has stood still for a day.',
  why: 'Deleting, backing up and checking are promises that a timer keeps. A timer that was taken out says nothing.',
  answers: {
    asvs: ['14.2.7', '16.3.4'],
    csf: ['DE.CM-09', 'PR.PS-01'],
    gdpr: ['Art. 5(1)(e)', 'Art. 32(1)(d)'],
    hipaa: ['164.308(a)(8)'],
    cis: ['3.4', '11.2'],
  },
  fix: {
    how: 'See whether the deployment has its cron triggers (wrangler.toml), and what the log says of schedule.',
    place: null,
  },
  async run({ env, at }) {
    const facts = new Facts(env.DB);
    const last = await facts.lastRun('retention');
    const still = await facts.stillRuns(at - 24 * hour);
    if (last === undefined) return notRun('There was no night yet.', { still: named(still) });
    const hours = Math.floor((at - last.begunAt) / hour);
    const found = { hours, still: named(still) };
    if (still.length > 0)
      return failed(`${counted(still.length, 'duty', 'duties')} that have stood still for a day.`, found);
    return hours <= 26
      ? passed(`The last night was ${hours} hours ago, and nothing stands still.`, found)
      : failed(`The last night was ${hours} hours ago.`, found);
  },
};
