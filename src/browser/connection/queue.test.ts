import { beforeEach, describe, expect, test } from 'vitest';
import { ConversationClient } from './conversation.ts';
import type { Outgoing } from './outgoing.ts';
import { Queue } from './queue.ts';
import { Stage, agent, conversationId, message, messages, visitor, welcome, soon } from './stage.ts';

const key = (byte: number) => btoa(String.fromCharCode(...Array<number>(32).fill(byte))).replace('=', '');
const other = 'con_BBBBBBBBBBBBBBBBBBBBBA';

/** A tab of a browser in which somebody has this conversation open. */
function tab(beside?: Stage, { person, secret, id }: { person?: string; secret?: string; id?: string } = {}) {
  const stage = new Stage(beside);
  const queue = new Queue(person ?? visitor.id, secret ?? key(1), stage);
  const conversation = id ?? conversationId;
  const client = new ConversationClient(conversation, stage, stage, queue.shelf(conversation));
  const outgoing = () => client.outgoing.value.map(({ text, state }) => `${text}: ${state}`);
  const online = async (head = 2, from = 1) => {
    client.start();
    await stage.pass(0);
    stage.line().says(welcome(head));
    stage.line().says(messages(from, head));
  };
  const posts = () => stage.line().posts().flat();
  return { stage, queue, client, outgoing, online, posts };
}
const kept = (queue: Queue) => soon(() => expect(queue.unkept()).toBe(false));

let first: ReturnType<typeof tab>;
beforeEach(() => {
  first = tab();
});

describe('what was written and not acknowledged', () => {
  test('outlives the page: all of it once, in order, under the same ids', async () => {
    await first.online();
    first.stage.line().ends(1006);
    for (const text of ['one', 'two', 'three']) first.client.post(text);
    expect(first.queue.unkept()).toBe(true);
    await kept(first.queue);
    first.stage.store.vanish();

    const second = tab(first.stage);
    await second.online();
    await soon(() => expect(second.posts()).toHaveLength(3));
    expect(second.posts().map(({ text }) => text)).toEqual(['one', 'two', 'three']);
    expect(second.posts().map(({ id }) => id)).toEqual(first.client.outgoing.value.map(({ id }) => id));
    const back = second.posts().map(({ id, text }, index) => message(3 + index, { id, text, from: visitor }));
    second.stage.line().says({ type: 'messages', messages: back });
    expect(second.outgoing()).toEqual([]);
    await soon(() => expect(first.stage.browser.rows.size).toBe(0));
    expect(first.stage.browser.locks.size).toBe(0);
  });

  test('and had arrived all the same is recognised, and not sent again', async () => {
    await first.online();
    first.client.post('one');
    const id = first.client.outgoing.value[0]?.id ?? '';
    await kept(first.queue);
    first.stage.store.vanish();

    const second = tab(first.stage);
    await second.online(2);
    await soon(() => expect(second.outgoing()).toEqual(['one: sending']));
    second.stage.line().says({ type: 'messages', messages: [message(3, { id, from: visitor })] });
    expect(second.outgoing()).toEqual([]);

    const third = tab(second.stage);
    third.client.start();
    await third.stage.pass(0);
    expect(third.outgoing()).toEqual([]);
  });

  test('is not sent when its message is among those shown already', async () => {
    await first.online();
    first.client.post('one');
    const id = first.client.outgoing.value[0]?.id ?? '';
    await kept(first.queue);
    first.stage.store.vanish();

    const second = tab(first.stage);
    second.client.start();
    await second.stage.pass(0);
    second.stage.line().says(welcome(1));
    second.stage.line().says({ type: 'messages', messages: [message(1, { id, from: visitor })] });
    await second.queue.adopt();
    expect(second.outgoing()).toEqual([]);
    expect(second.posts()).toEqual([]);
  });

  test('keeps the number that it was written after, so that the server looks for it from there', async () => {
    await first.online(2);
    first.client.post('one');
    await kept(first.queue);
    first.stage.store.vanish();

    const second = tab(first.stage);
    await second.online(90, 41);
    await soon(() => expect(second.posts()[0]?.since).toBe(2));
  });

  test('goes before what is written now', async () => {
    first.client.post('one');
    await kept(first.queue);
    first.stage.store.vanish();

    const second = tab(first.stage);
    second.client.post('two');
    await second.online();
    await soon(() => expect(second.posts().map(({ text }) => text)).toEqual(['one', 'two']));
  });

  test('stays as failed with its reason, until it is discarded or said again', async () => {
    await first.online();
    first.client.post('one');
    const id = first.client.outgoing.value[0]?.id ?? '';
    first.stage.line().says({ type: 'refused', id, code: 'conversation_closed', detail: 'closed' });
    await kept(first.queue);
    first.stage.store.vanish();

    const second = tab(first.stage);
    await second.online();
    await soon(() => expect(second.outgoing()).toEqual(['one: failed']));
    expect(second.client.outgoing.value[0]).toMatchObject({ code: 'conversation_closed', detail: 'closed' });
    second.client.discard(id);
    await soon(() => expect(first.stage.browser.rows.size).toBe(0));
  });
});

