import { describe, expect, test } from 'vitest';
import { ConversationClient } from './conversation.ts';
import { Stage, conversationId, message, messages, visitor, welcome } from './stage.ts';

async function started() {
  const stage = new Stage();
  const client = new ConversationClient(conversationId, stage, stage);
  client.start();
  await stage.pass(0);
  const seqs = () => client.messages.value.map(({ seq }) => seq);
  const comeBack = async () => {
    await stage.pass(5_000);
    stage.line().ends(1006);
    await stage.pass(500);
  };
  return { stage, client, seqs, comeBack };
}

describe('C3 following', () => {
  test('the first join shows the newest messages, and knows that there are earlier ones', async () => {
    const { stage, client, seqs } = await started();
    stage.line().says(welcome(60));
    expect(client.earlier.value).toBe('unknown');
    expect(client.caughtUp.value).toBe(false);
    stage.line().says(messages(11, 60));
    expect(seqs()).toHaveLength(50);
    expect(client.earlier.value).toBe('more');
    expect(client.caughtUp.value).toBe(true);
  });

  test('an empty conversation is caught up with at once', async () => {
    const { stage, client } = await started();
    stage.line().says(welcome(0));
    expect(client.caughtUp.value).toBe(true);
    expect(client.earlier.value).toBe('beginning');
  });

  test('a repeated message is shown once', async () => {
    const { stage, seqs } = await started();
    stage.line().says(welcome(2));
    stage.line().says(messages(1, 2));
    stage.line().says(messages(1, 3));
    stage.line().says(messages(2, 2));
    expect(seqs()).toEqual([1, 2, 3]);
  });

  test('a gap leads to a new connection that asks for what is missing', async () => {
    const { stage, seqs } = await started();
    stage.line().says(welcome(2));
    stage.line().says(messages(1, 2));
    stage.line().says(messages(4, 5));
    expect(stage.lines[0]?.closedBy).toBe(1000);
    expect(seqs()).toEqual([1, 2]);
    await stage.pass(500);
    expect(stage.line().address).toBe(`/api/v1/conversations/${conversationId}/socket?after=2&epoch=one`);
    stage.line().says(welcome(5));
    stage.line().says(messages(3, 5));
    expect(seqs()).toEqual([1, 2, 3, 4, 5]);
  });

  test('people and changes are followed; unknown and misshapen frames are ignored', async () => {
    const { stage, client } = await started();
    stage.line().says(welcome(0));
    stage.line().says({ type: 'people', people: [{ id: 'per_AAAAAAAAAAAAAAAAAAAAAA', name: 'Ada' }] });
    stage.line().says({ type: 'changed', conversation: { ...client.conversation.value, state: 'closed' } });
    stage.line().says({ type: 'weather', fine: true });
    stage.line().says({ type: 'messages', messages: 'none' });
    stage.line().says(['no', 'frame']);
    expect(client.people.value[0]?.name).toBe('Ada');
    expect(client.conversation.value?.state).toBe('closed');
    expect(client.connection.value).toEqual({ is: 'online' });
  });
});

describe('C4 coming back', () => {
  test('asks for exactly what it missed', async () => {
    const { stage, seqs, comeBack } = await started();
    stage.line().says(welcome(3));
    stage.line().says(messages(1, 3));
    await comeBack();
    expect(stage.line().address).toContain('?after=3&epoch=one');
    stage.line().says(welcome(7));
    stage.line().says(messages(4, 7));
    expect(seqs()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('another epoch replaces the copy, and what was shown stays until it can be', async () => {
    const { stage, seqs, comeBack } = await started();
    stage.line().says(welcome(9));
    stage.line().says(messages(1, 9));
    await comeBack();
    stage.line().says(welcome(4, { epoch: 'two' }));
    expect(seqs()).toHaveLength(9);
    stage.line().says(messages(1, 4));
    expect(seqs()).toEqual([1, 2, 3, 4]);
    await comeBack();
    expect(stage.line().address).toContain('?after=4&epoch=two');
  });

  test('a head behind our own means a restore, too', async () => {
    const { stage, seqs, comeBack } = await started();
    stage.line().says(welcome(9));
    stage.line().says(messages(1, 9));
    await comeBack();
    stage.line().says(welcome(0));
    expect(seqs()).toEqual([]);
  });

  test('a line lost before the first messages joins from nothing again', async () => {
    const { stage, seqs, comeBack } = await started();
    stage.line().says(welcome(9));
    await comeBack();
    expect(stage.line().address).not.toContain('after');
    stage.line().says(welcome(9));
    stage.line().says(messages(1, 9));
    expect(seqs()).toHaveLength(9);
  });
});

describe('earlier messages', () => {
  test('come before the others, until the beginning', async () => {
    const { stage, client, seqs } = await started();
    stage.line().says(welcome(250));
    stage.line().says(messages(201, 250));
    client.loadOlder();
    client.loadOlder();
    expect(stage.line().frames()).toEqual([{ type: 'page', before: 201, limit: 100 }]);
    expect(client.earlier.value).toBe('loading');
    stage.line().says(messages(251, 251));
    expect(client.earlier.value).toBe('loading');
    stage.line().says({ ...messages(101, 200), older: true });
    expect(seqs()[0]).toBe(101);
    expect(client.earlier.value).toBe('more');
    client.loadOlder();
    stage.line().says({ ...messages(1, 100), older: true });
    expect(seqs()).toEqual(Array.from({ length: 251 }, (_, index) => index + 1));
    expect(client.earlier.value).toBe('beginning');
  });

  test('fewer than asked for means the beginning', async () => {
    const { stage, client } = await started();
    stage.line().says(welcome(60));
    stage.line().says(messages(11, 60));
    client.loadOlder();
    stage.line().says({ type: 'messages', messages: [], older: true });
    expect(client.earlier.value).toBe('beginning');
  });

  test('a refusal or a lost line lets one ask again', async () => {
    const { stage, client, comeBack } = await started();
    stage.line().says(welcome(60));
    stage.line().says(messages(11, 60));
    client.loadOlder();
    stage.line().says({ type: 'refused', code: 'too_fast', detail: '' });
    expect(client.earlier.value).toBe('more');
    client.loadOlder();
    await comeBack();
    expect(client.earlier.value).toBe('more');
  });
});

test('what was just begun is shown before the first join', async () => {
  const { stage, client, seqs } = await started();
  const first = message(1, { from: visitor });
  const view = welcome(1).conversation;
  client.begun({ conversation: view, message: first });
  expect(seqs()).toEqual([1]);
  stage.line().says(welcome(1));
  expect(seqs()).toEqual([1]);
  stage.line().says({ type: 'messages', messages: [first] });
  expect(seqs()).toEqual([1]);
});
