/** The ledger's one writer, on the real storage, database and bucket. */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { vaultOf } from '../../src/config.ts';
import { hashesOf, readLeaf, rootOf } from '../../src/protocol/ledger-proof.ts';
import { detailsKeyPlace, monthOf, openDetails } from '../../src/vault.ts';
import { agrees, behindItsBack, head, ledger, madeAnew, many, rows, told } from './tree.ts';

describe('the ledger', () => {
  it('L1 has one order, without a gap, whose signed head is the root of its rows', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, n) => ledger().append(many(1 + (n % 4)))));
    await agrees();
    expect((await rows()).length).toBe(73);
    await ledger().append(many(1));
    await agrees();
  });

  it('L2 has what was told twice once, however often, and whenever, it comes again', async () => {
    const before = (await head())?.size ?? 0;
    const [one, two] = [told(), told({ at: Date.now() - 100 * 3_600_000 })];
    await ledger().append([one, two, one]);
    await Promise.all([ledger().append([one]), ledger().append([two])]);
    expect((await head())?.size).toBe(before + 2);
    await ledger().tidy();
    await evictDurableObject(ledger());
    await ledger().append([one, two]);
    expect((await head())?.size).toBe(before + 2);
    // What the object has forgotten, the database still knows.
    await runInDurableObject(ledger(), (_, { storage }) => storage.sql.exec('DELETE FROM recent'));
    await ledger().append([two]);
    expect((await head())?.size).toBe(before + 2);
  });

  it('L1 grows over full tiles, which lie in the bucket and are those of the rows', async () => {
    for (let batch = 0; batch < 6; batch++) await ledger().append(many(100));
    await agrees();
    const { tiles, size, root } = await madeAnew();
    await evictDurableObject(ledger());
    await agrees();
    expect(await env.LEDGER.head('tile/0/001')).not.toBeNull();
    const read = new Map<string, Uint8Array>();
    for (const [name, hashes] of tiles) {
      const [level = 0, index = 0] = name.split('/').map(Number);
      const tile = await ledger().tile(level, index, hashes.length / 32);
      expect(tile).toEqual(hashes);
      if (tile !== undefined) read.set(name, tile);
    }
    expect(
      rootOf(
        hashesOf((level, index) => read.get(`${level}/${index}`)),
        size,
      ),
    ).toEqual(root);
    expect(await ledger().tile(0, 0, 257)).toBeUndefined();
    expect(await ledger().tile(0, 999, 1)).toBeUndefined();
  });

  it('L3 that is taken back to an older time finds what it has said in the database, and goes on from there', async () => {
    await ledger().append(many(3));
    const past = await runInDurableObject(ledger(), (_, { storage }) => ({
      recent: storage.sql.exec('SELECT * FROM recent').toArray(),
      tiles: storage.sql.exec('SELECT * FROM tiles').toArray(),
      state: storage.sql.exec('SELECT * FROM state').toArray(),
    }));
    const again = told();
    await ledger().append([...many(300), again]);
    await agrees();
    await runInDurableObject(ledger(), (_, { storage }) => {
      for (const [table, kept] of Object.entries(past)) {
        storage.sql.exec(`DELETE FROM ${table}`);
        for (const row of kept)
          storage.sql.exec(
            `INSERT INTO ${table} VALUES (${Object.keys(row)
              .map(() => '?')
              .join()})`,
            ...Object.values(row),
          );
      }
    });
    await evictDurableObject(ledger());
    const before = (await rows()).length;
    await ledger().append([again, told()]);
    await agrees();
    expect((await rows()).length).toBe(before + 1);
  });

  it('L3 tells a database that was taken back again what it has lost', async () => {
    await ledger().append(many(20));
    const { size } = await agrees();
    await behindItsBack('DELETE FROM ledger WHERE seq >= ?', size - 5);
    await ledger().append(many(1));
    expect((await agrees()).size).toBe(size + 1);
    await behindItsBack('DELETE FROM ledger WHERE seq >= ?', size - 10);
    await evictDurableObject(ledger());
    await ledger().append(many(1));
    expect((await agrees()).size).toBe(size + 2);
  });

  it('L4 enters what was kept for it, and wakes up whatever else lies there', async () => {
    await ledger().append(many(1));
    const { size, stored } = await agrees();
    const old = readLeaf(stored[0]?.leaf ?? '')?.id ?? '';
    const [good, id] = [told(), crypto.randomUUID()];
    const { personal: _, ...plain } = told();
    const strange: [string, string][] = [
      ['a', 'null'],
      ['b', '[1]'],
      ['c', JSON.stringify({ ...plain, id: 'c' })],
      [id, JSON.stringify(plain)],
      ...[
        { at: 'now' },
        { at: 9_000_000_000_000_000 },
        { actor: '\ud800' },
        { facts: { deep: {} } },
        { v: 2 },
        { outcome: 'fine' },
        { action: 'x'.repeat(70_000) },
      ].map((bend): [string, string] => {
        const entry = { ...plain, id: crypto.randomUUID(), ...bend };
        return [entry.id, JSON.stringify(entry)];
      }),
    ];
    const known: [string, string] = [old, JSON.stringify({ ...plain, id: old })];
    for (const [row, entry] of [...strange, known, [good.id, JSON.stringify(good)] as const])
      await env.DB.prepare('INSERT INTO ledger_late VALUES (?, ?)').bind(row, entry).run();
    // What it was told long ago, it has forgotten.
    await runInDurableObject(ledger(), (_, { storage }) => storage.sql.exec('DELETE FROM recent'));
    await evictDurableObject(ledger());
    const now = await agrees();
    expect(now.stored.slice(size).map(({ leaf }) => readLeaf(leaf))).toEqual([{ ...good, late: true }]);
    const left = await env.DB.prepare('SELECT id FROM ledger_late').all<{ id: string }>();
    expect(left.results.map((row) => row.id).toSorted()).toEqual(strange.map(([row]) => row).toSorted());
    await ledger().tidy();
    await env.DB.prepare('DELETE FROM ledger_late').run();
  });

  it('L4 enters once more what stands there as unknown, and was kept as done', async () => {
    const begun = told({ outcome: 'unknown' });
    await ledger().append([begun]);
    const done = { ...begun, outcome: 'done' };
    await env.DB.prepare('INSERT INTO ledger_late VALUES (?, ?)').bind(begun.id, JSON.stringify(done)).run();
    await evictDurableObject(ledger());
    const last = readLeaf((await agrees()).stored.at(-1)?.leaf ?? '');
    expect(last).toMatchObject({ outcome: 'done', late: true, facts: { begun: begun.id } });
  });

  it('L4 enters what was begun and never ended as it stands', async () => {
    const [given, kept] = [told({ action: 'test.begun' }), told({ action: 'test.begun' })];
    await ledger().begin(given);
    await ledger().begin(kept);
    await ledger().append([kept]);
    await runInDurableObject(ledger(), (_, { storage }) => storage.sql.exec('UPDATE begun SET begun_at = 0'));
    await runInDurableObject(ledger(), (object) => object.alarm());
    await runInDurableObject(ledger(), (object) => object.alarm());
    await head();
    const outcomes = (await rows())
      .map(({ leaf }) => readLeaf(leaf))
      .filter((entry) => entry?.action === 'test.begun')
      .map((entry) => [entry?.id, entry?.outcome]);
    expect(outcomes).toEqual([
      [kept.id, 'done'],
      [given.id, 'unknown'],
    ]);
  });

  it('L5 keeps personal details sealed, under a key of their person and month that can be destroyed', async () => {
    const one = told({ personal: { of: 'per_marked', what: { device: 'MARKED device' } } });
    await ledger().append([one, told({ personal: { of: 'per_marked', what: { device: 'another' } } })]);
    await head();
    const row = (await rows()).find(({ leaf }) => readLeaf(leaf)?.id === one.id);
    expect(JSON.stringify(row)).not.toContain('MARKED');
    const month = monthOf(one.at);
    const { results } = await env.DB.prepare('SELECT key FROM ledger_keys').all<{ key: number[] }>();
    expect(results.length).toBe(1);
    const record = Uint8Array.from(results[0]?.key ?? []);
    expect(await env.KEYS.get(`ledger/per_marked/${month}`).then((kept) => kept?.bytes())).toEqual(record);
    const key = await (await vaultOf(env)).dataKey(detailsKeyPlace('per_marked', month), record);
    const { digest = '' } = readLeaf(row?.leaf ?? '')?.details ?? {};
    const sealed = Uint8Array.from(row?.details ?? []);
    expect(await openDetails(key, one.id, sealed, digest)).toEqual({ device: 'MARKED device' });
  });

  it('L6 is only ever added to in the database: no row changes, goes or is replaced, and the archive only grows', async () => {
    const { length } = await rows();
    const refused = [
      "UPDATE ledger SET leaf = '{}' WHERE seq = 0",
      'DELETE FROM ledger WHERE seq = 0',
      `DELETE FROM ledger WHERE seq = ${length - 1}`,
      'INSERT OR REPLACE INTO ledger (seq, leaf) SELECT 0, leaf FROM ledger WHERE seq = 1',
      'REPLACE INTO ledger (seq, leaf) SELECT 99999, leaf FROM ledger WHERE seq = 1',
      'DELETE FROM ledger_archive',
    ];
    for (const sql of refused)
      await expect(env.DB.prepare(sql).run(), sql).rejects.toThrow(/append-only|only grows/);
    await env.DB.prepare('UPDATE ledger_archive SET before = 2').run();
    await expect(env.DB.prepare('UPDATE ledger_archive SET before = 1').run()).rejects.toThrow('only grows');
    await env.DB.prepare('DELETE FROM ledger WHERE seq < 2').run();
    await expect(env.DB.prepare('DELETE FROM ledger WHERE seq = 2').run()).rejects.toThrow('append-only');
  });
});
