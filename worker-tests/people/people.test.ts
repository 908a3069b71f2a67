import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { accountOf } from '../../src/people/account.ts';
import { tokensOf } from '../../src/people/guard.ts';
import { PasskeyStore } from '../../src/people/identity/passkeys.ts';
import { StaffDirectory } from '../../src/people/staff.ts';
import type { EverybodyAnswer, PeopleAnswer, PersonAnswer } from '../../src/protocol/bodies.ts';
import { newId, type PersonId, type SiteId, type TeamId } from '../../src/protocol/ids.ts';
import type { Role } from '../../src/protocol/roles.ts';
import {
  begin,
  call,
  join,
  type Member,
  newMember,
  newSite,
  newTeam,
  newVisitor,
  signedIn,
  whence,
  keyed,
} from '../cast.ts';
import { enters } from '../ledger/elsewhere.ts';

let team: TeamId;
let site: SiteId;
let owner: Member;

const change = (by: Member, id: PersonId, body: unknown) =>
  call('PATCH', `/api/v1/people/${id}`, { token: by.access, body });
const people = async () =>
  (await call<PeopleAnswer>('GET', '/api/v1/people', { token: owner.access })).body.people;
const roleOf = async ({ id }: { id: PersonId }) => (await people()).find((person) => person.id === id)?.role;
const afterASecond = async <T>(ask: () => Promise<T>): Promise<T> => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 1_100 });
  try {
    return await ask();
  } finally {
    vi.useRealTimers();
  }
};

beforeAll(async () => {
  team = await newTeam();
  site = await newSite(team);
});
beforeEach(async () => {
  owner = await newMember('owner', [team]);
});

describe('P3 a role', () => {
  it('changes at once: open sockets close, and the very next request is refused what it no longer may', async () => {
    const carl = await newMember('supervisor', [team]);
    const inbox = await join(team, carl.access);
    await inbox.next('list');
    expect((await call('GET', '/api/v1/people', { token: carl.access })).status).toBe(200);
    expect((await change(owner, carl.id, { role: 'agent' })).status).toBe(200);
    expect((await inbox.closed).code).toBe(4401);
    expect(await roleOf(carl)).toBe('agent');
    const reply = await afterASecond(() => call('GET', '/api/v1/people', { token: carl.access }));
    expect(reply.body.code).toBe('not_allowed');
    expect((await call('GET', '/api/v1/session', { token: carl.access })).status).toBe(200);
  });

  it('that may not answer gives back what its holder had', async () => {
    const carl = await newMember('agent', [team]);
    const visitor = await newVisitor(site);
    const conversation = await begin(visitor);
    await call('POST', `/api/v1/conversations/${conversation}/claim`, { token: carl.access, body: {} });
    expect((await change(owner, carl.id, { role: 'auditor' })).status).toBe(200);
    const inbox = await join(team, owner.access);
    const { entries } = await inbox.next('list');
    expect(entries.find(({ id }) => id === conversation)).toMatchObject({ state: 'waiting', assignee: null });
  });

  it.each([
    ['admin', 'owner', 'agent'],
    ['admin', 'agent', 'owner'],
    ['supervisor', 'agent', 'auditor'],
    ['agent', 'agent', 'auditor'],
    ['auditor', 'agent', 'auditor'],
  ] satisfies [Role, Role, Role][])('of %s does not make a %s an %s', async (by, from, to) => {
    const actor = await newMember(by, [team]);
    const person = await newMember(from, [team]);
    expect((await change(actor, person.id, { role: to })).body.code).toBe('not_allowed');
    expect(await roleOf(person)).toBe(from);
  });

  it('is nobody’s own to change, and an owner always remains', async () => {
    expect((await change(owner, owner.id, { role: 'agent' })).body.code).toBe('not_allowed');
    const { store } = new StaffDirectory(env);
    await env.DB.prepare(`UPDATE people SET role = 'admin' WHERE role = 'owner' AND id <> ?`)
      .bind(owner.id)
      .run();
    expect(await store.changeRole(owner.id, 'owner', 'admin')).toBe(false);
    expect(await store.disable(owner.id, 'owner')).toBe(false);
    const second = await newMember('owner', []);
    expect((await change(owner, second.id, { role: 'admin' })).status).toBe(200);
    // Two who take it from each other at once: one of them stays.
    const third = await newMember('owner', []);
    await Promise.all([
      change(owner, third.id, { role: 'agent' }),
      change(third, owner.id, { role: 'agent' }),
    ]);
    const { results } = await env.DB.prepare(
      `SELECT id FROM people WHERE role = 'owner' AND state = 'active'`,
    ).all();
    expect(results.length).toBeGreaterThan(0);
  });
});

