import { Resolver } from 'node:dns/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { run } from './command.ts';
import type { Check, Outcome } from './deployed/check.ts';
import { type Reply, type Said, serve, serveRecords, site, type Spoil } from './deployed/decent.ts';
import { doors, limited } from './deployed/doors.ts';
import { headers } from './deployed/headers.ts';
import { kept } from './deployed/kept.ts';
import { mail } from './deployed/mail.ts';
import { exitCodeOf, runChecks } from './deployed/run.ts';
import type { Target } from './deployed/target.ts';
import { transport } from './deployed/transport.ts';
import { ROOT } from './project.ts';
import { join } from 'node:path';

vi.setConfig({ testTimeout: 60_000 });

const checks = [...transport, ...headers, ...kept, ...doors, ...mail, ...limited];
const isMail = ({ id }: Check) => id.startsWith('mail-');
const asIs: Spoil = () => undefined;
const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

type Terms = Parameters<typeof serve>[1];

async function targetOf(spoil: Spoil, terms?: Terms): Promise<Target> {
  const { url, ca, close } = await serve(spoil, terms);
  closing.push(close);
  return { url, origin: url.origin, isLocal: false, site, ca, resolver: new Resolver(), cookies: new Map() };
}

async function look(id: string, target: Target): Promise<Outcome> {
  const check = checks.find((each) => each.id === id);
  if (check === undefined) throw new Error(`there is no check ${id}`);
  const [result] = await runChecks([check], target);
  if (result === undefined) throw new Error('it was not done');
  return { is: result.is, found: result.found };
}

const at =
  (path: string, change: (reply: Reply, said: Said) => void): Spoil =>
  (reply, said) => {
    if (said.path === path) change(reply, said);
    return undefined;
  };
const everywhere =
  (change: (reply: Reply, said: Said) => void): Spoil =>
  (reply, said) => {
    change(reply, said);
    return undefined;
  };
const lacking = (name: string) => (reply: Reply) =>
  (reply.headers = Object.fromEntries(Object.entries(reply.headers).filter(([each]) => each !== name)));
const having = (name: string, value: string) => (reply: Reply) => (reply.headers[name] = value);
const allowed = (reply: Reply) => Object.assign(reply, { status: 200, headers: {}, body: '{}' });

describe('A30 a look from outside', () => {
  test('every check has an id of its own and says what, why, by which standard and how to mend it', () => {
    expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
    expect(checks.length).toBeGreaterThanOrEqual(25);
    for (const { what, why, standards, fix } of checks) {
      expect(Math.min(what.length, why.length, fix.length)).toBeGreaterThan(10);
      expect(standards.length).toBeGreaterThan(0);
    }
  });

  test('what is as it should be passes every check, but for the mails of which nothing was said', async () => {
    const results = await runChecks(checks, await targetOf(asIs));
    const left = results
      .filter(({ is }) => is !== 'passed')
      .map(({ check, is, found }) => [check.id, is, found]);
    expect(left.map(([id, is]) => [id, is])).toEqual(checks.filter(isMail).map(({ id }) => [id, 'not run']));
    expect(exitCodeOf(results)).toBe(2);
    expect(exitCodeOf(results.filter(({ check }) => !isMail(check)))).toBe(0);
  });

  test('where nobody answers, nothing is passed and nothing is green', async () => {
    const target = await targetOf(asIs);
    closing.splice(0).forEach((close) => close());
    const results = await runChecks(checks, target);
    expect(results.filter(({ is }) => is === 'passed').map(({ check }) => check.id)).toEqual([]);
    expect(exitCodeOf(results)).not.toBe(0);
  });

  test('nothing done is no pass', () => {
    expect(exitCodeOf([])).toBe(2);
  });
});

