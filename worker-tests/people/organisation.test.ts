import { runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { generateKey, readKey } from 'openpgp';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import readme from '../../README.md?raw';
import { vaultOf } from '../../src/config.ts';
import { accountOf } from '../../src/people/account.ts';
import { refreshTokenOf } from '../../src/people/identity/refresh.ts';
import { type SiteId, type TeamId } from '../../src/protocol/ids.ts';
import type { OrganisationAnswer, OrganisationChange } from '../../src/protocol/organisation.ts';
import { type PgpAnswer, pgpFlaws } from '../../src/protocol/pgp.ts';
import type { StaffSession } from '../../src/protocol/sign-in.ts';
import {
  accessFor,
  begin,
  call,
  join,
  type Member,
  newMember,
  newSite,
  newTeam,
  newVisitor,
  open,
  signedIn,
  ticketFor,
} from '../cast.ts';
import { since, size } from '../ledger/scene.ts';
import { enters } from '../ledger/elsewhere.ts';

const minute = 60_000;
/** Where every request of these tests comes from unless it says otherwise, and a network that does not hold it. */
const here = '192.0.2.1';
const office = '192.0.2.0/24';
const elsewhere = { 'cf-connecting-ip': '198.51.100.7' };

let team: TeamId;
let site: SiteId;
let owner: Member;
let agent: Member;

const change = (body: OrganisationChange, headers = {}, by = owner) =>
  call<OrganisationAnswer>('PATCH', '/api/v1/organisation', { token: by.access, body, headers });
const read = () => call<OrganisationAnswer>('GET', '/api/v1/organisation', { token: owner.access });
const session = (token: string, headers = {}) => call('GET', '/api/v1/session', { token, headers });
const act = (token: string, ago = 0) => call('POST', '/api/v1/session/activity', { token, body: { ago } });
/** The cookie of this person's session. */
async function cookieOf({ id, session: of }: Member): Promise<string> {
  const account = accountOf(env, id);
  const [salt, { generation = 0 } = {}] = [await account.refreshSalt(of), (await account.sessions())[0]];
  if (salt === undefined) throw new Error('the session is over');
  const place = { person: id, session: of, generation };
  const token = await refreshTokenOf(await vaultOf(env), salt, place);
  return `__Host-sotto-staff=${[id, of, generation, token].join('.')}`;
}
/** That long from now. What an isolate knew a second ago it asks again. */
const later = (ms: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });

beforeAll(async () => {
  team = await newTeam();
  site = await newSite(team);
});
beforeEach(async () => {
  await env.DB.prepare(`UPDATE organisation SET settings = '{}'`).run();
  later(1_001);
  owner = await newMember('owner', [team]);
  agent = await newMember('agent', [team]);
});
afterEach(() => {
  vi.useRealTimers();
});

describe('D68 the OpenPGP key of the organisation', () => {
  const put = (body: object, by = owner) =>
    call<PgpAnswer>('PUT', '/api/v1/organisation/pgp', { token: by.access, body });
  const drop = (by = owner) => call<PgpAnswer>('DELETE', '/api/v1/organisation/pgp', { token: by.access });

  it('is taken with the fingerprint that its owner knows, shown, and taken away, and the ledger has it', async () => {
    const { publicKey } = await generateKey({ userIDs: [{ name: 'Backups' }] });
    const fingerprint = (await readKey({ armoredKey: publicKey })).getFingerprint();
    const before = await size();
    const { status, body } = await put({
      key: publicKey,
      fingerprint: ` ${fingerprint.slice(0, 4)} ${fingerprint.slice(4)}`,
    });
    expect(status).toBe(200);
    const pgp = {
      ...{ fingerprint: fingerprint.toUpperCase(), users: ['Backups'], algorithm: 'curve25519' },
      createdAt: expect.any(Number) as number,
      expiresAt: null,
    };
    expect(body.pgp).toEqual(pgp);
    expect((await read()).body.pgp).toEqual(pgp);
    expect((await drop()).body).toEqual({ pgp: null });
    expect((await read()).body.pgp).toBeNull();
    const told = (await since(before)).filter(({ action }) => action === 'organisation.change');
    expect(told.map(({ outcome, facts }) => [outcome, facts?.['pgp']])).toEqual([
      ['done', fingerprint.toUpperCase()],
      ['done', null],
    ]);
  });

  it('is not taken with another fingerprint, where it can’t be used, or from anybody but an owner', async () => {
    const { publicKey, privateKey } = await generateKey({ userIDs: [{ name: 'Backups' }] });
    const fingerprint = (await readKey({ armoredKey: publicKey })).getFingerprint();
    expect((await put({ key: publicKey, fingerprint: '0'.repeat(40) })).body).toMatchObject({
      code: 'pgp_other',
    });
    const refused = await put({ key: privateKey, fingerprint });
    expect(refused.body).toMatchObject({ code: 'pgp_unfit', detail: pgpFlaws.private });
    expect((await put({ key: publicKey, fingerprint: 'AB' })).body).toMatchObject({ code: 'invalid' });
    const admin = await newMember('admin', [team]);
    for (const { body } of [await put({ key: publicKey, fingerprint }, admin), await drop(admin)])
      expect(body).toMatchObject({ code: 'not_allowed' });
    const started = (await accountOf(env, owner.id).sessions()).find(({ id }) => id === owner.session);
    later(6 * minute);
    const old = started && { ...owner, access: await accessFor(owner.id, started) };
    for (const { body } of [await put({ key: publicKey, fingerprint }, old), await drop(old)])
      expect(body).toMatchObject({ code: 'step_up_needed' });
    expect(await env.DB.prepare('SELECT pgp FROM organisation').first('pgp')).toBeNull();
  });
});

