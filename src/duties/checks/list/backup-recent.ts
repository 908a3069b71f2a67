import { type Check, failed, hour, notRun, passed } from '../check.ts';
import { backupFigures, BackupStore } from '../../backups.ts';

export const backupRecent: Check = {
  id: 'backup-recent',
  group: 'backups',
  title: 'There is a backup of last night',
  measures:
    'Whether the newest backup that is whole is at most 26 hours old, and none since was found broken.',
  why: 'What was written since the last one is lost with whatever is lost.',
  answers: {
    asvs: ['11.3.3'],
    csf: ['PR.DS-11'],
    gdpr: ['Art. 32(1)(b)', 'Art. 32(1)(c)'],
    hipaa: ['164.308(a)(7)(ii)(A)'],
    cis: ['11.1', '11.2'],
  },
  fix: { how: 'Make one now, and look at what is said of the one that failed.', place: 'backups' },
  async run({ env, at }) {
    const all = await new BackupStore(env.DB).all();
    const last = all.findLast(({ state }) => state === 'whole');
    if (all.length === 0) return notRun('The first backup is made tonight, or when somebody asks for one.');
    if (last === undefined) return failed('No backup is whole.', { backups: all.length });
    const hours = Math.floor((at - last.begunAt) / hour);
    const isBroken = all.some(({ number, state }) => number > last.number && state === 'broken');
    const found = { backups: all.length, newest: String(last.number), hours, isBroken };
    if (isBroken) return failed(`A backup after number ${last.number} is not what was signed.`, found);
    return last.begunAt >= at - backupFigures.oldest
      ? passed(`Backup ${last.number} is whole, and ${hours} hours old.`, found)
      : failed(`The newest that is whole, ${last.number}, is ${hours} hours old.`, found);
  },
};
