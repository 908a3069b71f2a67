import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { conversationOf } from '../../src/chat/conversation.ts';
import { configOf } from '../../src/config.ts';
import { accountOf } from '../../src/people/account.ts';
import { limits } from '../../src/protocol/limits.ts';
import { type ConversationId, newId, type SiteId, type TeamId } from '../../src/protocol/ids.ts';
import {
  begin,
  call,
  join,
  newMember,
  newSite,
  newTeam,
  newVisitor,
  open,
  origin,
  ticketFor,
  type Ear,
  type Member,
  type VisitorActor,
  whence,
} from '../cast.ts';

const { burst } = configOf(env).pace;
let team: TeamId;
let site: SiteId;
let anna: Member;
let visitor: VisitorActor;
let id: ConversationId;

beforeAll(async () => {
  team = await newTeam();
  site = await newSite(team);
  anna = await newMember('agent', [team], 'Anna');
  visitor = await newVisitor(site);
  id = await begin(visitor);
  await call('POST', `/api/v1/conversations/${id}/claim`, { token: anna.access, body: {} });
});

const post = (fields: Record<string, unknown>) => ({
  type: 'post',
  posts: [{ id: crypto.randomUUID(), since: 0, kind: 'text', text: 'x', ...fields }],
});

/** The socket still serves after whatever was said on it. */
async function stillWorks(ear: Ear): Promise<void> {
  const text = `still works ${crypto.randomUUID()}`;
  ear.post(text, 1);
  await ear.until(() => (ear.texts.includes(text) ? true : undefined), text);
}

/** How many sockets this person's account believes to be open. */
async function seatsOf(member: Member): Promise<number> {
  return runInDurableObject(
    accountOf(env, member.id),
    (_, { storage }) => storage.sql.exec<{ n: number }>('SELECT COUNT(*) AS n FROM seats').one().n,
  );
}

describe('C12 a frame that does not fit is refused, and the conversation goes on', () => {
  const frames: [string, unknown, string][] = [
    ['no JSON', 'hello', 'malformed'],
    ['half a JSON', '{"type":"post"', 'malformed'],
    ['an empty frame', '', 'malformed'],
    ['60,000 opening brackets', '['.repeat(60_000), 'malformed'],
    ['a megabyte of opening brackets', '['.repeat(1024 * 1024), 'too_large'],
    ['more bytes than letters', JSON.stringify(post({ text: '€'.repeat(60_000) })), 'too_large'],
    ['a number', 1, 'invalid'],
    ['null', 'null', 'invalid'],
    ['an array', [], 'invalid'],
    ['no type', {}, 'invalid'],
    ['an unknown type', { type: 'shout' }, 'invalid'],
    ['a server’s type', { type: 'messages', messages: [] }, 'invalid'],
    ['a type from the prototype', { type: 'constructor' }, 'invalid'],
    ['an unknown field', { ...post({}), admin: true }, 'invalid'],
    ['an unknown field in a post', post({ from: { kind: 'staff' } }), 'invalid'],
    ['__proto__', '{"type":"post","__proto__":{"x":1},"posts":[]}', 'invalid'],
    ['no posts', { type: 'post', posts: [] }, 'invalid'],
    [
      'too many posts',
      {
        type: 'post',
        posts: Array.from({ length: limits.postsPerFrame + 1 }, () => post({ text: 'x' }).posts[0]),
      },
      'invalid',
    ],
    ['an empty text', post({ text: '' }), 'invalid'],
    ['a text one byte too long', post({ text: 'a'.repeat(limits.textBytes + 1) }), 'invalid'],
    ['a text too long in bytes alone', post({ text: '€'.repeat(5462) }), 'invalid'],
    [
      'a lone surrogate',
      '{"type":"post","posts":[{"id":"00000000-0000-4000-8000-000000000000","since":0,"kind":"text","text":"\\ud800"}]}',
      'invalid',
    ],
    ['a text that is an object', post({ text: { $ne: '' } }), 'invalid'],
    ['a number as text', post({ text: 0 }), 'invalid'],
    ['an id that is no UUID', post({ id: 'x' }), 'invalid'],
    ['an id in capitals', post({ id: crypto.randomUUID().toUpperCase() }), 'invalid'],
    ['a negative since', post({ since: -1 }), 'invalid'],
    ['half a since', post({ since: 0.5 }), 'invalid'],
    ['a huge since', post({ since: 1e300 }), 'invalid'],
    ['an unknown kind', post({ kind: 'system' }), 'invalid'],
    ['a note of a visitor', post({ kind: 'note' }), 'not_allowed'],
    ['a note with a number', post({ kind: 'note', n: 1 }), 'invalid'],
    ['typing what', { type: 'typing', on: true }, 'invalid'],
    ['typing maybe', { type: 'typing', on: 1, kind: 'text' }, 'invalid'],
    ['typing with the text', { type: 'typing', on: true, kind: 'text', text: 'unsent' }, 'invalid'],
    ['typing as somebody else', { type: 'typing', on: true, kind: 'text', from: 'x' }, 'invalid'],
    ['typing a note as a visitor', { type: 'typing', on: true, kind: 'note' }, 'not_allowed'],
    ['having read nothing', { type: 'read', seq: 0 }, 'invalid'],
    ['having read half', { type: 'read', seq: 1.5 }, 'invalid'],
    ['having read what is not there', { type: 'read', seq: 2 ** 50 }, 'invalid'],
    ['a removal as a frame', { type: 'removed', removals: [] }, 'invalid'],
    ['a presence as a frame', { type: 'present', as: 'available' }, 'invalid'],
    ['a page of everything', { type: 'page', before: 10, limit: 1e6 }, 'invalid'],
    ['a page before nothing', { type: 'page', before: 0, limit: 10 }, 'invalid'],
    ['a renewal without a ticket', { type: 'renew' }, 'invalid'],
    ['a renewal with a forged ticket', { type: 'renew', ticket: 'a.b.c' }, 'signed_out'],
  ];
  it.each(frames)('%s', async (_, frame, code) => {
    const ear = await join(id, visitor.access);
    ear.say(frame);
    expect((await ear.next('refused')).code).toBe(code);
    await stillWorks(ear);
    ear.close();
  });

  it('a binary frame', async () => {
    const ear = await join(id, visitor.access);
    ear.say(new Uint8Array([1, 2, 3]).buffer);
    expect((await ear.next('refused')).code).toBe('binary_frame');
    await stillWorks(ear);
    ear.close();
  });

  it('refusals never repeat what was sent', async () => {
    const ear = await join(id, visitor.access);
    for (const frame of [
      post({ kind: 'SECRET-MARK' }),
      post({ text: { a: 'SECRET-MARK' } }),
      { type: 'SECRET-MARK' },
      post({ id: 'SECRET-MARK' }),
    ]) {
      ear.say(frame);
      expect((await ear.next('refused')).detail).not.toContain('SECRET-MARK');
    }
    ear.close();
  });
});

