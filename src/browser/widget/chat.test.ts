import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { BeginRequest } from '../../protocol/bodies.ts';
import type { Message } from '../../protocol/frames.ts';
import { ConversationClient } from '../connection.ts';
import { Stage, message, visitor, welcome, soon } from '../connection/stage.ts';
import { Chat } from './chat.ts';
import * as beginning from './later/beginning.ts';
import { end, everything, rate, removeOwn } from './later/acts.ts';

const site = 'sit_AAAAAAAAAAAAAAAAAAAAAA';
const grant = () => ({
  access: 'token',
  expires: Date.now() + 900_000,
  now: Date.now(),
  visitor: { id: visitor.id },
  queueKey: 'A'.repeat(43),
});
const widget = { name: 'The shop', settings: {}, state: 'online', opensAt: null };

interface Request {
  method: string;
  path: string;
  body: Record<string, unknown>;
}

/** Sotto as far as a visitor needs it: it keeps conversations, and answers unless it is down. */
class Server {
  conversations: { id: string; state: string; first: string }[] = [];
  asked: Request[] = [];
  down = false;
  /** Answers that are lost on their way after the work was done. */
  lostAnswers = 0;
  refuses: Partial<Record<string, string>> = {};
  /** What was said in every conversation, where a test says so. */
  history: { messages: Message[] } | null = null;

  readonly fetch = (path: string, { method, body }: { method: string; body: string | null }) => {
    const request = { method, path, body: JSON.parse(body ?? '{}') as Record<string, unknown> };
    if (this.down) return Promise.reject(new TypeError('Failed to fetch'));
    this.asked.push(request);
    const refusal = this.refuses[`${method} ${path}`];
    if (refusal !== undefined) {
      const problem = { type: 'about:blank', status: 409, code: refusal, detail: refusal };
      return Promise.resolve(new Response(JSON.stringify(problem), { status: 409 }));
    }
    const answer = this.#answer(request);
    if (method === 'POST' && path === '/api/v1/conversations' && this.lostAnswers > 0) {
      this.lostAnswers -= 1;
      return Promise.reject(new TypeError('Failed to fetch'));
    }
    return Promise.resolve(new Response(JSON.stringify(answer)));
  };

  #answer({ method, path, body }: Request): object {
    if (path.endsWith('/widget')) return widget;
    if (path.endsWith('/visitor')) return method === 'POST' ? grant() : {};
    if (path.endsWith('/tickets')) return { ticket: 't' };
    if (path.includes('/messages')) return this.history ?? this.#page(path);
    if (path !== '/api/v1/conversations') return {};
    if (method === 'GET') return { conversations: this.conversations };
    return this.#begin(body as unknown as BeginRequest);
  }

  #begin({ id, text }: BeginRequest): object {
    const known = this.conversations.find(({ first }) => first === id);
    const begun = known ?? { id: `con_${this.conversations.length + 1}`, state: 'waiting', first: id };
    if (known === undefined) this.conversations.unshift(begun);
    const conversation = { ...welcome(0).conversation, id: begun.id };
    return { conversation, message: message(1, { id, text, from: visitor }) };
  }

  #page(path: string): object {
    const before = Number(/before=(\d+)/.exec(path)?.[1] ?? 251);
    const from = Math.max(1, before - 100);
    return { messages: Array.from({ length: before - from }, (_, index) => message(from + index)) };
  }

  count(method: string, path: string): number {
    return this.asked.filter((request) => request.method === method && request.path === path).length;
  }
}

let server: Server;
beforeEach(() => {
  server = new Server();
  vi.stubGlobal('fetch', server.fetch);
});
afterEach(() => vi.unstubAllGlobals());

