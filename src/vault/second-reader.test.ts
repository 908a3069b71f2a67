import {
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
} from 'node:crypto';
import { expect, test } from 'vitest';
import published from '../../docs/vectors/envelope.json' with { type: 'json' };
import type { Corpus, Place } from './corpus/format.ts';

/*
 * A second implementation of docs/ENVELOPE.md, written from its text with Node's own cryptography and nothing of
 * ours: the corpus is made by the code that it tests, and this is what shows that the page and the code agree.
 */

const corpus = published as Corpus;

const bytes = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (part: Uint8Array): string =>
  Array.from(part, (byte) => byte.toString(16).padStart(2, '0')).join('');
const join = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const number = (value: number, size: 4 | 8): Uint8Array => bytes(value.toString(16).padStart(size * 2, '0'));
const sized = (part: Uint8Array): Uint8Array => join(number(part.length, 4), part);
const idOf = (box: Uint8Array): number => parseInt(hex(box.subarray(1, 5)), 16);

function bind({ label, fields }: Place): Uint8Array {
  const encoded = fields.map((field) => {
    if (typeof field === 'number') return join(bytes('02'), number(field, 8));
    if (typeof field === 'string') return join(bytes('01'), sized(text(field)));
    return join(bytes('03'), sized(bytes('bytes' in field ? field.bytes : '')));
  });
  return join(sized(text(label)), number(fields.length, 4), ...encoded);
}

function hkdf(secret: Uint8Array, label: string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, bytes(''), bind({ label, fields: [purpose] }), 32));
}

function openBox(key: Uint8Array, headerBytes: number, place: Place, box: Uint8Array): string {
  const header = box.subarray(0, headerBytes);
  const cipher = createDecipheriv('aes-256-gcm', key, box.subarray(headerBytes, headerBytes + 12));
  cipher.setAAD(join(header, bind(place))).setAuthTag(box.subarray(-16));
  return cipher.update(box.subarray(headerBytes + 12, -16), undefined, 'hex') + cipher.final('hex');
}

interface Manifest {
  length: number;
  parts: { attempt: string; length: number; header: string }[];
}

function expand(secret: Uint8Array, salt: Uint8Array, place: Place) {
  const key = hkdf(secret, 'sotto/data-key/1', 'stream');
  const info = join(text('c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0'), salt, bind(place));
  const first = createHmac('sha512', key).update(info).update(bytes('01')).digest();
  const second = createHmac('sha512', key).update(first).update(info).update(bytes('02')).digest();
  const expanded = join(first, second);
  return {
    key: expanded.subarray(0, 32),
    nonce: expanded.subarray(32, 44),
    commitment: expanded.subarray(44, 76),
  };
}

function openChunks(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array {
  const opened: Uint8Array[] = [];
  for (let rest = sealed, chunk = 0; ; rest = rest.subarray(16_400), chunk++) {
    const counter = number(chunk, 8);
    const iv = nonce.map((byte, index) => byte ^ (counter[index - 4] ?? 0));
    const piece = rest.subarray(0, 16_400);
    const cipher = createDecipheriv('aes-256-gcm', key, iv).setAuthTag(piece.subarray(-16));
    opened.push(cipher.update(piece.subarray(0, -16)), cipher.final());
    if (piece.length < 16_400) return join(...opened);
  }
}

function good<Vector extends object>(vectors: Vector[]): Exclude<Vector, { refused: string }>[] {
  return vectors.filter((vector): vector is Exclude<Vector, { refused: string }> => !('refused' in vector));
}

test('it writes the same bindings', () => {
  for (const vector of good(corpus.bind)) expect(hex(bind(vector))).toBe(vector.bytes);
});

test('it opens service keys', () => {
  for (const { keyring, id, purpose, root, wrapped, secret } of good(corpus.serviceKey)) {
    const entry = keyring.split(',').find((entry) => entry.startsWith(`${root}:`)) ?? '';
    const base64 = entry
      .slice(entry.indexOf(':') + 1)
      .replaceAll('-', '+')
      .replaceAll('_', '/');
    const key = hkdf(
      Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)),
      'sotto/root/1',
      `wrap/${purpose}`,
    );
    const place = { label: 'sotto/service-key/1', fields: [purpose, id, root] };
    expect(openBox(key, 1, place, bytes(wrapped))).toBe(secret);
  }
});

test('it opens records and finds the key that they commit to', () => {
  for (const { keys, place, record, secret, commitment } of good(corpus.record)) {
    const box = bytes(record);
    const kek = keys.find(({ id }) => id === idOf(box));
    expect(openBox(bytes(kek?.key ?? ''), 37, place, box)).toBe(secret);
    expect(hex(box.subarray(5, 37))).toBe(commitment);
    expect(hex(hkdf(bytes(secret), 'sotto/data-key/1', 'commitment'))).toBe(commitment);
  }
});

test('it opens values', () => {
  for (const { secret, place, sealed, plaintext } of good(corpus.value)) {
    const key = hkdf(bytes(secret), 'sotto/data-key/1', 'box');
    expect(openBox(key, 1, place, bytes(sealed))).toBe(plaintext);
  }
});

test('it opens files, whole or in part', () => {
  for (const { secret, file, manifest, parts, from, to, plaintext } of good(corpus.file)) {
    const box = hkdf(bytes(secret), 'sotto/data-key/1', 'box');
    const sealed = openBox(box, 1, { label: 'sotto/file-manifest/1', fields: file }, bytes(manifest));
    const listed = JSON.parse(new TextDecoder().decode(bytes(sealed))) as Manifest;
    const opened = listed.parts.map(({ attempt, length, header }, part) => {
      const message = bytes(parts[`${part}/${attempt}`] ?? '');
      const { key, nonce, commitment } = expand(bytes(secret), message.subarray(0, 24), {
        label: 'sotto/file-part/1',
        fields: [...file, part],
      });
      expect(hex(message.subarray(24, 56))).toBe(hex(commitment));
      const written = btoa(String.fromCharCode(...message.subarray(0, 56)));
      expect(written.replace(/=$/, '').replaceAll('+', '-').replaceAll('/', '_')).toBe(header);
      const plain = openChunks(key, nonce, message.subarray(56));
      expect(plain).toHaveLength(length);
      return plain;
    });
    expect(join(...opened)).toHaveLength(listed.length);
    expect(hex(join(...opened).subarray(from, to))).toBe(plaintext);
  }
});

test('it opens peppered values', () => {
  for (const { keys, place, sealed, plaintext } of good(corpus.peppered)) {
    const pepper = keys.find(({ id }) => id === idOf(bytes(sealed)));
    expect(openBox(bytes(pepper?.key ?? ''), 5, place, bytes(sealed))).toBe(plaintext);
  }
});

test('it hashes look-ups', () => {
  for (const { key, label, value, hash } of corpus.lookup) {
    const message = bind({ label: 'sotto/lookup/1', fields: [label, value] });
    expect(createHmac('sha256', bytes(key)).update(message).digest('hex')).toBe(hash);
  }
});

test('it names token keys', () => {
  for (const { seed, x, kid } of corpus.token) {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x, d: btoa(String.fromCharCode(...bytes(seed))) };
    const key = createPublicKey(createPrivateKey({ key: jwk, format: 'jwk' }));
    expect(key.export({ format: 'jwk' })['x']).toBe(x);
    const members = JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x });
    expect(createHash('sha256').update(members).digest('base64url')).toBe(kid);
  }
});
