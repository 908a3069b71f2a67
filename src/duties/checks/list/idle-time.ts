import { organisationOf } from '../../../people/organisation.ts';
import { type Check, failed, passed } from '../check.ts';

const longest = 60;

export const idleTime: Check = {
  id: 'idle-time',
  group: 'people',
  title: 'Sessions end when nobody is there',
  measures: `Whether a session ends after at most ${longest} minutes without its person (NIST SP 800-63B, AAL2).`,
  why: 'A desk that somebody has left is Sotto for whoever passes by.',
  answers: {
    asvs: ['7.1.1', '7.3.1'],
    csf: ['PR.AA-03'],
    gdpr: ['Art. 32(1)(b)'],
    hipaa: ['164.312(a)(2)(iii)'],
    cis: ['4.3'],
  },
  fix: { how: 'Set the time after which somebody is signed out.', place: 'organisation' },
  async run({ env }) {
    const { idleMinutes } = await organisationOf(env, 'now');
    const words = `A session ends after ${idleMinutes} minutes without its person.`;
    return idleMinutes <= longest ? passed(words, { idleMinutes }) : failed(words, { idleMinutes });
  },
};
