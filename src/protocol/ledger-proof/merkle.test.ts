import { bytesToHex as hex, hexToBytes as unhex } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Edge, hashesOf, tilePath, tilesOf } from './edge.ts';
import {
  consistencyProof,
  type Hash,
  inclusionProof,
  leafHash,
  nodeHash,
  provesConsistency,
  provesInclusion,
  rootOf,
} from './merkle.ts';

/** RFC 6962 section 2.1, word for word: what every shorter way has to agree with. */
function plainRoot(leaves: readonly Hash[]): Hash {
  const [only] = leaves;
  if (only === undefined) return new Uint8Array(createHash('sha256').digest());
  if (leaves.length === 1) return only;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(plainRoot(leaves.slice(0, split)), plainRoot(leaves.slice(split)));
}

const leafAt = (place: number) => leafHash(new TextEncoder().encode(`leaf ${place}`));
const leaves = Array.from({ length: 1_500 }, (_, place) => leafAt(place));

function treeOf(size: number) {
  const { edge, tiles } = tilesOf(leaves.slice(0, size));
  return { root: edge.root(), hashes: hashesOf((level, index) => tiles.get(`${level}/${index}`)) };
}

const sizes = fc.integer({ min: 1, max: leaves.length });

describe('the tree', () => {
  test('has the roots that are known of the public test leaves', () => {
    const known = [
      '',
      '00',
      '10',
      '2021',
      '3031',
      '40414243',
      '5051525354555657',
      '606162636465666768696a6b6c6d6e6f',
    ];
    const { edge } = tilesOf(known.map((leaf) => leafHash(unhex(leaf))));
    expect(hex(edge.root())).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
    expect(hex(new Edge().root())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  test('grown leaf by leaf, from whatever its edge was kept at, has the root that RFC 6962 gives it', () => {
    let edge = new Edge();
    for (const [place, leaf] of leaves.entries()) {
      edge.push(leaf);
      edge = new Edge(edge.size, edge.tiles());
      if (place < 40 || (place + 1) % 64 < 2)
        expect(edge.root()).toEqual(plainRoot(leaves.slice(0, place + 1)));
    }
  });

  test('of more than 65,536 leaves has the same root by its edge, by its tiles and by the rule', () => {
    const many = Array.from({ length: 65_536 + 300 }, (_, place) => leafAt(place));
    const { edge, tiles } = tilesOf(many);
    const hashes = hashesOf((level, index) => tiles.get(`${level}/${index}`));
    expect(edge.root()).toEqual(plainRoot(many));
    expect(rootOf(hashes, many.length)).toEqual(edge.root());
    expect(rootOf(hashes, 65_535)).toEqual(plainRoot(many.slice(0, 65_535)));
  });
});

describe('a proof', () => {
  test('of inclusion holds for its leaf at its place alone', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat(), (size, at, other) => {
        const index = at % size;
        const { root, hashes } = treeOf(size);
        const proof = inclusionProof(hashes, index, size);
        expect(provesInclusion(leafAt(index), index, size, proof, root)).toBe(true);
        expect(provesInclusion(leafAt(leaves.length), index, size, proof, root)).toBe(false);
        expect(provesInclusion(leafAt(index), index, size, [...proof, root], root)).toBe(false);
        if (proof.length > 0)
          expect(provesInclusion(leafAt(index), index, size, proof.slice(1), root)).toBe(false);
        if (other % size !== index)
          expect(provesInclusion(leafAt(index), other % size, size, proof, root)).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  test('of consistency holds between a tree and what it began with, and no other', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), (size, at) => {
        const earlier = (at % size) + 1;
        const [old, now] = [treeOf(earlier), treeOf(size)];
        const [from, to] = [
          { size: earlier, root: old.root },
          { size, root: now.root },
        ];
        const proof = consistencyProof(now.hashes, earlier, size);
        expect(provesConsistency(from, to, proof)).toBe(true);
        const forged = { ...from, root: leafAt(0).map((byte) => byte ^ 1) };
        expect(provesConsistency(forged, to, proof)).toBe(false);
        expect(provesConsistency(from, { ...to, root: forged.root }, proof)).toBe(false);
        expect(provesConsistency(from, to, [...proof, to.root])).toBe(false);
        if (proof.length > 0) expect(provesConsistency(from, to, proof.slice(1))).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  test('that cannot be is refused', () => {
    const { hashes } = treeOf(5);
    expect(() => inclusionProof(hashes, 5, 5)).toThrow(RangeError);
    expect(() => consistencyProof(hashes, 6, 5)).toThrow(RangeError);
    expect(() => consistencyProof(hashes, 0, 5)).toThrow(RangeError);
    expect(() => rootOf(hashes, 6)).toThrow(RangeError);
  });
});

test('a tile lies where C2SP tlog-tiles says', () => {
  expect(tilePath(0, 0)).toBe('tile/0/000');
  expect(tilePath(1, 1_234_067)).toBe('tile/1/x001/x234/067');
  expect(tilePath('entries', 5, 17)).toBe('tile/entries/005.p/17');
});