async function opened(beside?: Stage) {
  const stage = new Stage(beside);
  const chat = new Chat(site, () => 'https://shop.example/beans', stage, {
    client: () => Promise.resolve(ConversationClient),
    beginning: () => Promise.resolve(beginning),
  });
  void chat.start();
  await soon(() => expect(chat.ready.value || chat.unavailable.value || server.down).toBe(true));
  const outgoing = () => chat.outgoing.value.map(({ text, state }) => `${text}: ${state}`);
  const joined = () => soon(() => expect(chat.client.value).not.toBeNull());
  /** The socket comes, with everything that was sent on it said back. */
  const online = async (head = 1) => {
    await soon(() => expect(stage.lines.length).toBeGreaterThan(0));
    const first = server.conversations[0]?.first ?? '';
    stage.line().says(welcome(head));
    stage.line().says({ type: 'messages', messages: [message(1, { id: first, from: visitor })] });
  };
  return { stage, chat, outgoing, joined, online };
}

describe('C5 beginning', () => {
  test('the first message begins a conversation, with the page, the language and what was said before', async () => {
    const { chat, joined } = await opened();
    chat.introduce({ name: 'Ann', answers: [null, 'Beans'], consent: 'v2' });
    chat.post('hello');
    await joined();
    const [{ body } = { body: {} }] = server.asked.filter(
      ({ method, path }) => method === 'POST' && path === '/api/v1/conversations',
    );
    expect(body).toMatchObject({
      text: 'hello',
      page: 'https://shop.example/beans',
      consent: 'v2',
      customer: { name: 'Ann', answers: [null, 'Beans'], language: expect.any(String) as string },
    });
    expect(chat.client.value?.messages.value[0]?.text).toBe('hello');
  });

  test('an answer that was lost leads to the same conversation', async () => {
    server.lostAnswers = 1;
    const { stage, chat, outgoing, joined, online } = await opened();
    chat.post('hello');
    await soon(() => expect(server.conversations).toHaveLength(1));
    await stage.pass(1_000);
    await joined();
    await online();
    expect(outgoing()).toEqual([]);
    expect(server.conversations).toHaveLength(1);
    expect(stage.line().posts()).toEqual([]);
  });

  test('what is written meanwhile follows under its own ids, in order', async () => {
    const { stage, chat, joined, online } = await opened();
    for (const text of ['one', 'two', 'three']) chat.post(text);
    const ids = chat.outgoing.value.map(({ id }) => id);
    await joined();
    await online();
    const posts = () => stage.line().posts().flat();
    await soon(() => expect(posts()).toHaveLength(2));
    expect(posts().map(({ id, text }) => [id, text])).toEqual([
      [ids[1], 'two'],
      [ids[2], 'three'],
    ]);
  });

  test('a refusal fails the message, and it can be said again', async () => {
    server.refuses['POST /api/v1/conversations'] = 'consent_needed';
    const { chat, outgoing, joined } = await opened();
    chat.post('hello');
    await soon(() => expect(outgoing()).toEqual(['hello: failed']));
    expect(chat.outgoing.value[0]).toMatchObject({ code: 'consent_needed' });
    server.refuses = {};
    chat.introduce({ consent: 'v1' });
    chat.retry(chat.outgoing.value[0]?.id ?? '');
    await joined();
  });
});

