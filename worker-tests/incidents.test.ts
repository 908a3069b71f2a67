import { evictDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { base64url, SignJWT } from 'jose';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { app } from '../src/app.ts';
import { conversationOf } from '../src/chat/conversation.ts';
import { accountOf } from '../src/people/account.ts';
import { tokensOf } from '../src/people/guard.ts';
import { addIdentityKey, vouchedFor } from '../src/people/vouching.ts';
import { limits } from '../src/protocol/limits.ts';
import { newId } from '../src/protocol/ids.ts';
import { Refusal } from '../src/protocol/refusals.ts';
import { begin, call, join, type Member, newMember, newVisitor, open, origin, signedIn } from './cast.ts';
import { act, scene, type Scene } from './chat/scene.ts';

// What befell others, tried here. Where another test holds it, its name carries the incident's number.

let here: Scene;
let owner: Member;
beforeAll(async () => {
  here = await scene();
  owner = await newMember('owner', [here.team], 'Olivia');
});

/** Every route of the API, with ids that nobody has. */
const routes = [
  ...new Set(
    app.routes
      .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/v1/'))
      .map(({ method, path }) => `${method} ${path}`),
  ),
].map((each) => {
  const [method = '', path = ''] = each.split(' ');
  return { method, path };
});
const filled = (path: string, id: string) => path.replaceAll(/:\w+/g, id);
let networks = 0;
/** A network of its own for each request, so that no limit is met. */
const network = () => ({ 'cf-connecting-ip': `203.0.${(networks >> 8) & 255}.${networks++ & 255}` });
const ask = (who: { access: string } | undefined, method: string, path: string, body?: unknown) =>
  call(method, path, { token: who?.access, body, headers: network() });

describe('a socket path that skips what HTTP asks for', () => {
  it('S9 W2 (incident 1, 2) what is no ticket opens no socket: passwords, access tokens, half a sign-in', async () => {
    const { token } = await (await tokensOf(env)).factor({ sub: here.anna.id, epoch: 0 }, Date.now());
    for (const none of ['', 'null', 'password', here.anna.access, token])
      expect([none, (await (await open(here.team, none)).closed).code]).toEqual([none, 4401]);
    expect((await ask({ access: token }, 'POST', `/api/v1/teams/${here.team}/tickets`, {})).body.code).toBe(
      'factor_needed',
    );
  });

  it('S9 (incident 3) a forged token opens no route that no token opens', async () => {
    const { privateKey } = (await crypto.subtle.generateKey('Ed25519', false, ['sign'])) as CryptoKeyPair;
    const forged = await new SignJWT({ sid: owner.session, amr: ['pwd', 'otp'], auth_time: 0 })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: 'forged' })
      .setIssuer(origin)
      .setAudience('sotto:staff')
      .setSubject(owner.id)
      .setIssuedAt()
      .setExpirationTime('5m')
      .setJti(crypto.randomUUID())
      .sign(privateKey);
    for (const { method, path } of routes) {
      const at = filled(path, here.team);
      const body = method === 'GET' || method === 'DELETE' ? undefined : {};
      const [without, withForged] = [
        await ask(undefined, method, at, body),
        await ask({ access: forged }, method, at, body),
      ];
      expect([method, path, withForged.status, withForged.body.code]).toEqual([
        method,
        path,
        without.status,
        without.body.code,
      ]);
    }
  });
});

describe('a signature that is compared byte by byte', () => {
  it('V2 (incident row 12) is compared by no code of ours: the platform says no, whichever byte is wrong', async () => {
    const { secret } = await addIdentityKey(env, here.site, null);
    const claims = { sub: 'customer 42', jti: crypto.randomUUID() };
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(here.site)
      .setExpirationTime('5m')
      .sign(new TextEncoder().encode(secret ?? ''));
    const [head = '', said = '', mark = ''] = token.split('.');
    const right = base64url.decode(mark);
    const bent = (bytes: Uint8Array) => [head, said, base64url.encode(bytes)].join('.');
    const verified = vi.spyOn(crypto.subtle, 'verify');
    try {
      expect((await vouchedFor(env, here.site, token, Date.now())).subject).toBe('customer 42');
      for (const at of [0, 1, 15, 30, 31]) {
        verified.mockClear();
        const forged = bent(right.map((byte, n) => (n === at ? byte ^ 1 : byte)));
        const refusal: unknown = await vouchedFor(env, here.site, forged, Date.now()).catch(
          (error: unknown) => error,
        );
        expect([at, refusal]).toEqual([
          at,
          new Refusal('vouch_refused', 'No key of this site has signed this.'),
        ]);
        expect(await Promise.all(verified.mock.results.map(({ value }) => value as unknown))).toEqual([
          false,
        ]);
      }
    } finally {
      verified.mockRestore();
    }
  });
});

