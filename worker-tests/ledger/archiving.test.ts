/** What leaves the database for the archive, on the real database and bucket: by age, by count, and cut off anywhere. */
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { archivePortion, isArchiveHeld, seeToArchive } from '../../src/duties/audit.ts';
import { checkLedger, doingsOf, exported, ledgerOf, pageOf, type Told } from '../../src/ledger.ts';
import { Archiving } from '../../src/ledger/archiving.ts';
import { LedgerTable, TileBucket } from '../../src/ledger/store.ts';
import { newId } from '../../src/protocol/ids.ts';
import { readLedger } from '../../src/protocol/ledger-proof.ts';

const day = 86_400_000;
const [one, other] = [newId('person'), newId('person')];

const told = (at: number, actor: string = other): Told => ({
  ...{ id: crypto.randomUUID(), at, actor, action: 'teams.create', outcome: 'done' },
});
/** Enters so many of then, the first of them by whoever is looked for. */
async function append(count: number, at: number): Promise<void> {
  for (let n = 0; n < count; n += 100)
    await ledgerOf(env).append(
      Array.from({ length: Math.min(100, count - n) }, (_, m) => told(at, n + m === 0 ? one : other)),
    );
  await ledgerOf(env).checkpoint();
}

const archived = async () =>
  (await env.DB.prepare('SELECT before FROM ledger_archive').first<number>('before')) ?? 0;
const left = () => env.DB.prepare('SELECT MIN(seq) AS first, COUNT(*) AS n FROM ledger').first();

/** As the writer does it, where it may keep so many rows that are old enough to go, and goes one bundle at a time. */
async function keeping(rows: number): Promise<Archiving> {
  const { size } = await ledgerOf(env).checkpoint();
  const most = { rows, bundles: 1 };
  return new Archiving(
    new LedgerTable(env.DB),
    new TileBucket(env.LEDGER),
    () => size,
    (move) => move(),
    most,
  );
}
const stretch = async (rows: number) => (await keeping(rows)).stretch();

/** A stranger has all of it, and it is what was signed. */
async function isWhole(): Promise<void> {
  const pieces = (async function* () {
    for await (const lines of await exported(env))
      yield new TextEncoder().encode(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  })();
  const { verification, heads } = await readLedger(pieces, { notes: [], keys: [] });
  const { size } = await ledgerOf(env).checkpoint();
  expect(verification.verdict(heads)).toMatchObject({ entries: size, proved: size, findings: [] });
  expect(await checkLedger(env, 0)).toMatchObject({ size, broken: null });
}

describe('the archive', () => {
  const now = Date.now();
  const then = now - 100 * day;
  beforeAll(async () => {
    await append(700, then);
    await append(400, now);
  }, 60_000);
  afterEach(isWhole);

  it('L13 takes nothing while there is no more than may stay, and nothing that is younger than three months', async () => {
    expect(await stretch(1_100)).toEqual({ before: 0, moved: 0, isDone: true, isHeld: false });
    expect(await (await keeping(600)).due()).toBe(256);
    expect(await (await keeping(0)).due()).toBe(512);
    vi.useFakeTimers({ toFake: ['Date'], now: now - 9 * day });
    try {
      expect(await (await keeping(0)).due()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
    expect(await ledgerOf(env).toArchive()).toBe(0);
  });

  it('L13 waits while a backup is being made, which would have what goes there meanwhile in no part of it', async () => {
    expect(await isArchiveHeld(env)).toBe(false);
    const begin = `INSERT INTO backups (number, run, is_full, state, begun_at) VALUES (1, 'x', 1, 'making', 0)`;
    await env.DB.prepare(begin).run();
    expect(await isArchiveHeld(env)).toBe(true);
    expect(await stretch(600)).toEqual({ before: 0, moved: 0, isDone: false, isHeld: true });
    expect(await new LedgerTable(env.DB).dropBefore(256)).toBe(false);
    expect([await archived(), await left()]).toEqual([0, { first: 0, n: 1_100 }]);
    await env.DB.prepare('DELETE FROM backups').run();
  });

  it('L13 takes what is beyond it and old, the oldest first and stretch by stretch, and goes on where it was cut off', async () => {
    const bucket = new TileBucket(env.LEDGER);
    // Cut off when the first bundle lay there, and before its rows were gone.
    await bucket.putBundle(0, await new LedgerTable(env.DB).from(0, 256));
    await isWhole();
    expect(await stretch(500)).toEqual({ before: 256, moved: 256, isDone: false, isHeld: false });
    await isWhole();
    const again = await keeping(500);
    const both = await Promise.all([again.stretch(), again.stretch()]);
    const last = { before: 512, moved: 256, isDone: true, isHeld: false };
    expect(both).toEqual([last, last]);
    expect(await stretch(500)).toEqual({ ...last, moved: 0 });
    expect([await archived(), await left()]).toEqual([512, { first: 512, n: 588 }]);
  });

  it('L13 N32 is asked for what somebody did in a time of which it may have something, and pages have what is younger', async () => {
    const looked = (await Array.fromAsync(doingsOf(env, one, { from: then, to: now }))).flat();
    expect(looked.map(({ at }) => at)).toEqual([then, now]);
    const page = await pageOf(env, { from: now - 92 * day }, undefined, 500);
    expect([page.entries.length, page.next]).toEqual([400, null]);
  });
});

it('L13 goes by itself once a day, and nothing is begun where nothing is to go', async () => {
  const runs = async () =>
    (await env.DB.prepare(`SELECT done, over_at IS NULL AS goesOn FROM runs WHERE duty = 'archive'`).all())
      .results;
  await seeToArchive(env, Date.now());
  expect(await runs()).toEqual([]);
  const before = await archived();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 401 * day });
  try {
    await seeToArchive(env, Date.now());
    await expect.poll(runs, { timeout: 15_000 }).toMatchObject([{ goesOn: 0 }]);
    expect(await runs()).toEqual([{ goesOn: 0, done: 1_024 - before }]);
    expect(await archivePortion(env, 'archive', 'wherever')).toEqual({ place: null, done: 0 });
  } finally {
    vi.useRealTimers();
  }
  expect([await archived(), await left()]).toMatchObject([1_024, { first: 1_024 }]);
  await isWhole();
});
