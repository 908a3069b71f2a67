import { describe, expect, it } from 'vitest';
import { freshAllowance, isFull, spend } from './allowance.ts';

const pace = { burst: 200, perSecond: 5 };

describe('C13 an allowance', () => {
  it('grants the burst at once, then what was regained', () => {
    const { allowance, granted } = spend(freshAllowance(pace, 0), pace, pace.burst, 0);
    expect(granted).toBe(true);
    expect(spend(allowance, pace, 1, 100).granted).toBe(false);
    expect(spend(allowance, pace, pace.perSecond, 1_000).granted).toBe(true);
    expect(spend(allowance, pace, pace.perSecond + 1, 1_000).granted).toBe(false);
    expect(spend(allowance, pace, pace.burst + 1, 1e9).granted).toBe(false);
  });

  it('counts haste, forgives it by the second, and a clock that runs back gives nothing', () => {
    const spent = spend(freshAllowance(pace, 10_000), pace, pace.burst, 10_000).allowance;
    const hasty = spend(spend(spent, pace, 1, 10_000).allowance, pace, 1, 9_000).allowance;
    expect(hasty).toMatchObject({ left: 0, hasty: 2 });
    const { allowance, granted } = spend(hasty, pace, 1, 9_500);
    expect(granted).toBe(true);
    expect(allowance.hasty).toBe(1.5);
    expect(isFull(allowance, pace, 10_000)).toBe(false);
    expect(isFull(allowance, pace, 60_000)).toBe(true);
  });
});
