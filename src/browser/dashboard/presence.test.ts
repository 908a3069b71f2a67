import { expect, test } from 'vitest';
import { Stage } from '../connection/stage.ts';
import { Activity } from './activity.ts';
import { type Kept, Presence } from './presence.ts';

const minute = 60_000;

function tab(): Kept {
  let kept: string | null = null;
  return { get: () => kept, set: (standing) => (kept = standing) };
}

function sitting(stage = new Stage(), kept = tab()) {
  let touch = () => {};
  const activity = new Activity(stage, (acted) => {
    touch = acted;
  });
  const presence = new Presence(stage, activity, kept);
  const said: string[] = [];
  presence.follow((standing) => said.push(standing));
  return { stage, presence, said, touch: () => touch() };
}

test('ten minutes without a touch are away, and the first touch is back', async () => {
  const { stage, said, touch } = sitting();
  await stage.pass(9 * minute);
  touch();
  await stage.pass(9.9 * minute);
  expect(said).toEqual(['available']);
  await stage.pass(0.1 * minute);
  expect(said).toEqual(['available', 'away']);
  touch();
  expect(said).toEqual(['available', 'away', 'available']);
  await stage.pass(10 * minute);
  expect(said.at(-1)).toBe('away');
});

test('away by choice stays away at a touch', async () => {
  const { stage, presence, touch } = sitting();
  presence.choose('away');
  await stage.pass(20 * minute);
  touch();
  expect(presence.idle.value).toBe(false);
  expect(presence.standing.value).toBe('away');
});

test('whoever is at work in one tab is there in all, and a choice holds in all', async () => {
  const one = sitting();
  const two = sitting(new Stage(one.stage));
  await two.stage.pass(9 * minute);
  one.touch();
  await two.stage.pass(5 * minute);
  expect(two.presence.standing.value).toBe('available');
  one.presence.choose('away');
  expect(two.presence.standing.value).toBe('away');
  expect(sitting(new Stage(one.stage)).presence.standing.value).toBe('away');
});

test('a choice outlives a reload, in the tab where it was made and in one that heard of it', () => {
  const [mine, beside] = [tab(), tab()];
  const one = sitting(new Stage(), mine);
  sitting(new Stage(one.stage), beside);
  one.presence.choose('away');
  expect(sitting(new Stage(), mine).presence.standing.value).toBe('away');
  expect(sitting(new Stage(), beside).presence.standing.value).toBe('away');
  one.presence.choose('available');
  expect(sitting(new Stage(), mine).presence.standing.value).toBe('available');
});

test('after its end nothing changes any more', async () => {
  const { stage, presence, said } = sitting();
  presence.end();
  await stage.pass(20 * minute);
  expect(said).toEqual(['available']);
});
