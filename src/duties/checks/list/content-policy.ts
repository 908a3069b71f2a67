import { type Check, counted, failed, named, notRun, passed } from '../check.ts';
import { type Asked, askedEverywhere, directivesOf, sitesToAsk } from '../web.ts';

export const contentPolicy: Check = {
  id: 'content-policy',
  group: 'web',
  title: 'Pages run nothing but what is Sotto’s',
  measures:
    'The Content-Security-Policy of the dashboard and of the widgets, as they are really served: nothing inline, nothing from elsewhere, trusted types, no base, and framed by those alone who may.',
  why: 'A script that slips into the dashboard reads everything that its person may.',
  answers: {
    asvs: ['3.4.3', '3.4.6', '3.2.1', '3.5.8'],
    csf: ['PR.PS-01'],
    gdpr: ['Art. 32(1)(b)'],
    hipaa: ['164.312(a)(1)'],
    cis: ['16.10'],
  },
  fix: {
    how: 'It is set in src/headers.ts: see what was changed there, or what stands in front of Sotto.',
    place: null,
  },
  async run(look) {
    const asked = await askedEverywhere(look);
    const pages = asked.filter(
      ({ kind, response }) => (kind === 'page' || kind === 'widget') && response.status === 200,
    );
    if (!pages.some(({ kind }) => kind === 'page')) return notRun('The dashboard’s page is not served here.');
    const origins = new Map((await sitesToAsk(look)).map((site) => [`/widget/${site.id}`, site.origins]));
    const bad = [
      ...asked.flatMap((each) => closedWrong(each).map((what) => `${each.path}: ${what}`)),
      ...pages.flatMap((each) =>
        pageWrong(each, origins.get(each.path)).map((what) => `${each.path}: ${what}`),
      ),
    ];
    const found = { pages: pages.length, wrong: named(bad) };
    return bad.length === 0
      ? passed(`${counted(pages.length, 'page')}, each with a policy that holds.`, found)
      : failed(`${counted(bad.length, 'directive')} missing or too wide, such as ${bad[0] ?? ''}.`, found);
  },
};

/** Whatever is served, nothing is allowed that is not named. */
function closedWrong({ response }: Asked): string[] {
  const directives = directivesOf(response.headers.get('content-security-policy'));
  return directives.get('default-src')?.join(' ') === "'none'" ? [] : ['default-src'];
}

const fixed: Readonly<Record<string, string>> = {
  'script-src': "'self'",
  'style-src': "'self'",
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'require-trusted-types-for': "'script'",
};

/** @param origins whose pages may frame it; undefined: nobody’s */
function pageWrong({ response }: Asked, origins: readonly string[] | undefined): string[] {
  const directives = directivesOf(response.headers.get('content-security-policy'));
  const wrong = Object.entries(fixed).filter(([name, value]) => directives.get(name)?.join(' ') !== value);
  const framed = directives.get('frame-ancestors')?.join(' ');
  const all = [...directives.values()].flat();
  return [
    ...wrong.map(([name]) => name),
    ...(framed === (origins?.join(' ') ?? "'none'") ? [] : ['frame-ancestors']),
    ...all.filter((source) => ["'unsafe-inline'", "'unsafe-eval'", '*', 'http:', 'https:'].includes(source)),
  ];
}
