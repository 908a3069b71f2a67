/** The weekly drill: the newest backup is put back into a scratch space and compared, and nothing of it stays. */
import { listDurableObjectIds, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { generateKey } from 'openpgp';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { scratchOf } from '../../src/chat/conversation.ts';
import { watchOf } from '../../src/duties/alarms.ts';
import { drill, drillPortion, seeToDrills } from '../../src/duties/restore.ts';
import { RestoreStore } from '../../src/duties/restore/store.ts';
import { schemaOf, scratchSpaceOf } from '../../src/duties/restore/scratch.ts';
import { rotate } from '../../src/duties/rotation.ts';
import { vaultOf } from '../../src/config.ts';
import { setPgp } from '../../src/people/organisation.ts';
import { personKeyPlace } from '../../src/people/staff.ts';
import { keyStore, keyTable, readPgpKey, RETIRING_MS } from '../../src/vault.ts';
import type { BackupsAnswer } from '../../src/protocol/backups.ts';
import { lifetimes } from '../../src/protocol/limits.ts';
import { accessFor, call, newMember } from '../cast.ts';
import { begins, here, mark, send, talk, text } from '../chat/files-scene.ts';
import { hears, recorded } from '../chat/scene.ts';
import { since, size } from '../ledger/scene.ts';
import { backedUp } from './restore-scene.ts';

const store = new RestoreStore(env.DB);
const day = 86_400_000;
let count = 0;

beforeEach(async () => {
  await begins();
  talk.customer.post(mark);
  await hears(talk.customer, mark);
  talk.desk.note('Only for us');
  await hears(talk.desk, 'Only for us');
  await send(talk.visitor.access, text(mark));
  await recorded(talk.id);
  await expect
    .poll(() => env.DB.prepare('SELECT 1 FROM conversations WHERE id = ?').bind(talk.id).first())
    .not.toBeNull();
});

/** Enters a drill, and leaves it to the test to do its portions. */
async function begun(number: number): Promise<string> {
  const run = `drill-of-the-test-${count++}`;
  expect(await store.begin({ run, isScratch: true, number, newest: number }, Date.now())).toBe(true);
  return run;
}
async function driven(run: string, times = 1, until: (place: string) => boolean = () => false) {
  let place: string | null = null;
  do {
    const from: string | null = place;
    for (let time = 0; time < times; time++) {
      const { place: to } = await drillPortion(env, run, from);
      if (time === 0 || to !== null) place = to;
    }
  } while (place !== null && !until(place));
  return { ...(await store.ofRun(run)), counts: await store.counts(run), place };
}
const alarms = () =>
  runInDurableObject(watchOf(env), (_, { storage }) =>
    storage.sql.exec(`SELECT facts FROM alarms WHERE rule = 'backup.drill'`).toArray(),
  );
/** What lies in any object that is a drill's. */
async function left(): Promise<number> {
  const tables = `SELECT COUNT(*) AS n FROM sqlite_master WHERE name IN ('putting_back', 'scratch')`;
  let n = 0;
  for (const space of [env.Conversation, env.Scratch])
    for (const id of await listDurableObjectIds(space))
      n += await runInDurableObject(
        space.get(id),
        (_, { storage }) => storage.sql.exec<{ n: number }>(tables).one().n,
      );
  return n;
}

describe('R16 the drill', () => {
  it('puts the newest backup back, compares rows and conversations, opens messages, and leaves nothing behind', async () => {
    await backedUp();
    talk.customer.post('And one more');
    await hears(talk.customer, 'And one more');
    await recorded(talk.id);
    const number = await backedUp();
    const before = await size();
    const outcome = await driven(await begun(number));
    expect(outcome).toMatchObject({ state: 'done', wrong: null, number });
    expect(outcome.counts['conversations compared']).toBeGreaterThan(0);
    expect(outcome.counts['messages opened']).toBeGreaterThan(2);
    expect(outcome.counts['keys opened']).toBeGreaterThan(2);
    expect(outcome.counts['ledger']).toBeGreaterThan(2);
    expect(outcome.counts['rows compared']).toBeGreaterThan(10);
    expect(await left()).toBe(0);
    expect(await since(before)).toContainEqual(
      expect.objectContaining({
        action: 'backup.drill',
        facts: expect.objectContaining({ number, isWhole: true }) as object,
      }),
    );
    expect(await alarms()).toEqual([]);
  });

  it('comes to the same whichever portion is done twice, and what was said since is no fault', async () => {
    const number = await backedUp();
    talk.customer.post('Said since');
    await hears(talk.customer, 'Said since');
    const outcome = await driven(await begun(number), 2);
    expect(outcome).toMatchObject({ state: 'done', wrong: null });
    expect(outcome.counts['conversations changed since']).toBe(1);
    expect(await left()).toBe(0);
  });

  it('is driven to its end by the clock, one at a time', async () => {
    await backedUp();
    const now = Date.now();
    await drill(env, now);
    await drill(env, now + 1);
    await expect.poll(async () => (await store.last(true))?.state, { timeout: 15_000 }).toBe('done');
    expect(await store.last(true)).toMatchObject({ run: `drill-${now}` });
  });

  it('that is killed throws away what it has put back by itself', async () => {
    const number = await backedUp();
    const run = await begun(number);
    await driven(run, 1, (place) => place.startsWith('tables'));
    expect(await left()).toBeGreaterThan(1);
    expect(await scratchOf(env, talk.id).image(null, null)).toBeUndefined();
    await env.DB.prepare(`UPDATE restores SET begun_at = 1 WHERE run = ?`).bind(run).run();
    await runInDurableObject(scratchOf(env, talk.id), (_, { storage }) => {
      storage.sql.exec('UPDATE putting_back SET until = 1');
    });
    await runDurableObjectAlarm(scratchOf(env, talk.id));
    await runDurableObjectAlarm(scratchSpaceOf(env));
    await seeToDrills(env, Date.now());
    expect(await store.ofRun(run)).toMatchObject({ state: 'failed' });
    expect(await scratchOf(env, talk.id).putBackImage(run, null)).toBeUndefined();
    expect(await scratchSpaceOf(env).isThere(run)).toBe(false);
    // Another can begin.
    await driven(await begun(number));
  });
});

describe('R17 an alarm is raised where a drill', () => {
  it('finds a part that is not what was signed', async () => {
    const number = await backedUp();
    const name =
      (await env.BACKUPS.list({ prefix: `${String(number).padStart(8, '0')}/0` })).objects[0]?.key ?? '';
    const bytes = new Uint8Array((await (await env.BACKUPS.get(name))?.arrayBuffer()) ?? []);
    await env.BACKUPS.put(name, bytes.with(-1, (bytes.at(-1) ?? 0) ^ 1));
    const before = (await alarms()).length;
    expect(await driven(await begun(number))).toMatchObject({
      state: 'failed',
      wrong: `${name} is not what was signed`,
    });
    expect((await alarms()).length).toBeGreaterThanOrEqual(Math.max(1, before));
    expect(await left()).toBe(0);
    await env.BACKUPS.put(name, bytes);
  });

  it('finds somebody or a conversation whose key the store of keys has not', async () => {
    const number = await backedUp();
    const keys = keyStore(env.KEYS);
    const person = await keys.get('person', here.anna.id);
    await keys.delete('person', here.anna.id);
    expect(await driven(await begun(number))).toMatchObject({
      state: 'failed',
      wrong: 'Table people has a row whose key is nowhere, so that it would not come back',
    });
    await keys.put('person', here.anna.id, person ?? new Uint8Array());
    const key = await keys.get('conversation', `${talk.id}/1`);
    await keys.delete('conversation', `${talk.id}/1`);
    expect(await driven(await begun(number))).toMatchObject({
      state: 'failed',
      wrong: `${talk.id} has messages that can not be opened`,
    });
    await keys.put('conversation', `${talk.id}/1`, key ?? new Uint8Array());
    expect(await left()).toBe(0);
  });

  it('was not done well for eight days', async () => {
    await driven(await begun(await backedUp()));
    const before = (await alarms()).length;
    await seeToDrills(env, Date.now() + 7 * day);
    expect((await alarms()).length).toBe(before);
    await runInDurableObject(watchOf(env), (_, { storage }) => storage.sql.exec(`DELETE FROM alarms`));
    await seeToDrills(env, Date.now() + 9 * day);
    expect(await alarms()).toHaveLength(1);
  });

  it('is of a backup that is sealed to an OpenPGP key: what was signed is proved, and once it is said to try it by hand', async () => {
    const { publicKey } = await generateKey({ userIDs: [{ name: 'Backups' }] });
    await setPgp(env, await readPgpKey(publicKey, Date.now()));
    try {
      const number = await backedUp();
      await runInDurableObject(watchOf(env), (_, { storage }) => storage.sql.exec(`DELETE FROM alarms`));
      const before = await size();
      expect(await driven(await begun(number))).toMatchObject({ state: 'sealed', wrong: null });
      expect(await alarms()).toHaveLength(1);
      expect(await since(before)).toContainEqual(
        expect.objectContaining({
          action: 'backup.drill',
          facts: expect.objectContaining({ number, isWhole: null, rows: 0 }) as object,
        }),
      );
      const again = await driven(await begun(number));
      expect(again).toMatchObject({ state: 'sealed', wrong: null });
      expect(again.counts['parts']).toBeGreaterThan(0);
      await seeToDrills(env, Date.now() + 7 * day);
      expect(await alarms()).toHaveLength(1);
      const [name = ''] = (await env.BACKUPS.list({ prefix: String(number).padStart(8, '0') })).objects
        .map(({ key }) => key)
        .filter((key) => /\d{6}-/.test(key));
      const bytes = (await (await env.BACKUPS.get(name))?.arrayBuffer()) ?? new ArrayBuffer();
      await env.BACKUPS.put(name, 'changed');
      expect(await driven(await begun(number))).toMatchObject({ state: 'failed' });
      await env.BACKUPS.put(name, bytes);
      expect(await left()).toBe(0);
    } finally {
      await setPgp(env, null);
    }
  });

  it('D96 is raised once nobody has put one back by hand for a hundred days that opens nowhere else, and who has notes it', async () => {
    await runInDurableObject(watchOf(env), (_, { storage }) => storage.sql.exec(`DELETE FROM alarms`));
    const ids = () =>
      alarms().then((all) => all.filter(({ facts }) => JSON.stringify(facts).includes('by hand')));
    const then = Date.now() - 91 * day;
    const row = `INSERT INTO restores (run, scratch, number, newest, state, begun_at) VALUES (?, 1, 1, 1, 'sealed', ?)`;
    await env.DB.prepare('DELETE FROM restores').run();
    for (const at of [then, Date.now() - 1_000]) await env.DB.prepare(row).bind(`sealed-${at}`, at).run();
    const owner = await newMember('owner', []);
    const tried = (on: string, by = owner.access) =>
      call('POST', '/api/v1/backups/tried', { token: by, body: { on, note: 'PELLUCIDNOTE' } });
    const look = async () =>
      (await call<BackupsAnswer>('GET', '/api/v1/backups', { token: owner.access })).body;
    expect(await look()).toMatchObject({ tried: null, isTryDue: true });
    await seeToDrills(env, Date.now());
    expect(await ids()).toHaveLength(1);
    const before = await size();
    expect((await tried('2999-01-01')).body.code).toBe('invalid');
    expect((await tried('yesterday')).body.code).toBe('invalid');
    expect((await tried('2026-01-01', (await newMember('supervisor', [])).access)).body.code).toBe(
      'not_allowed',
    );
    const on = new Date().toISOString().slice(0, 10);
    const provedAt = Date.now();
    vi.useFakeTimers({ toFake: ['Date'], now: provedAt + lifetimes.stepUp + 1_000 });
    const late = await accessFor(owner.id, { id: owner.session, amr: ['pwd', 'otp'], provedAt });
    expect((await tried(on, late)).body.code).toBe('step_up_needed');
    vi.useRealTimers();
    expect((await tried(on)).status).toBe(204);
    expect(await look()).toMatchObject({ tried: on, isTryDue: false });
    const told = (await since(before)).filter(
      ({ action, outcome }) => action === 'backup.tried' && outcome === 'done',
    );
    expect(told).toMatchObject([{ actor: owner.id, facts: { day: on } }]);
    expect(JSON.stringify(told)).not.toContain('PELLUCIDNOTE');
    await runInDurableObject(watchOf(env), (_, { storage }) => storage.sql.exec(`DELETE FROM alarms`));
    await seeToDrills(env, Date.now());
    expect(await ids()).toEqual([]);
  });

  it('is not where keys were renewed since: they lie beside the backups', async () => {
    const number = await backedUp();
    const key = (await keyTable(env.DB).all()).find(
      ({ purpose, state }) => purpose === 'data' && state === 'active',
    );
    if (key === undefined) throw new Error('there is no key');
    await rotate(env, key, Date.now() - RETIRING_MS);
    const vault = await vaultOf(env);
    await keyStore(env.KEYS).change('person', here.anna.id, (record) =>
      vault.rewrap(personKeyPlace(here.anna.id), record),
    );
    expect(await driven(await begun(number))).toMatchObject({ state: 'done', wrong: null });
  });

  it('is made of the tables that there are', async () => {
    expect((await schemaOf(env)).join('\n')).toContain('CREATE TABLE conversations');
  });
});
