import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { scryptSync } from 'node:crypto';
import { decodeJwt } from 'jose';
import { Secret, TOTP } from 'otpauth';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { vaultOf } from '../../src/config.ts';
import { ledgerOf } from '../../src/ledger.ts';
import { accountOf, strangerOf } from '../../src/people/account.ts';
import { newLink } from '../../src/people/identity.ts';
import { newRecoveryCodes, recoveryHash } from '../../src/people/identity/recovery.ts';
import { StaffDirectory } from '../../src/people/staff.ts';
import type { CodesAnswer, EnrolmentAnswer, SignInAnswer, StaffSession } from '../../src/protocol/sign-in.ts';
import { newId, type PersonId } from '../../src/protocol/ids.ts';
import { builtInRoles } from '../../src/protocol/permissions.ts';
import { bind } from '../../src/vault.ts';
import { call, newMember, newTeam, origin, type Reply, whence } from '../cast.ts';
import { enters } from '../ledger/elsewhere.ts';

const setupToken = env.SETUP_TOKEN;
const owner = { name: 'Olivia Hart', address: 'Olivia@Example.com', password: 'a long enough pass phrase' };
let ownerId: PersonId;
let ownerSecret: string;
let ownerCodes: readonly string[];
let teamId: string;

const setUp = (token: string) =>
  call<{ person: { id: PersonId }; team: { id: string } }>('POST', '/api/v1/setup', {
    token,
    body: { owner, team: { name: 'Support' } },
  });
const password = (address: string, word: string) =>
  call<SignInAnswer>('POST', '/api/v1/sign-in', { body: { address, password: word } });
const withCode = (path: string, token: string, code: string) =>
  call<StaffSession & CodesAnswer>('POST', `/api/v1/sign-in/${path}`, { token, body: { code } });
