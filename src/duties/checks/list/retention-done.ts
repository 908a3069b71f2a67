import { listSites } from '../../../chat/sites.ts';
import { type Check, counted, day, failed, named, notRun, passed } from '../check.ts';
import { Facts } from '../facts.ts';

/** A night may be missed, and a long one be at it. */
const grace = 3 * day;

export const retentionDone: Check = {
  id: 'retention-done',
  group: 'data',
  title: 'What is over is gone',
  measures:
    'Whether closed conversations, and files, are still there more than three days after their time was over, though nothing keeps them.',
  why: 'A time that is set and not kept is worse than none: everybody believes that it is.',
  answers: {
    asvs: ['14.2.7'],
    csf: ['PR.DS-01'],
    gdpr: ['Art. 5(1)(e)', 'Art. 5(2)'],
    hipaa: ['164.310(d)(2)(i)'],
    cis: ['3.4', '3.5'],
  },
  fix: {
    how: 'See what the log says of the nightly deletion.',
    place: 'sites',
  },
  async run({ env, at }) {
    const sites = await listSites(env);
    if (sites.length === 0) return notRun('There is no site that keeps anything.');
    const facts = new Facts(env.DB);
    const left = await Promise.all(
      sites.map(async ({ id, settings: { keptDays } }) =>
        keptDays === null ? 0 : facts.conversationsBefore(id, at - keptDays * day - grace),
      ),
    );
    const over = left.reduce((sum, count) => sum + count, 0);
    const files = await facts.conversationsWithFilesDue(at - grace);
    const where = named(sites.filter((_, n) => left[n] !== 0).map(({ id }) => id));
    const found = { sites: sites.length, over, files, where };
    if (over + files === 0) return passed('Nothing is there whose time is over.', found);
    const late = [
      ...(over === 0 ? [] : [counted(over, 'conversation')]),
      ...(files === 0 ? [] : [counted(files, 'conversation with files', 'conversations with files')]),
    ];
    return failed(`${late.join(' and ')} whose time was over more than three days ago.`, found);
  },
};
