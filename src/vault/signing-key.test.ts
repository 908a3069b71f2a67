import { calculateJwkThumbprint, jwtVerify, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { flip, MemoryTable, NOON, oldKeyring } from './cast.ts';
import { fromBase64url } from './bytes.ts';
import { Vault } from './keys.ts';
import { importSigningKey } from './signing-key.ts';

async function opened(): Promise<{ table: MemoryTable; vault: Vault }> {
  const table = new MemoryTable();
  return { table, vault: await Vault.open(await oldKeyring(), table, NOON) };
}

test('the key of RFC 8037 appendix A has the public half and the thumbprint that stand there', async () => {
  const seed = fromBase64url('nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A');
  expect((await importSigningKey(seed ?? new Uint8Array(0))).jwk).toEqual({
    kty: 'OKP',
    crv: 'Ed25519',
    x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
    kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
    alg: 'EdDSA',
    use: 'sig',
  });
});

test('a token signed with the active key is verified by its kid, here and from the published set', async () => {
  const { vault } = await opened();
  const { active, verify, jwks } = await vault.tokenKeys(NOON);
  const token = await new SignJWT({ sub: 'ada' })
    .setProtectedHeader({ alg: 'EdDSA', kid: active.kid })
    .sign(active.privateKey);
  const { payload } = await jwtVerify(
    token,
    async ({ kid }) => (await verify(kid ?? '')) ?? Promise.reject(new Error('unknown')),
  );
  expect(payload.sub).toBe('ada');
  const [published] = jwks.keys;
  expect(published?.kid).toBe(await calculateJwkThumbprint({ ...published }));
  expect((await jwtVerify(token, { ...published })).payload.sub).toBe('ada');
  expect(Object.keys(published ?? {})).not.toContain('d');
});

test('a retired key verifies until it is discarded, and the set shows the active one first', async () => {
  const { vault } = await opened();
  const old = (await vault.tokenKeys(NOON)).active.kid;
  await vault.renew('token', NOON);
  const { active, verify, jwks } = await vault.tokenKeys(NOON);
  expect(jwks.keys.map(({ kid }) => kid)).toEqual([active.kid, old]);
  expect(await verify(old)).toBeDefined();
  const retired = vault.list().find(({ purpose, state }) => purpose === 'token' && state === 'retired');
  await vault.discard(retired?.id ?? 0, NOON);
  expect(await (await vault.tokenKeys(NOON)).verify(old)).toBeUndefined();
});

test('a kid that nobody knows makes the table be read once a second at most', async () => {
  const { table, vault } = await opened();
  const reads = table.reads;
  for (let ms = 0; ms < 3_000; ms += 10)
    expect(await (await vault.tokenKeys(NOON + ms)).verify('nobody')).toBeUndefined();
  expect(table.reads - reads).toBe(2);
});

test("another isolate's new key is found by its kid at the next second", async () => {
  const { table, vault } = await opened();
  const elsewhere = await Vault.open(await oldKeyring(), table, NOON);
  await elsewhere.renew('token', NOON);
  const { kid } = (await elsewhere.tokenKeys(NOON)).active;
  expect(await (await vault.tokenKeys(NOON + 1_000)).verify(kid)).toBeDefined();
});

test('a damaged retired key verifies nothing and stops nothing else', async () => {
  const { table, vault } = await opened();
  const old = (await vault.tokenKeys(NOON)).active.kid;
  await vault.renew('token', NOON);
  table.rows = table.rows.map((row) =>
    row.state === 'retired' ? { ...row, wrapped: flip(row.wrapped, 99) } : row,
  );
  const { active, verify } = await (await Vault.open(await oldKeyring(), table, NOON)).tokenKeys(NOON);
  expect(await verify(active.kid)).toBeDefined();
  expect(await verify(old)).toBeUndefined();
});
