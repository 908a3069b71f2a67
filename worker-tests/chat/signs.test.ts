import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { conversationOf } from '../../src/chat/conversation.ts';
import { configOf } from '../../src/config.ts';
import { limits } from '../../src/protocol/limits.ts';
import { begin, type Ear, join, newMember, newTeam, newVisitor } from '../cast.ts';
import { act, evict, hears, rows, scene, type Scene, type Talk, talking } from './scene.ts';

const { burst } = configOf(env).pace;
let here: Scene;
beforeAll(async () => {
  here = await scene();
});

const typing = (on: boolean, kind: 'text' | 'note' = 'text') => ({ type: 'typing', on, kind });
const reads = (ear: Ear) =>
  ear.heard.flatMap((frame) => (frame.type === 'read' ? [`${frame.from.kind} ${frame.seq}`] : []));
/** Everything said before this has been heard or will not be. */
const settled = async (ear: Ear, by: Ear) => {
  const text = crypto.randomUUID();
  by.post(text, 1);
  await hears(ear, text);
};

describe('reading', () => {
  const marks = async (talk: Talk) => {
    const { read } = await (await join(talk.id, talk.visitor.access)).next('welcome');
    return read.map(({ from, seq }) => `${from.kind} ${seq}`).toSorted();
  };
  const written = async ({ customer, desk }: Talk) => {
    customer.post('two', 1);
    await hears(desk, 'two');
    desk.post('three', 2);
    await hears(customer, 'three');
  };

  it('C19 is told to everybody else, the reader’s other tabs included, and moves forward only', async () => {
    const talk = await talking(here);
    await written(talk);
    const { id, customer, desk } = talk;
    const [second, ben] = [await join(id, talk.visitor.access), await join(id, here.ben.access)];
    for (const ear of [second, ben]) await ear.next('messages');
    for (const seq of [2, 1, 2, 3, 3]) customer.say({ type: 'read', seq });
    await settled(desk, customer);
    await hears(second, desk.texts.at(-1) ?? '');
    await hears(ben, desk.texts.at(-1) ?? '');
    for (const ear of [desk, second, ben]) expect(reads(ear)).toEqual(['visitor 2', 'visitor 3']);
    expect(reads(customer)).toEqual([]);
  });

  it('C19 is for the customer and whoever answers; of all others nobody learns that they read', async () => {
    const { id, customer } = await talking(here);
    for (const member of [here.ben, here.sue, await newMember('auditor', [], 'Ada')]) {
      const ear = await join(id, member.access);
      ear.say({ type: 'read', seq: 1 });
      expect(await ear.next('refused')).toMatchObject({ code: 'not_allowed' });
    }
    customer.say({ type: 'read', seq: 2 });
    expect(await customer.next('refused')).toMatchObject({ code: 'invalid', detail: 'seq: not there yet' });
    expect(reads(customer)).toEqual([]);
  });

  it('C19 costs no row while its reader is there, and outlives eviction with their socket', async () => {
    const talk = await talking(here);
    await written(talk);
    const stored = () => rows(talk.id, 'SELECT * FROM marks WHERE read > 0');
    talk.customer.say({ type: 'read', seq: 3 });
    await talk.desk.next('read');
    talk.desk.say({ type: 'read', seq: 2 });
    await talk.customer.next('read');
    expect(await stored()).toEqual([]);
    await evict(talk.id);
    expect(await marks(talk)).toEqual(['staff 2', 'visitor 3']);
    talk.customer.say({ type: 'read', seq: 3 });
    talk.customer.say({ type: 'read', seq: 1 });
    await settled(talk.desk, talk.customer);
    expect(reads(talk.desk)).toEqual([]);
  });

  it('C19 is stored when the socket closes, after eviction too', async () => {
    const talk = await talking(here);
    await written(talk);
    talk.customer.say({ type: 'read', seq: 3 });
    await talk.desk.next('read');
    await evict(talk.id);
    talk.customer.close();
    await talk.customer.closed;
    await expect.poll(() => rows(talk.id, 'SELECT read FROM marks WHERE read > 0')).toEqual([{ read: 3 }]);
    await evictDurableObject(conversationOf(env, talk.id), { webSockets: 'close' });
    expect(await marks(talk)).toEqual(['visitor 3']);
  });

  it('C15 C19 is stored in the row of what the reader says next, so that a killed process loses none of it', async () => {
    const talk = await talking(here);
    await written(talk);
    talk.customer.say({ type: 'read', seq: 3 });
    await talk.desk.next('read');
    await settled(talk.desk, talk.customer);
    talk.desk.say({ type: 'read', seq: 4 });
    await talk.customer.next('read');
    talk.desk.note('a note will do', 4);
    await hears(talk.desk, 'a note will do');
    expect(await rows(talk.id, 'SELECT read FROM marks WHERE read > 0')).toEqual([]);
    await runInDurableObject(conversationOf(env, talk.id), (_, state) => {
      // What a kill leaves behind: sockets that carry nothing, and the rows.
      for (const socket of state.getWebSockets()) {
        const attachment = socket.deserializeAttachment() as object;
        socket.serializeAttachment({ ...attachment, kept: undefined });
      }
    });
    await evict(talk.id);
    expect(await marks(talk)).toEqual(['staff 4', 'visitor 3']);
  });
});

