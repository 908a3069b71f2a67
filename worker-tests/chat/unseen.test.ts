import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { ConversationId } from '../../src/protocol/ids.ts';
import { begin, call, type Ear, join, newMember, newVisitor } from '../cast.ts';
import { act, evict, hears, scene, type Scene } from './scene.ts';

let here: Scene;
beforeAll(async () => {
  here = await scene();
});

const start = Date.now() + 60_000;
beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: start }));
afterEach(() => vi.useRealTimers());

const messageId = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/**
 * The same story of a visitor, and everything that reached them in it, byte for byte but for the ids of the
 * conversation. Behind the scenes runs `backstage`, at a moment of its own, between any two steps.
 */
async function story(
  backstage: (scene: { id: ConversationId; step: number; soon: () => void }) => Promise<void>,
): Promise<string[]> {
  vi.setSystemTime(start);
  const { site, anna, ben } = here;
  const visitor = await newVisitor(site);
  const id = await begin(visitor, 'Hello?', messageId(1));
  const heard: string[] = [];
  let time = start;
  let steps = 0;
  const next = async () => {
    // A clock that runs ahead backstage moves nothing on the stage.
    vi.setSystemTime(time + 5_000);
    await backstage({ id, step: ++steps, soon: () => vi.setSystemTime(time + 2_900) });
    time += 3_000;
    vi.setSystemTime(time);
  };
  const asked = async (method: string, path: string, body?: object) => {
    const reply = await call(method, `/api/v1/conversations${path}`, { token: visitor.access, body });
    heard.push(`${method} ${path} ${reply.status} ${JSON.stringify(reply.body)}`);
  };
  const until = (ear: Ear, part: string) =>
    ear.until(() => (ear.raw.some((frame) => frame.includes(part)) ? true : undefined), part);

  await next();
  const customer = await join(id, visitor.access);
  await customer.next('messages');
  await next();
  await act('claim', id, anna.access);
  await until(customer, '"claimed"');
  const desk = await join(id, anna.access);
  await desk.next('messages');
  await next();
  desk.say({ type: 'read', seq: 1 });
  await until(customer, '"type":"read"');
  desk.say({ type: 'typing', on: true, kind: 'text' });
  await until(customer, '"on":true');
  await next();
  desk.say({ type: 'typing', on: false, kind: 'text' });
  await until(customer, '"on":false');
  desk.post('What is it?', 1, messageId(2));
  await hears(customer, 'What is it?');
  await next();
  customer.post('My card is 4111…', 2, messageId(3));
  await hears(customer, 'My card is 4111…');
  customer.note('May I write notes?', 2, messageId(4));
  await until(customer, 'not_allowed');
  await next();
  await call('POST', `/api/v1/conversations/${id}/removals`, {
    token: here.sue.access,
    body: { seq: 3, how: 'redacted' },
  });
  await until(customer, '"redacted"');
  await asked('POST', `/${id}/removals`, { seq: 2, n: 1, how: 'deleted' });
  await asked('GET', `/${id}/messages?limit=2`);
  await next();
  customer.close();
  await customer.closed;
  heard.push(...customer.raw);
  desk.post('It is destroyed.', 3, messageId(5));
  await hears(desk, 'It is destroyed.');
  await act('hand-over', id, anna.access, { to: ben.id });
  await next();
  const { epoch } = JSON.parse(customer.raw[0] ?? '') as { epoch: string };
  const back = await join(id, visitor.access, { after: 3, n: 7, epoch });
  await hears(back, 'It is destroyed.');
  const other = await join(id, ben.access);
  await other.next('messages');
  await next();
  other.post('Ben here.', 4, messageId(6));
  await hears(back, 'Ben here.');
  back.say({ type: 'page', before: 5, limit: 2 });
  await until(back, '"older":true');
  await act('close', id, ben.access);
  await until(back, '"closed"');
  await next();
  await asked('PUT', `/${id}/rating`, { score: 4, comment: 'Fine.' });
  await asked('GET', `/${id}/messages`);
  await asked('GET', '');
  await next();
  await asked('GET', `/${id}/earlier`);
  heard.push(...back.raw);
  for (const ear of [desk, back, other]) ear.close();
  const known = { [id]: 'CONVERSATION', [visitor.id]: 'VISITOR', [epoch]: 'EPOCH' };
  return heard.map((text) =>
    Object.entries(known).reduce((plain, [secret, name]) => plain.replaceAll(secret, name), text),
  );
}

