import { expect, test } from 'vitest';
import { DataKey } from '../envelope.ts';
import { type Entry, leafText, monthOf, openDetails, readLeaf, sealDetails } from './entry.ts';

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

test('details open under their key, for their entry, and are those that the leaf promised', async () => {
  const key = await DataKey.from(new Uint8Array(32).fill(1));
  const what = { network: '203.0.113.0/24', device: 'Firefox on Linux' };
  const { sealed, details } = await sealDetails(key, entry.id, 'per_b', what);
  expect(await openDetails(key, entry.id, sealed, details.digest)).toEqual(what);
  const again = await sealDetails(key, entry.id, 'per_b', what);
  // A salt: who guesses the details cannot see that the guess was right.
  expect(again.details.digest).not.toBe(details.digest);
  const refused = { code: 'envelope_refused' };
  const other = await DataKey.from(new Uint8Array(32).fill(2));
  await expect(openDetails(other, entry.id, sealed, details.digest)).rejects.toMatchObject(refused);
  await expect(openDetails(key, 'another', sealed, details.digest)).rejects.toMatchObject(refused);
  await expect(openDetails(key, entry.id, sealed, again.details.digest)).rejects.toMatchObject(refused);
});

test('an entry’s month is that of UTC', () => {
  expect(monthOf(Date.UTC(2026, 11, 31, 23, 59))).toBe('2026-12');
});
