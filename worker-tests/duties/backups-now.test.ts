/** Backups over HTTP: how they stand, and having one made at once. */
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { backUpNow, seeToBackups } from '../../src/duties/backups.ts';
import { figures } from '../../src/duties/backups/rules.ts';
import { BackupShelf } from '../../src/duties/backups/shelf.ts';
import { BackupStore } from '../../src/duties/backups/store.ts';
import { RestoreStore } from '../../src/duties/restore/store.ts';
import { schedule } from '../../src/schedule.ts';
import { verifyBackups } from '../../src/protocol/backup-proof.ts';
import type { BackupsAnswer } from '../../src/protocol/backups.ts';
import { call, type Member, newMember } from '../cast.ts';
import { own, since, size } from '../ledger/scene.ts';

const hour = 3_600_000;
const store = new BackupStore(env.DB);
let owner: Member;
let admin: Member;
beforeAll(async () => {
  owner = await newMember('owner', []);
  admin = await newMember('admin', []);
});

const read = async (by = owner) => {
  const { status, body } = await call<BackupsAnswer>('GET', '/api/v1/backups', { token: by.access });
  expect(status).toBe(200);
  return body;
};
const make = (by = owner, body: object = {}) =>
  call<BackupsAnswer>('POST', '/api/v1/backups', { token: by.access, body });
const whole = (number: number) =>
  expect
    .poll(async () => (await read()).backups.find((each) => each.number === number), { timeout: 15_000 })
    .toMatchObject({ state: 'whole' });

describe('R21 whoever may has a backup made at once', () => {
  it('which is one, however often it is asked for, and the ledger has who did', async () => {
    expect(await read()).toMatchObject({ backups: [], isMissing: false });
    const before = await size();
    const [first, again] = [await make(), await make(admin)];
    expect([first.status, again.status]).toEqual([202, 202]);
    expect(first.body.backups).toMatchObject([{ number: 1, isFull: true, state: 'making', manifest: null }]);
    expect(again.body.backups.map(({ number }) => number)).toEqual([1]);
    await whole(1);
    const entries = (await since(before)).filter(({ action }) => action.startsWith('backup.'));
    const facts = { door: 'POST /backups', number: 1 };
    expect(entries.filter(({ outcome }) => outcome === 'done')).toMatchObject([
      { ...own(owner), action: 'backup.begin', facts },
      { ...own(admin), action: 'backup.begin', facts },
      { actor: null, action: 'backup.make', facts: { number: 1, isWhole: true } },
    ]);
  });

  it('of two who ask at the same moment neither begins a second one', async () => {
    const now = Date.now();
    const numbers = await Promise.all([backUpNow(env, now), backUpNow(env, now), backUpNow(env, now + 1)]);
    expect(new Set(numbers)).toEqual(new Set([2]));
    await whole(2);
    const open = 'SELECT COUNT(*) AS n FROM runs WHERE over_at IS NULL';
    await expect.poll(() => env.DB.prepare(open).first('n'), { timeout: 15_000 }).toBe(0);
    expect(await store.all()).toHaveLength(2);
  });

  it('and where whoever asked was cut off before it was begun, the night begins it', async () => {
    await store.begin('cut-off', { pgp: null, there: 0 }, Date.now());
    await seeToBackups(env, Date.now());
    await whole(3);
  });

  it('and what is no such wish begins none', async () => {
    expect((await make(owner, { full: true })).body).toMatchObject({ code: 'invalid' });
    expect((await read()).backups).toHaveLength(3);
  });
});

describe('R20 whoever may sees how backups stand', () => {
  it('with what each is known by, and the key that signs', async () => {
    const { backups, key, nextAt } = await read(admin);
    const proved = await verifyBackups(new BackupShelf(env), {
      keys: [key],
      newest: backups[0]?.manifest ?? '',
    });
    expect(proved.wrong).toBeNull();
    expect(backups.toReversed()).toMatchObject(
      proved.backups.map(({ number, at, full, parts, bytes, hash }) => ({
        ...{ number, begunAt: at, isFull: full, state: 'whole', parts, bytes },
        ...{ manifest: hash, wrong: null, stage: null },
      })),
    );
    expect(nextAt).toBeGreaterThan(Date.now());
    const cron = Object.entries(schedule).find(([, duties]) => 'backup' in duties)?.[0];
    expect(cron).toBe(`${figures.madeAt.minute} ${figures.madeAt.hour} * * *`);
  });

  it('how far one is, what is wrong with one, and whether one is missing', async () => {
    await store.begin('by-hand', { pgp: null, there: 0 }, Date.now());
    expect((await read()).backups[0]).toMatchObject({ number: 4, stage: 'sweep', parts: 0, bytes: null });
    await env.DB.prepare(
      `INSERT INTO runs (id, duty, place, done, begun_at, moved_at) VALUES ('by-hand', 'backup', ?, 7, ?, ?)`,
    )
      .bind('7 tables ["people",null]', Date.now(), Date.now())
      .run();
    expect((await read()).backups[0]).toMatchObject({ number: 4, stage: 'tables', parts: 7 });
    await store.finish(4, '00000004/000001-x is not what was signed', Date.now());
    await env.DB.prepare('UPDATE backups SET begun_at = ?')
      .bind(Date.now() - 27 * hour)
      .run();
    const { backups, isMissing } = await read();
    expect(isMissing).toBe(true);
    expect(backups[0]).toMatchObject({
      state: 'broken',
      wrong: '00000004/000001-x is not what was signed',
      stage: null,
    });
  });
});

it('R19 whoever may sees how the last drill ended, and whether one is missing', async () => {
  expect(await read()).toMatchObject({ drill: null, isDrillMissing: false, back: null });
  const drills = new RestoreStore(env.DB);
  const at = Date.now();
  await drills.begin({ run: 'a-drill', isScratch: true, number: 3, newest: 3 }, at);
  await drills.count('a-drill', 'compare 0 0 ', {
    'rows compared': 7,
    'messages opened': 2,
    'keys opened': 1,
  });
  expect((await read()).drill).toEqual({
    ...{ number: 3, state: 'working', begunAt: at, wrong: null, rows: 7, conversations: 0, opened: 3 },
  });
  await drills.finish('a-drill', 'Table people has a row too many', at);
  await env.DB.prepare('UPDATE backups SET begun_at = ?')
    .bind(at - 9 * 24 * hour)
    .run();
  expect(await read(admin)).toMatchObject({
    drill: { state: 'failed', wrong: 'Table people has a row too many' },
    isDrillMissing: true,
  });
});
