import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { vaultOf } from '../../src/config.ts';
import { accountOf } from '../../src/people/account.ts';
import { newLink } from '../../src/people/identity.ts';
import { hashPassword } from '../../src/people/identity/password.ts';
import { StaffDirectory } from '../../src/people/staff.ts';
import { newId } from '../../src/protocol/ids.ts';
import type { SignInAnswer } from '../../src/protocol/sign-in.ts';
import { call, join, type Member, newMember, newTeam, whence } from '../cast.ts';
import { enters } from '../ledger/elsewhere.ts';

const old = 'a long enough pass phrase';
const next = 'quite another pass phrase';
let member: Member;

const post = <T = Record<string, unknown>>(path: string, body: unknown, token?: string) =>
  call<T>('POST', `/api/v1${path}`, { body, token });
const signIn = (address: string, password: string) => post<SignInAnswer>('/sign-in', { address, password });

/** A link of this kind in the member's mail. */
async function mailed(kind: 'reset' | 'address', about?: string): Promise<string> {
  const { token, hash } = await newLink(member.id);
  const person = await new StaffDirectory(env).byId(member.id);
  await accountOf(env, member.id).setLink(
    kind,
    hash,
    about === undefined ? undefined : await person?.sealAddress(about),
  );
  return token;
}

beforeEach(async () => {
  member = await newMember('agent', [await newTeam()]);
  const directory = new StaffDirectory(env);
  const person = await directory.byId(member.id);
  if (person === undefined) throw new Error('nobody is there');
  const hashed = await hashPassword(await vaultOf(env), old);
  await directory.store.setPassword(person.row, await person.seal('password', hashed));
});

afterEach(() => {
  vi.useRealTimers();
});

describe('S14 a link for a forgotten password', () => {
  it('is asked for in the same words, whoever lives at the address', async () => {
    const known = await post('/resets', { address: member.address });
    const unknown = await post('/resets', { address: 'nobody@example.com' });
    expect([known.status, known.body]).toEqual([202, {}]);
    expect([unknown.status, unknown.body]).toEqual([202, {}]);
  });

  it('is mailed less and less often, and never not at all', async () => {
    const account = accountOf(env, member.id);
    vi.useFakeTimers({ toFake: ['Date'] });
    for (let n = 0; n < 5; n++) expect(await account.startMail()).toBe(true);
    expect(await account.startMail()).toBe(false);
    for (let n = 0; n < 200; n++) {
      vi.setSystemTime(Date.now() + 3_600_000);
      expect(await account.startMail()).toBe(true);
    }
    expect(await account.startMail()).toBe(false);
  });

  it('lets choose another password once, ends every session, and leaves the second factor to be proved', async () => {
    const inbox = await join((await teamOf(member)) ?? '', member.access);
    await inbox.next('list');
    const token = await mailed('reset');
    expect((await post('/resets/redeem', { token, password: 'Password1234!' })).body.code).toBe(
      'password_unfit',
    );
    const replies = await Promise.all([1, 2].map(() => post('/resets/redeem', { token, password: next })));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 410]);
    expect((await inbox.closed).code).toBe(4401);
    expect(await accountOf(env, member.id).sessions()).toEqual([]);
    expect((await signIn(member.address, old)).body.code).toBe('wrong_credentials');
    const { body } = await signIn(member.address, next);
    expect((await call('GET', '/api/v1/session', { token: body.token })).body.code).toBe('factor_needed');
  });

  it('is good for fifteen minutes, for the newest one alone, and for nothing else', async () => {
    const first = await mailed('reset');
    const second = await mailed('reset');
    expect((await post('/resets/redeem', { token: first, password: next })).body.code).toBe('link_gone');
    for (const path of ['/invitations/redeem', '/addresses/redeem']) {
      const body = path === '/addresses/redeem' ? { token: second } : { token: second, password: next };
      expect((await post(path, body)).body.code).toBe('link_gone');
    }
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 15 * 60_000 + 1 });
    expect((await post('/resets/redeem', { token: second, password: next })).body.code).toBe('link_gone');
  });

  it('is of no use to somebody who was disabled', async () => {
    const token = await mailed('reset');
    await new StaffDirectory(env).store.disable(member.id, 'agent');
    expect((await post('/resets/redeem', { token, password: next })).body.code).toBe('link_gone');
  });
});

