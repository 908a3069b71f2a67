import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { Secret, TOTP } from 'otpauth';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { vaultOf } from '../../src/config.ts';
import { accountOf } from '../../src/people/account.ts';
import { hashPassword } from '../../src/people/identity/password.ts';
import { StaffDirectory } from '../../src/people/staff.ts';
import type { Site } from '../../src/protocol/bodies.ts';
import type { SiteId, TeamId } from '../../src/protocol/ids.ts';
import type { EnrolmentAnswer, MyAnswer, NewCodesAnswer, SignInAnswer } from '../../src/protocol/sign-in.ts';
import { accessFor, call, join, type Member, newMember, newSite, newTeam, shop, signedIn } from '../cast.ts';
import { Authenticator } from './authenticator.ts';
import type { IdentityKeyAnswer } from '../../src/protocol/visitors.ts';
import { enters } from '../ledger/elsewhere.ts';

const word = 'a long enough pass phrase';
let member: Member;
let team: TeamId;
let site: SiteId;
let hashed: Uint8Array;

const post = <T = Record<string, unknown>>(path: string, body: unknown, token = member.access) =>
  call<T>('POST', `/api/v1${path}`, { token, body });
const mine = async (token = member.access) =>
  (await call<MyAnswer>('GET', '/api/v1/me/sign-in', { token })).body;
/** That many milliseconds later, in a session that was refreshed meanwhile. */
async function later(ms: number): Promise<void> {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });
  const session = (await accountOf(env, member.id).sessions()).find(({ id }) => id === member.session);
  if (session === undefined) throw new Error('the session is over');
  member = { ...member, access: await accessFor(member.id, session) };
}
const codeOf = (secret: string, ahead = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + ahead });

/** The recovery codes of somebody who has just made new ones. */
async function withCodes(): Promise<string[]> {
  const { recoveryCodes } = (await post<NewCodesAnswer>('/me/recovery-codes', {})).body;
  expect((await post('/me/recovery-codes/keep', { code: recoveryCodes[0] })).status).toBe(200);
  return recoveryCodes;
}

/** The secret of somebody who has just set up an authenticator app. */
async function withTotp(): Promise<string> {
  const { secret } = (await post<EnrolmentAnswer>('/me/totp', {})).body;
  expect((await post('/me/totp/confirm', { code: codeOf(secret) })).status).toBe(200);
  return secret;
}

type Asked = { options: Parameters<Authenticator['attest']>[0]; token: string };

async function withPasskey(): Promise<Authenticator> {
  const passkey = await Authenticator.make();
  const { options, token } = (await post<Asked>('/me/passkeys/challenge', {})).body;
  const response = await passkey.attest(options);
  expect((await post('/me/passkeys', { token, response, name: 'Key' })).status).toBe(200);
  return passkey;
}

beforeAll(async () => {
  team = await newTeam();
  site = await newSite(team);
  hashed = await hashPassword(await vaultOf(env), word);
});

beforeEach(async () => {
  member = await newMember('owner', [team]);
  const directory = new StaffDirectory(env);
  const known = await directory.byId(member.id);
  if (known === undefined) throw new Error('nobody is there');
  await directory.store.setPassword(known.row, await known.seal('password', hashed));
});

afterEach(() => {
  vi.useRealTimers();
});

