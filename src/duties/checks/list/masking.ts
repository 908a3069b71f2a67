import { listSites } from '../../../chat/sites.ts';
import { type Check, counted, failed, named, notRun, passed } from '../check.ts';

export const masking: Check = {
  id: 'masking',
  group: 'sites',
  title: 'Card numbers and secrets are never kept',
  measures:
    'Whether every site masks card numbers and secrets before anything of a message is kept or passed on.',
  why: 'Customers paste what they should not. What was never kept can’t leak.',
  answers: {
    asvs: ['14.2.4', '14.2.6'],
    csf: ['PR.DS-01', 'PR.DS-10'],
    gdpr: ['Art. 5(1)(c)', 'Art. 25(1)'],
    hipaa: ['164.312(a)(1)'],
    cis: ['3.1'],
  },
  fix: { how: 'Turn masking on for the site.', place: 'sites' },
  async run({ env }) {
    const sites = await listSites(env);
    if (sites.length === 0) return notRun('There are no sites yet.');
    const off = sites.filter(({ settings: { masking: on } }) => !on.cards || !on.secrets).map(({ id }) => id);
    const found = { sites: sites.length, off: named(off) };
    return off.length === 0
      ? passed(`${counted(sites.length, 'site')}, each masking cards and secrets.`, found)
      : failed(`${counted(off.length, 'site')} where they are kept as they were written.`, found);
  },
};