const codeAt = (secret: string, at = Date.now()) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at });
/** How many entries of this action the ledger has of a session. */
async function entries(action: string, session: string): Promise<number | undefined> {
  await ledgerOf(env).checkpoint();
  const query = `SELECT COUNT(*) AS n FROM ledger WHERE action = ? AND leaf ->> '$.session' = ?`;
  return (await env.DB.prepare(query).bind(action, session).first<{ n: number }>())?.n;
}
const cookieOf = (reply: Reply) => (reply.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
const refresh = (cookie: string, from = origin) =>
  call<StaffSession>('POST', '/api/v1/session/refresh', { headers: { cookie }, from });
const session = (token: string) =>
  call<{ person: { id: string; name: string } }>('GET', '/api/v1/session', { token });

/** Moves the clock; steps forward only, since each one-time step counts once. */
let clock = Math.ceil(Date.now() / 30_000) * 30_000 + 1_000;
function at(time: number): number {
  clock = time;
  vi.useFakeTimers({ toFake: ['Date'], now: time });
  return time;
}
const nextStep = () => at(Math.floor(clock / 30_000) * 30_000 + 31_000);

afterEach(() => {
  vi.useRealTimers();
});

beforeAll(async () => {
  at(clock);
  const reply = await setUp(setupToken);
  expect(reply.status).toBe(201);
  ownerId = reply.body.person.id;
  teamId = reply.body.team.id;
  vi.useRealTimers();
});

/** The owner, signed in anew with the next code. */
async function signInOwner(): Promise<{ reply: Reply<StaffSession>; access: string; cookie: string }> {
  nextStep();
  const { body } = await password(owner.address, owner.password);
  const reply = await withCode('totp', body.token, codeAt(ownerSecret));
  expect(reply.status).toBe(200);
  return { reply, access: reply.body.access, cookie: cookieOf(reply) };
}

describe('set-up', () => {
  it('S1 happens once, and only with its token', async () => {
    expect((await call('GET', '/api/v1/setup')).body).toEqual({ needed: false });
    expect((await setUp(setupToken)).body.code).toBe('already_done');
    expect((await setUp('another-token-of-the-same-length-xx')).body.code).toBe('signed_out');
  });
});

describe('enrolment', () => {
  it('S2 is forced at the first sign-in: until then no door opens', async () => {
    at(clock);
    const first = await password(owner.address, owner.password);
    expect(first.body.factors).toEqual([]);
    expect((await session(first.body.token)).body.code).toBe('factor_needed');
    expect((await call('GET', '/api/v1/people', { token: first.body.token })).body.code).toBe(
      'factor_needed',
    );
    expect((await withCode('totp', first.body.token, '123456')).body.code).toBe('factor_needed');

    const enrolment = await call<EnrolmentAnswer>('POST', '/api/v1/sign-in/enrolment', {
      token: first.body.token,
      body: {},
    });
    expect(enrolment.body.uri).toContain('otpauth://totp/Sotto:olivia%40example.com?');
    ownerSecret = enrolment.body.secret;
    expect(Secret.fromBase32(ownerSecret).bytes.length).toBe(20);
    expect(
      (await withCode('enrolment/confirm', first.body.token, codeAt(ownerSecret, Date.now() + 600_000))).body
        .code,
    ).toBe('wrong_code');

    const codes = await withCode('enrolment/finish', first.body.token, 'A'.repeat(24));
    expect(codes.body.code).toBe('wrong_code');
    const confirmed = await withCode('enrolment/confirm', first.body.token, codeAt(ownerSecret));
    ownerCodes = confirmed.body.recoveryCodes;
    expect(new Set(ownerCodes).size).toBe(10);
    for (const each of ownerCodes) expect(each).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(cookieOf(confirmed)).toBe('');

    const done = await withCode('enrolment/finish', first.body.token, ownerCodes[9] ?? '');
    expect(done.body.person).toEqual({
      id: ownerId,
      name: 'Olivia Hart',
      address: 'olivia@example.com',
      role: 'owner',
      roleName: null,
      grants: builtInRoles.owner,
      teams: [teamId],
      state: 'active',
    });
    expect(decodeJwt(done.body.access)).toMatchObject({
      iss: origin,
      aud: 'sotto:staff',
      sub: ownerId,
      amr: ['pwd', 'otp'],
    });
    expect((await session(done.body.access)).body.person.name).toBe('Olivia Hart');
  });

  it('S2 without recovery codes that were kept nobody gets in, and whoever lost them on the way is shown others', async () => {
    await runInDurableObject(accountOf(env, ownerId), (_, { storage }) => {
      storage.sql.exec(`DELETE FROM marks WHERE name = 'enrolled' OR name LIKE 'recovery %'`);
    });
    nextStep();
    const { body } = await password(owner.address, owner.password);
    expect((await withCode('recovery', body.token, ownerCodes[0] ?? '')).body.code).toBe('wrong_code');
    const shown = await withCode('totp', body.token, codeAt(ownerSecret));
    expect(Object.keys(shown.body).sort()).toEqual(['next', 'recoveryCodes', 'token']);
    expect(cookieOf(shown)).toBe('');
    expect((await withCode('enrolment/finish', body.token, ownerCodes[0] ?? '')).body.code).toBe(
      'wrong_code',
    );
    ownerCodes = shown.body.recoveryCodes;
    const done = await withCode('enrolment/finish', body.token, ownerCodes[0] ?? '');
    expect((await session(done.body.access)).status).toBe(200);
    expect((await withCode('enrolment/finish', body.token, ownerCodes[0] ?? '')).body.code).toBe(
      'wrong_code',
    );
  });

  it('S2 cannot be done again over an enrolled factor', async () => {
    at(clock);
    const { body } = await password(owner.address, owner.password);
    expect(body.factors).toEqual(['totp']);
    expect((await call('POST', '/api/v1/sign-in/enrolment', { token: body.token, body: {} })).body.code).toBe(
      'already_done',
    );
    expect((await withCode('enrolment/confirm', body.token, codeAt(ownerSecret))).body.code).toBe(
      'already_done',
    );
  });
});

describe('one-time codes', () => {
  it('S3 each counts once', async () => {
    nextStep();
    const { body } = await password(owner.address, owner.password);
    const code = codeAt(ownerSecret);
    expect((await withCode('totp', body.token, code)).status).toBe(200);
    expect((await withCode('totp', body.token, code)).body.code).toBe('wrong_code');
    const again = await password(owner.address, owner.password);
    expect((await withCode('totp', again.body.token, code)).body.code).toBe('wrong_code');
  });

  it('S3 of twenty at once, one signs in', async () => {
    nextStep();
    const { body } = await password(owner.address, owner.password);
    const code = codeAt(ownerSecret);
    const replies = await Promise.all(Array.from({ length: 20 }, () => withCode('totp', body.token, code)));
    expect(replies.filter(({ status }) => status === 200).length).toBe(1);
  });

  it('S3 the previous step counts for 10 s more, and no longer', async () => {
    const start = nextStep() - 1_000;
    const { body } = await password(owner.address, owner.password);
    const previous = codeAt(ownerSecret, start);
    at(start + 30_000 + 10_500);
    expect((await withCode('totp', body.token, previous)).body.code).toBe('wrong_code');
    at(start + 60_000 + 9_500);
    expect((await withCode('totp', body.token, codeAt(ownerSecret, start + 30_000))).status).toBe(200);
  });
});

describe('recovery codes', () => {
  it('S10 each lets its person in once, however it is typed', async () => {
    at(clock);
    const { body } = await password(owner.address, owner.password);
    const code = ownerCodes[3] ?? '';
    const typed = ` ${code.replaceAll('-', ' ').toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l')} `;
    const reply = await withCode('recovery', body.token, typed);
    expect(reply.status).toBe(200);
    expect(decodeJwt(reply.body.access)['amr']).toEqual(['pwd', 'recovery']);
    expect((await session(reply.body.access)).status).toBe(200);
    expect((await withCode('recovery', body.token, code)).body.code).toBe('wrong_code');
  });

  it('S10 of twenty at once, one lets in', async () => {
    at(clock);
    const { body } = await password(owner.address, owner.password);
    const tries = Array.from({ length: 20 }, () => withCode('recovery', body.token, ownerCodes[4] ?? ''));
    expect((await Promise.all(tries)).filter(({ status }) => status === 200).length).toBe(1);
  });

  it('S10 from the fifth failure on waits grow, and a code of somebody else is none', async () => {
    at(clock);
    const other = await newMember('owner', []);
    const theirs = newRecoveryCodes()[0] ?? '';
    const hash = await recoveryHash(await vaultOf(env), other.id, theirs);
    await accountOf(env, other.id).offerRecoveryCodes([hash], 'enrolment');
    expect(await accountOf(env, other.id).keepRecoveryCodes(hash, 'enrolment')).toBe(true);
    const { body } = await password(owner.address, owner.password);
    for (let n = 0; n < 5; n++)
      expect((await withCode('recovery', body.token, theirs)).body.code).toBe('wrong_code');
    expect((await withCode('recovery', body.token, ownerCodes[5] ?? '')).body.code).toBe('wrong_code');
    at(clock + 60_000);
    expect((await withCode('recovery', body.token, ownerCodes[5] ?? '')).status).toBe(200);
  });

  it('S10 are not readable in what is stored', async () => {
    const rows = await runInDurableObject(accountOf(env, ownerId), (_, { storage }) =>
      storage.sql.exec('SELECT * FROM marks').toArray(),
    );
    const stored = JSON.stringify(rows);
    for (const code of ownerCodes) {
      expect(stored).not.toContain(code);
      expect(stored).not.toContain(code.replaceAll('-', ''));
    }
  });

  it('S10 one that is none is refused as such', async () => {
    at(clock);
    const { body } = await password(owner.address, owner.password);
    for (const code of ['', '123456', 'U'.repeat(24), 'A'.repeat(25), 'A'.repeat(200)])
      expect((await withCode('recovery', body.token, code)).body.code).toBe('invalid');
  });
});

describe('passwords', () => {
  it('S4 a wrong one and an unknown address have one answer', async () => {
    at(clock);
    const wrong = await password(owner.address, 'not the right pass phrase');
    const unknown = await password('nobody@example.com', 'not the right pass phrase');
    expect(wrong.status).toBe(401);
    expect(unknown.body).toEqual(wrong.body);
  });

  it('S4 from the fifth failure on waits grow, in the same words, and hashing is spared', async () => {
    at(clock);
    for (let n = 0; n < 5; n++) {
      expect((await password(owner.address, 'wrong wrong wrong')).body.code).toBe('wrong_credentials');
    }
    expect((await password(owner.address, owner.password)).body.code).toBe('wrong_credentials');
    at(clock + 1_500);
    expect((await password(owner.address, owner.password)).status).toBe(200);
  });

  it('S4 a hundred at once make at most five real tries', async () => {
    at(clock);
    const account = accountOf(env, ownerId);
    const tries = await Promise.all(
      Array.from({ length: 100 }, () => account.startTry('password', 'elsewhere')),
    );
    expect(tries.filter(Boolean).length).toBe(5);
  });

  it('S4 strangers who fail a hundred times pause the password for strangers, and not where its person signs in', async () => {
    at(clock);
    const account = accountOf(env, ownerId);
    await runInDurableObject(account, (_, { storage }) =>
      storage.sql.exec(`INSERT OR REPLACE INTO tries VALUES ('password', 100, ?)`, clock - 86_400_000),
    );
    expect(await account.startTry('password', 'elsewhere')).toBe(false);
    expect((await password(owner.address, owner.password)).status).toBe(200);
    await signInOwner();
    expect(await account.startTry('password', 'elsewhere')).toBe(true);
  });

  it('D94 of where its person signs in an account keeps a keyed hash of the network, and none of an address', async () => {
    await signInOwner();
    const vault = await vaultOf(env);
    const hashOf = async (from: string) => (await vault.lookup('network', from)).toHex();
    const marks = await runInDurableObject(accountOf(env, ownerId), (_, { storage }) =>
      storage.sql.exec(`SELECT name FROM marks WHERE name LIKE 'network %'`).toArray(),
    );
    // What comes from one network counts as one, and what comes from another does not.
    expect(marks).toEqual([{ name: `network ${await hashOf('192.0.2.0/24')}` }]);
    expect(await hashOf('192.0.2.1')).not.toBe(await hashOf('192.0.2.0/24'));
    expect(JSON.stringify(marks)).not.toContain('192.0.2');
  });

  it('S4 an account that is given back has its tries back', async () => {
    at(clock);
    const member = await newMember('agent', []);
    const account = accountOf(env, member.id);
    for (let n = 0; n < 5; n++) await account.startTry('password', 'elsewhere');
    expect(await account.startTry('password', 'elsewhere')).toBe(false);
    await account.setRights({
      person: member.id,
      role: 'agent',
      grants: null,
      teams: [newId('team')],
      active: true,
    });
    expect(await account.startTry('password', 'elsewhere')).toBe(false);
    const { access } = await newMember('owner', []);
    await call('PATCH', `/api/v1/people/${member.id}`, { token: access, body: { state: 'active' } });
    expect(await account.startTry('password', 'elsewhere')).toBe(true);
  });

  it('S4 the tries at an address that nobody has are forgotten after a day', async () => {
    const stranger = strangerOf(env, new Uint8Array(32).fill(7));
    for (let n = 0; n < 5; n++) await stranger.startTry('password', 'elsewhere');
    expect(await stranger.startTry('password', 'elsewhere')).toBe(false);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 25 * 3_600_000 });
    expect(await runDurableObjectAlarm(stranger)).toBe(true);
    const rows = await runInDurableObject(stranger, (_, { storage }) =>
      storage.sql.exec(`SELECT name FROM sqlite_master WHERE name = 'tries'`).toArray(),
    );
    expect(rows).toEqual([]);
    expect(await stranger.startTry('password', 'elsewhere')).toBe(true);
  });

  it('S8 hashed with parameters of yesterday it still opens, and is hashed with those of today', async () => {
    at(clock);
    const directory = new StaffDirectory(env);
    const stored = async () => {
      const member = await directory.byId(ownerId);
      if (member === undefined) throw new Error('the owner is gone');
      return { member, hashed: await member.open('password') };
    };
    const { member } = await stored();
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const hash = new Uint8Array(scryptSync(owner.password, salt, 32, { N: 2 ** 10, r: 8, p: 1 }));
    const peppered = await (await vaultOf(env)).sealPepper(bind('sotto/password/1', []), hash);
    const old = new Uint8Array([1, 10, 8, 1, ...salt, ...peppered]);
    await directory.store.replacePassword(member.row, await member.seal('password', old));

    expect((await password(owner.address, 'not the right pass phrase')).status).toBe(401);
    expect((await stored()).hashed).toEqual(old);
    expect((await password(owner.address, owner.password)).status).toBe(200);
    const anew = (await stored()).hashed;
    expect(anew?.subarray(0, 4)).toEqual(new Uint8Array([1, 15, 8, 3]));
    expect((await password(owner.address, owner.password)).status).toBe(200);
    expect((await stored()).hashed).toEqual(anew);
  });

  it('S8 too short, ill-formed or over-long ones are refused before anything is hashed', async () => {
    for (const word of ['short', 'x'.repeat(257), '\ud800'.repeat(12), '😀'.repeat(11)]) {
      const reply = await call('POST', '/api/v1/invitations/redeem', {
        body: { token: `${ownerId}.${'A'.repeat(43)}`, password: word },
      });
      expect([reply.status, reply.body.code]).toEqual([400, 'invalid']);
    }
  });
});

