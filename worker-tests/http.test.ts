import { runInDurableObject } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { app } from '../src/app.ts';
import { ConfigError, configOf, type Env } from '../src/config.ts';
import { dashboardHeaders, widgetHeaders } from '../src/headers.ts';
import { networkOf } from '../src/http.ts';
import { ledgerOf } from '../src/ledger.ts';
import { newId, type SiteId, type TeamId } from '../src/protocol/ids.ts';
import { begin, call, newMember, newSite, newTeam, newVisitor, origin, type Member } from './cast.ts';

let team: TeamId;
let site: SiteId;
let owner: Member;

beforeAll(async () => {
  team = await newTeam();
  site = await newSite(team);
  owner = await newMember('owner', [team]);
});

describe('W1 a body that does not fit is refused with a stable code', () => {
  const good = { name: 'A site', origins: ['https://shop.example'] };
  const send = (raw: BodyInit, headers: Record<string, string> = {}) =>
    call('POST', '/api/v1/sites', { token: owner.access, raw, headers });

  it.each<[string, () => Promise<{ status: number; body: { code?: string } }>, number, string]>([
    ['no JSON', () => send('hello'), 400, 'malformed'],
    ['an empty body', () => send(''), 400, 'malformed'],
    ['a thousand brackets', () => send('['.repeat(1000)), 400, 'malformed'],
    ['invalid UTF-8', () => send(new Uint8Array([0x22, 0xff, 0x22])), 400, 'malformed'],
    ['a megabyte of brackets', () => send('['.repeat(1024 * 1024)), 413, 'too_large'],
    [
      'text/plain',
      () => send(JSON.stringify(good), { 'content-type': 'text/plain' }),
      415,
      'unsupported_type',
    ],
    [
      'a form',
      () => send('name=x', { 'content-type': 'application/x-www-form-urlencoded' }),
      415,
      'unsupported_type',
    ],
    ['an array', () => send('[]'), 400, 'invalid'],
    ['null', () => send('null'), 400, 'invalid'],
    ['a missing field', () => send(JSON.stringify(good)), 400, 'invalid'],
    ['an unknown field', () => send(JSON.stringify({ ...good, team, id: 'sit_x' })), 400, 'invalid'],
    ['an object as name', () => send(JSON.stringify({ ...good, team, name: { $ne: null } })), 400, 'invalid'],
    ['a wildcard origin', () => send(JSON.stringify({ ...good, team, origins: ['*'] })), 400, 'invalid'],
    [
      'a team that is not there',
      () => send(JSON.stringify({ ...good, team: newId('team') })),
      400,
      'invalid',
    ],
  ])('%s', async (_, request, status, code) => {
    const reply = await request();
    expect([reply.status, reply.body.code]).toEqual([status, code]);
    const sites = await call<{ sites: unknown[] }>('GET', '/api/v1/sites', { token: owner.access });
    expect(sites.body.sites.length).toBe(1);
  });

  it('says which field, and never what stood in it', async () => {
    const reply = await send(JSON.stringify({ ...good, team, origins: ['SECRET-MARK'] }));
    expect(reply.body.detail).toBe('origins.0: not an http(s) origin');
    const unknown = await send(JSON.stringify({ ...good, team, name: { SECRET: 'SECRET-MARK' } }));
    expect(unknown.body.detail).not.toContain('SECRET-MARK');
  });

  it('as problem details (RFC 9457)', async () => {
    const reply = await send('hello');
    expect(reply.headers.get('content-type')).toBe('application/problem+json');
    expect(reply.body).toEqual({
      type: 'about:blank',
      status: 400,
      code: 'malformed',
      detail: 'This is not well-formed JSON.',
    });
  });
});