describe('C13 a flood', () => {
  const many = (count: number) => ({
    type: 'post',
    posts: Array.from({ length: count }, () => post({}).posts[0]),
  });

  it('is refused once a frame, then closed with 4429, and the others notice nothing', async () => {
    const own = await newVisitor(site);
    const room = await begin(own);
    const flooder = await join(room, own.access);
    const desk = await join(room, anna.access);
    flooder.say(many(200));
    flooder.say(many(200));
    expect(await flooder.next('refused')).toEqual({
      type: 'refused',
      code: 'too_fast',
      detail: expect.any(String) as string,
    });
    for (let n = 0; n <= limits.hastyFrames + 5; n++) flooder.say(many(200));
    expect((await flooder.closed).code).toBe(4429);
    expect(flooder.heard.filter(({ type }) => type === 'refused').length).toBeLessThanOrEqual(
      limits.hastyFrames,
    );
    await desk.until(() => (desk.texts.length === 201 ? true : undefined), 'what was within the allowance');
    await call('POST', `/api/v1/conversations/${room}/claim`, { token: anna.access, body: {} });
    await stillWorks(desk);
    desk.close();
  });

  it('is a person’s, not a socket’s: more sockets give no more, and one too many closes another', async () => {
    const own = await newVisitor(site);
    const room = await begin(own);
    const sockets: Ear[] = [];
    for (let n = 0; n < limits.socketsPerPerson; n++) sockets.push(await join(room, own.access));
    const [first, second] = sockets;
    first?.say(many(burst));
    second?.say(many(burst));
    expect(await second?.next('refused')).toMatchObject({ code: 'too_fast' });
    const eleventh = await join(room, own.access);
    await eleventh.next('welcome');
    expect((await Promise.race(sockets.map(({ closed }) => closed))).code).toBe(4429);
    const open = await runInDurableObject(
      conversationOf(env, room),
      (_, state) => state.getWebSockets().filter(({ readyState }) => readyState === WebSocket.OPEN).length,
    );
    expect(open).toBe(limits.socketsPerPerson);
  });
});