describe('sessions', () => {
  it('S5 a refresh rotates, the same token within 10 s gets the same successor', async () => {
    const { cookie } = await signInOwner();
    const [first, second] = await Promise.all([refresh(cookie), refresh(cookie)]);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(cookieOf(second)).toBe(cookieOf(first));
    expect(cookieOf(first)).not.toBe(cookie);
    expect(decodeJwt(first.body.access)['auth_time']).toBe(
      decodeJwt((await refresh(cookieOf(first))).body.access)['auth_time'],
    );
  });

  it('S5 an old token again ends the family, and the ledger says so', async () => {
    const { cookie } = await signInOwner();
    const next = cookieOf(await refresh(cookie));
    at(clock + 11_000);
    expect((await refresh(cookie)).body.code).toBe('signed_out');
    expect((await refresh(next)).body.code).toBe('signed_out');
    // It is told once: what has ended is not ended again.
    expect(await entries('signIn.strange', cookie.split('.')[1] ?? '')).toBe(1);
  });

  it('S5 a used successor ends the grace of the one before it', async () => {
    const { cookie } = await signInOwner();
    const next = cookieOf(await refresh(cookie));
    const third = cookieOf(await refresh(next));
    expect((await refresh(cookie)).body.code).toBe('signed_out');
    expect((await refresh(third)).body.code).toBe('signed_out');
  });

  it('S5 a made-up token changes nothing', async () => {
    const { cookie } = await signInOwner();
    const forged = `${cookie.slice(0, -43)}${'A'.repeat(43)}`;
    expect((await refresh(forged)).body.code).toBe('signed_out');
    expect((await refresh('')).body.code).toBe('signed_out');
    expect((await refresh(cookie)).status).toBe(200);
  });

  it('S5 only Sotto’s own pages may refresh', async () => {
    const { cookie } = await signInOwner();
    expect((await refresh(cookie, 'https://evil.test')).body.code).toBe('origin_refused');
  });

  it('S6 ends after 12 hours, whatever its person does', async () => {
    let { cookie: held } = await signInOwner();
    for (let minutes = 0; minutes < 12 * 60 - 20; minutes += 20) {
      at(clock + 20 * 60_000);
      const next = await refresh(held);
      expect(next.status).toBe(200);
      held = cookieOf(next);
      const token = next.body.access;
      expect((await call('POST', '/api/v1/session/activity', { token, body: { ago: 0 } })).status).toBe(200);
    }
    at(clock + 20 * 60_000);
    expect((await refresh(held)).body.code).toBe('signed_out');
  });

  it('S6 signing out ends the session for its tokens too', async () => {
    const { access, cookie } = await signInOwner();
    expect((await call('DELETE', '/api/v1/session', { token: access })).status).toBe(204);
    at(clock + 1_500);
    expect((await session(access)).body.code).toBe('signed_out');
    expect((await refresh(cookie)).body.code).toBe('signed_out');
  });

  it('S5 the cookie is out of scripts’ reach and for this host alone', async () => {
    const { reply } = await signInOwner();
    const [cookie = '', browser = '', ...rest] = reply.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-sotto-staff=/);
    expect(browser).toMatch(/^__Host-sotto-browser=/);
    expect(rest).toEqual([]);
    for (const attribute of ['HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/']) {
      expect(cookie).toContain(attribute);
      expect(browser).toContain(attribute);
    }
    expect(cookie).not.toMatch(/Domain|Max-Age/i);
    expect(browser).not.toMatch(/Domain/i);
  });
});

