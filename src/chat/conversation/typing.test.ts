import { expect, it } from 'vitest';
import { lifetimes } from '../../protocol/limits.ts';
import { Typing, typingPause } from './typing.ts';

it('C20 is said again after a pause, and stopping only while somebody may believe it', () => {
  const typing = new Typing();
  const on = (at: number) => typing.passes('anna', 'text', true, at);
  const off = (at: number) => typing.passes('anna', 'text', false, at);
  expect([off(0), on(1), on(typingPause), on(typingPause + 1)]).toEqual([false, true, false, true]);
  expect([off(typingPause + 2), off(typingPause + 3)]).toEqual([true, false]);
  // Starting again within the pause waits for it, so nobody flickers.
  expect([on(typingPause + 4), on(2 * typingPause + 1)]).toEqual([false, true]);
  expect(off(2 * typingPause + 1 + lifetimes.typing)).toBe(false);
});

it('C20 people and kinds count apart, and a clock that jumps back stops nobody', () => {
  const typing = new Typing();
  expect(typing.passes('anna', 'text', true, 10_000)).toBe(true);
  expect(typing.passes('anna', 'note', true, 10_000)).toBe(true);
  expect(typing.passes('ben', 'text', true, 10_000)).toBe(true);
  expect(typing.passes('anna', 'text', true, 5_000)).toBe(true);
});
