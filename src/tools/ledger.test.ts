import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { LedgerLine } from '../protocol/ledger.ts';
import {
  checkpointText,
  leafBytes,
  leafHash,
  leafText,
  type NoteKey,
  provesConsistency,
  provesInclusion,
  signNote,
  tilesOf,
  verifierKey,
} from '../protocol/ledger-proof.ts';
import { run } from './command.ts';
import { ROOT } from './project.ts';

// Each starts the tool several times over, and the machine may be busy.
vi.setConfig({ testTimeout: 30_000 });

const folder = mkdtempSync(join(tmpdir(), 'sotto-ledger-'));
afterAll(() => rmSync(folder, { recursive: true }));

const leafAt = (seq: number, action = 'test.done') =>
  leafText({ id: `entry ${seq}`, at: seq, actor: null, action, outcome: 'done' });
const leaves = Array.from({ length: 600 }, (_, seq) => leafAt(seq));
const treeOf = (some: readonly string[]) => tilesOf(some.map((leaf) => leafHash(leafBytes(leaf))));

type CryptoKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;
type SigningKey = NoteKey & { sign: Parameters<typeof signNote>[2] };
let key: SigningKey;
let other: SigningKey;

async function newKey(): Promise<SigningKey> {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as {
    publicKey: CryptoKey;
    privateKey: CryptoKey;
  };
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const sign = (text: Uint8Array<ArrayBuffer>) => crypto.subtle.sign('Ed25519', pair.privateKey, text);
  return { name: 'sotto.test/ledger', publicKey, sign };
}

function noteOf(some: readonly string[], by = key) {
  const root = treeOf(some).edge.root();
  return signNote(checkpointText({ origin: by.name, size: some.length, root }), by, by.sign);
}

/** A file as Sotto gives it, with these leaves in it. */
function exported(
  some: readonly string[],
  checkpoints: string[],
  name: string,
  tilesFrom: readonly string[] = leaves,
): string {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const lines: LedgerLine[] = [
    { format: 'sotto-ledger/1', origin: key.name, keys: [verifierKey(key)], checkpoints },
    ...some.map((leaf, seq) => ({ seq, leaf, details: null })),
    ...[...treeOf(tilesFrom).tiles].map(([place, hashes]) => {
      const [level = 0, index = 0] = place.split('/').map(Number);
      return { tile: [level, index] as [number, number], hashes: base64(hashes) };
    }),
  ];
  return written(name, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const tool = (...args: string[]) =>
  run(process.execPath, [join(ROOT, 'src/tools/ledger.ts'), ...args], { timeoutSeconds: 60 });

beforeAll(async () => {
  [key, other] = [await newKey(), await newKey()];
});

test('L12 a whole ledger is said to be whole, from its file alone', async () => {
  const path = exported(leaves, [await noteOf(leaves.slice(0, 300)), await noteOf(leaves)], 'whole');
  const { ok, output } = await tool('verify', path);
  expect(output).toContain('600 entries');
  expect(output).toContain('the first 600 entries are as they were signed');
  expect([ok, output.endsWith('This ledger is whole.\n')]).toEqual([true, true]);
});

test.each([
  ['changed', (some: string[]) => some.with(417, leafAt(417, 'test.forged')), 'at entry 417'],
  ['dropped', (some: string[]) => some.toSpliced(5, 1), 'at entry 5 is not'],
  ['inserted', (some: string[]) => some.toSpliced(256, 0, leafAt(9_000)), 'at entry 256'],
  ['swapped', (some: string[]) => some.with(30, leafAt(31)).with(31, leafAt(30)), 'at entry 30 is not'],
  ['truncated', (some: string[]) => some.slice(0, 599), 'Entries are missing at entry 599'],
])('L12 entries that were %s are found, and where', async (name, bend, where) => {
  const path = exported(bend(leaves), [await noteOf(leaves.slice(0, 300)), await noteOf(leaves)], name);
  const { ok, output } = await tool('verify', path);
  expect([ok, output]).toEqual([false, expect.stringContaining(where)]);
});

test('L12 entries for which no head speaks, and heads of another tree, prove nothing', async () => {
  const forged = leaves.map((leaf, seq) => (seq < 300 ? leaf : leafAt(seq, 'test.forged')));
  const verified = async (note: string, name: string) => {
    const { ok, output } = await tool('verify', exported(forged, [note], name, forged));
    return [ok, output];
  };
  const speaksOf = (count: number) => noteOf(leaves.slice(0, count));
  const silent = (seq: number) =>
    expect.stringContaining(`No signed head speaks for what stands at entry ${seq}`) as string;
  expect(await verified(await speaksOf(300), 'beyond')).toEqual([false, silent(300)]);
  expect(await verified(await speaksOf(0), 'silent')).toEqual([false, silent(0)]);
  const root = treeOf(forged).edge.root();
  const another = checkpointText({ origin: 'another.test/ledger', size: forged.length, root });
  expect(await verified(await signNote(another, key, key.sign), 'another')).toEqual([
    false,
    expect.stringContaining('nothing is proved'),
  ]);
});

test('L12 a history that was written and signed anew is found by whoever kept an older head', async () => {
  const forged = leaves.with(7, leafAt(7, 'test.forged'));
  const path = exported(forged, [await noteOf(forged)], 'rewritten', forged);
  expect((await tool('verify', path)).output).toContain('This ledger is whole.');
  const kept = written('kept', await noteOf(leaves.slice(0, 300)));
  const { ok, output } = await tool('verify', path, '--checkpoint', kept);
  expect([ok, output]).toEqual([false, expect.stringContaining('from entry 0 to 299')]);
});

test('L12 heads are believed by the keys that were brought, and no note that was brought is passed over', async () => {
  const path = exported(leaves, [await noteOf(leaves, other), await noteOf(leaves)], 'keys');
  expect((await tool('verify', path)).output).toContain('1 more are signed by none of the keys');
  expect((await tool('verify', path, '--key', verifierKey(other))).ok).toBe(true);
  const nobody = verifierKey(await newKey());
  expect((await tool('verify', path, '--key', nobody)).output).toContain('nothing is proved');
  const strange = written('strange', await noteOf(leaves, other));
  expect((await tool('verify', path, '--checkpoint', strange)).output).toContain(
    'signed by none of these keys',
  );
  expect((await tool('verify', written('nothing', 'hello\n'))).output).toContain('not the file of a ledger');
  expect((await tool('verify')).output).toContain('npm run ledger:verify');
});

test('L12 proofs of one entry and of what was there before hold for any verifier', async () => {
  const path = exported(leaves, [await noteOf(leaves)], 'prove');
  const read = (text: string) =>
    JSON.parse(text) as { leaf: string; size: number; root: string; proof: string[]; since: number };
  const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
  const one = read((await tool('prove', path, '--entry', '417')).output);
  const hash = leafHash(leafBytes(one.leaf));
  expect(one.leaf).toBe(leaves[417]);
  expect(provesInclusion(hash, 417, one.size, one.proof.map(bytes), bytes(one.root))).toBe(true);
  const { since, size, root, proof } = read((await tool('prove', path, '--since', '300')).output);
  const earlier = { size: since, root: treeOf(leaves.slice(0, 300)).edge.root() };
  expect(provesConsistency(earlier, { size, root: bytes(root) }, proof.map(bytes))).toBe(true);
  expect((await tool('prove', path, '--entry', '600')).output).toContain('no leaf 600 among 600');
});
