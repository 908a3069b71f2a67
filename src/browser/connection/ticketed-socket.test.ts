import { describe, expect, test } from 'vitest';
import { ApiError } from '../api.ts';
import { ConversationClient } from './conversation.ts';
import { Stage, conversationId, messages, offline, welcome } from './stage.ts';

const ticketPath = `/api/v1/conversations/${conversationId}/tickets`;

async function started(stage = new Stage()) {
  const client = new ConversationClient(conversationId, stage, stage);
  client.start();
  await stage.pass(0);
  return { stage, client };
}

async function online(stage = new Stage()) {
  const both = await started(stage);
  stage.line().says(welcome(2));
  stage.line().says(messages(1, 2));
  return both;
}

describe('coming in', () => {
  test('a ticket opens the socket, and the first frame makes it online', async () => {
    const { stage, client } = await started();
    expect(stage.asked).toEqual([ticketPath]);
    expect(stage.line().address).toBe(`/api/v1/conversations/${conversationId}/socket`);
    expect(stage.line().protocols).toEqual(['sotto.v1', 'ticket.t1']);
    expect(client.connection.value).toEqual({ is: 'connecting' });
    stage.line().says(welcome(0));
    expect(client.connection.value).toEqual({ is: 'online' });
  });

  test('a socket that never says a word is given up after 15 s', async () => {
    const { stage, client } = await started();
    await stage.pass(15_000);
    expect(stage.lines[0]?.closedBy).toBe(1000);
    expect(client.connection.value.is).toBe('reconnecting');
    await stage.pass(500);
    expect(stage.lines).toHaveLength(2);
  });

  test('leaving closes the socket and tries nothing more', async () => {
    const { stage, client } = await online();
    client.leave();
    expect(stage.line().closedBy).toBe(1000);
    await stage.pass(120_000);
    expect(stage.lines).toHaveLength(1);
    expect(client.connection.value).toEqual({ is: 'stopped', reason: 'left' });
  });
});

