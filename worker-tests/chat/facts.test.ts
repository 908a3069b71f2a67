import { beforeAll, describe, expect, it } from 'vitest';
import type { NamesAnswer } from '../../src/protocol/bodies.ts';
import { newId } from '../../src/protocol/ids.ts';
import { lifetimes, limits } from '../../src/protocol/limits.ts';
import { begin, call, join, newMember, newTeam, newVisitor } from '../cast.ts';
import { act, evict, hears, rows, scene, type Scene, talking } from './scene.ts';

let here: Scene;
beforeAll(async () => {
  here = await scene();
});

describe('tags, snoozing and details', () => {
  it('C16 tags are staff’s: heard by staff at once, kept sealed, and by nobody else', async () => {
    const { id, visitor, customer, desk } = await talking(here);
    const reply = await act('tags', id, here.ben.access, { tags: ['  billing ', 'a MARKED tag'] });
    expect(reply.body.conversation.staff?.tags).toEqual(['billing', 'a MARKED tag']);
    expect((await desk.next('changed')).conversation.staff?.tags).toEqual(['billing', 'a MARKED tag']);
    await evict(id);
    const { conversation } = await (await join(id, here.ben.access)).next('welcome');
    expect(conversation.staff?.tags).toEqual(['billing', 'a MARKED tag']);
    expect(Object.keys((await (await join(id, visitor.access)).next('welcome')).conversation)).not.toContain(
      'staff',
    );
    expect((await act('tags', id, visitor.access, { tags: [] })).body.code).toBe('not_allowed');
    expect(customer.heard).toEqual([]);
    const stored = JSON.stringify(await rows(id, 'SELECT CAST(tags AS TEXT) AS tags FROM conversation'));
    expect(stored).not.toContain('MARKED');
    expect((await act('tags', id, here.ben.access, { tags: ['a', 'a '] })).body.code).toBe('invalid');
    const many = Array.from({ length: limits.tags + 1 }, (_, n) => `${n}`);
    expect((await act('tags', id, here.ben.access, { tags: many })).body.code).toBe('invalid');
  });

  it('C16 what changes nothing is announced to nobody', async () => {
    const { id, desk } = await talking(here);
    await act('tags', id, here.anna.access, { tags: ['one'] });
    await desk.next('changed');
    await act('tags', id, here.anna.access, { tags: ['one'] });
    await act('customer', id, here.anna.access, {});
    await act('claim', id, here.anna.access);
    desk.post('the next thing', 1);
    await hears(desk, 'the next thing');
    expect(desk.heard.map(({ type }) => type)).toEqual(['messages']);
  });

  it('C23 snoozing puts off until then, and the customer’s next message ends it', async () => {
    const inbox = await join(here.team, here.anna.access);
    const { id, customer, desk } = await talking(here);
    const until = Date.now() + 3_600_000;
    const mine = (at: number | null) =>
      inbox.until(() =>
        inbox.heard.find(
          (frame) => frame.type === 'entry' && frame.entry.id === id && frame.entry.snoozedUntil === at,
        ),
      );
    await act('snooze', id, here.anna.access, { until });
    expect((await desk.next('changed')).conversation.staff?.snoozedUntil).toBe(until);
    await mine(until);
    inbox.heard.length = 0;
    desk.note('a note wakes nobody', 1);
    desk.post('nor does an answer', 1);
    await hears(desk, 'nor does an answer');
    expect(desk.heard.filter(({ type }) => type === 'changed')).toEqual([]);
    await evict(id);
    customer.post('I am back', 2);
    expect((await desk.next('changed')).conversation.staff?.snoozedUntil).toBeNull();
    await mine(null);
    expect(customer.heard.filter(({ type }) => type === 'changed')).toEqual([]);
    expect(await rows(id, 'SELECT snoozed_until FROM conversation')).toEqual([{ snoozed_until: null }]);
  });

  it('C23 snoozing is for whoever has it, into the near future, while it is open', async () => {
    const { id } = await talking(here);
    const snooze = async (token: string, until: number | null) =>
      (await act('snooze', id, token, { until })).body.code;
    const soon = Date.now() + 60_000;
    expect(await snooze(here.ben.access, soon)).toBe('not_allowed');
    expect(await snooze(here.anna.access, Date.now() - 1)).toBe('invalid');
    expect(await snooze(here.anna.access, Date.now() + lifetimes.snooze + 60_000)).toBe('invalid');
    expect(await snooze(here.sue.access, soon)).toBeUndefined();
    expect(await snooze(here.anna.access, null)).toBeUndefined();
    await snooze(here.anna.access, soon);
    await act('close', id, here.anna.access);
    expect(await rows(id, 'SELECT snoozed_until FROM conversation')).toEqual([{ snoozed_until: null }]);
    expect(await snooze(here.anna.access, soon)).toBe('conversation_closed');
  });

  it('C16 the customer’s name and address are changed by whoever may, and sealed', async () => {
    const { id, customer, desk, visitor } = await talking(here);
    const details = { name: 'MARKED Name', address: 'Marked@Example.com' };
    expect((await act('customer', id, here.ben.access, details)).body.code).toBe('not_allowed');
    expect((await act('customer', id, visitor.access, details)).body.code).toBe('not_allowed');
    await act('customer', id, here.anna.access, details);
    expect((await desk.next('changed')).conversation.staff?.customer).toEqual({
      name: 'MARKED Name',
      address: 'marked@example.com',
      language: null,
      timeZone: null,
      answers: [],
      proof: { name: null, address: null },
    });
    await act('customer', id, here.anna.access, { name: null });
    expect((await desk.next('changed')).conversation.staff?.customer).toMatchObject({
      name: null,
      address: 'marked@example.com',
    });
    expect(customer.heard).toEqual([]);
    const stored = await rows(id, 'SELECT CAST(customer AS TEXT) AS customer FROM conversation');
    expect(JSON.stringify(stored).toLowerCase()).not.toContain('marked');
  });

  it('C26 a rating is the visitor’s, open or closed, and the last one counts', async () => {
    const { id, visitor, customer, desk } = await talking(here);
    const rate = (token: string, score: number, comment: string | null = null) =>
      act('rating', id, token, { score, comment });
    expect((await rate(here.anna.access, 5)).body.code).toBe('not_allowed');
    expect((await rate((await newVisitor(here.site)).access, 5)).body.code).toBe('not_found');
    expect((await rate(visitor.access, 6)).body.code).toBe('invalid');
    expect((await rate(visitor.access, 2, 'MARKED comment')).body.conversation.rating).toEqual({
      score: 2,
      comment: 'MARKED comment',
    });
    for (const ear of [customer, desk])
      expect((await ear.next('changed')).conversation.rating?.score).toBe(2);
    await act('close', id, here.anna.access);
    await rate(visitor.access, 5);
    await evict(id);
    const { conversation } = await (await join(id, here.ben.access)).next('welcome');
    expect(conversation.rating).toEqual({ score: 5, comment: null });
    const stored = await rows(id, 'SELECT CAST(comment AS TEXT) AS comment FROM conversation');
    expect(JSON.stringify(stored)).not.toContain('MARKED');
  });
});

