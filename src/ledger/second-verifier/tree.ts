/* Of the second verifier: entries, the tree over them, and its proofs. Nothing of ours is in it. */
import { createHash } from 'node:crypto';

export const bytes = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
export const hex = (part: Uint8Array): string =>
  Array.from(part, (byte) => byte.toString(16).padStart(2, '0')).join('');
export const text = (value: string): Uint8Array => new TextEncoder().encode(value);
export const join = (...parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));
export const same = (one: Uint8Array, other: Uint8Array): boolean => hex(one) === hex(other);

export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

export const base64 = (part: Uint8Array): string => btoa(String.fromCharCode(...part));
export const base64url = (part: Uint8Array): string =>
  base64(part).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/** Undefined for what is not the one way to write these bytes. */
export function fromBase64(written: string): Uint8Array | undefined {
  try {
    const read = Uint8Array.from(atob(written), (char) => char.charCodeAt(0));
    return base64(read) === written ? read : undefined;
  } catch {
    return undefined;
  }
}

// An entry -------------------------------------------------------------------------------------------------------

/** RFC 8785: no spaces, names in the order of their UTF-16 units, numbers and texts as ECMAScript writes them. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value === 'string' && !value.isWellFormed()) throw new Error('a lone surrogate');
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `{${fields.map(([name, each]) => `${canonical(name)}:${canonical(each)}`).join()}}`;
}

/** Undefined: not an entry in its one spelling. */
export function entryIn(leaf: string): { id?: string } | undefined {
  try {
    const { v, ...entry } = JSON.parse(leaf) as { v: unknown; id?: string };
    return v === 1 && canonical({ v, ...entry }) === leaf ? entry : undefined;
  } catch {
    return undefined;
  }
}

export const leafHash = (leaf: string): Uint8Array => sha256(bytes('00'), text(leaf));

// The tree -------------------------------------------------------------------------------------------------------

const node = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(bytes('01'), left, right);
const splitOf = (count: number): number => 2 ** Math.floor(Math.log2(count - 1));

/** RFC 6962, 2.1. */
export function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves;
  if (only === undefined) return sha256();
  if (leaves.length === 1) return only;
  const split = splitOf(leaves.length);
  return node(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

/** By `{level}/{index}`, the hashes of a tile one after the other. */
export function tilesOf(leaves: readonly Uint8Array[]): Map<string, Uint8Array> {
  const tiles = new Map<string, Uint8Array>();
  for (let level = 0, hashes = leaves; hashes.length > 0; level++) {
    const above: Uint8Array[] = [];
    for (let at = 0; at < hashes.length; at += 256) {
      const tile = hashes.slice(at, at + 256);
      tiles.set(`${level}/${at / 256}`, join(...tile));
      if (tile.length === 256) above.push(rootOf(tile));
    }
    hashes = above;
  }
  return tiles;
}

/** RFC 6962, 2.1.1, read backwards: the root to which this path leads from this leaf. @throws it is too short, or too long */
function rootBy(path: readonly Uint8Array[], leaf: Uint8Array, index: number, size: number): Uint8Array {
  if (size === 1 && path.length === 0 && index === 0) return leaf;
  const sibling = path.at(-1);
  if (sibling === undefined || size < 2 || index < 0 || index >= size) throw new Error('no such path');
  const split = splitOf(size);
  return index < split
    ? node(rootBy(path.slice(0, -1), leaf, index, split), sibling)
    : node(sibling, rootBy(path.slice(0, -1), leaf, index - split, size - split));
}

/** RFC 6962, 2.1.2, read backwards: the roots of both trees. @param known the earlier root, as far as it is a node of its own */
function rootsBy(
  path: readonly Uint8Array[],
  earlier: number,
  size: number,
  known?: Uint8Array,
): [Uint8Array, Uint8Array] {
  const last = path.at(-1);
  if (earlier === size) {
    const own = known ?? last;
    if (own === undefined || path.length !== (known === undefined ? 1 : 0)) throw new Error('no such path');
    return [own, own];
  }
  if (last === undefined || earlier < 1 || earlier > size) throw new Error('no such path');
  const [rest, split] = [path.slice(0, -1), splitOf(size)];
  if (earlier <= split) {
    const [old, now] = rootsBy(rest, earlier, split, known);
    return [old, node(now, last)];
  }
  const [old, now] = rootsBy(rest, earlier - split, size - split);
  return [node(last, old), node(last, now)];
}

type Inclusion = { leaf: string; index: number; size: number; root: string; proof: string[] };
type Consistency = Omit<Inclusion, 'leaf' | 'index'> & { earlier: { size: number; root: string } };

const holds = (prove: () => boolean): boolean => {
  try {
    return prove();
  } catch {
    return false;
  }
};

export function includes({ leaf, index, size, root, proof }: Inclusion): boolean {
  return holds(() => same(rootBy(proof.map(bytes), bytes(leaf), index, size), bytes(root)));
}

export function begins({ earlier, size, root, proof }: Consistency): boolean {
  return holds(() => {
    const [old, now] = rootsBy(proof.map(bytes), earlier.size, size, bytes(earlier.root));
    return same(old, bytes(earlier.root)) && same(now, bytes(root));
  });
}
