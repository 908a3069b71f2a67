import { listSites } from '../../../chat/sites.ts';
import { type Check, counted, failed, named, notRun, passed } from '../check.ts';

const mostOrigins = 10;

export const siteOrigins: Check = {
  id: 'site-origins',
  group: 'sites',
  title: 'Each widget is shown on its own pages alone',
  measures:
    'Whether every site names the origins of its pages, none of them with a wildcard, without TLS, or beyond ten.',
  why: 'A page that may frame the widget can lay something over it, and customers write to whom they do not see.',
  answers: {
    asvs: ['3.4.2', '3.4.6', '3.5.8'],
    csf: ['PR.PS-01', 'PR.DS-02'],
    gdpr: ['Art. 32(1)(b)'],
    hipaa: ['164.312(e)(1)'],
    cis: ['3.10', '4.1'],
  },
  fix: { how: 'Name the origins on which the widget really is, each with https.', place: 'sites' },
  async run({ env }) {
    const sites = await listSites(env);
    if (sites.length === 0) return notRun('There are no sites yet.');
    const ids = (isBad: (origins: readonly string[]) => boolean) =>
      sites.filter(({ origins }) => isBad(origins)).map(({ id }) => id);
    const none = ids((origins) => origins.length === 0);
    const wild = ids((origins) => origins.some((origin) => origin.includes('*')));
    const open = ids((origins) => origins.some((origin) => !isSafe(origin)));
    const many = ids((origins) => origins.length > mostOrigins);
    const found = {
      sites: sites.length,
      none: named(none),
      wild: named(wild),
      open: named(open),
      many: named(many),
    };
    const bad = new Set([...none, ...wild, ...open, ...many]).size;
    return bad === 0
      ? passed(`${counted(sites.length, 'site')}, each with origins of its own.`, found)
      : failed(
          `${counted(bad, 'site')} to mend: ${none.length} without origins, ${wild.length} with a wildcard, ${open.length} without TLS, ${many.length} with more than ${mostOrigins}.`,
          found,
        );
  },
};

function isSafe(origin: string): boolean {
  return origin.startsWith('https://');
}