describe('names for a list', () => {
  const names = (token: string, ids: readonly string[]) =>
    call<NamesAnswer>('POST', '/api/v1/customer-names', { token, body: { ids } });

  it('I6 K8 are said by each conversation to those who may read it, and lie in no inbox', async () => {
    const [named, nameless] = [(await talking(here)).id, await begin(await newVisitor(here.site))];
    await act('customer', named, here.anna.access, { name: 'Kim MARKED' });
    const ids = [named, nameless, named, newId('conversation')];
    await evict(named);
    const known = { names: { [named]: 'Kim MARKED' }, verified: [], proved: [] };
    for (const role of ['owner', 'auditor'] as const)
      expect((await names((await newMember(role, [])).access, ids)).body).toEqual(known);
    expect((await names(here.ben.access, ids)).body).toEqual(known);
    const stranger = await newMember('supervisor', [await newTeam()]);
    expect((await names(stranger.access, ids)).body).toEqual({ names: {}, verified: [], proved: [] });
    const inbox = await join(here.team, here.anna.access);
    await inbox.next('list');
    await act('customer', named, here.anna.access, { name: null });
    await act('hand-over', named, here.anna.access, { to: here.team });
    await inbox.next('entry');
    expect(inbox.raw.join()).not.toContain('MARKED');
    expect((await names(here.ben.access, ids)).body).toEqual({ names: {}, verified: [], proved: [] });
  });

  it('I6 of one that does not answer there is none, and the others are said', async () => {
    const [one, two] = [(await talking(here)).id, (await talking(here)).id];
    for (const id of [one, two]) await act('customer', id, here.anna.access, { name: 'Kim' });
    await rows(two, 'ALTER TABLE conversation RENAME COLUMN keys TO lost');
    await evict(two);
    expect((await names(here.ben.access, [one, two])).body).toEqual({
      names: { [one]: 'Kim' },
      verified: [],
      proved: [],
    });
  });

  it('I6 are for staff, and for so many at once', async () => {
    const { id, visitor } = await talking(here);
    expect((await names(visitor.access, [id])).body.code).toBe('not_allowed');
    const many = Array.from({ length: limits.namesAtOnce + 1 }, () => newId('conversation'));
    for (const ids of [many, [], ['x']])
      expect((await names(here.anna.access, ids)).body.code).toBe('invalid');
    expect((await names(here.anna.access, many.slice(1))).body).toEqual({
      names: {},
      verified: [],
      proved: [],
    });
  });
});
