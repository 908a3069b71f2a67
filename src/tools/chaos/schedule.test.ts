import { describe, expect, it } from 'vitest';
import { Random } from './random.ts';
import { schedule } from './schedule.ts';

const measure = { kills: 20, drops: 100, messages: 10_000 };
const told = (seed: string) =>
  schedule(measure, new Random(seed)).map(({ deed, at, chance }) => `${at} ${deed} ${chance.next()}`);

describe('a schedule', () => {
  it('is the same for the same seed, to the last chance in it, and another for another', () => {
    expect(told('7')).toEqual(told('7'));
    expect(told('7')).not.toEqual(told('8'));
  });

  it('holds as many kills and drops as were asked for, in order, and lets a run begin and end in peace', () => {
    const happenings = schedule(measure, new Random('1'));
    const count = (deed: string) => happenings.filter((each) => each.deed === deed).length;
    expect([count('kill'), count('drop')]).toEqual([20, 100]);
    const times = happenings.map(({ at }) => at);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(500);
    expect(Math.max(...times)).toBeLessThan(9_500);
  });
});

describe('chance', () => {
  it('spreads evenly, and has a name of its own for everybody', () => {
    const random = new Random('1');
    const tens = Array.from({ length: 10_000 }, () => Math.floor(random.next() * 10));
    for (let ten = 0; ten < 10; ten++) {
      const share = tens.filter((each) => each === ten).length;
      expect(share).toBeGreaterThan(850);
      expect(share).toBeLessThan(1_150);
    }
    expect(random.named('one').next()).not.toBe(random.named('two').next());
    expect(random.from(3, 3)).toBe(3);
  });

  it('makes ids that fit', () => {
    expect(new Random('1').uuid()).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });
});
