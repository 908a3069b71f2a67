import { bytesToHex as hex, hexToBytes as unhex } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import { readFileSync } from 'node:fs';
import { expect, inject, test } from 'vitest';
import { tilesOf } from './edge.ts';
import { leafHash, provesConsistency, provesInclusion } from './merkle.ts';
import { fromBase64 } from './note.ts';

/* The public vectors of the Merkle tree and of canonical JSON; how they are run stands in wycheproof.vectors.ts. */

type Case = { name: string; proof: string[] | null; wantErr: boolean };
type Inclusion = Case & { leafIdx: number; treeSize: number; root: string; leafHash: string };
type Consistency = Case & { size1: number; size2: number; root1: string; root2: string };

function read(name: string): unknown {
  return JSON.parse(readFileSync(`${inject('vectors')}/${name}.json`, 'utf8'));
}
const bytes = (text: string) => fromBase64(text) ?? new Uint8Array();
const textOf = (text: string) =>
  new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes(text));
const proofOf = ({ proof }: Case) => (proof ?? []).map(bytes);

const merkle = read('merkle_rfc6962') as {
  tree: { leaves_hex: string[]; root_hex_by_size: string[] };
  inclusion: Inclusion[];
  consistency: Consistency[];
};

test('roots of every size', () => {
  merkle.tree.root_hex_by_size.forEach((root, size) => {
    const leaves = merkle.tree.leaves_hex.slice(0, size).map((leaf) => leafHash(unhex(leaf)));
    expect(hex(tilesOf(leaves).edge.root())).toBe(root);
  });
});

test(`inclusion: ${merkle.inclusion.length} vectors`, () => {
  for (const vector of merkle.inclusion) {
    const { name, leafIdx, treeSize, root, leafHash, wantErr } = vector;
    const holds = provesInclusion(bytes(leafHash), leafIdx, treeSize, proofOf(vector), bytes(root));
    expect(holds, name).toBe(!wantErr);
  }
});

test(`consistency: ${merkle.consistency.length} vectors`, () => {
  for (const vector of merkle.consistency) {
    const { name, size1, size2, root1, root2, wantErr } = vector;
    const from = { size: size1, root: bytes(root1) };
    const holds = provesConsistency(from, { size: size2, root: bytes(root2) }, proofOf(vector));
    expect(holds, name).toBe(!wantErr);
  }
});

const { cases } = read('jcs_rfc8785') as {
  cases: { name: string; input_b64: string; canonical_b64: string }[];
};

test(`canonical JSON: ${cases.length} vectors`, () => {
  for (const { name, input_b64, canonical_b64 } of cases)
    expect(canonicalize(JSON.parse(textOf(input_b64))), name).toBe(textOf(canonical_b64));
});