describe('the organisation’s settings', () => {
  it('S18 S19 are plain at first, and a change leaves what it does not name', async () => {
    expect((await read()).body).toEqual({
      organisation: { idleMinutes: 30, networks: [], budgets: {}, fileBudgets: {}, ledgerDetailsDays: 365 },
      address: here,
      profiles: [],
      pgp: null,
    });
    await change({ networks: [office] });
    const { body } = await change({ idleMinutes: 10 });
    expect(body.organisation).toEqual({
      idleMinutes: 10,
      networks: [office],
      budgets: {},
      fileBudgets: {},
      ledgerDetailsDays: 365,
    });
    expect((await read()).body.organisation).toEqual(body.organisation);
  });

  it('S18 S19 of changes made at once, each leaves what the other changed', async () => {
    await Promise.all([change({ networks: [office] }), change({ idleMinutes: 10 })]);
    expect((await read()).body.organisation).toEqual({
      idleMinutes: 10,
      networks: [office],
      budgets: {},
      fileBudgets: {},
      ledgerDetailsDays: 365,
    });
  });

  it.each([
    { idleMinutes: 4 },
    { idleMinutes: 121 },
    { idleMinutes: 7.5 },
    { idleMinutes: '30' },
    { networks: ['somewhere'] },
    { networks: [`${here}/33`] },
    { networks: Array.from({ length: 101 }, (_, n) => `192.0.2.${n}`) },
    { networks: null },
    { other: 1 },
  ])('W1 %j does not fit, and changes nothing', async (body) => {
    const reply = await change(body as OrganisationChange);
    expect([reply.status, reply.body.code]).toEqual([400, 'invalid']);
    expect((await read()).body.organisation).toEqual({
      idleMinutes: 30,
      networks: [],
      budgets: {},
      fileBudgets: {},
      ledgerDetailsDays: 365,
    });
  });

  it('S19 write a network in one spelling, once', async () => {
    const { body } = await change({ networks: [' 192.0.2.77/24', office, '2001:DB8:0::/48', here] });
    expect(body.organisation.networks).toEqual([office, '2001:db8::/48', `${here}/32`]);
  });
});