describe('a reload', () => {
  test('before the conversation exists brings the same first message, with what was said before it', async () => {
    const before = await opened();
    server.down = true;
    before.chat.introduce({ name: 'Ann' });
    before.chat.post('one');
    before.chat.post('two');
    await soon(() => expect(before.chat.unkept()).toBe(false));
    const [first] = before.chat.outgoing.value;
    before.stage.store.vanish();
    server.down = false;

    const after = await opened(before.stage);
    await after.joined();
    expect(server.conversations.map(({ first: id }) => id)).toEqual([first?.id]);
    expect(server.asked.at(-1)?.path).toContain('tickets');
    expect(server.asked.find(({ body }) => body['text'] === 'one')?.body).toMatchObject({
      customer: { name: 'Ann' },
    });
    await after.online();
    await soon(() =>
      expect(
        after.stage
          .line()
          .posts()
          .flat()
          .map(({ text }) => text),
      ).toEqual(['two']),
    );
  });

  test('finds the conversation that is open, and shows none that is over', async () => {
    server.conversations = [
      { id: 'con_over', state: 'closed', first: 'x' },
      { id: 'con_open', state: 'claimed', first: 'y' },
    ];
    const { chat } = await opened();
    expect(chat.client.value?.id).toBe('con_open');
    server.conversations = server.conversations.slice(0, 1);
    expect((await opened()).chat.client.value).toBeNull();
  });

  describe('with a conversation that was closed meanwhile', () => {
    const over = () => (server.conversations = [{ id: 'con_1', state: 'closed', first: 'x' }]);
    const closed = (seq: number) => ({
      ...welcome(2, { read: [{ from: visitor, seq }] }),
      conversation: { ...welcome(0).conversation, state: 'closed' as const },
    });
    const said = {
      type: 'messages',
      messages: [message(1, { from: visitor }), message(2)],
    };
    async function looking() {
      over();
      const tab = await opened();
      await soon(() => expect(tab.stage.lines).toHaveLength(1));
      return tab;
    }

    test('shows it if something was answered there that was never looked at', async () => {
      const { stage, chat, joined } = await looking();
      stage.line().says(closed(1));
      stage.line().says(said);
      await joined();
      expect(chat.client.value?.id).toBe('con_1');
      await soon(() => expect(stage.lines).toHaveLength(2));
      expect(stage.lines[0]?.closedBy).toBe(1000);
      stage.line().says(closed(1));
      stage.line().says(said);
      chat.startNew();
      chat.post('again');
      await soon(() => expect(chat.client.value?.id).toBe('con_2'));
    });

    test('does not if it was, nor for whoever begins anew or is forgotten before that is known', async () => {
      const read = await looking();
      read.stage.line().says(closed(2));
      read.stage.line().says(said);
      const begun = await looking();
      begun.chat.post('something new');
      await begun.joined();
      expect(begun.stage.lines[0]?.closedBy).not.toBeNull();
      const forgotten = await looking();
      await forgotten.chat.forget();
      expect(forgotten.stage.lines[0]?.closedBy).not.toBeNull();
      expect([read, begun, forgotten].map(({ chat }) => chat.client.value?.id)).toEqual([
        undefined,
        'con_2',
        undefined,
      ]);
      await soon(() => expect(read.stage.lines[0]?.closedBy).not.toBeNull());
      read.chat.opened();
      await read.stage.pass(0);
      expect(read.stage.lines).toHaveLength(1);
    });

    test('calls nothing unsent that had arrived there', async () => {
      server.conversations = [{ id: 'con_1', state: 'waiting', first: 'x' }];
      const before = await opened();
      before.chat.post('arrived');
      before.chat.post('too late');
      await soon(() => expect(before.chat.unkept()).toBe(false));
      const [arrived] = before.chat.outgoing.value;
      before.stage.store.vanish();
      over();
      server.history = { messages: [message(1, { id: arrived?.id ?? '', from: visitor })] };
      const after = await opened(before.stage);
      await soon(() => expect(after.outgoing()).toEqual(['too late: failed']));
      await soon(() => expect(after.stage.browser.rows.size).toBe(1));
    });
  });

  test('shows what did not arrive in a conversation that is over', async () => {
    server.conversations = [{ id: 'con_1', state: 'waiting', first: 'x' }];
    const before = await opened();
    before.chat.post('too late');
    await soon(() => expect(before.chat.unkept()).toBe(false));
    before.stage.store.vanish();
    server.conversations = [{ id: 'con_1', state: 'closed', first: 'x' }];

    const after = await opened(before.stage);
    await soon(() => expect(after.outgoing()).toEqual(['too late: failed']));
    expect(after.chat.outgoing.value[0]).toMatchObject({ code: 'conversation_closed' });
    after.chat.retry(after.chat.outgoing.value[0]?.id ?? '');
    await after.joined();
    expect(server.conversations).toHaveLength(2);
    await soon(() => expect(after.stage.browser.rows.size).toBe(0));
  });
});

