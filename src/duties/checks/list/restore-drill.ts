import { type Check, day, failed, notRun, passed } from '../check.ts';
import { handStanding } from '../../tried.ts';
import { Facts } from '../facts.ts';

const oldest = 8;

export const restoreDrill: Check = {
  id: 'restore-drill',
  group: 'backups',
  title: 'A backup was put back, and came to the same',
  measures: `Whether the last weekly drill is at most ${oldest} days old, and everything that it put back was the same; of backups that are sealed to an OpenPGP key, whether one was put back by hand within 90 days.`,
  why: 'A backup that nobody ever put back is a hope.',
  answers: {
    asvs: ['11.3.3'],
    csf: ['PR.DS-11', 'RC.RP-03', 'ID.IM-02'],
    gdpr: ['Art. 32(1)(c)', 'Art. 32(1)(d)'],
    hipaa: ['164.308(a)(7)(ii)(D)'],
    cis: ['11.5'],
  },
  fix: {
    how: 'See what the drill found. One that is sealed to an OpenPGP key is put back by hand (docs/BACKUPS.md), which is noted there.',
    place: 'backups',
  },
  async run({ env, at }) {
    const last = await new Facts(env.DB).lastDrill();
    if (last === undefined) return notRun('There was no drill yet: it is on Sunday morning.');
    const days = Math.floor((at - last.begunAt) / day);
    const found = { days, state: last.state };
    if (last.state === 'sealed' && days <= oldest) {
      const { tried, isTryDue } = await handStanding(env, at);
      const sealed = 'The last drill could open nothing: the backup is sealed to an OpenPGP key.';
      if (isTryDue) return failed(`${sealed} Nobody has put one back by hand for 90 days.`, found);
      return tried === null
        ? notRun(`${sealed} Nobody has put one back by hand yet.`, found)
        : passed(`${sealed} One was put back by hand on ${tried}.`, { ...found, tried });
    }
    if (last.state !== 'done' && last.state !== 'sealed')
      return failed('The last drill did not come to the same.', found);
    return days <= oldest
      ? passed(`A backup was put back ${days} days ago, and everything in it was the same.`, found)
      : failed(`The last drill is ${days} days old.`, found);
  },
};
