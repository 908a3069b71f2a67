import { describe, expect, test } from 'vitest';
import { limits } from '../../protocol/limits.ts';
import { ConversationClient } from './conversation.ts';
import { Stage, agent, conversationId, message, messages, visitor, welcome } from './stage.ts';

async function online() {
  const stage = new Stage();
  const client = new ConversationClient(conversationId, stage, stage);
  client.start();
  await stage.pass(0);
  stage.line().says(welcome(2));
  stage.line().says(messages(1, 2));
  const outgoing = () => client.outgoing.value.map(({ text, state }) => `${text}: ${state}`);
  const ids = () => client.outgoing.value.map(({ id }) => id);
  const refuse = (id: string | undefined, code: string) =>
    stage.line().says({ type: 'refused', id, code, detail: code });
  const comeBack = async () => {
    await stage.pass(5_000);
    stage.line().ends(1006);
    await stage.pass(500);
  };
  return { stage, client, outgoing, ids, refuse, comeBack };
}

describe('C1 acknowledgement', () => {
  test('a post goes at once with the last number known, and its own id coming back ends the wait', async () => {
    const { stage, client, outgoing, ids } = await online();
    client.post('hello');
    const id = ids()[0];
    expect(stage.line().posts()).toEqual([[{ id, since: 2, kind: 'text', text: 'hello' }]]);
    expect(outgoing()).toEqual(['hello: sending']);
    stage
      .line()
      .says({ type: 'messages', messages: [message(3, { id: id ?? '', from: visitor, text: 'hello' })] });
    expect(outgoing()).toEqual([]);
    expect(client.messages.value.at(-1)?.text).toBe('hello');
  });

  test("somebody else's message under the same id is none", async () => {
    const { stage, client, outgoing, ids } = await online();
    client.post('hello');
    stage.line().says({ type: 'messages', messages: [message(3, { id: ids()[0] ?? '', from: agent })] });
    expect(outgoing()).toEqual(['hello: sending']);
  });

  test('a message that we know already acknowledges, too', async () => {
    const { stage, client, outgoing, ids } = await online();
    client.post('hello');
    stage.line().says({ type: 'messages', messages: [message(1, { id: ids()[0] ?? '', from: visitor })] });
    expect(outgoing()).toEqual([]);
  });

  test('a frame without an answer for 15 s leads to a new connection', async () => {
    const { stage, client } = await online();
    client.post('hello');
    await stage.pass(15_500);
    expect(stage.lines).toHaveLength(2);
  });
});

describe('C1 C2 a line that breaks', () => {
  test('what came through is not sent again; the rest is, in order, above the head caught up with', async () => {
    const { stage, client, outgoing, ids, comeBack } = await online();
    client.post('one');
    client.post('two');
    const [one] = ids();
    await comeBack();
    client.post('three');
    stage.line().says(welcome(4));
    expect(stage.line().posts()).toEqual([]);
    stage.line().says(messages(3, 3));
    expect(stage.line().posts()).toEqual([]);
    stage.line().says({ type: 'messages', messages: [message(4, { id: one ?? '', from: visitor })] });
    expect(outgoing()).toEqual(['two: sending', 'three: sending']);
    const [frame] = stage.line().posts();
    expect(frame?.map(({ text, since }) => [text, since])).toEqual([
      ['two', 4],
      ['three', 4],
    ]);
  });

  test('a copy that starts anew does not skip what it can not see', async () => {
    const { stage, client, comeBack } = await online();
    client.post('one');
    await comeBack();
    stage.line().says(welcome(90, { epoch: 'two' }));
    stage.line().says(messages(41, 90));
    expect(stage.line().posts()[0]?.[0]?.since).toBe(2);
  });

  test('a number above a restored head is lowered to it', async () => {
    const { stage, client, comeBack } = await online();
    stage.line().says(messages(3, 9));
    client.post('one');
    await comeBack();
    stage.line().says(welcome(5, { epoch: 'two' }));
    stage.line().says(messages(1, 5));
    expect(stage.line().posts()[0]?.[0]?.since).toBe(5);
  });
});

describe('a long queue', () => {
  test('goes in frames of a bounded count, one at a time', async () => {
    const { stage, client, ids, comeBack } = await online();
    stage.line().ends(1006);
    for (let index = 0; index < 450; index += 1) client.post(`text ${index}`);
    await stage.pass(500);
    const all = ids();
    stage.line().says(welcome(2));
    let seq = 3;
    for (const expected of [200, 200, 50]) {
      const frame = stage.line().posts().at(-1) ?? [];
      expect(frame).toHaveLength(expected);
      const back = frame.map(({ id, text }) => message(seq++, { id, text, from: visitor }));
      stage.line().says({ type: 'messages', messages: back });
    }
    expect(client.messages.value.slice(2).map(({ id }) => id)).toEqual(all);
    expect(ids()).toEqual([]);
    await comeBack();
  });

  test('goes in frames of bounded bytes', async () => {
    const { stage, client } = await online();
    stage.line().ends(1006);
    for (let index = 0; index < 10; index += 1) client.post('ü'.repeat(limits.textBytes / 2));
    await stage.pass(500);
    stage.line().says(welcome(2));
    const [sent] = stage.line().sent.filter((text) => text !== 'ping');
    expect(stage.line().posts()[0]).toHaveLength(7);
    expect(new TextEncoder().encode(sent).length).toBeLessThanOrEqual(limits.frameBytes);
  });

  test('the longest text fits a frame, however JSON escapes it', async () => {
    const { stage, client } = await online();
    client.post('\u0001'.repeat(limits.textBytes));
    expect(stage.line().posts()[0]).toHaveLength(1);
  });

  test('a text that no frame can hold fails alone', async () => {
    const { stage, client, outgoing } = await online();
    client.post('x'.repeat(limits.frameBytes));
    client.post('two');
    expect(outgoing()[0]).toContain('failed');
    expect(stage.line().posts()[0]?.[0]?.text).toBe('two');
  });
});

