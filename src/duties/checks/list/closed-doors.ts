import { configOf } from '../../../config.ts';
import { type Check, counted, failed, named, passed } from '../check.ts';

/** Every door that reads and names no thing, below `/api/v1`. */
export const ofStaff = [
  'session',
  'me/sign-in',
  'sites',
  'replies',
  'people',
  'roles',
  'teams',
  'conversations',
  'visitors',
  'bans',
  'requests',
  'deleted',
  'organisation',
  'organisation/over',
  'profiles',
  'processing',
  'keys',
  'backups',
  'training',
  'training/overview',
  'training/roles',
  'checks',
  'checks/report',
  'alarms',
  'webhooks',
  'incidents',
  'incident-plan',
  'drills',
  'held',
  'containment',
  'live',
  'ledger',
  'ledger/witness',
];
/** It says that it is everybody, and is signed by nobody. */
const forged = `${btoa('{"alg":"none","typ":"JWT"}').replaceAll('=', '')}.${btoa('{"sub":"owner"}').replaceAll('=', '')}.`;

export const closedDoors: Check = {
  id: 'closed-doors',
  group: 'web',
  title: 'Nobody comes in without being somebody',
  measures:
    'Whether the doors of staff are closed to who brings nothing, a token that nobody signed, or comes from another page, and the pages for machines are not there without their token.',
  why: 'One door that forgot to ask is enough.',
  answers: {
    asvs: ['7.2.1', '8.3.1', '9.1.1', '9.1.2', '3.5.1', '13.4.5'],
    csf: ['PR.AA-03', 'PR.AA-05'],
    gdpr: ['Art. 32(1)(b)'],
    hipaa: ['164.312(a)(1)', '164.312(d)'],
    cis: ['6.8', '4.1'],
  },
  fix: { how: 'Treat it as a leak: take Sotto off the net until the door asks.', place: null },
  async run({ env, own }) {
    const { origin } = configOf(env);
    const wanted: [path: string, init: RequestInit, status: number][] = [
      ...ofStaff.map((path) => [`/api/v1/${path}`, {}, 401] as [string, RequestInit, number]),
      ['/api/v1/people', { headers: { authorization: `Bearer ${forged}` } }, 401],
      ['/api/v1/people', { headers: { origin: origin.replace('://', '://evil-') } }, 403],
      [
        '/api/v1/people',
        { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' },
        401,
      ],
      ['/api/v1/checks/runs', { method: 'POST' }, 401],
      ['/metrics', {}, 404],
      ['/checks', {}, 404],
      ['/.git/config', {}, 404],
      ['/wrangler.toml', {}, 404],
    ];
    const answers = await Promise.all(
      wanted.map(async ([path, init, status]) => {
        const response = await own(path, init);
        await response.body?.cancel();
        return { path, isRight: response.status === status, status: response.status };
      }),
    );
    const open = answers.filter(({ isRight }) => !isRight).map(({ path, status }) => `${path}: ${status}`);
    const found = { doors: answers.length, open: named(open) };
    return open.length === 0
      ? passed(`${counted(answers.length, 'door')} tried, all of them closed.`, found)
      : failed(
          `${counted(open.length, 'door')} that did not answer as a closed one, such as ${open[0] ?? ''}.`,
          found,
        );
  },
};
