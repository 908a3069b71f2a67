import { env } from 'cloudflare:workers';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { accountOf } from '../../src/people/account.ts';
import { newLink } from '../../src/people/identity.ts';
import type { PersonAnswer } from '../../src/protocol/bodies.ts';
import type { PersonId } from '../../src/protocol/ids.ts';
import type { Role } from '../../src/protocol/roles.ts';
import type {
  CodesAnswer,
  EnrolmentAnswer,
  MyAnswer,
  NewCodesAnswer,
  NewOwnerKeyAnswer,
  OwnerKeyAnswer,
  SignInAnswer,
  StaffSession,
} from '../../src/protocol/sign-in.ts';
import { call } from '../cast.ts';

// Everything that people lose, each told from the loss until they are in again, by the doors that they would use.

const password = 'a long enough pass phrase';
const day = 24 * 3_600_000;
/** Each story is told from a network of its own, so that the door's limit counts for none. */
let network = 1;

type Somebody = { id: PersonId; address: string; secret: string; codes: readonly string[]; access: string };
let olivia: Somebody;

const ask = <T = Record<string, unknown>>(method: string, path: string, token?: string, body?: unknown) =>
  call<T>(method, `/api/v1${path}`, {
    ...{ token, body },
    headers: { 'cf-connecting-ip': `198.51.100.${network}` },
  });
const post = <T = Record<string, unknown>>(path: string, body: unknown, token?: string) =>
  ask<T>('POST', path, token, body);
const later = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds);
const codeOf = (secret: string) => new TOTP({ secret: Secret.fromBase32(secret) }).generate();

/** What proves the password alone, half a minute after all that was done before: each code counts once. */
async function half({ address }: { address: string }): Promise<string> {
  later(31_000);
  const { status, body } = await post<SignInAnswer>('/sign-in', { address, password });
  expect(status).toBe(200);
  return body.token;
}

async function signedIn(who: Somebody): Promise<Somebody> {
  const token = await half(who);
  const { body } = await post<StaffSession>('/sign-in/totp', { code: codeOf(who.secret) }, token);
  return { ...who, access: body.access };
}

/** An app and recovery codes for somebody who has none, and the session that they are for. */
async function enrolled(token: string): Promise<Omit<Somebody, 'id' | 'address'>> {
  const { secret } = (await post<EnrolmentAnswer>('/sign-in/enrolment', {}, token)).body;
  const shown = (await post<CodesAnswer>('/sign-in/enrolment/confirm', { code: codeOf(secret) }, token)).body;
  const [code] = shown.recoveryCodes;
  const { body } = await post<StaffSession>('/sign-in/enrolment/finish', { code }, shown.token);
  return { secret, codes: shown.recoveryCodes.slice(1), access: body.access };
}

/** Somebody whom Olivia invites, and who comes. The mail can't be read here: another link takes its place. */
async function joined(name: string, role: Role): Promise<Somebody> {
  const address = `${crypto.randomUUID()}@example.com`;
  olivia = await signedIn(olivia);
  const { id } = (await post<PersonAnswer>('/people', { name, address, role, teams: [] }, olivia.access)).body
    .person;
  const { token, hash } = await newLink(id);
  await accountOf(env, id).setLink('invitation', hash);
  expect((await post('/invitations/redeem', { token, password })).status).toBe(200);
  return { id, address, ...(await enrolled(await half({ address }))) };
}

/** They are in, with a factor, and what is worth a theft is theirs to do. */
async function isIn({ id, access }: Somebody): Promise<void> {
  const session = await ask<{ person: { id: string } }>('GET', '/session', access);
  expect([session.status, session.body.person.id]).toEqual([200, id]);
  expect((await ask<MyAnswer>('GET', '/me/sign-in', access)).body.totp).toBe(true);
  expect((await post('/me/recovery-codes', {}, access)).status).toBe(200);
}

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Math.ceil(Date.now() / 30_000) * 30_000 + 1_000 });
  const address = 'olivia@example.com';
  const { body } = await post<{ person: { id: PersonId } }>(
    '/setup',
    { owner: { name: 'Olivia', address, password }, team: { name: 'Support' } },
    env.SETUP_TOKEN,
  );
  olivia = { id: body.person.id, address, ...(await enrolled(await half({ address }))) };
});
beforeEach(() => {
  network++;
});
afterAll(() => void vi.useRealTimers());

