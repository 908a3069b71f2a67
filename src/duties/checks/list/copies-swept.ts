import { lifetimes } from '../../../protocol/limits.ts';
import { type Check, counted, day, failed, passed } from '../check.ts';

export const copiesSwept: Check = {
  id: 'copies-swept',
  group: 'data',
  title: 'Copies of people’s data do not lie about',
  measures:
    'Whether anything lies in the bucket of copies longer than the week that it is there for, and a night.',
  why: 'A copy holds everything about somebody in one file.',
  answers: {
    asvs: ['14.2.2', '14.2.7'],
    csf: ['PR.DS-01'],
    gdpr: ['Art. 5(1)(e)'],
    hipaa: ['164.310(d)(2)(i)'],
    cis: ['3.5'],
  },
  fix: {
    how: 'See what the log says of the nightly sweep of copies; what is left can be deleted from the bucket.',
    place: null,
  },
  async run({ env, at }) {
    const before = at - lifetimes.copy - 2 * day;
    let [objects, old] = [0, 0];
    for (let cursor: string | undefined, more = true; more;) {
      const page = await env.COPIES.list(cursor === undefined ? {} : { cursor });
      objects += page.objects.length;
      old += page.objects.filter(({ uploaded }) => uploaded.getTime() < before).length;
      more = page.truncated;
      cursor = page.truncated ? page.cursor : undefined;
    }
    return old === 0
      ? passed(`${counted(objects, 'object')} in the bucket of copies, none too old.`, { objects, old })
      : failed(`${counted(old, 'object')} in the bucket of copies that should be gone.`, { objects, old });
  },
};