describe('typing', () => {
  it('C20 is passed on to the others, not to one’s own tabs, and stopping once', async () => {
    const { id, visitor, customer, desk } = await talking(here);
    const second = await join(id, visitor.access);
    customer.say(typing(true));
    const from = { kind: 'visitor', id: visitor.id };
    expect(await desk.next('typing')).toEqual({ type: 'typing', from, kind: 'text', on: true });
    for (let n = 0; n < 3; n++) customer.say(typing(false));
    expect(await desk.next('typing')).toMatchObject({ on: false });
    await settled(desk, customer);
    await hears(second, desk.texts.at(-1) ?? '');
    for (const ear of [desk, second, customer])
      expect(ear.heard.filter(({ type }) => type === 'typing')).toEqual([]);
  });

  it('C20 is passed on at most every two seconds', async () => {
    const { customer, desk } = await talking(here);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    try {
      for (let tenth = 0; tenth < 60; tenth++) {
        customer.say(typing(true));
        await settled(desk, customer);
        vi.setSystemTime(Date.now() + 100);
      }
    } finally {
      vi.useRealTimers();
    }
    expect(desk.heard.filter(({ type }) => type === 'typing').length).toBe(3);
  });

  it('C20 of a note is heard by staff alone, and needs the right to note; of a message, the right to answer', async () => {
    const { id, customer, desk } = await talking(here);
    const ben = await join(id, here.ben.access);
    ben.say(typing(true, 'note'));
    expect(await desk.next('typing')).toMatchObject({ kind: 'note', from: { id: here.ben.id } });
    ben.say(typing(true));
    expect(await ben.next('refused')).toMatchObject({ code: 'not_allowed' });
    customer.say(typing(true, 'note'));
    expect(await customer.next('refused')).toMatchObject({ code: 'not_allowed' });
    desk.say(typing(true));
    expect(await ben.next('typing')).toMatchObject({ kind: 'text', from: { id: here.anna.id } });
    expect(await customer.next('typing')).toMatchObject({ kind: 'text', from: { id: here.anna.id } });
    expect(customer.raw.join()).not.toContain(here.ben.id);
  });

  it('C13 C20 keeps no message from going, and a flood of signs loses its own socket', async () => {
    const { customer, desk } = await talking(here);
    for (let n = 0; n < burst; n++) customer.say(typing(n % 2 === 0));
    const posts = Array.from({ length: burst }, (_, n) => ({
      id: crypto.randomUUID(),
      since: 1,
      kind: 'text',
      text: `${n}`,
    }));
    customer.say({ type: 'post', posts });
    await hears(desk, `${burst - 1}`);
    expect(customer.heard.filter(({ type }) => type === 'refused')).toEqual([]);
    for (let n = 0; n <= burst + limits.hastyFrames; n++) customer.say({ type: 'read', seq: 1 });
    expect((await customer.closed).code).toBe(4429);
  });
});

describe('presence', () => {
  it('C21 staff see who is here, each once, as people come and go', async () => {
    const visitor = await newVisitor(here.site);
    const id = await begin(visitor);
    const anna = await join(id, here.anna.access);
    expect((await anna.next('welcome')).present).toEqual({ staff: [here.anna.id], visitor: false });
    const both = [here.anna.id, here.ben.id].toSorted();
    const ben = await join(id, here.ben.access);
    const welcome = await ben.next('welcome');
    expect(welcome.present).toEqual({ staff: both, visitor: false });
    expect(welcome.people.map(({ name }) => name).toSorted()).toEqual(['Anna', 'Ben']);
    expect((await anna.next('people')).people.map(({ name }) => name).toSorted()).toEqual(['Anna', 'Ben']);
    expect((await anna.next('present')).present).toEqual({ staff: both, visitor: false });
    const second = await join(id, here.ben.access);
    await second.next('welcome');
    const customer = await join(id, visitor.access);
    expect((await anna.next('present')).present).toEqual({ staff: both, visitor: true });
    second.close();
    await second.closed;
    customer.close();
    expect((await anna.next('present')).present).toEqual({ staff: both, visitor: false });
    await evict(id);
    ben.close();
    await ben.closed;
    expect((await anna.next('present')).present).toEqual({ staff: [here.anna.id], visitor: false });
  });

  it('C21 whoever’s time is over, and whose client lets nothing be heard of it, is no longer here', async () => {
    const visitor = await newVisitor(here.site);
    const id = await begin(visitor);
    await act('claim', id, here.anna.access);
    const customer = await join(id, visitor.access, { halfOpen: true });
    await customer.next('welcome');
    const desk = await join(id, here.anna.access);
    expect((await desk.next('welcome')).present?.visitor).toBe(true);
    await runInDurableObject(conversationOf(env, id), (_, state) => {
      for (const socket of state.getWebSockets()) {
        const attachment = socket.deserializeAttachment() as { proved: { asker: { kind: string } } };
        const { proved } = attachment;
        if (proved.asker.kind !== 'visitor') continue;
        socket.serializeAttachment({ ...attachment, proved: { ...proved, until: Date.now() } });
      }
    });
    await evict(id);
    desk.post('Are you still there?', 1);
    expect((await desk.next('present')).present.visitor).toBe(false);
    await hears(desk, 'Are you still there?');
    expect(customer.texts).not.toContain('Are you still there?');
  });

  it('C21 is no visitor’s business', async () => {
    const { id, customer } = await talking(here);
    const ben = await join(id, here.ben.access);
    await ben.next('welcome');
    ben.note('I was here', 1);
    await hears(ben, 'I was here');
    ben.close();
    await ben.closed;
    expect(customer.heard.map(({ type }) => type)).toEqual([]);
  });

  it('C21 whoever is put out is no longer here', async () => {
    const { id, desk } = await talking(here);
    const admin = await join(id, (await newMember('admin', [], 'Adam')).access);
    await admin.next('welcome');
    await act('hand-over', id, here.anna.access, { to: await newTeam() });
    expect((await desk.closed).code).toBe(4403);
    const { present } = await admin.next('present');
    expect(present.staff).not.toContain(here.anna.id);
  });
});