describe('whoever has lost', () => {
  it('S10 S13 their phone gets in with a recovery code, and sets up another, which takes the old one’s place', async () => {
    const mia = await joined('Mia', 'agent');
    const token = await half(mia);
    const [code] = mia.codes;
    const { access } = (await post<StaffSession>('/sign-in/recovery', { code }, token)).body;
    const { secret } = (await post<EnrolmentAnswer>('/me/totp', {}, access)).body;
    expect((await post('/me/totp/confirm', { code: codeOf(secret) }, access)).status).toBe(200);

    const old = await post('/sign-in/totp', { code: codeOf(mia.secret) }, await half(mia));
    expect(old.body.code).toBe('wrong_code');
    await isIn(await signedIn({ ...mia, secret }));
  });

  it('S10 S13 their recovery codes makes others with the factor that they have, and those before are void', async () => {
    const mia = await signedIn(await joined('Mia', 'agent'));
    const { recoveryCodes } = (await post<NewCodesAnswer>('/me/recovery-codes', {}, mia.access)).body;
    const kept = await post('/me/recovery-codes/keep', { code: recoveryCodes[0] }, mia.access);
    expect(kept.status).toBe(200);

    const found = await post('/sign-in/recovery', { code: mia.codes[0] }, await half(mia));
    expect(found.body.code).toBe('wrong_code');
    const withNew = await post<StaffSession>(
      '/sign-in/recovery',
      { code: recoveryCodes[1] },
      await half(mia),
    );
    await isIn({ ...mia, access: withNew.body.access });
  });

  it('P3 S17 their admin, and then everything, enrols anew when two others say so, one of whom took the admin’s place', async () => {
    const [adam, nora, mia] = [
      await joined('Adam', 'admin'),
      await joined('Nora', 'agent'),
      await joined('Mia', 'agent'),
    ];
    olivia = await signedIn(olivia);
    const gone = await ask('PATCH', `/people/${adam.id}`, olivia.access, { state: 'disabled' });
    const given = await ask('PATCH', `/people/${nora.id}`, olivia.access, { role: 'admin' });
    expect([gone.status, given.status]).toEqual([200, 200]);
    later(2_000);
    expect((await ask('GET', '/people', adam.access)).body.code).toBe('signed_out');

    const reset = `/people/${mia.id}/reset`;
    expect((await post(reset, {}, olivia.access)).status).toBe(200);
    expect((await post(`${reset}/approve`, {}, olivia.access)).body.code).toBe('not_allowed');
    const { access } = await signedIn(nora);
    expect((await post(`${reset}/approve`, {}, access)).status).toBe(200);
    expect((await ask('GET', '/session', mia.access)).body.code).toBe('signed_out');
    await isIn({ ...mia, ...(await enrolled(await half(mia))) });
  });

  it('S20 everything, and is the only owner, enrols anew with password and owner key and after a day, and makes another key', async () => {
    // Nobody else is there to help.
    await env.DB.prepare(`UPDATE people SET state = 'disabled' WHERE id <> ?`).bind(olivia.id).run();
    olivia = await signedIn(olivia);
    const made = async (access: string) => {
      const { ownerKey } = (await post<NewOwnerKeyAnswer>('/me/owner-key', {}, access)).body;
      expect((await post('/me/owner-key/keep', { key: ownerKey }, access)).status).toBe(200);
      return ownerKey;
    };
    const key = await made(olivia.access);

    const gives = async () =>
      (await post<OwnerKeyAnswer>('/sign-in/owner-key', { key }, await half(olivia))).body;
    expect((await gives()).next).toBe('wait');
    later(day - 60_000);
    expect((await gives()).next).toBe('wait');
    later(60_000);
    const entry = await gives();
    if (entry.next !== 'enrolment') throw new Error('not let in');
    const lost = olivia;
    olivia = { ...olivia, ...(await enrolled(entry.token)) };
    await isIn(olivia);
    expect((await ask('GET', '/session', lost.access)).body.code).toBe('signed_out');
    expect(await made(olivia.access)).not.toBe(key);
    expect((await gives()).code).toBe('wrong_code');
    await isIn(await signedIn(olivia));
  });
});
