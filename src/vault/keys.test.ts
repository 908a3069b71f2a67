import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bind } from './binding.ts';
import { bothRoots, flip, MemoryTable, newKeyring, NOON, oldKeyring, run } from './cast.ts';
import { Vault } from './keys.ts';
import type { ServiceKeyRow } from './service-key.ts';

const home = bind('sotto/test-key/1', ['home']);
const away = bind('sotto/test-key/1', ['away']);
const inside = bind('sotto/test/1', [1]);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

async function opened(): Promise<{ table: MemoryTable; vault: Vault }> {
  const table = new MemoryTable();
  return { table, vault: await Vault.open(await oldKeyring(), table, NOON) };
}

test('the first opening makes one key for each purpose, the next ones find them', async () => {
  const { table, vault } = await opened();
  const first = vault.list();
  expect(first.map(({ purpose, root, state, createdAt }) => [purpose, root, state, createdAt])).toEqual(
    ['data', 'lookup', 'pepper', 'token', 'ledger'].map((purpose) => [purpose, 1, 'active', NOON]),
  );
  expect((await Vault.open(await oldKeyring(), table, NOON + 1)).list()).toEqual(first);
});

test('isolates that open an empty table at once end with the same keys', async () => {
  const table = new MemoryTable();
  const keyring = await oldKeyring();
  const vaults = await Promise.all(Array.from({ length: 8 }, () => Vault.open(keyring, table, NOON)));
  expect(table.rows).toHaveLength(5);
  const [one, ...others] = vaults as [Vault, ...Vault[]];
  const { key, record } = await one.newDataKey(home);
  for (const other of others) {
    expect((await other.dataKey(home, record)).commitment).toEqual(key.commitment);
    expect(await other.lookup('a', 'b')).toEqual(await one.lookup('a', 'b'));
    expect((await other.tokenKeys(NOON)).active.kid).toBe((await one.tokenKeys(NOON)).active.kid);
  }
});

test('a keyring of other roots does not open the table, and nothing in it is replaced', async () => {
  const { table } = await opened();
  const before = [...table.rows];
  await expect(Vault.open(await newKeyring(), table, NOON)).rejects.toMatchObject({
    code: 'key_unknown',
    message: 'root 1 is not in KEYRING',
  });
  expect(table.rows).toEqual(before);
});

test('K2 service keys swapped between ids, purposes or roots do not open', async () => {
  const { table } = await opened();
  const [data, lookup] = table.rows as [ServiceKeyRow, ServiceKeyRow];
  const open = async (row: ServiceKeyRow): Promise<unknown> => {
    const spoiled = new MemoryTable();
    spoiled.rows = [row, ...table.rows.filter(({ purpose }) => purpose !== row.purpose)];
    return Vault.open(await bothRoots(), spoiled, NOON);
  };
  await expect(open(data)).resolves.toBeInstanceOf(Vault);
  for (const row of [
    { ...data, id: (data.id ^ 1) >>> 0 },
    { ...data, root: 2 },
    { ...data, wrapped: lookup.wrapped },
    { ...lookup, purpose: 'data' as const },
    { ...data, wrapped: flip(data.wrapped, 100) },
  ])
    await expect(open(row)).rejects.toMatchObject({ code: 'envelope_refused' });
});

test('K2 a data key is opened again from its record, at its place alone', async () => {
  const { vault } = await opened();
  const { key, record } = await vault.newDataKey(home);
  expect(record).toHaveLength(97);
  const again = await vault.dataKey(home, record);
  expect(await again.openText(inside, await key.sealText(inside, 'hello'))).toBe('hello');
  await expect(vault.dataKey(away, record)).rejects.toMatchObject({ code: 'envelope_refused' });
});

test('K2 every single bit of a record counts', async () => {
  const { vault } = await opened();
  const { record } = await vault.newDataKey(home);
  for (let bit = 0; bit < record.length * 8; bit++) {
    const code = bit < 8 ? 'envelope_malformed' : bit < 40 ? 'key_unknown' : 'envelope_refused';
    await expect(vault.dataKey(home, flip(record, bit))).rejects.toMatchObject({ code });
  }
});

test('a record of any other length is malformed', async () => {
  const { vault } = await opened();
  const { record } = await vault.newDataKey(home);
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: 120 }).filter((length) => length !== record.length),
      async (length) => {
        const cut = Uint8Array.of(...record, ...run(30)).subarray(0, length);
        await expect(vault.dataKey(home, cut)).rejects.toMatchObject({ code: 'envelope_malformed' });
      },
    ),
  );
});

test("a record is no value, a value no record, and one deployment's record none of another's", async () => {
  const { vault } = await opened();
  const { key, record } = await vault.newDataKey(home);
  const { vault: stranger } = await opened();
  await expect(key.open(home, record)).rejects.toMatchObject({ code: 'envelope_malformed' });
  await expect(vault.openPepper(home, record)).rejects.toMatchObject({ code: 'envelope_malformed' });
  await expect(vault.dataKey(home, await key.seal(home, run(68)))).rejects.toMatchObject({
    code: 'envelope_malformed',
  });
  await expect(stranger.dataKey(home, record)).rejects.toMatchObject({ code: 'key_unknown' });
});

