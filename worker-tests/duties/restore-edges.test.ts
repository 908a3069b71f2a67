/** A restore ends whatever it meets, and what the newest backup says of people and of what they were promised holds. */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { vaultOf } from '../../src/config.ts';
import { dropKeptKeys, keepKeys } from '../../src/duties/backups/keys.ts';
import { packed } from '../../src/duties/backups/lines.ts';
import { BackupStore } from '../../src/duties/backups/store.ts';
import { keptKeys } from '../../src/duties/backups.ts';
import { restorePortion } from '../../src/duties/restore.ts';
import { BackupReader, type Row } from '../../src/duties/restore/reading.ts';
import { ordersFor, tableOf } from '../../src/duties/restore/rows.ts';
import { RestoreStore } from '../../src/duties/restore/store.ts';
import { rotate } from '../../src/duties/rotation.ts';
import { beginRun } from '../../src/duties/runs.ts';
import { banKeyPlace, banPlaces } from '../../src/people/bans.ts';
import { StaffDirectory } from '../../src/people/staff.ts';
import type { RestoreAnswer } from '../../src/protocol/restore.ts';
import { newId } from '../../src/protocol/ids.ts';
import { doDuties } from '../../src/schedule.ts';
import { Keyring, keyStore, keyTable, newRoot, RETIRING_MS, sealBackup } from '../../src/vault.ts';
import { call } from '../cast.ts';
import { begins, here, owner, talk } from '../chat/files-scene.ts';
import { hears, recorded } from '../chat/scene.ts';
import { backedUp, beginsWithNothing, drive, lost, putBack, toPutBack } from './restore-scene.ts';

const setupToken = 'the-setup-token-of-the-tests-and-of-nobody-else';
const store = new RestoreStore(env.DB);
const staff = new StaffDirectory(env).store;
const sql = (text: string, ...values: unknown[]) =>
  env.DB.prepare(text)
    .bind(...values)
    .run();
const cell = (text: string, ...values: unknown[]) =>
  env.DB.prepare(text)
    .bind(...values)
    .first();

beforeEach(async () => {
  await beginsWithNothing();
  await begins();
  await expect.poll(() => cell('SELECT 1 FROM conversations WHERE id = ?', talk.id)).not.toBeNull();
});

/** Begun anew where one has failed half-way; nobody else has opened the keys that it left. */
async function putBackAnew() {
  const run = await toPutBack();
  await drive(run, 1, (place) => place.startsWith('settle'));
  await sql('UPDATE restores SET settled_at = 0 WHERE run = ?', run);
  await drive(run, 1, undefined, 'settle 0 0 ');
  return store.ofRun(run);
}
async function renewDataKey(): Promise<void> {
  const key = (await keyTable(env.DB).all()).find(
    ({ purpose, state }) => purpose === 'data' && state === 'active',
  );
  if (key === undefined) throw new Error('there is no key');
  await rotate(env, key, Date.now() - RETIRING_MS);
}
const keptNames = async () => (await env.BACKUPS.list({ prefix: 'keys/' })).objects.map(({ key }) => key);

describe('R13 a restore always ends', () => {
  it('with what no key opens, and is begun anew', async () => {
    await backedUp();
    await lost();
    await env.BACKUPS.put('keys/999', 'nothing that opens');
    const restore = await putBack();
    expect(restore).toMatchObject({
      state: 'failed',
      wrong: 'Stage keys has met what no key opens (envelope_malformed)',
    });
    expect(await staff.isBeingPutBack()).toBe(true);
    await env.BACKUPS.delete('keys/999');
    expect(await putBackAnew()).toMatchObject({ state: 'done', wrong: null });
    expect(await staff.isBeingPutBack()).toBe(false);
  });

  it('where the same place fails ten times in a row, and is begun anew', async () => {
    await backedUp();
    await lost();
    await sql(`CREATE TRIGGER no_sites BEFORE INSERT ON sites BEGIN SELECT RAISE(ABORT, 'no'); END`);
    const run = await toPutBack();
    await expect(drive(run)).rejects.toThrow();
    const place = (await cell('SELECT stuck_at FROM restores WHERE run = ?', run))?.['stuck_at'] as string;
    const outcomes: unknown[] = [];
    for (let time = 1; time < 10; time++)
      outcomes.push(await restorePortion(env, run, place).catch(() => 'failed'));
    await sql('DROP TRIGGER no_sites');
    expect(outcomes).toEqual([...Array.from({ length: 8 }, () => 'failed'), { place: null, done: 0 }]);
    expect(await store.ofRun(run)).toMatchObject({
      state: 'failed',
      wrong: 'Stage tables has failed 10 times at one place',
    });
    expect(await putBackAnew()).toMatchObject({ state: 'done', wrong: null });
  });

  it('that was entered and not yet driven goes on with whoever begins it', async () => {
    await backedUp();
    await lost();
    await toPutBack();
    const wish = { token: setupToken, body: { number: null, newest: null } };
    expect((await call('POST', '/api/v1/setup/restore', wish)).status).toBe(202);
    const look = async () =>
      (await call<RestoreAnswer>('GET', '/api/v1/setup/restore', { token: setupToken })).body.restore;
    await expect.poll(async () => (await look())?.state, { timeout: 15_000 }).toBe('done');
  });

  it('and what one has left half-way stays so, though the next is refused before it writes', async () => {
    await backedUp();
    await lost();
    const run = await toPutBack();
    await drive(run, 1, (place) => place.startsWith('open'));
    await store.finish(run, 'It was ended by the test', Date.now());
    const [name = ''] = (await env.BACKUPS.list()).objects.flatMap(({ key }) =>
      /^\d{8}\/\d{6}-/.test(key) ? key : [],
    );
    const bytes = await (await env.BACKUPS.get(name))?.arrayBuffer();
    await env.BACKUPS.delete(name);
    expect(await putBack()).toMatchObject({ state: 'failed', wrong: `${name} is missing` });
    expect(await staff.isBeingPutBack()).toBe(true);
    await env.BACKUPS.put(name, bytes ?? '');
    expect(await putBackAnew()).toMatchObject({ state: 'done' });
  });
});

