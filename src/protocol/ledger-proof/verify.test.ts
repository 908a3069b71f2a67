import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leafBytes, leafText } from './leaf.ts';
import { tilesOf } from './edge.ts';
import { leafHash } from './merkle.ts';
import { Verification } from './verify.ts';

type Line = { seq: number; leaf: string };
type Tiles = Map<string, Uint8Array>;

const lineAt = (seq: number, action = 'test.done'): Line => ({
  seq,
  leaf: leafText({
    id: `00000000-0000-4000-8000-${String(seq).padStart(12, '0')}`,
    at: 1_798_000_000_000 + seq,
    actor: 'per_a',
    action,
    outcome: 'done',
  }),
});
const ledger = Array.from({ length: 700 }, (_, seq) => lineAt(seq));

function treeOf(lines: readonly Line[]) {
  const { edge, tiles } = tilesOf(lines.map(({ leaf }) => leafHash(leafBytes(leaf))));
  return { head: { origin: 'sotto.test/ledger', size: lines.length, root: edge.root() }, tiles };
}
const headOf = (size: number) => treeOf(ledger.slice(0, size)).head;
const whole = treeOf(ledger);
const heads = [headOf(300), whole.head];

function verdictOn(lines: readonly Line[], known = heads, tiles: Tiles = whole.tiles) {
  const verification = new Verification();
  for (const { seq, leaf } of lines) verification.entry(seq, leaf);
  for (const [name, hashes] of tiles) {
    const [level = 0, index = 0] = name.split('/').map(Number);
    verification.tile(level, index, hashes);
  }
  const { root, ...verdict } = verification.verdict(known);
  expect(root.length).toBe(32);
  return verdict;
}

/** As somebody leaves it who knows that numbers have to follow one another. */
const renumbered = (lines: readonly Line[]) => lines.map(({ leaf }, seq) => ({ seq, leaf }));
const broken = (seq: number) => [{ what: 'broken', seq }];

test('a whole ledger has nothing wrong, and is proved to its end', () => {
  expect(verdictOn(ledger)).toEqual({ entries: 700, proved: 700, findings: [] });
  expect(verdictOn([], [], new Map())).toEqual({ entries: 0, proved: 0, findings: [] });
});

test('an entry that was changed, dropped, put in or swapped is found, and where', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 698 }), (seq) => {
      const proved = seq < 300 ? 0 : 300;
      const forged = lineAt(seq, 'test.forged');
      const changed = ledger.with(seq, forged);
      expect(verdictOn(changed)).toEqual({ entries: 700, proved, findings: broken(seq) });
      const dropped = renumbered(ledger.toSpliced(seq, 1));
      expect(verdictOn(dropped).findings).toContainEqual(
        seq < 300 ? { what: 'broken', seq } : { what: 'short', seq: 699 },
      );
      const inserted = renumbered(ledger.toSpliced(seq, 0, lineAt(5_000)));
      expect(verdictOn(inserted).findings).toEqual(broken(seq));
      const [one, two] = [ledger[seq], ledger[seq + 1]];
      if (one === undefined || two === undefined) return;
      const swapped = renumbered(ledger.with(seq, two).with(seq + 1, one));
      expect(verdictOn(swapped).findings).toEqual(broken(seq));
    }),
    { numRuns: 15 },
  );
}, 20_000);

test('entries that are missing at the end are found', () => {
  const found = verdictOn(ledger.slice(0, 650));
  expect(found).toEqual({ entries: 650, proved: 300, findings: [{ what: 'short', seq: 650 }] });
});

test('entries for which no head speaks are found', () => {
  const unproved = (seq: number) => [{ what: 'unproved', seq }];
  expect(verdictOn(ledger, [headOf(300)])).toEqual({ entries: 700, proved: 300, findings: unproved(300) });
  expect(verdictOn(ledger, [headOf(0)]).findings).toEqual(unproved(0));
  expect(verdictOn(ledger, []).findings).toEqual(unproved(0));
});

test('numbers that do not follow, entries that stand there twice and what is no entry are found', () => {
  expect(verdictOn(ledger.toSpliced(20, 1)).findings).toContainEqual({ what: 'misplaced', seq: 20 });
  expect(verdictOn(ledger.with(30, { seq: 30, leaf: ledger[29]?.leaf ?? '' })).findings).toContainEqual({
    what: 'doubled',
    seq: 30,
  });
  expect(verdictOn(ledger.with(40, { seq: 40, leaf: `${ledger[40]?.leaf ?? ''} ` })).findings).toContainEqual(
    {
      what: 'unreadable',
      seq: 40,
    },
  );
});

test('a history written anew, and signed anew, is found by whoever kept an older head', () => {
  const forged = ledger.map(({ seq }) => (seq < 100 ? lineAt(seq, 'test.forged') : lineAt(seq)));
  const { head, tiles } = treeOf(forged);
  expect(verdictOn(forged, [head], tiles).findings).toEqual([]);
  // Their tiles are forged as well, so that it is certain only where the entries were sound the last time.
  expect(verdictOn(forged, [head, headOf(300)], tiles)).toEqual({
    entries: 700,
    proved: 0,
    findings: [{ what: 'broken', seq: 0, until: 300 }],
  });
});

test('two heads of one size that differ are a fork', () => {
  const other = { ...whole.head, root: headOf(699).root };
  expect(verdictOn(ledger, [whole.head, other]).findings).toContainEqual({ what: 'forked', seq: 700 });
});

test('tiles that are not those of the entries accuse no entry', () => {
  const { tiles } = whole;
  const first = tiles.get('0/1') ?? new Uint8Array();
  const bent = new Map(tiles).set('0/1', first.with(40, (first[40] ?? 0) ^ 1));
  expect(verdictOn(ledger, undefined, bent)).toEqual({
    entries: 700,
    proved: 700,
    findings: [{ what: 'tiles', seq: 256 }],
  });
  const changed = ledger.with(400, lineAt(400, 'test.forged'));
  expect(verdictOn(changed, undefined, bent).findings).toEqual([{ what: 'broken', seq: 300, until: 512 }]);
  expect(verdictOn(changed, undefined, new Map()).findings).toEqual([
    { what: 'broken', seq: 300, until: 700 },
  ]);
});
