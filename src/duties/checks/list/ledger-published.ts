import { ledgerName, verifierKeys } from '../../../ledger.ts';
import { readCheckpoint, readVerifierKey } from '../../../protocol/ledger-proof.ts';
import { type Check, failed, hour, notRun, passed } from '../check.ts';

const oldest = 26;

export const ledgerPublished: Check = {
  id: 'ledger-published',
  group: 'ledger',
  title: 'The ledger’s head is public, and kept each night',
  measures: `Whether anybody is given a head at /ledger/checkpoint that this ledger’s key has signed, and one was kept within ${oldest} hours.`,
  why: 'A ledger proves something only against a head that somebody else has had from it.',
  answers: {
    asvs: ['16.4.2', '16.4.3'],
    csf: ['PR.PS-04'],
    gdpr: ['Art. 5(2)'],
    hipaa: ['164.312(b)', '164.312(c)(1)'],
    cis: ['8.3', '8.9'],
  },
  fix: {
    how: 'See what the log says of schedule.ledger, and whether the bucket sotto-ledger can be written.',
    place: 'ledger',
  },
  async run({ env, at, own }) {
    const response = await own('/ledger/checkpoint');
    const keys = (await verifierKeys(env)).flatMap((key) => readVerifierKey(key) ?? []);
    const head = response.status === 200 ? await readCheckpoint(await response.text(), keys) : undefined;
    if (head === undefined)
      return failed(`No signed head of ${ledgerName(env)} is given to whoever asks.`, {
        status: response.status,
      });
    const kept = await lastKept(env.LEDGER);
    if (kept === undefined)
      return notRun('No head was kept yet: the first one is with the night.', { size: head.size });
    const found = { size: head.size, hours: Math.floor((at - kept) / hour) };
    return kept >= at - oldest * hour
      ? passed(
          `The head of ${head.size} entries is public, and the last was kept ${found.hours} hours ago.`,
          found,
        )
      : failed(`The last head was kept ${found.hours} hours ago.`, found);
  },
};

/** When the head with the most entries was kept. */
async function lastKept(bucket: R2Bucket): Promise<number | undefined> {
  let last: number | undefined;
  for (let cursor: string | undefined, more = true; more;) {
    const page = await bucket.list({ prefix: 'checkpoint/', ...(cursor !== undefined && { cursor }) });
    last = page.objects.at(-1)?.uploaded.getTime() ?? last;
    more = page.truncated;
    cursor = page.truncated ? page.cursor : undefined;
  }
  return last;
}
