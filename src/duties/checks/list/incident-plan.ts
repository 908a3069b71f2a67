import { incidentsStanding } from '../../incidents.ts';
import { type Check, failed, passed } from '../check.ts';

export const incidentPlan: Check = {
  id: 'incident-plan',
  group: 'readiness',
  title: 'There is a plan for incidents, and people for it',
  measures:
    'Whether the newest version of the policy is approved, and each role in an incident is held by somebody who works here.',
  why: 'Whoever first asks at night who decides has lost an hour.',
  answers: {
    csf: ['RS.MA-01', 'ID.IM-04', 'GV.RR-02'],
    gdpr: ['Art. 33(1)', 'Art. 24(2)'],
    hipaa: ['164.308(a)(6)(i)'],
    cis: ['17.1', '17.4', '17.5'],
  },
  fix: { how: 'Fit the policy, have it approved, and name who has each role.', place: 'incidents' },
  async run({ env, at }) {
    const { policy, unfilled } = await incidentsStanding(env, at);
    const found = { policy, unfilled };
    if (policy === 'none') return failed('Nobody has saved a policy for incidents yet.', found);
    if (policy === 'waiting') return failed('The policy for incidents waits for approval.', found);
    return unfilled.length === 0
      ? passed('The policy is approved, and somebody has each role.', found)
      : failed(`Nobody who works here has the role: ${unfilled.join(', ')}.`, found);
  },
};
