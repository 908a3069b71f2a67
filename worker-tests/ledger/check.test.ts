/** That a ledger which was tampered with is found out by Sotto itself, on the real database and bucket. */
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { watchOf } from '../../src/duties/alarms.ts';
import { seeToLedger } from '../../src/duties/audit.ts';
import { checkLedger, ledgerOf, type Told } from '../../src/ledger.ts';
import { readLeaf, tilePath } from '../../src/protocol/ledger-proof.ts';
import { since, size } from './scene.ts';

const told = (): Told => ({
  ...{ id: crypto.randomUUID(), at: Date.now(), actor: 'per_somebody', action: 'test.done', outcome: 'done' },
});
const check = (day = 0) => checkLedger(env, day);

/** Lets somebody who administers the database change this, and puts it back afterwards. */
async function tampered(seq: number, change: (leaf: string) => string, look: () => Promise<void>) {
  await env.DB.prepare('DROP TRIGGER IF EXISTS ledger_never_changes').run();
  const row = await env.DB.prepare('SELECT leaf FROM ledger WHERE seq = ?')
    .bind(seq)
    .first<{ leaf: string }>();
  if (row === null) throw new Error('no such entry');
  const write = (leaf: string) =>
    env.DB.prepare('UPDATE ledger SET leaf = ? WHERE seq = ?').bind(leaf, seq).run();
  await write(change(row.leaf));
  await look();
  await write(row.leaf);
}

beforeAll(async () => {
  for (let n = 0; n < 6; n++) await ledgerOf(env).append(Array.from({ length: 100 }, told));
  await ledgerOf(env).tidy();
  await ledgerOf(env).append(Array.from({ length: 10 }, told));
});

describe('L14 the ledger', () => {
  it('L14 is found whole, day for day', async () => {
    const all = await size();
    expect(all).toBeGreaterThanOrEqual(610);
    for (const day of [0, 1, 20_000])
      expect(await check(day)).toEqual({ size: all, from: 0, to: all, broken: null });
  });

  it.each([
    ['in a full bundle', 100],
    ['in the second', 300],
    ['in the last, which is not full', 605],
  ])('L14 is found broken where an entry was changed: %s', async (_, seq) => {
    await tampered(
      seq,
      (leaf) => leaf.replace('per_somebody', 'per_somebodi'),
      async () => expect(await check()).toMatchObject({ broken: seq }),
    );
    expect(await check()).toMatchObject({ broken: null });
  });

  it('L14 is found broken where the archive has a bundle that can’t be taken apart', async () => {
    const { results } = await env.DB.prepare('SELECT seq, leaf FROM ledger WHERE seq < 256').all();
    await env.DB.prepare('DROP TRIGGER ledger_keeps_what_is_not_archived').run();
    await env.DB.prepare('DELETE FROM ledger WHERE seq < 256').run();
    for (const name of ['entries', 'details'] as const)
      await env.LEDGER.put(tilePath(name, 0), Uint8Array.of(0, 1, 65, 0));
    expect(await check()).toMatchObject({ broken: 0 });
    for (const name of ['entries', 'details'] as const) await env.LEDGER.delete(tilePath(name, 0));
    await env.DB.prepare(
      `INSERT INTO ledger (seq, leaf) SELECT value ->> 'seq', value ->> 'leaf' FROM json_each(?)`,
    )
      .bind(JSON.stringify(results))
      .run();
    expect(await check()).toMatchObject({ broken: null });
  });

  it('L14 is found broken where a tile in the bucket was changed, or a head that was kept', async () => {
    const { objects } = await env.LEDGER.list();
    const tile = objects.find(({ key }) => key.startsWith('tile/0/'))?.key ?? '';
    const head = objects.find(({ key }) => key.startsWith('checkpoint/'))?.key ?? '';
    for (const [key, change] of [
      [tile, (bytes: Uint8Array) => bytes.with(5, (bytes[5] ?? 0) ^ 1)],
      [head, (bytes: Uint8Array) => bytes.with(40, (bytes[40] ?? 0) ^ 1)],
    ] as const) {
      const before = (await (await env.LEDGER.get(key))?.bytes()) ?? new Uint8Array();
      expect(before.length).toBeGreaterThan(40);
      await env.LEDGER.put(key, change(before));
      expect((await check()).broken).not.toBe(null);
      await env.LEDGER.put(key, before);
    }
    expect(await check()).toMatchObject({ broken: null });
  });

  it('L14 M2 once a day stands in itself that it was looked at, and an alarm is raised where it is broken', async () => {
    const open = async () =>
      (await watchOf(env).list('open', Number.MAX_SAFE_INTEGER, 50)).filter(
        ({ rule }) => rule === 'ledger.broken',
      );
    const before = await size();
    await seeToLedger(env, Date.now());
    expect(await open()).toEqual([]);
    expect(await since(before)).toContainEqual({
      ...{ actor: null, action: 'ledger.check', outcome: 'done' },
      facts: { size: before, first: 0, last: before - 1, isWhole: true },
    });
    await tampered(
      42,
      (leaf) => leaf.replace(readLeaf(leaf)?.id ?? 'none', crypto.randomUUID()),
      () => seeToLedger(env, Date.now()),
    );
    expect(await open()).toMatchObject([{ about: null, facts: { what: 'Entry 42 is not what was signed' } }]);
  });
});
