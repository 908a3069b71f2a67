/** Checks of who watches, of the web and of what Sotto leans on, each made to fail and to pass. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lookOf } from '../../../src/duties/checks/running.ts';
import { watchOf } from '../../../src/duties/alarms.ts';
import { enter } from '../../../src/people/recording.ts';
import { type ScanAnswer, signAnswer, verifyQuestion } from '../../../src/protocol/scanner.ts';
import { newId } from '../../../src/protocol/ids.ts';
import { call, type Member, newMember, newSite, newTeam } from '../../cast.ts';
import { day, fails, hour, isNotRun, looked, ownWith, passes, sql } from './scene.ts';

let owner: Member;

beforeEach(async () => {
  for (const table of ['team_members', 'people', 'roles', 'sites', 'check_results'])
    await sql(`DELETE FROM ${table}`);
  owner = await newMember('owner', []);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const inWatch = (query: string) =>
  runInDurableObject(watchOf(env), (_, { storage }) => storage.sql.exec(query).toArray());

/** Looks at what has changed, and keeps it as what the next look is held against. */
async function keptLook(at = Date.now()) {
  const result = await looked('configuration-drift', { at });
  const put = `INSERT INTO check_results VALUES (?, 'configuration-drift', ?, 0, ?, '.', ?)`;
  await sql(put, `run-${at}`, result.outcome, JSON.stringify(result.found), at);
  return result;
}

describe('A16 of who watches', () => {
  it('A16 an alarm that nobody answers is found', async () => {
    await passes('alarms-answered');
    await watchOf(env).raise({ rule: 'keys.overdue', about: null, facts: {} });
    await passes('alarms-answered');
    const later = { at: Date.now() + 4 * day };
    expect((await fails('alarms-answered', later)).found).toMatchObject({ open: 1, old: 1 });
    const [alarm] = await watchOf(env).list('open', Number.MAX_SAFE_INTEGER, 1);
    if (alarm !== undefined) await watchOf(env).answer(alarm.id, owner.id, 'It was renewed');
    await passes('alarms-answered', later);
  });

  it('A16 alarms that one person alone is told of are found', async () => {
    expect((await fails('alarm-receivers')).found).toEqual({ receive: 1, answer: 1 });
    await newMember('auditor', []);
    expect((await fails('alarm-receivers')).found).toEqual({ receive: 2, answer: 1 });
    await newMember('admin', []);
    await passes('alarm-receivers');
    await sql('DELETE FROM people');
    await isNotRun('alarm-receivers');
  });

  it('A16 a webhook that fails is found, and one that was never tried', async () => {
    expect((await passes('webhooks')).found).toEqual({ webhooks: 0 });
    const added = await watchOf(env).addWebhook('https://siem.example/', 5);
    const id = added?.webhook.id ?? '';
    expect((await fails('webhooks')).found).toMatchObject({ untried: [id], failing: [] });
    const answered = (status: number) => inWatch(`UPDATE webhooks SET last_at = 1, last_status = ${status}`);
    for (const status of [0, 301, 500]) {
      await answered(status);
      expect((await fails('webhooks')).found).toMatchObject({ untried: [], failing: [id] });
    }
    await answered(204);
    await passes('webhooks');
    await inWatch(`INSERT INTO deliveries
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 21)
      SELECT '${id}', 'd' || i, '{}', 0, 9e15 FROM n`);
    await fails('webhooks');
    await inWatch('DELETE FROM deliveries');
    await inWatch('DELETE FROM webhooks');
  });

  it('A16 work that fails again and again is found', async () => {
    await inWatch('DELETE FROM faults');
    await watchOf(env).countFaults([['scanner.timeout', 20]]);
    await passes('faults');
    await watchOf(env).countFaults([['scanner.timeout', 1]]);
    expect((await fails('faults')).found).toEqual({ faults: 21, kinds: 1, often: ['scanner.timeout'] });
    await inWatch('DELETE FROM faults');
  });

  it('A16 a night that did not come is found, and a duty that stands still', async () => {
    await sql('DELETE FROM runs');
    await isNotRun('duties-done');
    const now = Date.now();
    const add = `INSERT INTO runs (id, duty, begun_at, moved_at, over_at) VALUES (?, ?, ?3, ?3, ?)`;
    await sql(add, 'retention-1', 'retention', now, now);
    await passes('duties-done');
    expect((await fails('duties-done', { at: now + 27 * hour })).found).toMatchObject({ hours: 27 });
    await sql(
      `INSERT INTO runs (id, duty, begun_at, moved_at) VALUES ('rotation-1', 'rotation', 0, ?)`,
      now - 2 * day,
    );
    expect((await fails('duties-done')).found['still']).toEqual(['rotation-1']);
    await sql('DELETE FROM runs');
  });

  it('A16 a setting that was changed past every door is found, and one that somebody changed is not', async () => {
    const before = Date.now() - hour;
    expect((await keptLook(before)).outcome).toBe('not-run');
    await passes('configuration-drift');
    await keptLook(before + 1);
    await call('PATCH', '/api/v1/organisation', { token: owner.access, body: { idleMinutes: 20 } });
    expect((await passes('configuration-drift')).found).toMatchObject({
      changed: ['organisation'],
      unrecorded: [],
    });
    await sql(`UPDATE people SET role = 'admin' WHERE id = ?`, owner.id);
    expect((await fails('configuration-drift')).found).toMatchObject({
      ...{ changed: ['organisation', 'people'], unrecorded: ['people'] },
    });
    const deployed = { env: { MAIL_FROM: 'other@sotto.test' } };
    expect((await fails('configuration-drift', deployed)).found['unrecorded']).toContain('deployment');
    await keptLook();
    await passes('configuration-drift');
  });

  it('A16 whoever is locked in an incident, and a backup that was put back, are no changes behind its back', async () => {
    const other = await newMember('agent', []);
    await watchOf(env).addWebhook('https://siem.example/', 5);
    await keptLook();
    const lock = { kind: 'person', target: other.id, reason: 'account' };
    expect((await call('POST', '/api/v1/containment', { token: owner.access, body: lock })).status).toBe(201);
    expect((await passes('configuration-drift')).found).toMatchObject({ changed: ['people'] });
    // What is in no backup is gone, and a role that was removed since is there again.
    await inWatch('DELETE FROM webhooks');
    await sql(`INSERT INTO roles VALUES (?, 'Night shift', '{}', 1)`, newId('role'));
    expect((await fails('configuration-drift')).found['unrecorded']).toContain('roles');
    await enter(env, { actor: null, action: 'backup.restore' });
    expect((await passes('configuration-drift')).found).toMatchObject({
      ...{ changed: ['roles', 'people', 'webhooks'], unrecorded: [] },
    });
    const deployed = { env: { MAIL_FROM: 'other@sotto.test' } };
    expect((await fails('configuration-drift', deployed)).found['unrecorded']).toEqual(['deployment']);
  });
});

