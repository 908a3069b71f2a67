/** What a request says beside its body: hosts, addresses to go on to, line breaks, cookies that somebody else has planted. */
import { env, exports } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { app } from '../src/app.ts';
import { newId, type TeamId } from '../src/protocol/ids.ts';
import { accountOf } from '../src/people/account.ts';
import { call, type Member, newMember, newSite, newTeam, origin } from './cast.ts';

const evil = 'evil.test';
let team: TeamId;
let owner: Member;
beforeAll(async () => {
  team = await newTeam();
  owner = await newMember('owner', [team]);
});
afterEach(() => vi.restoreAllMocks());

/** Every address of the API and of the pages, with ids in it that nobody has. */
async function addresses(): Promise<[method: string, path: string][]> {
  const site = await newSite(team);
  const ids: Record<string, string> = { site, key: newId('identityKey'), level: '0', 'place{.+}': '000' };
  return app.routes
    .filter(({ method, path }) => method !== 'ALL' && !path.includes('*'))
    .map(({ method, path }) => [
      method,
      path.replaceAll(/:([a-z]+(?:\{[^}]*\})?)/g, (_, name: string) => ids[name] ?? newId('team')),
    ]);
}

describe('S14 W1 another host', () => {
  it('that a request names is in no answer, no cookie and no token', async () => {
    const told: string[] = [];
    for (const [method, path] of await addresses()) {
      const response = await exports.default.fetch(`https://${evil}${path}`, {
        method,
        headers: {
          origin,
          host: evil,
          'x-forwarded-host': evil,
          'x-forwarded-proto': 'http',
          forwarded: `host=${evil};proto=http`,
          authorization: `Bearer ${owner.access}`,
          'content-type': 'application/json',
        },
        redirect: 'manual',
        ...(method === 'GET' || method === 'HEAD' ? {} : { body: '{}' }),
      });
      const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
      if (`${headers}\n${response.webSocket === null ? await response.text() : ''}`.includes(evil))
        told.push(`${method} ${path}`);
      for (const cookie of response.headers.getSetCookie()) expect(cookie).not.toMatch(/domain/i);
    }
    expect(told).toEqual([]);
  });
});

describe('W1 an address to go on to', () => {
  it.each([
    `//${evil}`,
    `https://${evil}`,
    `/\\${evil}`,
    `javascript:alert(1)`,
    `%0d%0aLocation:%20https://${evil}`,
  ])('such as %s leads nowhere', async (target) => {
    for (const path of [
      '/',
      '/widget.html',
      '/loader.js',
      '/healthz',
      '/ledger/checkpoint',
      '/api/v1/setup',
      '//',
      `/${target}`,
    ]) {
      const url = `${origin}${path}?next=${target}&url=${target}&redirect=${target}&return_to=${target}`;
      const response = await exports.default.fetch(url, { redirect: 'manual' });
      expect([path, response.status >= 300 && response.status < 400]).toEqual([path, false]);
      expect(response.headers.get('location')).toBeNull();
      expect(response.headers.get('refresh')).toBeNull();
      await response.body?.cancel();
    }
  });
});

describe('W1 line breaks and control characters', () => {
  it('in a path or a value come back in no header, and make no line of their own in a log', async () => {
    const { access } = await newMember('owner', [team]);
    const lines: string[] = [];
    for (const way of ['log', 'info', 'warn', 'error'] as const)
      vi.spyOn(console, way).mockImplementation(
        (...said: unknown[]) => void lines.push(said.map(String).join(' ')),
      );
    const forged = '%0d%0aSet-Cookie:%20planted=1%0d%0a%7B%22fault%22:%22forged%22%7D%1b[31m';
    for (const path of [
      `/api/v1/people/${forged}`,
      `/api/v1/sites/${forged}/widget`,
      `/widget/${forged}`,
      `/ledger/tile/0/${forged}`,
    ]) {
      const { headers } = await call('GET', path, {
        token: access,
        headers: { 'user-agent': 'x\u0085\u009b31m' },
      });
      expect(headers.getSetCookie()).toEqual([]);
    }
    // A fault of ours on the way: the database is asked for a table that is gone.
    await env.DB.prepare('ALTER TABLE teams RENAME TO gone').run();
    const failed = await call('POST', `/api/v1/teams?${forged}`, {
      token: access,
      body: { name: 'x"\\u001b[31m' },
    });
    await env.DB.prepare('ALTER TABLE gone RENAME TO teams').run();
    expect(failed.status).toBe(500);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      expect(line).not.toMatch(/forged|planted/);
      expect([...line].filter((char) => char < ' ' || (char >= '\u007f' && char <= '\u009f'))).toEqual([]);
      expect(() => JSON.parse(line) as unknown).not.toThrow();
    }
  });
});

describe('S5 W7 a session that somebody else has planted', () => {
  it('is not the one that its victim gets: signing in begins another', async () => {
    const attacker = await newMember('agent', [team]);
    const victim = await newMember('agent', [team]);
    const planted = `__Host-sotto-staff=${attacker.id}.${attacker.session}.0.${'A'.repeat(43)}`;
    const reply = await call('POST', '/api/v1/session/refresh', { headers: { cookie: planted } });
    expect([reply.status, reply.body.code]).toEqual([401, 'signed_out']);
    // What the victim signs in to is theirs alone, whatever cookie came along.
    const before = await accountOf(env, attacker.id).sessions();
    await call('GET', '/api/v1/session', { token: victim.access, headers: { cookie: planted } });
    const me = await call<{ person: { id: string } }>('GET', '/api/v1/session', {
      token: victim.access,
      headers: { cookie: planted },
    });
    expect(me.body.person.id).toBe(victim.id);
    expect((await accountOf(env, attacker.id).sessions()).length).toBe(before.length);
  });
});
