/** Duties that take longer than one request: each ends by itself, wherever it is cut off. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import toml from '../../wrangler.toml?raw';
import { beginRun, runOf, seeToRuns } from '../../src/duties/runs.ts';
import { RunStore } from '../../src/duties/runs/store.ts';
import { schedule } from '../../src/schedule.ts';
import { newSite, newTeam } from '../cast.ts';

const minute = 60_000;
const store = new RunStore(env.DB);
const isOver = (id: string) => expect.poll(async () => (await store.find(id))?.overAt, { timeout: 10_000 });

describe('D17 a long duty', () => {
  it('is driven to its end, and begun again is the same', async () => {
    await newSite(await newTeam());
    await beginRun(env, 'retention', 'begun-twice', 1);
    await beginRun(env, 'retention', 'begun-twice', 2);
    await isOver('begun-twice').toEqual(expect.any(Number));
    expect(await store.find('begun-twice')).toMatchObject({ begunAt: 1, place: null, done: 0 });
  });

  it('that is longer than one instance may be goes on as another', async () => {
    const team = await newTeam();
    // A portion ends with each site.
    for (let n = 0; n < 12; n++) await newSite(team);
    await beginRun(env, 'retention', 'long', 1);
    await isOver('long').toEqual(expect.any(Number));
    const first = await env.RUNS.get('long');
    await expect.poll(async () => (await first.status()).status).toBe('complete');
  });

  it('that stands still is driven on from where it was, by whoever looks and by the clock', async () => {
    const now = Date.now();
    for (const id of ['seen', 'timed']) {
      await store.add('retention', id, now - 11 * minute);
      // Behind every site: what is left is to find that nothing is.
      expect(await store.move({ id, place: null }, '~', 3, now - 11 * minute)).toBe(true);
    }
    await store.add('retention', 'moving', now - 9 * minute);
    expect(await runOf(env, 'seen', now)).toMatchObject({ place: '~', overAt: null });
    await isOver('seen').toEqual(expect.any(Number));
    expect(await store.find('timed')).toMatchObject({ overAt: null });
    await seeToRuns(env, now);
    await isOver('timed').toEqual(expect.any(Number));
    expect(await store.find('timed')).toMatchObject({ done: 3 });
    expect(await store.find('moving')).toMatchObject({ overAt: null, movedAt: now - 9 * minute });
  });

  it('moves from where it stands alone: of two who drive it one stops', async () => {
    await store.add('retention', 'two', 1);
    const from = { id: 'two', place: null };
    expect(await store.move(from, 'a', 5, 2)).toBe(true);
    expect(await store.move(from, 'a', 5, 3)).toBe(false);
    expect(await store.find('two')).toMatchObject({ place: 'a', done: 5, movedAt: 2 });
    expect(await store.move({ id: 'two', place: 'a' }, null, 1, 4)).toBe(true);
    expect(await store.move({ id: 'two', place: null }, 'b', 1, 5)).toBe(false);
    expect(await store.find('two')).toMatchObject({ done: 6, overAt: 4 });
  });
});

it('D17 the clock of the configuration is that of the schedule', () => {
  const [, crons = ''] = /^crons = (.*)$/m.exec(toml) ?? [];
  expect(JSON.parse(crons)).toEqual(Object.keys(schedule));
});
