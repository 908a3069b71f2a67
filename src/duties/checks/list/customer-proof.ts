import { listSites } from '../../../chat/sites.ts';
import { type Check, counted, failed, named, notRun, passed } from '../check.ts';
import { Facts } from '../facts.ts';

export const customerProof: Check = {
  id: 'customer-proof',
  group: 'sites',
  title: 'Customers can prove who they are',
  measures:
    'Whether each site vouches for its signed-in customers, or has them prove their address before they open files.',
  why: 'Without proof an agent answers whoever says that they are the customer.',
  answers: {
    asvs: ['6.8.1', '6.8.2', '8.2.2'],
    csf: ['PR.AA-02', 'PR.AA-03'],
    gdpr: ['Art. 12(6)', 'Art. 32(1)(b)'],
    hipaa: ['164.312(d)'],
    cis: ['6.1'],
  },
  fix: { how: 'Add an identity key to the site, or ask for a code before files are opened.', place: 'sites' },
  async run({ env }) {
    const sites = await listSites(env);
    if (sites.length === 0) return notRun('There are no sites yet.');
    const vouching = new Set((await new Facts(env.DB).siteKeys()).map(({ site }) => site));
    const without = sites
      .filter(({ id, settings }) => !vouching.has(id) && !settings.files.code)
      .map(({ id }) => id);
    const found = { sites: sites.length, vouching: vouching.size, without: named(without) };
    return without.length === 0
      ? passed(`${counted(sites.length, 'site')}, each of which can tell who writes.`, found)
      : failed(`${counted(without.length, 'site')} on which nobody can prove who they are.`, found);
  },
};