describe('ids and fields that are something else', () => {
  it('W1 P4 (incident 4, 6, 18) strange ids are simply not there', async () => {
    const visitor = await newVisitor(here.site);
    const id = await begin(await newVisitor(here.site));
    const strange = [
      'GENERAL',
      '..%2F',
      id.slice(0, 10),
      id.toUpperCase(),
      '0',
      'true',
      '0e1',
      "'%20OR%201=1",
    ];
    for (const each of strange) {
      const reply = await ask(visitor, 'GET', `/api/v1/conversations/${each}/messages`);
      expect([each, reply.body.code]).toEqual([each, 'not_found']);
    }
  });

  it('W1 (incident 5, 6, 18) objects, lists, numbers and SQL in place of texts are refused before anything is asked', async () => {
    const odd = [{ $ne: null }, ['a'], 0, true, null];
    const bodies = (value: unknown): [string, string, unknown][] => [
      ['POST', '/sign-in', { address: value, password: 'x' }],
      ['POST', '/sign-in', { address: 'a@example.com', password: value }],
      ['POST', '/resets', { address: value }],
      ['POST', '/resets/redeem', { token: value, password: 'a long enough pass phrase' }],
      ['POST', '/invitations/redeem', { token: value, password: 'a long enough pass phrase' }],
      ['POST', '/addresses/redeem', { token: value }],
    ];
    for (const value of odd)
      for (const [method, path, body] of bodies(value))
        expect([path, value, (await ask(undefined, method, `/api/v1${path}`, body)).body.code]).toEqual([
          path,
          value,
          'invalid',
        ]);
    const sql = `x'); DROP TABLE people; --`;
    expect((await ask(owner, 'GET', `/api/v1/visitors?before=1%20OR%201=1`)).body.code).toBe('invalid');
    const id = await begin(await newVisitor(here.site));
    const tagged = await act('tags', id, owner.access, { tags: [sql] });
    expect(tagged.body.conversation.staff?.tags).toEqual([sql]);
  });

  it('P2 (incident 7, 8) what is another team’s and what is not there have one answer, to the letter', async () => {
    const stranger = await newMember('agent', []);
    const theirs = await begin(await newVisitor(here.site));
    for (const [method, path] of routes
      // Whoever may enter, the room says: a ticket is given for any, and opens none that is not theirs.
      .filter(({ path: each }) => /^\/api\/v1\/conversations\/:id\/(?!tickets|socket)/.test(each))
      .map(({ method: verb, path: each }) => [verb, each] as const)) {
      const body = method === 'GET' ? undefined : {};
      const of = (id: string) => ask(stranger, method, filled(path, id), body);
      const [foreign, none] = [await of(theirs), await of(newId('conversation'))];
      expect([method, path, foreign.status, foreign.body]).toEqual([method, path, none.status, none.body]);
    }
  });
});

describe('a page elsewhere that sends what it likes', () => {
  it('W5 (incident 19) changes nothing: another origin, a form’s types, and GET or HEAD in place of a change', async () => {
    for (const { method, path } of routes.filter(({ method: verb }) => verb !== 'GET')) {
      const at = filled(path, here.team);
      const foreign = await call(method, at, {
        ...{ token: owner.access, from: 'https://evil.example', headers: network() },
        ...(method === 'DELETE' ? {} : { body: {} }),
      });
      expect([method, path, foreign.body.code]).toEqual([method, path, 'origin_refused']);
      if (method === 'DELETE') continue;
      const form = await call(method, at, {
        ...{ token: owner.access, raw: '{}' },
        headers: { 'content-type': 'text/plain', ...network() },
      });
      expect([method, path, form.status >= 400]).toEqual([method, path, true]);
    }
  });
});

describe('S23 (incident 23) sessions without end', () => {
  it('are at most twenty: one more ends the oldest, and the others go on', async () => {
    const member = await newMember('agent', [here.team]);
    const inbox = await join(here.team, member.access);
    const later = [];
    for (let n = 1; n < limits.sessionsPerPerson; n++) later.push(await signedIn(member.id));
    const account = accountOf(env, member.id);
    expect((await account.sessions()).length).toBe(limits.sessionsPerPerson);
    const one = await signedIn(member.id);
    const alive = (await account.sessions()).map(({ id }) => id);
    expect(alive.length).toBe(limits.sessionsPerPerson);
    expect(alive).toContain(one.session);
    for (const { session } of later) expect(alive).toContain(session);
    expect((await inbox.closed).code).toBe(4401);
  });
});

describe('many at once', () => {
  it('P4 (incident 13) of two hundred visitors nobody hears another, also after an eviction', async () => {
    const visitors = await Promise.all(
      Array.from({ length: 200 }, async (_, n) => {
        const from = { 'cf-connecting-ip': `198.18.${n >> 7}.${(n & 127) + 1}` };
        const visitor = await newVisitor(here.site, from);
        const mark = `mark of ${n} and nobody else;`;
        const id = await begin(visitor, mark, crypto.randomUUID(), from);
        return { visitor, mark, id };
      }),
    );
    const ears = await Promise.all(visitors.map(async ({ id, visitor }) => join(id, visitor.access)));
    for (const { id } of visitors.filter((_, n) => n % 10 === 0))
      await evictDurableObject(conversationOf(env, id));
    for (const [n, ear] of ears.entries()) ear.post(`${visitors[n]?.mark ?? ''} again`, 1);
    for (const [n, ear] of ears.entries()) {
      const mark = visitors[n]?.mark ?? '';
      await ear.until(() => ear.texts.find((text) => text === `${mark} again`), mark);
      expect(ear.texts.filter((text) => !text.startsWith(mark))).toEqual([]);
      ear.close();
    }
  }, 60_000);
});
