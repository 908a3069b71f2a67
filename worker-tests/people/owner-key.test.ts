import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { vaultOf } from '../../src/config.ts';
import { ledgerOf } from '../../src/ledger.ts';
import { accountOf } from '../../src/people/account.ts';
import { tokensOf } from '../../src/people/guard.ts';
import { newLink } from '../../src/people/identity.ts';
import { hashPassword } from '../../src/people/identity/password.ts';
import { newRecoveryCodes, recoveryHash } from '../../src/people/identity/recovery.ts';
import { StaffDirectory } from '../../src/people/staff.ts';
import type {
  CodesAnswer,
  EnrolmentAnswer,
  MyAnswer,
  NewOwnerKeyAnswer,
  OwnerKeyAnswer,
  SignInAnswer,
  StaffSession,
} from '../../src/protocol/sign-in.ts';
import type { Role } from '../../src/protocol/roles.ts';
import { accessFor, call, join, type Member, newMember, newTeam, signedIn } from '../cast.ts';
import { enters } from '../ledger/elsewhere.ts';

const hour = 3_600_000;
const pass = 'a long enough pass phrase';
const secret = new Uint8Array(20).fill(7);
let hashed: Uint8Array;
let olivia: Member;
let key: string;
/** Each test asks from a network of its own, so that the door's limit counts for none. */
let network = 1;

const post = <T = Record<string, unknown>>(path: string, body: unknown, token?: string) =>
  call<T>('POST', `/api/v1${path}`, {
    body,
    token,
    headers: { 'cf-connecting-ip': `198.51.100.${network}` },
  });
const later = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds);
const codeOf = (of: Uint8Array) => new TOTP({ secret: new Secret({ buffer: of.slice().buffer }) }).generate();

/** Somebody who has a password and an authenticator, and is signed in. */
async function somebody(role: Role, name: string): Promise<Member> {
  const member = await newMember(role, [], name);
  const directory = new StaffDirectory(env);
  const person = await directory.byId(member.id);
  if (person === undefined) throw new Error('nobody is there');
  await directory.store.setPassword(person.row, await person.seal('password', hashed));
  await directory.store.setTotp(person.row, await person.seal('totp', secret));
  return member;
}

/** A key that this owner has had made, and has given back. */
async function madeBy(owner: Member): Promise<string> {
  const { body } = await post<NewOwnerKeyAnswer>('/me/owner-key', {}, owner.access);
  expect((await post('/me/owner-key/keep', { key: body.ownerKey }, owner.access)).status).toBe(200);
  return body.ownerKey;
}

const signIn = ({ address }: Member, word = pass) =>
  post<SignInAnswer>('/sign-in', { address, password: word });
/** Whose password was proved: as `signIn` answers, without the hash that it takes. */
const half = async ({ id }: Member) => {
  const claims = { sub: id, epoch: await accountOf(env, id).epoch() };
  return (await (await tokensOf(env)).factor(claims, Date.now())).token;
};
const withKey = (token: string, given = key) =>
  post<OwnerKeyAnswer>('/sign-in/owner-key', { key: given }, token);
const gives = async (member: Member, given = key) => withKey(await half(member), given);
const nextOf = async (member: Member) => {
  const { body } = await gives(member);
  return body.code ?? body.next;
};

/** The link in everybody's mail, which tests can't read: another one takes its place. */
async function mailedLink(): Promise<string> {
  const { token, hash } = await newLink(olivia.id);
  await env.DB.prepare('UPDATE owner_key SET link = ? WHERE waiting = ?').bind(hash, olivia.id).run();
  return token;
}
const cancel = (token: string) => post('/owner-key/cancel', { token });

beforeAll(async () => {
  hashed = await hashPassword(await vaultOf(env), pass);
});
beforeEach(async () => {
  network++;
  vi.useFakeTimers({ toFake: ['Date'], now: Math.ceil(Date.now() / 30_000) * 30_000 + 1_000 });
  await env.DB.batch([
    env.DB.prepare('DELETE FROM owner_key'),
    // Only those of this test are there to help.
    env.DB.prepare(`UPDATE people SET state = 'disabled'`),
  ]);
  olivia = await somebody('owner', 'Olivia');
  key = await madeBy(olivia);
});
afterAll(() => void vi.useRealTimers());

