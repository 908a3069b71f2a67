import { SignJWT } from 'jose';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { env } from 'cloudflare:workers';
import { accountOf } from '../../src/people/account.ts';
import { createRole } from '../../src/people/roles.ts';
import type { BanAnswer, BansAnswer } from '../../src/protocol/bans.ts';
import type { RoleId } from '../../src/protocol/ids.ts';
import { builtInRoles, type Grants } from '../../src/protocol/permissions.ts';
import type { RoleAnswer } from '../../src/protocol/roles.ts';
import { seeAsHeader } from '../../src/protocol/see-as.ts';
import type { IdentityKeyAnswer } from '../../src/protocol/visitors.ts';
import { begin, call, type Member, newMember, newTeam, newVisitor } from '../cast.ts';
import { scene, type Scene } from '../chat/scene.ts';

// Ways in which a little right could be made into a larger one.

let here: Scene;
let owner: Member;
beforeEach(async () => {
  here = await scene();
  owner = await newMember('owner', [], 'Olivia');
});

let count = 0;
const add = async (grants: Grants): Promise<RoleId> =>
  (await createRole(env, `Overreach ${count++}`, grants)).id;
const ask = <T = Record<string, unknown>>(
  who: { access: string },
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => call<T>(method, `/api/v1${path}`, { token: who.access, body, headers });
const invitation = (role: string, team: string) => ({
  ...{ name: 'Second self', address: `${crypto.randomUUID()}@example.com`, role, teams: [team] },
});

describe('P3 a right over one’s own teams', () => {
  it('invites nobody into another team who could then read there, and is as good as before in one’s own', async () => {
    const lead = await add({ ...builtInRoles.supervisor, 'people.invite': 'all' });
    const member = await newMember(lead, [here.team]);
    const elsewhere = await newTeam('Elsewhere');
    expect((await ask(member, 'POST', '/people', invitation(lead, elsewhere))).body.code).toBe('not_allowed');
    expect((await ask(member, 'POST', '/people', invitation(lead, here.team))).status).toBe(201);
    expect((await ask(owner, 'POST', '/people', invitation(lead, elsewhere))).status).toBe(201);
  });

  it('moves neither oneself nor others into another team', async () => {
    const lead = await add({ ...builtInRoles.supervisor, 'teams.change': 'all' });
    const member = await newMember(lead, [await newTeam('Mine')]);
    const members = [here.anna.id, here.ben.id, here.sue.id, member.id];
    const reply = await ask(member, 'PATCH', `/teams/${here.team}`, { members });
    expect(reply.body.code).toBe('not_allowed');
    expect((await ask(owner, 'PATCH', `/teams/${here.team}`, { members })).status).toBe(200);
  });

  it('gives no more to somebody of another team, by their role or by a role that they have', async () => {
    const manager = await add({ ...builtInRoles.supervisor, 'people.change': 'all', 'roles.change': 'all' });
    const member = await newMember(manager, [await newTeam('Mine')]);
    const watcher = await add({ 'teams.list': 'all' });
    const other = await newMember(watcher, [here.team]);
    expect((await ask(member, 'PATCH', `/people/${other.id}`, { role: 'agent' })).body.code).toBe(
      'not_allowed',
    );
    const grants = { 'conversation.read': 'team' };
    expect((await ask(member, 'PATCH', `/roles/${watcher}`, { grants })).body.code).toBe('not_allowed');
    expect((await ask(owner, 'PATCH', `/roles/${watcher}`, { grants })).status).toBe(200);
  });

  it('P6 P8 nobody changes their own role by seeing Sotto as a twin of it', async () => {
    const grants: Grants = { 'people.list': 'all', 'roles.change': 'all' };
    const own = await add(grants);
    const member = await newMember(own, []);
    const twin = await ask<RoleAnswer>(member, 'POST', '/roles', { name: `Twin ${count++}`, grants });
    const reply = await ask(
      member,
      'PATCH',
      `/roles/${own}`,
      { grants: { 'people.list': 'all' } },
      { [seeAsHeader]: twin.body.role.id },
    );
    expect(reply.body.code).toBe('not_allowed');
  });
});

describe('V14 V15 a ban', () => {
  const vouched = async (email: string, more: object = {}) => {
    const { secret } = (
      await ask<IdentityKeyAnswer>(owner, 'POST', `/sites/${here.site}/keys`, { publicKey: null })
    ).body;
    const claims = { aud: here.site, sub: email, jti: crypto.randomUUID(), email, ...more };
    const vouch = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('5m')
      .sign(new TextEncoder().encode(secret ?? ''));
    return newVisitor(here.site, {}, { vouch });
  };
  const five = { reason: 'Threats', lasts: 5 * 365 * 86_400_000 };

  it('of an address or a network is for those who may ban everywhere, and P7 covers the address', async () => {
    const email = `${crypto.randomUUID()}@example.com`;
    const id = await begin(await vouched(email));
    for (const kind of ['address', 'network'])
      expect((await ask(here.sue, 'POST', `/conversations/${id}/bans`, { kind, ...five })).body.code).toBe(
        'not_allowed',
      );
    const blind = await newMember(
      await add({ 'conversation.list': 'all', 'conversation.read': 'all', 'visitor.ban': 'all' }),
      [],
    );
    const made = await ask<BanAnswer>(blind, 'POST', `/conversations/${id}/bans`, {
      kind: 'address',
      ...five,
    });
    expect(made.body.ban.target).toBe(`${email[0] ?? ''}•••@•••`);
    const seen = async (who: Member) =>
      (await ask<BansAnswer>(who, 'GET', '/bans')).body.bans.find((ban) => ban.id === made.body.ban.id)
        ?.target;
    expect(await seen(await newMember('auditor', []))).toBe(`${email[0] ?? ''}•••@•••`);
    expect(await seen(owner)).toBe(email);
  });

  it('is not put in the place of one that whoever asks may not lift', async () => {
    const visitor = await newVisitor(here.site);
    const id = await begin(visitor);
    const elsewhere = await newMember('supervisor', [await newTeam()]);
    const theirs = await ask<BanAnswer>(owner, 'POST', `/conversations/${id}/bans`, {
      kind: 'visitor',
      ...five,
    });
    // As if the ban had come from another team's conversation.
    await env.DB.prepare('UPDATE bans SET team = NULL WHERE id = ?').bind(theirs.body.ban.id).run();
    const short = { kind: 'visitor', reason: 'A minute', lasts: 60_000 };
    expect((await ask(here.sue, 'POST', `/conversations/${id}/bans`, short)).body.code).toBe('already_done');
    expect((await ask(elsewhere, 'DELETE', `/bans/${theirs.body.ban.id}`)).body.code).toBe('not_found');
    expect((await ask(visitor, 'GET', '/conversations')).body.code).toBe('banned');
  });

  it('of an address is not for whoever a site says has not verified it', async () => {
    const email = `${crypto.randomUUID()}@example.com`;
    const id = await begin(await vouched(email, { email_verified: false }));
    const reply = await ask(owner, 'POST', `/conversations/${id}/bans`, { kind: 'address', ...five });
    expect(reply.body.code).toBe('address_unproved');
  });
});

describe('what amounts to more than its name says', () => {
  it('V7 whoever may change sites alone gets no key by which they could be each customer', async () => {
    const web = await newMember(await add({ 'sites.list': 'all', 'sites.change': 'all' }), []);
    const reply = await ask(web, 'POST', `/sites/${here.site}/keys`, { publicKey: null });
    expect(reply.body.code).toBe('not_allowed');
    const admin = await newMember('admin', []);
    expect((await ask(admin, 'POST', `/sites/${here.site}/keys`, { publicKey: null })).status).toBe(201);
  });

  it('S19 an admin shuts no owner out by the networks', async () => {
    const admin = await newMember('admin', []);
    const from = { 'cf-connecting-ip': '203.0.113.66' };
    const reply = await ask(admin, 'PATCH', '/organisation', { networks: ['203.0.113.66'] }, from);
    expect(reply.body.code).toBe('not_allowed');
    expect((await ask(admin, 'PATCH', '/organisation', { idleMinutes: 30 }, from)).status).toBe(200);
  });

  it('S20 wrong owner keys never pause the right one for good', async () => {
    const account = accountOf(env, owner.id);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    try {
      let made = 0;
      for (let tries = 0; tries < 110; tries++) {
        if (await account.startTry('ownerKey', 'a network of theirs')) made++;
        vi.setSystemTime(Date.now() + 3_600_001);
      }
      expect(made).toBe(110);
      expect(await account.startTry('ownerKey', 'another network')).toBe(true);
      expect(await account.startTry('ownerKey', 'another network')).toBe(false);
    } finally {
      vi.useRealTimers();
    }
  });
});
