import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createRole } from '../../src/people/roles.ts';
import { tellRights } from '../../src/people/staff.ts';
import type { ConversationsAnswer, HistoryAnswer, NamesAnswer } from '../../src/protocol/bodies.ts';
import { newId, type RoleId } from '../../src/protocol/ids.ts';
import { builtInRoles, type Grants } from '../../src/protocol/permissions.ts';
import { closeCodes } from '../../src/protocol/refusals.ts';
import type { RoleAnswer, RolesAnswer } from '../../src/protocol/roles.ts';
import { seeAsHeader } from '../../src/protocol/see-as.ts';
import type { Myself } from '../../src/protocol/sign-in.ts';
import { begin, call, join, type Member, newMember, newVisitor, open, ticketFor } from '../cast.ts';
import { act, scene, type Scene, talking } from '../chat/scene.ts';

let here: Scene;
let owner: Member;
beforeEach(async () => {
  here = await scene();
  owner = await newMember('owner', [], 'Olivia');
});

let count = 0;
const named = () => `Role ${count++} of these tests`;
const ask = <T = Record<string, unknown>>(who: Member, method: string, path: string, body?: unknown) =>
  call<T>(method, `/api/v1${path}`, { token: who.access, body });
const add = async (grants: Grants): Promise<RoleId> => (await createRole(env, named(), grants)).id;
/** An agent who sees no colleague's conversation. */
const narrow: Grants = {
  ...builtInRoles.agent,
  'conversation.list': 'waiting',
  'conversation.read': 'waiting',
};

describe('P6 a role that the organisation makes', () => {
  it('is made, listed, given, renamed, and removed once nobody has it', async () => {
    const name = named();
    const made = await ask<RoleAnswer>(owner, 'POST', '/roles', { name, grants: narrow });
    expect(made.status).toBe(201);
    const { id } = made.body.role;
    const { roles } = (await ask<RolesAnswer>(owner, 'GET', '/roles')).body;
    expect(roles.find((role) => role.id === id)).toEqual({ id, name, grants: narrow });
    expect((await ask(owner, 'PATCH', `/people/${here.anna.id}`, { role: id })).status).toBe(200);
    const me = (await ask<{ person: Myself }>(here.anna, 'GET', '/session')).body.person;
    expect(me).toMatchObject({ role: id, roleName: name, grants: narrow });
    expect((await ask(owner, 'DELETE', `/roles/${id}`)).body.code).toBe('role_in_use');
    expect((await ask(owner, 'PATCH', `/roles/${id}`, { name: `${name}, renamed` })).status).toBe(200);
    expect((await ask(owner, 'PATCH', `/people/${here.anna.id}`, { role: 'agent' })).status).toBe(200);
    expect((await ask(owner, 'DELETE', `/roles/${id}`)).status).toBe(200);
    expect((await ask(owner, 'DELETE', `/roles/${id}`)).body.code).toBe('not_found');
  });

  it('counts when it changes: open sockets close at once, and within a second requests hear of it (W4)', async () => {
    const role = await add(builtInRoles.agent);
    const member = await newMember(role, [here.team]);
    const inbox = await join(here.team, member.access);
    const { id } = await talking(here);
    const room = await join(id, member.access);
    expect((await act('tags', id, member.access, { tags: ['one'] })).status).toBe(200);
    expect((await ask(owner, 'PATCH', `/roles/${role}`, { grants: narrow })).status).toBe(200);
    expect((await inbox.closed).code).toBe(closeCodes.signedOut);
    expect((await room.closed).code).toBe(closeCodes.signedOut);
    await vi.waitFor(async () => {
      expect((await act('tags', id, member.access, { tags: ['two'] })).body.code).toBe('not_found');
    }, 1_500);
  });

  it('gives back what those had who may not answer any more', async () => {
    const role = await add(builtInRoles.agent);
    const member = await newMember(role, [here.team]);
    const id = await begin(await newVisitor(here.site));
    expect((await act('claim', id, member.access)).status).toBe(200);
    const inbox = await join(here.team, here.ben.access);
    await inbox.next('list');
    const { 'conversation.claim': _, ...without } = builtInRoles.agent;
    expect((await ask(owner, 'PATCH', `/roles/${role}`, { grants: without })).status).toBe(200);
    expect((await act('claim', id, here.ben.access)).status).toBe(200);
  });

  it('is not given, made or changed by whoever may not do all of it themselves, nor by whoever has it (incident 26)', async () => {
    const manager: Grants = { 'people.list': 'all', 'people.change': 'all', 'roles.change': 'all' };
    const own = await add(manager);
    const member = await newMember(own, [here.team]);
    const above = await add({ ...manager, 'sites.change': 'all' });
    for (const [method, path, body] of [
      ['POST', '/roles', { name: named(), grants: { 'sites.change': 'all' } }],
      ['PATCH', `/roles/${above}`, { name: named() }],
      ['DELETE', `/roles/${above}`, undefined],
      ['PATCH', `/roles/${own}`, { grants: { 'people.list': 'all' } }],
      ['PATCH', `/people/${here.anna.id}`, { role: above }],
      ['PATCH', `/people/${here.anna.id}`, { role: 'agent' }],
    ] as const)
      expect([path, (await ask(member, method, path, body)).body.code]).toEqual([path, 'not_allowed']);
    const below = await ask(member, 'POST', '/roles', { name: named(), grants: { 'people.list': 'all' } });
    expect(below.status).toBe(201);
  });

  it('that does not fit is refused, and nothing is changed', async () => {
    const role = await add(narrow);
    for (const grants of [
      { 'conversation.read': 'own' },
      { 'people.list': 'team' },
      { 'conversation.rate': 'own' },
      { 'no.such': 'all' },
      { 'people.list': 'everywhere' },
      'all',
    ]) {
      expect((await ask(owner, 'POST', '/roles', { name: named(), grants })).body.code).toBe('invalid');
      expect((await ask(owner, 'PATCH', `/roles/${role}`, { grants })).body.code).toBe('invalid');
    }
    const { roles } = (await ask<RolesAnswer>(owner, 'GET', '/roles')).body;
    const taken = { name: roles[0]?.name.toUpperCase(), grants: narrow };
    expect((await ask(owner, 'POST', '/roles', taken)).body.code).toBe('name_taken');
    const given = { role: newId('role') };
    expect((await ask(owner, 'PATCH', `/people/${here.anna.id}`, given)).body.code).toBe('invalid');
  });

  it('of two changes at once that were judged by the same, one is refused as stale', async () => {
    const role = await add(narrow);
    const change = (grants: Grants) => ask(owner, 'PATCH', `/roles/${role}`, { grants });
    const answers = await Promise.all([change(builtInRoles.agent), change({ 'people.list': 'all' })]);
    const refused = answers.filter(({ status }) => status !== 200).map(({ body }) => body.code);
    expect(refused.length).toBeLessThan(2);
    expect(refused.filter((code) => code !== 'stale')).toEqual([]);
  });
});

