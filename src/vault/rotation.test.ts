import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bind } from './binding.ts';
import { importBoxKey } from './box.ts';
import { randomBytes, randomId, type Bytes } from './bytes.ts';
import { bothRoots, MemoryTable, newKeyring, NOON, oldKeyring, run } from './cast.ts';
import { DataKey } from './envelope.ts';
import { Vault } from './keys.ts';
import { openPeppered, sealPeppered } from './pepper.ts';
import { makeRecord, openRecord, readRecord, type ServiceKey } from './record.ts';
import { needsRewrap, rewrap, rewrapRow, rowNeedsRewrap } from './rotation.ts';
import { makeServiceKey, PURPOSES, unwrapServiceKey } from './service-key.ts';

const home = bind('sotto/test-key/1', ['home']);
const inside = bind('sotto/test/1', [1]);
const MINUTE = 60_000;
const dataKey = (secret: Bytes) => DataKey.from(secret);

async function serviceKey(): Promise<ServiceKey> {
  return { id: randomId(), key: await importBoxKey(randomBytes(32)) };
}

test('a service key under the new root is the same key, and the old root is needed no more', async () => {
  for (const purpose of PURPOSES) {
    const row = await makeServiceKey(await oldKeyring(), purpose, NOON);
    const moved = await rewrapRow(row, await bothRoots());
    expect(moved).toEqual({ ...row, root: 2, wrapped: moved.wrapped });
    expect(await unwrapServiceKey(await newKeyring(), moved)).toEqual(
      await unwrapServiceKey(await oldKeyring(), row),
    );
    expect([rowNeedsRewrap(row, await bothRoots()), rowNeedsRewrap(moved, await bothRoots())]).toEqual([
      true,
      false,
    ]);
  }
});

test('a service key whose root is gone cannot be moved', async () => {
  const row = await makeServiceKey(await oldKeyring(), 'data', NOON);
  await expect(rewrapRow(row, await newKeyring())).rejects.toMatchObject({ code: 'key_unknown' });
});

test('K5 rotation never changes what opens, however often and through however many keys', async () => {
  const [first, second, third] = [await serviceKey(), await serviceKey(), await serviceKey()];
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(first, second, third), { maxLength: 5 }),
      fc.uint8Array(),
      async (path, text) => {
        let at = first;
        const { key, record } = await makeRecord(at, home, dataKey);
        let [wrapped, pepper] = [record, await sealPeppered(at, home, text)];
        for (const next of path) {
          [wrapped, pepper] = [await rewrap(at, next, home, wrapped), await rewrap(at, next, home, pepper)];
          expect([needsRewrap(wrapped, next.id), needsRewrap(pepper, next.id)]).toEqual([false, false]);
          expect(readRecord(wrapped)).toEqual({ kek: next.id, commitment: key.commitment });
          at = next;
        }
        const again = await openRecord(at, home, wrapped, dataKey);
        expect(await again.open(inside, await key.seal(inside, text))).toEqual(new Uint8Array(text));
        expect(await openPeppered(at, home, pepper)).toEqual(new Uint8Array(text));
      },
    ),
    { numRuns: 40 },
  );
});

test('what is not sealed under the key it is moved from, or for this place, is not moved', async () => {
  const [from, to, other] = [await serviceKey(), await serviceKey(), await serviceKey()];
  const { record } = await makeRecord(from, home, dataKey);
  await expect(rewrap(other, to, home, record)).rejects.toMatchObject({ code: 'envelope_refused' });
  await expect(rewrap(from, to, inside, record)).rejects.toMatchObject({ code: 'envelope_refused' });
  await expect(rewrap(from, to, home, run(5))).rejects.toMatchObject({ code: 'envelope_malformed' });
});

