import { signal } from '@preact/signals-core';
import { beforeEach, describe, expect, test } from 'vitest';
import type { StaffSession } from '../../protocol/sign-in.ts';
import { ApiError } from '../api.ts';
import { Stage } from '../connection/stage.ts';
import { Activity } from './activity.ts';
import { Idling } from './idling.ts';

const minute = 60_000;
const limit = 10 * minute;

/** A tab of somebody who is signed in and has done nothing yet. */
function sitting(stage: Stage, usedAgo = 0) {
  let act = () => {};
  const activity = new Activity(stage, (acted) => {
    act = acted;
  });
  const grant = signal<StaffSession | null>(null);
  const told: number[] = [];
  const tab = {
    locks: 0,
    refreshes: 0,
    offline: false,
    told,
    grant,
    act: () => act(),
    idling: undefined as unknown as Idling,
  };
  const api = {
    grant,
    refresh: () => {
      tab.refreshes++;
      return Promise.resolve(true);
    },
    post: (path: string, { ago }: { ago?: number }) => {
      expect(path).toBe('/api/v1/session/activity');
      if (tab.offline) return Promise.reject(new ApiError('offline', 0, ''));
      told.push(stage.now() - (ago ?? NaN));
      return Promise.resolve({} as never);
    },
  };
  const lock = () => {
    tab.locks++;
    grant.value = null;
  };
  tab.idling = new Idling({ api, lock }, activity, stage);
  grant.value = given(stage, usedAgo);
  return tab;
}

const given = (stage: Stage, usedAgo = 0) =>
  ({ idleLimit: limit, now: stage.now(), usedAt: stage.now() - usedAgo }) as unknown as StaffSession;

let stage: Stage;
let start: number;
beforeEach(() => {
  stage = new Stage();
  start = stage.now();
});

describe('S18 a page that nobody touches', () => {
  test('warns a minute before the limit, and locks at it, once', async () => {
    const tab = sitting(stage);
    await stage.pass(9 * minute - 1);
    expect(tab.idling.locksAt.value).toBeNull();
    await stage.pass(1);
    expect(tab.idling.locksAt.value).toBe(start + limit);
    expect(tab.refreshes).toBe(1);
    await stage.pass(minute - 1);
    expect(tab.locks).toBe(0);
    await stage.pass(1);
    expect(tab.locks).toBe(1);
    expect(tab.idling.locksAt.value).toBeNull();
    await stage.pass(60 * minute);
    expect(tab.locks).toBe(1);
    expect(tab.told).toEqual([]);
  });

  test('is not kept by what it refreshes by itself', async () => {
    const tab = sitting(stage);
    for (let passed = 0; passed < 10; passed += 2) {
      expect(tab.locks).toBe(0);
      tab.grant.value = given(stage);
      await stage.pass(2 * minute);
    }
    expect(tab.locks).toBe(1);
  });

  test('that was loaded again goes on where its person stopped', async () => {
    const tab = sitting(stage, 9.5 * minute);
    expect(tab.idling.locksAt.value).toBe(start + 0.5 * minute);
    await stage.pass(0.5 * minute);
    expect(tab.locks).toBe(1);
  });

  test('follows a limit that was changed', async () => {
    const tab = sitting(stage);
    await stage.pass(5 * minute);
    tab.grant.value = { ...given(stage), idleLimit: 6 * minute };
    expect(tab.idling.locksAt.value).toBe(start + 6 * minute);
    await stage.pass(minute);
    expect(tab.locks).toBe(1);
  });

  test('locks at the first touch after the machine slept past the limit', () => {
    const tab = sitting(stage);
    stage.sleep(2 * limit);
    tab.act();
    expect(tab.locks).toBe(1);
    expect(tab.told).toEqual([]);
  });

  test('locks when somebody only looks at it again', async () => {
    const tab = sitting(stage);
    stage.sleep(2 * limit);
    await stage.notice('returned');
    expect(tab.locks).toBe(1);
  });
});

describe('S18 whoever does something', () => {
  test('keeps the page open, and the warning goes', async () => {
    const tab = sitting(stage);
    await stage.pass(9.5 * minute);
    tab.act();
    expect(tab.idling.locksAt.value).toBeNull();
    await stage.pass(9 * minute);
    expect(tab.idling.locksAt.value).toBe(start + 19.5 * minute);
    await stage.pass(minute);
    expect(tab.locks).toBe(1);
  });

  test('is told of at once, then once a minute, with when it was', async () => {
    const tab = sitting(stage);
    await stage.pass(5 * minute);
    tab.act();
    await stage.pass(0);
    expect(tab.told).toEqual([start + 5 * minute]);
    for (let seconds = 0; seconds < 30; seconds++) {
      await stage.pass(1_000);
      tab.act();
    }
    await stage.pass(5 * minute);
    expect(tab.told).toEqual([start + 5 * minute, start + 5.5 * minute]);
  });

  test('is told of later where the server could not be reached', async () => {
    const tab = sitting(stage);
    tab.offline = true;
    tab.act();
    await stage.pass(90_000);
    expect(tab.told).toEqual([]);
    tab.offline = false;
    await stage.pass(minute);
    expect(tab.told).toEqual([start]);
  });

  test('keeps their other tabs awake, which tell nobody', async () => {
    const stages = [stage, new Stage(stage)] as const;
    const [one, two] = [sitting(stages[0]), sitting(stages[1])];
    for (const each of stages) await each.pass(9.5 * minute);
    expect(two.idling.locksAt.value).not.toBeNull();
    one.act();
    expect(two.idling.locksAt.value).toBeNull();
    for (const each of stages) await each.pass(minute);
    expect([one.told.length, two.told.length]).toEqual([1, 0]);
    expect([one.locks, two.locks]).toEqual([0, 0]);
  });

  test('after the session is over keeps nothing', async () => {
    const tab = sitting(stage);
    tab.grant.value = null;
    tab.act();
    await stage.pass(2 * limit);
    expect([tab.locks, tab.told]).toEqual([0, []]);
  });
});