describe('P7 whoever reaches only their own and what waits', () => {
  it('hears of a conversation while it waits, and that it is gone when a colleague claims it', async () => {
    const member = await newMember(await add(narrow), [here.team]);
    const id = await begin(await newVisitor(here.site));
    const inbox = await join(here.team, member.access);
    expect((await inbox.next('list')).entries.map((entry) => entry.id)).toContain(id);
    const room = await join(id, member.access);
    await room.next('welcome');
    expect((await act('claim', id, here.anna.access)).status).toBe(200);
    expect((await inbox.next('gone')).id).toBe(id);
    expect((await room.closed).code).toBe(closeCodes.notAllowed);
    expect((await act('hand-over', id, here.anna.access, { to: here.team })).status).toBe(200);
    expect((await inbox.next('entry')).entry).toMatchObject({ id, state: 'waiting' });
    expect((await act('claim', id, member.access)).status).toBe(200);
    expect((await inbox.next('entry')).entry).toMatchObject({ id, assignee: member.id });
  });

  it('loses it at once at each door when a colleague claims it: to read, to act, to say, to list, to come in', async () => {
    const member = await newMember(await add({ ...narrow, 'conversation.close': 'waiting' }), [here.team]);
    const id = await begin(await newVisitor(here.site));
    expect((await act('customer', id, owner.access, { name: 'Mia' })).status).toBe(200);
    const of = (method: string, rest: string, body?: unknown, which: string = id) =>
      ask(member, method, `/conversations/${which}${rest}`, body);
    const doors: [string, string, object?][] = [
      ['GET', '/messages'],
      ['GET', '/earlier'],
      ['PUT', '/tags', { tags: ['mine'] }],
      ['PATCH', '/customer', { name: 'Mia' }],
      ['POST', '/snooze', { until: Date.now() + 60_000 }],
      ['POST', '/removals', { seq: 1, how: 'redacted' }],
      ['POST', '/hand-over', { to: here.team }],
      ['POST', '/reopen', {}],
      ['POST', '/close', {}],
      ['POST', '/claim', {}],
    ];
    const listed = async () =>
      (await ask<ConversationsAnswer>(member, 'GET', '/conversations')).body.conversations.map(
        (each) => each.id,
      );
    const named = async () =>
      Object.keys((await ask<NamesAnswer>(member, 'POST', '/customer-names', { ids: [id] })).body.names);
    expect([(await of('GET', '/messages')).status, await listed(), await named()]).toEqual([200, [id], [id]]);
    const ticket = await ticketFor(member.access, id);
    const [room, deaf] = [await join(id, member.access), await join(id, member.access, { halfOpen: true })];
    for (const ear of [room, deaf]) await ear.next('messages');

    expect((await act('claim', id, here.anna.access)).status).toBe(200);
    // What is said in the same breath comes too late, and what is said afterwards is not heard.
    deaf.note('I have read this');
    deaf.say({ type: 'page', before: 2, limit: 1 });
    for (const [method, rest, body] of doors) {
      const [gone, none] = [
        await of(method, rest, body),
        await of(method, rest, body, newId('conversation')),
      ];
      expect([method, rest, gone.status, gone.body]).toEqual([method, rest, none.status, none.body]);
    }
    expect([await listed(), await named()]).toEqual([[], []]);
    expect((await (await open(id, ticket)).closed).code).toBe(closeCodes.notFound);
    expect((await (await join(id, member.access)).closed).code).toBe(closeCodes.notFound);
    expect((await room.closed).code).toBe(closeCodes.notAllowed);
    const desk = await join(id, here.anna.access);
    await desk.next('messages');
    desk.post('Only for whoever may read it');
    await desk.until(() => (desk.texts.includes('Only for whoever may read it') ? true : undefined));
    const { messages } = (await ask<HistoryAnswer>(here.anna, 'GET', `/conversations/${id}/messages`)).body;
    expect(messages.map(({ text }) => text)).toEqual(['Hello?', 'Only for whoever may read it']);
    for (const ear of [room, deaf]) expect(ear.texts).toEqual([]);
    desk.close();
  });

  it('P2 W4 has nothing more of a conversation of theirs once they have left its team', async () => {
    const member = await newMember(await add(narrow), [here.team]);
    const id = await begin(await newVisitor(here.site));
    expect((await act('claim', id, member.access)).status).toBe(200);
    const read = () => ask(member, 'GET', `/conversations/${id}/messages`);
    expect((await read()).status).toBe(200);
    const others = [here.anna.id, here.ben.id, here.sue.id];
    // The team is not told yet: what they have is still theirs, and the right to it is gone.
    await env.DB.prepare('DELETE FROM team_members WHERE person = ?').bind(member.id).run();
    await tellRights(env, [member.id]);
    await vi.waitFor(async () => expect((await read()).body.code).toBe('not_found'), 3_000);
    expect((await ask<ConversationsAnswer>(member, 'GET', '/conversations')).body.conversations).toEqual([]);
    expect((await ask(owner, 'PATCH', `/teams/${here.team}`, { members: others })).status).toBe(200);
  });

  it('never hears of what colleagues had all along, page by page neither', async () => {
    const { id } = await talking(here);
    const member = await newMember(await add(narrow), [here.team]);
    const inbox = await join(here.team, member.access);
    expect((await inbox.next('list')).entries.map((entry) => entry.id)).not.toContain(id);
    inbox.say({ type: 'more', after: null });
    expect((await inbox.next('page')).entries.map((entry) => entry.id)).not.toContain(id);
    expect((await act('snooze', id, here.anna.access, { until: Date.now() + 60_000 })).status).toBe(200);
    inbox.say({ type: 'more', after: null });
    await inbox.next('page');
    expect(inbox.raw.filter((frame) => frame.includes(id))).toEqual([]);
  });
});