describe('two tabs of one visitor', () => {
  test('that write at the same moment are in one conversation', async () => {
    const one = await opened();
    const two = await opened(one.stage);
    one.chat.post('from one');
    two.chat.post('from two');
    await Promise.all([one.joined(), two.joined()]);
    expect(server.conversations).toHaveLength(1);
    expect(one.chat.client.value?.id).toBe(two.chat.client.value?.id);
  });

  test('the other one hears of it at once', async () => {
    const one = await opened();
    const two = await opened(one.stage);
    one.chat.post('hello');
    await Promise.all([one.joined(), two.joined()]);
    expect(two.outgoing()).toEqual([]);
  });

  test('one that heard nothing finds out when somebody comes back to it', async () => {
    const { stage, chat, joined } = await opened();
    server.conversations = [{ id: 'con_1', state: 'waiting', first: 'x' }];
    expect(chat.client.value).toBeNull();
    await stage.notice('returned');
    await joined();
  });

  test('one that is forgotten is forgotten in both', async () => {
    const one = await opened();
    const two = await opened(one.stage);
    one.chat.post('hello');
    await Promise.all([one.joined(), two.joined()]);
    two.chat.post('unsent');
    for (const { chat } of [one, two]) chat.draft.value = 'a secret';
    await one.chat.forget();
    expect(server.count('DELETE', `/api/v1/sites/${site}/visitor`)).toBe(1);
    for (const { chat } of [one, two]) {
      expect(chat.client.value).toBeNull();
      expect(chat.outgoing.value).toEqual([]);
      expect(chat.draft.value).toBe('');
    }
    await soon(() => expect(one.stage.browser.rows.size).toBe(0));
    const holds = () => server.count('POST', `/api/v1/sites/${site}/visitor`);
    const before = holds();
    server.conversations = [];
    one.chat.opened();
    await one.stage.notice('returned');
    expect(holds()).toBe(before);
    one.chat.post('hello again');
    await one.joined();
    expect(holds()).toBeGreaterThan(before);
  });
});

describe('a conversation that is over', () => {
  test('is left for a new one, and what did not arrive there can be said again', async () => {
    server.conversations = [{ id: 'con_1', state: 'waiting', first: 'x' }];
    const { chat, outgoing, joined } = await opened();
    chat.post('too late');
    chat.startNew();
    expect(outgoing()).toEqual(['too late: failed']);
    // The list may lag behind, but what was left is not entered again.
    await Promise.resolve();
    expect(chat.client.value).toBeNull();
    chat.post('again');
    await joined();
    expect(chat.client.value?.id).toBe('con_2');
  });

  test('is entered again once staff have opened it again', async () => {
    server.conversations = [{ id: 'con_1', state: 'claimed', first: 'x' }];
    const { stage, chat, joined } = await opened();
    const client = chat.client.value;
    if (client === null) throw new Error('nothing was joined');
    client.conversation.value = { ...welcome(0).conversation, state: 'closed' };
    chat.startNew();
    await stage.notice('returned');
    // The list still says what was.
    expect(chat.client.value).toBeNull();
    await stage.pass(10_000);
    await stage.notice('returned');
    await joined();
    expect(chat.client.value?.id).toBe('con_1');
  });

  test('is left in every tab once another one has begun', async () => {
    server.conversations = [{ id: 'con_1', state: 'claimed', first: 'x' }];
    const one = await opened();
    const two = await opened(one.stage);
    for (const { chat } of [one, two]) {
      const client = chat.client.value;
      if (client !== null) client.conversation.value = { ...welcome(0).conversation, state: 'closed' };
    }
    server.conversations = [{ id: 'con_1', state: 'closed', first: 'x' }];
    one.chat.startNew();
    one.chat.post('once more');
    for (const { chat } of [one, two]) await soon(() => expect(chat.client.value?.id).toBe('con_2'));
  });

  test('keeps what had arrived there from being said again', async () => {
    server.conversations = [{ id: 'con_1', state: 'waiting', first: 'x' }];
    const { chat, outgoing } = await opened();
    chat.post('arrived');
    chat.post('too late');
    server.history = { messages: [message(1, { id: chat.outgoing.value[0]?.id ?? '', from: visitor })] };
    chat.startNew();
    await soon(() => expect(outgoing()).toEqual(['too late: failed']));
  });
});

