/** Backups as they are made: what lies in them, what does not, and what a portion that is done twice comes to. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { decrypt, generateKey, readMessage, readPrivateKey } from 'openpgp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { conversationKeyPlace, conversationOf } from '../../src/chat/conversation.ts';
import { keyringOf, vaultOf } from '../../src/config.ts';
import { watchOf } from '../../src/duties/alarms.ts';
import { backupPortion, seeToBackups } from '../../src/duties/backups.ts';
import { unpacked } from '../../src/duties/backups/lines.ts';
import { BackupShelf } from '../../src/duties/backups/shelf.ts';
import { BackupStore } from '../../src/duties/backups/store.ts';
import { leftOut, tables } from '../../src/duties/backups/tables.ts';
import { beginRun } from '../../src/duties/runs.ts';
import { setPgp } from '../../src/people/organisation.ts';
import { verifyBackups, readList } from '../../src/protocol/backup-proof.ts';
import { openBackup, readPgpKey, toBase64url } from '../../src/vault.ts';
import { begins, mark, send, talk, text } from '../chat/files-scene.ts';
import { hears, rows } from '../chat/scene.ts';
import { since, size } from '../ledger/scene.ts';

const store = new BackupStore(env.DB);
const shelf = new BackupShelf(env);
let count = 0;
const nextRun = () => `test-${count++}`;

/** Does one portion after another, each as often as this says. */
async function make(times = 1): Promise<number> {
  const run = nextRun();
  let place: string | null = null;
  do {
    const from: string | null = place;
    for (let time = 0; time < times; time++) ({ place } = await backupPortion(env, run, from));
  } while (place !== null);
  return (await store.ofRun(run))?.number ?? 0;
}
/** Every line of one backup, and what the bucket has under its parts' names. */
async function linesOf(number: number): Promise<Record<string, unknown>[]> {
  const lines: Record<string, unknown>[] = [];
  const folder = String(number).padStart(8, '0');
  for (const part of readList(new TextDecoder().decode(await shelf.read(`${folder}/parts`)))) {
    if (part === undefined || !part.name.startsWith(folder)) continue;
    const plain = await unpacked(await shelf.open(part.name));
    lines.push(
      ...plain
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    );
  }
  return lines;
}
const said = async (words: string) => {
  talk.customer.post(words);
  await hears(talk.customer, words);
};
const messagesIn = (lines: Record<string, unknown>[]) =>
  lines.filter((line) => line['conversation'] === talk.id && 'message' in line).length;
const stands = () =>
  expect
    .poll(() => env.DB.prepare('SELECT 1 FROM conversations WHERE id = ?').bind(talk.id).first())
    .not.toBeNull();

beforeEach(async () => {
  await begins();
  await stands();
});