describe('S12 a proof of no more than five minutes ago', () => {
  type Ask = () => Promise<{ status: number; body: { code?: string } }>;
  const somebody = async (state: 'active' | 'invited') => {
    const directory = new StaffDirectory(env);
    const person = {
      ...{ name: 'Some', address: `${crypto.randomUUID()}@example.com` },
      ...({ role: 'agent', grants: null } as const),
    } as const;
    const added = await directory.add({ ...person, teams: [], state }, undefined, (row) =>
      directory.store.add(row),
    );
    return `/people/${added?.id ?? ''}`;
  };
  const as = (method: string, path: string, body?: unknown) =>
    call(method, `/api/v1${path}`, { token: member.access, body });
  /** What is asked for; what has to be there first is made while that is still allowed. */
  const asked: [string, () => Promise<Ask> | Ask][] = [
    [
      'a new password',
      () => () => post('/me/password', { current: word, password: 'another long pass phrase' }),
    ],
    ['another address', () => () => post('/me/address', { address: 'another@example.com' })],
    ['new recovery codes', () => () => post('/me/recovery-codes', {})],
    ['a new owner key', () => () => post('/me/owner-key', {})],
    ['another authenticator app', () => () => post('/me/totp', {})],
    [
      'removing it',
      async () => {
        await withTotp();
        await withPasskey();
        return () => as('DELETE', '/me/totp');
      },
    ],
    ['a passkey', () => () => post('/me/passkeys/challenge', {})],
    [
      'removing one',
      async () => {
        await withTotp();
        const { id } = await withPasskey();
        return () => as('DELETE', `/me/passkeys/${id}`);
      },
    ],
    [
      'an invitation',
      () => () => post('/people', { name: 'New', address: 'n@example.com', role: 'agent', teams: [] }),
    ],
    [
      'an invitation once more',
      async () => {
        const path = await somebody('invited');
        return () => post(`${path}/invitation`, {});
      },
    ],
    [
      'withdrawing one',
      async () => {
        const path = await somebody('invited');
        return () => as('DELETE', path);
      },
    ],
    [
      'disabling somebody',
      async () => {
        const path = await somebody('active');
        return () => as('PATCH', path, { state: 'disabled' });
      },
    ],
    [
      'another role',
      async () => {
        const path = await somebody('active');
        return () => as('PATCH', path, { role: 'auditor' });
      },
    ],
    [
      'a reset of somebody’s factors',
      async () => {
        const path = await somebody('active');
        return () => post(`${path}/reset`, {});
      },
    ],
    [
      'approving one',
      async () => {
        const path = await somebody('active');
        const other = await newMember('owner', [team]);
        await post(`${path}/reset`, {}, other.access);
        return () => post(`${path}/reset/approve`, {});
      },
    ],
    ['a team’s members', () => () => as('PATCH', `/teams/${team}`, { members: [] })],
    ['the organisation’s settings', () => () => as('PATCH', '/organisation', { idleMinutes: 120 })],
    ['a site’s origins', () => () => as('PATCH', `/sites/${site}`, { origins: ['https://evil.example'] })],
    ['a key of a site', () => () => post(`/sites/${site}/keys`, { publicKey: null })],
    [
      'removing one',
      async () => {
        const { body } = await call<IdentityKeyAnswer>('POST', `/api/v1/sites/${site}/keys`, {
          token: member.access,
          body: { publicKey: null },
        });
        return () => as('DELETE', `/sites/${site}/keys/${body.key.id}`);
      },
    ],
  ];
  /** All that any of them could change. */
  const everything = async () => {
    const tables = [
      'people',
      'passkeys',
      'resets',
      'owner_key',
      'team_members',
      'sites',
      'site_keys',
      'organisation',
    ];
    const rows = tables.map(async (table) => (await env.DB.prepare(`SELECT * FROM ${table}`).all()).results);
    const marks = await runInDurableObject(accountOf(env, member.id), (_, { storage }) =>
      storage.sql.exec('SELECT * FROM marks').toArray(),
    );
    return [...(await Promise.all(rows)), marks];
  };

  it.each(asked)('is needed for %s, which else changes nothing', async (_, prepare) => {
    const ask = await prepare();
    await later(5 * 60_000 + 1_000);
    const before = await everything();
    const reply = await ask();
    expect([reply.status, reply.body.code]).toEqual([403, 'step_up_needed']);
    expect(await everything()).toEqual(before);
  });

  it('is not needed for what a site says, whatever origins stand beside it', async () => {
    await later(5 * 60_000 + 1_000);
    const change = { name: 'Another name', origins: [shop] };
    const reply = await call<{ site: Site }>('PATCH', `/api/v1/sites/${site}`, {
      token: member.access,
      body: change,
    });
    expect(reply.body.site).toMatchObject(change);
  });

  it('may be a one-time code, once', async () => {
    const secret = await withTotp();
    await later(6 * 60_000);
    const code = codeOf(secret);
    expect((await post('/me/recovery-codes', {})).body.code).toBe('step_up_needed');
    expect((await post('/me/step-up', { code })).status).toBe(200);
    expect((await post('/me/recovery-codes', {})).status).toBe(200);
    expect((await post('/me/step-up', { code })).body.code).toBe('wrong_code');
  });

  it('may be a recovery code, once, for whoever has lost their phone', async () => {
    const codes = await withCodes();
    await later(6 * 60_000);
    expect((await post('/me/step-up', { recoveryCode: codes[5] })).status).toBe(200);
    expect((await mine()).codesLeft).toBe(9);
    expect((await post('/me/totp', {})).status).toBe(200);
    expect((await post('/me/step-up', { recoveryCode: codes[5] })).body.code).toBe('wrong_code');
  });

  it('may be a passkey', async () => {
    const passkey = await withPasskey();
    await later(6 * 60_000);
    const { options, token } = (await post<Asked>('/me/step-up/passkey', {})).body;
    const body = { token, response: await passkey.assert(options) };
    expect((await post('/me/step-up', body)).status).toBe(200);
    expect((await post('/me/recovery-codes', {})).status).toBe(200);
    expect((await post('/me/step-up', body)).body.code).toBe('wrong_passkey');
  });

  it('is one of this session: another session of the same person has none of it', async () => {
    const other = await signedIn(member.id);
    const secret = await withTotp();
    await later(6 * 60_000);
    await later(6 * 60_000);
    const session = (await accountOf(env, member.id).sessions()).find(({ id }) => id === other.session);
    if (session === undefined) throw new Error('the session is over');
    const access = await accessFor(member.id, session);
    expect((await post('/me/step-up', { code: codeOf(secret) })).status).toBe(200);
    expect((await post('/me/recovery-codes', {})).status).toBe(200);
    expect((await post('/me/recovery-codes', {}, access)).body.code).toBe('step_up_needed');
  });

  it('is counted as signing in is: waits grow from the fifth failure on', async () => {
    const secret = await withTotp();
    await later(6 * 60_000);
    for (let n = 0; n < 5; n++)
      expect((await post('/me/step-up', { code: codeOf(secret, 3_600_000) })).body.code).toBe('wrong_code');
    expect((await post('/me/step-up', { code: codeOf(secret) })).body.code).toBe('wrong_code');
  });
});