describe('S20 an owner who has lost everything, where fewer than two others could help', () => {
  it('waits a day with password and owner key, then enrols anew, and the key is used up', async () => {
    await somebody('admin', 'Adam');
    const began = await withKey((await signIn(olivia)).body.token);
    expect(began.body).toEqual({ next: 'wait', until: Date.now() + 24 * hour, now: Date.now() });
    later(24 * hour - 1_000);
    expect(await nextOf(olivia)).toBe('wait');
    const stillThere = await half(olivia);
    expect((await post('/sign-in/enrolment', {}, stillThere)).body.code).toBe('already_done');
    later(1_000);

    const { body } = await withKey((await signIn(olivia)).body.token);
    if (body.next !== 'enrolment') throw new Error('not let in');
    // Neither the old codes nor what was proved before is good for anything now.
    const account = accountOf(env, olivia.id);
    expect([await account.countRecoveryCodes(), await account.sessions()]).toEqual([0, []]);
    expect((await withKey(stillThere)).body.code).toBe('signed_out');
    const enrolment = await post<EnrolmentAnswer>('/sign-in/enrolment', {}, body.token);
    const code = codeOf(Secret.fromBase32(enrolment.body.secret).bytes);
    const shown = await post<CodesAnswer>('/sign-in/enrolment/confirm', { code }, body.token);
    const finished = await post<StaffSession>(
      '/sign-in/enrolment/finish',
      { code: shown.body.recoveryCodes[0] },
      shown.body.token,
    );
    const token = finished.body.access;
    const mine = await call<MyAnswer>('GET', '/api/v1/me/sign-in', { token });
    expect(mine.body.ownerKey).toBe('none');
    expect(await nextOf(olivia)).toBe('wrong_code');
    // Another one is made, and begins with another day.
    const other = await madeBy({ ...olivia, access: token });
    expect((await gives(olivia, other)).body).toMatchObject({ next: 'wait' });
  });

  it('gives the key twice, or four times at once, and waits no longer and no shorter', async () => {
    const token = await half(olivia);
    await Promise.all(Array.from({ length: 4 }, () => withKey(token)));
    const until = Date.now() + 24 * hour;
    later(hour);
    expect((await gives(olivia)).body).toEqual({ next: 'wait', until, now: Date.now() });
    vi.setSystemTime(until);
    const late = await half(olivia);
    const answers = await Promise.all(Array.from({ length: 4 }, () => withKey(late)));
    expect(answers.filter(({ body }) => body.next === 'enrolment').length).toBe(1);
  });

  it('is let in within a week, and then begins anew', async () => {
    await gives(olivia);
    later(7 * 24 * hour);
    expect((await gives(olivia)).body).toMatchObject({ next: 'wait', until: Date.now() + 24 * hour });
  });

  it('writes the key as they like', async () => {
    const typed = key.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
    expect((await gives(olivia, typed)).body).toMatchObject({ next: 'wait' });
    for (const none of ['', 'A'.repeat(24), 'U'.repeat(32), 'A'.repeat(33)])
      expect((await gives(olivia, none)).body.code).toBe('invalid');
  });

  it('has found a second factor meanwhile, and the wait is over', async () => {
    await gives(olivia);
    const token = await half(olivia);
    expect((await post('/sign-in/totp', { code: codeOf(secret) }, token)).status).toBe(200);
    later(24 * hour);
    expect((await gives(olivia)).body).toMatchObject({ next: 'wait', until: Date.now() + 24 * hour });
  });

  it('has found a recovery code meanwhile, and the wait is over', async () => {
    const [code = ''] = newRecoveryCodes();
    const account = accountOf(env, olivia.id);
    const hash = await recoveryHash(await vaultOf(env), olivia.id, code);
    await account.offerRecoveryCodes([hash], 'enrolment');
    await account.keepRecoveryCodes(hash, 'enrolment');
    await gives(olivia);
    expect((await post('/sign-in/recovery', { code }, await half(olivia))).status).toBe(200);
    later(24 * hour);
    expect(await nextOf(olivia)).toBe('wait');
  });

  it('S16 waits in vain once everybody was signed out of the account', async () => {
    await gives(olivia);
    await accountOf(env, olivia.id).endSessions();
    later(24 * hour);
    expect((await gives(olivia)).body).toMatchObject({ next: 'wait', until: Date.now() + 24 * hour });
  });
});

