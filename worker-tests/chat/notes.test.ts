import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { conversationOf } from '../../src/chat/conversation.ts';
import type { HistoryAnswer } from '../../src/protocol/bodies.ts';
import { limits } from '../../src/protocol/limits.ts';
import { begin, call, join, newVisitor, type Ear } from '../cast.ts';
import { act, evict, hears, places, scene, type Scene, talking } from './scene.ts';

let here: Scene;
beforeAll(async () => {
  here = await scene();
});

const page = async (id: string, token: string, query: string) =>
  (await call<HistoryAnswer>('GET', `/api/v1/conversations/${id}/messages?${query}`, { token })).body
    .messages;

type Line = [kind: 'text' | 'note', text: string];

/** Posts that one frame carries. */
const posts = (...texts: Line[]) => ({
  type: 'post',
  posts: texts.map(([kind, text]) => ({ id: crypto.randomUUID(), since: 1, kind, text })),
});

describe('a note', () => {
  it('C17 hangs on the number that it follows, and staff hear it once, its author included', async () => {
    const { id, customer, desk } = await talking(here);
    const ben = await join(id, here.ben.access);
    const note = desk.note('a difficult one', 1);
    const heard = await hears(ben, 'a difficult one');
    expect(heard).toEqual({
      seq: 1,
      n: 1,
      id: note,
      at: expect.any(Number) as number,
      from: { kind: 'staff', id: here.anna.id },
      kind: 'note',
      scheme: 1,
      text: 'a difficult one',
    });
    expect(await hears(desk, 'a difficult one')).toEqual(heard);
    desk.post('Hello!', 1);
    expect(await hears(customer, 'Hello!')).toMatchObject({ seq: 2 });
    ben.note('and another', 1);
    expect(await hears(desk, 'and another')).toMatchObject({ seq: 2, n: 1 });
    expect(customer.raw.join()).not.toContain('difficult');
  });

  it('C17 and messages of one commit stand in the order in which they were sent', async () => {
    const { customer, desk } = await talking(here);
    desk.say(posts(['note', 'a'], ['text', 'b'], ['note', 'c'], ['note', 'd'], ['text', 'e'], ['note', 'f']));
    await hears(desk, 'f');
    const heard = desk.heard.flatMap((frame) => (frame.type === 'messages' ? frame.messages : []));
    expect(places(heard)).toEqual(['1.1 a', '2 b', '2.1 c', '2.2 d', '3 e', '3.1 f']);
    await hears(customer, 'e');
    expect(customer.texts).toEqual(['b', 'e']);
  });

  it('C17 is written by whoever may, assigned or not, on a waiting and on a closed conversation too', async () => {
    const visitor = await newVisitor(here.site);
    const id = await begin(visitor);
    const ben = await join(id, here.ben.access);
    ben.note('while it waits', 1);
    await hears(ben, 'while it waits');
    await act('close', id, visitor.access);
    ben.note('after it was closed', 1);
    expect(await hears(ben, 'after it was closed')).toMatchObject({ seq: 1, n: 2 });
  });

  it('C17 of a visitor is refused, open or closed, and nothing is stored', async () => {
    const { id, visitor, customer, desk } = await talking(here);
    const refused = customer.note('may I?', 1);
    expect(await customer.next('refused')).toMatchObject({ id: refused, code: 'not_allowed' });
    await act('close', id, visitor.access);
    customer.note('and now?', 1);
    expect(await customer.next('refused')).toMatchObject({ code: 'not_allowed' });
    expect(desk.texts).toEqual([]);
  });

  it('C2 C17 sent again is the same note, from its own number on, after eviction and with a later `since`', async () => {
    const { id, desk } = await talking(here);
    const first = desk.note('once', 1);
    await hears(desk, 'once');
    await evict(id);
    const again = await join(id, here.anna.access, { after: 1, n: 1, epoch: 'another' });
    await again.next('messages');
    again.note('once', 1, first);
    expect((await again.next('messages')).messages).toMatchObject([{ seq: 1, n: 1, id: first }]);
    again.note('once and more', 1, first);
    expect(await again.next('refused')).toMatchObject({ id: first, code: 'id_reused' });
    again.post('once', 1, first);
    expect(await again.next('refused')).toMatchObject({ id: first, code: 'id_reused' });
  });

  it('C17 has room for 200 on one number, and the next number has room again', async () => {
    const { id, desk } = await talking(here);
    await runInDurableObject(conversationOf(env, id), (_, { storage }) => {
      const more = `INSERT INTO messages SELECT position + ?, 'note' || ?, 1, ?, at, 0, x'' FROM messages`;
      storage.sql.exec(more, limits.notesPerMessage - 1, 199, here.anna.id);
      // It can't be opened, so nothing below reads it.
    });
    await evict(id);
    desk.note('the last', 1);
    expect(await hears(desk, 'the last')).toMatchObject({ seq: 1, n: limits.notesPerMessage });
    desk.note('one too many', 1);
    expect(await desk.next('refused')).toMatchObject({ code: 'no_room' });
    desk.post('on we go', 1);
    await hears(desk, 'on we go');
    desk.note('again', 2);
    expect(await hears(desk, 'again')).toMatchObject({ seq: 2, n: 1 });
  });

  it('C6 C17 has a time of its own that moves no message’s, and never runs backwards either', async () => {
    const { desk } = await talking(here);
    const now = Date.now();
    vi.useFakeTimers({ toFake: ['Date'], now: now + 60_000 });
    try {
      desk.note('from the future', 1);
      const note = await hears(desk, 'from the future');
      vi.setSystemTime(now + 10_000);
      desk.note('after it', 1);
      expect((await hears(desk, 'after it')).at).toBe(note.at);
      desk.post('from now', 1);
      expect((await hears(desk, 'from now')).at).toBe(now + 10_000);
    } finally {
      vi.useRealTimers();
    }
  });

  it('C9 C17 is opened at its own place alone', async () => {
    const { id, desk } = await talking(here);
    desk.note('bound', 1);
    await hears(desk, 'bound');
    await runInDurableObject(conversationOf(env, id), (_, { storage }) =>
      storage.sql.exec('UPDATE messages SET position = position + 1 WHERE position & 65535 > 0'),
    );
    await evict(id);
    expect((await (await join(id, here.ben.access)).closed).code).toBe(1011);
  });
});