describe('P7 whoever may not see customers’ addresses', () => {
  it('sees that there is one and no more, in each frame and answer, until a conversation is theirs', async () => {
    const grants: Grants = { ...builtInRoles.agent, 'customer.address': 'own' };
    const member = await newMember(await add(grants), [here.team]);
    const id = await begin(await newVisitor(here.site));
    const room = await join(id, member.access);
    const full = await join(id, here.ben.access);
    const address = 'mia.winter@example.com';
    await act('customer', id, owner.access, { address });
    expect((await room.next('changed')).conversation.staff?.customer.address).toBe('m•••@•••');
    expect((await full.next('changed')).conversation.staff?.customer.address).toBe(address);
    const tagged = await act('tags', id, member.access, { tags: ['one'] });
    expect(tagged.body.conversation.staff?.customer.address).toBe('m•••@•••');
    expect(room.raw.filter((frame) => frame.includes('winter'))).toEqual([]);
    const claimed = await act('claim', id, member.access);
    expect(claimed.body.conversation.staff?.customer.address).toBe(address);
    await room.until(() => room.raw.find((frame) => frame.includes(address)), 'the address');
  });

  it('does not write over it either, though they may change the name', async () => {
    const { 'customer.address': _, ...grants } = builtInRoles.supervisor;
    const member = await newMember(await add(grants), [here.team]);
    const id = await begin(await newVisitor(here.site));
    await act('customer', id, owner.access, { address: 'mia@example.com' });
    const refused = await act('customer', id, member.access, { address: 'm@example.org', name: 'Mia' });
    expect(refused.body.code).toBe('not_allowed');
    expect((await act('customer', id, member.access, { name: 'Mia' })).status).toBe(200);
    const { customer } = (await (await join(id, owner.access)).next('welcome')).conversation.staff ?? {};
    expect(customer).toMatchObject({ name: 'Mia', address: 'mia@example.com' });
  });
});

