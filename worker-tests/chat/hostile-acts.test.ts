import { beforeAll, describe, expect, it } from 'vitest';
import type { HistoryAnswer } from '../../src/protocol/bodies.ts';
import { type ConversationId, newId } from '../../src/protocol/ids.ts';
import {
  begin,
  call,
  type Member,
  newMember,
  newTeam,
  newVisitor,
  ticketFor,
  type VisitorActor,
} from '../cast.ts';
import { act, places, rows, scene, type Scene } from './scene.ts';

let here: Scene;
let visitor: VisitorActor;
let id: ConversationId;
let outsider: Member;
let auditor: Member;

beforeAll(async () => {
  here = await scene();
  visitor = await newVisitor(here.site);
  id = await begin(visitor);
  await act('claim', id, here.anna.access);
  outsider = await newMember('agent', [await newTeam()]);
  auditor = await newMember('auditor', []);
});

const soon = Date.now() + 3_600_000;
/** Everything that can be done, with a body that fits. */
const acts: [wish: string, body: () => object][] = [
  ['claim', () => ({})],
  ['reopen', () => ({})],
  ['hand-over', () => ({ to: here.ben.id, note: { id: crypto.randomUUID(), text: 'SECRET-MARK' } })],
  ['snooze', () => ({ until: soon })],
  ['tags', () => ({ tags: ['SECRET-MARK'] })],
  ['customer', () => ({ name: 'SECRET-MARK' })],
  ['removals', () => ({ seq: 1, how: 'redacted' })],
];

describe('whoever may not', () => {
  it.each(acts)('P1 P2 W1 can’t %s', async (wish, body) => {
    const stranger = await newVisitor(here.site);
    const before = await rows(id, 'SELECT * FROM conversation');
    const code = async (room: string, token: string) => (await act(wish, room, token, body())).body.code;
    expect(await code(id, stranger.access)).toBe('not_found');
    expect(await code(id, outsider.access)).toBe('not_found');
    expect(await code(newId('conversation'), here.sue.access)).toBe('not_found');
    expect(await code('con_x', here.sue.access)).toBe('not_found');
    expect(await code(id, visitor.access)).toBe('not_allowed');
    expect(await code(id, auditor.access)).toBe('not_allowed');
    expect(await code(id, await ticketFor(here.anna.access, id))).toBe('signed_out');
    expect(await rows(id, 'SELECT * FROM conversation')).toEqual(before);
  });

  it('P4 W1 can’t rate, and a visitor rates their own alone', async () => {
    const rating = { score: 1, comment: null };
    for (const token of [here.anna.access, here.sue.access, auditor.access])
      expect((await act('rating', id, token, rating)).body.code).toBe('not_allowed');
    expect((await act('rating', id, outsider.access, rating)).body.code).toBe('not_found');
  });
});

describe('W1 a body that does not fit', () => {
  const note = (fields: object) => ({ to: 'SELF', note: { id: crypto.randomUUID(), text: 'x', ...fields } });
  const bad: [wish: string, body: object][] = [
    ['claim', { force: true }],
    ['hand-over', {}],
    ['hand-over', { to: 'SECRET-MARK' }],
    ['hand-over', { to: null }],
    ['hand-over', note({ since: 1 })],
    ['hand-over', note({ kind: 'text' })],
    ['hand-over', note({ text: '' })],
    ['hand-over', note({ id: 'SECRET-MARK' })],
    ['hand-over', note({ text: { $ne: 'SECRET-MARK' } })],
    ['snooze', {}],
    ['snooze', { until: 'SECRET-MARK' }],
    ['snooze', { until: 1e300 }],
    ['tags', { tags: 'SECRET-MARK' }],
    ['tags', { tags: ['SECRET-MARK\u202e'] }],
    ['tags', { tags: ['   '] }],
    ['tags', { tags: ['SECRET-MARK'.repeat(5)] }],
    ['customer', { name: 'SECRET-MARK', verified: true }],
    ['customer', { name: 'SECRET-MARK', proof: { name: 'site', address: null } }],
    ['customer', { answers: [] }],
    ['customer', { address: 'SECRET-MARK' }],
    ['rating', { score: 0, comment: null }],
    ['rating', { score: 4.5, comment: null }],
    ['rating', { score: 5 }],
    ['rating', { score: 5, comment: 'SECRET-MARK'.repeat(1_000) }],
    ['removals', { seq: 1, how: 'SECRET-MARK' }],
    ['removals', { seq: -1, how: 'redacted' }],
    ['removals', { seq: 1, n: 0, how: 'redacted' }],
    ['removals', { seq: 1, how: 'redacted', by: 'SECRET-MARK' }],
  ];
  it.each(bad)('for %s is refused, and no value is repeated: %j', async (wish, body) => {
    const text = JSON.stringify(body).replace('SELF', here.ben.id);
    const before = await rows(id, 'SELECT * FROM conversation');
    const token = wish === 'rating' ? visitor.access : here.sue.access;
    const reply = await act(wish, id, token, JSON.parse(text) as object);
    expect([reply.status, reply.body.code]).toEqual([400, 'invalid']);
    expect(JSON.stringify(reply.body)).not.toContain('SECRET-MARK');
    expect(await rows(id, 'SELECT * FROM conversation')).toEqual(before);
  });

  it('leaves nothing in the history', async () => {
    const path = `/api/v1/conversations/${id}/messages`;
    const { body } = await call<HistoryAnswer>('GET', path, { token: here.anna.access });
    expect(places(body.messages)).toEqual(['1 Hello?']);
  });
});
