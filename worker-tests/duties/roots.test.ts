/** Another root in KEYRING: the Worker wraps its own keys under it by itself, and backups leave the old one in time. */
import type { D1Migration } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Env, keyringOf, vaultOf } from '../../src/config.ts';
import { backupPortion } from '../../src/duties/backups.ts';
import { BackupShelf } from '../../src/duties/backups/shelf.ts';
import { BackupStore } from '../../src/duties/backups/store.ts';
import { seeToRoots } from '../../src/duties/rotation.ts';
import { ledgerOf } from '../../src/ledger.ts';
import { enter } from '../../src/people/recording.ts';
import { readList } from '../../src/protocol/backup-proof.ts';
import { bind, keyTable, newRoot } from '../../src/vault.ts';
import { begins, mark, send, talk, text } from '../chat/files-scene.ts';
import { since, size } from '../ledger/scene.ts';

const minute = 60_000;
let next = 1;
/** The same Sotto, whose KEYRING has a newer root besides, or that one alone. */
let newer: Env;
let alone: Env;
const root = () => next;
const rootsOfKeys = async () =>
  [...new Set((await keyTable(env.DB).all()).map(({ root }) => root))].toSorted();

let all = env.KEYRING;
beforeEach(() => {
  next += 1;
  const entry = `${next}:${newRoot()}`;
  all = `${entry},${all}`;
  newer = { ...env, KEYRING: all };
  alone = { ...env, KEYRING: entry };
});

describe('K17 a newer root', () => {
  it('wraps all keys once every process can have it, which stands in the ledger once, and what was sealed opens', async () => {
    const place = bind('test', ['here']);
    const { key, record } = await (await vaultOf(env)).newDataKey(place);
    const sealed = await key.sealText(place, mark);
    const before = await rootsOfKeys();
    const entered = await size();
    const now = Date.now();
    await seeToRoots(newer, now);
    await seeToRoots(newer, now + 9 * minute);
    expect(await rootsOfKeys()).toEqual(before);
    await seeToRoots(newer, now + 15 * minute);
    await seeToRoots(newer, now + 30 * minute);
    expect(await rootsOfKeys()).toEqual([root()]);
    expect((await since(entered)).filter(({ action }) => action === 'keys.adopt')).toMatchObject([
      { actor: null, facts: { root: root() } },
    ]);
    const opened = await (await vaultOf(alone)).dataKey(place, record);
    expect(await opened.openText(place, sealed)).toBe(mark);
  });

  it('is gone on with where it was cut off, and takes what an older process has made meanwhile', async () => {
    const older = await rootsOfKeys();
    const now = Date.now();
    await seeToRoots(newer, now);
    let writes = 0;
    const prepare = (query: string) => {
      if (query.startsWith('UPDATE keys SET root') && ++writes === 3) throw new Error('cut off');
      return env.DB.prepare(query);
    };
    const cut = { ...newer, DB: { prepare, batch: env.DB.batch.bind(env.DB) } as unknown as D1Database };
    // A vault keeps the table that it was opened with: another order of the same roots is opened anew.
    cut.KEYRING = all.split(',').toReversed().join(',');
    await expect(seeToRoots(cut, now + 15 * minute)).rejects.toThrow('cut off');
    expect(await rootsOfKeys()).toEqual([...older, root()]);
    await seeToRoots(newer, now + 30 * minute);
    expect(await rootsOfKeys()).toEqual([root()]);
  });
});

it('K33 what a database of before has noted becomes as old as its ledger or its oldest key says', async () => {
  const { MIGRATIONS } = env as unknown as { MIGRATIONS: D1Migration[] };
  const [query = ''] = MIGRATIONS.find(({ name }) => name.startsWith('0036'))?.queries ?? [];
  const now = Date.now();
  // Sotto went over to the one, began with the other, and has not begun to use the third.
  const [adopted, first, seen] = [9_001, 9_002, 9_003];
  await enter(env, { actor: null, action: 'keys.adopt', facts: { root: adopted } });
  await ledgerOf(env).checkpoint();
  const key = `INSERT INTO keys (id, purpose, state, root, wrapped, created_at, uses)
    SELECT id + ?1, purpose, 'retired', ?1, wrapped, ?2, 0 FROM keys WHERE purpose = 'lookup' LIMIT 1`;
  for (const root of [adopted, first]) await env.DB.prepare(key).bind(root, 5).run();
  const seenAt = async () => {
    const ours = 'SELECT root, seen_at AS at FROM roots WHERE root > 9000 ORDER BY root';
    const { results } = await env.DB.prepare(ours).all<{ root: number; at: number }>();
    return results.map(({ at }) => at);
  };
  for (const root of [adopted, first, seen])
    await env.DB.prepare('INSERT INTO roots VALUES (?, ?)')
      .bind(root, now + minute)
      .run();
  await env.DB.prepare(query).run();
  const [of] = await seenAt();
  expect(Math.abs((of ?? 0) - now)).toBeLessThan(minute);
  expect(await seenAt()).toEqual([of, 5, now + minute]);
  await env.DB.batch([
    env.DB.prepare('DELETE FROM keys WHERE root > 9000'),
    env.DB.prepare('DELETE FROM roots WHERE root > 9000'),
  ]);
});

describe('K18 backups', () => {
  const store = new BackupStore(env.DB);
  const make = async (from: Env, run: string) => {
    for (let place: string | null | undefined; place !== null;)
      ({ place } = await backupPortion(from, run, place ?? null));
    return store.ofRun(run);
  };
  const stands = () =>
    env.DB.prepare('SELECT number, is_full AS isFull, root FROM backups ORDER BY number')
      .all()
      .then(({ results }) => results);
  const copies = async () =>
    (await env.DB.prepare(`SELECT root FROM backup_objects WHERE source LIKE 'files/${talk.id}/%'`).all())
      .results;

  it('say which root they need, and a full one copies anew what lies under an older one', async () => {
    await begins();
    await send(talk.visitor.access, text(mark));
    const older = (await keyringOf({ ...env, KEYRING: all.slice(all.indexOf(',') + 1) })).active;
    const before = { ...env, KEYRING: all.slice(all.indexOf(',') + 1) };
    await make(before, 'roots-1');
    expect(await copies()).toEqual([{ root: older }]);
    await make(newer, 'roots-2');
    expect(await copies()).toEqual([{ root: older }]);
    // What is behind one that is not whole is full.
    await env.DB.prepare("UPDATE backups SET state = 'broken' WHERE run = 'roots-2'").run();
    const full = await make(newer, 'roots-3');
    expect(await stands()).toMatchObject([
      { isFull: 1, root: older },
      { isFull: 0, root: root() },
      { isFull: 1, root: root() },
    ]);
    expect(await copies()).toHaveLength(2);
    const shelf = new BackupShelf(alone);
    const list = readList(
      new TextDecoder().decode(await shelf.read(`${String(full?.number).padStart(8, '0')}/parts`)),
    );
    expect(list.filter((part) => part?.name.includes(talk.id))).toHaveLength(1);
    for (const part of list) if (part !== undefined) await shelf.open(part.name);
  });
});