describe('C15 coming back', () => {
  test('waits 0.5 s, then twice as long each time, never more than 30 s', async () => {
    const { stage, client } = await online();
    await stage.pass(6_000);
    stage.line().ends(1006);
    const waits: number[] = [];
    for (let tries = 0; tries < 9; tries += 1) {
      const state = client.connection.value;
      if (state.is !== 'reconnecting' || state.nextTry === null) throw new Error(`is ${state.is}`);
      waits.push(state.nextTry - stage.now());
      await stage.pass(state.nextTry - stage.now());
      stage.line().ends(1006);
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  test('full jitter: the wait is anything from nothing to that', async () => {
    const { stage, client } = await online();
    stage.chance = 0.25;
    stage.line().ends(1012);
    expect(client.connection.value).toEqual({
      is: 'reconnecting',
      since: stage.now(),
      nextTry: stage.now() + 125,
    });
  });

  test('a connection that lived for 5 s starts the count anew, a shorter one does not', async () => {
    const { stage, client } = await online();
    const nextWait = () => {
      const { value } = client.connection;
      return 'nextTry' in value && value.nextTry !== null ? value.nextTry - stage.now() : null;
    };
    stage.line().ends(1006);
    await stage.pass(500);
    stage.line().says(welcome(2));
    stage.line().ends(1006);
    expect(nextWait()).toBe(1_000);
    await stage.pass(1_000);
    stage.line().says(welcome(2));
    await stage.pass(5_000);
    stage.line().ends(1006);
    expect(nextWait()).toBe(500);
  });

  test('at once when the browser says that the network is back, or somebody looks', async () => {
    for (const notice of ['online', 'returned'] as const) {
      const { stage } = await online();
      stage.line().ends(1006);
      await stage.notice(notice);
      expect(stage.lines, notice).toHaveLength(2);
    }
  });

  test('what the browser calls offline is said, and tried all the same', async () => {
    const { stage, client } = await online();
    stage.isOnline = false;
    stage.line().ends(1006);
    expect(client.connection.value.is).toBe('offline');
    stage.refusals = [offline];
    await stage.pass(500);
    expect(client.connection.value.is).toBe('offline');
    stage.isOnline = true;
    await stage.notice('online');
    expect(stage.lines).toHaveLength(2);
    stage.line().says(welcome(2));
    expect(client.connection.value).toEqual({ is: 'online' });
  });

  test('a line that was let go of is not heard any more', async () => {
    const { stage, client } = await online();
    const old = stage.line();
    old.answersPings = false;
    await stage.notice('returned');
    await stage.pass(3_000);
    await stage.pass(500);
    stage.line().says(welcome(2));
    old.says(messages(3, 3));
    old.ends(4403);
    expect(client.messages.value).toHaveLength(2);
    expect(client.connection.value).toEqual({ is: 'online' });
  });
});

describe('a half-open socket', () => {
  test('is noticed within 30 s in a visible tab', async () => {
    const { stage, client } = await online();
    stage.line().answersPings = false;
    await stage.pass(30_000);
    expect(stage.lines[0]?.closedBy).toBe(1000);
    expect(client.connection.value.is).not.toBe('online');
  });

  test('is noticed within 90 s in a hidden tab, which pings every 25 s', async () => {
    const stage = new Stage();
    stage.isVisible = false;
    await online(stage);
    await stage.pass(24_000);
    expect(stage.line().sent).toEqual([]);
    await stage.pass(1_000);
    expect(stage.line().sent).toEqual(['ping']);
    stage.line().answersPings = false;
    await stage.pass(90_000);
    expect(stage.lines[0]?.closedBy).toBe(1000);
  });

  test('is noticed 3 s after somebody came back, however often they come back', async () => {
    for (const notice of ['returned', 'online', 'offline'] as const) {
      const { stage } = await online();
      stage.line().answersPings = false;
      await stage.notice(notice);
      await stage.pass(2_000);
      await stage.notice(notice);
      expect(stage.line().closedBy).toBeNull();
      await stage.pass(1_000);
      expect(stage.lines[0]?.closedBy, notice).toBe(1000);
    }
  });

  test('a line that answers stays, visible for a day', async () => {
    const { stage, client } = await online();
    stage.line().says({ type: 'renewed', until: stage.now() + 100 * 3_600_000 });
    await stage.pass(24 * 3_600_000);
    expect(stage.lines).toHaveLength(1);
    expect(client.connection.value).toEqual({ is: 'online' });
  });

  test('whatever is heard is a sign of life', async () => {
    const { stage } = await online();
    for (let seq = 3; seq < 20; seq += 1) {
      await stage.pass(9_000);
      stage.line().says(messages(seq, seq));
    }
    expect(stage.line().sent).toEqual([]);
  });
});

describe('a page that is put to sleep, or kept for coming back to it', () => {
  test('lets go of its socket and tries nothing, until somebody is back', async () => {
    const { stage, client } = await online();
    await stage.notice('leaving');
    expect(stage.line().closedBy).toBe(1000);
    expect(client.connection.value.is).toBe('reconnecting');
    await stage.pass(600_000);
    expect(stage.lines).toHaveLength(1);
    await stage.notice('returned');
    expect(stage.lines).toHaveLength(2);
    expect(stage.line().address).toContain('?after=2');
  });

  test('does not open the socket whose ticket was on its way', async () => {
    const stage = new Stage();
    const client = new ConversationClient(conversationId, stage, stage);
    client.start();
    void stage.notice('leaving');
    await stage.pass(60_000);
    expect(stage.lines).toHaveLength(0);
    await stage.notice('returned');
    expect(stage.lines).toHaveLength(1);
  });

  test('keeps a pause that the server asked for', async () => {
    const { stage } = await online();
    stage.line().ends(4429);
    await stage.notice('leaving');
    await stage.notice('returned');
    expect(stage.lines).toHaveLength(1);
    await stage.pass(12_000);
    expect(stage.lines).toHaveLength(2);
  });
});

describe('renewal', () => {
  test('brings a new ticket 30 s before the seat runs out', async () => {
    const stage = new Stage();
    await started(stage);
    stage.line().says(welcome(0, { until: stage.now() + 300_000 }));
    await stage.pass(269_000);
    expect(stage.asked).toHaveLength(1);
    await stage.pass(1_000);
    expect(stage.line().frames()).toEqual([{ type: 'renew', ticket: 't2' }]);
    stage.line().says({ type: 'renewed', until: stage.now() + 300_000 });
    await stage.pass(260_000);
    expect(stage.line().frames()).toHaveLength(1);
    await stage.pass(10_000);
    expect(stage.line().frames()).toHaveLength(2);
  });

  test('is tried again while nothing comes of it', async () => {
    const stage = new Stage();
    await started(stage);
    stage.line().says(welcome(0, { until: stage.now() + 100_000 }));
    stage.refusals = [offline];
    await stage.pass(70_000);
    expect(stage.line().frames()).toHaveLength(0);
    await stage.pass(5_000);
    expect(stage.line().frames()).toHaveLength(1);
    await stage.pass(10_000);
    expect(stage.line().frames()).toHaveLength(2);
  });

  test('a seat without time left does not spin', async () => {
    const stage = new Stage();
    await started(stage);
    stage.line().says(welcome(0, { until: stage.now() - 1 }));
    await stage.pass(4_999);
    expect(stage.asked).toHaveLength(1);
  });
});

describe('close codes', () => {
  const stops = [
    [4400, 'bad_frame'],
    [4403, 'not_allowed'],
    [4404, 'not_found'],
    [4410, 'erased'],
    [4426, 'version_too_old'],
  ] as const;
  test.each(stops)('%i stops with %s', async (code, reason) => {
    const { stage, client } = await online();
    stage.line().ends(code);
    await stage.pass(600_000);
    expect(client.connection.value).toEqual({ is: 'stopped', reason });
    expect(stage.lines).toHaveLength(1);
  });

  test.each([1000, 1001, 1005, 1006, 1011, 1012, 4408])('%i comes back', async (code) => {
    const { stage } = await online();
    stage.line().ends(code);
    await stage.pass(500);
    expect(stage.lines).toHaveLength(2);
  });

  test('4429 waits for 10 s at least, whoever looks', async () => {
    const { stage, client } = await online();
    stage.chance = 0;
    stage.line().ends(4429);
    await stage.pass(9_999);
    await stage.notice('returned');
    client.tryNow();
    await stage.pass(0);
    expect(stage.lines).toHaveLength(1);
    await stage.pass(1);
    expect(stage.lines).toHaveLength(2);
  });

  test('4401 refreshes the access token and comes back at once', async () => {
    const { stage, client } = await online();
    stage.line().ends(4401);
    await stage.pass(0);
    expect(stage.refreshes).toBe(1);
    expect(stage.lines).toHaveLength(2);
    stage.line().says(welcome(2));
    expect(client.connection.value).toEqual({ is: 'online' });
  });

  test('4401 again right after that means signed out', async () => {
    const { stage, client } = await online();
    stage.line().ends(4401);
    await stage.pass(0);
    stage.line().says(welcome(2));
    stage.line().ends(4401);
    await stage.pass(60_000);
    expect(stage.refreshes).toBe(1);
    expect(client.connection.value).toEqual({ is: 'stopped', reason: 'signed_out' });
  });

  test('4401 and no new token means signed out', async () => {
    const { stage, client } = await online();
    stage.refreshed = false;
    stage.line().ends(4401);
    await stage.pass(0);
    expect(client.connection.value).toEqual({ is: 'stopped', reason: 'signed_out' });
  });

  test('4401 while the API can not be reached is tried again', async () => {
    const { stage, client } = await online();
    stage.refreshed = offline;
    stage.line().ends(4401);
    await stage.pass(0);
    expect(client.connection.value.is).toBe('reconnecting');
    stage.refreshed = true;
    await stage.pass(500);
    expect(stage.lines).toHaveLength(2);
  });

  test('after a stop it can be started again, as after a new sign-in', async () => {
    const { stage, client } = await online();
    stage.refreshed = false;
    stage.line().ends(4401);
    await stage.pass(0);
    client.start();
    await stage.pass(0);
    expect(stage.line().address).toContain('after=2&epoch=one');
    stage.line().says(welcome(2));
    expect(client.connection.value).toEqual({ is: 'online' });
  });
});

describe('a refused ticket', () => {
  const cases = [
    ['signed_out', 401, 'signed_out'],
    ['not_allowed', 403, 'not_allowed'],
    ['not_found', 404, 'not_found'],
  ] as const;
  test.each(cases)('%s stops with it', async (code, status, reason) => {
    const stage = new Stage();
    stage.refusals = [new ApiError(code, status, '')];
    const { client } = await started(stage);
    await stage.pass(60_000);
    expect(client.connection.value).toEqual({ is: 'stopped', reason });
    expect(stage.asked).toHaveLength(1);
  });

  test('an API that can not be reached is tried again', async () => {
    const stage = new Stage();
    stage.refusals = [offline, new ApiError('unavailable', 503, ''), new ApiError('internal', 500, '')];
    await started(stage);
    await stage.pass(500 + 1_000 + 2_000);
    expect(stage.asked).toHaveLength(4);
    expect(stage.lines).toHaveLength(1);
  });

  test('too_fast waits for 10 s', async () => {
    const stage = new Stage();
    stage.refusals = [new ApiError('too_fast', 429, '')];
    await started(stage);
    await stage.pass(10_000);
    expect(stage.asked).toHaveLength(1);
    await stage.pass(500);
    expect(stage.asked).toHaveLength(2);
  });
});