describe('people', () => {
  const invited = async (role: Role = 'agent') => {
    const body = { name: 'New', address: `${crypto.randomUUID()}@example.com`, role, teams: [team] };
    return (await call<PersonAnswer>('POST', '/api/v1/people', { token: owner.access, body })).body.person.id;
  };
  const withdraw = (by: Member, id: PersonId) => call('DELETE', `/api/v1/people/${id}`, { token: by.access });

  it('are listed with whether they have a second factor', async () => {
    const carl = await newMember('agent', [team]);
    const found = async () => (await people()).find(({ id }) => id === carl.id)?.hasFactor;
    expect(await found()).toBe(false);
    await new StaffDirectory(env).store.setTotp(await keyed(carl.id), new Uint8Array(1));
    expect(await found()).toBe(true);
  });

  it('who were invited and have not come can be taken off the list, with their key', async () => {
    const id = await invited();
    expect(await env.KEYS.head(`person/${id}`)).not.toBeNull();
    expect((await withdraw(await newMember('agent', [team]), id)).body.code).toBe('not_allowed');
    expect((await withdraw(owner, id)).status).toBe(200);
    expect((await people()).some((person) => person.id === id)).toBe(false);
    expect(await env.KEYS.head(`person/${id}`)).toBeNull();
    expect((await withdraw(owner, id)).body.code).toBe('not_found');
  });

  it('who have come are not taken off the list, and nobody withdraws above themselves', async () => {
    const carl = await newMember('agent', [team]);
    expect((await withdraw(owner, carl.id)).body.code).toBe('already_done');
    const admin = await newMember('admin', [team]);
    expect((await withdraw(admin, await invited('owner'))).body.code).toBe('not_allowed');
  });

  it('are signed out everywhere by right, within a second', async () => {
    const carl = await newMember('agent', [team]);
    const other = await signedIn(carl.id);
    const inboxes = [await join(team, carl.access), await join(team, other.access)];
    for (const inbox of inboxes) await inbox.next('list');
    const end = (by: Member) => call('DELETE', `/api/v1/people/${carl.id}/sessions`, { token: by.access });
    expect((await end(await newMember('supervisor', [team]))).body.code).toBe('not_allowed');
    expect((await end(await newMember('admin', [team]))).status).toBe(200);
    for (const inbox of inboxes) expect((await inbox.closed).code).toBe(4401);
    const reply = await afterASecond(() => call('GET', '/api/v1/session', { token: other.access }));
    expect(reply.body.code).toBe('signed_out');
  });

  it('above whoever asks are not signed out by them', async () => {
    const admin = await newMember('admin', [team]);
    const reply = await call('DELETE', `/api/v1/people/${owner.id}/sessions`, { token: admin.access });
    expect(reply.body.code).toBe('not_allowed');
  });
});

describe('S22 everybody', () => {
  it('is signed out at once but whoever asks, in their present session, and whoever stands above them', async () => {
    const admin = await newMember('admin', [team]);
    const elsewhere = await signedIn(admin.id);
    const others = await Promise.all([newMember('agent', [team]), newMember('supervisor', [])]);
    const [agent] = others;
    const [inbox, own, above] = await Promise.all(
      [agent, admin, owner].map(({ access }) => join(team, access)),
    );
    const reply = await call<EverybodyAnswer>('DELETE', '/api/v1/sessions', { token: admin.access });
    expect(reply.status).toBe(200);
    const all = await people();
    const owners = all.filter(({ role }) => role === 'owner').length;
    expect(reply.body).toEqual({ signedOut: all.length - owners, above: owners });
    expect((await inbox?.closed)?.code).toBe(4401);
    await afterASecond(async () => {
      for (const { access } of [...others, elsewhere])
        expect((await call('GET', '/api/v1/session', { token: access })).body.code).toBe('signed_out');
      for (const { access } of [admin, owner])
        expect((await call('GET', '/api/v1/session', { token: access })).status).toBe(200);
    });
    for (const ear of [own, above]) {
      ear?.say({ type: 'more', after: null });
      await ear?.next('page');
    }
  });
});

