import { signal } from '@preact/signals-core';
import { describe, expect, test } from 'vitest';
import type { Author } from '../../protocol/frames.ts';
import { ConversationClient } from './conversation.ts';
import { Reading } from './reading.ts';
import { Stage, agent, conversationId, message, messages, note, visitor, welcome } from './stage.ts';

async function joined({ open = false, mark }: { open?: boolean; mark?: number } = {}) {
  const stage = new Stage();
  const client = new ConversationClient(conversationId, stage, stage);
  const isOpen = signal(open);
  const reading = new Reading(client, isOpen, stage);
  client.start();
  await stage.pass(0);
  stage.line().says(welcome(3, { read: mark === undefined ? [] : [{ from: visitor, seq: mark }] }));
  stage.line().says(messages(1, 3));
  const says = (seq: number, from: Author = agent) =>
    stage.line().says({ type: 'messages', messages: [message(seq, { from })] });
  const marks = () =>
    stage
      .line()
      .framesOf('read')
      .map(({ seq }) => seq);
  return { stage, client, isOpen, reading, says, marks };
}

describe('what is not looked at', () => {
  test('is counted, but for what was there when the page was opened, and what one says oneself', async () => {
    const { reading, says, marks } = await joined();
    expect(reading.unread.value).toBe(0);
    says(4);
    says(5, visitor);
    says(6);
    expect(reading.unread.value).toBe(2);
    expect(marks()).toEqual([]);
  });

  test('is counted from the mark on, where the server has one', async () => {
    const { reading } = await joined({ mark: 1 });
    expect(reading.unread.value).toBe(2);
  });

  test('is counted from what one said last, where there is no mark', async () => {
    const stage = new Stage();
    const client = new ConversationClient(conversationId, stage, stage);
    const reading = new Reading(client, signal(false), stage);
    client.start();
    await stage.pass(0);
    stage.line().says(welcome(2));
    stage.line().says({ type: 'messages', messages: [message(1, { from: visitor }), message(2)] });
    expect(reading.unread.value).toBe(1);
  });

  test('is not counted any more once it was looked at in another tab', async () => {
    const { stage, reading, says } = await joined();
    says(4);
    says(5);
    stage.line().says({ type: 'read', from: visitor, seq: 4 });
    expect(reading.unread.value).toBe(1);
    stage.line().says({ type: 'read', from: visitor, seq: 5 });
    expect(reading.unread.value).toBe(0);
  });

  test('notes and what was removed ask for nobody', async () => {
    const { stage, reading, says } = await joined();
    stage.line().says({ type: 'messages', messages: [note(3, 1)] });
    says(4);
    stage.line().says({ type: 'removed', removals: [{ seq: 4, removed: { how: 'deleted', at: 1 } }] });
    expect(reading.unread.value).toBe(0);
  });
});

describe('what is looked at', () => {
  test('is read, and said so', async () => {
    const { isOpen, reading, says, marks } = await joined();
    says(4);
    isOpen.value = true;
    expect(reading.unread.value).toBe(0);
    expect(marks()).toEqual([4]);
    says(5);
    expect(marks()).toEqual([4, 5]);
  });

  test('in a hidden page it is not; it is when somebody comes back', async () => {
    const { stage, reading, says, marks } = await joined({ open: true });
    stage.isVisible = false;
    says(4);
    expect(reading.unread.value).toBe(1);
    expect(marks()).toEqual([3]);
    stage.isVisible = true;
    await stage.notice('returned');
    expect(reading.unread.value).toBe(0);
    expect(marks()).toEqual([3, 4]);
  });

  test('begins with the first that was new, until the next look', async () => {
    const { isOpen, reading, says } = await joined();
    says(4);
    says(5);
    isOpen.value = true;
    says(6);
    expect(reading.firstUnread.value).toBe(4);
    isOpen.value = false;
    isOpen.value = true;
    expect(reading.firstUnread.value).toBeUndefined();
  });
});

test('after its end it neither counts nor reads', async () => {
  const { isOpen, reading, says, marks } = await joined();
  reading.end();
  says(4);
  isOpen.value = true;
  expect(reading.unread.value).toBe(0);
  expect(marks()).toEqual([]);
});
