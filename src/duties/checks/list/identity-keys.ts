import { listSites } from '../../../chat/sites.ts';
import { type Check, counted, day, failed, named, notRun, passed } from '../check.ts';
import { Facts } from '../facts.ts';

const longest = 365;

export const identityKeys: Check = {
  id: 'identity-keys',
  group: 'sites',
  title: 'Secrets that sites share with Sotto are renewed',
  measures: `Whether a secret by which a site vouches for its customers is older than ${longest} days.`,
  why: 'Whoever has that secret is any customer of the site. It lies in configurations, backups and old laptops.',
  answers: {
    asvs: ['9.1.3', '13.3.4', '11.1.1'],
    csf: ['PR.AA-01'],
    gdpr: ['Art. 32(1)(b)'],
    hipaa: ['164.312(d)'],
    cis: ['5.2'],
  },
  fix: {
    how: 'Add another key to the site, use it there, and remove the old one; best a public key.',
    place: 'sites',
  },
  async run({ env, at }) {
    const [sites, keys] = await Promise.all([listSites(env), new Facts(env.DB).siteKeys()]);
    if (sites.length === 0) return notRun('There is no site yet.');
    const old = keys.filter(({ alg, createdAt }) => alg === 'HS256' && createdAt < at - longest * day);
    const found = {
      keys: keys.length,
      shared: keys.filter(({ alg }) => alg === 'HS256').length,
      sites: named([...new Set(old.map(({ site }) => site))]),
    };
    if (keys.length === 0) return passed('No site shares a secret with Sotto, or vouches at all.', found);
    return old.length === 0
      ? passed(`${counted(keys.length, 'key')}, no shared secret older than ${longest} days.`, found)
      : failed(`${counted(old.length, 'shared secret')} older than ${longest} days.`, found);
  },
};