describe('S17 whoever has lost every second factor and recovery code', () => {
  const act = (by: Member, method: string, rest: string) =>
    call(method, `/api/v1/people/${lost.id}/reset${rest}`, {
      token: by.access,
      ...(method === 'POST' ? { body: {} } : {}),
    });
  const ask = (by: Member) => act(by, 'POST', '');
  const approve = (by: Member) => act(by, 'POST', '/approve');
  const cancel = (by: Member) => act(by, 'DELETE', '');
  const wish = async () => (await people()).find(({ id }) => id === lost.id)?.reset ?? null;
  let lost: Member;
  let admin: Member;

  beforeEach(async () => {
    lost = await newMember('agent', [team]);
    admin = await newMember('admin', [team]);
    const { store } = new StaffDirectory(env);
    await store.setTotp(await keyed(lost.id), new Uint8Array(1));
    const key = { publicKey: new Uint8Array(1), counter: 0, transports: [], name: new Uint8Array(1) };
    await new PasskeyStore(env.DB).add(await keyed(lost.id), {
      ...key,
      ...{ id: `key of ${lost.id}`, person: lost.id, createdAt: 0 },
    });
  });

  it('enrols anew once one colleague has asked for it and another has approved it', async () => {
    const inbox = await join(team, lost.access);
    await inbox.next('list');
    expect((await ask(admin)).status).toBe(200);
    expect(await wish()).toMatchObject({ by: admin.id });
    expect((await call('GET', '/api/v1/session', { token: lost.access })).status).toBe(200);

    expect((await approve(owner)).status).toBe(200);
    expect((await inbox.closed).code).toBe(4401);
    expect(await wish()).toBeNull();
    expect((await people()).find(({ id }) => id === lost.id)?.hasFactor).toBe(false);
    const account = accountOf(env, lost.id);
    expect(await account.countRecoveryCodes()).toBe(0);
    expect(await account.sessions()).toEqual([]);
    // From here on it is as for somebody new: a factor, then codes that are given back.
    const { token } = await (
      await tokensOf(env)
    ).factor({ sub: lost.id, epoch: await account.epoch() }, Date.now());
    expect((await call('POST', '/api/v1/sign-in/enrolment', { token, body: {} })).status).toBe(200);
    const proof = { by: 'totp', step: 3_000_000 } as const;
    expect(await account.startSession(newId('session'), proof, whence, await account.epoch())).toBe(
      'unfinished',
    );
  });

  it('is not reset by one person alone, by themselves, or by whoever may not', async () => {
    expect((await approve(owner)).body.code).toBe('reset_gone');
    expect((await ask(owner)).status).toBe(200);
    expect((await approve(owner)).body.code).toBe('not_allowed');
    for (const role of ['supervisor', 'agent', 'auditor'] as const) {
      const other = await newMember(role, [team]);
      expect((await ask(other)).body.code).toBe('not_allowed');
      expect((await approve(other)).body.code).toBe('not_allowed');
      expect((await cancel(other)).body.code).toBe('not_allowed');
    }
    expect((await ask(lost)).body.code).toBe('not_allowed');
    expect(await wish()).toMatchObject({ by: owner.id });
    expect((await people()).find(({ id }) => id === lost.id)?.hasFactor).toBe(true);
  });

  it('is not reset by whoever stands below them', async () => {
    const second = await newMember('owner', []);
    for (const rest of ['', '/approve']) {
      const path = `/api/v1/people/${second.id}/reset${rest}`;
      expect((await call('POST', path, { token: admin.access, body: {} })).body.code).toBe('not_allowed');
    }
  });

  it('needs a second person within a day, who finds the first still there', async () => {
    await ask(admin);
    await change(owner, admin.id, { role: 'agent' });
    expect((await approve(owner)).body.code).toBe('reset_gone');
    await change(owner, admin.id, { role: 'admin' });
    await env.DB.prepare('UPDATE resets SET asked_at = ? WHERE person = ?')
      .bind(Date.now() - 24 * 3_600_000, lost.id)
      .run();
    expect(await wish()).toBeNull();
    expect((await approve(owner)).body.code).toBe('reset_gone');
  });

  it('can say no themselves while they are signed in, and so can every admin', async () => {
    for (const by of [lost, owner]) {
      await ask(admin);
      // Asking changed nobody's sessions.
      expect((await cancel(by)).status).toBe(200);
      expect((await approve(owner)).body.code).toBe('reset_gone');
    }
    expect((await cancel(owner)).body.code).toBe('reset_gone');
  });
});

it('L7 what was done at the doors that are passed here alone stands in the ledger', () =>
  enters('people/people.test.ts'));