const spoiled: [id: string, flaw: string, spoil: Spoil, terms?: Terms][] = [
  ['tls-old', 'TLSv1 is spoken', asIs, { minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' }],
  ['tls-new', 'the newest that is spoken is TLSv1.2', asIs, { maxVersion: 'TLSv1.2' }],
  [
    'tls-new',
    'TLS 1.2 prefers ECDHE-ECDSA-AES128-SHA',
    asIs,
    { ciphers: 'TLS_AES_128_GCM_SHA256:ECDHE-ECDSA-AES128-SHA' },
  ],
  ['certificate', 'it ends on', asIs, { days: 5 }],
  ['certificate', 'CERT_HAS_EXPIRED', asIs, { days: -1 }],
  ['certificate', 'ERR_TLS_CERT_ALTNAME_INVALID', asIs, { name: 'elsewhere.example' }],
  [
    'https-redirect',
    '/ answers 200 by http',
    everywhere((reply, { isSecure }) => isSecure || allowed(reply)),
  ],
  [
    'https-redirect',
    '/ answers 301 by http',
    everywhere((reply, { isSecure }) => isSecure || having('location', 'https://elsewhere.example/')(reply)),
  ],
  ['hsts', '/nowhere: none', at('/nowhere', lacking('strict-transport-security'))],
  ['hsts', 'max-age=600', at('/', having('strict-transport-security', 'max-age=600; includeSubDomains'))],
  ['headers-dashboard', 'x-frame-options is missing', at('/', lacking('x-frame-options'))],
  [
    'headers-loader',
    'cross-origin-resource-policy is same-site',
    at('/loader.js', having('cross-origin-resource-policy', 'same-site')),
  ],
  ['headers-api', 'cache-control is public', at('/api/v1/setup', having('cache-control', 'public'))],
  [
    'headers-refusals',
    'x-content-type-options is missing',
    at('/api/v1/nowhere', lacking('x-content-type-options')),
  ],
  ['headers-files', 'answers 200', at('/files/cnv_none/fil_none', allowed)],
  [
    'headers-keys',
    'cache-control is no-store',
    at('/.well-known/jwks.json', having('cache-control', 'no-store')),
  ],
  [
    'headers-ledger',
    'access-control-allow-origin is missing',
    at('/ledger/keys', lacking('access-control-allow-origin')),
  ],
  [
    'headers-widget',
    'it may be framed by https://*.example',
    at(`/widget/${site}`, having('content-security-policy', 'frame-ancestors https://*.example')),
  ],
  [
    'headers-widget',
    'it does not say who may frame it',
    at(`/widget/${site}`, having('content-security-policy', "default-src 'none'")),
  ],
  [
    'csp',
    "/: scripts from 'unsafe-inline'",
    at(
      '/',
      having(
        'content-security-policy',
        "default-src 'none'; script-src 'self' 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
      ),
    ),
  ],
  ['csp', '/: there is no policy', at('/', lacking('content-security-policy'))],
  [
    'third-parties',
    'loads https://cdn.example/x.js',
    at('/', (reply) => (reply.body = '<script src="https://cdn.example/x.js"></script>')),
  ],
  ['third-parties', 'has a script within it', at('/', (reply) => (reply.body = '<script>1</script>'))],
  ['assets', 'comes without nosniff', at('/assets/a-1.js', lacking('x-content-type-options'))],
  [
    'ready',
    'answers 503: "ledger"',
    at('/readyz', (reply) =>
      Object.assign(reply, { status: 503, body: '{"ready":false,"failing":["ledger"]}' }),
    ),
  ],
  [
    'checkpoint',
    'nothing that a published key has signed',
    at('/ledger/checkpoint', (reply) => (reply.body = String(reply.body).replace('300', '301'))),
  ],
  ['checkpoint', 'it is 3600 seconds old', at('/ledger/checkpoint', having('age', '3600'))],
  ['checkpoint', 'names no key', at('/ledger/keys', (reply) => (reply.body = 'none'))],
  [
    'ledger-tree',
    'they come to',
    at('/ledger/tile/0/001.p/44', (reply) => (reply.body = Buffer.from(reply.body).fill(7, 0, 32))),
  ],
  [
    'ledger-tree',
    'tile 1 of level 0 answers 404',
    at('/ledger/tile/0/001.p/44', (reply) => Object.assign(reply, { status: 404 })),
  ],
  [
    'cookies',
    'is not HttpOnly',
    at(
      '/api/v1/session/refresh',
      (reply) => (reply.headers['set-cookie'] = ['__Host-x=1; Secure; SameSite=Strict']),
    ),
  ],
  [
    'cookies',
    'goes with every site',
    at(
      `/api/v1/sites/${site}/visitor`,
      (reply) => (reply.headers['set-cookie'] = ['__Host-x=1; Secure; HttpOnly; SameSite=None']),
    ),
  ],
  [
    'security-txt',
    'answers 404',
    at('/.well-known/security.txt', (reply) => Object.assign(reply, { status: 404 })),
  ],
  [
    'security-txt',
    'it is over',
    at(
      '/.well-known/security.txt',
      (reply) => (reply.body = 'Contact: mailto:a@example.com\nExpires: 2020-01-01T00:00:00Z\n'),
    ),
  ],
  [
    'set-up',
    'it waits for its first owner',
    at('/api/v1/setup', (reply) => (reply.body = '{"needed":true}')),
  ],
  [
    'foreign-origins',
    'a question is allowed to be read',
    everywhere(
      (reply, { headers }) =>
        headers.origin === undefined || having('access-control-allow-origin', headers.origin)(reply),
    ),
  ],
  [
    'foreign-origins',
    'a body that a form can send is answered with 200',
    at('/api/v1/invitations/redeem', allowed),
  ],
  [
    'foreign-sockets',
    'it is answered with 404',
    at('/api/v1/teams/tem_none/socket', (reply) => Object.assign(reply, { status: 404 })),
  ],
  ['methods', 'TRACE / answers 200', everywhere((reply, { method }) => method !== 'TRACE' || allowed(reply))],
  [
    'unknown-addresses',
    '/nowhere answers 404 without a code',
    at('/nowhere', having('content-type', 'text/html')),
  ],
  [
    'false-hosts',
    'host is repeated',
    everywhere((reply, { headers }) => (reply.body = `${String(reply.body)}${headers.host ?? ''}`)),
  ],
  ['leaks', 'x-powered-by is Express', at('/', having('x-powered-by', 'Express'))],
  ['leaks', 'server is nginx/1.2.3', at('/nowhere', having('server', 'nginx/1.2.3'))],
  ['leaks', '/.env answers 200', at('/.env', allowed)],
  ['leaks', '/assets/a-1.js.map answers 200', at('/assets/a-1.js.map', allowed)],
  ['clock', 'seconds apart', at('/healthz', having('date', 'Sat, 28 Nov 2020 10:00:00 GMT'))],
  [
    'wrong-password',
    'it answers 500 internal',
    at('/api/v1/sign-in', (reply) => Object.assign(reply, { status: 500, body: '{"code":"internal"}' })),
  ],
  [
    'sign-in-limit',
    '130 tries were let through',
    at('/api/v1/sign-in', (reply) => Object.assign(reply, { status: 400 })),
  ],
];

describe('A31 each check from outside fails where what it looks for is not so', () => {
  test.each(spoiled)('%s: %s', async (id, flaw, spoil, terms) => {
    const { is, found } = await look(id, await targetOf(spoil, terms));
    expect({ is, found }).toEqual({ is: 'failed', found: expect.stringContaining(flaw) as string });
  });

  test.each([
    ['mail-spf', 'there are 0 records', {}],
    ['mail-spf', 'it lets everybody send', { 'chat.example.com': ['v=spf1 include:a.example ?all'] }],
    ['mail-spf', 'there are 2 records', { 'chat.example.com': ['v=spf1 -all', 'v=spf1 ~all'] }],
    ['mail-dkim', 'one has no key', {}],
    ['mail-dkim', 'one was revoked', { 'one._domainkey.chat.example.com': ['v=DKIM1; k=rsa; p='] }],
    ['mail-dmarc', 'there is none', {}],
    ['mail-dmarc', 'its policy is none', { '_dmarc.chat.example.com': ['v=DMARC1; p=none'] }],
    ['mail-dmarc', 'its policy is none', { '_dmarc.example.com': ['v=DMARC1; p=reject; sp=none'] }],
  ])('%s: %s', async (id, flaw, records) => {
    expect(await look(id, await askingFor(records))).toEqual({
      is: 'failed',
      found: expect.stringContaining(flaw) as string,
    });
  });

  test('there is such a test for every one of them', () => {
    const tried = [...spoiled.map(([id]) => id), 'mail-spf', 'mail-dkim', 'mail-dmarc'];
    expect(checks.map(({ id }) => id).filter((id) => !tried.includes(id))).toEqual([]);
  });
});

async function askingFor(records: Record<string, string[]>): Promise<Target> {
  const { server, close } = await serveRecords(records);
  closing.push(close);
  const resolver = new Resolver({ timeout: 2000, tries: 1 });
  resolver.setServers([server]);
  return { ...(await targetOf(asIs)), resolver, mail: { domain: 'chat.example.com', selectors: ['one'] } };
}

test('A30 a domain that says who may send in its name, and what to do with others, passes', async () => {
  const target = await askingFor({
    'chat.example.com': ['unrelated', 'v=spf1 include:_spf.example.net -all'],
    'one._domainkey.chat.example.com': [`v=DKIM1; k=rsa; p=${'A'.repeat(392)}`],
    '_dmarc.example.com': ['v=DMARC1; p=reject'],
  });
  const results = await runChecks(mail, target);
  expect(results.map(({ is }) => is)).toEqual(['passed', 'passed', 'passed']);
});

test('A30 npm run check:deployed prints each check for people or for a machine, and ends with 1, or 2 where it could not look', async () => {
  const { url } = await targetOf(at('/', lacking('x-frame-options')));
  const tool = join(ROOT, 'src/tools/deployed.ts');
  // Its certificate is believed by nobody: most can't be looked at, and none of those is passed.
  const blind = await run(process.execPath, [tool, url.href, '--json'], { timeoutSeconds: 60 });
  const { format, checks: said } = JSON.parse(blind.output) as {
    format: string;
    checks: { id: string; outcome: string; fix: string }[];
  };
  expect(format).toBe('sotto.outside.v1');
  expect(said).toHaveLength(checks.length);
  expect(said.find(({ id }) => id === 'certificate')?.outcome).toBe('failed');
  expect(said.find(({ id }) => id === 'headers-dashboard')?.outcome).toBe('not run');
  expect(blind.ok).toBe(false);
  for (const args of [
    ['http://chat.example.com'],
    [url.href, '--local'],
    ['chat.example.com'],
    [url.href, '--site', 'x'],
  ])
    expect(await run(process.execPath, [tool, ...args], { timeoutSeconds: 60 })).toMatchObject({ ok: false });
});
