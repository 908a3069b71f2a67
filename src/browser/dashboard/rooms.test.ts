import { signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Author } from '../../protocol/frames.ts';
import type { MaskedKind } from '../../protocol/marks.ts';
import { ApiError } from '../api.ts';
import { Queue } from '../connection.ts';
import {
  Stage,
  agent,
  conversationId,
  message,
  messages,
  visitor,
  welcome,
  soon,
} from '../connection/stage.ts';
import { Rooms } from './rooms.ts';

const other = 'con_BBBBBBBBBBBBBBBBBBBBBA';
const you = { from: agent, until: 1_700_000_900_000 };
const conversation = { ...welcome(0).conversation, state: 'claimed' as const, assignee: agent.id as never };

const queues: Queue[] = [];
afterEach(() => queues.forEach((queue) => queue.end()));

function desk(beside?: Stage) {
  const stage = new Stage(beside);
  const queue = new Queue(agent.id, 'A'.repeat(43), stage);
  queues.push(queue);
  const rooms = new Rooms(stage, stage, queue);
  const lineOf = (id: string) => {
    const line = stage.lines.findLast(({ address }) => address.includes(id));
    if (line === undefined) throw new Error(`${id} is not open`);
    return line;
  };
  const enter = async (id: string, head = 2) => {
    rooms.select(id);
    await stage.pass(0);
    lineOf(id).says(welcome(head, { you, conversation }));
    lineOf(id).says(messages(1, head));
    const room = rooms.current.value;
    if (room === null) throw new Error('nothing is open');
    return room;
  };
  const kept = () => soon(() => expect(queue.unkept()).toBe(false));
  return { stage, queue, rooms, lineOf, enter, kept };
}

let here: ReturnType<typeof desk>;
beforeEach(() => {
  here = desk();
});

describe('leaving a conversation for another', () => {
  test('closes it, unless something is on its way there', async () => {
    await here.enter(conversationId);
    const { client } = await here.enter(other);
    expect(here.lineOf(conversationId).closedBy).toBe(1000);
    client.post('wait');
    here.rooms.select(null);
    expect(here.lineOf(other).closedBy).toBeNull();
    expect([...here.rooms.outgoing.value.keys()]).toEqual([other]);
    const id = client.outgoing.value[0]?.id ?? '';
    here.lineOf(other).says({ type: 'messages', messages: [message(3, { id, from: agent })] });
    expect(here.lineOf(other).closedBy).toBe(1000);
    expect(here.rooms.outgoing.value.size).toBe(0);
  });

  test('keeps one with a failed message, so that it can be seen', async () => {
    const { client } = await here.enter(conversationId);
    client.post('wait');
    const id = client.outgoing.value[0]?.id ?? '';
    here.rooms.select(null);
    here.lineOf(conversationId).says({ type: 'refused', id, code: 'not_allowed', detail: '' });
    expect(here.rooms.unsent()).toBe(true);
    here.rooms.select(conversationId);
    expect(here.rooms.current.value?.client).toBe(client);
  });
});