describe('R1 a backup', () => {
  it('holds every table, each conversation, file and entry, and then what is new', async () => {
    const file = await send(talk.visitor.access, text(mark));
    await said('Hello there');
    const before = await size();
    const first = await make();
    const lines = await linesOf(first);
    const { messages } = (await rows(talk.id, 'SELECT COUNT(*) AS messages FROM messages'))[0] as {
      messages: number;
    };
    expect(messagesIn(lines)).toBe(messages);
    const image = lines.find((line) => line['conversation'] === talk.id && 'beside' in line);
    expect(image).toMatchObject({ messages, beside: { files: [{ id: file }] } });
    for (const { name } of tables.filter((each) =>
      ['people', 'teams', 'sites', 'keys', 'conversations'].includes(each.name),
    )) {
      const { n } = (await env.DB.prepare(`SELECT COUNT(*) AS n FROM ${name}`).first<{ n: number }>()) ?? {
        n: 0,
      };
      const left = name === 'keys' ? 1 : 0;
      expect([name, lines.filter((line) => line['table'] === name).length]).toEqual([name, n - left]);
    }
    expect(lines.filter((line) => line['table'] === 'ledger').length).toBeGreaterThanOrEqual(before);
    const kept = await env.DB.prepare(
      `SELECT COUNT(*) AS n FROM backup_objects WHERE source LIKE 'files/${talk.id}/%'`,
    ).first('n');
    expect(kept).toBe(1);

    await said('And one more');
    const second = await make();
    expect(await store.all()).toMatchObject([
      { number: first, isFull: true, state: 'whole' },
      { number: second, isFull: false, previous: first },
    ]);
    const news = await linesOf(second);
    expect(messagesIn(news)).toBe(1);
    expect(news.filter((line) => line['table'] === 'ledger').length).toBeLessThan(before);
    expect((await linesOf(await make())).some((line) => line['conversation'] === talk.id)).toBe(false);
  });

  it('is entered in the ledger with what it is known by, and verifies as it lies there', async () => {
    const before = await size();
    const number = await make();
    const { backups, wrong } = await verifyBackups(shelf);
    expect(wrong).toBeNull();
    const last = backups.at(-1);
    expect(last).toMatchObject({ number, origin: 'sotto.test/backup' });
    expect(await since(before)).toContainEqual(
      expect.objectContaining({
        ...{ actor: null, action: 'backup.make', outcome: 'done' },
        facts: expect.objectContaining({ number, manifest: last?.hash, isWhole: true }) as object,
      }),
    );
  });

  it('has a line or a reason for every table of the database', async () => {
    const query = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'
      AND name NOT IN ('d1_migrations', 'sqlite_sequence')`;
    const { results } = await env.DB.prepare(query).all<{ name: string }>();
    const named = [...tables.map(({ name }) => name), ...Object.keys(leftOut)];
    expect(named.toSorted()).toEqual(results.map(({ name }) => name).toSorted());
  });

  it('names whatever a row refers to, behind which it is put back', async () => {
    type Key = { table: string; from: string; to: string | null };
    for (const [at, { name, refers, mayRefer }] of tables.entries()) {
      const { results } = await env.DB.prepare(`PRAGMA foreign_key_list(${name})`).all<Key>();
      for (const { table, from, to } of results) {
        const said = { ...refers, ...mayRefer }[from]?.split('.') ?? [];
        expect({ name, from, table: said[0], to: said[1] ?? 'id' }).toEqual({ name, from, table, to });
        expect(tables.findIndex((other) => other.name === table)).toBeLessThan(at);
      }
    }
  });
});

it('R2 a backup holds no wrapped data key, no key of tokens, and nothing that is sealed in the clear', async () => {
  await said(mark);
  await send(talk.visitor.access, text(mark));
  const found: string[] = [];
  const base64 = (bytes: readonly number[]) =>
    Uint8Array.from(bytes).toBase64({ alphabet: 'base64url', omitPadding: true });
  for (const table of ['people', 'visitors', 'bans', 'ledger_keys'])
    for (const { key } of (await env.DB.prepare(`SELECT key FROM ${table}`).all<{ key: number[] }>()).results)
      found.push(base64(key));
  const [row] = (await rows(talk.id, 'SELECT keys FROM conversation')) as { keys: string }[];
  found.push(...(JSON.parse(row?.keys ?? '[]') as [number, string][]).map(([, record]) => record));
  for (const { record } of await rows(talk.id, 'SELECT record FROM files'))
    found.push(base64([...new Uint8Array(record as ArrayBuffer)]));
  for (const { wrapped } of (
    await env.DB.prepare(`SELECT wrapped FROM keys WHERE purpose = 'token'`).all<{ wrapped: number[] }>()
  ).results)
    found.push(base64(wrapped));
  expect(found.length).toBeGreaterThan(4);
  const written = JSON.stringify(await linesOf(await make()));
  for (const key of found) expect(written).not.toContain(key);
  expect(written).not.toContain(mark);
  // It opens under its own name alone, and lies sealed in the bucket.
  const [name = ''] = (await shelf.names()).filter((each) => /^\d{8}\/\d{6}/.test(each));
  const sealed = (await shelf.read(name)) ?? new Uint8Array();
  await expect(openBackup(await keyringOf(env), `${name}x`, sealed)).rejects.toMatchObject({
    code: 'envelope_refused',
  });
});

describe('R4 a backup that is cut off', () => {
  it('comes to the same, whichever portion is done twice', async () => {
    await said('Once');
    const number = await make(2);
    const lines = await linesOf(number);
    expect(
      lines.filter((line) => line['conversation'] === talk.id && 'beside' in line).length,
    ).toBeLessThanOrEqual(1);
    expect((await verifyBackups(shelf)).wrong).toBeNull();
    await said('Twice');
    expect(messagesIn(await linesOf(await make(2)))).toBe(1);
    const names = (await shelf.names()).filter((name) => /^\d{8}\/\d{6}/.test(name));
    const { results } = await env.DB.prepare('SELECT name FROM backup_parts').all<{ name: string }>();
    expect(names.toSorted()).toEqual(results.map(({ name }) => name).toSorted());
  });

  it('loses nothing where two make the same part at once, and keeps one of them', async () => {
    await said('For both');
    const run = nextRun();
    let place: string | null = (await backupPortion(env, run, null)).place;
    while (place !== null) {
      const from: string = place;
      const [one, other] = await Promise.all([backupPortion(env, run, from), backupPortion(env, run, from)]);
      if (!/ (check|tidy) /.test(from)) expect(one.place).toBe(other.place);
      place = one.place ?? other.place;
    }
    expect((await verifyBackups(shelf)).wrong).toBeNull();
    const { number = 0 } = (await store.ofRun(run)) ?? {};
    expect(messagesIn(await linesOf(number))).toBeGreaterThan(0);
  });

  it('is driven to its end by what drives long duties, and only one is made at a time', async () => {
    const run = nextRun();
    await beginRun(env, 'backup', run, Date.now());
    await expect.poll(async () => (await store.ofRun(run))?.state, { timeout: 15_000 }).toBe('whole');
    const first = nextRun();
    await backupPortion(env, first, null);
    expect(await backupPortion(env, nextRun(), null)).toEqual({ place: null, done: 0 });
    await store.finish((await store.ofRun(first))?.number ?? 0, 'It was given up', Date.now());
    expect(await backupPortion(env, first, '0 conversations ')).toEqual({ place: null, done: 0 });
  });
});

describe('R6 while it goes on', () => {
  it('a long conversation is taken in stretches, and what is said meanwhile comes along or next time', async () => {
    await runInDurableObject(conversationOf(env, talk.id), (_, { storage }) => {
      for (let at = 0; at < 60; at++)
        storage.sql.exec(
          `INSERT INTO messages SELECT position + ?, hex(randomblob(8)), author_kind, author, at, read, randomblob(12000)
           FROM messages ORDER BY position DESC LIMIT 1`,
          65_536,
        );
    });
    const object = conversationOf(env, talk.id);
    const first = await object.image(null, null);
    expect(first?.next).toEqual(expect.any(Number));
    const rest = await object.image(null, first?.next ?? null);
    expect(rest?.next).toBeNull();
    const all = `${first?.text ?? ''}${rest?.text ?? ''}`.trimEnd().split('\n');
    const [{ n } = { n: 0 }] = await rows(talk.id, 'SELECT COUNT(*) AS n FROM messages');
    expect(all.length).toBe(Number(n) + 1);
    expect(await object.image(rest?.mark ?? null, null)).toBeUndefined();
    const unknown = conversationOf(env, 'con_AAAAAAAAAAAAAAAAAAAAAA' as never);
    expect(await unknown.image(null, null)).toBeUndefined();
  });
});

it('K23 one that is sealed anew between two parts of a backup is taken whole by the next', async () => {
  await runInDurableObject(conversationOf(env, talk.id), (_, { storage }) => {
    for (let at = 0; at < 9; at++)
      storage.sql.exec(
        `INSERT INTO messages SELECT position + ?, hex(randomblob(8)), author_kind, author, at, read, randomblob(600000)
         FROM messages ORDER BY position DESC LIMIT 1`,
        65_536,
      );
  });
  const run = nextRun();
  let place: string | null = null;
  do ({ place } = await backupPortion(env, run, place));
  while (place?.includes(`conversations ${talk.id} `) === false);
  const { record } = await (await vaultOf(env)).newDataKey(conversationKeyPlace(talk.id, 1));
  await runInDurableObject(conversationOf(env, talk.id), (_, { storage }) => {
    storage.sql.exec('UPDATE conversation SET keys = ?', JSON.stringify([[1, toBase64url(record), true]]));
  });
  while (place !== null) ({ place } = await backupPortion(env, run, place));
  expect(await store.ofRun(run)).toMatchObject({ state: 'whole' });
  const [{ n } = { n: 0 }] = await rows(talk.id, 'SELECT COUNT(*) AS n FROM messages');
  expect(messagesIn(await linesOf(await make()))).toBe(Number(n));
  expect(messagesIn(await linesOf(await make()))).toBe(0);
});

describe('R8 a backup that is missing or wrong raises an alarm', () => {
  const alarms = async (rule: string) =>
    runInDurableObject(watchOf(env), (_, { storage }) =>
      storage.sql.exec('SELECT facts FROM alarms WHERE rule = ?', rule).toArray(),
    );

  it('where the last one that is whole is older than 26 hours', async () => {
    await make();
    await seeToBackups(env, Date.now() + 25 * 3_600_000);
    expect(await alarms('backup.missing')).toEqual([]);
    await seeToBackups(env, Date.now() + 27 * 3_600_000);
    expect(await alarms('backup.missing')).toHaveLength(1);
  });

  it('where a part is not what was signed; the next one is full, and of this one nothing stays', async () => {
    await make();
    const run = nextRun();
    let place: string | null = null;
    do ({ place } = await backupPortion(env, run, place));
    while (place !== null && !place.includes(' check '));
    const { number = 0 } = (await store.ofRun(run)) ?? {};
    const [part] = await store.parts(number);
    const bytes = (await shelf.read(part?.name ?? '')) ?? new Uint8Array();
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await env.BACKUPS.put(part?.name ?? '', bytes);
    while (place !== null) ({ place } = await backupPortion(env, run, place));
    expect(await store.ofRun(run)).toMatchObject({
      state: 'broken',
      wrong: `${part?.name ?? ''} is not what was signed`,
    });
    expect(await alarms('backup.broken')).toHaveLength(1);
    const next = await make();
    expect((await store.all()).at(-1)).toMatchObject({
      number: next,
      isFull: true,
      state: 'whole',
      previous: number - 1,
    });
    expect((await shelf.names()).filter((name) => name.startsWith(String(number).padStart(8, '0')))).toEqual(
      [],
    );
    expect((await verifyBackups(shelf)).wrong).toBeNull();
  });
});

describe('R28 once the organisation has an OpenPGP key', () => {
  const pair = () => generateKey({ userIDs: [{ name: 'Backups' }] });
  const use = async (publicKey: string) => {
    const key = await readPgpKey(publicKey, Date.now());
    await setPgp(env, key);
    return key;
  };
  /** As somebody does with a folder that they have downloaded. */
  const decryptAll = async (number: number, privateKey: string) => {
    const decryptionKeys = await readPrivateKey({ armoredKey: privateKey });
    const list = new TextDecoder().decode(await shelf.read(`${String(number).padStart(8, '0')}/parts`));
    for (const part of readList(list)) {
      const binaryMessage = (await shelf.read(part?.name ?? '')) ?? new Uint8Array();
      const message = await readMessage({ binaryMessage });
      const opened = await decrypt({ message, decryptionKeys, format: 'binary' });
      await env.BACKUPS.put(part?.name ?? '', opened.data as Uint8Array);
    }
  };
  afterEach(() => setPgp(env, null));

  it('each part, and each copied object, is a message to it, in a backup that is full', async () => {
    await send(talk.visitor.access, text(mark));
    await make();
    const { publicKey, privateKey } = await pair();
    const { fingerprint } = await use(publicKey);
    const number = await make();
    const { backups, wrong } = await verifyBackups(shelf);
    expect(wrong).toBeNull();
    expect(backups.at(-1)).toMatchObject({ number, full: true, openpgp: fingerprint });
    expect(backups.at(-2)).not.toHaveProperty('openpgp');
    const list = readList(
      new TextDecoder().decode(await shelf.read(`${String(number).padStart(8, '0')}/parts`)),
    );
    expect(list.some((part) => part?.name.startsWith('objects/files/'))).toBe(true);
    for (const part of list)
      await expect(
        openBackup(
          await keyringOf(env),
          part?.name ?? '',
          (await shelf.read(part?.name ?? '')) ?? new Uint8Array(),
        ),
      ).rejects.toMatchObject({ code: 'envelope_malformed' });

    await decryptAll(number, privateKey);
    expect((await verifyBackups(shelf)).wrong).toBeNull();
    expect((await linesOf(number)).some((line) => line['conversation'] === talk.id)).toBe(true);
  });

  it('what builds upon it stays under it, and another key begins with a full one', async () => {
    await use((await pair()).publicKey);
    await make();
    const { publicKey, privateKey } = await pair();
    await said('Under the first');
    const second = await make();
    const { fingerprint } = await use(publicKey);
    const third = await make();
    await setPgp(env, null);
    const last = await make();
    const all = (await store.all()).filter((each) => each.number >= second);
    expect(all.map(({ isFull, pgp, state }) => [isFull, pgp === fingerprint, state])).toEqual([
      [false, false, 'whole'],
      [true, true, 'whole'],
      [true, false, 'whole'],
    ]);
    expect(all.map(({ number }) => number)).toEqual([second, third, last]);
    await decryptAll(third, privateKey);
    expect((await verifyBackups(shelf)).wrong).toBeNull();
  });
});

it('R29 a key that is over seals nothing: there is no backup, an alarm is raised, and nothing stays', async () => {
  const { publicKey } = await generateKey({ userIDs: [{ name: 'Backups' }], keyExpirationTime: 60 });
  await setPgp(env, await readPgpKey(publicKey, Date.now()));
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
  const before = await size();
  const number = await make();
  expect((await store.all()).at(-1)).toMatchObject({
    ...{ number, state: 'broken', wrong: 'the OpenPGP key of the organisation is expired' },
  });
  expect((await shelf.names()).filter((name) => name.startsWith(String(number).padStart(8, '0')))).toEqual(
    [],
  );
  expect(await since(before)).toContainEqual(
    expect.objectContaining({ action: 'backup.make', outcome: 'failed' }),
  );
  const raised = await runInDurableObject(watchOf(env), (_, { storage }) =>
    storage.sql
      .exec(`SELECT facts FROM alarms WHERE rule = 'backup.broken' AND facts LIKE '%OpenPGP%'`)
      .toArray(),
  );
  expect(raised).toHaveLength(1);
  vi.useRealTimers();
  await setPgp(env, null);
  await make();
  expect((await store.all()).at(-1)).toMatchObject({ isFull: true, state: 'whole' });
});

it('R7 what is older than its days goes, but for what the others build upon', async () => {
  const day = 86_400_000;
  const numbers = [await make(), await make()];
  // A full one that is old enough, with one before it.
  await env.DB.prepare('UPDATE backups SET begun_at = ? WHERE number < ?')
    .bind(Date.now() - 40 * day, numbers[1])
    .run();
  await env.DB.prepare('UPDATE backups SET is_full = 1, begun_at = ? WHERE number = ?')
    .bind(Date.now() - 36 * day, numbers[1])
    .run();
  await make();
  const left = await store.all();
  expect(left[0]?.number).toBe(numbers[1]);
  const folders = new Set((await shelf.names()).map((name) => name.split('/')[0]));
  expect(folders.has(String(numbers[0]).padStart(8, '0'))).toBe(false);
  expect(folders.has(String(numbers[1]).padStart(8, '0'))).toBe(true);
});

describe('R7 where the bucket is locked', () => {
  it('a backup is made all the same, done twice too, and what may not go yet goes another night', async () => {
    // As R2 answers for what is younger than the days of a lock.
    const refused = () => Promise.reject(new Error('the object is locked'));
    const locked = new Proxy(env.BACKUPS, {
      get: (bucket, name) => {
        if (name === 'delete') return refused;
        if (name === 'put')
          return async (...[key, value]: Parameters<R2Bucket['put']>) =>
            (await bucket.head(key)) === null ? bucket.put(key, value) : refused();
        const own: unknown = Reflect.get(bucket, name);
        return typeof own === 'function' ? (own.bind(bucket) as unknown) : own;
      },
    });
    const there = { ...env, BACKUPS: locked };
    const drive = async (times: number) => {
      const run = nextRun();
      let place: string | null = null;
      do {
        const from: string | null = place;
        for (let time = 0; time < times; time++) ({ place } = await backupPortion(there, run, from));
      } while (place !== null);
      return store.ofRun(run);
    };
    const failed = (await drive(1))?.number ?? 0;
    await env.DB.prepare("UPDATE backups SET state = 'broken' WHERE number = ?").bind(failed).run();
    const folder = `${String(failed).padStart(8, '0')}/`;
    const left = async () => (await env.BACKUPS.list({ prefix: folder })).objects.length;
    await said(`${mark} once more`);
    // As if it had been cut off between writing its manifest and having that entered.
    const close = vi.spyOn(BackupStore.prototype, 'close').mockRejectedValueOnce(new Error('cut off'));
    const run = nextRun();
    for (let place: string | null | undefined; place !== null;)
      place = await backupPortion(there, run, place ?? null).then(
        (portion) => portion.place,
        () => place,
      );
    expect(close).toHaveBeenCalledTimes(2);
    close.mockRestore();
    expect(await store.ofRun(run)).toMatchObject({ state: 'whole' });
    expect(await left()).toBeGreaterThan(0);
    expect((await drive(2))?.state).toBe('whole');
    await make();
    expect(await left()).toBe(0);
  });
});