describe('R12 until it has ended well', () => {
  it('nothing that is timed is done, no other duty goes on, and nobody is written as the first', async () => {
    await backedUp();
    const row = await staff.byId(owner.id);
    if (row === undefined) throw new Error('there is no owner');
    await lost();
    const run = await toPutBack();
    const first = { ...row, id: newId('person'), lookup: new Uint8Array(32), createdAt: 1 };
    const team = { id: newId('team'), name: 'T', createdAt: 1 };
    expect(await staff.addFirst(first, team)).toBe(false);
    expect(await cell('SELECT 1 FROM teams')).toBeNull();
    await drive(run, 1, (place) => place.startsWith('settle'));
    await store.finish(run, 'It was ended by the test', Date.now());
    expect(await staff.addFirst(first, team)).toBe(false);
    await doDuties(env, '17 3 * * *', Date.now());
    expect(await cell('SELECT 1 FROM runs')).toBeNull();
    await beginRun(env, 'retention', 'of-another-duty', Date.now());
    await new Promise((done) => setTimeout(done, 1_000));
    expect(await cell(`SELECT place, over_at FROM runs WHERE id = 'of-another-duty'`)).toEqual({
      place: null,
      over_at: null,
    });
    expect(await putBackAnew()).toMatchObject({ state: 'done' });
    expect(await cell(`SELECT 1 FROM runs WHERE id = 'of-another-duty'`)).toBeNull();
  });

  it('where this deployment lies stays its own', async () => {
    await backedUp();
    await lost();
    await sql(`INSERT INTO residency (only, jurisdiction, since) VALUES (1, '', 5)`);
    expect(await putBack()).toMatchObject({ state: 'done' });
    expect(await cell('SELECT since FROM residency')).toEqual({ since: 5 });
  });
});