describe('M6 watching without being shown', () => {
  const doors = () => here.stage.asked.map((path) => path.split('/').at(-1));
  const watched = async () => {
    here.rooms.select(conversationId, true);
    await here.stage.pass(0);
    here.lineOf(conversationId).says(welcome(2, { you, conversation }));
    here.lineOf(conversationId).says(messages(1, 2));
    const room = here.rooms.current.value;
    if (room === null) throw new Error('nothing is open');
    return room;
  };

  test('takes a seat by a door of its own each time, and keeps it as everybody does', async () => {
    await watched();
    expect(doors()).toEqual(['watch']);
    here.lineOf(conversationId).ends(1006);
    await here.stage.pass(1_000);
    expect(doors()).toEqual(['watch', 'watch']);
    here.lineOf(conversationId).says(welcome(2, { you: { ...you, until: here.stage.now() + 61_000 } }));
    await here.stage.pass(32_000);
    expect(doors().slice(2)).toEqual(['tickets']);
    expect(here.lineOf(conversationId).framesOf('renew')).toHaveLength(1);
  });

  test('marks nothing as read, though one has the conversation', async () => {
    const { reading } = await watched();
    expect(reading.unread.value).toBe(0);
    expect(here.lineOf(conversationId).frames()).toEqual([]);
  });

  test('ends by joining: by another seat in the same thread, with what was being written', async () => {
    const room = await watched();
    room.note.value = 'Offer a refund';
    here.rooms.select(conversationId);
    await here.stage.pass(0);
    expect(here.stage.lines.map(({ closedBy }) => closedBy)).toEqual([1000, null]);
    expect(doors()).toEqual(['watch', 'tickets']);
    expect(here.lineOf(conversationId).address).toContain('after=2');
    expect(here.rooms.current.value).toBe(room);
    expect(room.client.messages.value).toHaveLength(2);
    expect(room.note.value).toBe('Offer a refund');
    here.lineOf(conversationId).says(welcome(2, { you, conversation }));
    expect(here.lineOf(conversationId).framesOf('read')).toEqual([{ type: 'read', seq: 2 }]);
    room.client.type(true, 'note');
    expect(here.lineOf(conversationId).framesOf('typing')).toHaveLength(1);
  });

  test('is not begun by whoever does not prove that it is they, and can be asked for again, or joined', async () => {
    const unproved = new ApiError('step_up_needed', 403, '');
    here.stage.refusals.push(unproved, unproved);
    here.rooms.select(conversationId, true);
    await here.stage.pass(60_000);
    const client = here.rooms.current.value?.client;
    expect(client?.connection.value).toEqual({ is: 'stopped', reason: 'unproved' });
    expect(doors()).toEqual(['watch']);
    client?.start();
    await here.stage.pass(0);
    expect(doors()).toEqual(['watch', 'watch']);
    here.rooms.select(conversationId);
    await here.stage.pass(0);
    expect(doors()).toEqual(['watch', 'watch', 'tickets']);
  });
});

describe('B7 what waits when a conversation is shut to its writer', () => {
  const shut = async () => {
    const { client } = await here.enter(conversationId);
    here.lineOf(conversationId).ends(1006);
    client.post('we close at five');
    await here.kept();
    here.stage.refusals.push(new ApiError('not_found', 404, ''));
    await here.stage.pass(2_000);
    expect(client.connection.value).toEqual({ is: 'stopped', reason: 'not_found' });
    return client;
  };

  test('is shown as not sent, and goes neither once it is open again nor after a reload', async () => {
    const client = await shut();
    expect(client.outgoing.value).toMatchObject([{ state: 'failed', text: 'we close at five' }]);
    here.rooms.select(null);
    expect([...here.rooms.outgoing.value.keys()]).toEqual([conversationId]);
    await here.enter(conversationId);
    expect(here.rooms.current.value?.client).toBe(client);
    expect(client.connection.value.is).toBe('online');
    expect(here.lineOf(conversationId).posts()).toEqual([]);
    await here.kept();
    here.stage.store.vanish();

    const after = desk(here.stage);
    await soon(() => expect(after.rooms.outgoing.value.get(conversationId)).toHaveLength(1));
    await after.enter(conversationId);
    expect(after.lineOf(conversationId).posts()).toEqual([]);
    expect(after.rooms.outgoing.value.get(conversationId)).toMatchObject([{ state: 'failed' }]);
  });

  test('is there no more if it had arrived', async () => {
    const client = await shut();
    here.rooms.select(null);
    const { id } = client.outgoing.value[0] ?? { id: '' };
    await here.enter(conversationId);
    here.lineOf(conversationId).says({ type: 'messages', messages: [message(3, { id, from: agent })] });
    expect(client.outgoing.value).toEqual([]);
  });
});

