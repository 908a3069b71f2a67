import { describe, expect, test } from 'vitest';
import type { Author } from '../../protocol/frames.ts';
import { ConversationClient } from './conversation.ts';
import { Stage, agent, conversationId, message, messages, note, visitor, welcome } from './stage.ts';

const view = welcome(0).conversation;
const mine = { ...view, state: 'claimed' as const, assignee: agent.id as never };

/** Joins as the customer, or as an agent of whose conversation that is. */
async function joined(as: Author = visitor, fields: Parameters<typeof welcome>[1] = {}) {
  const stage = new Stage();
  const client = new ConversationClient(conversationId, stage, stage);
  const you = { from: as, until: stage.now() + 900_000 };
  const conversation = as.kind === 'staff' ? mine : view;
  const join = (head: number, more: Parameters<typeof welcome>[1] = {}) => {
    stage.line().says(welcome(head, { you, conversation, ...fields, ...more }));
  };
  client.start();
  await stage.pass(0);
  join(3);
  stage.line().says(messages(1, 3));
  const comeBack = async () => {
    await stage.pass(5_000);
    stage.line().ends(1006);
    await stage.pass(500);
  };
  const types = (from: Author, on: boolean, kind = 'text') =>
    stage.line().says({ type: 'typing', from, kind, on });
  const typing = () => client.typing.value.map(({ from, kind }) => `${from.kind}: ${kind}`);
  return { stage, client, join, comeBack, types, typing };
}

describe('reading', () => {
  const read = [{ from: agent, seq: 2 }];

  test('marks are known from the welcome on, and only go forward', async () => {
    const { stage, client } = await joined(visitor, { read });
    expect(client.read.value.get(agent.id)).toBe(2);
    stage.line().says({ type: 'read', from: agent, seq: 3 });
    stage.line().says({ type: 'read', from: agent, seq: 1 });
    expect(client.read.value.get(agent.id)).toBe(3);
  });

  test("one's own mark is said when it moves forward, and never beyond what is here", async () => {
    const { stage, client } = await joined();
    for (const seq of [2, 1, 2, 9]) client.markRead(seq);
    expect(stage.line().framesOf('read')).toEqual([
      { type: 'read', seq: 2 },
      { type: 'read', seq: 3 },
    ]);
  });

  test('a mark set without a line is said on the next one, unless the server knows it', async () => {
    const { stage, client, join, comeBack } = await joined();
    client.markRead(1);
    await comeBack();
    client.markRead(3);
    expect(stage.line().framesOf('read')).toEqual([]);
    join(3, { read: [{ from: visitor, seq: 1 }] });
    expect(stage.line().framesOf('read')).toEqual([{ type: 'read', seq: 3 }]);
    await comeBack();
    join(3, { read: [{ from: visitor, seq: 3 }] });
    expect(stage.line().framesOf('read')).toEqual([]);
  });

  test('whoever does not have the conversation reads in silence, and is heard once they have it', async () => {
    const { stage, client } = await joined(agent, { conversation: view });
    client.markRead(3);
    client.type(true);
    expect(stage.line().frames()).toEqual([]);
    client.type(true, 'note');
    expect(stage.line().framesOf('typing')).toHaveLength(1);
    stage.line().says({ type: 'changed', conversation: mine });
    client.markRead(3);
    expect(stage.line().framesOf('read')).toHaveLength(1);
  });

  test('C1 a small sign that was refused takes no message with it', async () => {
    const { stage, client } = await joined();
    client.post('hello');
    client.markRead(3);
    stage.line().says({ type: 'refused', code: 'not_allowed', detail: '' });
    expect(client.outgoing.value.map(({ state }) => state)).toEqual(['sending']);
  });
});

