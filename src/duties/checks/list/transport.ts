import { configOf } from '../../../config.ts';
import { type Check, failed, notRun, passed } from '../check.ts';

export const transport: Check = {
  id: 'transport',
  group: 'outside',
  title: 'Sotto is reached by TLS alone',
  measures:
    'Sotto’s own address, asked over the net: whether it answers with a certificate that is believed and with HSTS, and leads whoever comes without TLS there, or answers them nothing.',
  why: 'Whoever sits on the line reads along where there is no TLS.',
  answers: {
    asvs: ['3.4.1', '4.1.2', '12.1.1', '12.2.1', '12.2.2'],
    csf: ['PR.DS-02'],
    gdpr: ['Art. 32(1)(a)'],
    hipaa: ['164.312(e)(1)', '164.312(e)(2)(ii)'],
    cis: ['3.10'],
  },
  fix: {
    how: 'Turn on “Always Use HTTPS” for the zone. From elsewhere npm run check:deployed sees more of it.',
    place: null,
  },
  async run({ env, outside }) {
    const { origin } = configOf(env);
    if (!origin.startsWith('https://'))
      return notRun('This Sotto runs on one machine, and has no address on the net.');
    const answer = await outside(`${origin}/healthz`);
    if (answer.status !== 200)
      return notRun(`Sotto’s own address could not be asked from here (${answer.status}).`);
    const hsts = answer.headers.get('strict-transport-security') ?? '';
    const plain = await plainly(outside, origin.replace('https:', 'http:'));
    const found = { hsts, plain };
    if (!/max-age=[1-9]\d{7,}/.test(hsts)) return failed('It answers without HSTS of a year.', found);
    return plain === 'served'
      ? failed('It serves whoever comes without TLS.', found)
      : passed(
          `It answers with TLS and HSTS; without TLS it ${plain === 'led' ? 'leads there' : 'answers nothing'}.`,
          found,
        );
  },
};

async function plainly(
  outside: (address: string) => Promise<Response>,
  origin: string,
): Promise<'led' | 'silent' | 'served'> {
  try {
    const { status, headers } = await outside(`${origin}/healthz`);
    const isLed = status >= 300 && status < 400 && (headers.get('location') ?? '').startsWith('https://');
    return isLed ? 'led' : status < 400 ? 'served' : 'silent';
  } catch {
    return 'silent';
  }
}
