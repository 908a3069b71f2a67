import { evictDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { conversationOf } from '../../src/chat/conversation.ts';
import type { BeginAnswer, HistoryAnswer, RemovalAnswer } from '../../src/protocol/bodies.ts';
import { lifetimes, limits } from '../../src/protocol/limits.ts';
import type { ConversationId } from '../../src/protocol/ids.ts';
import { call, join, newVisitor } from '../cast.ts';
import { act, evict, hears, rows, scene, type Scene, talking, waitingSince } from './scene.ts';

let here: Scene;
beforeAll(async () => {
  here = await scene();
});

type Place = { seq: number; n?: number | undefined };
const remove = (id: string, token: string, how: 'deleted' | 'redacted', place: Place) =>
  call<RemovalAnswer>('POST', `/api/v1/conversations/${id}/removals`, { token, body: { ...place, how } });
const history = async (id: string, token: string) =>
  (await call<HistoryAnswer>('GET', `/api/v1/conversations/${id}/messages`, { token })).body.messages;
const time = expect.any(Number) as number;

describe('taking back', () => {
  it('C22 destroys the text, keeps the place, and everybody hears it, staff with by whom', async () => {
    const { id, visitor, customer, desk } = await talking(here);
    customer.post('MARKED text', 1);
    await hears(desk, 'MARKED text');
    const by = { kind: 'visitor', id: visitor.id };
    const reply = await remove(id, visitor.access, 'deleted', { seq: 2 });
    expect(reply.body.removal).toEqual({ seq: 2, removed: { how: 'deleted', at: time } });
    expect((await customer.next('removed')).removals).toEqual([reply.body.removal]);
    expect((await desk.next('removed')).removals).toEqual([
      { seq: 2, removed: { how: 'deleted', at: reply.body.removal.removed.at, by } },
    ]);
    expect(await rows(id, 'SELECT LENGTH(sealed) AS length FROM messages ORDER BY position')).toEqual([
      { length: expect.any(Number) as number },
      { length: 0 },
    ]);
    await evict(id);
    expect((await history(id, visitor.access))[1]).toMatchObject({
      seq: 2,
      text: '',
      removed: { how: 'deleted', at: time },
    });
    expect((await history(id, visitor.access))[1]?.removed).not.toHaveProperty('by');
    expect((await history(id, here.ben.access))[1]?.removed).toEqual({ how: 'deleted', at: time, by });
    customer.post('and on', 2);
    expect(await hears(desk, 'and on')).toMatchObject({ seq: 3 });
  });

  it('C22 is for the author alone, within five minutes by our clock', async () => {
    const { id, visitor, customer, desk } = await talking(here);
    customer.post('from the customer', 1);
    const { at } = await hears(desk, 'from the customer');
    desk.post('from Anna', 2);
    await hears(customer, 'from Anna');
    for (const token of [here.anna.access, here.sue.access])
      expect((await remove(id, token, 'deleted', { seq: 2 })).body.code).toBe('not_allowed');
    for (const token of [visitor.access, here.ben.access, here.sue.access])
      expect((await remove(id, token, 'deleted', { seq: 3 })).body.code).toBe('not_allowed');
    expect((await remove(id, here.anna.access, 'deleted', { seq: 3 })).status).toBe(200);
    vi.useFakeTimers({ toFake: ['Date'], now: at + lifetimes.deletion + 1 });
    try {
      expect((await remove(id, visitor.access, 'deleted', { seq: 2 })).body.code).toBe('too_late');
      vi.setSystemTime(at + lifetimes.deletion);
      expect((await remove(id, visitor.access, 'deleted', { seq: 2 })).status).toBe(200);
    } finally {
      vi.useRealTimers();
    }
  });

  it('C22 twice is no error and changes nothing, whoever tries the second time, and however', async () => {
    const { id, visitor, customer, desk } = await talking(here);
    customer.post('gone', 1);
    await hears(desk, 'gone');
    const first = await remove(id, visitor.access, 'deleted', { seq: 2 });
    await desk.next('removed');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 30_000 });
    try {
      expect((await remove(id, visitor.access, 'deleted', { seq: 2 })).body).toEqual(first.body);
      const again = await remove(id, here.sue.access, 'redacted', { seq: 2 });
      expect(again.body.removal.removed).toMatchObject(first.body.removal.removed);
      vi.setSystemTime(Date.now() + lifetimes.deletion);
      expect((await remove(id, visitor.access, 'deleted', { seq: 2 })).body).toEqual(first.body);
    } finally {
      vi.useRealTimers();
    }
    desk.post('after it', 2);
    await hears(desk, 'after it');
    expect(desk.heard.filter(({ type }) => type === 'removed')).toEqual([]);
    expect((await rows(id, 'SELECT how FROM removals')).length).toBe(1);
  });

  it('C22 what is not there is not found', async () => {
    const { id, visitor, desk } = await talking(here);
    desk.note('a note', 1);
    await hears(desk, 'a note');
    for (const place of [
      { seq: 0 },
      { seq: 2 },
      { seq: 2 ** 52 },
      { seq: 1, n: 2 },
      { seq: 1, n: limits.notesPerMessage + 1 },
      { seq: 0, n: 65_536 },
      { seq: 0, n: 65_537 },
    ])
      expect((await remove(id, here.sue.access, 'redacted', place)).body.code).toBe('not_found');
    // For a visitor notes are not there.
    for (const n of [1, 2])
      expect((await remove(id, visitor.access, 'deleted', { seq: 1, n })).body.code).toBe('not_found');
    expect((await remove(id, (await newVisitor(here.site)).access, 'deleted', { seq: 1 })).body.code).toBe(
      'not_found',
    );
  });

  it('C2 C22 posted again under its id it stays removed', async () => {
    const { id, visitor, customer, desk } = await talking(here);
    const message = customer.post('not again', 1);
    await hears(desk, 'not again');
    await remove(id, visitor.access, 'deleted', { seq: 2 });
    await customer.next('messages');
    await evict(id);
    for (const text of ['not again', 'something else']) {
      customer.post(text, 1, message);
      const [known] = (await customer.next('messages')).messages;
      expect(known).toMatchObject({ seq: 2, id: message, text: '', removed: { how: 'deleted', at: time } });
      expect(known?.removed).not.toHaveProperty('by');
    }
    expect((await rows(id, 'SELECT position FROM messages')).length).toBe(2);
  });

  it('C5 C22 of the first message does not begin another conversation', async () => {
    const visitor = await newVisitor(here.site);
    const body = { id: crypto.randomUUID(), text: 'Wrong shop' };
    const post = () => call<BeginAnswer>('POST', '/api/v1/conversations', { token: visitor.access, body });
    const { id } = (await post()).body.conversation;
    await remove(id, visitor.access, 'deleted', { seq: 1 });
    expect((await post()).body).toMatchObject({ conversation: { id }, message: { seq: 1, text: '' } });
  });
});