describe('who writes', () => {
  test('is shown until they stop, send, or say nothing for a while', async () => {
    const { stage, types, typing } = await joined();
    types(agent, true);
    expect(typing()).toEqual(['staff: text']);
    await stage.pass(5_000);
    types(agent, true);
    await stage.pass(5_000);
    expect(typing()).toEqual(['staff: text']);
    await stage.pass(1_000);
    expect(typing()).toEqual([]);
    types(agent, true);
    types(agent, false);
    expect(typing()).toEqual([]);
    types(agent, true);
    stage.line().says({ type: 'messages', messages: [message(4)] });
    expect(typing()).toEqual([]);
  });

  test('is forgotten with the line, and never oneself', async () => {
    const { types, typing, comeBack } = await joined();
    types(visitor, true);
    expect(typing()).toEqual([]);
    types(agent, true);
    await comeBack();
    expect(typing()).toEqual([]);
  });

  test('is told at most every three seconds, and once that it is over', async () => {
    const { stage, client } = await joined();
    const said = () =>
      stage
        .line()
        .framesOf('typing')
        .map(({ on }) => on);
    for (let key = 0; key < 20; key += 1) client.type(true);
    expect(said()).toEqual([true]);
    await stage.pass(2_900);
    client.type(true);
    expect(said()).toEqual([true]);
    await stage.pass(100);
    client.type(true);
    expect(said()).toEqual([true, true]);
    client.type(false);
    client.type(false);
    expect(said()).toEqual([true, true, false]);
    client.type(true);
    client.post('hello');
    client.type(false);
    expect(said()).toEqual([true, true, false, true]);
  });

  test('a note is another thing than an answer: its beginning ends the other', async () => {
    const { stage, client } = await joined(agent);
    client.type(true);
    client.type(true, 'note');
    client.type(false, 'note');
    expect(stage.line().framesOf('typing')).toEqual([
      { type: 'typing', on: true, kind: 'text' },
      { type: 'typing', on: false, kind: 'text' },
      { type: 'typing', on: true, kind: 'note' },
      { type: 'typing', on: false, kind: 'note' },
    ]);
  });
});

describe('staff', () => {
  test('see who is there, as long as there is a line', async () => {
    const present = { staff: [agent.id as never], visitor: true };
    const { stage, client, comeBack } = await joined(agent, { present });
    expect(client.present.value).toEqual(present);
    stage.line().says({ type: 'present', present: { staff: [], visitor: false } });
    expect(client.present.value?.visitor).toBe(false);
    await comeBack();
    expect(client.present.value).toBeNull();
  });

  test('C4 have notes between the messages, and come back to the last of them', async () => {
    const { stage, client, join, comeBack } = await joined(agent);
    client.post('for us', 'note');
    const [sent] = stage.line().posts()[0] ?? [];
    expect(sent).toMatchObject({ kind: 'note', since: 3, text: 'for us' });
    stage.line().says({
      type: 'messages',
      messages: [note(3, 1, { id: sent?.id ?? '' }), note(3, 2)],
    });
    expect(client.outgoing.value).toEqual([]);
    await comeBack();
    expect(stage.line().address).toContain('?after=3&n=2&epoch=one');
    join(3, { n: 3 });
    expect(client.caughtUp.value).toBe(false);
    stage.line().says({ type: 'messages', messages: [note(3, 3)] });
    expect(client.caughtUp.value).toBe(true);
    expect(client.messages.value.map(({ n }) => n ?? 0)).toEqual([0, 0, 0, 1, 2, 3]);
  });

  test('a failed note said again is a note again', async () => {
    const { stage, client } = await joined(agent);
    client.post('for us', 'note');
    const failed = client.outgoing.value[0]?.id ?? '';
    stage.line().says({ type: 'refused', id: failed, code: 'no_room', detail: '' });
    client.retry(failed);
    expect(stage.line().posts().at(-1)?.[0]?.kind).toBe('note');
  });
});

test('what was removed keeps its place, whether it is told now or at the next join', async () => {
  const { stage, client, join, comeBack } = await joined();
  const removed = { how: 'redacted', at: 9 } as const;
  stage.line().says({ type: 'removed', removals: [{ seq: 2, removed }] });
  await comeBack();
  join(3);
  stage.line().says({
    type: 'removed',
    removals: [
      { seq: 2, removed },
      { seq: 3, removed },
    ],
  });
  expect(client.messages.value.map(({ text }) => text)).toEqual(['text 1', '', '']);
});