describe('a refusal', () => {
  test('fails that message, which can be said again or discarded', async () => {
    const { stage, client, outgoing, ids, refuse } = await online();
    client.post('one');
    client.post('two');
    refuse(ids()[0], 'conversation_closed');
    expect(outgoing()).toEqual(['one: failed', 'two: sending']);
    expect(stage.line().posts().at(-1)?.[0]?.text).toBe('two');
    const [failed] = client.outgoing.value;
    expect(failed).toMatchObject({ code: 'conversation_closed', detail: 'conversation_closed' });
    client.retry(failed?.id ?? '');
    expect(outgoing()).toEqual(['two: sending', 'one: sending']);
    expect(ids()).not.toContain(failed?.id);
    refuse(ids()[0], 'invalid');
    client.discard(ids()[0] ?? '');
    expect(outgoing()).toEqual(['one: sending']);
  });

  test.each(['too_fast', 'unavailable', 'internal'])(
    '%s is tried again after a pause, in order',
    async (code) => {
      const { stage, client, outgoing, ids, refuse } = await online();
      client.post('one');
      client.post('two');
      refuse(ids()[0], code);
      client.post('three');
      expect(stage.line().posts()).toHaveLength(1);
      expect(outgoing()).toEqual(['one: sending', 'two: sending', 'three: sending']);
      await stage.pass(2_000);
      expect(
        stage
          .line()
          .posts()[1]
          ?.map(({ text }) => text),
      ).toEqual(['one', 'two', 'three']);
      for (const id of ids()) refuse(id, code);
      await stage.pass(3_999);
      expect(stage.line().posts()).toHaveLength(2);
      await stage.pass(1);
      expect(stage.line().posts()).toHaveLength(3);
    },
  );

  test('C2 a failure on the other side, whatever it was, sends the same id again', async () => {
    const { stage, client, outgoing, ids, refuse } = await online();
    client.post('one');
    const [id] = ids();
    refuse(undefined, 'internal');
    expect(outgoing()).toEqual(['one: sending']);
    await stage.pass(2_000);
    expect(stage.line().posts()).toHaveLength(2);
    expect(stage.line().posts()[1]?.[0]?.id).toBe(id);
  });

  test('one without an id reaches the posts although a page is on its way, too', async () => {
    const { stage, client, refuse } = await online();
    stage.line().says(messages(3, 3));
    client.post('one');
    client.loadOlder();
    refuse(undefined, 'too_fast');
    await stage.pass(2_000);
    expect(stage.line().posts()).toHaveLength(2);
  });

  test('C4 what was written before the first welcome of a long conversation is not stale', async () => {
    const stage = new Stage();
    const client = new ConversationClient(conversationId, stage, stage);
    client.post('one');
    client.start();
    await stage.pass(0);
    stage.line().says(welcome(2_000));
    stage.line().says(messages(1_951, 2_000));
    expect(stage.line().posts()[0]?.[0]?.since).toBe(2_000);
  });

  test('stale resyncs by reconnecting, and in the end fails', async () => {
    const { stage, client, outgoing, ids, refuse } = await online();
    client.post('one');
    for (let tries = 1; tries <= 3; tries += 1) {
      refuse(ids()[0], 'stale');
      expect(outgoing()).toEqual(['one: sending']);
      await stage.pass(5_000);
      expect(stage.lines).toHaveLength(tries + 1);
      stage.line().says(welcome(2));
    }
    refuse(ids()[0], 'stale');
    expect(outgoing()).toEqual(['one: failed']);
  });

  test('one without an id sends the posts of that frame one by one, and fails the one that does not fit', async () => {
    const { stage, client, outgoing, refuse } = await online();
    stage.line().ends(1006);
    client.post('one');
    client.post('two');
    await stage.pass(500);
    stage.line().says(welcome(2));
    refuse(undefined, 'invalid');
    expect(
      stage
        .line()
        .posts()
        .map((frame) => frame.map(({ text }) => text)),
    ).toEqual([['one', 'two'], ['one']]);
    refuse(undefined, 'invalid');
    expect(outgoing()).toEqual(['one: failed', 'two: sending']);
    expect(
      stage
        .line()
        .posts()
        .at(-1)
        ?.map(({ text }) => text),
    ).toEqual(['two']);
  });
});
