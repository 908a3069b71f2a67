import { expect, test } from 'vitest';
import { backupKey, openBackup, sealBackup } from './backup.ts';
import { Keyring, newRoot } from './keyring.ts';

const [one, two] = [newRoot(), newRoot()];
const keyring = await Keyring.parse(`1:${one}`);
const plain = new TextEncoder().encode('what lies in a part');
const name = '00000001/000000';

test('R3 a part opens under its own name, with KEYRING alone', async () => {
  const sealed = await sealBackup(keyring, name, plain);
  expect(sealed.length).toBe(plain.length + 94);
  expect(await openBackup(await Keyring.parse(`1:${one}`), name, sealed)).toEqual(plain);
  const rotated = await Keyring.parse(`2:${two},1:${one}`);
  expect(await openBackup(rotated, name, sealed)).toEqual(plain);
  expect(await openBackup(rotated, name, await sealBackup(rotated, name, plain))).toEqual(plain);
});

test('R3 under another name, changed anywhere, or with another KEYRING it does not', async () => {
  const sealed = await sealBackup(keyring, name, plain);
  await expect(openBackup(keyring, '00000001/000001', sealed)).rejects.toMatchObject({
    code: 'envelope_refused',
  });
  for (let at = 0; at < sealed.length; at++) {
    const bent = sealed.slice();
    bent[at] = (bent[at] ?? 0) ^ 1;
    await expect(openBackup(keyring, name, bent)).rejects.toThrow();
  }
  for (const length of [0, 60, 93, sealed.length - 1])
    await expect(openBackup(keyring, name, sealed.slice(0, length))).rejects.toThrow();
  const other = await Keyring.parse(`1:${two}`);
  await expect(openBackup(other, name, sealed)).rejects.toMatchObject({ code: 'envelope_refused' });
  const without = await Keyring.parse(`2:${two}`);
  await expect(openBackup(without, name, sealed)).rejects.toMatchObject({ code: 'key_unknown' });
});

test('R3 the key that signs is that of its root, wherever it is asked for', async () => {
  const again = await backupKey(await Keyring.parse(`1:${one}`));
  expect((await backupKey(keyring)).publicKey).toEqual(again.publicKey);
  expect(again.publicKey.length).toBe(32);
  expect(again.privateKey.extractable).toBe(false);
  expect((await backupKey(await Keyring.parse(`2:${two},1:${one}`))).publicKey).not.toEqual(again.publicKey);
});