describe('R10 of an older backup comes back what may', () => {
  it('not whoever was disabled since, nor what was restricted, nor an earlier time of erasing', async () => {
    await sql(`INSERT INTO erased (id, at) VALUES ('vis_gone', 1000)`);
    const older = await backedUp();
    await sql(`UPDATE people SET state = 'disabled' WHERE id = ?`, here.ben.id);
    await sql(`INSERT INTO restrictions (visitor, since, by) VALUES ('vis_kept', 5, ?)`, owner.id);
    await sql(`UPDATE erased SET at = 2000 WHERE id = 'vis_gone'`);
    await backedUp();
    await lost();
    expect(await putBack(older)).toMatchObject({ state: 'done' });
    expect(await cell('SELECT state FROM people WHERE id = ?', here.ben.id)).toEqual({ state: 'disabled' });
    expect(await cell('SELECT state FROM people WHERE id = ?', here.anna.id)).toEqual({ state: 'active' });
    expect(await cell('SELECT since, by FROM restrictions')).toEqual({ since: 5, by: owner.id });
    expect(await cell(`SELECT at FROM erased WHERE id = 'vis_gone'`)).toEqual({ at: 2000 });
  });

  it('not one in which no owner is one still', async () => {
    const older = await backedUp();
    await sql(`UPDATE people SET role = 'agent' WHERE role = 'owner' AND id <> ?`, owner.id);
    await sql(`UPDATE people SET state = 'disabled' WHERE id = ?`, owner.id);
    await backedUp();
    await lost();
    expect(await putBack(older)).toMatchObject({
      state: 'failed',
      wrong: `Backup ${older} has no owner who is one still: a newer one has to be put back`,
    });
  });

  it('a ban and a request without whoever has set or answered them', async () => {
    const ban = newId('ban');
    const { key, record } = await (await vaultOf(env)).newDataKey(banKeyPlace(ban));
    const place = banPlaces(ban).find(([column]) => column === 'reason')?.[1] ?? new Uint8Array();
    await keyStore(env.KEYS).put('ban', ban, record);
    await sql(
      `INSERT INTO bans (id, kind, lookup, key, reason, banned_by, banned_at, until)
       VALUES (?, 'visitor', x'01', ?, ?, ?, 1, 9e15)`,
      ...[ban, record, await key.sealText(place, 'spam'), here.ben.id],
    );
    await sql(
      `INSERT INTO requests (id, kind, visitor, site, law, proof, state, opened_by, opened_at, due_at, decided_by)
       VALUES ('req', 'access', ?, ?, 'gdpr', 'staff', 'done', ?, 1, 2, ?)`,
      ...[talk.visitor.id, here.site, owner.id, here.ben.id],
    );
    await sql(
      `INSERT OR REPLACE INTO owner_key (only, hash, made_at, waiting) VALUES (1, 'h', 1, ?)`,
      here.ben.id,
    );
    await backedUp();
    await lost();
    await keyStore(env.KEYS).delete('person', here.ben.id);
    expect(await putBack()).toMatchObject({ state: 'done', counts: { 'left out people': 1 } });
    expect(await cell('SELECT banned_by FROM bans WHERE id = ?', ban)).toEqual({ banned_by: here.ben.id });
    expect(await cell('SELECT opened_by, decided_by FROM requests')).toEqual({
      opened_by: owner.id,
      decided_by: null,
    });
    expect(await cell('SELECT waiting FROM owner_key')).toEqual({ waiting: null });
  });
});

it('R10 what refers to something that was not in the backup yet is left out, and ends no restore', async () => {
  const put = async (name: string, row: Row) => {
    const table = tableOf(name);
    if (table === undefined) throw new Error(`there is no table ${name}`);
    await env.DB.batch(ordersFor(table, [row]).map(({ sql, json }) => env.DB.prepare(sql).bind(json)));
  };
  const count = async (table: string) => (await cell(`SELECT COUNT(*) AS n FROM ${table}`))?.['n'];
  const approval: Row = { version: 7, role: 'security', person: owner.id, at: 1 };
  const [sites, replies] = [await count('sites'), await count('replies')];
  await put('incident_approvals', approval);
  await put('sites', { id: newId('site'), team: newId('team'), name: 'x', origins: '[]', settings: '{}' });
  await put('replies', { id: newId('reply'), team: newId('team'), shortcut: 'x', text: 'x', created_at: 1 });
  expect(await count('incident_approvals')).toBe(0);
  expect([await count('sites'), await count('replies')]).toEqual([sites, replies]);
  await put('incident_policies', { version: 7, text: { b: 'AQ' }, by: owner.id, at: 1 });
  await put('incident_approvals', approval);
  expect(await count('incident_approvals')).toBe(1);
});

describe('R15 keys that lie beside the backups', () => {
  it('under a root that KEYRING has no more are passed over', async () => {
    await backedUp();
    const other = await Keyring.parse(`9:${newRoot()}`);
    await env.BACKUPS.put('keys/999', await sealBackup(other, 'keys/999', await packed('{}')));
    await lost();
    expect(await putBack()).toMatchObject({ state: 'done', wrong: null });
  });

  it('go once a backup that is whole has them', async () => {
    await backedUp();
    await renewDataKey();
    expect((await keptNames()).length).toBeGreaterThan(0);
    await dropKeptKeys(env, 1);
    expect((await keptNames()).length).toBeGreaterThan(0);
    // What is kept in the very millisecond in which it is begun stays for the next one.
    await new Promise((done) => setTimeout(done, 20));
    await backedUp();
    expect(await keptNames()).toEqual([]);
    expect(await keptKeys(env)).toEqual([]);
    await keepKeys(env);
    expect((await keptNames()).length).toBeGreaterThan(0);
  });
});

