/**
 * Whoever administers the database, on the rows that the real writer has written there: whatever they do with them is
 * found in what is exported, and by Sotto itself, and where.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { vaultOf } from '../../src/config.ts';
import { checkLedger, exported, ledgerName, ledgerOf, type Told } from '../../src/ledger.ts';
import {
  checkpointText,
  type Finding,
  leafBytes,
  leafHash,
  leafText,
  readLeaf,
  readLedger,
  signNote,
  tilesOf,
} from '../../src/protocol/ledger-proof.ts';

type Row = { leaf: string; details: string | null };

const told = (n: number): Told => ({
  ...{ id: crypto.randomUUID(), at: Date.now(), actor: 'per_somebody', action: 'test.done', outcome: 'done' },
  ...(n % 4 === 0 && { personal: { of: 'per_somebody', what: { device: `device ${n}` } } }),
});
/** An entry that nobody has told the writer. */
const forged = (): Row => ({ leaf: leafText(told(1)), details: null });

let rows: Row[];
/** The heads that speak of them, and the one that was kept some entries before. */
let size: number;
let keptSize: number;

beforeAll(async () => {
  for (let n = 0; n < 6; n++) await ledgerOf(env).append(Array.from({ length: 100 }, (_, m) => told(m)));
  await ledgerOf(env).tidy();
  keptSize = (await ledgerOf(env).checkpoint()).size;
  await ledgerOf(env).append(Array.from({ length: 50 }, (_, m) => told(m)));
  ({ size } = await ledgerOf(env).checkpoint());
  const query = 'SELECT leaf, hex(details) AS details FROM ledger ORDER BY seq';
  rows = (await env.DB.prepare(query).all<Row>()).results;
  expect([rows.length, keptSize, size >= 650]).toEqual([size, size - 50, true]);
});

/** Leaves these in the place of all rows, numbered from the first on, and everything else as it was. */
async function leave(some: readonly Row[]): Promise<void> {
  const triggers = await env.DB.prepare(
    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger'",
  ).all<{ name: string; sql: string }>();
  await env.DB.batch([
    ...triggers.results.map(({ name }) => env.DB.prepare(`DROP TRIGGER ${name}`)),
    env.DB.prepare('DELETE FROM ledger'),
    env.DB.prepare(
      `INSERT INTO ledger (seq, leaf, details)
       SELECT key, value ->> 'leaf', unhex(nullif(value ->> 'details', '')) FROM json_each(?)`,
    ).bind(JSON.stringify(some)),
    ...triggers.results.map(({ sql }) => env.DB.prepare(sql)),
  ]);
}

/** What a stranger finds in the file, with a head that they may have kept. */
async function found(kept: string[] = []): Promise<Finding[]> {
  const pieces = (async function* () {
    for await (const lines of await exported(env))
      yield new TextEncoder().encode(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  })();
  const { verification, heads } = await readLedger(pieces, { notes: kept, keys: [] });
  expect(heads.length).toBeGreaterThan(1);
  return verification.verdict(heads).findings;
}

/** A head over these, signed by the key that signs the ledger's own. */
async function headOver(some: readonly Row[]): Promise<string> {
  const { publicKey, privateKey } = await (await vaultOf(env)).ledgerKey(Date.now());
  const { edge } = tilesOf(some.map(({ leaf }) => leafHash(leafBytes(leaf))));
  const name = ledgerName(env);
  const text = checkpointText({ origin: name, size: some.length, root: edge.root() });
  return signNote(text, { name, publicKey }, (bytes) => crypto.subtle.sign('Ed25519', privateKey, bytes));
}

describe('the rows of the ledger', () => {
  afterEach(async () => {
    await leave(rows);
    expect(await found()).toEqual([]);
    expect(await checkLedger(env, 0)).toEqual({ size, from: 0, to: size, broken: null });
  });

  it.each<[string, number, (some: Row[], seq: number) => Row[]]>([
    ['changed', 417, (some, seq) => some.with(seq, bent(some[seq]))],
    ['changed at the end', 649, (some, seq) => some.with(seq, bent(some[seq]))],
    ['dropped', 5, (some, seq) => some.toSpliced(seq, 1)],
    ['put in', 256, (some, seq) => some.toSpliced(seq, 0, forged())],
    ['swapped', 511, (some, seq) => some.with(seq, rowAt(seq + 1)).with(seq + 1, rowAt(seq))],
    [
      'written anew from there on',
      300,
      (some, seq) => [...some.slice(0, seq), ...some.slice(seq).map(forged)],
    ],
  ])('L12 L14 that were %s are found, and where', async (_, seq, bend) => {
    await leave(bend(rows, seq));
    expect(await found()).toEqual([{ what: 'broken', seq }]);
    expect(await checkLedger(env, 0)).toMatchObject({ broken: seq });
  });

  it('L12 L14 that were cut off are found, and where: behind a head that was kept, and before it', async () => {
    for (const seq of [size - 1, keptSize, keptSize - 1, 256, 0]) {
      await leave(rows.slice(0, seq));
      expect(await found()).toEqual([{ what: 'short', seq }]);
      expect(await checkLedger(env, 0)).toMatchObject({ broken: seq });
    }
  });

  it('L12 L14 that are those of another history, with a head rightly signed, are found, and where they part', async () => {
    const honest = (await ledgerOf(env).checkpoint()).note;
    const other = [...rows.slice(0, 620), ...rows.slice(620).map(forged)];
    const place = `checkpoint/${String(size).padStart(16, '0')}`;
    await env.LEDGER.put(place, await headOver(other));
    const fork = { what: 'forked', seq: size };
    // Two heads of one size: with either history one of them is not of it.
    expect(await found()).toContainEqual(fork);
    expect(await checkLedger(env, 0)).toMatchObject({ broken: size });
    await leave(other);
    expect(await found([honest])).toEqual([fork, { what: 'broken', seq: 620 }]);
    await env.LEDGER.delete(place);
    expect(await checkLedger(env, 0)).toMatchObject({ broken: 620 });
  });
});

function rowAt(seq: number): Row {
  const row = rows[seq];
  if (row === undefined) throw new Error('no such row');
  return row;
}

/** Done by somebody else. */
function bent(row: Row | undefined): Row {
  const { details, ...entry } = readLeaf(row?.leaf ?? '') ?? {};
  return {
    leaf: leafText({ ...told(1), ...entry, actor: 'per_else' }, details),
    details: row?.details ?? null,
  };
}
