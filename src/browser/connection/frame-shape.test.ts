import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { inboxServerFrameSchema, serverFrameSchema } from '../../protocol/frames.ts';
import { isServerFrame } from './frame-shape.ts';
import { isInboxFrame } from './inbox-frame-shape.ts';
import { agent, entry, fileOf, messages, note, visitor, welcome } from './stage.ts';

const person = { id: 'per_AAAAAAAAAAAAAAAAAAAAAA', name: null };
const present = { staff: [person.id], visitor: true };

const good = [
  welcome(3),
  welcome(3, { n: 2, read: [{ from: visitor, seq: 1 }], present: { staff: [], visitor: false } }),
  messages(1, 3),
  { type: 'messages', messages: [note(3, 1)], older: true },
  { type: 'refused', code: 'too_fast', detail: '' },
  { type: 'people', people: [person] },
  { type: 'changed', conversation: welcome(0).conversation },
  { type: 'removed', removals: [{ seq: 3, n: 1, removed: { how: 'redacted', at: 1, by: agent } }] },
  { type: 'file', seq: 3, file: fileOf({ state: 'clean' }) },
  { type: 'typing', from: agent, kind: 'note', on: true },
  { type: 'read', from: visitor, seq: 3 },
  { type: 'present', present },
  { type: 'renewed', until: 1 },
];
const bad = [
  { type: 'welcome' },
  { ...welcome(3), head: '3' },
  { ...welcome(3), you: {} },
  { ...welcome(3), read: [{ seq: 1 }] },
  { type: 'messages', messages: [{ seq: 1.5, id: 'a', at: 1, from: {} }] },
  { type: 'messages', messages: [null] },
  { type: 'people', people: {} },
  { type: 'changed', conversation: null },
  { type: 'removed', removals: [{ seq: 1 }] },
  { type: 'file', seq: 1, file: {} },
  { type: 'typing', from: null, on: true },
  { type: 'read', from: {} },
  { type: 'present', present: { staff: true } },
  { type: 'renewed' },
  { type: 'toString' },
];

describe('a conversation', () => {
  test('what the protocol calls a frame passes, fields of a later version included', () => {
    for (const frame of good) {
      expect(v.is(serverFrameSchema, frame), frame.type).toBe(true);
      const later: { type: string } = { ...frame, ...{ later: true } };
      expect(isServerFrame(later), frame.type).toBe(true);
    }
    expect(new Set(good.map(({ type }) => type)).size).toBe(serverFrameSchema.options.length);
  });

  test('what can not be handled does not', () => {
    for (const frame of bad) expect(isServerFrame(frame), JSON.stringify(frame)).toBe(false);
  });
});

describe('an inbox', () => {
  const colleague = { ...person, presence: 'away', answers: true };
  const frames = [
    { type: 'list', until: 1, entries: [entry(1)], more: false, people: [colleague] },
    { type: 'page', entries: [], more: true },
    { type: 'people', people: [colleague] },
    { type: 'entry', entry: entry(1) },
    { type: 'gone', id: entry(1).id, version: 2 },
    { type: 'refused', code: 'too_fast', detail: '' },
    { type: 'renewed', until: 1 },
  ];

  test('what the protocol calls a frame passes', () => {
    for (const frame of frames) {
      expect(v.is(inboxServerFrameSchema, frame), frame.type).toBe(true);
      expect(isInboxFrame(frame), frame.type).toBe(true);
    }
    expect(frames).toHaveLength(inboxServerFrameSchema.options.length);
  });

  test('what can not be handled does not', () => {
    expect(isInboxFrame({ type: 'entry' })).toBe(false);
    const list = { type: 'list', until: 1, entries: [], more: false, people: [{}] };
    expect(isInboxFrame(list)).toBe(false);
  });
});