describe('S18 a session', () => {
  const inboxOf = async (token: string) => {
    const inbox = await join(team, token);
    await inbox.next('list');
    return inbox;
  };

  it('is over when its person has done nothing for 30 minutes, whatever its page asks and refreshes', async () => {
    const account = accountOf(env, agent.id);
    let { generation } = (await account.sessions())[0] ?? { generation: 0 };
    for (let passed = 0; passed < 29; passed++) {
      later(minute);
      expect((await account.refresh(agent.session, generation++)).ended).toBe(false);
      await account.takeSeat({
        id: 'a seat',
        room: team,
        session: agent.session,
        until: Date.now() + minute,
      });
    }
    expect(await account.sessionState(agent.session)).toBeDefined();
    later(minute);
    expect(await account.sessionState(agent.session)).toBeUndefined();
    expect((await account.refresh(agent.session, generation)).ended).toBe(true);
    expect(
      await account.takeSeat({ id: 'another', room: team, session: agent.session, until: Date.now() + 1 }),
    ).toBeUndefined();
  });

  it('goes on while its person does something, from when they did it', async () => {
    const account = accountOf(env, agent.id);
    expect((await act(agent.access)).status).toBe(200);
    later(20 * minute);
    await account.use(agent.session, 5 * minute);
    later(24 * minute);
    expect(await account.sessionState(agent.session)).toBeDefined();
    // What is told late moves nothing back.
    await account.use(agent.session, 23 * minute);
    await account.use(agent.session, 40 * minute);
    later(2 * minute);
    expect(await account.sessionState(agent.session)).toBeDefined();
    later(5 * minute);
    await account.use(agent.session, 0);
    expect(await account.sessionState(agent.session)).toBeUndefined();
  });

  it('that is over is refused at the next request, and its sockets close', async () => {
    const other = await signedIn(agent.id);
    const inbox = await inboxOf(agent.access);
    const account = accountOf(env, agent.id);
    later(29 * minute);
    await account.use(other.session, 0);
    // The account looks when the first of them would be over.
    expect(await runDurableObjectAlarm(account)).toBe(true);
    expect((await account.sessions()).length).toBe(2);
    later(minute);
    expect(await account.sessionState(agent.session)).toBeUndefined();
    expect(await runDurableObjectAlarm(account)).toBe(true);
    expect((await inbox.closed).code).toBe(4401);
    expect((await account.sessions()).map(({ id }) => id)).toEqual([other.session]);
    // It does not come back with a longer limit.
    expect((await change({ idleMinutes: 120 })).body.code).toBe('signed_out');
    owner = await newMember('owner', [team]);
    expect((await change({ idleMinutes: 120 })).status).toBe(200);
    expect(await account.sessionState(agent.session)).toBeUndefined();
    expect(await account.sessionState(other.session)).toBeDefined();
  });

  it('is over at once when the limit falls below what it waited already', async () => {
    const inbox = await inboxOf(agent.access);
    const account = accountOf(env, agent.id);
    later(6 * minute);
    owner = await newMember('owner', [team]);
    expect((await change({ idleMinutes: 5 })).status).toBe(200);
    expect((await inbox.closed).code).toBe(4401);
    expect((await account.sessions()).length).toBe(0);
    const next = await signedIn(agent.id);
    later(4 * minute);
    expect((await session(next.access)).status).toBe(200);
    later(minute);
    expect(await account.sessionState(next.session)).toBeUndefined();
  });

  it('says with every refresh how long it waits and when its person last did something', async () => {
    await change({ idleMinutes: 7 });
    const account = accountOf(env, agent.id);
    const { usedAt } = (await account.sessions())[0] ?? { usedAt: 0 };
    expect(usedAt).toBeGreaterThan(Date.now() - minute);
    later(2_000);
    const cookie = await cookieOf(agent);
    const reply = await call<StaffSession>('POST', '/api/v1/session/refresh', { headers: { cookie } });
    expect(reply.body).toMatchObject({ idleLimit: 7 * minute, usedAt });
  });

  it.each([{}, { ago: -1 }, { ago: 1.5 }, { ago: 12 * 60 * minute + 1 }, { ago: 0, more: 1 }])(
    'W1 is not used by %j',
    async (body) => {
      const reply = await call('POST', '/api/v1/session/activity', { token: agent.access, body });
      expect([reply.status, reply.body.code]).toEqual([400, 'invalid']);
    },
  );
});

