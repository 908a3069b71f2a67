import { expect, test } from 'vitest';
import { importSigningKey } from '../signing-key.ts';
import { fromBase64url } from '../bytes.ts';
import { checkpointText, openNote, readCheckpoint, readVerifierKey, signNote, verifierKey } from './note.ts';

const peter = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const said =
  'If you think cryptography is the answer to your problem,\nthen you don’t know what your problem is.\n'.replace(
    '’',
    "'",
  );
const signature =
  'x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=';
const note = `${said}\n\u2014 PeterNeumann ${signature}\n`;

async function ownKey(seed: number, name = 'sotto.test/ledger') {
  const { privateKey, jwk } = await importSigningKey(new Uint8Array(32).fill(seed));
  return { name, privateKey, publicKey: fromBase64url(jwk.x) ?? new Uint8Array() };
}

test('a note that others signed opens by their key, and by no other', async () => {
  const key = readVerifierKey(peter);
  expect(key).toBeDefined();
  if (key === undefined) return;
  expect(verifierKey(key)).toBe(peter);
  expect(await openNote(note, [key])).toBe(said);
  expect(await openNote(note.replace('cryptography', 'kryptography'), [key])).toBeUndefined();
  expect(await openNote(note, [{ ...key, name: 'Peter' }])).toBeUndefined();
  expect(await openNote(note, [])).toBeUndefined();
  expect(await readCheckpoint(note, [key])).toBeUndefined();
});

test('a checkpoint says the same to whoever has the key', async () => {
  const key = await ownKey(1);
  const root = new Uint8Array(32).fill(7);
  const signed = await signNote(checkpointText({ origin: 'sotto.test/ledger', size: 12, root }), key);
  expect(await readCheckpoint(signed, [await ownKey(2), key])).toEqual({
    origin: 'sotto.test/ledger',
    size: 12,
    root,
  });
  // Its key signs of no other tree.
  const another = checkpointText({ origin: 'another.test/ledger', size: 12, root });
  expect(await readCheckpoint(await signNote(another, key), [key])).toBeUndefined();
  // Others may add their signatures; who does not know them passes over them.
  expect(await readCheckpoint(`${signed}\u2014 witness ${signature}\n`, [key])).toBeDefined();
  expect(await readCheckpoint(signed, [await ownKey(2)])).toBeUndefined();
  const forged = [
    signed.replace('\n12\n', '\n13\n'),
    signed.replace('sotto.test/ledger\n', 'sotto.test/other\n'),
    signed.trimEnd(),
    signed.replace('\n\n', '\n'),
    '',
  ];
  for (const text of forged) expect(await readCheckpoint(text, [key]), text).toBeUndefined();
  const odd = ['sotto.test/ledger\n012\n', 'sotto.test/ledger\n-1\n', 'sotto.test/ledger\n1e9\n'];
  for (const text of odd)
    expect(
      await readCheckpoint(await signNote(`${text}${btoa('x'.repeat(32))}\n`, key), [key]),
      text,
    ).toBeUndefined();
});

test('a key whose id is not its own is none', () => {
  expect(readVerifierKey(peter.replace('c74f20a3', 'c74f20a4'))).toBeUndefined();
  expect(readVerifierKey(peter.slice(0, -4))).toBeUndefined();
  expect(readVerifierKey('nothing')).toBeUndefined();
});