test("a record that another isolate's new key wraps is opened after one look at the table", async () => {
  const { table, vault } = await opened();
  const elsewhere = await Vault.open(await oldKeyring(), table, NOON);
  await elsewhere.renew('data', NOON);
  const { key, record } = await elsewhere.newDataKey(home);
  const reads = table.reads;
  expect((await vault.dataKey(home, record)).commitment).toEqual(key.commitment);
  expect(table.reads).toBe(reads + 1);
});

test('a look-up hash depends on label, value and deployment', async () => {
  const { vault } = await opened();
  const { vault: stranger } = await opened();
  const hashes = [
    await vault.lookup('address', 'ada@example.com'),
    await vault.lookup('address', 'Ada@example.com'),
    await vault.lookup('name', 'ada@example.com'),
    await vault.lookup('addressa', 'da@example.com'),
    await stranger.lookup('address', 'ada@example.com'),
  ];
  expect(hashes[0]).toHaveLength(32);
  expect(new Set(hashes.map(String)).size).toBe(5);
  expect(await vault.lookup('address', 'ada@example.com')).toEqual(hashes[0]);
});

test('a peppered hash opens at its place, and every bit of it counts', async () => {
  const { vault } = await opened();
  const sealed = await vault.sealPepper(home, run(32));
  expect(sealed).toHaveLength(65);
  expect(await vault.openPepper(home, sealed)).toEqual(run(32));
  await expect(vault.openPepper(away, sealed)).rejects.toMatchObject({ code: 'envelope_refused' });
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const code = bit < 8 ? 'envelope_malformed' : bit < 40 ? 'key_unknown' : 'envelope_refused';
    await expect(vault.openPepper(home, flip(sealed, bit))).rejects.toMatchObject({ code });
  }
});

test('K3 no key that the vault hands out can be exported, save the public ones', async () => {
  const { active, verify } = await (await opened()).vault.tokenKeys(NOON);
  expect(active.privateKey).toMatchObject({ extractable: false, usages: ['sign'] });
  await expect(crypto.subtle.exportKey('pkcs8', active.privateKey)).rejects.toThrow();
  await expect(crypto.subtle.exportKey('jwk', active.privateKey)).rejects.toThrow();
  expect(await verify(active.kid)).toMatchObject({ type: 'public', usages: ['verify'] });
});

test('a change made elsewhere is in force here within a minute', async () => {
  const { table, vault } = await opened();
  const elsewhere = await Vault.open(await oldKeyring(), table, NOON);
  await elsewhere.renew('token', NOON + SECOND);
  const renewed = (await elsewhere.tokenKeys(NOON + SECOND)).active.kid;
  expect((await vault.tokenKeys(NOON + MINUTE - 1)).active.kid).not.toBe(renewed);
  expect((await vault.tokenKeys(NOON + MINUTE)).active.kid).toBe(renewed);
});

test('a table that keeps nothing is reported, not asked for ever', async () => {
  const table = new MemoryTable();
  table.insertActive = () => Promise.resolve();
  await expect(Vault.open(await oldKeyring(), table, NOON)).rejects.toMatchObject({ code: 'key_unknown' });
  expect(table.reads).toBe(3);
});

test('K13 uses are counted before they are made, many at once, whoever makes them', async () => {
  const { table, vault } = await opened();
  const usesOf = (purpose: string) => table.rows.find((row) => row.purpose === purpose)?.uses;
  expect([usesOf('data'), usesOf('pepper')]).toEqual([0, 0]);
  const elsewhere = await Vault.open(await oldKeyring(), table, NOON);
  for (let n = 0; n < 32; n++) await vault.newDataKey(home, NOON);
  expect([usesOf('data'), usesOf('pepper')]).toEqual([32, 0]);
  await elsewhere.newDataKey(home, NOON);
  expect(usesOf('data')).toBe(64);
  const { record } = await vault.newDataKey(home, NOON);
  expect(usesOf('data')).toBe(96);
  await vault.renew('data', NOON);
  await vault.rewrap(home, record, NOON);
  await vault.sealPepper(home, run(32), NOON);
  expect(table.rows.find(({ purpose, state }) => purpose === 'data' && state === 'active')?.uses).toBe(32);
  expect(usesOf('pepper')).toBe(32);
});

test('K13 a key whose use can not be counted seals nothing', async () => {
  const { table, vault } = await opened();
  table.count = () => Promise.reject(new Error('the database is away'));
  await expect(vault.newDataKey(home, NOON)).rejects.toThrow();
  await expect(vault.sealPepper(home, run(32), NOON)).rejects.toThrow();
});

test('K9 a key is replaced once, whoever asks for it how often', async () => {
  const { table, vault } = await opened();
  const elsewhere = await Vault.open(await oldKeyring(), table, NOON);
  const { id } = table.rows[0] as ServiceKeyRow;
  await Promise.all([vault.replace(id, NOON), elsewhere.replace(id, NOON), vault.replace(id, NOON)]);
  await vault.replace(id, NOON);
  expect(table.rows.filter(({ purpose }) => purpose === 'data').map(({ state }) => state)).toEqual([
    'retired',
    'active',
  ]);
});
