import { env } from 'cloudflare:workers';
import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { accountOf } from '../../src/people/account.ts';
import { PasskeyStore } from '../../src/people/identity/passkeys.ts';
import { StaffDirectory, tellRights } from '../../src/people/staff.ts';
import type { CodesAnswer, MyAnswer, StaffSession } from '../../src/protocol/sign-in.ts';
import { tokensOf } from '../../src/people/guard.ts';
import { call, keyed, type Member, newMember } from '../cast.ts';
import { Authenticator, type Lies } from './authenticator.ts';
import { add, ask, signIn } from './ceremonies.ts';
import { enters } from '../ledger/elsewhere.ts';

const mine = async ({ access }: Member) =>
  (await call<MyAnswer>('GET', '/api/v1/me/sign-in', { token: access })).body;

let member: Member;
let passkey: Authenticator;

beforeEach(async () => {
  member = await newMember('agent', []);
  passkey = await Authenticator.make();
  expect((await add(member, passkey)).status).toBe(200);
});

afterEach(() => {
  vi.useRealTimers();
});

describe('S11 a passkey', () => {
  it('signs in by itself, as two factors, and says when it was used', async () => {
    expect((await mine(member)).passkeys).toMatchObject([
      { id: passkey.id, name: 'My laptop', usedAt: null },
    ]);
    const reply = await signIn(passkey);
    expect(reply.status).toBe(200);
    expect(reply.body.person.id).toBe(member.id);
    expect(decodeJwt(reply.body.access)['amr']).toEqual(['pop', 'mfa']);
    expect((await call('GET', '/api/v1/session', { token: reply.body.access })).status).toBe(200);
    expect((await mine(member)).passkeys[0]?.usedAt).toBeGreaterThan(Date.now() - 60_000);
  });

  it('counts also where it does not count itself', async () => {
    const quiet = await Authenticator.make({ counts: false });
    await add(member, quiet);
    expect((await signIn(quiet)).status).toBe(200);
    expect((await signIn(quiet)).status).toBe(200);
  });

  it.each([
    ['for another origin', { origin: 'https://evil.example' }],
    ['for another host', { party: 'evil.example' }],
    ['without its user verified', { unverified: true }],
    ['for another challenge', { challenge: 'A'.repeat(43) }],
    ['of another kind', { type: 'webauthn.create' }],
  ] satisfies [string, Lies][])('that answers %s is refused', async (_, lies) => {
    const reply = await signIn(passkey, lies);
    expect([reply.status, reply.body.code]).toEqual([401, 'wrong_passkey']);
    expect(reply.headers.get('set-cookie')).toBeNull();
  });

  it.each([
    ['for another origin', { origin: 'https://evil.example' }],
    ['for another host', { party: 'evil.example' }],
    ['without its user verified', { unverified: true }],
    ['for another challenge', { challenge: 'A'.repeat(43) }],
  ] satisfies [string, Lies][])('that is made %s is not added', async (_, lies) => {
    const other = await Authenticator.make();
    expect((await add(member, other, lies)).body.code).toBe('wrong_passkey');
    expect((await mine(member)).passkeys.length).toBe(1);
  });

  it('whose answer is replayed is refused, and of twenty at once one lets in', async () => {
    const quiet = await Authenticator.make({ counts: false });
    await add(member, quiet);
    const { options, token } = await ask('/sign-in/passkey/challenge');
    const body = { token, response: await quiet.assert(options) };
    const tries = Array.from({ length: 20 }, (_, n) =>
      call('POST', '/api/v1/sign-in/passkey', { body, headers: { 'cf-connecting-ip': `192.0.2.${n + 10}` } }),
    );
    const replies = await Promise.all(tries);
    expect(replies.filter(({ status }) => status === 200).length).toBe(1);
    expect((await call('POST', '/api/v1/sign-in/passkey', { body })).body.code).toBe('wrong_passkey');
  });

  it('that was cloned is refused as soon as it counts behind', async () => {
    expect((await signIn(passkey)).status).toBe(200);
    passkey.counter -= 1;
    expect((await signIn(passkey)).body.code).toBe('wrong_passkey');
    expect((await signIn(passkey)).status).toBe(200);
  });

  it('answers only what it was asked, and not after five minutes', async () => {
    const adding = await ask('/me/passkeys/challenge', member.access);
    const proving = await ask('/me/step-up/passkey', member.access);
    for (const { options, token } of [adding, proving]) {
      const body = { token, response: await passkey.assert({ ...options, rpId: 'sotto.test' }) };
      expect((await call('POST', '/api/v1/sign-in/passkey', { body })).body.code).toBe('wrong_passkey');
    }
    const { options, token } = await ask('/sign-in/passkey/challenge');
    const body = { token, response: await passkey.assert(options) };
    expect((await call('POST', '/api/v1/me/step-up', { token: member.access, body })).body.code).toBe(
      'wrong_passkey',
    );
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5 * 60_000 + 1_000 });
    expect((await call('POST', '/api/v1/sign-in/passkey', { body })).body.code).toBe('wrong_passkey');
  });

  it('that is not known, or of somebody who is not active, has one answer', async () => {
    const unknown = await signIn(await Authenticator.make());
    await new StaffDirectory(env).store.disable(member.id, 'agent');
    await tellRights(env, [member.id]);
    const disabled = await signIn(passkey);
    expect(unknown.status).toBe(401);
    expect(disabled.body).toEqual(unknown.body);
  });

  it('is somebody’s alone: nobody else can use, rename or remove it, or add it to their own', async () => {
    const other = await newMember('owner', []);
    const { options, token } = await ask('/me/step-up/passkey', other.access);
    const body = { token, response: await passkey.assert(options) };
    expect((await call('POST', '/api/v1/me/step-up', { token: other.access, body })).body.code).toBe(
      'wrong_passkey',
    );
    const path = `/api/v1/me/passkeys/${passkey.id}`;
    const renamed = await call('PATCH', path, { token: other.access, body: { name: 'Mine' } });
    expect(renamed.body.code).toBe('not_found');
    expect((await call('DELETE', path, { token: other.access })).body.code).toBe('not_found');
    expect((await add(other, passkey)).body.code).toBe('no_room');
    expect((await mine(member)).passkeys[0]?.name).toBe('My laptop');
    passkey.userHandle = btoa(other.id).replaceAll('=', '');
    expect((await signIn(passkey)).body.code).toBe('wrong_passkey');
  });

  it('works while an attacker has paused the password and the one-time code', async () => {
    const account = accountOf(env, member.id);
    vi.useFakeTimers({ toFake: ['Date'] });
    for (const factor of ['password', 'totp', 'recovery'] as const) {
      for (let n = 0; n < 100; n++) {
        vi.setSystemTime(Date.now() + 3_600_001);
        await account.startTry(factor, 'a strange network');
      }
      vi.setSystemTime(Date.now() + 3_600_001);
      expect(await account.startTry(factor, 'a strange network')).toBe(false);
    }
    expect((await signIn(passkey)).status).toBe(200);
  });

  it('is one of twenty at most', async () => {
    const store = new PasskeyStore(env.DB);
    const row = { person: member.id, publicKey: new Uint8Array(1), counter: 0, transports: [], createdAt: 0 };
    const owner = await keyed(member.id);
    for (let n = 1; n < 20; n++)
      expect(await store.add(owner, { ...row, id: `${member.id}-${n}`, name: new Uint8Array(1) })).toBe(true);
    const reply = await add(member, await Authenticator.make());
    expect([reply.status, reply.body.code]).toEqual([409, 'no_room']);
  });
});