describe('P8 seeing Sotto as another role', () => {
  const askAs = <T = Record<string, unknown>>(who: Member, role: string, method: string, path: string) =>
    call<T>(method, `/api/v1${path}`, { token: who.access, headers: { [seeAsHeader]: role } });
  const ticketAs = async (who: Member, role: string, room: string) => {
    const path = `/api/v1/${room.startsWith('con_') ? 'conversations' : 'teams'}/${room}/tickets`;
    const headers = { [seeAsHeader]: role };
    return (await call<{ ticket: string }>('POST', path, { token: who.access, body: {}, headers })).body
      .ticket;
  };

  it('shows and lets do what that role would, over HTTP and on sockets', async () => {
    const id = await begin(await newVisitor(here.site));
    await act('customer', id, owner.access, { address: 'mia@example.com' });
    expect((await askAs(owner, 'agent', 'GET', '/people')).body.code).toBe('not_allowed');
    const path = `/conversations/${id}/messages`;
    // The owner is in no team: as an agent they see none of it.
    expect((await askAs(owner, 'agent', 'GET', path)).body.code).toBe('not_found');
    expect((await askAs(owner, 'auditor', 'GET', path)).status).toBe(200);
    const refused = await open(id, await ticketAs(owner, 'agent', id));
    expect((await refused.closed).code).toBe(closeCodes.notFound);
    const room = await open(id, await ticketAs(owner, 'auditor', id));
    expect((await room.next('welcome')).conversation.staff?.customer.address).toBe('m•••@•••');
    const inbox = await open(here.team, await ticketAs(owner, 'agent', here.team));
    expect((await inbox.closed).code).toBe(closeCodes.notFound);
  });

  it('narrows and never widens', async () => {
    const admin = await newMember('admin', []);
    const role = await add({ ...builtInRoles.agent, 'people.list': 'all' });
    const member = await newMember(role, [here.team]);
    for (const [who, as] of [
      [admin, 'owner'],
      [member, 'supervisor'],
      [here.anna, 'agent'],
      [admin, newId('role')],
    ] as const)
      expect((await askAs(who, as, 'GET', '/teams')).body.code).toBe('not_allowed');
    expect((await askAs(member, 'agent', 'GET', '/teams')).status).toBe(200);
    expect((await askAs(admin, 'nobody', 'GET', '/teams')).body.code).toBe('invalid');
  });
});
