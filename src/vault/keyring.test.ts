import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bothRoots, NEW_ROOT, OLD_ROOT } from './cast.ts';
import { Keyring, newRoot } from './keyring.ts';

const key = OLD_ROOT.slice(2);

test('the highest number is active wherever it stands', async () => {
  const keyring = await Keyring.parse(`3:${newRoot()},10:${newRoot()},2:${newRoot()}`);
  expect(keyring.active).toBe(10);
  expect(keyring.numbers).toEqual([10, 3, 2]);
});

test('a fresh root is 43 characters, fits a keyring and never comes twice', async () => {
  const roots = Array.from({ length: 50 }, newRoot);
  expect(new Set(roots).size).toBe(50);
  for (const root of roots) expect(root).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect((await Keyring.parse(`1:${newRoot()}`)).numbers).toEqual([1]);
});

test.each([
  ['', 'KEYRING is empty'],
  [key, 'KEYRING entry 1 must begin with a number from 1 to 999999999 and a colon'],
  [`${OLD_ROOT}, ${NEW_ROOT}`, 'KEYRING entry 2 must begin with a number from 1 to 999999999 and a colon'],
  [`1:${key}=`, 'KEYRING root 1 must be 43 characters (32 bytes in base64url)'],
  [`1:${key.slice(0, -1)}9`, 'KEYRING root 1 is not strict base64url (RFC 4648 section 5, no padding)'],
  [`7:${'A'.repeat(43)}`, 'KEYRING root 7 is a placeholder: all its bytes are equal'],
  [`${OLD_ROOT},${OLD_ROOT}`, 'KEYRING has two roots with the number 1'],
  [`${OLD_ROOT},2:${key}`, 'KEYRING has the same key as root 1 and root 2'],
])('a keyring that cannot be used is refused and says why: %#', async (secret, message) => {
  await expect(Keyring.parse(secret)).rejects.toMatchObject({ code: 'keyring_malformed', message });
});

test('no refusal repeats any part of a key', async () => {
  const spoil = fc.constantFrom('', '=', '\n', ',', ':', ' ', '+', 'A');
  await fc.assert(
    fc.asyncProperty(spoil, fc.nat({ max: key.length }), fc.boolean(), async (mark, at, numbered) => {
      const text = `${numbered ? '1:' : ''}${key.slice(0, at)}${mark}${key.slice(at)}`;
      const error: unknown = await Keyring.parse(text).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      const told = error instanceof Error ? `${error.message} ${error.stack} ${String(error.cause)}` : '';
      for (let i = 0; i + 8 <= key.length; i++) expect(told).not.toContain(key.slice(i, i + 8));
    }),
  );
});

test('a keyring shows nothing of its roots when it is printed', async () => {
  const { inspect } = await import('node:util');
  const shown =
    inspect(await bothRoots(), { depth: 9, showHidden: true }) + JSON.stringify(await bothRoots());
  expect(shown).not.toContain(key.slice(0, 8));
});

test('each root and each purpose has a key of its own, which cannot be exported', async () => {
  const keyring = await bothRoots();
  const iv = new Uint8Array(12);
  const seen = new Set<string>();
  for (const [root, purpose] of [
    [1, 'wrap/data'],
    [1, 'wrap/token'],
    [2, 'wrap/data'],
  ] as const) {
    const derived = await keyring.derive(root, purpose);
    expect(derived).toMatchObject({ extractable: false, algorithm: { name: 'AES-GCM', length: 256 } });
    await expect(crypto.subtle.exportKey('raw', derived)).rejects.toThrow();
    seen.add(String(new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, derived, iv))));
  }
  expect(seen.size).toBe(3);
});

test('a root that is not there is named by its number', async () => {
  const keyring = await Keyring.parse(OLD_ROOT);
  await expect(keyring.derive(2, 'wrap/data')).rejects.toMatchObject({
    code: 'key_unknown',
    message: 'root 2 is not in KEYRING',
  });
});
