import { type Check, notRun } from '../check.ts';

export const dependencies: Check = {
  id: 'dependencies',
  group: 'outside',
  title: 'No part of Sotto has a known hole',
  measures: 'Each library in what was built, with its licence, against the known holes.',
  why: 'Most of what runs was written by others.',
  answers: {
    asvs: ['15.1.1', '15.1.2', '15.2.1'],
    csf: ['ID.RA-01', 'GV.SC-07', 'PR.PS-02'],
    gdpr: ['Art. 32(1)(d)'],
    hipaa: ['164.308(a)(1)(ii)(A)'],
    cis: ['16.4', '16.5', '7.1'],
  },
  fix: { how: 'Bring the library up to date, and deploy.', place: null },
  run: () => Promise.resolve(notRun('What Sotto is built of is not known here yet.')),
};
