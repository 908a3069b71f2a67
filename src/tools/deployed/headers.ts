/** What is served with each of Sotto's faces, held against what `src/headers.ts` promises, and against what is asked of anybody. */
import {
  dashboardHeaders,
  dataHeaders,
  keySetHeaders,
  loaderHeaders,
  openHeaders,
  widgetHeaders,
} from '../../headers.ts';
import { type Check, failed, judged, notRun, type Outcome } from './check.ts';
import { ask, type Target } from './target.ts';
import { assetsOf } from './transport.ts';

type Headers = Readonly<Record<string, string>>;

const standards = ['ASVS V3.4.3', 'ASVS V3.4.4', 'ASVS V3.4.5', 'ASVS V3.4.6', 'ASVS V3.4.8', 'ASVS V14.3.2'];
const why = 'They keep a browser from running, framing, keeping or giving away what it should not.';
const fix =
  'src/headers.ts sets them: look for what changes them on the way (Cloudflare: Rules, Transform Rules; a proxy in front).';
const siteMissing = 'name one of its sites with --site';

/** @param status what the address answers with */
function face(id: string, name: string, path: string, status: number, promised: Headers): Check {
  return {
    id: `headers-${id}`,
    what: `${name} come with the headers that were written for them.`,
    ...{ why, standards, fix },
    look: (target) => compare(target, path, status, promised),
  };
}