describe('S13 one’s own', () => {
  it('password changes with the old one, and ends every other session and socket (incident 9)', async () => {
    const other = await signedIn(member.id);
    const inbox = await join(team, other.access);
    await inbox.next('list');
    const change = (current: string, password: string) => post('/me/password', { current, password });
    expect((await change('not the right pass phrase', 'quite another pass phrase')).body.code).toBe(
      'wrong_credentials',
    );
    expect((await change(word, 'Password1234!')).body.code).toBe('password_unfit');
    expect((await call('GET', '/api/v1/session', { token: other.access })).status).toBe(200);

    expect((await change(word, 'quite another pass phrase')).status).toBe(200);
    expect((await inbox.closed).code).toBe(4401);
    expect((await mine()).sessions.map(({ current }) => current)).toEqual([true]);
    const signIn = (password: string) =>
      call<SignInAnswer>('POST', '/api/v1/sign-in', { body: { address: member.address, password } });
    expect((await signIn(word)).body.code).toBe('wrong_credentials');
    expect((await signIn('quite another pass phrase')).status).toBe(200);
  });

  it('recovery codes are replaced only once one of the new ones is given back', async () => {
    const old = await withCodes();
    const { recoveryCodes } = (await post<NewCodesAnswer>('/me/recovery-codes', {})).body;
    expect((await post('/me/recovery-codes/keep', { code: old[1] })).body.code).toBe('wrong_code');
    expect((await post('/me/step-up', { recoveryCode: old[1] })).status).toBe(200);
    expect((await post('/me/recovery-codes/keep', { code: recoveryCodes[1] })).status).toBe(200);
    expect((await mine()).codesLeft).toBe(10);
    expect((await post('/me/step-up', { recoveryCode: old[2] })).body.code).toBe('wrong_code');
    expect((await post('/me/step-up', { recoveryCode: recoveryCodes[1] })).status).toBe(200);
  });

  it('authenticator app is replaced only once the new one has shown a code', async () => {
    const old = await withTotp();
    const { secret } = (await post<EnrolmentAnswer>('/me/totp', {})).body;
    await later(31_000);
    expect((await post('/me/step-up', { code: codeOf(old) })).status).toBe(200);
    // Whoever proves who they are meanwhile begins again.
    expect((await post('/me/totp/confirm', { code: codeOf(secret) })).body.code).toBe('setup_gone');
    const next = (await post<EnrolmentAnswer>('/me/totp', {})).body.secret;
    expect((await post('/me/totp/confirm', { code: codeOf(next, 3_600_000) })).body.code).toBe('wrong_code');
    expect((await post('/me/totp/confirm', { code: codeOf(next) })).status).toBe(200);
    await later(31_000);
    expect((await post('/me/step-up', { code: codeOf(old) })).body.code).toBe('wrong_code');
    expect((await post('/me/step-up', { code: codeOf(next) })).status).toBe(200);
  });

  it('sessions are listed with where and on what, and end singly or all but this one', async () => {
    const [one, two, three] = [
      await signedIn(member.id),
      await signedIn(member.id),
      await signedIn(member.id),
    ];
    const { sessions } = await mine();
    expect(sessions.length).toBe(4);
    expect(sessions.find(({ id }) => id === member.session)).toMatchObject({
      current: true,
      device: 'Firefox, Linux',
      country: 'DE',
    });
    const inbox = await join(team, one.access);
    await inbox.next('list');
    const end = (path: string) => call('DELETE', `/api/v1/me/sessions${path}`, { token: member.access });
    expect((await end(`/${one.session}`)).status).toBe(200);
    expect((await inbox.closed).code).toBe(4401);
    expect((await mine(two.access)).sessions.length).toBe(3);
    expect((await end('')).status).toBe(200);
    const left = await accountOf(env, member.id).sessions();
    expect(left.map(({ id }) => id)).toEqual([member.session]);
    for (const { session } of [two, three])
      expect(await accountOf(env, member.id).sessionState(session)).toBeUndefined();
  });

  it('sessions are nobody else’s to end', async () => {
    const other = await newMember('owner', []);
    const path = `/api/v1/me/sessions/${member.session}`;
    expect((await call('DELETE', path, { token: other.access })).status).toBe(200);
    expect((await mine()).sessions.length).toBe(1);
  });
});

it('L7 what was done at the doors that are passed here alone stands in the ledger', () =>
  enters('people/my-sign-in.test.ts'));
