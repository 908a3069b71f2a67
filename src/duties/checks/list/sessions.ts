import { accountOf } from '../../../people/account.ts';
import { lifetimes } from '../../../protocol/limits.ts';
import { type Check, counted, failed, named, notRun, passed } from '../check.ts';
import { activePeople } from '../holding.ts';

const mostOfOne = 5;
const most = 200;

export const sessions: Check = {
  id: 'sessions',
  group: 'people',
  title: 'Nobody is signed in at too many places, or for too long',
  measures: `Whether anybody has more than ${mostOfOne} sessions at once, or one that is older than twelve hours.`,
  why: 'A session that was forgotten on some device is open to whoever finds that device.',
  answers: {
    asvs: ['7.1.2', '7.3.1', '7.3.2', '7.4.5'],
    csf: ['PR.AA-03', 'PR.AA-05'],
    hipaa: ['164.312(a)(2)(iii)'],
    cis: ['4.3'],
  },
  fix: { how: 'Sign the person out everywhere; they sign in again where they are.', place: 'people' },
  async run(look) {
    const people = await activePeople(look);
    if (people.length === 0) return notRun('Nobody works here yet.');
    if (people.length > most) return notRun(`More than ${most} accounts can’t be asked at once.`);
    const all = await Promise.all(people.map(({ id }) => accountOf(look.env, id).sessions()));
    const crowded = people.filter((_, index) => (all[index]?.length ?? 0) > mostOfOne);
    const tooOld = people.filter((_, index) =>
      all[index]?.some(({ authAt }) => authAt < look.at - lifetimes.sessionAbsolute),
    );
    const found = {
      people: people.length,
      sessions: all.flat().length,
      crowded: named(crowded.map(({ id }) => id)),
      tooOld: named(tooOld.map(({ id }) => id)),
    };
    if (crowded.length + tooOld.length === 0)
      return passed(
        `${counted(found.sessions, 'session')} of ${counted(people.length, 'person', 'people')}.`,
        found,
      );
    return failed(
      `${counted(crowded.length, 'person', 'people')} with more than ${mostOfOne} sessions, ${tooOld.length} with one that should be over.`,
      found,
    );
  },
};