describe('R38 where the newest backup is damaged', () => {
  const folder = (number: number) => String(number).padStart(8, '0');
  const damaged = async (name: string) => {
    const bytes = (await (await env.BACKUPS.get(name))?.bytes()) ?? new Uint8Array();
    await env.BACKUPS.put(name, bytes.with(-1, (bytes.at(-1) ?? 0) ^ 1));
  };
  const partOf = async (number: number, at: number) =>
    (await env.BACKUPS.list({ prefix: `${folder(number)}/0` })).objects.map(({ key }) => key).at(at) ?? '';
  const begin = (body: object) =>
    call('POST', '/api/v1/setup/restore', {
      token: setupToken,
      body: { number: null, newest: null, ...body },
    });
  const say = async (words: string) => {
    talk.customer.post(words);
    await hears(talk.customer, words);
  };

  it('an older one is put back in its place where that is asked for, and what the newest says of erasing holds', async () => {
    await say('Before the older one');
    const older = await backedUp();
    await say('After the older one');
    await recorded(talk.id);
    await sql(`UPDATE people SET state = 'disabled' WHERE id = ?`, here.ben.id);
    await sql(`INSERT INTO restrictions (visitor, since, by) VALUES ('vis_kept', 5, ?)`, owner.id);
    await sql(`INSERT INTO erased (id, at) VALUES ('vis_gone', 2000)`);
    await renewDataKey();
    const newest = await backedUp();
    await lost();
    const name = await partOf(newest, 0);
    await damaged(name);
    // Whichever is put back, the newest one has to be whole.
    expect(await putBack(older)).toMatchObject({ state: 'failed', wrong: `${name} is not what was signed` });
    const run = await toPutBack(older, older);
    await drive(run);
    expect(await store.ofRun(run)).toMatchObject({
      state: 'done',
      wrong: null,
      number: older,
      newest: older,
    });
    expect(await store.counts(run)).toMatchObject({ conversations: 1, 'backups passed over': 1 });
    expect(await cell(`SELECT at FROM erased WHERE id = 'vis_gone'`)).toEqual({ at: 2000 });
    expect(await cell('SELECT visitor FROM restrictions')).toEqual({ visitor: 'vis_kept' });
    expect(await cell('SELECT state FROM people WHERE id = ?', here.ben.id)).toEqual({ state: 'disabled' });
    expect(await cell('SELECT state FROM people WHERE id = ?', here.anna.id)).toEqual({ state: 'active' });
    const found = new BackupStore(env.DB);
    expect((await found.all()).map(({ number, state }) => [number, state])).toEqual([
      [older, 'whole'],
      [newest, 'broken'],
    ]);
    // What is made next follows the one that was put back, and none lies in between.
    const next = await backedUp();
    const heads = await new BackupReader(env).heads();
    expect(heads.map(({ number, full }) => [number, full])).toEqual([
      [older, true],
      [next, true],
    ]);
  });

  it('or its register is, what can be read of it counts, and no more', async () => {
    const older = await backedUp();
    await sql(`INSERT INTO erased (id, at) VALUES ('vis_gone', 2000)`);
    const newest = await backedUp();
    await lost();
    for (const { key } of (await env.BACKUPS.list({ prefix: `${folder(newest)}/0` })).objects)
      await damaged(key);
    const run = await toPutBack(older, older);
    await drive(run, 2);
    expect(await store.ofRun(run)).toMatchObject({ state: 'done', wrong: null });
    expect(await cell(`SELECT at FROM erased WHERE id = 'vis_gone'`)).toBeNull();
  });

  it('or its manifest is, it is passed over at the door by whoever says so, and names an older one', async () => {
    const older = await backedUp();
    const newest = await backedUp();
    await lost();
    await env.BACKUPS.put(`${folder(newest)}/manifest`, 'nothing that was signed');
    expect((await begin({ number: older })).body.code).toBe('backup_refused');
    expect((await begin({ passOver: true })).body.code).toBe('invalid');
    const begun = await begin({ number: older, passOver: true });
    expect(begun.status, begun.text).toBe(202);
    const look = async () =>
      (await call<RestoreAnswer>('GET', '/api/v1/setup/restore', { token: setupToken })).body.restore;
    await expect.poll(async () => (await look())?.state, { timeout: 15_000 }).toBe('done');
    expect(await look()).toMatchObject({
      number: older,
      newest: older,
      counts: { 'backups passed over': 1 },
    });
  });
});

it('R7 each copy of a file that a restore has found is known, and tidied', async () => {
  const found = new BackupStore(env.DB);
  const head = { number: 3, full: true, previous: null, at: 1, ledger: 0, parts: 2, hash: 'h', bytes: 2 };
  const copy = (name: string) => ({ source: 'files/a', name, bytes: 1, sha256: 's' });
  await found.addFound(head, [copy('one'), copy('two')]);
  await found.addFound({ ...head, number: 4 }, [copy('two')]);
  expect((await found.oldCopies(4, 10)).toSorted()).toEqual(['one']);
  expect((await found.oldCopies(5, 10)).toSorted()).toEqual(['one', 'two']);
});
