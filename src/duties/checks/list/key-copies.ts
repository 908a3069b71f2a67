import { keyStore, sameBytes } from '../../../vault.ts';
import { type Check, counted, failed, named, notRun, passed } from '../check.ts';
import { Facts } from '../facts.ts';

const ofEach = 20;

export const keyCopies: Check = {
  id: 'key-copies',
  group: 'backups',
  title: 'The store of keys has what a restore needs',
  measures: `Up to ${ofEach} people and customers each, picked by chance: whether the store of keys has their key, as it lies in the database.`,
  why: 'No backup holds these keys. What the store lacks comes back from none.',
  answers: {
    asvs: ['11.1.1', '13.3.1'],
    csf: ['PR.DS-11', 'RC.RP-03'],
    gdpr: ['Art. 32(1)(c)'],
    hipaa: ['164.308(a)(7)(ii)(A)'],
    cis: ['11.2', '11.4'],
  },
  fix: {
    how: 'See whether something empties the bucket sotto-keys. Renewing the data key writes what is there anew.',
    place: 'keys',
  },
  async run({ env }) {
    const records = await new Facts(env.DB).keyRecords(ofEach);
    if (records.length === 0) return notRun('Nobody has a key yet.');
    const store = keyStore(env.KEYS);
    const kept = await Promise.all(records.map(({ kind, id }) => store.get(kind, id)));
    const missing = records.filter((_, n) => kept[n] === undefined).map(({ id }) => id);
    const others = records.filter(({ record }, n) => {
      const copy = kept[n];
      // Wrapped anew in between, they differ for a moment; what they commit to stays.
      return copy !== undefined && !sameBytes(copy.subarray(5, 37), record.subarray(5, 37));
    });
    const found = {
      looked: records.length,
      missing: named(missing),
      others: named(others.map(({ id }) => id)),
    };
    return missing.length + others.length === 0
      ? passed(`${counted(records.length, 'key')}, each in the store of keys too.`, found)
      : failed(
          `${counted(missing.length, 'key')} that the store lacks, ${others.length} that are others there.`,
          found,
        );
  },
};
