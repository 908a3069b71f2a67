import { expect, test } from 'vitest';
import { type Entry, leafText, readLeaf } from './leaf.ts';

const entry: Entry = {
  id: '0d9e4e5c-6d3c-4c7a-9a3e-0f1f3f5b7a11',
  at: 1_798_000_000_000,
  actor: 'per_b',
  action: 'people.change',
  object: 'per_a',
  outcome: 'done',
  facts: { role: 'agent', disabled: false },
};

test('a leaf is one text, whatever the order in which its entry was written', () => {
  const text = leafText(entry);
  expect(text).toBe(
    '{"action":"people.change","actor":"per_b","at":1798000000000,"facts":{"disabled":false,"role":"agent"},' +
      '"id":"0d9e4e5c-6d3c-4c7a-9a3e-0f1f3f5b7a11","object":"per_a","outcome":"done","v":1}',
  );
  expect(leafText(Object.fromEntries(Object.entries(entry).reverse()) as Entry)).toBe(text);
  expect(readLeaf(text)).toEqual(entry);
});

test('what is spelled otherwise, or is of another version, is no leaf', () => {
  const text = leafText(entry);
  for (const other of [
    ` ${text}`,
    text.replace('"v":1', '"v":2'),
    text.replace('1798000000000', '1.798e12'),
    '{',
    'null',
  ])
    expect(readLeaf(other), other).toBeUndefined();
});