describe('S2 the first second factor', () => {
  const fresh = async () => {
    const directory = new StaffDirectory(env);
    const person = {
      ...{ name: 'Nele', address: `${crypto.randomUUID()}@example.com` },
      ...({ role: 'agent', grants: null } as const),
    } as const;
    const added = await directory.add({ ...person, teams: [], state: 'active' }, undefined, (row) =>
      directory.store.add(row),
    );
    if (added === undefined) throw new Error('not added');
    return (await (await tokensOf(env)).factor({ sub: added.id, epoch: 0 }, Date.now())).token;
  };

  it('may be a passkey, and then too nobody gets in before they have kept their recovery codes', async () => {
    const half = await fresh();
    const key = await Authenticator.make();
    const { options, token } = await ask('/sign-in/enrolment/passkey', half);
    const body = { token, response: await key.attest(options), name: 'My phone' };
    const shown = await call<CodesAnswer>('POST', '/api/v1/sign-in/enrolment/passkey/confirm', {
      token: half,
      body,
    });
    expect(shown.body.recoveryCodes.length).toBe(10);
    expect(shown.headers.get('set-cookie')).toBeNull();
    const again = await signIn(key);
    const codes = (again.body as unknown as CodesAnswer).recoveryCodes;
    expect(codes.length).toBe(10);
    const done = await call<StaffSession>('POST', '/api/v1/sign-in/enrolment/finish', {
      token: (again.body as unknown as CodesAnswer).token,
      body: { code: codes[0] },
    });
    expect(decodeJwt(done.body.access)['amr']).toEqual(['pop', 'mfa']);
    expect((await signIn(key)).body.person.name).toBe('Nele');
  });

  it('is not added by a password alone where there is one', async () => {
    const half = (await (await tokensOf(env)).factor({ sub: member.id, epoch: 0 }, Date.now())).token;
    for (const path of ['/sign-in/enrolment/passkey', '/sign-in/enrolment'])
      expect((await call('POST', `/api/v1${path}`, { token: half, body: {} })).body.code).toBe(
        'already_done',
      );
  });
});

describe('S13 the last second factor', () => {
  it('can’t be removed, also by two at once', async () => {
    const other = await Authenticator.make();
    await add(member, other);
    const remove = ({ id }: Authenticator) =>
      call('DELETE', `/api/v1/me/passkeys/${id}`, { token: member.access });
    const replies = await Promise.all([remove(passkey), remove(other)]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(replies.find(({ status }) => status === 409)?.body.code).toBe('last_factor');
    expect((await mine(member)).passkeys.length).toBe(1);
  });

  it('leaves the authenticator app to be removed only beside a passkey', async () => {
    const bare = await newMember('agent', []);
    const { store } = new StaffDirectory(env);
    await store.setTotp(await keyed(bare.id), new Uint8Array(3));
    await store.setTotp(await keyed(member.id), new Uint8Array(3));
    const remove = ({ access }: Member) => call('DELETE', '/api/v1/me/totp', { token: access });
    expect((await remove(bare)).body.code).toBe('last_factor');
    expect((await remove(member)).status).toBe(200);
    expect((await mine(member)).totp).toBe(false);
    expect((await mine(bare)).totp).toBe(true);
  });
});

it('L7 what was done at the doors that are passed here alone stands in the ledger', () =>
  enters('people/passkeys.test.ts'));
