/** Checks of keys, secrets, the ledger and backups, each made to fail and to pass. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { vaultOf } from '../../../src/config.ts';
import { seeToLedger } from '../../../src/duties/audit.ts';
import { watchOf } from '../../../src/duties/alarms.ts';
import { BackupStore } from '../../../src/duties/backups/store.ts';
import { seeToRoots } from '../../../src/duties/rotation.ts';
import { ledgerOf, tellLate } from '../../../src/ledger.ts';
import { enter } from '../../../src/people/recording.ts';
import { newRoot } from '../../../src/vault.ts';
import { call, type Member, newMember } from '../../cast.ts';
import { backedUp } from '../restore-scene.ts';
import { day, fails, hour, isNotRun, ownWith, passes, sql } from './scene.ts';

let owner: Member;
beforeAll(async () => {
  owner = await newMember('owner', []);
  await (await vaultOf(env)).ledgerKey(Date.now());
});

describe('A13 of keys and secrets', () => {
  it('A13 a key that is near its end by age or by use is found', async () => {
    await passes('keys-renewed');
    expect((await fails('keys-renewed', { at: Date.now() + 340 * day })).found).toMatchObject({
      ...{ over: ['token'], soon: ['data', 'pepper'] },
    });
    await sql(`UPDATE keys SET uses = ${2 ** 30} WHERE purpose = 'pepper'`);
    expect((await fails('keys-renewed')).found).toMatchObject({ over: [], soon: ['pepper'] });
    await sql(`UPDATE keys SET uses = 0 WHERE purpose = 'pepper'`);
    await passes('keys-renewed');
  });

  it('A13 a retired key that stays is found', async () => {
    await passes('keys-retired');
    const { results } = await env.DB.prepare(`SELECT id FROM keys WHERE purpose = 'pepper'`).all<{
      id: number;
    }>();
    await (await vaultOf(env)).replace(results[0]?.id ?? 0, Date.now());
    await passes('keys-retired');
    const later = { at: Date.now() + 15 * day };
    await sql(`INSERT INTO unmoved VALUES (?, 'contracts', 'one')`, results[0]?.id);
    expect((await fails('keys-retired', later)).found).toMatchObject({
      retired: 1,
      old: ['pepper'],
      left: 1,
    });
    await sql(`DELETE FROM unmoved`);
    await sql(`DELETE FROM keys WHERE state = 'retired'`);
    await passes('keys-retired', later);
  });

  it('A13 a root of more than a year is found', async () => {
    await isNotRun('root-age');
    await seeToRoots(env, Date.now());
    await passes('root-age');
    expect((await fails('root-age', { at: Date.now() + 366 * day })).found).toEqual({ root: 1, days: 366 });
  });

  it('A13 secrets that are the same are found, and those that somebody made up', async () => {
    expect((await fails('secrets-apart')).found['weak']).toEqual(['SETUP_TOKEN', 'METRICS_TOKEN']);
    const drawn = { SETUP_TOKEN: newRoot(), METRICS_TOKEN: newRoot(), CHECKS_TOKEN: newRoot() };
    await passes('secrets-apart', { env: drawn });
    const same = { ...drawn, CHECKS_TOKEN: drawn.METRICS_TOKEN };
    expect((await fails('secrets-apart', { env: same })).found).toMatchObject({
      ...{ same: ['METRICS_TOKEN', 'CHECKS_TOKEN'], weak: [] },
    });
    await fails('secrets-apart', { env: { ...drawn, CHECKS_TOKEN: 'Ab1'.repeat(11) } });
  });
});

describe('A14 of the ledger', () => {
  it('A14 an entry that somebody has changed is found', async () => {
    await call('POST', '/api/v1/backups', { token: owner.access, body: {} });
    await isNotRun('ledger-whole');
    await seeToLedger(env, Date.now());
    await passes('ledger-whole');
    await isNotRun('ledger-whole', { at: Date.now() + 27 * hour });
    await sql('DROP TRIGGER ledger_never_changes');
    const { leaf } = (await env.DB.prepare('SELECT leaf FROM ledger WHERE seq = 0').first<{
      leaf: string;
    }>()) ?? {
      leaf: '',
    };
    const change = 'UPDATE ledger SET leaf = ? WHERE seq = 0';
    await sql(change, leaf.replace('"outcome":"', '"outcome":"not '));
    expect((await fails('ledger-whole')).found).toMatchObject({ broken: 0 });
    // What the night has found stays found until another one has looked.
    await seeToLedger(env, Date.now());
    await sql(change, leaf);
    await fails('ledger-whole');
    await seeToLedger(env, Date.now() + 1);
    await passes('ledger-whole');
  });

  it('A14 L21 a ledger that is written and signed no more is found', async () => {
    // What was found by then is entered, so that nothing comes in between.
    await runDurableObjectAlarm(watchOf(env));
    const at = (await ledgerOf(env).checkpoint()).size;
    const forged = JSON.stringify({ id: 'forged', at: 1, action: 'x', outcome: 'done' });
    await sql('INSERT INTO ledger (seq, leaf) VALUES (?, ?)', at, forged);
    await enter(env, { actor: null, action: 'keys.renew' });
    expect((await fails('ledger-whole')).found).toEqual({ broken: at });
    await sql('DROP TRIGGER ledger_keeps_what_is_not_archived');
    await sql('DELETE FROM ledger WHERE seq = ?', at);
    await passes('ledger-whole');
  });

  it('A14 what waits for the ledger for more than a day is found', async () => {
    await passes('ledger-late');
    await tellLate(env, { id: 'late', at: Date.now(), actor: null, action: 'alarm.raise', outcome: 'done' });
    await passes('ledger-late');
    expect((await fails('ledger-late', { at: Date.now() + 2 * day })).found).toEqual({ waiting: 1 });
    await sql('DELETE FROM ledger_late');
    await passes('ledger-late', { at: Date.now() + 2 * day });
  });

  it('A14 a head that is not public, not signed by the ledger, or not kept is found', async () => {
    await isNotRun('ledger-published');
    await ledgerOf(env).tidy();
    await passes('ledger-published');
    await fails('ledger-published', { at: Date.now() + 27 * hour });
    await fails(
      'ledger-published',
      ownWith(() => undefined, 404),
    );
    const forged = {
      own: () => Promise.resolve(new Response('sotto.test/ledger\n1\nAAAA\n\n— sotto.test/ledger AAAA\n')),
    };
    await fails('ledger-published', forged);
  });

  it('A14 it is found that nobody outside has the head, and that it could not be sent', async () => {
    await fails('ledger-witness');
    const body = { address: 'witness@example.com' };
    await call('PUT', '/api/v1/ledger/witness', { token: owner.access, body });
    await passes('ledger-witness');
    for (const fault of ['schedule.ledger', 'mail.witness']) {
      await runInDurableObject(watchOf(env), (_, { storage }) => storage.sql.exec('DELETE FROM faults'));
      await watchOf(env).countFaults([[fault, 1]]);
      expect((await fails('ledger-witness')).found).toEqual({ isNamed: true, failures: 1 });
    }
    await runInDurableObject(watchOf(env), (_, { storage }) => storage.sql.exec('DELETE FROM faults'));
    await passes('ledger-witness');
  });
});

describe('A15 of backups', () => {
  it('A15 a night without a backup is found, and a backup that is broken', async () => {
    await sql('DELETE FROM backups');
    await isNotRun('backup-recent');
    const number = await backedUp();
    await passes('backup-recent');
    expect((await fails('backup-recent', { at: Date.now() + 27 * hour })).found).toMatchObject({ hours: 27 });
    const store = new BackupStore(env.DB);
    await store.begin('another', { pgp: null, there: 0 }, Date.now());
    await store.finish(number + 1, 'a part is missing', Date.now());
    expect((await fails('backup-recent')).found).toMatchObject({ isBroken: true });
    await sql('DELETE FROM backups WHERE number > ?', number);
    await passes('backup-recent');
    await sql(`UPDATE backups SET state = 'broken'`);
    await fails('backup-recent');
    await sql(`UPDATE backups SET state = 'whole'`);
  });

  it('A15 a part that is gone from the bucket is found, and one that is another', async () => {
    const newest = (await new BackupStore(env.DB).all()).at(-1)?.number ?? 0;
    await passes('backup-there');
    const [part] = await new BackupStore(env.DB).parts(newest);
    const name = part?.name ?? '';
    const kept = new Uint8Array((await (await env.BACKUPS.get(name))?.arrayBuffer()) ?? new ArrayBuffer());
    await env.BACKUPS.delete(name);
    expect((await fails('backup-there')).found['bad']).toEqual([name]);
    await env.BACKUPS.put(name, kept.slice(1));
    expect((await fails('backup-there')).found['bad']).toEqual([name]);
    await sql('DELETE FROM backup_parts WHERE backup = ? AND name <> ?', newest, name);
    await env.BACKUPS.put(
      name,
      kept.map((byte, n) => (n === 50 ? byte ^ 1 : byte)),
    );
    expect((await fails('backup-there')).found['bad']).toEqual([name]);
    await env.BACKUPS.put(name, kept);
    await passes('backup-there');
    await sql('DELETE FROM backups');
    await isNotRun('backup-there');
  });

  it('A15 a drill that is missed, or did not come to the same, is found', async () => {
    await isNotRun('restore-drill');
    const drill = (state: string) =>
      sql(
        `INSERT OR REPLACE INTO restores (run, scratch, number, newest, state, begun_at, over_at)
         VALUES ('drill-1', 1, 1, 1, ?1, ?2, ?2)`,
        state,
        Date.now(),
      );
    await drill('done');
    await passes('restore-drill');
    expect((await fails('restore-drill', { at: Date.now() + 9 * day })).found).toMatchObject({ days: 9 });
    await drill('failed');
    await fails('restore-drill');
    await drill('sealed');
    await isNotRun('restore-drill');
    // D96: until somebody has put one back by hand, and for ninety days from then on.
    const later = async (days: number) => {
      await sql('UPDATE restores SET begun_at = ? WHERE run = ?', Date.now() + days * day, 'drill-2');
      return { at: Date.now() + days * day };
    };
    await sql(
      `INSERT INTO restores (run, scratch, number, newest, state, begun_at) VALUES ('drill-2', 1, 1, 1, 'sealed', 1)`,
    );
    await isNotRun('restore-drill', await later(89));
    await fails('restore-drill', await later(91));
    const on = new Date().toISOString().slice(0, 10);
    await enter(env, { actor: owner.id, action: 'backup.tried', facts: { day: on } });
    expect((await passes('restore-drill', await later(89))).found).toMatchObject({ tried: on });
    await fails('restore-drill', await later(102));
    // One that is not done any more proves nothing, whatever was done by hand.
    await fails('restore-drill', { at: (await later(1)).at + 9 * day });
  });
});
