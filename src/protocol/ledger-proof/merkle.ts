/**
 * The Merkle tree over the ledger's leaves: RFC 6962 section 2.1, with proofs as RFC 9162 section 2.1 checks them.
 * Hashes of complete subtrees are read by level and place, so that a tree of any size is as good as its tiles.
 */
import { sha256 } from '@noble/hashes/sha2.js';

/** 32 bytes of SHA-256. */
export type Hash = Uint8Array;
/** What a tree is made of: the hash of the leaves from `index * 256^level` on, 256^level of them. */
export type Hashes = (level: number, index: number) => Hash;

/** A tile holds 256 hashes of one level, and its own hash is one of the level above (C2SP tlog-tiles). */
export const tileWidth = 256;
export const hashBytes = 32;

const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

export function leafHash(leaf: Uint8Array): Hash {
  return hashOf(leafPrefix, leaf);
}

export function nodeHash(left: Hash, right: Hash): Hash {
  return hashOf(nodePrefix, left, right);
}

/** The hash of a complete subtree: of 1, 2, 4 … 256 hashes. */
export function foldHashes(hashes: readonly Hash[]): Hash {
  const [left, right] = hashes;
  if (left === undefined) throw new RangeError('nothing to fold');
  if (right === undefined) return left;
  const pairs = hashes.flatMap((hash, place) =>
    place % 2 === 0 ? [nodeHash(hash, hashes[place + 1] ?? hash)] : [],
  );
  return foldHashes(pairs);
}

/** MTH of the first `size` leaves. */
export function rootOf(hashes: Hashes, size: number): Hash {
  return size === 0 ? hashOf() : rangeRoot(hashes, 0, size);
}

/**
 * The audit path of one leaf (section 2.1.1 of RFC 6962), from the leaf up.
 *
 * @throws {RangeError} no such leaf in a tree of this size
 */
export function inclusionProof(hashes: Hashes, index: number, size: number): Hash[] {
  if (index < 0 || index >= size) throw new RangeError(`no leaf ${index} among ${size}`);
  return pathWithin(hashes, index, 0, size);
}

function pathWithin(hashes: Hashes, index: number, start: number, end: number): Hash[] {
  if (end - start === 1) return [];
  const middle = start + splitOf(end - start);
  return index < middle
    ? [...pathWithin(hashes, index, start, middle), rangeRoot(hashes, middle, end)]
    : [...pathWithin(hashes, index, middle, end), rangeRoot(hashes, start, middle)];
}

/**
 * That the tree of `size` begins with the tree of `earlier` (section 2.1.2 of RFC 6962).
 *
 * @throws {RangeError} `earlier` is larger, or nothing
 */
export function consistencyProof(hashes: Hashes, earlier: number, size: number): Hash[] {
  if (earlier < 1 || earlier > size) throw new RangeError(`no tree of ${earlier} within one of ${size}`);
  return sharedWithin(hashes, earlier, 0, size, true);
}

function sharedWithin(hashes: Hashes, earlier: number, start: number, end: number, isKnown: boolean): Hash[] {
  if (earlier === end) return isKnown ? [] : [rangeRoot(hashes, start, end)];
  const middle = start + splitOf(end - start);
  return earlier <= middle
    ? [...sharedWithin(hashes, earlier, start, middle, isKnown), rangeRoot(hashes, middle, end)]
    : [...sharedWithin(hashes, earlier, middle, end, false), rangeRoot(hashes, start, middle)];
}

/** Whether the proof leads from the leaf to the root (RFC 9162, 2.1.3.2). */
export function provesInclusion(
  leaf: Hash,
  index: number,
  size: number,
  proof: readonly Hash[],
  root: Hash,
): boolean {
  if (!isPlace(index) || !isPlace(size) || index >= size || leaf.length !== hashBytes) return false;
  let [at, last, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sibling, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else hash = nodeHash(hash, sibling);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && sameBytes(hash, root);
}

/** Whether the proof leads from the earlier root to the later one (RFC 9162, 2.1.4.2). */
export function provesConsistency(
  earlier: { size: number; root: Hash },
  later: { size: number; root: Hash },
  proof: readonly Hash[],
): boolean {
  if (!isPlace(earlier.size) || !isPlace(later.size) || earlier.size === 0 || earlier.size > later.size)
    return false;
  if (earlier.size === later.size) return proof.length === 0 && sameBytes(earlier.root, later.root);
  const isPower = Number.isInteger(Math.log2(earlier.size));
  const [first, ...path] = isPower ? [earlier.root, ...proof] : proof;
  if (first === undefined || (!isPower && proof.length === 0)) return false;
  let [at, last] = [earlier.size - 1, later.size - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  let [old, now] = [first, first];
  for (const sibling of path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      [old, now] = [nodeHash(sibling, old), nodeHash(sibling, now)];
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else now = nodeHash(now, sibling);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && sameBytes(old, earlier.root) && sameBytes(now, later.root);
}

/** The root of the leaves from `start` to before `end`, which are a subtree of a tree that begins at 0. */
function rangeRoot(hashes: Hashes, start: number, end: number): Hash {
  const count = end - start;
  if (Number.isInteger(Math.log2(count))) return completeRoot(hashes, start, count);
  const middle = start + splitOf(count);
  return nodeHash(rangeRoot(hashes, start, middle), rangeRoot(hashes, middle, end));
}

/** A power of two of leaves, from a multiple of it on. */
function completeRoot(hashes: Hashes, start: number, count: number): Hash {
  const level = Math.floor(Math.log2(count) / Math.log2(tileWidth));
  const span = tileWidth ** level;
  return foldHashes(Array.from({ length: count / span }, (_, place) => hashes(level, start / span + place)));
}

/** Of hashes, or of many one after the other. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}

/** The largest power of two below `count`. */
function splitOf(count: number): number {
  return 2 ** Math.floor(Math.log2(count - 1));
}

function half(place: number): number {
  return Math.floor(place / 2);
}

function isPlace(number: number): boolean {
  return Number.isSafeInteger(number) && number >= 0;
}

function hashOf(...parts: readonly Uint8Array[]): Hash {
  const hash = sha256.create();
  for (const part of parts) hash.update(part);
  return hash.digest();
}
