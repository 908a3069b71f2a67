import { listSites } from '../../../chat/sites.ts';
import { organisationOf } from '../../../people/organisation.ts';
import { profilesOn } from '../../../people/profiles.ts';
import { isMet, measuresOf, organisationOutside, outsideOf } from '../../../protocol/profiles.ts';
import { type Check, counted, failed, named, notRun, passed } from '../check.ts';
import { Facts } from '../facts.ts';
import { lookedLately } from '../lately.ts';

export const profilesMet: Check = {
  id: 'profiles-met',
  group: 'law',
  title: 'What the chosen laws ask for is there',
  measures:
    'Each measure of the profiles of laws that are on: whether it is built in, set as it has to be, found by the checks that it stands by, or noted as a contract or document.',
  why: 'A profile that is on and not met says to everybody what is not so.',
  answers: {
    asvs: ['14.1.2', '14.2.4'],
    csf: ['GV.OC-03'],
    gdpr: ['Art. 24(1)', 'Art. 25', 'Art. 28'],
    hipaa: ['164.308(a)(8)', '164.308(b)(1)'],
    cis: ['3.1'],
  },
  fix: { how: 'See which measure is open, and set it or note the document.', place: 'profiles' },
  async run({ env, at }) {
    const on = await profilesOn(env);
    if (on.length === 0)
      return notRun('No profile of a law is on. Whether one has to be, nobody but you can say.');
    const [organisation, sites, noted, looked] = await Promise.all([
      organisationOf(env, 'now'),
      listSites(env),
      new Facts(env.DB).contracts(),
      // Those are looked at before this one, in the same run.
      lookedLately(env, at),
    ]);
    const contracts = Object.fromEntries(noted.map((measure) => [measure, { date: '', where: '' }]));
    const open = on.flatMap((profile) => {
      const changes = [
        ...organisationOutside(organisation, [profile]),
        ...sites.flatMap(({ settings }) => outsideOf(settings, [profile])),
      ];
      const outside = [{ site: null, changes, over: 0, visitorsOver: 0 }];
      return measuresOf(profile)
        .filter(([id, measure]) => !isMet(id, measure, { outside }, { contracts, checks: looked }))
        .map(([id]) => id);
    });
    const found = { profiles: [...on], measures: on.flatMap(measuresOf).length, open: named(open) };
    return open.length === 0
      ? passed(`${counted(found.measures, 'measure')} of ${on.join(', ')}, all of them met.`, found)
      : failed(`${counted(open.length, 'measure')} open: ${named(open).join(', ')}.`, found);
  },
};
