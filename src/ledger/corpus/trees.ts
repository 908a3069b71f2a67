/* The tree, its tiles, and proofs of and within it. */
import { createHash } from 'node:crypto';
import {
  consistencyProof,
  hashesOf,
  inclusionProof,
  leafHash,
  tilePath,
  tilesIn,
  tilesOf,
} from '../../protocol/ledger-proof.ts';
import { type Corpus, hex, spoiled } from './format.ts';

const leafAt = (n: number) => leafHash(new TextEncoder().encode(`leaf ${n}`));

function treeOf(size: number) {
  const { edge, tiles } = tilesOf(Array.from({ length: size }, (_, n) => leafAt(n)));
  const tileOf = (level: number, index: number) => tiles.get(`${level}/${index}`);
  return { root: hex(edge.root()), tileOf, hashes: hashesOf(tileOf) };
}

export function treeVectors(): Corpus['tree'] {
  return [0, 1, 2, 3, 255, 256, 257, 65_537].map((size) => {
    const { root, tileOf } = treeOf(size);
    // Of many tiles the first and the last of each level.
    const some = tilesIn(size).filter(
      ({ level, index }, at, all) => index === 0 || all[at + 1]?.level !== level,
    );
    const tiles = some.map(({ level, index, width }) => ({
      path: tilePath(level, index, width),
      sha256: createHash('sha256')
        .update(tileOf(level, index) ?? '')
        .digest('hex'),
    }));
    return { size, root, tiles };
  });
}

export function inclusionVectors(): Corpus['inclusion'] {
  const proved = (index: number, size: number) => {
    const { root, hashes } = treeOf(size);
    const proof = inclusionProof(hashes, index, size).map(hex);
    return { leaf: hex(leafAt(index)), index, size, root, proof };
  };
  const good = proved(5, 11);
  const { proof } = good;
  const bad = (bent: Partial<typeof good>, why: string) =>
    spoiled({ ...good, ...bent }, 'proof_refused', why);
  return [
    proved(0, 1),
    proved(0, 2),
    proved(1, 2),
    proved(6, 7),
    good,
    proved(10, 11),
    proved(255, 256),
    proved(256, 257),
    proved(100, 257),
    bad({ leaf: hex(leafAt(4)) }, 'of another leaf'),
    bad({ index: 4 }, 'at another place'),
    bad({ index: 11 }, 'at a place that is not there'),
    bad({ index: -1 }, 'at no place'),
    bad({ size: 8 }, 'in a smaller tree'),
    bad({ size: 17 }, 'in a larger tree'),
    bad({ root: proved(5, 12).root }, 'the root of another tree'),
    bad({ proof: proof.slice(1) }, 'the first hash left out'),
    bad({ proof: proof.slice(0, -1) }, 'the last hash left out'),
    bad({ proof: [...proof, good.root] }, 'one hash more'),
    bad({ proof: proof.toReversed() }, 'the hashes the other way round'),
    bad({ leaf: `${good.leaf}00` }, 'a leaf hash of 33 bytes'),
  ];
}

export function consistencyVectors(): Corpus['consistency'] {
  const proved = (from: number, size: number) => {
    const { root, hashes } = treeOf(size);
    const proof = consistencyProof(hashes, from, size).map(hex);
    return { earlier: { size: from, root: treeOf(from).root }, size, root, proof };
  };
  const good = proved(6, 11);
  const { earlier, proof } = good;
  const bad = (bent: Partial<typeof good>, why: string) =>
    spoiled({ ...good, ...bent }, 'proof_refused', why);
  return [
    proved(1, 1),
    proved(1, 2),
    proved(3, 7),
    proved(4, 8),
    good,
    proved(255, 256),
    proved(256, 257),
    proved(100, 257),
    bad({ earlier: { ...earlier, root: treeOf(7).root } }, 'the earlier root is another'),
    bad({ earlier: { ...earlier, size: 5 } }, 'the earlier tree is smaller'),
    bad({ earlier: { ...earlier, size: 0 } }, 'nothing is no tree that can be begun with'),
    bad({ size: 17 }, 'the later tree is larger'),
    bad({ root: treeOf(12).root }, 'the later root is another'),
    bad({ earlier: { size: 11, root: good.root }, size: 6, root: earlier.root }, 'the larger tree first'),
    bad({ proof: proof.slice(1) }, 'the first hash left out'),
    bad({ proof: proof.slice(0, -1) }, 'the last hash left out'),
    bad({ proof: [...proof, good.root] }, 'one hash more'),
    bad({ proof: [] }, 'no hash at all'),
    spoiled({ ...proved(1, 1), proof: [good.root] }, 'proof_refused', 'a tree begins with itself by no hash'),
    spoiled(
      { ...proved(1, 1), root: treeOf(2).root },
      'proof_refused',
      'two roots of one size differ: there are two histories',
    ),
  ];
}
