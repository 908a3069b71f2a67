import { type Check, counted, failed, named, notRun, passed } from '../check.ts';
import { BackupShelf, BackupStore } from '../../backups.ts';

const looked = 100;
const readWhole = 5;

export const backupThere: Check = {
  id: 'backup-there',
  group: 'backups',
  title: 'The newest backup lies there as it was made',
  measures: `The newest whole backup in its bucket: whether up to ${looked} of its parts are there at their length, and up to ${readWhole} of them, by chance, hash to what was noted.`,
  why: 'A bucket can be emptied, and whoever asks for money afterwards empties it first.',
  answers: {
    asvs: ['11.3.3'],
    csf: ['PR.DS-11', 'RC.RP-03'],
    gdpr: ['Art. 32(1)(c)'],
    hipaa: ['164.308(a)(7)(ii)(A)', '164.312(c)(1)'],
    cis: ['11.3', '11.4'],
  },
  fix: { how: 'Make another one, put a lock on the bucket, and see who can write to it.', place: 'backups' },
  async run({ env }) {
    const store = new BackupStore(env.DB);
    const newest = (await store.all()).findLast(({ state, isFound }) => state === 'whole' && !isFound);
    if (newest === undefined) return notRun('There is no backup here yet that is whole.');
    const parts = (await store.parts(newest.number)).slice(0, looked);
    const there = await Promise.all(parts.map(({ name }) => env.BACKUPS.head(name)));
    const bad = parts.filter(({ bytes }, n) => there[n]?.size !== bytes);
    const shelf = new BackupShelf(env);
    const some = parts.toSorted(() => 0.5 - Math.random()).slice(0, readWhole);
    for (const part of some) if ((await shelf.digest(part.name))?.sha256 !== part.sha256) bad.push(part);
    const names = [...new Set(bad.map(({ name }) => name))];
    const found = {
      backup: String(newest.number),
      parts: parts.length,
      read: some.length,
      bad: named(names),
    };
    return names.length === 0
      ? passed(
          `${counted(parts.length, 'part')} of backup ${newest.number} are there, and ${some.length} were read.`,
          found,
        )
      : failed(
          `${counted(names.length, 'part')} of backup ${newest.number} missing, or not what was made.`,
          found,
        );
  },
};