describe('S20 a thief with key and password', () => {
  it('is stopped by whoever follows the link, and the owner gets in with the same key', async () => {
    const inbox = await join(await newTeam(), olivia.access);
    await inbox.next('list');
    await gives(olivia);
    const thief = await half(olivia);
    later(23 * hour);
    expect((await cancel(await mailedLink())).status).toBe(200);
    expect((await inbox.closed).code).toBe(4401);
    expect((await withKey(thief)).body.code).toBe('signed_out');
    expect((await signIn(olivia)).body.code).toBe('wrong_credentials');
    later(hour);
    expect((await withKey(thief)).body.code).toBe('signed_out');

    // Only the person's mail leads to another password.
    const account = accountOf(env, olivia.id);
    const { token, hash } = await newLink(olivia.id);
    await account.setLink('reset', hash);
    const word = 'quite another pass phrase';
    expect((await post('/resets/redeem', { token, password: word })).status).toBe(200);
    const again = await withKey((await signIn(olivia, word)).body.token);
    expect(again.body).toMatchObject({ next: 'wait', until: Date.now() + 24 * hour });
    later(24 * hour);
    expect(await nextOf(olivia)).toBe('enrolment');
  });

  it('loses the key as soon as an owner has another one made', async () => {
    await gives(olivia);
    const another = await madeBy(olivia);
    later(24 * hour);
    expect(await nextOf(olivia)).toBe('wrong_code');
    expect((await gives(olivia, another)).body).toMatchObject({ next: 'wait' });
  });

  it('finds every wrong key counted, in the same words, and nothing else is paused by it', async () => {
    const token = await half(olivia);
    for (let n = 0; n < 5; n++) expect((await withKey(token, 'A'.repeat(32))).body.code).toBe('wrong_code');
    expect((await withKey(token)).body.code).toBe('wrong_code');
    expect((await post('/sign-in/totp', { code: codeOf(secret) }, token)).status).toBe(200);
    later(60_000);
    expect(await nextOf(olivia)).toBe('wait');
  });
});

describe('S20 the link that ends a wait', () => {
  it('works once, for the wait that it was mailed for', async () => {
    await gives(olivia);
    const first = await mailedLink();
    const second = await mailedLink();
    expect((await cancel(first)).body.code).toBe('link_gone');
    expect((await cancel(second)).status).toBe(200);
    expect((await cancel(second)).body.code).toBe('link_gone');
    expect((await cancel((await newLink(olivia.id)).token)).body.code).toBe('link_gone');
  });

  it('leaves a password alone that was chosen since', async () => {
    await gives(olivia);
    const link = await mailedLink();
    await accountOf(env, olivia.id).endSessions();
    expect((await cancel(link)).body.code).toBe('link_gone');
    expect((await signIn(olivia)).status).toBe(200);
  });

  it('stands in for no other, and no other for it', async () => {
    await gives(olivia);
    const link = await mailedLink();
    for (const path of ['/resets/redeem', '/invitations/redeem'])
      expect((await post(path, { token: link, password: 'quite another pass phrase' })).body.code).toBe(
        'link_gone',
      );
    expect((await post('/addresses/redeem', { token: link })).body.code).toBe('link_gone');
    const { token, hash } = await newLink(olivia.id);
    await accountOf(env, olivia.id).setLink('reset', hash);
    expect((await cancel(token)).body.code).toBe('link_gone');
  });

  it('is of no use any more once they were let in', async () => {
    await gives(olivia);
    const link = await mailedLink();
    later(24 * hour);
    expect(await nextOf(olivia)).toBe('enrolment');
    expect((await cancel(link)).body.code).toBe('link_gone');
  });
});

describe('S20 as for a wrong key is refused', () => {
  it('whoever is no owner', async () => {
    for (const role of ['admin', 'supervisor', 'agent', 'auditor'] as const)
      expect(await nextOf(await somebody(role, role))).toBe('wrong_code');
  });

  it('whom two others could help, until one of them no longer can', async () => {
    const others = [await somebody('owner', 'Oscar'), await somebody('owner', 'Ophelia')];
    expect(await nextOf(olivia)).toBe('wrong_code');
    await env.DB.prepare('UPDATE people SET totp = NULL WHERE id = ?').bind(others[0]?.id).run();
    expect(await nextOf(olivia)).toBe('wait');
    // A day later there are two again, and she needs the key no more.
    await env.DB.prepare(`UPDATE people SET totp = x'00' WHERE id = ?`).bind(others[0]?.id).run();
    later(24 * hour);
    expect(await nextOf(olivia)).toBe('wrong_code');
  });

  it('another owner, while one waits', async () => {
    const oscar = await somebody('owner', 'Oscar');
    expect(await nextOf(olivia)).toBe('wait');
    expect(await nextOf(oscar)).toBe('wrong_code');
    await cancel(await mailedLink());
    expect(await nextOf(oscar)).toBe('wait');
  });

  it('everybody, where no key was made', async () => {
    await env.DB.exec('DELETE FROM owner_key');
    expect(await nextOf(olivia)).toBe('wrong_code');
  });
});

