import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { conversationOf } from '../../src/chat/conversation.ts';
import { numbersPerKey } from '../../src/chat/conversation/rules.ts';
import { inboxOf } from '../../src/chat/inbox.ts';
import type { BeginAnswer, ConversationsAnswer, HistoryAnswer } from '../../src/protocol/bodies.ts';
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
  type Member,
  type VisitorActor,
} from '../cast.ts';

let team: TeamId;
let site: SiteId;
let anna: Member;
let ben: Member;
let visitor: VisitorActor;

beforeAll(async () => {
  team = await newTeam();
  site = await newSite(team);
  anna = await newMember('agent', [team], 'Anna');
  ben = await newMember('agent', [team], 'Ben');
  visitor = await newVisitor(site);
});

const act = (wish: 'claim' | 'close' | 'reopen', id: string, token: string) =>
  call<{ conversation: { state: string; assignee: string | null } }>(
    'POST',
    `/api/v1/conversations/${id}/${wish}`,
    { token, body: {} },
  );

/** A conversation that Anna has claimed, and both sides' sockets with their first frames taken. */
async function talking() {
  const id = await begin(visitor);
  await act('claim', id, anna.access);
  const customer = await join(id, visitor.access);
  const desk = await join(id, anna.access);
  const { epoch } = await customer.next('welcome');
  await customer.next('messages');
  await desk.next('messages');
  return { id, customer, desk, epoch };
}

