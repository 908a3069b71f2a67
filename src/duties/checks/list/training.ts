import { trainingOverdue } from '../../training.ts';
import { type Check, counted, failed, notRun, passed } from '../check.ts';

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
  fix: { how: 'Assign the lessons, and remind who is late.', place: 'training' },
  async run({ env, at }) {
    const found = await trainingOverdue(env, at);
    if (found.assigned === 0) return notRun('Nobody is asked to take any lesson.');
    const asked = counted(found.assigned, 'person is', 'people are');
    return found.overdue === 0
      ? passed(`${asked} asked to take lessons, and none is late.`, found)
      : failed(`${asked} asked to take lessons, and ${found.overdue} of them are late.`, found);
  },
};
