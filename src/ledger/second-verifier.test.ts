import { createDecipheriv, createPrivateKey, createPublicKey, hkdfSync, sign, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import published from '../../docs/vectors/ledger.json' with { type: 'json' };
import type { Corpus } from './corpus/format.ts';
import {
  base64,
  base64url,
  begins,
  bytes,
  canonical,
  entryIn,
  fromBase64,
  hex,
  includes,
  join,
  leafHash,
  rootOf,
  same,
  sha256,
  text,
  tilesOf,
} from './second-verifier/tree.ts';

/*
 * A second implementation of docs/LEDGER.md, written from its text with Node's own cryptography and nothing of ours: the
 * corpus is made by the code that it tests, and this is what shows that the page and the code agree.
 */

const corpus = published as unknown as Corpus;
type Vector<Kind extends keyof Corpus> = Corpus[Kind] extends (infer Each)[] ? Each : never;

const nothing = new Uint8Array(0);

// Signed heads ---------------------------------------------------------------------------------------------------

type Key = { name: string; id: Uint8Array; publicKey: Uint8Array };
type Head = { origin: string; size: number; root: Uint8Array };

function keyIn(written: string): Key | undefined {
  const [, name, id, encoded = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+(.+)$/.exec(written) ?? [];
  const key = fromBase64(encoded);
  if (name === undefined || id === undefined || key?.length !== 33 || key[0] !== 1) return undefined;
  const own = sha256(text(`${name}\n`), key).subarray(0, 4);
  return same(own, bytes(id)) ? { name, id: own, publicKey: key.subarray(1) } : undefined;
}

function isSignedBy({ name, id, publicKey }: Key, said: string, line: string): boolean {
  const signature = line.startsWith(`\u2014 ${name} `) ? fromBase64(line.slice(name.length + 3)) : undefined;
  if (signature?.length !== 68 || !same(signature.subarray(0, 4), id)) return false;
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: base64url(publicKey) };
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  return verify(null, text(said), key, signature.subarray(4));
}

function headIn(note: string, keys: readonly string[]): Head | undefined {
  const [, said, lines] = /^([^]*?\n)\n((?:[^\n]+\n)+)$/.exec(note) ?? [];
  const [, origin, size = '', root = ''] = /^([^\n]+)\n(0|[1-9]\d*)\n([^\n]+)\n/.exec(said ?? '') ?? [];
  const hash = fromBase64(root);
  if (said === undefined || lines === undefined || origin === undefined || hash?.length !== 32)
    return undefined;
  const own = keys.flatMap((key) => keyIn(key) ?? []).filter(({ name }) => name === origin);
  const isSigned = own.some((key) => lines.split('\n').some((line) => isSignedBy(key, said, line)));
  return isSigned ? { origin, size: Number(size), root: hash } : undefined;
}

// What lies beside an entry --------------------------------------------------------------------------------------

/** docs/ENVELOPE.md, Places. */
function bind(label: string, fields: readonly (string | number | Uint8Array)[]): Uint8Array {
  const u32 = (value: number) => bytes(value.toString(16).padStart(8, '0'));
  const sized = (part: Uint8Array) => join(u32(part.length), part);
  const encoded = fields.map((field) => {
    if (typeof field === 'number') return bytes(`02${field.toString(16).padStart(16, '0')}`);
    if (typeof field === 'string') return join(bytes('01'), sized(text(field)));
    return join(bytes('03'), sized(field));
  });
  return join(sized(text(label)), u32(fields.length), ...encoded);
}

/** Undefined: they do not open, or are not what the entry was promised. */
function detailsIn({ key, entry, sealed, digest }: Vector<'details'>): object | undefined {
  const box = bytes(sealed);
  const secret = hkdfSync('sha256', bytes(key), '', bind('sotto/data-key/1', ['box']), 32);
  const cipher = createDecipheriv('aes-256-gcm', new Uint8Array(secret), box.subarray(1, 13));
  cipher.setAAD(join(bytes('11'), bind('sotto/ledger-details/1', [entry])));
  cipher.setAuthTag(box.subarray(-16));
  try {
    const plain = bytes(cipher.update(box.subarray(13, -16), undefined, 'hex') + cipher.final('hex'));
    if (base64url(sha256(plain)) !== digest) return undefined;
    const what = JSON.parse(new TextDecoder().decode(plain.subarray(16))) as object;
    return { salt: hex(plain.subarray(0, 16)), what };
  } catch {
    return undefined;
  }
}

function digestOf(messages: Vector<'conversation'>['messages']): string {
  const each = messages.map(({ position, id, kind, author, at, sealed }) =>
    sha256(bind('sotto/message-digest/1', [position, id, kind, author, at, bytes(sealed)])),
  );
  return base64url(sha256(...each));
}

// A file ---------------------------------------------------------------------------------------------------------

type Line =
  | { keys: string[]; checkpoints: string[] }
  | { seq: number; leaf: string }
  | { tile: number[]; hashes: string };
type Found = { what: string; seq: number; until?: number };

function verified({ lines, kept }: Vector<'export'>): {
  entries: number;
  proved: number;
  first: Found | undefined;
} {
  const read = lines.map((line) => JSON.parse(line) as Line);
  const rows = read.flatMap((line) => ('leaf' in line ? [line] : []));
  const ids = new Set<string>();
  const found = rows.flatMap(({ seq, leaf }, place): Found[] => {
    if (seq !== place) return [{ what: 'misplaced', seq: place }];
    const id = entryIn(leaf)?.id;
    if (id === undefined) return [{ what: 'unreadable', seq: place }];
    if (ids.has(id)) return [{ what: 'doubled', seq: place }];
    ids.add(id);
    return [];
  });
  const keys = read.flatMap((line) => ('keys' in line ? line.keys : []));
  const notes = [...kept, ...read.flatMap((line) => ('keys' in line ? line.checkpoints : []))];
  const heads = notes
    .flatMap((note) => headIn(note, keys) ?? [])
    .toSorted((one, other) => one.size - other.size);
  const tiles = new Map(
    read.flatMap((line) => ('tile' in line ? [[line.tile.join('/'), fromBase64(line.hashes)] as const] : [])),
  );
  const own = rows.map(({ leaf }) => leafHash(leaf));
  const { proved, findings } = held(own, heads, tiles);
  found.push(...findings);
  if (found.length === 0)
    for (const [name, hashes] of tiles)
      if (!same(tilesOf(own).get(name) ?? nothing, hashes ?? nothing))
        found.push({
          what: 'tiles',
          seq: Number(name.split('/')[1]) * 256 ** (Number(name.split('/')[0]) + 1),
        });
  if (found.length === 0 && proved < rows.length) found.push({ what: 'unproved', seq: proved });
  return { entries: rows.length, proved, first: found[0] };
}

/** The entries against one head after the other, the smallest first. */
function held(
  own: readonly Uint8Array[],
  heads: readonly Head[],
  tiles: ReadonlyMap<string, Uint8Array | undefined>,
) {
  let proved = 0;
  for (const [place, { size, root }] of heads.entries()) {
    const next = heads[place + 1];
    if (next?.size === size && !same(next.root, root))
      return { proved, findings: [{ what: 'forked', seq: size }] };
    if (size > own.length) return { proved, findings: [{ what: 'short', seq: own.length }] };
    if (!same(rootOf(own.slice(0, size)), root))
      return { proved, findings: [{ what: 'broken', ...firstBroken(own, size, root, proved, tiles) }] };
    proved = size;
  }
  return { proved, findings: [] };
}

/** Tiles that lead to the head are those that were signed, and say which entry is another. */
function firstBroken(
  own: readonly Uint8Array[],
  size: number,
  root: Uint8Array,
  proved: number,
  tiles: ReadonlyMap<string, Uint8Array | undefined>,
): Pick<Found, 'seq' | 'until'> {
  const signed = Array.from({ length: size }, (_, seq) => {
    const at = (seq % 256) * 32;
    return (tiles.get(`0/${Math.floor(seq / 256)}`) ?? nothing).subarray(at, at + 32);
  });
  if (!same(rootOf(signed), root)) return { seq: proved, until: size };
  return { seq: signed.findIndex((hash, seq) => !same(hash, own[seq] ?? nothing)) };
}

// ----------------------------------------------------------------------------------------------------------------

/** Each good vector gives what it says, and each bad one nothing. */
function each<Kind extends Exclude<keyof Corpus, 'about'>>(
  vectors: Corpus[Kind],
  read: (vector: Vector<Kind>) => object | undefined,
): void {
  for (const vector of vectors as (Vector<Kind> & { refused?: string; why?: string })[])
    if (vector.refused === undefined) expect(vector).toMatchObject(read(vector) ?? { nothing: true });
    else expect(read(vector), vector.why).toBeUndefined();
}

test('L17 it reads entries, and hashes them', () => {
  each<'leaf'>(corpus.leaf, ({ text: leaf }) => {
    const entry = entryIn(leaf);
    return entry && { entry, hash: hex(leafHash(leaf)) };
  });
  for (const vector of corpus.leaf)
    if ('entry' in vector) expect(canonical({ v: 1, ...vector.entry })).toBe(vector.text);
});

test('L17 it makes roots and tiles', () => {
  for (const { size, root, tiles } of corpus.tree) {
    const leaves = Array.from({ length: size }, (_, n) => leafHash(`leaf ${n}`));
    expect(hex(rootOf(leaves))).toBe(root);
    const all = tilesOf(leaves);
    for (const { path, sha256: hashed } of tiles) {
      const [, level = '', groups = '', width = '256'] =
        /^tile\/(\d+)\/([x\d/]+)(?:\.p\/(\d+))?$/.exec(path) ?? [];
      const tile = all.get(`${level}/${Number(groups.replaceAll(/[x/]/g, ''))}`) ?? nothing;
      expect([path, tile.length, hex(sha256(tile))]).toEqual([path, Number(width) * 32, hashed]);
    }
  }
}, 20_000);

test('L17 it reads keys and signed heads', () => {
  each<'key'>(corpus.key, ({ key }) => {
    const read = keyIn(key);
    return read && { name: read.name, publicKey: hex(read.publicKey) };
  });
  each<'note'>(corpus.note, ({ note, keys }) => {
    const head = headIn(note, keys);
    return head && { ...head, root: hex(head.root) };
  });
});

test('L17 it signs a head as it was signed', () => {
  const [key] = corpus.key;
  const [head] = corpus.note;
  if (key === undefined || head === undefined || !('seed' in key)) throw new Error('no vector');
  const jwk = {
    kty: 'OKP',
    crv: 'Ed25519',
    x: base64url(bytes(key.publicKey)),
    d: base64url(bytes(key.seed)),
  };
  const said = head.note.slice(0, head.note.indexOf('\n\n') + 1);
  const signature = sign(null, text(said), createPrivateKey({ key: jwk, format: 'jwk' }));
  const named = base64(join(keyIn(key.key)?.id ?? nothing, new Uint8Array(signature)));
  expect(`${said}\n\u2014 ${key.name} ${named}\n`).toBe(head.note);
});

test('L17 it follows proofs, and none that is not one', () => {
  each<'inclusion'>(corpus.inclusion, (vector) => (includes(vector) ? {} : undefined));
  each<'consistency'>(corpus.consistency, (vector) => (begins(vector) ? {} : undefined));
});

test('L17 it opens details, and makes the digest of a conversation', () => {
  each<'details'>(corpus.details, detailsIn);
  each<'conversation'>(corpus.conversation, (vector) =>
    digestOf(vector.messages) === vector.digest ? {} : undefined,
  );
});

test('L17 it proves a file whole, or finds where it is not', () => {
  for (const vector of corpus.export) {
    const { first, ...counts } = verified(vector);
    if (!('refused' in vector)) expect([vector, first]).toMatchObject([counts, undefined]);
    else {
      const { refused: what, seq, until, why } = vector;
      expect(first, why).toEqual({ what, seq, ...(until !== undefined && { until }) });
    }
  }
});