describe('saying something', () => {
  it('C1 C3 everyone hears it once under the same number, its sender included', async () => {
    const { customer, desk } = await talking();
    const id = desk.post('Yes, I am Anna.', 1);
    const heard = (await customer.next('messages')).messages;
    expect(heard).toEqual([
      {
        seq: 2,
        id,
        at: expect.any(Number) as number,
        from: { kind: 'staff', id: anna.id },
        kind: 'text',
        scheme: 1,
        text: 'Yes, I am Anna.',
      },
    ]);
    expect((await desk.next('messages')).messages).toEqual(heard);
  });

  it('C1 is acknowledged only once the row is there', async () => {
    const { id, customer } = await talking();
    const message = customer.post('stored?', 1);
    await customer.next('messages');
    const rows = await runInDurableObject(conversationOf(env, id), (_, { storage }) =>
      storage.sql.exec<{ id: string }>('SELECT id FROM messages ORDER BY position').toArray(),
    );
    expect(rows.at(-1)?.id).toBe(message);
  });

  it('C2 the same id and text again is the same message, even after eviction and from another socket', async () => {
    const { id, customer, desk } = await talking();
    const message = customer.post('once', 1);
    await customer.next('messages');
    customer.post('once', 1, message);
    expect((await customer.next('messages')).messages[0]).toMatchObject({ seq: 2, id: message });
    await evictDurableObject(conversationOf(env, id));
    const second = await join(id, visitor.access, { after: 2, epoch: 'any' });
    second.post('once', 1, message);
    await second.until(() =>
      second.heard.find((frame) => frame.type === 'messages' && frame.messages[0]?.id === message),
    );
    desk.post('next', 2);
    expect(
      await desk.until(() =>
        desk.heard.find((f) => f.type === 'messages' && f.messages.at(-1)?.text === 'next'),
      ),
    ).toMatchObject({
      messages: [{ seq: 3 }],
    });
  });

  it('C2 the same id with another text is refused, in one frame, in one batch and later', async () => {
    const { customer } = await talking();
    const id = crypto.randomUUID();
    customer.say({
      type: 'post',
      posts: [
        { id, since: 1, kind: 'text', text: 'first' },
        { id, since: 1, kind: 'text', text: 'second' },
      ],
    });
    expect(await customer.next('refused')).toMatchObject({ id, code: 'id_reused' });
    customer.post('third', 1, id);
    expect(await customer.next('refused')).toMatchObject({ id, code: 'id_reused' });
  });

  it('C2 two people may use the same id', async () => {
    const { customer, desk } = await talking();
    const id = customer.post('mine', 1);
    await desk.next('messages');
    desk.post('mine too', 2, id);
    expect((await desk.next('messages')).messages[0]).toMatchObject({ seq: 3, id, text: 'mine too' });
  });

  it('C3 a queue of 200 comes back as one frame, dense and in order', async () => {
    const { customer, desk } = await talking();
    const posts = Array.from({ length: 200 }, (_, n) => ({
      id: crypto.randomUUID(),
      since: 1,
      kind: 'text',
      text: `line ${n}`,
    }));
    customer.say({ type: 'post', posts });
    const seqs = await desk.until(() => {
      const all = desk.heard.flatMap((frame) => (frame.type === 'messages' ? frame.messages : []));
      return all.length === 200 ? all.map(({ seq, text }) => `${seq} ${text}`) : undefined;
    }, '200 messages');
    expect(seqs).toEqual(posts.map(({ text }, n) => `${n + 2} ${text}`));
  });

  it('C3 messages that arrive together share one commit and one frame', async () => {
    const { id, customer, desk } = await talking();
    await runInDurableObject(conversationOf(env, id), (instance, state) => {
      const [socket] = state.getWebSockets();
      if (socket === undefined) throw new Error('nobody is there');
      for (const text of ['a', 'b', 'c', 'd', 'e']) {
        const posts = [{ id: crypto.randomUUID(), since: 1, kind: 'text', text }];
        instance.webSocketMessage(socket, JSON.stringify({ type: 'post', posts }));
      }
    });
    await desk.until(() => (desk.texts.length === 5 ? true : undefined), 'five messages');
    expect(desk.texts).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(desk.heard.filter(({ type }) => type === 'messages').length).toBeLessThanOrEqual(2);
    customer.close();
  });

  it('C1 what was stored is never called refused, even if somebody in the same batch has gone', async () => {
    const { id, customer, desk } = await talking();
    const known = customer.post('known', 1);
    await customer.next('messages');
    await runInDurableObject(conversationOf(env, id), (instance, state) => {
      const seats = state.getWebSockets();
      for (const socket of seats) {
        const { proved } = socket.deserializeAttachment() as { proved: { asker: { kind: string } } };
        const mine = proved.asker.kind === 'visitor';
        const posts = [
          { id: mine ? known : crypto.randomUUID(), since: 1, kind: 'text', text: mine ? 'known' : 'fresh' },
        ];
        instance.webSocketMessage(socket, JSON.stringify({ type: 'post', posts }));
        if (mine) socket.close(1000);
      }
    });
    await desk.until(() => (desk.texts.includes('fresh') ? true : undefined), 'the fresh message');
    desk.post('later', 1);
    await desk.until(() => (desk.texts.includes('later') ? true : undefined), 'the later message');
    expect(desk.heard.filter(({ type }) => type === 'refused')).toEqual([]);
  });

  it('C6 time never runs backwards', async () => {
    const { id, customer } = await talking();
    const honest = Date.now();
    vi.useFakeTimers({ toFake: ['Date'], now: honest - 3_600_000 });
    try {
      customer.post('from the past', 1);
      const [message] = (await customer.next('messages')).messages;
      expect(message?.at).toBeGreaterThanOrEqual(honest - 60_000);
    } finally {
      vi.useRealTimers();
    }
    expect(id).toBeDefined();
  });

  it('C7 texts arrive exactly as they were sent', async () => {
    const { id, customer, desk } = await talking();
    const texts = [
      'x',
      ' ',
      'a'.repeat(16 * 1024),
      '\u0001'.repeat(16 * 1024),
      '😀'.repeat(4 * 1024),
      'مرحبا \u202Eabc\u202C שלום',
      '<script>alert(1)</script><img src=x onerror=alert(1)>',
      'e\u0301 and \u00e9 \u0000 \r\n \t end',
      '{{constructor.constructor("alert(1)")()}}',
    ];
    for (const [index, text] of texts.entries()) {
      customer.post(text, index + 1);
      expect((await desk.next('messages')).messages[0]?.text).toBe(text);
    }
    await evictDurableObject(conversationOf(env, id));
    const again = await join(id, visitor.access);
    expect((await again.next('messages')).messages.slice(1).map(({ text }) => text)).toEqual(texts);
  });

  it('C14 a key serves 2^12 numbers, 2^20 messages with all their notes, then the next one begins with its own copy in the key store', async () => {
    const id = await begin(visitor);
    await runInDurableObject(conversationOf(env, id), (_, { storage }) => {
      storage.sql.exec('UPDATE messages SET position = position + ?', (numbersPerKey - 1) * 2 ** 16);
      // The moved row can't be opened at its new place, so it is not read again below.
    });
    await evictDurableObject(conversationOf(env, id));
    const customer = await join(id, visitor.access, { after: numbersPerKey, epoch: await epochOf(id) });
    customer.post('under the second key', numbersPerKey);
    expect((await customer.next('messages')).messages[0]).toMatchObject({ seq: numbersPerKey + 1 });
    await runDurableObjectAlarm(conversationOf(env, id));
    expect(await env.KEYS.head(`conversation/${id}/1`)).not.toBeNull();
    expect(await env.KEYS.head(`conversation/${id}/${numbersPerKey + 1}`)).not.toBeNull();
  });
});