test('a draft that was sent in one tab does not stand ready in another; one that was gone on with does', async () => {
  const there = desk(here.stage);
  const [mine, beside] = [await here.enter(conversationId), await there.enter(conversationId)];
  await new Promise((resolve) => setTimeout(resolve, 20));
  for (const { draft, note } of [mine, beside]) {
    draft.value = 'my answer';
    note.value = 'my note';
  }
  beside.note.value = 'my note goes on';
  mine.draft.value = '';
  mine.note.value = '';
  expect([beside.draft.value, beside.note.value]).toEqual(['', 'my note goes on']);
});

describe('after a reload', () => {
  test('what waits is sent although nobody opens its conversation', async () => {
    const { client } = await here.enter(conversationId);
    here.lineOf(conversationId).ends(1006);
    client.post('one');
    client.post('a note', 'note');
    await here.kept();
    here.stage.store.vanish();

    const after = desk(here.stage);
    await soon(() => expect(after.rooms.isOpen(conversationId)).toBe(true));
    await after.stage.pass(0);
    const line = after.lineOf(conversationId);
    line.says(welcome(2, { you, conversation }));
    line.says(messages(1, 2));
    await soon(() => expect(line.posts().flat()).toHaveLength(2));
    expect(
      line
        .posts()
        .flat()
        .map(({ kind, text }) => `${kind}: ${text}`),
    ).toEqual(['text: one', 'note: a note']);
    const back = line
      .posts()
      .flat()
      .map(({ id, text }, at) => message(3 + at, { id, text, from: agent }));
    line.says({ type: 'messages', messages: back });
    expect(after.rooms.isOpen(conversationId)).toBe(false);
  });

  test('drafts of answers and notes are where they were, each for itself, and unreadable meanwhile', async () => {
    const { draft, note } = await here.enter(conversationId);
    draft.value = 'an answer, begun';
    note.value = 'a note, begun';
    await soon(async () => {
      await here.stage.pass(300);
      expect(here.stage.browser.rows.size).toBe(2);
    });
    expect(here.stage.browser.readable()).not.toContain('begun');

    const room = await desk(here.stage).enter(conversationId);
    await soon(() => expect(room.draft.value).toBe('an answer, begun'));
    await soon(() => expect(room.note.value).toBe('a note, begun'));
  });

  test('a draft that was sent does not come back', async () => {
    const { draft } = await here.enter(conversationId);
    draft.value = 'begun';
    await soon(async () => {
      await here.stage.pass(300);
      expect(here.stage.browser.rows.size).toBe(1);
    });
    draft.value = '';
    await soon(async () => {
      await here.stage.pass(0);
      expect(here.stage.browser.rows.size).toBe(0);
    });
  });
});

/** What lies in this browser of drafts, opened as a page that is loaded later opens it. */
async function draftsKept() {
  const rows = await here.queue.chest.rows();
  return Promise.all(rows.map(async (row) => [row.id, await here.queue.chest.open(row)]));
}