describe('W2 an upgrade', () => {
  const closeOf = async (ear: Ear) => (await ear.closed).code;

  it('without a ticket, with a forged one or with an access token is closed with 4401', async () => {
    for (const ticket of ['', 'x', 'a.b.c', visitor.access, anna.access])
      expect(await closeOf(await open(id, ticket))).toBe(4401);
  });

  it('with a ticket for another room is closed with 4401', async () => {
    const other = await begin(visitor, 'another conversation');
    expect(await closeOf(await open(id, await ticketFor(visitor.access, other)))).toBe(4401);
  });

  it('with a used ticket is closed with 4401, while its socket lives, after it has gone, and after eviction', async () => {
    const ticket = await ticketFor(visitor.access, id);
    const first = await open(id, ticket);
    await first.next('welcome');
    expect(await closeOf(await open(id, ticket))).toBe(4401);
    first.close();
    await first.closed;
    await evictDurableObject(conversationOf(env, id));
    expect(await closeOf(await open(id, ticket))).toBe(4401);
  });

  it('with the ticket of a socket that we have closed, and its client has not, is closed with 4401', async () => {
    const own = await newVisitor(site);
    const room = await begin(own);
    const ticket = await ticketFor(own.access, room);
    const halfOpen = await open(room, ticket, { halfOpen: true });
    await halfOpen.next('welcome');
    await runInDurableObject(conversationOf(env, room), (_, state) => {
      for (const socket of state.getWebSockets()) socket.close(4429);
    });
    await halfOpen.closed;
    expect(await closeOf(await open(room, ticket))).toBe(4401);
  });

  it('with a ticket that renewed another socket is closed with 4401, even while that renewal is under way', async () => {
    const first = await join(id, anna.access);
    const second = await join(id, anna.access);
    await first.next('welcome');
    await second.next('welcome');
    const [one, other] = [await ticketFor(anna.access, id), await ticketFor(anna.access, id)];
    first.say({ type: 'renew', ticket: one });
    first.say({ type: 'renew', ticket: other });
    second.say({ type: 'renew', ticket: one });
    await first.next('renewed');
    await first.next('renewed');
    expect((await second.next('refused')).code).toBe('signed_out');
    for (const ticket of [one, other]) expect(await closeOf(await open(id, ticket))).toBe(4401);
    first.close();
    second.close();
  });

  it('that fails on our side is closed with 1011 and leaves neither socket nor seat behind', async () => {
    const ivy = await newMember('agent', [team]);
    const room = await begin(await newVisitor(site));
    await runInDurableObject(conversationOf(env, room), (_, { storage }) =>
      storage.sql.exec(`UPDATE messages SET sealed = x'00'`),
    );
    await evictDurableObject(conversationOf(env, room));
    for (let n = 0; n < 3; n++) expect(await closeOf(await join(room, ivy.access))).toBe(1011);
    const left = () =>
      runInDurableObject(conversationOf(env, room), (_, state) => state.getWebSockets().length);
    await expect.poll(left).toBe(0);
    await expect.poll(() => seatsOf(ivy)).toBe(0);
  });

  it('of somebody who lets none of their closed sockets go is closed with 4429', async () => {
    const own = await newVisitor(site);
    const room = await begin(own);
    const ears: Ear[] = [];
    for (let n = 0; n < 2 * limits.socketsPerPerson; n++)
      ears.push(await open(room, await ticketFor(own.access, room), { halfOpen: true }));
    expect(await closeOf(await open(room, await ticketFor(own.access, room)))).toBe(4429);
    const sockets = await runInDurableObject(
      conversationOf(env, room),
      (_, state) => state.getWebSockets().length,
    );
    expect(sockets).toBe(2 * limits.socketsPerPerson);
    for (const ear of ears) ear.close();
  });

  it('finds seats that rooms lost without a word gone after five minutes, and too many closed with 4429', async () => {
    const jon = await newMember('agent', [team]);
    const account = accountOf(env, jon.id);
    await account.takeSeat({
      id: 'lost',
      room: 'con_lost',
      session: jon.session,
      until: Date.now() + 60_000,
    });
    await runInDurableObject(account, (_, { storage }) => {
      const more = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
        INSERT INTO seats SELECT 'lost' || i, room, session, until FROM seats, n WHERE id = 'lost'`;
      storage.sql.exec(more, limits.seatsPerPerson - 1);
    });
    expect(await closeOf(await join(id, jon.access))).toBe(4429);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    try {
      const ear = await join(id, jon.access);
      await ear.next('welcome');
      expect(await seatsOf(jon)).toBe(1);
      ear.close();
    } finally {
      vi.useRealTimers();
    }
  });

  it('with a ticket that ran out is closed with 4401', async () => {
    const ticket = await ticketFor(visitor.access, id);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    expect(await closeOf(await open(id, ticket))).toBe(4401);
    vi.useRealTimers();
  });

  it('to somebody else’s conversation is closed like one that does not exist', async () => {
    const stranger = await newVisitor(site);
    expect(await closeOf(await join(id, stranger.access))).toBe(4404);
    const otherTeam = await newTeam();
    const outsider = await newMember('agent', [otherTeam]);
    expect(await closeOf(await join(id, outsider.access))).toBe(4404);
    expect(await closeOf(await join(newId('conversation'), stranger.access))).toBe(4404);
    expect(await closeOf(await join(team, outsider.access))).toBe(4404);
    await expect(ticketFor(visitor.access, team)).rejects.toThrow('404 not_found');
  });

  it('from another origin is refused, whatever the ticket', async () => {
    for (const foreign of [
      'https://evil.test',
      'null',
      'https://sotto.test.evil.test',
      'http://sotto.test',
      'https://shop.test',
      'https://SOTTO.test',
    ]) {
      const ticket = await ticketFor(visitor.access, id);
      await expect(open(id, ticket, { headers: { origin: foreign } })).rejects.toThrow('origin_refused');
    }
  });

  it('of another protocol, or of no protocol, is refused', async () => {
    const ticket = await ticketFor(visitor.access, id);
    await expect(
      open(id, ticket, { headers: { 'sec-websocket-protocol': `chat, ticket.${ticket}` } }),
    ).rejects.toThrow('upgrade_needed');
    expect((await call('GET', `/api/v1/conversations/${id}/socket`)).body.code).toBe('upgrade_needed');
  });

  it('with a number that is none is closed with 4400', async () => {
    for (const after of ['-1', '1e9', 'x', '1.5', '9'.repeat(30)]) {
      expect(
        await closeOf(await open(id, await ticketFor(visitor.access, id), { query: `?after=${after}` })),
      ).toBe(4400);
    }
  });

  it('with an epoch that is none starts anew', async () => {
    for (const epoch of ['x', 'é'.repeat(36), 'x'.repeat(9_000)]) {
      const ear = await open(id, await ticketFor(visitor.access, id), {
        query: `?after=0&epoch=${encodeURIComponent(epoch)}`,
      });
      expect((await ear.next('welcome')).epoch).not.toBe(epoch);
      ear.close();
    }
  });

  it('does not believe an identity that the client sends along', async () => {
    const stranger = await newVisitor(site);
    const ticket = { room: id, sub: anna.id, sid: anna.session, jti: 'x', exp: 9e9 };
    const headers = { 'sotto-join': JSON.stringify({ ticket, after: null, epoch: null }) };
    expect(await closeOf(await open(id, await ticketFor(stranger.access, id), { headers }))).toBe(4404);
  });

  it('a ticket is refused by every HTTP route', async () => {
    const ticket = await ticketFor(anna.access, id);
    for (const path of [
      '/api/v1/session',
      '/api/v1/people',
      '/api/v1/conversations',
      `/api/v1/conversations/${id}/messages`,
    ]) {
      expect((await call('GET', path, { token: ticket })).body.code).toBe('signed_out');
    }
  });
});

describe('W3 a socket', () => {
  it('hears nothing once its time is over, and lives on with a renewal', async () => {
    const lasting = await join(id, visitor.access);
    const ending = await join(id, visitor.access);
    const { you } = await lasting.next('welcome');
    vi.useFakeTimers({ toFake: ['Date'], now: you.until - 5_000 });
    try {
      const fresh = await call<{ access: string }>('POST', `/api/v1/sites/${site}/visitor`, {
        body: {},
        headers: { cookie: visitor.cookie },
      });
      lasting.say({ type: 'renew', ticket: await ticketFor(fresh.body.access, id) });
      const { until } = await lasting.next('renewed');
      expect(until).toBeGreaterThan(you.until);
      vi.setSystemTime(you.until + 1_000);
      lasting.post('after the hour', 1);
      await lasting.until(() => (lasting.texts.includes('after the hour') ? true : undefined));
      expect((await ending.closed).code).toBe(4401);
      expect(ending.texts).not.toContain('after the hour');
    } finally {
      vi.useRealTimers();
    }
  });

  it('ends when the visitor’s access does, whenever its ticket was made, and is renewed by a new one alone', async () => {
    const { access, cookie } = await newVisitor(site);
    const own = await begin({ ...visitor, access });
    const ends = (decodeJwt(access).exp ?? 0) * 1000;
    vi.useFakeTimers({ toFake: ['Date'], now: ends - 20_000 });
    try {
      const ear = await join(own, access);
      expect((await ear.next('welcome')).you.until).toBe(ends);
      ear.say({ type: 'renew', ticket: await ticketFor(access, own) });
      expect((await ear.next('renewed')).until).toBe(ends);
      const late = await ticketFor(access, own);
      const fresh = await call<{ access: string }>('POST', `/api/v1/sites/${site}/visitor`, {
        ...{ body: {}, headers: { cookie } },
      });
      const ending = await join(own, access);
      ear.say({ type: 'renew', ticket: await ticketFor(fresh.body.access, own) });
      expect((await ear.next('renewed')).until).toBe((decodeJwt(fresh.body.access).exp ?? 0) * 1000);

      vi.setSystemTime(ends + 1_000);
      expect((await (await open(own, late)).closed).code).toBe(4401);
      ear.post('still here', 1);
      await ear.until(() => (ear.texts.includes('still here') ? true : undefined));
      expect((await ending.closed).code).toBe(4401);
      ear.close();
    } finally {
      vi.useRealTimers();
    }
  });

  it('is not renewed by somebody else’s ticket', async () => {
    const ear = await join(id, visitor.access);
    const ben = await newMember('agent', [team]);
    for (const token of [anna.access, ben.access]) {
      ear.say({ type: 'renew', ticket: await ticketFor(token, id) });
      expect((await ear.next('refused')).code).toBe('signed_out');
    }
    ear.close();
  });

  it('is answered with its own protocol', async () => {
    const ticket = await ticketFor(visitor.access, id);
    const headers = { upgrade: 'websocket', origin, 'sec-websocket-protocol': `sotto.v1, ticket.${ticket}` };
    const response = await exports.default.fetch(`${origin}/api/v1/conversations/${id}/socket`, { headers });
    expect(response.status).toBe(101);
    expect(response.headers.get('sec-websocket-protocol')).toBe('sotto.v1');
    response.webSocket?.accept();
    response.webSocket?.close();
  });
});

describe('W4 rights that end, end everywhere', () => {
  const disable = (owner: Member, who: Member, state = 'disabled') =>
    call('PATCH', `/api/v1/people/${who.id}`, { token: owner.access, body: { state } });

  it('a disabled account is signed out of its sockets, its tokens and its tickets at once (incident 2)', async () => {
    const owner = await newMember('owner', [team]);
    const carl = await newMember('agent', [team]);
    const room = await join(id, carl.access);
    const inbox = await join(team, carl.access);
    const unused = await ticketFor(carl.access, id);
    await room.next('welcome');
    await inbox.next('list');
    expect((await disable(owner, carl)).status).toBe(200);
    expect((await room.closed).code).toBe(4401);
    expect((await inbox.closed).code).toBe(4401);
    expect((await (await open(id, unused)).closed).code).toBe(4401);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 1_100 });
    expect((await call('GET', '/api/v1/session', { token: carl.access })).body.code).toBe('signed_out');
    vi.useRealTimers();
    expect(
      await accountOf(env, carl.id).startSession(
        newId('session'),
        { by: 'totp', step: 9_999_999_999 },
        whence,
      ),
    ).toBeUndefined();
  });

  it('a client that ignores its closing is not heard any more', async () => {
    const owner = await newMember('owner', [team]);
    const erin = await newMember('agent', [team]);
    const own = await newVisitor(site);
    const room = await begin(own);
    await call('POST', `/api/v1/conversations/${room}/claim`, { token: erin.access, body: {} });
    const customer = await join(room, own.access);
    const halfOpen = await open(room, await ticketFor(erin.access, room), { halfOpen: true });
    await halfOpen.next('welcome');
    expect((await disable(owner, erin)).status).toBe(200);
    await halfOpen.closed;
    halfOpen.post('posted after I was disabled', 1);
    await evictDurableObject(conversationOf(env, room));
    halfOpen.post('posted after the object forgot that it closed me', 1);
    customer.post('and on', 1);
    await customer.until(() => customer.texts.includes('and on') || undefined);
    expect(customer.texts.filter((text) => text.startsWith('posted after'))).toEqual([]);
  });

  it('what still waits to be stored when its sender is expelled is not stored', async () => {
    const kate = await newMember('agent', [team]);
    const own = await newVisitor(site);
    const room = await begin(own);
    await call('POST', `/api/v1/conversations/${room}/claim`, { token: kate.access, body: {} });
    const desk = await join(room, kate.access);
    await desk.next('welcome');
    await runInDurableObject(conversationOf(env, room), (instance, state) => {
      const [socket] = state.getWebSockets();
      if (socket === undefined) throw new Error('nobody is there');
      instance.webSocketMessage(socket, JSON.stringify(post({ text: 'too late', since: 1 })));
      (instance as unknown as { expel(session: string): void }).expel(kate.session);
    });
    expect((await desk.closed).code).toBe(4401);
    const customer = await join(room, own.access);
    customer.post('and on', 1);
    await customer.until(() => customer.texts.includes('and on') || undefined);
    expect(customer.texts).not.toContain('too late');
  });

  it('a socket that is just being opened is closed like an open one', async () => {
    const owner = await newMember('owner', [team]);
    for (let round = 0; round < 10; round++) {
      const finn = await newMember('agent', [team]);
      const own = await newVisitor(site);
      const room = await begin(own);
      const tickets = await Promise.all(Array.from({ length: 5 }, () => ticketFor(finn.access, room)));
      await evictDurableObject(conversationOf(env, room));
      const joining = tickets.map((ticket) => open(room, ticket));
      const [reply] = await Promise.all([disable(owner, finn), ...joining]);
      expect(reply.status).toBe(200);
      for (const ear of await Promise.all(joining)) expect((await ear.closed).code).toBe(4401);
      expect(await seatsOf(finn)).toBe(0);
    }
  });

  it('each socket has a seat of its own, and gives up no other’s', async () => {
    const owner = await newMember('owner', [team]);
    const gina = await newMember('agent', [team]);
    const first = await join(id, gina.access);
    const second = await join(id, gina.access);
    expect(await seatsOf(gina)).toBe(2);
    first.close();
    await first.closed;
    await expect.poll(() => seatsOf(gina)).toBe(1);
    await disable(owner, gina);
    expect((await second.closed).code).toBe(4401);
  });

  it('no refused upgrade leaves a seat behind', async () => {
    const hugo = await newMember('agent', [team]);
    const foreign = await begin(await newVisitor(await newSite(await newTeam())));
    const used = await ticketFor(hugo.access, id);
    const open1 = await open(id, used);
    await open1.next('welcome');
    const refused = [
      await open(id, used),
      await open(id, await ticketFor(hugo.access, id), { query: '?after=x' }),
      await join(foreign, hugo.access),
      await join(newId('conversation'), hugo.access),
    ];
    for (const ear of refused) await ear.closed;
    await expect.poll(() => seatsOf(hugo)).toBe(1);
    open1.close();
  });

  it('signing out closes that session’s sockets and no other’s', async () => {
    const dora = await newMember('agent', [team]);
    const room = await join(id, dora.access);
    const other = await join(id, anna.access);
    await room.next('welcome');
    await call('DELETE', '/api/v1/session', { token: dora.access });
    expect((await room.closed).code).toBe(4401);
    await stillWorks(other);
    other.close();
  });

  it('P3 two owners who disable each other leave one of them', async () => {
    await env.DB.prepare(`UPDATE people SET state = 'disabled' WHERE role = 'owner'`).run();
    const one = await newMember('owner', [team]);
    const other = await newMember('owner', [team]);
    const replies = await Promise.all([disable(one, other), disable(other, one)]);
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 403]);
    const left = await env.DB.prepare(
      `SELECT COUNT(*) AS n FROM people WHERE role = 'owner' AND state = 'active'`,
    ).first('n');
    expect(left).toBe(1);
  });

  it('P3 nobody disables themselves or somebody above them', async () => {
    const owner = await newMember('owner', [team]);
    const admin = await newMember('admin', [team]);
    expect((await disable(owner, owner)).body.code).toBe('not_allowed');
    expect((await disable(admin, owner)).body.code).toBe('not_allowed');
    expect((await disable(anna, admin)).body.code).toBe('not_allowed');
  });
});