describe('coming back', () => {
  const written = async (desk: Ear) => {
    desk.say(posts(['note', 'a'], ['note', 'b'], ['text', 'c'], ['note', 'd'], ['note', 'e']));
    await hears(desk, 'e');
  };

  it('C4 C17 staff hear exactly what was missed from their number and note on', async () => {
    const { id, desk, epoch } = await talking(here);
    await written(desk);
    await evictDurableObject(conversationOf(env, id));
    for (const [after, n, missed] of [
      [1, 0, ['1.1 a', '1.2 b', '2 c', '2.1 d', '2.2 e']],
      [1, 2, ['2 c', '2.1 d', '2.2 e']],
      [2, 1, ['2.2 e']],
    ] as const) {
      const ear = await join(id, here.ben.access, { after, n, epoch });
      expect(await ear.next('welcome')).toMatchObject({ head: 2, n: 2 });
      expect(places((await ear.next('messages')).messages)).toEqual(missed);
      ear.close();
    }
    const current = await join(id, here.ben.access, { after: 2, n: 2, epoch });
    current.note('the first that I hear', 2);
    expect(places((await current.next('messages')).messages)).toEqual(['2.3 the first that I hear']);
  });

  it('C4 C17 with more notes than there are one starts anew, and a visitor’s count is not listened to', async () => {
    const { id, visitor, desk, epoch } = await talking(here);
    await written(desk);
    for (const [after, n] of [
      [2, 3],
      [1, limits.notesPerMessage + 1],
      [1, 65_536],
    ] as const) {
      const ear = await join(id, here.ben.access, { after, n, epoch });
      expect(places((await ear.next('messages')).messages)[0]).toBe('1 Hello?');
      ear.close();
    }
    for (const n of [0, 1, 99, 65_536]) {
      const ear = await join(id, visitor.access, { after: 1, n, epoch });
      expect(Object.keys(await ear.next('welcome'))).not.toContain('n');
      expect(places((await ear.next('messages')).messages)).toEqual(['2 c']);
      ear.close();
    }
  });

  it('C4 C17 what one frame can’t hold comes in several, notes included', async () => {
    const { id, desk, epoch } = await talking(here);
    const texts = Array.from({ length: 90 }, (_, index) => `${index}`);
    desk.say(posts(...texts.map((text, index): Line => [index % 3 === 0 ? 'text' : 'note', text])));
    await hears(desk, '89');
    const back = await join(id, here.ben.access, { after: 1, n: 0, epoch });
    await hears(back, '89');
    expect(back.texts).toEqual(texts);
    expect(back.heard.filter(({ type }) => type === 'messages').length).toBe(2);
  });
});

describe('a page', () => {
  it('C17 is counted in public messages, begins with one, and holds the notes on them', async () => {
    const { id, visitor, desk } = await talking(here);
    for (const number of [2, 3, 4])
      desk.say(posts(['note', `before ${number}`], ['note', `just before ${number}`], ['text', `${number}`]));
    desk.note('the last', 1);
    await hears(desk, 'the last');
    expect(places(await page(id, here.ben.access, 'limit=2'))).toEqual([
      '3 3',
      '3.1 before 4',
      '3.2 just before 4',
      '4 4',
      '4.1 the last',
    ]);
    expect(places(await page(id, here.ben.access, 'before=3&limit=1'))).toEqual([
      '2 2',
      '2.1 before 3',
      '2.2 just before 3',
    ]);
    expect(places(await page(id, visitor.access, 'before=4&limit=2'))).toEqual(['2 2', '3 3']);
    desk.heard.length = 0;
    desk.say({ type: 'page', before: 2, limit: 100 });
    const older = await desk.next('messages');
    expect(older.older).toBe(true);
    expect(places(older.messages)).toEqual(['1 Hello?', '1.1 before 2', '1.2 just before 2']);
  });

  it('C13 C17 is bounded, however many notes there are, and still begins with a public message', async () => {
    const { id, desk } = await talking(here);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    try {
      for (let number = 1; number < 4; number++) {
        const notes = Array.from({ length: limits.notesPerMessage }, (_, n): Line => [
          'note',
          `${number}: ${n}`,
        ]);
        vi.setSystemTime(Date.now() + 45_000);
        desk.say(posts(...notes));
        await hears(desk, `${number}: ${limits.notesPerMessage - 1}`);
        vi.setSystemTime(Date.now() + 1_000);
        desk.post(`${number + 1}`, 1);
        await hears(desk, `${number + 1}`);
      }
    } finally {
      vi.useRealTimers();
    }
    const newest = await page(id, here.ben.access, 'limit=100');
    expect([newest.length, places(newest)[0]]).toEqual([limits.notesPerMessage + 2, '3 3']);
    const older = await page(id, here.ben.access, 'limit=100&before=3');
    expect([older.length, places(older)[0]]).toEqual([2 * (limits.notesPerMessage + 1), '1 Hello?']);
  });
});
