/** Checks of sites, of what is kept, and of the law, each made to fail and to pass. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { conversationOf } from '../../../src/chat/conversation.ts';
import { checks } from '../../../src/duties/checks/list.ts';
import { type SiteSettings } from '../../../src/protocol/bodies.ts';
import { newId, type SiteId, type TeamId } from '../../../src/protocol/ids.ts';
import { checksOfMeasures, measuresOf, profileIds } from '../../../src/protocol/profiles.ts';
import { begin, call, type Member, newMember, newSite, newTeam, newVisitor } from '../../cast.ts';
import { begins, mark, send, talk, text } from '../../chat/files-scene.ts';
import { hears, recorded } from '../../chat/scene.ts';
import { day, fails, isNotRun, passes, sql } from './scene.ts';

let team: TeamId;
let owner: Member;

beforeEach(async () => {
  for (const table of [
    'visitor_holds',
    'visitors',
    'site_keys',
    'sites',
    'conversations',
    'requests',
    'profiles',
  ])
    await sql(`DELETE FROM ${table}`);
  team = await newTeam();
  owner = await newMember('owner', [team]);
});

const settingsOf = (site: SiteId, settings: Partial<SiteSettings>) =>
  sql('UPDATE sites SET settings = json_patch(settings, ?) WHERE id = ?', JSON.stringify(settings), site);
const addKey = (site: SiteId, body: object) =>
  call('POST', `/api/v1/sites/${site}/keys`, { token: owner.access, body });

describe('A11 of sites and customers', () => {
  it('A11 a site that any page may frame is found, and one that none may', async () => {
    await isNotRun('site-origins');
    const site = await newSite(team);
    await passes('site-origins');
    for (const [origins, which] of [
      [[], 'none'],
      [['https://*.shop.test'], 'wild'],
      [['https://shop.test', 'http://shop.test'], 'open'],
      [Array.from({ length: 11 }, (_, n) => `https://${n}.shop.test`), 'many'],
    ] as const) {
      await sql('UPDATE sites SET origins = ? WHERE id = ?', JSON.stringify(origins), site);
      expect((await fails('site-origins')).found[which]).toEqual([site]);
    }
  });

  it('A11 a site on which nobody can prove who they are is found', async () => {
    await isNotRun('customer-proof');
    const [one, other] = [await newSite(team), await newSite(team)];
    expect((await fails('customer-proof')).found['without']).toEqual([one, other]);
    expect((await addKey(one, { publicKey: null })).status).toBe(201);
    await settingsOf(other, { files: { groups: [], bytes: 1, days: 1, sensitive: 'all', code: true } });
    await passes('customer-proof');
  });

  it('A11 a shared secret that is old is found, and a public key is not', async () => {
    await isNotRun('identity-keys');
    const site = await newSite(team);
    await addKey(site, { publicKey: null });
    await passes('identity-keys');
    const later = { at: Date.now() + 366 * day };
    expect((await fails('identity-keys', later)).found['sites']).toEqual([site]);
    await sql(`UPDATE site_keys SET alg = 'EdDSA', secret = NULL, public_key = '{}'`);
    await passes('identity-keys', later);
  });

  it('A11 a site that keeps card numbers is found', async () => {
    await isNotRun('masking');
    const site = await newSite(team);
    await passes('masking');
    const off = { cards: false, ibans: true, nationalIds: true, secrets: true };
    await settingsOf(site, { masking: off });
    expect((await fails('masking')).found['off']).toEqual([site]);
  });
});

describe('A12 of what is kept', () => {
  it('A12 a site that keeps something for ever is found, or for longer than anybody needs', async () => {
    await isNotRun('retention-set');
    const site = await newSite(team);
    await passes('retention-set');
    await sql(`UPDATE sites SET settings = json_set(settings, '$.keptDays', null)`);
    expect((await fails('retention-set')).found).toMatchObject({ off: [site], long: [] });
    await settingsOf(site, { keptDays: 30, visitorDays: 3_000 });
    expect((await fails('retention-set')).found).toMatchObject({ off: [], long: [site] });
  });

  it('A12 a conversation whose time is over, and which is still there, is found', async () => {
    await isNotRun('retention-done');
    const site = await newSite(team, undefined, { keptDays: 30 });
    await passes('retention-done');
    const enter = `INSERT INTO conversations (id, site, team, visitor, state, version, created_at, changed_at)
      VALUES (?, ?, ?, ?, 'closed', 1, 0, ?)`;
    const visitor = newId('visitor');
    await sql(enter, newId('conversation'), site, team, visitor, Date.now() - 34 * day);
    expect((await fails('retention-done')).found).toMatchObject({ over: 1, where: [site] });
    await sql('UPDATE conversations SET held = 1 WHERE visitor = ?', visitor);
    await passes('retention-done');
    await sql('UPDATE conversations SET held = 0 WHERE visitor = ?', visitor);
    await fails('retention-done');
    await sql('INSERT INTO restrictions VALUES (?, 0, ?, NULL)', visitor, owner.id);
    await passes('retention-done');
  });

  it('A12 a file whose time is over, and which is still there, is found in a conversation that goes on', async () => {
    const site = await newSite(team, undefined, { keptDays: null });
    const enter = `INSERT INTO conversations
      (id, site, team, visitor, state, version, created_at, changed_at, held, files_due)
      VALUES (?, ?, ?, ?, 'claimed', 1, 0, ?, 0, ?)`;
    const [id, now] = [newId('conversation'), Date.now()];
    await sql(enter, id, site, team, newId('visitor'), now, now - 2 * day);
    await passes('retention-done');
    const later = { at: now + 2 * day };
    const { found, words } = await fails('retention-done', later);
    expect([found, words]).toEqual([
      { sites: 1, over: 0, files: 1, where: [] },
      '1 conversation with files whose time was over more than three days ago.',
    ]);
    await sql('UPDATE conversations SET held = 1 WHERE id = ?', id);
    await passes('retention-done', later);
  });

  it('A12 a customer who is not answered in time is found, and one whose answer is stuck', async () => {
    await passes('requests-in-time');
    const id = newId('request');
    const enter = `INSERT INTO requests (id, kind, visitor, site, law, proof, state, opened_at, due_at)
      VALUES (?, 'access', ?, ?, 'gdpr', 'code', 'open', 0, ?)`;
    await sql(enter, id, newId('visitor'), newId('site'), Date.now() + day);
    await passes('requests-in-time');
    expect((await fails('requests-in-time', { at: Date.now() + 2 * day })).found['over']).toEqual([id]);
    await sql(`UPDATE requests SET state = 'working', decided_at = ?`, Date.now() - 3 * day);
    expect((await fails('requests-in-time')).found['stuck']).toEqual([id]);
  });

  it('A12 a copy that should be gone is found', async () => {
    await env.COPIES.put('somebody/copy/0', 'sealed');
    await passes('copies-swept');
    expect((await fails('copies-swept', { at: Date.now() + 10 * day })).found).toMatchObject({ old: 1 });
    await env.COPIES.delete('somebody/copy/0');
    await passes('copies-swept', { at: Date.now() + 10 * day });
  });

  it('A12 a name in the clear is found in the database, in any column that should be sealed', async () => {
    await begins();
    await addKey(await newSite(team), { publicKey: null });
    await call('PUT', '/api/v1/ledger/witness', { token: owner.access, body: { address: 'w@example.com' } });
    const { found } = await passes('sealed-database');
    expect(found['columns']).toBeGreaterThanOrEqual(6);
    // Twenty of each are picked by chance: of fewer, all.
    await sql('DELETE FROM team_members');
    await sql('DELETE FROM people WHERE id <> ?', owner.id);
    for (const [table, column] of [
      ['people', 'name'],
      ['people', 'key'],
      ['ledger_witness', 'address'],
      ['keys', 'wrapped'],
    ] as const) {
      const query = `SELECT rowid AS place, ${column} AS kept FROM ${table} LIMIT 1`;
      const row = await env.DB.prepare(query).first<{ place: number; kept: number[] }>();
      const put = `UPDATE ${table} SET ${column} = ? WHERE rowid = ?`;
      await sql(put, text('Erika Mustermann, Musterstraße 1'), row?.place ?? 0);
      expect((await fails('sealed-database')).found['clear']).toEqual([`${table}.${column}`]);
      await sql(put, Uint8Array.from(row?.kept ?? []), row?.place ?? 0);
    }
    await passes('sealed-database');
  });

  it('A12 a message in the clear is found in its conversation', async () => {
    await isNotRun('sealed-conversations');
    await begins();
    talk.customer.post(mark);
    await hears(talk.customer, mark);
    await recorded(talk.id);
    const { found } = await passes('sealed-conversations');
    expect(found).toMatchObject({ conversations: 1, values: 6 });
    const write = (table: string, column: string, bytes: Uint8Array) =>
      runInDurableObject(conversationOf(env, talk.id), (_, { storage }) => {
        const before = storage.sql
          .exec<{ kept: ArrayBuffer }>(`SELECT ${column} AS kept FROM ${table}`)
          .toArray()[0];
        storage.sql.exec(`UPDATE ${table} SET ${column} = ?`, bytes.slice().buffer);
        return new Uint8Array(before?.kept ?? new ArrayBuffer());
      });
    for (const [table, column] of [
      ['messages', 'sealed'],
      ['conversation', 'customer'],
    ] as const) {
      const kept = await write(table, column, text('Here is my address, Musterstraße 1'));
      expect((await fails('sealed-conversations')).found['clear']).toEqual([talk.id]);
      // An envelope's first byte alone makes nothing sealed.
      await write(table, column, Uint8Array.from([0x11, ...text('Here is my address, Musterstraße 1')]));
      await fails('sealed-conversations');
      await write(table, column, kept);
      await passes('sealed-conversations');
    }
  });

  it('A12 something in the clear is found in any of the buckets', async () => {
    await begins();
    await send(talk.visitor.access, text(mark.repeat(200)));
    const { found } = await passes('sealed-buckets');
    expect(found).toMatchObject({ copies: 0, backups: 0, clear: [] });
    expect(found['files']).toBeGreaterThan(0);
    for (const [name, bucket] of Object.entries({ files: env.FILES, keys: env.KEYS, copies: env.COPIES })) {
      await bucket.put('~/by-hand', 'Passport of Erika Mustermann, number C01X00T47');
      expect((await fails('sealed-buckets')).found['clear']).toEqual([`${name}: ~/by-hand`]);
      await bucket.delete('~/by-hand');
    }
    const part = `00000001/part-${crypto.randomUUID()}`;
    await env.BACKUPS.put(part, 'everything of everybody in the clear');
    expect((await fails('sealed-buckets')).found['clear']).toEqual([`backups: ${part}`]);
    await env.BACKUPS.delete(part);
    await passes('sealed-buckets');
  });

  it('A1 nothing passes because there is nothing', async () => {
    for (const id of [
      'site-origins',
      'customer-proof',
      'identity-keys',
      'masking',
      'retention-set',
      'retention-done',
    ])
      await isNotRun(id);
  });
});

describe('A15 of what a restore needs', () => {
  it('A15 a key that the store of keys lacks is found, and one that is another', async () => {
    const visitor = await newVisitor(await newSite(team));
    await begin(visitor);
    await passes('key-copies');
    const name = `person/${owner.id}`;
    const kept = new Uint8Array((await (await env.KEYS.get(name))?.arrayBuffer()) ?? new ArrayBuffer());
    // Others are left out, so that the one is among those that are picked.
    await sql('DELETE FROM team_members');
    await sql('DELETE FROM people WHERE id <> ?', owner.id);
    await env.KEYS.delete(name);
    expect((await fails('key-copies')).found).toMatchObject({ missing: [owner.id], others: [] });
    await env.KEYS.put(
      name,
      kept.map((byte, n) => (n === 10 ? byte ^ 1 : byte)),
    );
    expect((await fails('key-copies')).found).toMatchObject({ missing: [], others: [owner.id] });
    await env.KEYS.put(name, kept);
    await passes('key-copies');
  });
});

describe('A19 of the law', () => {
  it('A19 a measure of a profile that is not met is found', async () => {
    await isNotRun('profiles-met');
    await newSite(team, undefined, { keptDays: null });
    for (const profile of profileIds) await sql('INSERT INTO profiles VALUES (?, 0)', profile);
    const { found } = await fails('profiles-met');
    expect(found['measures']).toBe(profileIds.flatMap(measuresOf).length);
    await sql('DELETE FROM profiles');
    await sql(`INSERT INTO profiles VALUES ('gdpr', 0)`);
    const contracts = measuresOf('gdpr').filter(([, { stand }]) => stand.is === 'by contract');
    const note = { date: '2026-11-01', where: 'The shelf' };
    for (const [measure] of contracts)
      await call('PUT', `/api/v1/contracts/${measure}`, { token: owner.access, body: { note } });
    const open = (await fails('profiles-met')).found['open'];
    expect(open).not.toEqual([]);
    const { status } = await call('PUT', '/api/v1/profiles/gdpr', {
      token: owner.access,
      body: { on: true },
    });
    expect(status).toBe(200);
    // What stands by checks is open until they have passed, and again once the last look is of days ago.
    expect((await fails('profiles-met')).found['open']).toEqual(['gdpr.restore', 'gdpr.breachPlan']);
    const came = (id: string, outcome: string, at: number) =>
      sql(
        `INSERT INTO check_results VALUES (?, ?, ?, 1, '{}', 'So it was.', ?)`,
        `a run of ${at}`,
        id,
        outcome,
        at,
      );
    const now = Date.now();
    for (const id of checksOfMeasures) await came(id, 'passed', now - 2);
    await passes('profiles-met');
    await fails('profiles-met', { at: now + 3 * day });
    await came('restore-drill', 'failed', now - 1);
    expect((await fails('profiles-met')).found['open']).toEqual(['gdpr.restore']);
    await came('restore-drill', 'not-run', now);
    expect((await fails('profiles-met')).found['open']).toEqual(['gdpr.restore']);
  });

  it('D93 every check by which a measure stands is there, and is looked at before what asks how it came out', () => {
    const order = checks.map(({ id }) => id);
    const asks = order.indexOf('profiles-met');
    expect(checksOfMeasures.filter((id) => !order.slice(0, asks).includes(id))).toEqual([]);
  });

  it('A19 it is found that nobody answers for the data', async () => {
    await fails('record-of-processing');
    const say = (contact: string) =>
      call('PUT', '/api/v1/processing/controller', {
        ...{ token: owner.access, body: { name: 'Shop Ltd', contact, officer: '' } },
      });
    await say('');
    expect((await fails('record-of-processing')).found).toMatchObject({ isNamed: true, isReached: false });
    await say('privacy@shop.test');
    await passes('record-of-processing');
  });

  it('A19 a deployment that is nowhere in particular is found', async () => {
    await fails('residency');
    expect((await passes('residency', { env: { JURISDICTION: 'eu' } })).found).toEqual({
      jurisdiction: 'eu',
    });
  });
});