describe('D92 what somebody has begun to write', () => {
  const card = 'My card: 4111 1111 1111 1111, IBAN DE89 3704 0044 0532 0130 00';

  test('is kept with what its site masks masked, and stands as they wrote it until then', async () => {
    here.rooms.masks = () => ['card'];
    const { draft, note } = await here.enter(conversationId);
    await new Promise((resolve) => setTimeout(resolve, 20));
    draft.value = card;
    note.value = 'Their password is hunter2!x';
    await soon(async () => {
      await here.stage.pass(300);
      expect(await draftsKept()).toEqual([
        [`draft-text-${conversationId}`, 'My card: •••• •••• •••• 1111, IBAN DE89 3704 0044 0532 0130 00'],
        [`draft-note-${conversationId}`, 'Their password is hunter2!x'],
      ]);
    });
    expect(draft.value).toBe(card);
    // A tab that is opened later has it as it was kept; once it is sent here it does not stand ready there.
    const beside = await desk(here.stage).enter(conversationId);
    await soon(() => expect(beside.draft.value).toContain('•••• 1111'));
    draft.value = '';
    expect(beside.draft.value).toBe('');
  });

  test('is kept with all masked that any site masks until it is known what this one does', async () => {
    const masking = signal<readonly MaskedKind[] | null>(null);
    here.rooms.masks = () => masking.value;
    const { draft } = await here.enter(conversationId);
    await new Promise((resolve) => setTimeout(resolve, 20));
    draft.value = card;
    const isKept = (text: string) =>
      soon(async () => {
        await here.stage.pass(300);
        expect(await draftsKept()).toEqual([[`draft-text-${conversationId}`, text]]);
      });
    await isKept('My card: •••• •••• •••• 1111, IBAN [••• iban]');
    masking.value = ['card'];
    await isKept('My card: •••• •••• •••• 1111, IBAN DE89 3704 0044 0532 0130 00');
    // What is recalled on another page is not written over by one that has not changed it.
    const beside = desk(here.stage);
    const later = signal<readonly MaskedKind[] | null>(null);
    beside.rooms.masks = () => later.value;
    const room = await beside.enter(conversationId);
    await soon(() => expect(room.draft.value).toContain('IBAN DE89'));
    later.value = ['iban'];
    await beside.stage.pass(300);
    await isKept('My card: •••• •••• •••• 1111, IBAN DE89 3704 0044 0532 0130 00');
  });

  test('goes when its conversation is erased, in every tab, with what waits to be sent in it', async () => {
    const elsewhere = await here.enter(other);
    const { draft, note, client } = await here.enter(conversationId);
    elsewhere.draft.value = 'for another';
    await new Promise((resolve) => setTimeout(resolve, 20));
    [draft.value, note.value] = ['an answer, begun', 'a note, begun'];
    await soon(async () => {
      await here.stage.pass(300);
      expect(await draftsKept()).toHaveLength(3);
    });
    here.lineOf(conversationId).ends(1006);
    client.post('one');
    await here.kept();
    expect(here.stage.browser.rows.size).toBe(4);
    await here.stage.pass(2_000);
    here.lineOf(conversationId).ends(4410);
    expect(client.connection.value).toEqual({ is: 'stopped', reason: 'erased' });
    await soon(async () => {
      await here.stage.pass(300);
      expect(await draftsKept()).toEqual([[`draft-text-${other}`, 'for another']]);
    });
    expect([draft.value, note.value, client.outgoing.value]).toEqual(['', '', []]);
  });
});

test('signing out takes drafts and messages with it', async () => {
  const { client, draft } = await here.enter(conversationId);
  client.post('one');
  draft.value = 'begun';
  await here.stage.pass(300);
  await here.kept();
  await here.queue.empty();
  draft.value = 'begun anew';
  await here.stage.pass(300);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(here.stage.browser.rows.size).toBe(0);
});

test('a customer who writes in an open conversation is told of, and nobody else', async () => {
  await here.enter(conversationId);
  let times = 0;
  here.rooms.written = () => (times += 1);
  const says = (seq: number, from: Author) =>
    here.lineOf(conversationId).says({ type: 'messages', messages: [message(seq, { from })] });
  says(3, agent);
  expect(times).toBe(0);
  says(4, visitor);
  says(5, visitor);
  expect(times).toBe(2);
});

test('what is looked at is read', async () => {
  await here.enter(conversationId);
  expect(
    here
      .lineOf(conversationId)
      .framesOf('read')
      .map(({ seq }) => seq),
  ).toEqual([2]);
});

test('B8 what came while its reader was further up is read once they are back at the end', async () => {
  const room = await here.enter(conversationId);
  const line = here.lineOf(conversationId);
  const read = () => line.framesOf('read').map(({ seq }) => seq);
  room.away.value = true;
  line.says({ type: 'messages', messages: [message(3, { from: visitor })] });
  await here.stage.pass(5_000);
  expect(read()).toEqual([2]);
  room.away.value = false;
  await here.stage.pass(5_000);
  expect(read()).toEqual([2, 3]);
  expect(room.reading.firstUnread.value).toBe(3);
});