describe('S19 staff', () => {
  const refused = [403, 'place_refused'];
  const codeOf = ({ status, body }: { status: number; body: { code?: string } }) => [status, body.code];
  const post = (path: string, body: unknown, headers = {}, token?: string) =>
    call('POST', `/api/v1${path}`, { body, headers, token });

  it('come in from the networks of their organisation alone, once it names any', async () => {
    const cookie = await cookieOf(agent);
    const credentials = { address: agent.address, password: 'not their password' };
    expect((await session(agent.access, elsewhere)).status).toBe(200);
    expect((await change({ networks: [office] })).status).toBe(200);
    later(1_001);
    expect((await session(agent.access)).status).toBe(200);
    expect(codeOf(await session(agent.access, elsewhere))).toEqual(refused);
    expect(codeOf(await post('/session/refresh', {}, { ...elsewhere, cookie }))).toEqual(refused);
    expect(codeOf(await post(`/teams/${team}/tickets`, {}, elsewhere, agent.access))).toEqual(refused);
    expect(codeOf(await post('/sign-in', credentials, elsewhere))).toEqual(refused);
    expect(codeOf(await post('/sign-in', credentials))).toEqual([401, 'wrong_credentials']);
    expect((await post('/session/refresh', {}, { cookie })).status).toBe(200);
    // An unknown address is none of theirs.
    expect(codeOf(await session(agent.access, { 'cf-connecting-ip': '' }))).toEqual(refused);
  });

  it('sign out from wherever they are: nobody who goes is kept', async () => {
    await change({ networks: [office] });
    later(1_001);
    const reply = await call('DELETE', '/api/v1/session', { token: agent.access, headers: elsewhere });
    expect(reply.status).toBe(204);
    expect(await accountOf(env, agent.id).sessions()).toEqual([]);
  });

  it('learn from a refusal nothing of who or what is there', async () => {
    const cookie = await cookieOf(agent);
    await change({ networks: [office] });
    later(1_001);
    const known = { address: agent.address, password: 'not their password' };
    const unknown = { address: 'nobody@example.com', password: 'not their password' };
    const forged = `${cookie.slice(0, -43)}${'A'.repeat(43)}`;
    const replies = [
      await post('/sign-in', known, elsewhere),
      await post('/sign-in', unknown, elsewhere),
      await post('/sign-in', 'no body at all', elsewhere),
      await post('/sign-in/totp', { code: '000000' }, elsewhere),
      await post('/sign-in/recovery', { code: '0'.repeat(24) }, elsewhere),
      await post('/sign-in/passkey/challenge', {}, elsewhere),
      await post('/sign-in/passkey', {}, elsewhere),
      await post('/sign-in/enrolment', {}, elsewhere),
      await post('/session/refresh', {}, { ...elsewhere, cookie }),
      await post('/session/refresh', {}, { ...elsewhere, cookie: forged }),
      await post('/session/refresh', {}, elsewhere),
      await session(agent.access, elsewhere),
    ];
    await accountOf(env, agent.id).endSessions();
    later(1_001);
    replies.push(await session(agent.access, elsewhere));
    for (const { status, body } of replies) expect([status, body]).toEqual([403, replies[0]?.body]);
    expect(JSON.stringify(replies[0]?.body)).not.toMatch(/192|198/);
  });

  it('open no socket elsewhere with a ticket from the office, and leave no seat there', async () => {
    await change({ networks: [office] });
    later(1_001);
    const socket = await open(team, await ticketFor(agent.access, team), { headers: elsewhere });
    expect((await socket.closed).code).toBe(4401);
    expect(socket.heard).toEqual([]);
    const inbox = await join(team, agent.access);
    await inbox.next('list');
    inbox.say({ type: 'renew', ticket: await ticketFor(agent.access, team) });
    await inbox.next('renewed');
  });

  it('who sit elsewhere are out as soon as the networks are named, and those at the office are back', async () => {
    const visitor = await newVisitor(site, elsewhere);
    const conversation = await begin(visitor, 'Hello?', crypto.randomUUID(), elsewhere);
    const customer = await join(conversation, visitor.access, { headers: elsewhere });
    const tickets = [await ticketFor(agent.access, team), await ticketFor(agent.access, conversation)];
    const away = [
      await open(team, tickets[0] ?? '', { headers: elsewhere }),
      await open(conversation, tickets[1] ?? '', { headers: elsewhere }),
    ];
    const atOffice = await join(team, owner.access);
    await atOffice.next('list');
    await away[0]?.next('list');
    await away[1]?.next('welcome');
    expect((await change({ networks: [office] })).status).toBe(200);
    for (const socket of [...away, atOffice]) expect((await socket.closed).code).toBe(4401);
    // Also one that was let in a moment ago by what this isolate still knew.
    const late = await open(team, await ticketFor(agent.access, team), { headers: elsewhere });
    expect((await late.closed).code).toBe(4401);
    await (await join(team, owner.access)).next('list');
    // Nobody asks customers where they are.
    customer.post('still here');
    await customer.until(() => customer.texts.includes('still here') || undefined);
    expect(
      (await call('GET', '/api/v1/conversations', { token: visitor.access, headers: elsewhere })).status,
    ).toBe(200);
  });

  it('are not locked out by whoever is not in the networks that they name', async () => {
    for (const networks of [['198.51.100.0/24'], ['2001:db8::/32'], ['192.0.2.2', '192.0.2.128/25']])
      expect(codeOf(await change({ networks }))).toEqual([409, 'would_lock_out']);
    expect(codeOf(await change({ networks: [office] }, elsewhere))).toEqual([409, 'would_lock_out']);
    expect((await read()).body.organisation.networks).toEqual([]);
    expect((await change({ networks: [here] })).status).toBe(200);
    expect((await change({ networks: [] })).status).toBe(200);
    later(1_001);
    expect((await session(agent.access, elsewhere)).status).toBe(200);
  });

  it('whose office has moved come in again once the list is emptied as the README says', async () => {
    await change({ networks: [office] });
    later(1_001);
    expect(codeOf(await session(agent.access, elsewhere))).toEqual(refused);
    const line = /d1 execute sotto --remote --command "([^"]+)"/.exec(readme)?.[1];
    await env.DB.prepare(line ?? '').run();
    later(1_001);
    expect((await session(agent.access, elsewhere)).status).toBe(200);
    expect((await read()).body.organisation).toEqual({
      idleMinutes: 30,
      networks: [],
      budgets: {},
      fileBudgets: {},
      ledgerDetailsDays: 365,
    });
  });
});

it('L7 what was done at the doors that are passed here alone stands in the ledger', () =>
  enters('people/organisation.test.ts'));