describe('A17 of the web', () => {
  it('A17 a header that is missing or wrong is found, wherever it is', async () => {
    const site = await newSite(await newTeam());
    const { found } = await passes('security-headers');
    expect(found['answers']).toBe(12);
    for (const [name, value] of [
      ['strict-transport-security', 'max-age=3600'],
      ['x-content-type-options', ''],
      ['referrer-policy', 'unsafe-url'],
      ['permissions-policy', 'camera=*'],
      ['x-powered-by', 'Something 1.2'],
    ] as const)
      for (const at of ['/', '/api/v1/people', `/widget/${site}`, '/nothing']) {
        const bent = ownWith((headers, path) => {
          if (path === at) headers.set(name, value);
        });
        expect((await fails('security-headers', bent)).found['wrong']).toEqual([`${at}: ${name}`]);
      }
    await fails(
      'security-headers',
      ownWith((headers) => headers.delete('cache-control')),
    );
    await fails(
      'security-headers',
      ownWith(() => undefined, 500),
    );
  });

  it('A17 a policy that lets more run or frame is found', async () => {
    const site = await newSite(await newTeam(), ['https://shop.test']);
    expect((await passes('content-policy')).found).toMatchObject({ pages: 2 });
    const wider = (at: string, change: (policy: string) => string) =>
      ownWith((headers, path) => {
        const policy = headers.get('content-security-policy') ?? '';
        if (path === at) headers.set('content-security-policy', change(policy));
      });
    for (const [at, change] of [
      ['/', (policy: string) => policy.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")],
      ['/', (policy: string) => policy.replace("base-uri 'none'", '')],
      ['/', (policy: string) => policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")],
      [`/widget/${site}`, (policy: string) => policy.replace('https://shop.test', 'https:')],
      ['/api/v1/people', () => ''],
    ] as const)
      expect((await fails('content-policy', wider(at, change))).found['wrong']).not.toEqual([]);
    await isNotRun(
      'content-policy',
      ownWith(() => undefined, 404),
    );
  });

  it('A17 a cookie that a script or another site has is found', async () => {
    expect((await passes('cookies')).found).toMatchObject({ wrong: [] });
    const without = (attribute: RegExp, instead = '') =>
      ownWith((headers) => {
        const cookies = headers.getSetCookie();
        headers.delete('set-cookie');
        for (const cookie of cookies) headers.append('set-cookie', cookie.replace(attribute, instead));
      });
    for (const attribute of [/; HttpOnly/i, /; Secure/i, /; SameSite=Strict/i, /; Partitioned/i, /^__Host-/])
      await fails('cookies', without(attribute));
    await fails('cookies', without(/; Path=\//i, '; Domain=sotto.test; Path=/'));
    await isNotRun(
      'cookies',
      ownWith((headers) => headers.delete('set-cookie')),
    );
  });

  it('A17 cookies are looked at where people come in from named networks alone', async () => {
    for (const network of ['203.0.113.64/26', '2001:db8::/48']) {
      await sql('UPDATE organisation SET settings = ?', JSON.stringify({ networks: [network] }));
      expect((await passes('cookies')).found).toMatchObject({ cookies: 2, wrong: [] });
    }
    await sql(`UPDATE organisation SET settings = '{}'`);
  });

  it('A17 a door that is open is found', async () => {
    await passes('closed-doors');
    await fails(
      'closed-doors',
      ownWith(() => undefined, 200),
    );
    const { own } = lookOf(env, Date.now());
    const open = (at: string) => ({
      own: (path: string, init?: RequestInit) =>
        path === at ? Promise.resolve(Response.json({})) : own(path, init),
    });
    for (const at of ['/api/v1/ledger', '/api/v1/checks/report', '/metrics', '/.git/config'])
      expect((await fails('closed-doors', open(at))).found['open']).toEqual([`${at}: 200`]);
  });

  it('A17 a limit that refuses nobody is found, and one that is not there', async () => {
    expect((await passes('rate-limits')).found).toMatchObject({ signIn: 60, visitor: 120, endless: [] });
    const endless = { limit: () => Promise.resolve({ success: true }) } as RateLimit;
    expect((await fails('rate-limits', { env: { SIGN_IN_LIMIT: endless } })).found['endless']).toEqual([
      'signIn',
    ]);
    await isNotRun('rate-limits', { env: { VISITOR_LIMIT: undefined as unknown as RateLimit } });
  });

  it('A17 a Sotto that anybody can set up is found', async () => {
    await passes('setup-closed');
    await fails(
      'setup-closed',
      ownWith(() => undefined, 200),
    );
    await sql('DELETE FROM people');
    expect((await fails('setup-closed')).found).toEqual({ isSpent: false, isSaid: false, refusal: 401 });
  });
});

/** Somebody outside, who answers by what is asked. */
const outside = (answer: (address: string) => Response | undefined) => ({
  outside: (address: string) => {
    const response = answer(address);
    return response === undefined ? Promise.reject(new Error('nobody answers')) : Promise.resolve(response);
  },
});
const hsts = { 'strict-transport-security': 'max-age=63072000; includeSubDomains' };

describe('A18 of what Sotto leans on', () => {
  it('A18 a Sotto that answers without TLS is found', async () => {
    const tls = (plain: Response | undefined, headers: Record<string, string> = hsts) =>
      outside((address) => (address.startsWith('https:') ? new Response('{}', { headers }) : plain));
    await passes('transport', tls(undefined));
    const led = new Response(null, { status: 301, headers: { location: 'https://sotto.test/healthz' } });
    expect((await passes('transport', tls(led))).found).toMatchObject({ plain: 'led' });
    await fails('transport', tls(new Response('{}')));
    await fails('transport', tls(undefined, { 'strict-transport-security': 'max-age=60' }));
    await isNotRun(
      'transport',
      outside(() => undefined),
    );
    await isNotRun(
      'transport',
      outside(() => new Response('', { status: 530 })),
    );
    await isNotRun('transport', { env: { ORIGIN: 'http://localhost:8787' } });
  });

  it('A18 a scanner that finds nothing is found, and one that is old or not there', async () => {
    await fails('scanner');
    const secret = 'the-secret-of-the-scanner-of-the-tests-1';
    const there = { env: { SCANNER_URL: 'https://scanner.test', SCANNER_SECRET: secret } };
    const scans = (verdict: (text: string) => 'clean' | 'infected', signaturesAt: number | null) => {
      vi.stubGlobal(
        'fetch',
        async (_: string, { headers, body }: RequestInit & { headers: Record<string, string> }) => {
          const token = headers['authorization']?.slice('Bearer '.length) ?? '';
          const question = await verifyQuestion(secret, token, Date.now());
          const bytes = new Uint8Array(await new Response(body).arrayBuffer());
          const sha256 = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
          const is = verdict(new TextDecoder().decode(bytes));
          const answer = await signAnswer(secret, {
            question: question?.jti ?? '',
            sha256: sha256.toBase64({ alphabet: 'base64url', omitPadding: true }),
            engine: 'Engine 1',
            signatures: signaturesAt === null ? null : Math.floor(signaturesAt / 1000),
            verdict: is,
            ...(is === 'infected' && { name: 'Eicar' }),
          } as ScanAnswer);
          return new Response(answer, { headers: { 'content-type': 'application/jwt' } });
        },
      );
    };
    const finds = (text: string) => (text.includes('EICAR') ? 'infected' : 'clean');
    scans(finds, Date.now());
    expect((await passes('scanner', there)).found).toMatchObject({
      malware: 'infected',
      harmless: 'clean',
      days: 0,
    });
    scans(finds, Date.now() - 4 * day);
    await fails('scanner', there);
    scans(() => 'clean', Date.now());
    await fails('scanner', there);
    scans(() => 'infected', Date.now());
    await fails('scanner', there);
    scans(finds, null);
    await isNotRun('scanner', there);
    vi.stubGlobal('fetch', () => Promise.reject(new Error('nobody answers')));
    await isNotRun('scanner', there);
  });

  it('A18 a Sotto that can’t send mail is found', async () => {
    await inWatch('DELETE FROM faults');
    const from = { env: { MAIL_FROM: 'chat@sotto.test' } };
    await passes('mail', from);
    await fails('mail', { env: { ...from.env, MAIL: undefined as unknown as SendEmail } });
    await fails('mail', { env: { MAIL_FROM: 'sotto@localhost' } });
    await watchOf(env).countFaults([['mail.alarm', 2]]);
    expect((await fails('mail', from)).found).toMatchObject({ failures: 2 });
    await inWatch('DELETE FROM faults');
  });

  it('A18 a domain in whose name anybody sends mail is found', async () => {
    const from = { MAIL_FROM: 'chat@mail.sotto.test' };
    const good: Record<string, string> = {
      'mail.sotto.test': '"v=spf1 include:_spf.example ~all"',
      '_dmarc.sotto.test': '"v=DMARC1; p=reject"',
      'cf2024-1._domainkey.mail.sotto.test': '"v=DKIM1; k=rsa; p=MIIB" "IjAN"',
    };
    const dns = (records: Record<string, string>) =>
      outside((address) => {
        const name = new URL(address).searchParams.get('name') ?? '';
        const data = records[name];
        return Response.json(
          data === undefined ? { Status: 3 } : { Status: 0, Answer: [{ type: 16, data }] },
        );
      });
    const asked = (records: Record<string, string>) => ({ env: from, ...dns(records) });
    expect((await passes('mail-authenticated', asked(good))).found).toEqual({
      ...{ spf: true, dmarc: 'reject', dkim: ['cf2024-1'] },
    });
    await fails('mail-authenticated', asked({ ...good, 'mail.sotto.test': '"v=spf1 +all"' }));
    await fails('mail-authenticated', asked({ ...good, '_dmarc.sotto.test': '"v=DMARC1; p=none"' }));
    await fails('mail-authenticated', asked({}));
    const { 'cf2024-1._domainkey.mail.sotto.test': _, ...keyless } = good;
    await isNotRun('mail-authenticated', asked(keyless));
    await isNotRun('mail-authenticated', { env: from, ...outside(() => undefined) });
    await isNotRun('mail-authenticated', { env: from, ...outside(() => Response.json({ Status: 2 })) });
    await isNotRun('mail-authenticated', { env: { MAIL_FROM: 'sotto@localhost' } });
  });
});
