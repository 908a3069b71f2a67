import { type Check, counted, failed, named, notRun, passed } from '../check.ts';
import { whyReadable } from '../readable.ts';

const ofEach = 20;
const looked = 16 * 1_024;
const listed = 1_000;

/** The buckets that hold nothing but what is sealed. What of the backups is no part says what the parts are. */
const buckets = {
  files: { binding: 'FILES', isSealed: () => true },
  keys: { binding: 'KEYS', isSealed: () => true },
  copies: { binding: 'COPIES', isSealed: () => true },
  backups: { binding: 'BACKUPS', isSealed: (name: string) => /-[0-9a-f]{8}-[0-9a-f-]{27}$/.test(name) },
} as const;

export const sealedBuckets: Check = {
  id: 'sealed-buckets',
  group: 'data',
  title: 'What the buckets hold is sealed',
  measures: `Up to ${ofEach} objects in each of the buckets of files, keys, copies and backups: whether the first 16 KiB are as even as sealed bytes are, and nothing in them can be read.`,
  why: 'Files are identity papers and bills, and a bucket is one wrong setting away from the world.',
  answers: {
    asvs: ['5.3.2', '11.3.2', '11.3.3'],
    csf: ['PR.DS-01', 'PR.DS-11'],
    gdpr: ['Art. 32(1)(a)'],
    hipaa: ['164.312(a)(2)(iv)'],
    cis: ['3.11', '11.3'],
  },
  fix: {
    how: 'Something was put there past Sotto. See who can write to the bucket, and take it out.',
    place: null,
  },
  async run({ env }) {
    const looks = await Promise.all(
      Object.entries(buckets).map(async ([name, { binding, isSealed }]) => {
        const { objects } = await env[binding].list({ limit: listed });
        const some = objects.filter(({ key }) => isSealed(key)).slice(-ofEach);
        const clear = await Promise.all(
          some.map(async ({ key, size }) => {
            const range = { offset: 0, length: Math.min(size, looked) };
            const object = size === 0 ? null : await env[binding].get(key, { range });
            // One that went meanwhile is gone.
            if (object === null) return false;
            const bytes = await object.bytes();
            // Sealed to an OpenPGP key it is a message of that form, as even as any.
            return whyReadable(bytes) !== undefined;
          }),
        );
        return {
          name,
          looked: some.length,
          clear: some.filter((_, n) => clear[n]).map(({ key }) => `${name}: ${key}`),
        };
      }),
    );
    const objects = looks.reduce((sum, each) => sum + each.looked, 0);
    if (objects === 0) return notRun('The buckets are empty.');
    const clear = looks.flatMap((each) => each.clear);
    const found = {
      objects,
      ...Object.fromEntries(looks.map((each) => [each.name, each.looked])),
      clear: named(clear),
    };
    return clear.length === 0
      ? passed(`${counted(objects, 'object')}, none of which can be read.`, found)
      : failed(`${counted(clear.length, 'object')} that can be read.`, found);
  },
};
