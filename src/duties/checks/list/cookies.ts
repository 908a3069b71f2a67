import { configOf } from '../../../config.ts';
import { organisationOf } from '../../../people/organisation.ts';
import { newId } from '../../../protocol/ids.ts';
import { type Check, counted, failed, named, notRun, passed } from '../check.ts';

const longest = 4_096;

export const cookies: Check = {
  id: 'cookies',
  group: 'web',
  title: 'No script and no other site has the cookies',
  measures:
    'The cookies that staff and customers are really given: __Host- and Secure, HttpOnly, and SameSite as each needs it.',
  why: 'Whoever has the cookie is signed in.',
  answers: {
    asvs: ['3.3.1', '3.3.2', '3.3.3', '3.3.4', '3.3.5'],
    csf: ['PR.AA-03', 'PR.DS-02'],
    gdpr: ['Art. 32(1)(b)'],
    hipaa: ['164.312(e)(1)'],
    cis: ['16.10'],
  },
  fix: {
    how: 'They are set in src/people: see what was changed there, or what stands in front of Sotto.',
    place: null,
  },
  async run({ env, own }) {
    const { origin } = configOf(env);
    // Where an organisation has said from which networks its people come, nobody else is answered at all.
    const [network] = (await organisationOf(env, 'now')).networks;
    const from = network === undefined ? undefined : { 'cf-connecting-ip': network.replace(/\/.*$/, '') };
    const nobody = [newId('person'), newId('session'), '1', 'A'.repeat(43)].join('.');
    // Neither is anybody’s: what comes back is the cookie that takes the place of the one before.
    const answers = await Promise.all([
      own('/api/v1/session/refresh', {
        method: 'POST',
        headers: { origin, cookie: `__Host-sotto-staff=${nobody}`, ...from },
      }),
      own(`/api/v1/sites/${newId('site')}/visitor`, { method: 'DELETE', headers: { origin } }),
    ]);
    const given = answers.map(({ headers }) => headers.getSetCookie());
    if (given.some((some) => some.length === 0)) return notRun('No cookie came back where one should have.');
    const all = given.flat();
    const wrong = all.flatMap((text) => wrongIn(text).map((what) => `${text.split('=')[0] ?? ''}: ${what}`));
    const found = { cookies: all.length, wrong: named(wrong) };
    return wrong.length === 0
      ? passed(`${counted(all.length, 'cookie')}, each out of every script’s reach.`, found)
      : failed(`${counted(wrong.length, 'attribute')} missing or wrong, such as ${wrong[0] ?? ''}.`, found);
  },
};

function wrongIn(cookie: string): string[] {
  const [pair = '', ...attributes] = cookie.split(';').map((part) => part.trim());
  const has = (attribute: string) => attributes.some((each) => each.toLowerCase() === attribute);
  const isFramed = has('samesite=none');
  return [
    ...(pair.startsWith('__Host-') ? [] : ['__Host-']),
    ...['secure', 'httponly', 'path=/'].filter((attribute) => !has(attribute)),
    // The widget’s page is framed by another site: its cookie is that site’s alone.
    ...(has('samesite=strict') || (isFramed && has('partitioned')) ? [] : ['SameSite']),
    ...(attributes.some((each) => each.toLowerCase().startsWith('domain=')) ? ['Domain'] : []),
    ...(cookie.length > longest ? ['too long'] : []),
  ];
}
