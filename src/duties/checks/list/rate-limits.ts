import { type Check, failed, passed } from '../check.ts';

/** Each allows far less than this within its minute (wrangler.toml). */
const most = 400;

export const rateLimits: Check = {
  id: 'rate-limits',
  group: 'web',
  title: 'Whoever asks too often is refused',
  measures: `Whether both limits at the doors are there, answer, and refuse somebody who asks ${most} times in a row.`,
  why: 'Without them passwords and codes can be tried as fast as the line allows.',
  answers: {
    asvs: ['2.4.1', '6.1.1', '6.3.1'],
    csf: ['PR.AA-03', 'PR.IR-04'],
    gdpr: ['Art. 32(1)(b)'],
    hipaa: ['164.308(a)(5)(ii)(C)'],
    cis: ['13.10'],
  },
  fix: { how: 'See that wrangler.toml has both [[ratelimits]], and deploy again.', place: null },
  async run({ env, at }) {
    const limits = { signIn: env.SIGN_IN_LIMIT, visitor: env.VISITOR_LIMIT };
    const counts = await Promise.all(
      Object.entries(limits).map(
        async ([name, limit]) => [name, await askedUntilRefused(limit, `check ${at}`)] as const,
      ),
    );
    const endless = counts.filter(([, count]) => count === most).map(([name]) => name);
    const found = { ...Object.fromEntries(counts), endless };
    return endless.length === 0
      ? passed(
          counts
            .map(([name, count]) => `${name} refused after ${count}`)
            .join(', ')
            .concat('.'),
          found,
        )
      : failed(`Not refused after ${most}: ${endless.join(', ')}.`, found);
  },
};

async function askedUntilRefused(limit: RateLimit, key: string): Promise<number> {
  for (let count = 0; count < most; count++) if (!(await limit.limit({ key })).success) return count;
  return most;
}