describe('redacting', () => {
  it('C22 is a right, for whatever was said, in a closed conversation too', async () => {
    const { id, visitor, customer, desk } = await talking(here);
    desk.note('a MARKED note', 1);
    await hears(desk, 'a MARKED note');
    for (const token of [here.anna.access, visitor.access])
      expect((await remove(id, token, 'redacted', { seq: 1 })).body.code).toBe('not_allowed');
    await act('close', id, here.anna.access);
    expect((await remove(id, here.sue.access, 'redacted', { seq: 1 })).status).toBe(200);
    expect((await customer.next('removed')).removals).toMatchObject([
      { seq: 1, removed: { how: 'redacted' } },
    ]);
    expect((await remove(id, here.sue.access, 'redacted', { seq: 1, n: 1 })).status).toBe(200);
    await desk.next('removed');
    expect((await desk.next('removed')).removals).toMatchObject([
      { seq: 1, n: 1, removed: { how: 'redacted', by: { kind: 'staff', id: here.sue.id } } },
    ]);
    expect(customer.heard.filter(({ type }) => type === 'removed')).toEqual([]);
  });
});

describe('who comes back', () => {
  it('C4 C22 hears all removals of what they have, each audience its own', async () => {
    const { id, visitor, customer, desk, epoch } = await talking(here);
    for (const text of ['two', 'three', 'four']) {
      customer.post(text, 1);
      await hears(desk, text);
      desk.note(`on ${text}`, 1);
      await hears(desk, `on ${text}`);
    }
    for (const place of [{ seq: 1 }, { seq: 2, n: 1 }, { seq: 3 }, { seq: 3, n: 1 }, { seq: 4 }])
      await remove(id, here.sue.access, 'redacted', place);
    await evictDurableObject(conversationOf(env, id));
    const told = async (token: string, after: number, n = 0) => {
      const ear = await join(id, token, { after, n, epoch });
      const { messages } = await ear.next('messages');
      const removals = ear.heard.flatMap((frame) => (frame.type === 'removed' ? frame.removals : []));
      const short = ({ seq, n }: Place) => (n === undefined ? `${seq}` : `${seq}.${n}`);
      return [
        removals.map((removal) => short(removal)),
        messages.map((m) => `${short(m)}${m.removed === undefined ? '' : '-'}`),
      ];
    };
    expect(await told(visitor.access, 3)).toEqual([['1', '3'], ['4-']]);
    expect(await told(here.ben.access, 3)).toEqual([
      ['1', '2.1', '3'],
      ['3.1-', '4-', '4.1'],
    ]);
    expect(await told(here.ben.access, 3, 1)).toEqual([
      ['1', '2.1', '3', '3.1'],
      ['4-', '4.1'],
    ]);
  });
});

