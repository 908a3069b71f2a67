import { expect, test } from 'vitest';
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

async function newKey() {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
  const publicKey = new Uint8Array((await crypto.subtle.exportKey('raw', pair.publicKey)) as ArrayBuffer);
  const key = { name: 'sotto.test/ledger', publicKey };
  const signed = (text: string) =>
    signNote(text, key, (bytes) => crypto.subtle.sign('Ed25519', pair.privateKey, bytes));
  return { key, signed };
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
  const [{ key, signed: signedBy }, { key: other }] = [await newKey(), await newKey()];
  const root = new Uint8Array(32).fill(7);
  const signed = await signedBy(checkpointText({ origin: 'sotto.test/ledger', size: 12, root }));
  expect(await readCheckpoint(signed, [other, key])).toEqual({
    origin: 'sotto.test/ledger',
    size: 12,
    root,
  });
  // Its key signs of no other tree.
  const another = checkpointText({ origin: 'another.test/ledger', size: 12, root });
  expect(await readCheckpoint(await signedBy(another), [key])).toBeUndefined();
  // Others may add their signatures; who does not know them passes over them.
  expect(await readCheckpoint(`${signed}\u2014 witness ${signature}\n`, [key])).toBeDefined();
  expect(await readCheckpoint(signed, [other])).toBeUndefined();
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
      await readCheckpoint(await signedBy(`${text}${btoa('x'.repeat(32))}\n`), [key]),
      text,
    ).toBeUndefined();
});

test('a key whose id is not its own is none', () => {
  expect(readVerifierKey(peter.replace('c74f20a3', 'c74f20a4'))).toBeUndefined();
  expect(readVerifierKey(peter.slice(0, -4))).toBeUndefined();
  expect(readVerifierKey('nothing')).toBeUndefined();
});
