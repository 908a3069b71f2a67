import { expect, test } from 'vitest';
import published from '../../docs/vectors/ledger.json' with { type: 'json' };
import { unhex } from './corpus/format.ts';
import { DataKey } from './envelope.ts';
import { monthOf, openDetails, sealDetails } from './ledger-details.ts';

const entry = '0d9e4e5c-6d3c-4c7a-9a3e-0f1f3f5b7a11';

test('details open under their key, for their entry, and are those that the leaf promised', async () => {
  const key = await DataKey.from(new Uint8Array(32).fill(1));
  const what = { network: '203.0.113.0/24', device: 'Firefox on Linux' };
  const { sealed, details } = await sealDetails(key, entry, 'per_b', what);
  expect(await openDetails(key, entry, sealed, details.digest)).toEqual(what);
  const again = await sealDetails(key, entry, 'per_b', what);
  // A salt: who guesses the details cannot see that the guess was right.
  expect(again.details.digest).not.toBe(details.digest);
  const refused = { code: 'envelope_refused' };
  const other = await DataKey.from(new Uint8Array(32).fill(2));
  await expect(openDetails(other, entry, sealed, details.digest)).rejects.toMatchObject(refused);
  await expect(openDetails(key, 'another', sealed, details.digest)).rejects.toMatchObject(refused);
  await expect(openDetails(key, entry, sealed, again.details.digest)).rejects.toMatchObject(refused);
});

test('an entry’s month is that of UTC', () => {
  expect(monthOf(Date.UTC(2026, 11, 31, 23, 59))).toBe('2026-12');
});

test('L5 L17 the published details open as they say, and those that are not what was promised do not', async () => {
  for (const { key, entry, sealed, digest, ...vector } of published.details) {
    const opening = openDetails(await DataKey.from(unhex(key)), entry, unhex(sealed), digest);
    if ('what' in vector) expect(await opening).toEqual(vector.what);
    else await expect(opening, vector.why).rejects.toMatchObject({ code: vector.refused });
  }
});
