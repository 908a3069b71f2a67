import { type Check, notRun } from '../check.ts';

export const training: Check = {
  id: 'training',
  group: 'readiness',
  title: 'Everybody has learned what they need to know',
  measures: 'Whether everybody has passed the lessons that their role was assigned, and none has run out.',
  why: 'Impostors write to the one who was never told of them.',
  answers: {
    asvs: ['6.1.1'],
    csf: ['PR.AT-01', 'PR.AT-02'],
    gdpr: ['Art. 32(4)', 'Art. 39(1)(b)'],
    hipaa: ['164.308(a)(5)(i)'],
    cis: ['14.1', '14.9'],
  },
  fix: { how: 'Assign the lessons, and remind who is late.', place: 'people' },
  run: () => Promise.resolve(notRun('There are no lessons here yet.')),
};