describe('S14 a link for another address', () => {
  const ask = (address: string) => post('/me/address', { address }, member.access);

  it('is mailed there, and until it is followed nothing changes', async () => {
    expect((await ask('new-one@example.com')).status).toBe(200);
    expect((await signIn(member.address, old)).status).toBe(200);
    expect((await signIn('new-one@example.com', old)).body.code).toBe('wrong_credentials');
  });

  it('changes the address once it is followed, once, and ends every session', async () => {
    const address = `${crypto.randomUUID()}@example.com`;
    const token = await mailed('address', address);
    expect((await post('/addresses/redeem', { token })).status).toBe(200);
    expect((await post('/addresses/redeem', { token })).body.code).toBe('link_gone');
    expect(await accountOf(env, member.id).sessions()).toEqual([]);
    expect((await signIn(member.address, old)).body.code).toBe('wrong_credentials');
    expect((await signIn(address, old)).status).toBe(200);
    expect(await (await new StaffDirectory(env).byId(member.id))?.address()).toBe(address);
  });

  it('does not take an address that somebody has, not even meanwhile', async () => {
    const other = await newMember('agent', []);
    expect((await ask(other.address)).body.code).toBe('address_taken');
    const token = await mailed('address', other.address);
    expect((await post('/addresses/redeem', { token })).body.code).toBe('address_taken');
    expect((await signIn(member.address, old)).status).toBe(200);
  });
});

describe('S16 what was begun', () => {
  it.each(['reset', 'address'] as const)('by a mailed link (%s) ends with every session', async (kind) => {
    const token = await mailed(kind, kind === 'address' ? 'thief@example.com' : undefined);
    await accountOf(env, member.id).endSessions();
    const reply = await post(
      kind === 'reset' ? '/resets/redeem' : '/addresses/redeem',
      kind === 'reset' ? { token, password: next } : { token },
    );
    expect(reply.body.code).toBe('link_gone');
    expect(await (await new StaffDirectory(env).byId(member.id))?.address()).toBe(member.address);
  });

  it('with a password that was changed meanwhile leads nowhere, by whatever second factor', async () => {
    const { body } = await signIn(member.address, old);
    await post('/resets/redeem', { token: await mailed('reset'), password: next });
    for (const path of ['/sign-in/recovery', '/sign-in/enrolment/finish'])
      expect((await post(path, { code: '0'.repeat(24) }, body.token)).body.code).toBe('signed_out');
    const account = accountOf(env, member.id);
    const epoch = (await account.epoch()) - 1;
    const proof = { by: 'totp', step: 2_000_000 } as const;
    expect(await account.startSession(newId('session'), proof, whence, epoch)).toBeUndefined();
    expect(await account.recover(newId('session'), 'a code of the tests', whence, epoch)).toBeUndefined();
    expect(await account.recover(newId('session'), 'a code of the tests', whence, epoch + 1)).toBeDefined();
  });

  it('by one session is finished by no other, and ends with it', async () => {
    const { session } = member;
    const other = newId('session');
    const account = accountOf(env, member.id);
    await account.offerRecoveryCodes(['one', 'two'], session);
    await account.setPendingTotp(new Uint8Array(1), session);
    expect(await account.keepRecoveryCodes('one', other)).toBe(false);
    expect(await account.pendingTotp(other)).toBeUndefined();
    expect(await account.pendingTotp(session)).toBeDefined();
    await account.endSession(session);
    expect(await account.keepRecoveryCodes('one', session)).toBe(false);
    expect(await account.pendingTotp(session)).toBeUndefined();
  });

  it('is void after fifteen minutes', async () => {
    const account = accountOf(env, member.id);
    await account.offerRecoveryCodes(['one'], member.session);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 15 * 60_000 + 1 });
    expect(await account.keepRecoveryCodes('one', member.session)).toBe(false);
  });
});

describe('S4 strangers’ tries', () => {
  it('at the old password keep nobody from the one that they have just chosen', async () => {
    const account = accountOf(env, member.id);
    vi.useFakeTimers({ toFake: ['Date'] });
    for (let n = 0; n < 100; n++) {
      vi.setSystemTime(Date.now() + 3_600_001);
      await account.startTry('password', 'a strange network');
    }
    expect((await signIn(member.address, old)).body.code).toBe('wrong_credentials');
    await post('/resets/redeem', { token: await mailed('reset'), password: next });
    expect((await signIn(member.address, next)).status).toBe(200);
  });
});

describe('S15 a browser', () => {
  const start = async (browser: string, step: number) => {
    const proof = { by: 'totp', step } as const;
    const started = await accountOf(env, member.id).startSession(newId('session'), proof, {
      ...whence,
      browser,
    });
    return started !== undefined && started !== 'unfinished' && started.isStrange;
  };

  it('is strange where its person has used others lately, and only the first time', async () => {
    expect(await start('another', 1_000_000)).toBe(true);
    expect(await start('another', 1_000_001)).toBe(false);
    expect(await start(whence.browser, 1_000_002)).toBe(false);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 91 * 86_400_000 });
    expect(await start('the first in a long time', 1_000_003)).toBe(false);
  });
});

async function teamOf({ id }: Member): Promise<string | undefined> {
  return (await new StaffDirectory(env).byId(id))?.row.teams[0];
}

it('L7 what was done at the doors that are passed here alone stands in the ledger', () =>
  enters('people/links.test.ts'));
