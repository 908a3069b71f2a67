/** What the doors do with whoever has no business there. */
import { randomUUID } from 'node:crypto';
import { type Check, failed, judged, notRun, passed } from './check.ts';
import { ask, codeOf, post } from './target.ts';

const stranger = 'https://stranger.example';
/** More than the limit of wrangler.toml for sign-ins, so that it has to answer; and an end, should it not. */
const MOST_TRIES = 130;
const CLOCK_SECONDS = 60;

const hidden = [
  '/.git/HEAD',
  '/.env',
  '/.dev.vars',
  '/wrangler.toml',
  '/package.json',
  '/_headers',
  '/assets/',
  '/metrics',
];

export const doors: Check[] = [
  {
    id: 'set-up',
    what: 'It was set up, so that nobody else can make themselves its owner.',
    why: 'Until then whoever has the deployment’s token may.',
    standards: ['ASVS V6.3.2'],
    fix: 'Open the dashboard with SETUP_TOKEN and make the first owner.',
    look: async (target) => {
      const { status, body } = await ask(target, '/api/v1/setup');
      if (status !== 200) return failed(`it answers ${status}`);
      const { needed } = JSON.parse(body) as { needed?: unknown };
      return judged(needed === false ? [] : ['it waits for its first owner'], 'there is an owner');
    },
  },
  {
    id: 'foreign-origins',
    what: 'Pages of other origins are refused, and no answer is shown to them.',
    why: 'Else any page that somebody opens could act, or read, in their name.',
    standards: ['ASVS V3.4.2', 'ASVS V3.5.1', 'ASVS V3.5.2'],
    fix: 'ORIGIN in wrangler.toml has to be the address under which Sotto is reached; nothing in front may add CORS headers.',
    look: async (target) => {
      const flaws: string[] = [];
      const asked = {
        'a preflight': {
          method: 'OPTIONS',
          headers: {
            origin: stranger,
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'content-type',
          },
        },
        'a question': { headers: { origin: stranger } },
        'no origin in particular': { headers: { origin: 'null' } },
      };
      for (const [what, question] of Object.entries(asked)) {
        const { status, headers } = await ask(target, '/api/v1/sign-in', question);
        if (status < 400) flaws.push(`${what} is answered with ${status}`);
        if (headers['access-control-allow-origin'] !== undefined) flaws.push(`${what} is allowed to be read`);
      }
      const form = { origin: target.origin, 'content-type': 'text/plain' };
      const { status } = await ask(target, '/api/v1/invitations/redeem', {
        method: 'POST',
        headers: form,
        body: '{}',
      });
      if (status !== 415) flaws.push(`a body that a form can send is answered with ${status}`);
      return judged(flaws, 'all are refused');
    },
  },
  {
    id: 'foreign-sockets',
    what: 'A socket from a page of another origin is refused.',
    why: 'A browser asks nobody before it opens one.',
    standards: ['ASVS V4.4.2', 'RFC 6455, 10.2'],
    fix: 'ORIGIN in wrangler.toml has to be the address under which Sotto is reached.',
    look: async (target) => {
      const { status } = await ask(target, '/api/v1/teams/tem_none/socket', { headers: upgrade(stranger) });
      return judged(status === 403 ? [] : [`it is answered with ${status}`], 'refused');
    },
  },
  {
    id: 'methods',
    what: 'Only the methods that an address is made for are answered.',
    why: 'TRACE gives back what scripts must not see, and whatever is not meant is not tested.',
    standards: ['ASVS V13.4.4', 'ASVS V4.1.4', 'ASVS V3.5.3'],
    fix: 'Look for what answers in Sotto’s place.',
    look: async (target) => {
      const flaws: string[] = [];
      for (const method of ['TRACE', 'PUT', 'DELETE', 'PATCH', 'PROPFIND']) {
        for (const path of ['/', '/api/v1/setup']) {
          const { status } = await ask(target, path, { method });
          if (status < 400 || status >= 500) flaws.push(`${method} ${path} answers ${status}`);
        }
      }
      return judged(flaws, 'others are refused');
    },
  },
  {
    id: 'unknown-addresses',
    what: 'What is not there is said to be so as a problem with a code, and nothing more.',
    why: 'A page of somebody else’s in that place says what Sotto runs on.',
    standards: ['ASVS V16.5.1', 'ASVS V16.5.4', 'RFC 9457'],
    fix: 'Look for what answers in Sotto’s place (Cloudflare: Custom Error Responses).',
    look: async (target) => {
      const flaws: string[] = [];
      for (const path of [
        '/nowhere',
        '/api/v1/nowhere',
        '/widget/nowhere',
        '/files/nowhere',
        `/receipts/${randomUUID()}`,
        '/%2e%2e/%00',
      ]) {
        const answer = await ask(target, path);
        if (answer.status !== 404 || codeOf(answer) !== 'not_found')
          flaws.push(`${path} answers ${answer.status} ${codeOf(answer) ?? 'without a code'}`);
      }
      return judged(flaws, 'not_found everywhere');
    },
  },
  {
    id: 'false-hosts',
    what: 'A false name in Host or X-Forwarded-Host comes back in no answer.',
    why: 'A link or a redirect that is made of it leads to whoever sent it.',
    standards: ['ASVS V4.1.3', 'ASVS V3.7.2'],
    fix: 'Take down what builds addresses from a request’s headers.',
    look: async (target) => {
      const flaws: string[] = [];
      const { hostname } = new URL(stranger);
      for (const headers of [
        { host: hostname },
        { 'x-forwarded-host': hostname, forwarded: `host=${hostname}` },
      ]) {
        const answer = await ask(target, '/', { headers });
        if (`${JSON.stringify(answer.headers)}${answer.body}`.includes(hostname))
          flaws.push(`${Object.keys(headers).join(', ')} is repeated`);
      }
      return judged(flaws, 'it is not repeated');
    },
  },
  {
    id: 'leaks',
    what: 'No answer says what version of what runs, and nothing of how Sotto was made lies there.',
    why: 'Whoever knows the version knows the holes.',
    standards: ['ASVS V13.4.1', 'ASVS V13.4.3', 'ASVS V13.4.5', 'ASVS V13.4.6', 'ASVS V13.4.7'],
    fix: 'Deploy dist/browser alone (npm run deploy), and take out what adds headers on the way.',
    look: async (target) => {
      const flaws: string[] = [];
      for (const path of ['/', '/loader.js', '/api/v1/setup', '/nowhere']) {
        const { headers } = await ask(target, path);
        for (const name of [
          'server',
          'x-powered-by',
          'via',
          'x-runtime',
          'x-aspnet-version',
          'x-generator',
        ]) {
          const value = String(headers[name] ?? '');
          if (/\d/.test(value) || (name.startsWith('x-') && value !== ''))
            flaws.push(`${path}: ${name} is ${value}`);
        }
      }
      const { body } = await ask(target, '/');
      const maps = [...body.matchAll(/"(\/assets\/[^"]+[.](?:js|css))"/g)].map(
        ([, path]) => `${path ?? ''}.map`,
      );
      for (const path of [...hidden, '/loader.js.map', ...maps]) {
        const { status } = await ask(target, path);
        if (status !== 404) flaws.push(`${path} answers ${status}`);
      }
      return judged(flaws, 'nothing is told');
    },
  },
  {
    id: 'clock',
    what: `Its clock and this machine’s are no more than ${CLOCK_SECONDS} seconds apart.`,
    why: 'Tokens, one-time codes and the ledger go by it.',
    standards: ['ASVS V16.2.2', 'ASVS V6.5.8'],
    fix: 'Set this machine’s clock; Cloudflare’s is right.',
    notLocal: 'it is the same clock',
    look: async (target) => {
      const { headers } = await ask(target, '/healthz');
      const theirs = Date.parse(headers.date ?? '');
      if (Number.isNaN(theirs)) return notRun('its answers have no date');
      const apart = Math.round(Math.abs(Date.now() - theirs) / 1000);
      return judged(apart > CLOCK_SECONDS ? [`${apart} seconds apart`] : [], `${apart} seconds apart`);
    },
  },
];

