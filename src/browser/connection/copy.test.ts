import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Copy, appended, nothing, prepended, welcomed } from './copy.ts';
import { message } from './stage.ts';

const range = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => message(from + index));
const seqs = (copy: Copy) => copy.messages.map(({ seq }) => seq);

test('C3 however frames overlap, the copy is one unbroken run without repetition', () => {
  const frames = fc.array(
    fc.record({ from: fc.integer({ min: 1, max: 60 }), length: fc.integer({ min: 0, max: 20 }) }),
  );
  fc.assert(
    fc.property(frames, (cut) => {
      let copy = welcomed(nothing, 'one', 0);
      for (const { from, length } of cut) copy = appended(copy, range(from, from + length - 1)) ?? copy;
      expect(seqs(copy)).toEqual(seqs(copy).map((_, index) => index + 1));
    }),
  );
});

test('a page that does not join on is left out', () => {
  const copy = appended(welcomed(nothing, 'one', 20), range(11, 20));
  if (copy === null) throw new Error('a gap in an unbroken run');
  expect(prepended(copy, range(1, 9))).toBe(copy);
  expect(seqs(prepended(copy, range(5, 12)))).toEqual(seqs({ ...copy, messages: range(5, 20) }));
});