test('a post is not kept before its newest state is', async () => {
  await first.online();
  const { store } = first.stage;
  const puts: (() => void)[] = [];
  const put = store.put.bind(store);
  store.put = async (row) => {
    await new Promise<void>((go) => puts.push(go));
    await put(row);
  };
  first.client.post('one');
  const id = first.client.outgoing.value[0]?.id ?? '';
  first.stage.line().says({ type: 'refused', id, code: 'conversation_closed', detail: 'closed' });
  await soon(() => expect(puts).toHaveLength(1));
  puts[0]?.();
  await soon(() => expect(puts).toHaveLength(2));
  expect(first.queue.unkept()).toBe(true);
  puts[1]?.();
  await kept(first.queue);
});

describe('tabs', () => {
  test('a living tab keeps its own posts; each sends what was written in it', async () => {
    first.client.post('mine');
    await kept(first.queue);
    const second = tab(first.stage);
    await second.online();
    await second.queue.adopt();
    expect(second.outgoing()).toEqual([]);
  });

  test('when one is gone, one of the others takes over at once, and one alone', async () => {
    first.client.post('one');
    await kept(first.queue);
    const [second, third] = [tab(first.stage), tab(first.stage)];
    await Promise.all([second.online(), third.online()]);
    await Promise.all([second.queue.adopt(), third.queue.adopt()]);
    first.stage.store.vanish();
    await soon(() => expect([...second.posts(), ...third.posts()]).toHaveLength(1));
    await Promise.all([second.stage.notice('returned'), third.stage.notice('online')]);
    await Promise.all([second.queue.adopt(), third.queue.adopt()]);
    expect([...second.posts(), ...third.posts()]).toHaveLength(1);
  });

  test('one that goes while another is still taking over from a third is taken over from as well', async () => {
    const third = tab(first.stage);
    third.client.post('of the third');
    await kept(third.queue);
    third.stage.store.vanish();
    first.client.post('of the first');
    await kept(first.queue);
    const second = tab(first.stage);
    const put = second.stage.store.put.bind(second.stage.store);
    let goOn = () => {};
    const stopped = new Promise<void>((stop) => {
      second.stage.store.put = async (row) => {
        stop();
        await new Promise<void>((settle) => (goOn = settle));
        await put(row);
      };
    });
    await second.online();
    await stopped;
    first.stage.store.vanish();
    await second.stage.pass(0);
    second.stage.store.put = put;
    goOn();
    await soon(() =>
      expect(second.outgoing().toSorted()).toEqual(['of the first: sending', 'of the third: sending']),
    );
  });

  test('what a tab has taken over is its own, and goes on to the next when it is gone as well', async () => {
    first.client.post('one');
    await kept(first.queue);
    first.stage.store.vanish();
    const second = tab(first.stage);
    second.client.start();
    await soon(() => expect(second.outgoing()).toEqual(['one: sending']));
    const third = tab(first.stage);
    await third.queue.adopt();
    expect(third.outgoing()).toEqual([]);
    second.stage.store.vanish();
    third.client.start();
    await soon(() => expect(third.outgoing()).toEqual(['one: sending']));
  });

  test('what one left behind while nobody was reached goes as soon as the line of another is back', async () => {
    const second = tab(first.stage);
    await second.online();
    second.stage.line().ends(1006);
    first.client.post('left behind');
    await kept(first.queue);
    first.stage.store.vanish();
    await second.stage.pass(1_000);
    expect(second.posts()).toEqual([]);
    second.stage.line().says(welcome(2));
    await soon(() => expect(second.posts().map(({ text }) => text)).toEqual(['left behind']));
  });

  test('posts of a conversation that nobody has open are told of, and wait for whoever opens it', async () => {
    first.client.post('one');
    await kept(first.queue);
    first.stage.store.vanish();
    const second = tab(first.stage, { id: other });
    const strayed: string[] = [];
    second.queue.strayed = (id, posts) => strayed.push(id, ...posts.map(({ text }) => text));
    await second.queue.adopt();
    expect(strayed).toEqual([conversationId, 'one']);
    const found: Outgoing[] = [];
    await second.queue.shelf(conversationId).open((posts) => found.push(...posts));
    expect(found.map(({ text }) => text)).toEqual(['one']);
  });

  test('a tab that looks and never ends does not keep the others from sending', async () => {
    void first.stage.locks.alone(`sotto-queue-${visitor.id}`, () => new Promise(() => {}));
    const second = tab(first.stage);
    second.client.post('one');
    await second.online();
    expect(second.posts()).toEqual([]);
    await second.stage.pass(3_000);
    expect(second.posts()).toHaveLength(1);
  });
});

