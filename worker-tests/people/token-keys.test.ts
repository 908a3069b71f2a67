import { createScheduledController } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { keyringOf, vaultOf } from '../../src/config.ts';
import { accountOf } from '../../src/people/account.ts';
import { refreshTokenOf } from '../../src/people/identity/refresh.ts';
import { lifetimes } from '../../src/protocol/limits.ts';
import type { StaffSession } from '../../src/protocol/sign-in.ts';
import { keyTable, tokenKeyOrders, Vault } from '../../src/vault.ts';
import worker from '../../src/worker.ts';
import { call, newMember, origin, type Member } from '../cast.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
let anna: Member;

// Time goes on through all tests, as it does for the vault that they share; each begins with one key and with Anna.
beforeAll(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.now() }));
afterAll(() => void vi.useRealTimers());
beforeEach(async () => {
  await order('retire');
  await order('discard');
  later(minute);
  anna = await newMember('agent', []);
});

const later = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds);
const isGood = async (token: string) => (await call('GET', '/api/v1/session', { token })).status === 200;
const keyOf = (token: string) => decodeProtectedHeader(token).kid;
const keySet = () => call<JSONWebKeySet>('GET', '/.well-known/jwks.json');
const published = async () => (await keySet()).body.keys.map(({ kid }) => kid);
const daily = async () => {
  await worker.scheduled(createScheduledController({ cron: '17 3 * * *' }), env);
};
/** As the command line gives it. */
const order = async (what: keyof typeof tokenKeyOrders) => {
  await env.DB.prepare(tokenKeyOrders[what]).run();
};

/** An access token for the cookie that her browser holds. */
async function fresh(): Promise<string> {
  const account = accountOf(env, anna.id);
  const [session] = await account.sessions();
  const salt = session && (await account.refreshSalt(session.id));
  if (session === undefined || salt === undefined) throw new Error('no session');
  const place = { person: anna.id, session: session.id, generation: session.generation };
  const token = await refreshTokenOf(await vaultOf(env), salt, place);
  const cookie = `__Host-sotto-staff=${anna.id}.${session.id}.${session.generation}.${token}`;
  const reply = await call<StaffSession>('POST', '/api/v1/session/refresh', { headers: { cookie } });
  expect(reply.status).toBe(200);
  return reply.body.access;
}

it('S21 the public keys are published for whoever asks, for a minute, and no private half is', async () => {
  const { status, headers, body } = await keySet();
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('application/jwk-set+json');
  expect(headers.get('cache-control')).toBe('public, max-age=60');
  expect(body.keys.map((key) => Object.keys(key).sort())).toEqual([['alg', 'crv', 'kid', 'kty', 'use', 'x']]);
  const { payload } = await jwtVerify(anna.access, createLocalJWKSet(body), { issuer: origin });
  expect(payload.sub).toBe(anna.id);
});

it('S21 a key that was rotated by command signs no more from a minute later on, and nobody signs in again', async () => {
  const before = await fresh();
  await order('retire');
  later(minute);
  const after = await fresh();
  expect(keyOf(after)).not.toBe(keyOf(before));
  expect(await published()).toEqual([keyOf(after), keyOf(before)]);
  expect([await isGood(after), await isGood(before)]).toEqual([true, true]);
  later(lifetimes.staffAccess - minute - 1_000);
  expect(await isGood(before)).toBe(true);
  later(2_000);
  expect(await isGood(before)).toBe(false);
  expect(await isGood(await fresh())).toBe(true);
});

it('S21 what a leaked key has signed is refused a minute after it was discarded, and sessions go on', async () => {
  const leaked = await fresh();
  await order('retire');
  later(minute);
  const during = await fresh();
  await order('discard');
  later(minute);
  expect([await isGood(leaked), await isGood(during)]).toEqual([false, true]);
  expect(await published()).toEqual([keyOf(during)]);
  expect(await isGood(await fresh())).toBe(true);
});

it('S21 a command before anybody is there, and one twice, leave one key that signs', async () => {
  await order('retire');
  await order('retire');
  await order('discard');
  later(minute);
  expect(await isGood(await fresh())).toBe(true);
  expect((await published()).length).toBe(1);
});

it('S21 processes that look at once after a command agree on the new key', async () => {
  const before = await fresh();
  await order('retire');
  const keyring = await keyringOf(env);
  const opened = Array.from({ length: 6 }, () => Vault.open(keyring, keyTable(env.DB), Date.now()));
  const keys = await Promise.all((await Promise.all(opened)).map((vault) => vault.tokenKeys()));
  const kids = new Set(keys.map(({ active }) => active.kid));
  expect(kids.size).toBe(1);
  expect(kids).not.toContain(keyOf(before));
});

it('S21 the schedule renews a key of thirty days, and not before', async () => {
  const first = keyOf(anna.access);
  later(30 * day - 1_000);
  await daily();
  expect(await published()).toEqual([first]);
  later(1_000);
  await daily();
  await daily();
  const [next, ...former] = await published();
  expect(next).not.toBe(first);
  expect(former).toEqual([first]);
});

it('S21 the schedule discards a retired key once nothing that it signed can live', async () => {
  const first = keyOf(anna.access);
  await order('retire');
  later(minute);
  const next = keyOf(await fresh());
  // Others may have signed with it for a minute more, and clocks differ.
  later(lifetimes.visitorAccess + minute);
  await daily();
  expect(await published()).toEqual([next, first]);
  later(4 * minute + 1_000);
  await daily();
  expect(await published()).toEqual([next]);
});
