import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bind, type Field } from './binding.ts';

const field = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('', '1', 'a', 'ab'),
  fc.maxSafeNat(),
  fc.constantFrom(0, 1, 97),
  fc.uint8Array({ maxLength: 4 }),
);
const list = fc.array(field, { maxLength: 4 });
const label = fc.constantFrom('a', 'ab', 'sotto/message/1', '\u0000');

test('two bindings are the same bytes only if label and fields are the same', () => {
  fc.assert(
    fc.property(label, list, label, list, (labelA, a, labelB, b) => {
      const same = JSON.stringify([labelA, a.map(typed)]) === JSON.stringify([labelB, b.map(typed)]);
      expect(equal(bind(labelA, a), bind(labelB, b))).toBe(same);
    }),
    { numRuns: 2000 },
  );
});

test('moving one border between two texts changes the bytes', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.nat(), fc.nat(), (text, x, y) => {
      const [a, b] = [x % (text.length + 1), y % (text.length + 1)];
      const cut = (at: number): Uint8Array => bind('a', [text.slice(0, at), text.slice(at)]);
      expect(equal(cut(a), cut(b))).toBe(a === b);
    }),
  );
});

test('no binding is the beginning of another one', () => {
  fc.assert(
    fc.property(list, fc.array(field, { minLength: 1, maxLength: 2 }), (fields, more) => {
      const short = bind('a', fields);
      expect(equal(short, bind('a', [...fields, ...more]).subarray(0, short.length))).toBe(false);
    }),
  );
});

test('what cannot be written without loss is refused', () => {
  for (const [label, field] of [
    ['', 0],
    ['\ud800', 0],
    ['a', '\udc00'],
    ['a', NaN],
    ['a', -1],
    ['a', 2 ** 53],
  ] as const)
    expect(() => bind(label, [field])).toThrow(expect.objectContaining({ code: 'input_malformed' }));
});

function typed(field: Field): unknown {
  return field instanceof Uint8Array ? { bytes: [...field] } : field;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