const epochOf = (id: ConversationId) =>
  runInDurableObject(
    conversationOf(env, id),
    (_, { storage }) => storage.sql.exec<{ epoch: string }>('SELECT epoch FROM conversation').one().epoch,
  );

describe('beginning', () => {
  it('C5 a retry of the first message gives the same conversation and message', async () => {
    const body = { id: crypto.randomUUID(), text: 'Hello once' };
    const post = () => call<BeginAnswer>('POST', '/api/v1/conversations', { token: visitor.access, body });
    const [first, second] = await Promise.all([post(), post()]);
    const third = await post();
    expect(first.status).toBe(201);
    expect(second.body).toEqual(first.body);
    expect(third.body).toEqual(first.body);
    const history = await call<HistoryAnswer>(
      'GET',
      `/api/v1/conversations/${first.body.conversation.id}/messages`,
      { token: visitor.access },
    );
    expect(history.body.messages).toEqual([first.body.message]);
  });

  it('C5 the same first id with another text is refused, and another visitor gets another conversation', async () => {
    const id = crypto.randomUUID();
    const mine = await begin(visitor, 'mine', id);
    const reply = await call('POST', '/api/v1/conversations', {
      token: visitor.access,
      body: { id, text: 'other' },
    });
    expect([reply.status, reply.body.code]).toEqual([409, 'id_reused']);
    expect(await begin(await newVisitor(site), 'mine', id)).not.toBe(mine);
  });

  it('C5 connecting to an unknown id closes with 4404 and writes no row', async () => {
    const id = newId('conversation');
    const ear = await join(id, visitor.access);
    expect((await ear.closed).code).toBe(4404);
    const tables = await runInDurableObject(conversationOf(env, id), (_, { storage }) =>
      storage.sql.exec(`SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'`).toArray(),
    );
    expect(tables).toEqual([]);
  });

  it('keeps the page without query and fragment, and refuses what is no page', async () => {
    const body = { id: crypto.randomUUID(), text: 'Hi', page: 'https://shop.test/a/b?token=secret#x' };
    const reply = await call<BeginAnswer>('POST', '/api/v1/conversations', { token: visitor.access, body });
    expect(reply.body.conversation.page).toBe('https://shop.test/a/b');
    const bad = await call('POST', '/api/v1/conversations', {
      token: visitor.access,
      body: { ...body, id: crypto.randomUUID(), page: 'javascript:alert(1)' },
    });
    expect([bad.status, bad.body.code]).toEqual([400, 'invalid']);
  });

  it('is listed for its visitor at once, and for nobody else', async () => {
    const own = await newVisitor(site);
    const id = await begin(own);
    const list = async (token: string) =>
      (await call<ConversationsAnswer>('GET', '/api/v1/conversations', { token })).body.conversations.map(
        (entry) => entry.id,
      );
    expect(await list(own.access)).toEqual([id]);
    expect(await list((await newVisitor(site)).access)).toEqual([]);
  });
});