describe('what lies in the store', () => {
  test('shows nothing of what was written', async () => {
    first.client.post('the secret');
    await kept(first.queue);
    expect(first.stage.browser.rows.size).toBe(1);
    expect(first.stage.browser.readable()).toContain(conversationId);
    expect(first.stage.browser.readable()).not.toContain('secret');
  });

  test("opens for its own person's session alone, and else is left alone", async () => {
    first.client.post('one');
    await kept(first.queue);
    first.stage.store.vanish();
    const [before] = first.stage.browser.rows.values();
    for (const stranger of [
      tab(first.stage, { secret: key(2) }),
      tab(first.stage, { person: agent.id, secret: key(1) }),
    ]) {
      stranger.client.start();
      await stranger.queue.adopt();
      expect(stranger.outgoing()).toEqual([]);
      stranger.queue.end();
    }
    expect([...first.stage.browser.rows.values()]).toEqual([before]);
  });

  test('opens at its own place alone', async () => {
    first.client.post('one');
    await kept(first.queue);
    first.stage.store.vanish();
    const [row] = first.stage.browser.rows.values();
    if (row === undefined) throw new Error('nothing was kept');
    await first.stage.store.put({ ...row, conversation: other });
    const second = tab(first.stage, { id: other });
    await second.queue.adopt();
    second.client.start();
    await second.queue.adopt();
    expect(second.outgoing()).toEqual([]);
  });

  test('is gone after signing out, and nothing is put there any more', async () => {
    first.client.post('one');
    const neighbour = tab(first.stage, { person: agent.id });
    neighbour.client.post('theirs');
    await Promise.all([kept(first.queue), kept(neighbour.queue)]);
    first.client.post('two');
    await first.queue.empty();
    first.client.post('three');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([...first.stage.browser.rows.values()].map(({ person }) => person)).toEqual([agent.id]);
    expect(first.queue.unkept()).toBe(false);
  });

  test('stays when a session only ends', async () => {
    first.client.post('one');
    await kept(first.queue);
    first.queue.end();
    expect(first.stage.browser.rows.size).toBe(1);
    const second = tab(first.stage);
    second.client.start();
    await soon(() => expect(second.outgoing()).toEqual(['one: sending']));
  });
});

test('where storage or locks are denied everything lives in memory, and closing the page would lose it', async () => {
  first.stage.browser.denies = true;
  await first.online();
  first.client.post('one');
  expect(first.posts()).toHaveLength(1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(first.queue.unkept()).toBe(true);
  const [{ id } = { id: '' }] = first.posts();
  first.stage.line().says({ type: 'messages', messages: [message(3, { id, from: visitor })] });
  expect(first.queue.unkept()).toBe(false);
  await first.queue.empty();
});