export const headers: Check[] = [
  face('dashboard', 'The dashboard’s pages', '/', 200, dashboardHeaders),
  face('loader', 'The loader’s lines', '/loader.js', 200, loaderHeaders),
  face('api', 'The API’s answers', '/api/v1/setup', 200, dataHeaders),
  face('refusals', 'Refusals', '/api/v1/nowhere', 404, dataHeaders),
  face('files', 'Files, for whoever has no link to them,', '/files/cnv_none/fil_none', 404, dataHeaders),
  face('keys', 'The public keys', '/.well-known/jwks.json', 200, keySetHeaders),
  face('ledger', 'The ledger’s public pages', '/ledger/keys', 200, openHeaders),
  {
    id: 'headers-widget',
    what: 'The widget’s page comes with its headers, and is framed by its site’s pages alone.',
    ...{ why, standards, fix: `${fix} A site’s origins are set in the dashboard.` },
    look: async (target) => {
      if (target.site === undefined) return notRun(siteMissing);
      const path = `/widget/${target.site}`;
      const { status, headers } = await ask(target, path);
      if (status !== 200) return failed(`${path} answers ${status}`);
      const framers = directives(headers['content-security-policy']).get('frame-ancestors') ?? [];
      const wide = framers.filter((origin) => !isNarrow(origin, target.isLocal));
      if (framers.length === 0) return failed('it does not say who may frame it');
      if (wide.length > 0) return failed(`it may be framed by ${wide.join(', ')}`);
      return compare(target, path, 200, widgetHeaders(framers));
    },
  },
  {
    id: 'csp',
    what: 'Pages run scripts of Sotto’s own files alone: none inline, none from elsewhere, none made from text.',
    why: 'Where a text is ever shown as markup by mistake, nothing in it runs.',
    standards: ['ASVS V3.4.3', 'ASVS V1.3.2', 'ASVS V3.2.2', 'CSP Level 3'],
    fix,
    look: async (target) => {
      const pages = ['/', ...(target.site === undefined ? [] : [`/widget/${target.site}`])];
      const flaws: string[] = [];
      for (const page of pages) {
        const policy = directives((await ask(target, page)).headers['content-security-policy']);
        flaws.push(...flawsOf(policy).map((flaw) => `${page}: ${flaw}`));
      }
      return judged(
        flaws,
        target.site === undefined ? 'the dashboard; no site was named' : 'dashboard and widget',
      );
    },
  },
  {
    id: 'third-parties',
    what: 'Pages load nothing from anybody else.',
    why: 'Whoever serves a part of a page can read all of it, and knows who looks at it.',
    standards: ['ASVS V14.2.3', 'ASVS V3.6.1', 'GDPR art. 25'],
    fix: 'Look for what adds to the pages on the way (Cloudflare: Web Analytics, Zaraz, Rocket Loader, Email Obfuscation off).',
    look: async (target) => {
      const pages = ['/', ...(target.site === undefined ? [] : [`/widget/${target.site}`])];
      const flaws: string[] = [];
      for (const page of pages) {
        const { body } = await ask(target, page);
        for (const [, address = ''] of body.matchAll(/\b(?:src|href|action)\s*=\s*["']?([^"'\s>]+)/g)) {
          const origin = URL.parse(address, target.url.href)?.origin;
          if (origin !== target.url.origin) flaws.push(`${page} loads ${address}`);
        }
        if (/<script(?![^>]*\bsrc=)[^>]*>/i.test(body)) flaws.push(`${page} has a script within it`);
      }
      return judged(flaws, 'only from itself');
    },
  },
  {
    id: 'assets',
    what: 'Scripts and styles are kept for a year, by their own names, and taken for nothing else.',
    why: 'A browser that guesses what a file is can be made to run what is none.',
    standards: ['ASVS V3.4.4', 'ASVS V14.2.2', 'ASVS V4.1.1'],
    fix: 'src/browser/public/_headers sets it: deploy it with the rest (npm run deploy).',
    look: async (target) => {
      const assets = await assetsOf(target);
      if (assets.length === 0) return notRun('the dashboard’s page names none');
      const flaws: string[] = [];
      for (const path of assets) {
        const { status, headers } = await ask(target, path);
        if (status !== 200) flaws.push(`${path} answers ${status}`);
        if (headers['x-content-type-options'] !== 'nosniff') flaws.push(`${path} comes without nosniff`);
        if (headers['cache-control']?.includes('immutable') !== true) flaws.push(`${path} may not be kept`);
      }
      return judged(flaws, `${assets.length} looked at`);
    },
  },
];

async function compare(target: Target, path: string, status: number, promised: Headers): Promise<Outcome> {
  const answer = await ask(target, path);
  const flaws = Object.entries(promised).flatMap(([name, value]) => {
    // What kind of thing it is, a refusal says otherwise than what it refuses.
    if (name === 'content-type') return [];
    const served = answer.headers[name];
    return served === value ? [] : [`${name} is ${served === undefined ? 'missing' : String(served)}`];
  });
  if (answer.status !== status) flaws.unshift(`${path} answers ${answer.status}`);
  return judged(flaws, `${Object.keys(promised).length} headers of ${path} are as promised`);
}

function directives(policy: unknown): Map<string, string[]> {
  const text = typeof policy === 'string' ? policy : '';
  return new Map(
    text.split(';').flatMap((directive) => {
      const [name, ...values] = directive.trim().split(/\s+/);
      return name === undefined || name === '' ? [] : [[name.toLowerCase(), values] as const];
    }),
  );
}

function flawsOf(policy: Map<string, string[]>): string[] {
  if (policy.size === 0) return ['there is no policy'];
  const is = (name: string, ...values: string[]) => policy.get(name)?.join(' ') === values.join(' ');
  const scripts = policy.get('script-src') ?? policy.get('default-src') ?? ['*'];
  return [
    ...(is('default-src', "'none'") ? [] : ['what is not named is allowed']),
    ...scripts
      .filter((source) => source !== "'self'" && source !== "'none'")
      .map((source) => `scripts from ${source}`),
    ...(is('base-uri', "'none'") ? [] : ['another base is allowed']),
    ...(is('require-trusted-types-for', "'script'") ? [] : ['texts may become scripts']),
    ...(policy.has('frame-ancestors') ? [] : ['anybody may frame it']),
    ...(policy.has('object-src') && !is('object-src', "'none'") ? ['plug-ins are allowed'] : []),
  ];
}

/** One https origin, or on this machine one of its own. */
function isNarrow(source: string, isLocal: boolean): boolean {
  const url = URL.parse(source);
  if (url === null || url.origin !== source || source.includes('*')) return false;
  return url.protocol === 'https:' || (isLocal && url.protocol === 'http:');
}
