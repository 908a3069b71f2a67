/* Files that were taken along: whole, and as somebody leaves them who administers the database. */
import {
  checkpointText,
  leafBytes,
  leafHash,
  leafText,
  tilesOf,
  toBase64,
  verifierKey,
} from '../../protocol/ledger-proof.ts';
import type { LedgerLine } from '../../protocol/ledger.ts';
import { type Corpus, spoiled } from './format.ts';
import { uuid } from './leaves.ts';
import { origin, signerOf } from './notes.ts';

const signer = signerOf(0x20);
const [count, earlier] = [7, 4];

const leafAt = (seq: number, action = 'teams.create') =>
  leafText({ id: uuid(seq), at: 1_795_348_800_000 + seq, actor: 'per_a', action, outcome: 'done' });
const leaves = Array.from({ length: count }, (_, seq) => leafAt(seq));
const treeOf = (some: readonly string[]) => tilesOf(some.map((leaf) => leafHash(leafBytes(leaf))));
const headOf = (some: readonly string[], by = signer) =>
  by.note(checkpointText({ origin, size: some.length, root: treeOf(some).edge.root() }));

function fileOf(some: readonly string[], checkpoints: string[], tilesFrom = leaves): string[] {
  const lines: LedgerLine[] = [
    { format: 'sotto-ledger/1', origin, keys: [verifierKey(signer)], checkpoints },
    ...some.map((leaf, seq) => ({ seq, leaf, details: null })),
    ...[...treeOf(tilesFrom).tiles].map(([place, hashes]): LedgerLine => {
      const [level = 0, index = 0] = place.split('/').map(Number);
      return { tile: [level, index], hashes: toBase64(hashes) };
    }),
  ];
  return lines.map((line) => JSON.stringify(line));
}

/** What is found first, from which entry on, and before which. */
type Finding = [what: string, seq: number, until?: number];

export async function exportVectors(): Promise<Corpus['export']> {
  const [head, before] = [await headOf(leaves), await headOf(leaves.slice(0, earlier))];
  const whole = fileOf(leaves, [before, head]);
  const good = (lines: string[], kept: string[] = []) => ({ lines, kept, entries: count, proved: count });
  const bad = (lines: string[], [refused, seq, until]: Finding, why: string, kept: string[] = []) => ({
    ...spoiled({ lines, kept }, refused, why),
    ...{ seq, ...(until !== undefined && { until }) },
  });
  const bent = (some: string[], finding: Finding, why: string) =>
    bad(fileOf(some, [before, head]), finding, why);
  const forged = leaves.with(1, leafAt(1, 'teams.change'));
  const anew = await headOf(forged);
  const empty = { lines: fileOf([], [await headOf([])], []), kept: [], proved: 0, entries: 0 };
  return [
    good(whole),
    good(whole, [before]),
    good(fileOf(leaves, [head, before])),
    // A note that none of the keys has signed says nothing, for or against.
    good(fileOf(leaves, [await headOf(forged, signerOf(0x40)), head])),
    empty,
    bent(leaves.with(5, leafAt(5, 'teams.change')), ['broken', 5], 'an entry was changed'),
    bent(leaves.toSpliced(2, 1), ['broken', 2], 'an entry was dropped, and those behind it renumbered'),
    bent(leaves.toSpliced(4, 0, leafAt(90)), ['broken', 4], 'an entry was put in'),
    bent(leaves.with(2, leafAt(3)).with(3, leafAt(2)), ['broken', 2], 'two entries were swapped'),
    bent(leaves.slice(0, 6), ['short', 6], 'the last entry was cut off'),
    bad(fileOf(leaves, [head, anew]), ['forked', count], 'two heads of one size'),
    bad(
      fileOf(forged, [anew], forged),
      ['broken', 0, earlier],
      'a history written and signed anew, by whoever kept an older head',
      [before],
    ),
    bad(
      fileOf(leaves.with(5, leafAt(5, 'teams.change')), [before, head], []),
      ['broken', earlier, count],
      'an entry was changed, and no tile says which',
    ),
    bad(fileOf(leaves, [before]), ['unproved', earlier], 'no head speaks of the last'),
    bad(fileOf(leaves, [head], forged), ['tiles', 0], 'tiles of other entries'),
    bad(fileOf(leaves.with(3, `${leafAt(3)} `), [head], leaves), ['unreadable', 3], 'no entry'),
    bad(fileOf(leaves.with(3, leafAt(2)), [head]), ['doubled', 3], 'an entry that stands there already'),
    bad(whole.toSpliced(3, 1), ['misplaced', 2], 'a number is left out'),
  ];
}