describe('S20 a new owner key', () => {
  const ask = (access: string) => post<NewOwnerKeyAnswer>('/me/owner-key', {}, access);
  const keep = (access: string, given: string) => post('/me/owner-key/keep', { key: given }, access);

  it('is made by owners alone, with a second factor proved just now', async () => {
    const admin = await somebody('admin', 'Adam');
    expect((await ask(admin.access)).body.code).toBe('not_allowed');
    expect((await keep(admin.access, key)).body.code).toBe('not_allowed');
    const mine = await call<MyAnswer>('GET', '/api/v1/me/sign-in', { token: admin.access });
    expect(mine.body.ownerKey).toBeNull();
    later(5 * 60_000 - 1);
    expect((await ask(olivia.access)).body.ownerKey).toMatch(
      /^([0-9A-HJKMNP-TV-Z]{4}-){7}[0-9A-HJKMNP-TV-Z]{4}$/,
    );
  });

  it('counts once it was given back, by whom it was shown to, and is shown once', async () => {
    const oscar = await somebody('owner', 'Oscar');
    const { ownerKey } = (await ask(olivia.access)).body;
    expect((await keep(oscar.access, ownerKey)).body.code).toBe('wrong_code');
    expect((await gives(olivia, ownerKey)).body.code).toBe('wrong_code');
    expect(await nextOf(olivia)).toBe('wait');
    expect((await keep(olivia.access, ownerKey)).status).toBe(200);
    await ledgerOf(env).checkpoint();
    const made = env.DB.prepare(
      `SELECT leaf ->> '$.outcome' AS outcome FROM ledger WHERE action = 'owners.makeKey' AND actor = ?`,
    );
    expect((await made.bind(olivia.id).first())?.['outcome']).toBe('done');
    expect((await keep(olivia.access, ownerKey)).body.code).toBe('wrong_code');
    expect(await nextOf(olivia)).toBe('wrong_code');
    const mine = await call<MyAnswer>('GET', '/api/v1/me/sign-in', { token: oscar.access });
    expect(mine.body.ownerKey).toBe('kept');
  });

  it('S16 that was shown and not given back is void with its session, and after a quarter of an hour', async () => {
    const ended = (await ask(olivia.access)).body.ownerKey;
    await accountOf(env, olivia.id).endSession(olivia.session);
    const { access } = await signedIn(olivia.id);
    expect((await keep(access, ended)).body.code).toBe('wrong_code');
    const { ownerKey } = (await ask(access)).body;
    later(15 * 60_000);
    const [session] = await accountOf(env, olivia.id).sessions();
    if (session === undefined) throw new Error('no session');
    expect((await keep(await accessFor(olivia.id, session), ownerKey)).body.code).toBe('wrong_code');
    expect(await nextOf(olivia)).toBe('wait');
  });

  it('K8 is not readable in what is stored', async () => {
    await gives(olivia);
    const link = await mailedLink();
    const rows = JSON.stringify([
      (await env.DB.prepare('SELECT * FROM owner_key').all()).results,
      await runInDurableObject(accountOf(env, olivia.id), (_, { storage }) =>
        storage.sql.exec('SELECT * FROM marks').toArray(),
      ),
    ]);
    for (const each of [key, key.replaceAll('-', ''), link, link.split('.')[1] ?? link])
      expect(rows).not.toContain(each);
  });
});

describe('S20 of a key that lets in and another that is made at once', () => {
  it('one wins, and a refused key takes no factor away', async () => {
    for (let round = 0; round < 4; round++) {
      await gives(olivia);
      later(24 * hour);
      const { access } = await signedIn(olivia.id);
      const { ownerKey } = (await post<NewOwnerKeyAnswer>('/me/owner-key', {}, access)).body;
      const token = await half(olivia);
      const [entered, kept] = await Promise.all([
        withKey(token),
        post('/me/owner-key/keep', { key: ownerKey }, access),
      ]);
      const known = await new StaffDirectory(env).byId(olivia.id);
      expect([entered.status === 200, known?.hasFactor]).toEqual([
        entered.status === 200,
        entered.status !== 200,
      ]);
      if (entered.status === 200) return;
      expect(kept.status).toBe(200);
      key = ownerKey;
    }
  });

  it('S2 whoever has no factor left enrols as at first, whatever their account remembers', async () => {
    await new StaffDirectory(env).store.dropFactors(olivia.id);
    const token = await half(olivia);
    const { secret: base32 } = (await post<EnrolmentAnswer>('/sign-in/enrolment', {}, token)).body;
    const code = codeOf(Secret.fromBase32(base32).bytes);
    const answer = await post<CodesAnswer>('/sign-in/enrolment/confirm', { code }, token);
    expect(answer.body.next).toBe('codes');
  });
});

it('L7 what was done at the doors that are passed here alone stands in the ledger', () =>
  enters('people/owner-key.test.ts'));
