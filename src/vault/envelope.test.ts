import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bind } from './binding.ts';
import { randomBytes } from './bytes.ts';
import { flip, run } from './cast.ts';
import { DataKey } from './envelope.ts';

const key = await DataKey.from(run(32));
const other = await DataKey.from(run(32, 1));
const here = bind('sotto/test/1', ['here', 1]);
const refused = { name: 'VaultError', code: 'envelope_refused' };
const malformed = { name: 'VaultError', code: 'envelope_malformed' };

const place = fc.array(fc.oneof(fc.string({ maxLength: 4 }), fc.nat()), { maxLength: 3 });
const plaintext = fc.uint8Array({ maxLength: 200 });

test('K1 opening inverts sealing, whatever the bytes and the place', async () => {
  await fc.assert(
    fc.asyncProperty(place, plaintext, async (fields, bytes) => {
      const sealed = await key.seal(bind('a', fields), bytes);
      expect(sealed).toHaveLength(bytes.length + 29);
      expect(sealed[0]).toBe(0x11);
      expect(await key.open(bind('a', fields), sealed)).toEqual(new Uint8Array(bytes));
    }),
  );
});

test('opening inverts sealing for any text, a byte order mark and all', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), fc.constant('\ufeffhello')), async (text) => {
      expect(await key.openText(here, await key.sealText(here, text))).toBe(text);
    }),
  );
});

test('text that UTF-8 cannot carry is refused before it is sealed', async () => {
  await expect(key.sealText(here, 'a\ud800')).rejects.toMatchObject({ code: 'input_malformed' });
});

test('K1 every single bit of a sealed value counts', async () => {
  const sealed = await key.seal(here, run(20));
  for (let bit = 0; bit < sealed.length * 8; bit++)
    await expect(key.open(here, flip(sealed, bit))).rejects.toMatchObject(bit < 8 ? malformed : refused);
});

test('K1 a value does not open at another place', async () => {
  await fc.assert(
    fc.asyncProperty(place, place, plaintext, async (a, b, bytes) => {
      fc.pre(JSON.stringify(a) !== JSON.stringify(b));
      await expect(key.open(bind('a', b), await key.seal(bind('a', a), bytes))).rejects.toMatchObject(
        refused,
      );
    }),
  );
});

test('K1 a value does not open with another key', async () => {
  await fc.assert(
    fc.asyncProperty(plaintext, async (bytes) => {
      await expect(other.open(here, await key.seal(here, bytes))).rejects.toMatchObject(refused);
    }),
  );
});

test('K1 a value cut short anywhere or made longer does not open', async () => {
  const sealed = await key.seal(here, run(20));
  for (let length = 0; length < sealed.length; length++)
    await expect(key.open(here, sealed.subarray(0, length))).rejects.toMatchObject(
      length < 29 ? malformed : refused,
    );
  for (const more of [1, 16, 29])
    await expect(key.open(here, Uint8Array.of(...sealed, ...run(more)))).rejects.toMatchObject(refused);
});

test('the same text at the same place is never sealed to the same bytes', async () => {
  const sealed = await Promise.all(Array.from({ length: 200 }, () => key.sealText(here, 'hello')));
  expect(new Set(sealed.map((bytes) => bytes.subarray(1, 13).join())).size).toBe(200);
});

test('what is changed while it is being sealed is sealed as it was', async () => {
  const bytes = run(20);
  const sealing = key.seal(here, bytes);
  bytes.fill(0);
  expect(await key.open(here, await sealing)).toEqual(run(20));
});

test('a view into a larger buffer is sealed and opened as the view', async () => {
  const sealed = await key.seal(here, run(100).subarray(10, 20));
  const padded = Uint8Array.of(9, 9, ...sealed, 9).subarray(2, -1);
  expect(await key.open(here, padded)).toEqual(run(10, 10));
});

test('a commitment is the same for the same secret, another for another, and no one can change it', async () => {
  const secret = randomBytes(32);
  const twin = await DataKey.from(secret);
  expect(twin.commitment).toEqual((await DataKey.from(secret)).commitment);
  expect(twin.commitment).toHaveLength(32);
  expect(twin.commitment).not.toEqual(key.commitment);
  expect(twin.commitment).not.toEqual(secret);
  twin.commitment.fill(0);
  expect(twin.commitment).toEqual((await DataKey.from(secret)).commitment);
});

test('a refusal tells neither the place nor the text, and not which of them was wrong', async () => {
  const sealed = await key.sealText(here, 'a secret');
  const tell = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'opened',
      (error: unknown) => (error instanceof Error ? error.message : ''),
    );
  const told = await Promise.all([
    tell(other.open(here, sealed)),
    tell(key.open(bind('elsewhere', []), sealed)),
    tell(key.open(here, flip(sealed, 8))),
  ]);
  expect(new Set(told)).toEqual(new Set(['this sealed value was not sealed here with this key']));
});
