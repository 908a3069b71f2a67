import * as v from 'valibot';
import { expect, test } from 'vitest';
import { serverFrameSchema } from '../../protocol/frames.ts';
import { isServerFrame } from './frame-shape.ts';
import { messages, welcome } from './stage.ts';

const good = [
  welcome(3),
  messages(1, 3),
  { type: 'refused', code: 'too_fast', detail: '' },
  { type: 'people', people: [{ id: 'per_AAAAAAAAAAAAAAAAAAAAAA', name: null }] },
  { type: 'renewed', until: 1 },
];
const bad = [
  { type: 'welcome' },
  { ...welcome(3), head: '3' },
  { ...welcome(3), you: {} },
  { type: 'messages', messages: [{ seq: 1.5, id: 'a', at: 1, from: {} }] },
  { type: 'messages', messages: [null] },
  { type: 'people', people: {} },
  { type: 'changed', conversation: null },
  { type: 'renewed' },
  { type: 'toString' },
];

test('what the protocol calls a frame passes, fields of a later version included', () => {
  for (const frame of good) {
    expect(v.is(serverFrameSchema, frame), frame.type).toBe(true);
    const later: { type: string } = { ...frame, ...{ later: true } };
    expect(isServerFrame(later), frame.type).toBe(true);
  }
});

test('what can not be handled does not', () => {
  for (const frame of bad) expect(isServerFrame(frame), JSON.stringify(frame)).toBe(false);
});
