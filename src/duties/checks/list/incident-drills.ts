import { type Check, notRun } from '../check.ts';

export const incidentDrills: Check = {
  id: 'incident-drills',
  group: 'readiness',
  title: 'Incidents are drilled',
  measures: 'Whether an incident was played through within three months, and ended contained.',
  why: 'In the first ten minutes people do what they have done before.',
  answers: {
    asvs: ['16.3.3'],
    csf: ['ID.IM-02', 'RS.MA-01'],
    gdpr: ['Art. 32(1)(d)', 'Art. 33(1)'],
    hipaa: ['164.308(a)(6)(ii)', '164.308(a)(7)(ii)(D)'],
    cis: ['17.7', '17.8'],
  },
  fix: { how: 'Play one through.', place: null },
  run: () => Promise.resolve(notRun('There are no drills of incidents here yet.')),
};