const nobody = () => Promise.resolve();

it('C16 a visitor’s frames and answers are the same with and without everything that is for staff alone', async () => {
  const plain = await story(nobody);
  expect(plain.length).toBeGreaterThan(20);
  let notes = 0;
  const staffed = await story(async ({ id, step, soon }) => {
    const { anna, ben, sue } = here;
    const ear = await join(id, sue.access);
    const { head } = await ear.next('welcome');
    ear.say({ type: 'typing', on: true, kind: 'note' });
    for (const [text, noteId] of [
      [`for us alone in step ${step}`, messageId(notes + 100)],
      [`taken back in step ${step}`, messageId(notes + 101)],
      [`with a message’s own id in step ${step}`, messageId(2)],
    ] as const) {
      ear.note(text, head, noteId);
      await ear.until(() => ear.raw.find((frame) => frame.includes(text) || frame.includes('id_reused')));
    }
    notes += 2;
    ear.say({ type: 'typing', on: false, kind: 'note' });
    const done = [
      await act('tags', id, ben.access, { tags: [`step ${step}`, 'secret'] }),
      await act('customer', id, sue.access, { name: `Name ${step}`, address: 'a@example.com' }),
      await act('snooze', id, sue.access, { until: Date.now() + 3_600_000 + step }),
    ];
    expect(done.map(({ status }) => status)).toEqual([200, 200, step >= 10 ? 409 : 200]);
    for (const how of ['deleted', 'redacted'] as const) {
      const place = { seq: head, n: how === 'deleted' ? 2 : 1 };
      const reply = await call('POST', `/api/v1/conversations/${id}/removals`, {
        token: sue.access,
        body: { ...place, how },
      });
      expect(reply.status).toBe(200);
    }
    // Somebody who only looks in, and somebody who tries what they may not.
    const reader = await join(id, (await newMember('auditor', [], 'Ada')).access);
    reader.say({ type: 'read', seq: 1 });
    reader.say({ type: 'typing', on: true, kind: 'text' });
    reader.say({ type: 'typing', on: true, kind: 'note' });
    await reader.next('refused');
    const colleague = await join(id, anna.access);
    colleague.note(`Anna in step ${step}`, head);
    await hears(colleague, `Anna in step ${step}`);
    soon();
    colleague.say({ type: 'typing', on: true, kind: 'note' });
    await ear.until(() => ear.raw.find((frame) => frame.includes(`${anna.id}"},"kind":"note","on"`)));
    colleague.close();
    await colleague.closed;
    ear.close();
    await ear.closed;
    // Never while somebody writes: objects sleep only after that has been forgotten.
    if (step % 4 === 2) await evict(id);
    reader.close();
    await reader.closed;
  });
  expect(staffed).toEqual(plain);
});

it('C16 a hand-over’s note leaves no trace either', async () => {
  const plain = await story(nobody);
  const staffed = await story(async ({ id, step }) => {
    // The same hand-over as in the story, to whoever has it, with a note.
    const { anna, ben, sue } = here;
    const to = step >= 8 ? ben.id : step >= 3 ? anna.id : undefined;
    if (to === undefined) return;
    const note = { id: messageId(200 + step), text: `note of step ${step}` };
    const reply = await act('hand-over', id, sue.access, { to, note });
    expect([reply.status, reply.body.code]).toEqual(
      step >= 10 ? [409, 'conversation_closed'] : [200, undefined],
    );
  });
  expect(staffed).toEqual(plain);
});