describe('invitations', () => {
  const redeem = (token: string, word = 'another long pass phrase') =>
    call('POST', '/api/v1/invitations/redeem', { body: { token, password: word } });

  it('S7 let a person choose a password once, and enrol', async () => {
    const admin = await newMember('owner', []);
    const body = { name: 'Anna Berg', address: 'anna@example.com', role: 'agent', teams: [teamId] };
    const invited = await call<{ person: { id: PersonId } }>('POST', '/api/v1/people', {
      token: admin.access,
      body,
    });
    expect(invited.status).toBe(201);
    expect((await call('POST', '/api/v1/people', { token: admin.access, body })).body.code).toBe(
      'address_taken',
    );
    expect((await password(body.address, 'another long pass phrase')).body.code).toBe('wrong_credentials');

    const { token, hash } = await newLink(invited.body.person.id);
    await accountOf(env, invited.body.person.id).setLink('invitation', hash);
    expect((await redeem(`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`)).body.code).toBe(
      'link_gone',
    );
    const replies = await Promise.all([redeem(token), redeem(token)]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 410]);
    expect((await password(body.address, 'another long pass phrase')).body.factors).toEqual([]);
  });

  it('S8 are not used up by a password that is too easy to guess', async () => {
    const admin = await newMember('owner', []);
    const invited = await call<{ person: { id: PersonId } }>('POST', '/api/v1/people', {
      token: admin.access,
      body: { name: 'Cleo Winter', address: 'cleo@example.com', role: 'agent', teams: [teamId] },
    });
    const { token, hash } = await newLink(invited.body.person.id);
    await accountOf(env, invited.body.person.id).setLink('invitation', hash);
    for (const easy of ['Password1234!', 'cleowinter-2026!', 'sotto sotto sotto']) {
      const reply = await redeem(token, easy);
      expect([reply.status, reply.body.code]).toEqual([422, 'password_unfit']);
      expect(JSON.stringify(reply.body)).not.toContain(easy);
    }
    const forged = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    expect((await redeem(forged, 'Password1234!')).body.code).toBe('link_gone');
    expect((await redeem(token)).status).toBe(200);
  });

  it('S7 run out after 72 hours', async () => {
    at(clock);
    const admin = await newMember('owner', []);
    const body = { name: 'Ben', address: 'ben@example.com', role: 'agent', teams: [] };
    const invited = await call<{ person: { id: PersonId } }>('POST', '/api/v1/people', {
      token: admin.access,
      body,
    });
    const { token, hash } = await newLink(invited.body.person.id);
    await accountOf(env, invited.body.person.id).setLink('invitation', hash);
    at(clock + 72 * 3_600_000 + 1);
    expect((await redeem(token)).body.code).toBe('link_gone');
  });

  it('W1 with a team twice is refused, and one that fails leaves no key behind', async () => {
    const team = await newTeam();
    const admin = await newMember('admin', [team]);
    const body = { name: 'Twice', address: 'twice@example.com', role: 'agent', teams: [team, team] };
    expect((await call('POST', '/api/v1/people', { token: admin.access, body })).body.code).toBe('invalid');
    const keys = async () => (await env.KEYS.list({ prefix: 'person/' })).objects.length;
    const before = await keys();
    const taken = { ...body, teams: [team], address: owner.address };
    expect((await call('POST', '/api/v1/people', { token: admin.access, body: taken })).body.code).toBe(
      'address_taken',
    );
    expect(await keys()).toBe(before);
  });

  it('S7 a person whose row went in although its answer was lost is whole', async () => {
    const directory = new StaffDirectory(env);
    const person = {
      name: 'Lost',
      address: 'lost@example.com',
      role: 'agent',
      grants: null,
      teams: [],
      state: 'active',
    } as const;
    const member = await directory.add({ ...person, teams: [] }, undefined, async (row) => {
      await directory.store.add(row);
      throw new Error('the answer was lost');
    });
    expect(await env.KEYS.head(`person/${member?.id ?? ''}`)).not.toBeNull();
    expect(
      await accountOf(env, member?.id ?? ownerId).startSession(
        newId('session'),
        { by: 'totp', step: 1 },
        whence,
      ),
    ).toBeDefined();
    const failing = directory.add({ ...person, address: 'none@example.com', teams: [] }, undefined, () =>
      Promise.reject(new Error('no')),
    );
    await expect(failing).rejects.toThrow('no');
    expect(await directory.byLookup(await directory.lookup('none@example.com'))).toBeUndefined();
  });

  it('P3 nobody invites above themselves', async () => {
    const team = await newTeam();
    const admin = await newMember('admin', [team]);
    const body = { name: 'Too High', address: 'high@example.com', role: 'owner', teams: [team] };
    expect((await call('POST', '/api/v1/people', { token: admin.access, body })).body.code).toBe(
      'not_allowed',
    );
    const agent = await newMember('agent', [team]);
    expect(
      (await call('POST', '/api/v1/people', { token: agent.access, body: { ...body, role: 'agent' } })).body
        .code,
    ).toBe('not_allowed');
  });
});

it('L7 what was done at the doors that are passed here alone stands in the ledger', () =>
  enters('people/sign-in.test.ts'));
