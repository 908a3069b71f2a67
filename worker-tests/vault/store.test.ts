import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import published from '../../docs/vectors/envelope.json';
import { bind, keyStore, keyTable, Vault } from '../../src/vault.ts';
import { bothRoots, newKeyring, NOON, oldKeyring, run } from '../../src/vault/cast.ts';
import { makeCorpus } from '../../src/vault/corpus.ts';
import { makeServiceKey } from '../../src/vault/service-key.ts';

const { DB, KEYS } = env as unknown as { DB: D1Database; KEYS: R2Bucket };
const table = keyTable(DB);
const store = keyStore(KEYS);
const home = bind('sotto/test-key/1', ['home']);
const inside = bind('sotto/test/1', [1]);

beforeEach(async () => {
  await DB.exec('DELETE FROM keys');
});

test('the runtime makes, byte for byte, the published vectors', async () => {
  expect(JSON.parse(JSON.stringify(await makeCorpus()))).toEqual(published);
});

test('a service key comes back from D1 as it went in', async () => {
  const row = await makeServiceKey(await oldKeyring(), 'data', NOON);
  await table.insertActive({ ...row, id: 0xffffffff });
  expect(await table.all()).toEqual([{ ...row, id: 0xffffffff }]);
});

test('what one isolate sealed, one that starts later opens', async () => {
  const first = await Vault.open(await oldKeyring(), table, NOON);
  const { key, record } = await first.newDataKey(home);
  const sealed = await key.sealText(inside, 'hello');
  const later = await Vault.open(await oldKeyring(), table, NOON + 1);
  expect(await (await later.dataKey(home, record)).openText(inside, sealed)).toBe('hello');
  expect(await later.lookup('address', 'ada')).toEqual(await first.lookup('address', 'ada'));
  expect(await later.openPepper(home, await first.sealPepper(home, run(32)))).toEqual(run(32));
});

test('K2 isolates that open an empty table at once end with the same four keys', async () => {
  const keyring = await oldKeyring();
  const vaults = await Promise.all(Array.from({ length: 6 }, () => Vault.open(keyring, table, NOON)));
  const rows = await table.all();
  expect(rows.map(({ purpose }) => purpose).sort()).toEqual(['data', 'ledger', 'lookup', 'pepper', 'token']);
  const kids = await Promise.all(vaults.map(async (vault) => (await vault.tokenKeys(NOON)).active.kid));
  expect(new Set(kids).size).toBe(1);
});

test('a purpose never has two active keys, nor two keys one id', async () => {
  const keyring = await oldKeyring();
  const [first, second, token] = [
    await makeServiceKey(keyring, 'data', NOON),
    await makeServiceKey(keyring, 'data', NOON),
    await makeServiceKey(keyring, 'token', NOON),
  ];
  await table.insertActive(first);
  await table.insertActive(second);
  await table.insertActive({ ...token, id: first.id });
  expect(await table.all()).toEqual([first]);
});

test('isolates that renew a purpose at once retire one key and agree on the next', async () => {
  const keyring = await oldKeyring();
  await Vault.open(keyring, table, NOON);
  const vaults = await Promise.all([1, 2, 3].map(() => Vault.open(keyring, table, NOON)));
  const [before] = (await table.all()).filter(({ purpose }) => purpose === 'data');
  const rows = await Promise.all(vaults.map(() => makeServiceKey(keyring, 'data', NOON + 1)));
  await Promise.all(rows.map((row) => table.replaceActive(before?.id ?? 0, row)));
  const data = (await table.all()).filter(({ purpose }) => purpose === 'data');
  expect(data.map(({ state }) => state)).toEqual(['retired', 'active']);
});

test('replacing a key of another purpose retires nothing', async () => {
  const keyring = await oldKeyring();
  await Vault.open(keyring, table, NOON);
  const before = await table.all();
  const lookup = before.find(({ purpose }) => purpose === 'lookup');
  await table.replaceActive(lookup?.id ?? 0, await makeServiceKey(keyring, 'data', NOON));
  expect(await table.all()).toEqual(before);
});

test('the roots are rotated, twice over without harm, and the old one may go', async () => {
  const { key, record } = await (await Vault.open(await oldKeyring(), table, NOON)).newDataKey(home);
  const during = await Vault.open(await bothRoots(), table, NOON);
  expect(await during.adoptActiveRoot(NOON)).toBe(5);
  expect(await during.adoptActiveRoot(NOON)).toBe(0);
  const after = await Vault.open(await newKeyring(), table, NOON);
  expect((await after.dataKey(home, record)).commitment).toEqual(key.commitment);
});

test('a row that another isolate has moved to a new root is not moved back', async () => {
  await Vault.open(await oldKeyring(), table, NOON);
  await (await Vault.open(await bothRoots(), table, NOON)).adoptActiveRoot(NOON);
  const moved = await table.all();
  for (const row of moved) await table.rewrap(1, { ...row, wrapped: run(61) });
  expect(await table.all()).toEqual(moved);
});

test('an active key is not removed, a retired one is', async () => {
  const vault = await Vault.open(await oldKeyring(), table, NOON);
  await vault.renew('token', NOON + 1);
  for (const { id } of vault.list()) await vault.discard(id, NOON + 1);
  expect(vault.list().map(({ state }) => state)).toEqual(['active', 'active', 'active', 'active', 'active']);
});

test('the private token key signs and cannot be exported, the public one verifies', async () => {
  const vault = await Vault.open(await oldKeyring(), table, NOON);
  const { active, verify } = await vault.tokenKeys(NOON);
  await expect(crypto.subtle.exportKey('jwk', active.privateKey)).rejects.toThrow();
  const signature = await crypto.subtle.sign('Ed25519', active.privateKey, run(9));
  const key = await verify(active.kid);
  expect(key && (await crypto.subtle.verify('Ed25519', key, signature, run(9)))).toBe(true);
});

test('K6 a record is kept in R2 under its kind and id until it is deleted', async () => {
  await store.put('person', 'p1', run(97));
  await store.put('conversation', 'p1', run(97, 1));
  expect((await KEYS.list()).objects.map(({ key }) => key)).toEqual(['conversation/p1', 'person/p1']);
  expect(await store.get('person', 'p1')).toEqual(run(97));
  await store.put('person', 'p1', run(97, 2));
  expect(await store.get('person', 'p1')).toEqual(run(97, 2));
  await store.delete('person', 'p1');
  await store.delete('person', 'p1');
  expect(await store.get('person', 'p1')).toBeUndefined();
  expect(await store.get('conversation', 'p1')).toEqual(run(97, 1));
});

test('a record without an id is refused, so that no two share one', async () => {
  await expect(store.put('person', '', run(97))).rejects.toMatchObject({ code: 'input_malformed' });
});