describe('W5 a foreign origin', () => {
  it('is refused at every API address, signed in or not', async () => {
    for (const from of ['https://evil.test', 'null', 'https://shop.test', `${origin}.evil.test`]) {
      for (const path of ['/api/v1/setup', '/api/v1/session', `/api/v1/sites`]) {
        expect((await call('GET', path, { token: owner.access, from })).body.code).toBe('origin_refused');
      }
      expect((await call('POST', `/api/v1/sites/${site}/visitor`, { body: {}, from })).body.code).toBe(
        'origin_refused',
      );
    }
  });

  it('gets no CORS headers', async () => {
    const reply = await call('OPTIONS', '/api/v1/sites', { from: 'https://evil.test' });
    expect([...reply.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('W1 what is not there', () => {
  it('and what is not yours is one answer', async () => {
    const visitor = await newVisitor(site);
    const own = await begin(visitor);
    const outsider = await newMember('agent', [await newTeam()]);
    const stranger = await newVisitor(site);
    for (const token of [outsider.access, stranger.access]) {
      const answers = [];
      for (const id of [
        own,
        newId('conversation'),
        'GENERAL',
        '..%2Fpeople',
        own.toUpperCase(),
        own.slice(0, -1),
      ]) {
        const read = await call('GET', `/api/v1/conversations/${id}/messages`, { token });
        const closing = await call('POST', `/api/v1/conversations/${id}/close`, { token, body: {} });
        answers.push(JSON.stringify([read.status, read.body, closing.status, closing.body]));
      }
      expect(new Set(answers).size).toBe(1);
      expect(answers[0]).toContain('not_found');
    }
  });

  it('is said in JSON under /api and at unknown pages', async () => {
    expect((await call('GET', '/api/v1/nothing')).body.code).toBe('not_found');
    expect((await call('GET', '/nothing')).body.code).toBe('not_found');
    expect((await call('GET', `/widget/${newId('site')}`)).body.code).toBe('not_found');
    expect((await call('GET', '/widget/x')).body.code).toBe('not_found');
  });
});

describe('W6 headers', () => {
  it('every API answer, refused or not, is unframeable, unsniffable, unkept', async () => {
    for (const path of ['/api/v1/setup', '/api/v1/nothing', '/api/v1/session']) {
      const { headers } = await call('GET', path);
      expect(headers.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('permissions-policy')).toContain('camera=()');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('x-powered-by') ?? headers.get('server')).toBeNull();
    }
  });

  it('the dashboard is framed by nobody, the widget by its site alone, and neither runs anything inline', () => {
    expect(dashboardHeaders['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(dashboardHeaders['x-frame-options']).toBe('DENY');
    const widget = widgetHeaders(['https://a.example', 'https://b.example'])['content-security-policy'] ?? '';
    expect(widget).toContain('frame-ancestors https://a.example https://b.example');
    for (const policy of [dashboardHeaders['content-security-policy'], widget]) {
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toMatch(/unsafe|\*|http:|data:(?!;)[^;]*script/);
      expect(policy).not.toContain('unsafe-inline');
    }
  });
});

describe('W7 visitors', () => {
  it('get a partitioned cookie of their site, and the same person again with it', async () => {
    const first = await call<{ visitor: { id: string } }>('POST', `/api/v1/sites/${site}/visitor`, {
      body: {},
    });
    const cookie = first.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(new RegExp(`^__Host-sotto-${site}=[A-Za-z0-9_-]{43};`));
    for (const attribute of ['HttpOnly', 'Secure', 'SameSite=None', 'Partitioned', 'Path=/'])
      expect(cookie).toContain(attribute);
    const pair = cookie.split(';')[0] ?? '';
    const again = await call<{ visitor: { id: string } }>('POST', `/api/v1/sites/${site}/visitor`, {
      body: {},
      headers: { cookie: pair },
    });
    expect(again.body.visitor.id).toBe(first.body.visitor.id);
  });

  it('are nobody on another site, whatever cookie they bring', async () => {
    const other = await newSite(team);
    const first = await call<{ visitor: { id: string } }>('POST', `/api/v1/sites/${site}/visitor`, {
      body: {},
    });
    const secret = /=([^;]*)/.exec(first.headers.get('set-cookie') ?? '')?.[1] ?? '';
    const headers = { cookie: `__Host-sotto-${other}=${secret}` };
    const there = await call<{ visitor: { id: string } }>('POST', `/api/v1/sites/${other}/visitor`, {
      body: {},
      headers,
    });
    expect(there.body.visitor.id).not.toBe(first.body.visitor.id);
  });

  it('forget who they were: the cookie is gone, and nobody becomes them again', async () => {
    const forget = (from: string, id = site) =>
      call('DELETE', `/api/v1/sites/${id}/visitor`, { from, headers: { cookie: visitor.cookie } });
    const visitor = await newVisitor(site);
    for (const from of ['https://evil.test', 'https://shop.test', 'null'])
      expect((await forget(from)).body.code).toBe('origin_refused');
    const noOrigin = await exports.default.fetch(`${origin}/api/v1/sites/${site}/visitor`, {
      method: 'DELETE',
    });
    expect(noOrigin.status).toBe(403);
    const reply = await forget(origin);
    expect([reply.status, reply.body]).toEqual([200, {}]);
    const attributes = (reply.headers.get('set-cookie') ?? '').split('; ');
    expect(attributes.toSorted()).toEqual(
      [
        `__Host-sotto-${site}=`,
        'HttpOnly',
        'Max-Age=0',
        'Partitioned',
        'Path=/',
        'SameSite=None',
        'Secure',
      ].toSorted(),
    );
    const again = await newVisitor(site);
    expect(again.id).not.toBe(visitor.id);
    expect((await call('DELETE', '/api/v1/sites/x/visitor')).body.code).toBe('not_found');
  });

  it('leave no row until they say something', async () => {
    const rows = async () =>
      (await env.DB.prepare('SELECT COUNT(*) AS n FROM conversations').first<{ n: number }>())?.n;
    const before = await rows();
    await newVisitor(site);
    expect(await rows()).toBe(before);
  });
});

describe('K4 settings', () => {
  it('that are missing, weak or malformed are named, never repeated', () => {
    const settings = {
      ORIGIN: origin,
      MAIL_FROM: 'a@b',
      JURISDICTION: '',
      SETUP_TOKEN: 'x'.repeat(32),
      POSTS_AT_ONCE: '200',
      POSTS_PER_SECOND: '5',
    };
    const pace = { burst: 200, perSecond: 5 };
    expect(configOf(settings as Env)).toMatchObject({ origin, pace, scanner: null });
    const bad: [string, unknown][] = [
      ['ORIGIN', 'http://chat.example'],
      ['ORIGIN', 'https://chat.example/'],
      ['ORIGIN', undefined],
      ['SETUP_TOKEN', 'SECRET-MARK'],
      ['SETUP_TOKEN', undefined],
      ['MAIL_FROM', 'SECRET-MARK'],
      ['JURISDICTION', 'SECRET-MARK'],
      ['JURISDICTION', 'EU'],
      ['JURISDICTION', undefined],
      ['POSTS_AT_ONCE', '199'],
      ['POSTS_AT_ONCE', '1e9'],
      ['POSTS_PER_SECOND', '0'],
      ['POSTS_PER_SECOND', undefined],
      ['SCANNER_URL', 'http://scanner.example'],
      ['SCANNER_URL', 'https://scanner.example/SECRET-MARK'],
      ['SCANNER_URL', undefined],
      ['SCANNER_SECRET', 'SECRET-MARK'],
      ['SCANNER_SECRET', undefined],
    ];
    const scanner = { SCANNER_URL: 'https://scanner.example', SCANNER_SECRET: 'x'.repeat(32) };
    for (const [name, value] of bad) {
      const open = () => configOf({ ...settings, ...scanner, [name]: value } as unknown as Env);
      expect(open).toThrow(ConfigError);
      expect(open).toThrow(new RegExp(`^${name} must be`));
      expect(open).not.toThrow(/SECRET-MARK/);
    }
  });
});

describe('K4 a keyring that is none', () => {
  it('stops every door, and the log names it without a part of it', async () => {
    const said: string[] = [];
    const log = vi.spyOn(console, 'error').mockImplementation((line: string) => void said.push(line));
    const bad = { ...env, KEYRING: '1:SECRET-MARK' };
    for (const path of ['/', '/api/v1/setup', '/loader.js']) {
      const response = await app.fetch(new Request(`${origin}${path}`), bad);
      expect(response.status).toBe(500);
      expect(await response.text()).toContain('"internal"');
    }
    log.mockRestore();
    expect(said.join()).toContain('KEYRING must be a keyring');
    expect(said.join()).not.toContain('SECRET-MARK');
  });
});

describe('W1 a network', () => {
  it('is an IPv4 address, or the /64 of an IPv6 one however it is written', () => {
    const from = (address: string) =>
      networkOf(new Request(origin, { headers: { 'cf-connecting-ip': address } }));
    expect(from('192.0.2.7')).toBe('192.0.2.7');
    for (const same of [
      '2001:db8::1:2:3:4',
      '2001:db8::9:2:3:4',
      '2001:DB8:0:0:1::',
      '2001:0db8:0000:0000:ffff:0:0:1',
    ]) {
      expect(from(same)).toBe('2001:db8:0:0');
    }
    expect(from('::1')).toBe('0:0:0:0');
    expect(from('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2');
  });
});

describe('a HEAD or GET', () => {
  it('changes nothing', async () => {
    const visitor = await newVisitor(site);
    const id = await begin(visitor);
    for (const path of [
      `/api/v1/conversations/${id}/close`,
      '/api/v1/sites',
      `/api/v1/sites/${site}/visitor`,
    ]) {
      const response = await exports.default.fetch(`${origin}${path}`, {
        method: 'HEAD',
        headers: { origin },
      });
      expect(response.status).toBeGreaterThanOrEqual(400);
    }
  });
});

describe('O1 whoever watches from outside', () => {
  const ready = async () => {
    const { status, body } = await call<{ ready: boolean; failing: string[] }>('GET', '/readyz');
    return [status, body.ready, body.failing];
  };
  afterEach(() => vi.useRealTimers());

  it('hears that it runs, and whether all that it stands on answers, by name and without a word of anybody', async () => {
    expect((await call('GET', '/healthz')).status).toBe(200);
    expect(await ready()).toEqual([200, true, []]);
    const rename = (from: string, to: string) =>
      runInDurableObject(ledgerOf(env), (_, { storage }) =>
        storage.sql.exec(`ALTER TABLE ${from} RENAME TO ${to}`),
      );
    await rename('state', 'gone');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2_000 });
    expect(await ready()).toEqual([503, false, ['ledger']]);
    await rename('gone', 'state');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2_000 });
    expect(await ready()).toEqual([200, true, []]);
  });
});

describe('A33 whoever finds a hole', () => {
  const asked = (contact: string) =>
    app.request(`${origin}/.well-known/security.txt`, {}, { ...env, SECURITY_CONTACT: contact });

  it('is told whom to write to, for less than a year, where somebody was named', async () => {
    const answer = await asked('mailto:security@example.com');
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    const [contact, expires = '', canonical] = (await answer.text()).split('\n');
    expect([contact, canonical]).toEqual([
      'Contact: mailto:security@example.com',
      `Canonical: ${origin}/.well-known/security.txt`,
    ]);
    const days = (Date.parse(expires.replace('Expires: ', '')) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(90);
    expect(days).toBeLessThan(365);
    expect((await asked('')).status).toBe(404);
  });

  it('is told nothing that is no address: the setting is refused by name', () => {
    for (const contact of [
      'security@example.com',
      'http://example.com',
      'mailto:a@b c',
      'mailto:a@b\nExpires: x',
    ])
      expect(() => configOf({ ...env, SECURITY_CONTACT: contact })).toThrow(/^SECURITY_CONTACT must be/);
  });
});
