import { type Check, counted, failed, notRun, passed } from '../check.ts';
import { activePeople, holds } from '../holding.ts';

const least = 2;

export const alarmReceivers: Check = {
  id: 'alarm-receivers',
  group: 'watching',
  title: 'Alarms reach somebody, and somebody else',
  measures: `Whether at least ${least} active people are mailed alarms about anybody, and ${least} may answer them.`,
  why: 'Whoever an alarm is about is not told of it. With one receiver, theirs reaches nobody.',
  answers: {
    asvs: ['16.3.3'],
    csf: ['DE.AE-06', 'GV.RR-02'],
    gdpr: ['Art. 33(1)'],
    hipaa: ['164.308(a)(6)(ii)'],
    cis: ['17.1', '17.2'],
  },
  fix: { how: 'Give a second person a role that reads and answers alarms everywhere.', place: 'people' },
  async run(look) {
    const people = await activePeople(look);
    if (people.length === 0) return notRun('Nobody works here yet.');
    const receive = people.filter((person) => holds(person, 'alarms.read')).length;
    const answer = people.filter((person) => holds(person, 'alarms.answer')).length;
    const words = `${counted(receive, 'person', 'people')} told of every alarm, ${answer} who may answer it.`;
    return receive >= least && answer >= least
      ? passed(words, { receive, answer })
      : failed(words, { receive, answer });
  },
};
