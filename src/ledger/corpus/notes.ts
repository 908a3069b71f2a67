/* Signed heads and the keys that signed them. Ed25519 signs the same bytes the same way each time. */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import {
  checkpointText,
  fromBase64,
  type NoteKey,
  signNote,
  toBase64,
  verifierKey,
} from '../../protocol/ledger-proof.ts';
import { type Corpus, hex, run, spoiled, unhex } from './format.ts';

export const origin = 'chat.example.com/ledger';

export type Signer = NoteKey & { seed: Uint8Array; note: (text: string) => Promise<string> };

/** @param first of the bytes of its seed, which count up */
export function signerOf(first: number, name = origin): Signer {
  const seed = run(32, first);
  // What stands before the seed in a private key by RFC 8410.
  const der = new Uint8Array([...unhex('302e020100300506032b657004220420'), ...seed]);
  const key = createPrivateKey(`-----BEGIN PRIVATE KEY-----\n${toBase64(der)}\n-----END PRIVATE KEY-----\n`);
  // And before a public one.
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const own = { name, publicKey: new Uint8Array(spki).subarray(-32) };
  const note = (text: string) =>
    signNote(text, own, (bytes) => Promise.resolve(new Uint8Array(sign(null, bytes, key)).buffer));
  return { ...own, seed, note };
}

const signer = signerOf(0x20);

export async function keyVectors(): Promise<Corpus['key']> {
  const keys = [signer, signerOf(0x40), signerOf(0x20, 'another.example.com/ledger')];
  const good = verifierKey(signer);
  const [, id = '', encoded = ''] = good.split('+');
  const bytes = fromBase64(encoded) ?? new Uint8Array();
  const bad: [key: string, why: string][] = [
    ['', 'nothing'],
    [good.slice(0, good.lastIndexOf('+')), 'no key'],
    [good.replace(id, `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`), 'an id that is not its own'],
    [good.replace(id, id.toUpperCase()), 'the id in capitals'],
    [good.replace(origin, 'another.example.com/ledger'), 'the id of the same key under another name'],
    [`${origin}+${id}+${toBase64(bytes.with(0, 2))}`, 'another kind of key'],
    [`${origin}+${id}+${toBase64(bytes.subarray(0, -1))}`, 'a key of 31 bytes'],
    [good.slice(0, -1), 'base64 that is cut off'],
  ];
  return Promise.resolve([
    ...keys.map((key) => ({
      key: verifierKey(key),
      ...{ seed: hex(key.seed), name: key.name, publicKey: hex(key.publicKey) },
    })),
    ...bad.map(([key, why]) => spoiled({ key }, 'key_refused', why)),
  ]);
}

export async function noteVectors(): Promise<Corpus['note']> {
  const [other, elsewhere] = [signerOf(0x40), signerOf(0x20, 'another.example.com/ledger')];
  const head = { origin, size: 1234, root: run(32, 0x80) };
  const text = checkpointText(head);
  const said = { origin, size: head.size, root: hex(head.root) };
  const note = await signer.note(text);
  const keys = [verifierKey(signer)];
  const line = note.slice(text.length + 1);
  const signature = fromBase64(line.trimEnd().split(' ')[2] ?? '') ?? run(68);
  const others = (await other.note(text)).slice(text.length + 1);
  const empty = {
    origin,
    size: 0,
    root: unhex('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'),
  };
  const bad = (bent: string, why: string, by = keys) =>
    spoiled({ note: bent, keys: by }, 'note_refused', why);
  const signed = async (lines: string, why: string) => bad(await signer.note(lines), why);
  const root = toBase64(head.root);
  return [
    { note, keys, ...said },
    { note, keys: [verifierKey(other), ...keys], ...said },
    { note: `${note}${others}`, keys, ...said },
    { note: `${text}\n${others}${line}`, keys, ...said },
    { note: await signer.note(checkpointText(empty)), keys, origin, size: 0, root: hex(empty.root) },
    bad(note, 'nobody’s key', []),
    bad(note, 'another key', [verifierKey(other)]),
    bad(note, 'the same key under another name', [verifierKey(elsewhere)]),
    bad(note.replace('\n1234\n', '\n1235\n'), 'another size than was signed'),
    bad(note.replace(root, toBase64(head.root.with(31, 0))), 'another root than was signed'),
    bad(note.replace(`${origin}\n1`, 'chat.example.net/ledger\n1'), 'another origin than was signed'),
    bad(await elsewhere.note(text), 'signed by a key that has not its origin’s name', [
      verifierKey(elsewhere),
    ]),
    bad(note.replace('\u2014', '-'), 'a hyphen instead of the dash'),
    bad(note.replace('\n\n', '\n'), 'no empty line'),
    bad(note.slice(0, -1), 'no line end after the signature'),
    bad(`${text}\n`, 'no signature'),
    bad(note.replaceAll('\n', '\r\n'), 'other line ends'),
    bad(`${text}\n\u2014 ${origin} ${toBase64(signature.subarray(0, -1))}\n`, 'a signature of 63 bytes'),
    await signed(`${origin}\n01234\n${root}\n`, 'rightly signed: a size with a zero before it'),
    await signed(`${origin}\n-1\n${root}\n`, 'rightly signed: a size below nothing'),
    await signed(`${origin}\n1e3\n${root}\n`, 'rightly signed: a size that is no row of digits'),
    await signed(`${origin}\n1234\n${toBase64(run(31))}\n`, 'rightly signed: a root of 31 bytes'),
    await signed(`${origin}\n1234\n${root.replace('=', '')}\n`, 'rightly signed: a root without its padding'),
    await signed(`${origin}\n1234\n`, 'rightly signed: no root'),
  ];
}