describe('acts', () => {
  test('go to the conversation, and a refusal is thrown as it is', async () => {
    server.conversations = [{ id: 'con_1', state: 'waiting', first: 'x' }];
    const { chat } = await opened();
    await end(chat);
    await rate(chat, 5, '  ');
    await removeOwn(chat, message(7, { from: visitor }));
    expect(server.asked.slice(-3).map(({ method, path, body }) => [method, path, body])).toEqual([
      ['POST', '/api/v1/conversations/con_1/close', {}],
      ['PUT', '/api/v1/conversations/con_1/rating', { score: 5, comment: null }],
      ['POST', '/api/v1/conversations/con_1/removals', { seq: 7, how: 'deleted' }],
    ]);
    server.refuses['POST /api/v1/conversations/con_1/removals'] = 'too_late';
    await expect(removeOwn(chat, message(7))).rejects.toMatchObject({ code: 'too_late' });
  });

  test('the transcript has every page, the oldest first', async () => {
    server.conversations = [{ id: 'con_1', state: 'waiting', first: 'x' }];
    const { chat } = await opened();
    expect((await everything(chat)).map(({ seq }) => seq)).toEqual(
      Array.from({ length: 250 }, (_, index) => index + 1),
    );
  });
});

describe('the site', () => {
  const path = `/api/v1/sites/${site}/widget`;

  test('is asked once a minute at most, when the chat is opened or somebody comes back', async () => {
    const { stage, chat } = await opened();
    await soon(() => expect(chat.site.value).toEqual(widget));
    chat.opened();
    await stage.notice('returned');
    expect(server.count('GET', path)).toBe(1);
    await stage.pass(60_000);
    chat.opened();
    expect(server.count('GET', path)).toBe(2);
  });

  test('is asked once a minute as long as somebody looks, and when they begin', async () => {
    const { stage, chat } = await opened();
    const stop = chat.watchSite();
    await stage.pass(60_000);
    expect(server.count('GET', path)).toBe(2);
    stage.isVisible = false;
    await stage.pass(60_000);
    expect(server.count('GET', path)).toBe(2);
    stage.isVisible = true;
    await stage.pass(60_000);
    expect(server.count('GET', path)).toBe(3);
    chat.post('is somebody there?');
    expect(server.count('GET', path)).toBe(4);
    stop();
    await stage.pass(120_000);
    expect(server.count('GET', path)).toBe(4);
  });

  test('that could not be reached is asked again at the next occasion', async () => {
    server.down = true;
    const { stage, chat } = await opened();
    await stage.pass(0);
    server.down = false;
    await stage.notice('returned');
    await soon(() => expect(chat.site.value).toEqual(widget));
  });
});

test('before the queue is open everything lives in memory, and closing the page would lose it', async () => {
  server.down = true;
  const { stage, chat } = await opened();
  chat.post('hello');
  expect(chat.unkept()).toBe(true);
  server.down = false;
  server.refuses['POST /api/v1/conversations'] = 'unavailable';
  await stage.pass(1_000);
  await soon(() => expect(chat.unkept()).toBe(false));
  expect(stage.browser.rows.size).toBe(1);
});
