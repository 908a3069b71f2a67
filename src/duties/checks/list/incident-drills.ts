import { drillDueAfter, drillScenarioNames } from '../../../protocol/drills.ts';
import { playedSince } from '../../played.ts';
import { type Check, counted, failed, passed } from '../check.ts';

export const incidentDrills: Check = {
  id: 'incident-drills',
  group: 'readiness',
  title: 'Incidents are drilled',
  measures: 'Whether each scenario was played through within a hundred days, and ended contained.',
  why: 'In the first ten minutes people do what they have done before.',
  answers: {
    asvs: ['16.3.3'],
    csf: ['ID.IM-02', 'RS.MA-01'],
    gdpr: ['Art. 32(1)(d)', 'Art. 33(1)'],
    hipaa: ['164.308(a)(6)(ii)', '164.308(a)(7)(ii)(D)'],
    cis: ['17.7', '17.8'],
  },
  fix: { how: 'Play those that are due, and contain them.', place: 'incidents' },
  async run({ env, at }) {
    const played = await playedSince(env, at - drillDueAfter);
    const due = drillScenarioNames.filter((scenario) => !played.has(scenario));
    return due.length === 0
      ? passed('Each scenario was played within a hundred days, and ended contained.', { due })
      : failed(`${counted(due.length, 'scenario')} of ${drillScenarioNames.length} should be played.`, {
          due,
        });
  },
};
