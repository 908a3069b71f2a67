import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { LedgerLine } from '../ledger.ts';
import { tilesOf } from './edge.ts';
import { leafIn, LedgerFileError, readLedger, selectionFormat } from './file.ts';
import { leafBytes, leafText } from './leaf.ts';
import { leafHash } from './merkle.ts';
import { checkpointText, signNote, toBase64, verifierKey } from './note.ts';
import { proofOfEntry, proofSince, report } from './report.ts';

const nothing = { notes: [], keys: [] };
const leaves = Array.from({ length: 12 }, (_, seq) =>
  leafText({ id: `entry ${seq} \u2028 é 🙂`, at: seq, actor: null, action: 'test.done', outcome: 'done' }),
);
let file: Uint8Array;

beforeAll(async () => {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
  const publicKey = new Uint8Array((await crypto.subtle.exportKey('raw', pair.publicKey)) as ArrayBuffer);
  const key = { name: 'sotto.test/ledger', publicKey };
  const { edge, tiles } = tilesOf(leaves.map((leaf) => leafHash(leafBytes(leaf))));
  const text = checkpointText({ origin: key.name, size: leaves.length, root: edge.root() });
  const note = await signNote(text, key, (bytes) => crypto.subtle.sign('Ed25519', pair.privateKey, bytes));
  const lines: LedgerLine[] = [
    { format: 'sotto-ledger/1', origin: key.name, keys: [verifierKey(key)], checkpoints: [note] },
    ...leaves.map((leaf, seq) => ({ seq, leaf, details: null })),
    { tile: [0, 0], hashes: toBase64(tiles.get('0/0') ?? new Uint8Array()) },
  ];
  file = new TextEncoder().encode(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
});

/** The bytes, cut at these places. */
async function* cut(bytes: Uint8Array, places: readonly number[]): AsyncGenerator<Uint8Array> {
  const [first = bytes.length, ...others] = places;
  yield await Promise.resolve(bytes.subarray(0, first));
  if (first < bytes.length)
    yield* cut(
      bytes.subarray(first),
      others.map((place) => place - first),
    );
}
const whole = (text: string) => cut(new TextEncoder().encode(text), []);

test('L12 L15 where a file is cut into pieces does not matter', async () => {
  const places = fc.uniqueArray(fc.integer({ min: 1, max: file.length - 1 }), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(places, async (some) => {
      const sorted = some.toSorted((a, b) => a - b);
      const read = await readLedger(cut(file, sorted), nothing);
      expect(report(read)).toMatchObject({ isWhole: true, verdict: 'This ledger is whole.', found: [] });
      expect(await leafIn(cut(file, sorted), 7)).toBe(leaves[7]);
    }),
    { numRuns: 30 },
  );
});

test('L12 L15 what is no ledger is refused, with the line, and without filling the memory', async () => {
  const refused = async (text: string) => {
    const error: unknown = await readLedger(whole(text), nothing).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(LedgerFileError);
    return (error as LedgerFileError).message;
  };
  const said = new TextDecoder().decode(file);
  expect(await refused(`${said}hello`)).toContain('line 15 of it is neither');
  for (const line of [
    'null',
    '{}',
    '{"leaf":1}',
    '{"tile":[0],"hashes":""}',
    '{"keys":[1],"checkpoints":[]}',
  ])
    expect(await refused(`${line}\n${said}`)).toContain('line 1 of it is neither');
  expect(await refused(`{"format":"${selectionFormat}"}\n${said}`)).toContain('a selection of a ledger');
  let given = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      given += 1;
      yield await Promise.resolve(new Uint8Array(2 ** 20).fill(65));
    }
  }
  await expect(readLedger(endless(), nothing)).rejects.toThrow('line 1 of it is neither');
  expect(given).toBeLessThan(32);
});

test('L12 L15 a proof of what is not so is not given', async () => {
  const read = await readLedger(cut(file, []), nothing);
  expect(JSON.parse(proofOfEntry(read, 7, leaves[7]))).toMatchObject({ entry: 7, leaf: leaves[7], size: 12 });
  expect(JSON.parse(proofSince(read, 5))).toMatchObject({ since: 5, size: 12 });
  const strange = 'the entries do not lead to the last signed head: nothing can be proved of that.';
  expect(() => proofOfEntry(read, 7, leaves[8])).toThrow(strange);
  expect(() => proofOfEntry(read, 12, undefined)).toThrow('no leaf 12 among 12');
  expect(() => proofSince(read, 13)).toThrow('no tree of 13 within one of 12');
  const bent = new TextDecoder().decode(file).replace('entry 3', 'entry 4');
  const other = await readLedger(whole(bent), nothing);
  expect(() => proofOfEntry(other, 7, leaves[7])).toThrow(strange);
  expect(() => proofSince(other, 5)).toThrow(strange);
  expect(report(other).found).toContain('What stands at entry 3 is not what was signed.');
});