test('K5 a whole rotation: new root, new service keys, records moved, old ones discarded, everything opens', async () => {
  const table = new MemoryTable();
  const before = await Vault.open(await oldKeyring(), table, NOON);
  const { key, record } = await before.newDataKey(home);
  const [text, hash] = [await key.sealText(inside, 'hello'), await before.sealPepper(home, run(32))];
  const token = (await before.tokenKeys(NOON)).active.kid;

  const during = await Vault.open(await bothRoots(), table, NOON);
  expect(await during.adoptActiveRoot(NOON)).toBe(5);
  expect(await during.adoptActiveRoot(NOON)).toBe(0);
  expect((await (await Vault.open(await newKeyring(), table, NOON)).tokenKeys(NOON)).active.kid).toBe(token);

  for (const purpose of ['data', 'pepper'] as const) await during.renew(purpose, NOON);
  expect([during.needsRewrap(record), during.needsRewrap(hash)]).toEqual([true, true]);
  const [moved, resealed] = [await during.rewrap(home, record), await during.rewrap(home, hash)];
  expect([during.needsRewrap(moved), during.needsRewrap(resealed)]).toEqual([false, false]);
  for (const { id, state } of during.list())
    if (state === 'retired') await during.discard(id, NOON + 2 * MINUTE);

  const after = await Vault.open(await newKeyring(), table, NOON);
  expect(after.list().map(({ state, root }) => [state, root])).toEqual(Array(5).fill(['active', 2]));
  expect(await (await after.dataKey(home, moved)).openText(inside, text)).toBe('hello');
  expect(await after.openPepper(home, resealed)).toEqual(run(32));
  await expect(after.dataKey(home, record)).rejects.toMatchObject({ code: 'key_unknown' });
});

test('after the look-up key is renewed its former hashes can still be asked for', async () => {
  const vault = await Vault.open(await oldKeyring(), new MemoryTable(), NOON);
  const old = await vault.lookup('address', 'ada@example.com');
  expect(await vault.formerLookups('address', 'ada@example.com')).toEqual([]);
  await vault.renew('lookup', NOON);
  expect(await vault.lookup('address', 'ada@example.com')).not.toEqual(old);
  expect(await vault.formerLookups('address', 'ada@example.com')).toEqual([old]);
});

test('a purpose renewed by several isolates at once gets one active key, and all agree on it', async () => {
  const table = new MemoryTable();
  const keyring = await oldKeyring();
  const vaults = await Promise.all([1, 2, 3].map(() => Vault.open(keyring, table, NOON)));
  await Promise.all(vaults.map((vault) => vault.renew('data', NOON)));
  const active = table.rows.filter(({ purpose, state }) => purpose === 'data' && state === 'active');
  expect(active).toHaveLength(1);
  for (const vault of vaults) expect(vault.needsRewrap((await vault.newDataKey(home)).record)).toBe(false);
});

test('a key is not discarded while another isolate may still seal under it', async () => {
  const table = new MemoryTable();
  const vault = await Vault.open(await oldKeyring(), table, NOON);
  const elsewhere = await Vault.open(await oldKeyring(), table, NOON);
  await vault.renew('data', NOON + 1);
  const retired = vault.list().find(({ state }) => state === 'retired');
  const early = vault.discard(retired?.id ?? 0, NOON + 2 * MINUTE);
  await expect(early).rejects.toMatchObject({ code: 'key_in_use' });
  expect(vault.needsRewrap((await elsewhere.newDataKey(home, NOON + MINUTE - 1)).record)).toBe(true);
  await vault.discard(retired?.id ?? 0, NOON + 2 * MINUTE + 1);
  const { record } = await elsewhere.newDataKey(home, NOON + 2 * MINUTE + 1);
  expect((await vault.dataKey(home, record)).commitment).toHaveLength(32);
});

test('an active key cannot be discarded', async () => {
  const vault = await Vault.open(await oldKeyring(), new MemoryTable(), NOON);
  const before = vault.list();
  for (const { id } of before) await vault.discard(id, NOON);
  expect(vault.list()).toEqual(before);
});