/** Last, since for a minute after it nobody in this network can sign in. */
export const limited: Check[] = [
  {
    id: 'wrong-password',
    what: 'A wrong password is answered as such, which takes a whole password hash.',
    why: 'Where the platform does not give the hash what it needs, nobody could sign in, or a weaker one would be there.',
    standards: ['ASVS V11.4.2', 'ASVS V6.3.8', 'NIST SP 800-63B'],
    fix: 'Sotto needs the Workers Paid plan: the hash takes more CPU than the free plan allows.',
    look: async (target) => {
      const body = { address: `nobody-${randomUUID()}@sotto-check.invalid`, password: randomUUID() };
      const answer = await post(target, '/api/v1/sign-in', body);
      const took = `${Math.round(answer.ms)} ms`;
      if (answer.status === 429) return notRun('this network has tried too often just now: wait a minute');
      if (codeOf(answer) === 'place_refused') return notRun('staff may not sign in from this network');
      const isRight = answer.status === 401 && codeOf(answer) === 'wrong_credentials';
      return isRight
        ? passed(`refused after ${took}`)
        : failed(`it answers ${answer.status} ${codeOf(answer) ?? ''} after ${took}`);
    },
  },
  {
    id: 'sign-in-limit',
    what: 'Whoever tries to sign in again and again is stopped at the door.',
    why: 'Each try costs a password hash, and guessing is a matter of how many.',
    standards: ['ASVS V2.4.1', 'ASVS V6.3.1', 'ASVS V15.2.2'],
    fix: 'Each name in [[ratelimits]] of wrangler.toml needs a namespace_id of its own; deploy it again.',
    look: async (target) => {
      // What does not fit is counted before it is looked at, and costs nobody a hash.
      for (let tries = 1; tries <= MOST_TRIES; tries++) {
        const answer = await post(target, '/api/v1/sign-in', {});
        if (codeOf(answer) === 'place_refused') return notRun('staff may not sign in from this network');
        if (answer.status === 429) return passed(`stopped at try ${tries}`);
        if (answer.status !== 400) return failed(`try ${tries} answers ${answer.status}`);
      }
      return failed(`${MOST_TRIES} tries were let through`);
    },
  },
];

function upgrade(origin: string): Record<string, string> {
  return {
    origin,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': Buffer.from(randomUUID().slice(0, 16)).toString('base64'),
    'sec-websocket-protocol': 'sotto.v1',
  };
}
