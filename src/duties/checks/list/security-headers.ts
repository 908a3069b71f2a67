import { type Check, counted, failed, named, passed } from '../check.ts';
import { type Asked, askedEverywhere } from '../web.ts';

const year = 31_536_000;

export const securityHeaders: Check = {
  id: 'security-headers',
  group: 'web',
  title: 'Every answer brings its headers',
  measures:
    'What this Worker really answers at the dashboard, the widgets, the loader, the API, and where there is nothing: HSTS of a year, nosniff, no referrer, an opener policy, who may embed it, what is kept, and no name of a product.',
  why: 'Browsers protect those alone whom the headers ask them to.',
  answers: {
    asvs: ['3.4.1', '3.4.4', '3.4.5', '3.4.8', '13.4.6', '14.3.2'],
    csf: ['PR.PS-01', 'PR.DS-02'],
    gdpr: ['Art. 32(1)(b)'],
    hipaa: ['164.312(e)(1)'],
    cis: ['4.1', '16.10'],
  },
  fix: {
    how: 'They are set in src/headers.ts: see what was changed there, or what stands in front of Sotto.',
    place: null,
  },
  async run(look) {
    const asked = await askedEverywhere(look);
    const bad = asked.flatMap((each) => wrongIn(each).map((what) => `${each.path}: ${what}`));
    const found = { answers: asked.length, wrong: named(bad) };
    return bad.length === 0
      ? passed(`${counted(asked.length, 'answer')}, each with its headers.`, found)
      : failed(`${counted(bad.length, 'header')} missing or wrong, such as ${bad[0] ?? ''}.`, found);
  },
};

function wrongIn({ kind, response: { status, headers } }: Asked): string[] {
  const lacks = (name: string, isRight: (value: string) => boolean) =>
    isRight(headers.get(name) ?? '') ? [] : [name];
  const isKept = kind === 'open';
  return [
    ...(status >= 500 ? [`status ${status}`] : []),
    ...lacks('strict-transport-security', isLongHsts),
    ...lacks('x-content-type-options', (value) => value === 'nosniff'),
    ...lacks('referrer-policy', (value) => value === 'no-referrer'),
    ...lacks('cross-origin-opener-policy', (value) => value === 'same-origin'),
    ...lacks('cross-origin-resource-policy', (value) => value !== ''),
    ...lacks('permissions-policy', (value) => value.includes('camera=()') && value.includes('microphone=()')),
    ...lacks('content-type', (value) => value !== ''),
    ...(isKept ? [] : lacks('cache-control', (value) => value.includes('no-store'))),
    ...(kind === 'page' && status === 200 ? lacks('x-frame-options', (value) => value === 'DENY') : []),
    ...['server', 'x-powered-by'].filter((name) => headers.has(name)),
  ];
}

function isLongHsts(value: string): boolean {
  return Number(/max-age=(\d+)/.exec(value)?.[1] ?? 0) >= year && /includeSubDomains/i.test(value);
}