describe('the queue', () => {
  const waitsSince = (id: ConversationId) => waitingSince(here, id);
  /** Of turns the list hears within two seconds (I7). */
  const heardWithin = { timeout: 5_000 };

  it('C11 C22 who takes back all that waits, waits no longer; who is redacted still does', async () => {
    const { id, visitor, customer, desk } = await talking(here);
    desk.post('Yes?', 1);
    await hears(customer, 'Yes?');
    customer.post('a question', 2);
    const { at } = await hears(desk, 'a question');
    await expect.poll(() => waitsSince(id), heardWithin).toBe(at);
    await remove(id, here.sue.access, 'redacted', { seq: 3 });
    expect(await waitsSince(id)).toBe(at);
    customer.post('another', 3);
    await hears(desk, 'another');
    await remove(id, visitor.access, 'deleted', { seq: 3 });
    expect(await waitsSince(id)).toBe(at);
    await remove(id, visitor.access, 'deleted', { seq: 4 });
    expect(await waitsSince(id)).toBe(at);
  });

  it('C11 C22 who takes back the only question waits no longer, and whose answer is taken back waits again', async () => {
    const { id, visitor, customer, desk } = await talking(here);
    const [first] = await history(id, visitor.access);
    desk.post('Yes?', 1);
    await hears(customer, 'Yes?');
    await expect.poll(() => waitsSince(id), heardWithin).toBeNull();
    customer.post('a question', 2);
    const { at } = await hears(desk, 'a question');
    await expect.poll(() => waitsSince(id), heardWithin).toBe(at);
    await remove(id, visitor.access, 'deleted', { seq: 3 });
    expect(await waitsSince(id)).toBeNull();
    desk.note('notes answer nobody', 3);
    await hears(desk, 'notes answer nobody');
    await remove(id, here.anna.access, 'deleted', { seq: 2 });
    expect(await waitsSince(id)).toBe(first?.at);
    await evict(id);
    customer.post('still here', 3);
    await hears(desk, 'still here');
    expect(await waitsSince(id)).toBe(first?.at);
  });
});
