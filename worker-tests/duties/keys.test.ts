/** Sotto's own keys over HTTP: how they stand, and renewing them. */
import { env } from 'cloudflare:workers';
import { decodeProtectedHeader, type JSONWebKeySet } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { vaultOf } from '../../src/config.ts';
import { rotationPortion, seeToRoots } from '../../src/duties/rotation.ts';
import { RunStore } from '../../src/duties/runs/store.ts';
import { ledgerOf } from '../../src/ledger.ts';
import type { KeysAnswer } from '../../src/protocol/keys.ts';
import { keyTable } from '../../src/vault.ts';
import { accessFor, call, type Member, newMember, signedIn } from '../cast.ts';
import { since, size } from '../ledger/scene.ts';
import { accountOf } from '../../src/people/account.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
let owner: Member;
beforeEach(async () => {
  owner = await newMember('owner', []);
});
afterEach(() => void vi.useRealTimers());

const keys = () => call<KeysAnswer>('GET', '/api/v1/keys', { token: owner.access });
const renew = (id: number | string, body: object = {}, token = owner.access) =>
  call<KeysAnswer>('POST', `/api/v1/keys/${id}/renew`, { token, body });
const activeOf = async (purpose: string) =>
  (await keys()).body.keys.find((key) => key.purpose === purpose && key.state === 'active')?.id ?? 0;
const published = async () =>
  (await call<JSONWebKeySet>('GET', '/.well-known/jwks.json')).body.keys.map(({ kid }) => kid);
const isGood = async (token: string) => (await call('GET', '/api/v1/session', { token })).status === 200;

describe('K9 whoever may rotate keys', () => {
  it('sees each with its age, its time, its uses, and nothing of its secret', async () => {
    const reply = await keys();
    expect(reply.body.keys.map(({ purpose, state, due }) => [purpose, state, due])).toEqual(
      ['data', 'pepper', 'lookup', 'token', 'ledger'].map((purpose) => [purpose, 'active', 'later']),
    );
    const [data, , lookup] = reply.body.keys;
    expect(data).toMatchObject({
      uses: 32,
      mostUses: 2 ** 31,
      lasts: 365 * 24 * 60 * minute,
      rotation: null,
    });
    expect(lookup).toMatchObject({ uses: null, mostUses: null, lasts: null });
    expect(Object.keys(data ?? {})).not.toContain('wrapped');
  });

  it('K33 sees of the root since when it is in use, and that another is due', async () => {
    const root = async () => (await keys()).body.root;
    expect(await root()).toEqual({ root: 1, since: null, lasts: 365 * day, due: 'later' });
    await seeToRoots(env, Date.now());
    const { since: at } = await root();
    expect(Math.abs(Date.now() - (at ?? 0))).toBeLessThan(10 * minute);
    const old = env.DB.prepare('UPDATE roots SET seen_at = seen_at - ? WHERE root = 1');
    await old.bind(340 * day).run();
    expect((await root()).due).toBe('soon');
    await old.bind(26 * day).run();
    expect((await root()).due).toBe('over');
    await old.bind(-366 * day).run();
  });

  it('renews one with a new second factor, and the ledger has who did', async () => {
    const before = await size();
    const id = await activeOf('pepper');
    const old = await accountOf(env, owner.id).sessions();
    const session = old.find((each) => each.id === owner.session);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6 * minute });
    const access = session && (await accessFor(owner.id, session));
    expect((await renew(id, {}, access)).body.code).toBe('step_up_needed');
    const again = await signedIn(owner.id);
    const reply = await renew(id, {}, again.access);
    expect(reply.status).toBe(202);
    const peppers = reply.body.keys.filter(({ purpose }) => purpose === 'pepper');
    expect(peppers.map(({ state }) => state)).toEqual(['active', 'retired']);
    expect(peppers[1]).toMatchObject({
      id,
      due: null,
      rotation: { done: 0, holder: null, isOver: false, left: 0 },
    });
    // Pressed twice it is one.
    expect((await renew(id, {}, again.access)).body.keys).toEqual(reply.body.keys);
    const entered = (await since(before)).filter(
      ({ action, outcome }) => action === 'keys.rotate' && outcome === 'done',
    );
    expect(entered.map(({ actor, facts }) => [actor, facts])).toEqual(
      Array(2).fill([owner.id, { door: 'POST /keys/:id/renew', purpose: 'pepper' }]),
    );
  });

  it('renews no look-up key, none that is not there, and calls none leaked but those that sign tokens', async () => {
    expect((await renew(await activeOf('lookup'))).body.code).toBe('invalid');
    expect((await renew(await activeOf('data'), { leaked: true })).body.code).toBe('invalid');
    for (const id of [1, 'data', '-1', '1e3']) expect((await renew(id)).body.code).toBe('not_found');
    expect((await keys()).body.keys.filter(({ purpose }) => purpose === 'data')).toHaveLength(1);
  });

  it('has the ledger signed by another key, and the former one stays known', async () => {
    const id = await activeOf('ledger');
    expect((await renew(id)).status).toBe(202);
    const ledgers = (await keys()).body.keys.filter(({ purpose }) => purpose === 'ledger');
    expect(ledgers.map(({ state, rotation }) => [state, rotation])).toEqual([
      ['active', null],
      ['retired', null],
    ]);
    expect(await (await vaultOf(env)).ledgerKeys(Date.now())).toHaveLength(2);
    expect((await ledgerOf(env).checkpoint()).note).toContain('—');
  });
});

describe('K15 where keys that sign tokens have leaked', () => {
  it('what they have signed is refused once every isolate signs with another, and sessions go on', async () => {
    const id = await activeOf('token');
    const [kid] = await published();
    const { status, body } = await renew(id, { leaked: true });
    expect(status).toBe(202);
    expect(body.keys.find((key) => key.id === id)).toMatchObject({ state: 'retired' });
    // Until then nobody is signed out by an isolate that has not heard of it.
    expect([await isGood(owner.access), (await published()).includes(kid)]).toEqual([true, true]);
    const run = await new RunStore(env.DB).find(`rotation-${id}`);
    expect(run).toMatchObject({ duty: 'rotation' });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 66_000 });
    const place = `1 ${Date.now() - 1} 0  `;
    expect(await rotationPortion(env, `rotation-${id}`, place)).toEqual({ place: null, done: 0 });
    expect((await keyTable(env.DB).all()).some((key) => key.id === id)).toBe(false);
    expect([await isGood(owner.access), (await published()).includes(kid)]).toEqual([false, false]);
    const session = (await accountOf(env, owner.id).sessions()).find((each) => each.id === owner.session);
    const fresh = session === undefined ? '' : await accessFor(owner.id, session);
    expect(decodeProtectedHeader(fresh).kid).not.toBe(kid);
    expect(await isGood(fresh)).toBe(true);
  });
});
