import { listSites } from '../../../chat/sites.ts';
import { type Check, counted, failed, named, notRun, passed } from '../check.ts';

const longest = 1_095;

export const retentionSet: Check = {
  id: 'retention-set',
  group: 'data',
  title: 'Nothing is kept for ever',
  measures: `Whether every site says for how long conversations and customers are kept, and for no longer than ${longest} days.`,
  why: 'What is not there any more can’t be stolen, and the law asks why it still is.',
  answers: {
    asvs: ['14.2.7'],
    csf: ['ID.AM-08', 'PR.DS-01'],
    gdpr: ['Art. 5(1)(e)', 'Art. 25(2)'],
    hipaa: ['164.316(b)(2)(i)'],
    cis: ['3.4', '3.5'],
  },
  fix: { how: 'Say for how long the site keeps conversations and customers.', place: 'sites' },
  async run({ env }) {
    const sites = await listSites(env);
    if (sites.length === 0) return notRun('There are no sites yet.');
    const times = sites.map(({ id, settings: { keptDays, visitorDays } }) => ({
      id,
      times: [keptDays, visitorDays],
    }));
    const off = times.filter(({ times: all }) => all.includes(null)).map(({ id }) => id);
    const long = times
      .filter(({ times: all }) => all.some((days) => (days ?? 0) > longest))
      .map(({ id }) => id);
    const found = { sites: sites.length, off: named(off), long: named(long) };
    return off.length + long.length === 0
      ? passed(`${counted(sites.length, 'site')}, each with an end to what it keeps.`, found)
      : failed(
          `${off.length} keeping something for ever, ${long.length} for more than ${longest} days.`,
          found,
        );
  },
};