describe('coming back', () => {
  it('C4 hears exactly what was missed', async () => {
    const { id, customer, desk, epoch } = await talking();
    customer.close();
    for (const text of ['two', 'three', 'four']) {
      desk.post(text, 1);
      await desk.next('messages');
    }
    await evictDurableObject(conversationOf(env, id));
    const back = await join(id, visitor.access, { after: 2, epoch });
    expect((await back.next('welcome')).head).toBe(4);
    expect((await back.next('messages')).messages.map(({ seq, text }) => [seq, text])).toEqual([
      [3, 'three'],
      [4, 'four'],
    ]);
  });

  it('C4 more than a frame holds comes in several, in order and complete', async () => {
    const { id, desk, customer, epoch } = await talking();
    customer.close();
    for (let frame = 0; frame < 2; frame++) {
      desk.say({
        type: 'post',
        posts: Array.from({ length: 80 }, (_, n) => ({
          id: crypto.randomUUID(),
          since: 1,
          kind: 'text',
          text: `${frame}.${n}`,
        })),
      });
    }
    await desk.until(() => (desk.texts.length === 160 ? true : undefined), '160 messages');
    const back = await join(id, visitor.access, { after: 1, epoch });
    await back.until(() => (back.texts.length === 160 ? true : undefined), '160 missed messages');
    expect(back.texts).toEqual(desk.texts);
  });

  it('C4 with another epoch, or from ahead of the head, one starts anew', async () => {
    const { id, epoch } = await talking();
    for (const options of [
      { after: 1, epoch: crypto.randomUUID() },
      { after: 99, epoch },
    ]) {
      const ear = await join(id, visitor.access, options);
      expect(await ear.next('welcome')).toMatchObject({ epoch, head: 1 });
      expect((await ear.next('messages')).messages.map(({ seq }) => seq)).toEqual([1]);
    }
  });

  it('C4 a post from ahead of the head, or from too far behind, is told to fetch the news first', async () => {
    const { id, customer } = await talking();
    customer.post('from the future', 99);
    expect(await customer.next('refused')).toMatchObject({ code: 'stale' });
    await runInDurableObject(conversationOf(env, id), (_, { storage }) =>
      storage.sql.exec('UPDATE messages SET position = position + ?', (limits.sinceStretch + 1) * 2 ** 16),
    );
    await evictDurableObject(conversationOf(env, id));
    customer.post('from the past', 1);
    expect(await customer.next('refused')).toMatchObject({ code: 'stale' });
    customer.post('just in time', 2);
    expect((await customer.next('messages')).messages[0]).toMatchObject({ seq: limits.sinceStretch + 3 });
  });

  it('pages back through the history', async () => {
    const { desk, customer } = await talking();
    desk.say({
      type: 'post',
      posts: Array.from({ length: 120 }, (_, n) => ({
        id: crypto.randomUUID(),
        since: 1,
        kind: 'text',
        text: `${n + 2}`,
      })),
    });
    await customer.until(() => (customer.texts.length === 120 ? true : undefined));
    customer.heard.length = 0;
    customer.say({ type: 'page', before: 101, limit: 100 });
    const page = await customer.next('messages');
    expect(page.older).toBe(true);
    expect(page.messages.map(({ seq }) => seq)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
  });
});

describe('claiming, closing, reopening', () => {
  it('C8 a conversation is claimed by one agent, and the other is told so', async () => {
    const id = await begin(visitor);
    const replies = await Promise.all([act('claim', id, anna.access), act('claim', id, ben.access)]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(replies.find(({ status }) => status === 409)?.body.code).toBe('already_claimed');
  });

  it('C8 only whoever claimed it answers', async () => {
    const { id, desk } = await talking();
    const other = await join(id, ben.access);
    other.post('me too', 1);
    expect(await other.next('refused')).toMatchObject({ code: 'not_allowed' });
    desk.post('still here', 1);
    expect(
      await other.until(() => (other.texts.includes('still here') ? other.texts : undefined)),
    ).not.toContain('me too');
  });

  it('everyone is told of a change, with the name of whoever claimed', async () => {
    const id = await begin(visitor);
    const customer = await join(id, visitor.access);
    await act('claim', id, anna.access);
    expect((await customer.next('people')).people).toEqual([{ id: anna.id, name: 'Anna' }]);
    expect((await customer.next('changed')).conversation).toMatchObject({
      state: 'claimed',
      assignee: anna.id,
    });
  });

  it('a closed conversation takes no message until it is reopened', async () => {
    const { id, customer, desk } = await talking();
    const known = desk.post('before', 1);
    await desk.next('messages');
    await act('close', id, anna.access);
    customer.post('too late', 2);
    expect(await customer.next('refused')).toMatchObject({ code: 'conversation_closed' });
    desk.post('before', 1, known);
    expect((await desk.next('messages')).messages[0]).toMatchObject({ id: known, seq: 2 });
    expect((await act('reopen', id, anna.access)).body.conversation).toMatchObject({
      state: 'waiting',
      assignee: null,
    });
    customer.post('in time', 2);
    await customer.until(() => (customer.texts.includes('in time') ? true : undefined));
  });

  it('a visitor may close the own conversation and claim nothing', async () => {
    const id = await begin(visitor);
    expect((await act('claim', id, visitor.access)).status).toBe(403);
    expect((await act('close', id, visitor.access)).body.conversation.state).toBe('closed');
  });
});

describe('eviction', () => {
  it('C9 between any two steps loses nothing and doubles nothing', async () => {
    const own = await newVisitor(site);
    const id = await begin(own, 'one');
    const stub = conversationOf(env, id);
    const evict = () => evictDurableObject(stub, { webSockets: 'hibernate' });
    await evict();
    await act('claim', id, anna.access);
    await evict();
    const customer = await join(id, own.access);
    await evict();
    const desk = await join(id, anna.access);
    await evict();
    customer.post('two', 1);
    await desk.until(() => (desk.texts.includes('two') ? true : undefined));
    await evict();
    desk.post('three', 2);
    await customer.until(() => (customer.texts.includes('three') ? true : undefined));
    await evict();
    await act('close', id, anna.access);
    await customer.until(() =>
      customer.heard.find((frame) => frame.type === 'changed' && frame.conversation.state === 'closed'),
    );
    await evict();
    await act('reopen', id, anna.access);
    await evict();
    const late = await join(id, own.access);
    expect((await late.next('messages')).messages.map(({ seq, text }) => `${seq} ${text}`)).toEqual([
      '1 one',
      '2 two',
      '3 three',
    ]);
    expect(customer.texts).toEqual(['one', 'two', 'three']);
  });

  it('C10 ping is answered by the platform', async () => {
    const { customer } = await talking();
    customer.say('ping');
    await customer.until(() => (customer.raw.includes('pong') ? true : undefined), 'pong');
  });
});

describe('the inbox', () => {
  it('C11 is told at once of a new, a claimed and a closed conversation, and never what was said', async () => {
    const ownTeam = await newTeam();
    const ownSite = await newSite(ownTeam);
    const agent = await newMember('agent', [ownTeam]);
    const inbox = await join(ownTeam, agent.access);
    expect((await inbox.next('list')).entries).toEqual([]);
    const id = await begin(await newVisitor(ownSite), 'MARKED TEXT');
    expect((await inbox.next('entry')).entry).toMatchObject({
      id,
      state: 'waiting',
      assignee: null,
      waitingSince: expect.any(Number) as number,
    });
    await act('claim', id, agent.access);
    expect((await inbox.next('entry')).entry).toMatchObject({ id, state: 'claimed', assignee: agent.id });
    const desk = await join(id, agent.access);
    desk.post('an answer', 1);
    expect((await inbox.next('entry')).entry).toMatchObject({ id, waitingSince: null });
    await act('close', id, agent.access);
    expect((await inbox.next('entry')).entry).toMatchObject({ id, state: 'closed' });
    expect(inbox.raw.join('')).not.toContain('MARKED TEXT');
  });

  it('C11 what a lost call did not tell, the alarm tells', async () => {
    const ownTeam = await newTeam();
    const ownSite = await newSite(ownTeam);
    const agent = await newMember('agent', [ownTeam]);
    const id = await begin(await newVisitor(ownSite));
    await runInDurableObject(inboxOf(env, ownTeam), (_, { storage }) =>
      storage.sql.exec('DELETE FROM entries'),
    );
    await env.DB.prepare('DELETE FROM conversations WHERE id = ?').bind(id).run();
    await evictDurableObject(conversationOf(env, id));
    expect(await runDurableObjectAlarm(conversationOf(env, id))).toBe(true);
    const inbox = await join(ownTeam, agent.access);
    expect((await inbox.next('list')).entries).toMatchObject([{ id, state: 'waiting' }]);
    expect(await env.DB.prepare('SELECT state FROM conversations WHERE id = ?').bind(id).first('state')).toBe(
      'waiting',
    );
  });

  it('C11 an older version changes nothing', async () => {
    const ownTeam = await newTeam();
    const agent = await newMember('agent', [ownTeam]);
    const id = await begin(await newVisitor(await newSite(ownTeam)));
    const inbox = await join(ownTeam, agent.access);
    const [entry] = (await inbox.next('list')).entries;
    if (entry === undefined) throw new Error('no entry');
    await act('claim', id, agent.access);
    await inbox.next('entry');
    await inboxOf(env, ownTeam).tell(entry);
    const again = await join(ownTeam, agent.access);
    expect((await again.next('list')).entries).toMatchObject([{ id, state: 'claimed' }]);
  });
});
