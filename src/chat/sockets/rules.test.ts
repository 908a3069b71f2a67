import { describe, expect, it } from 'vitest';
import { limits } from '../../protocol/limits.ts';
import { endOfDelivery } from './rules.ts';

describe('W3 a delivery', () => {
  it('ends when the time is over, or when the reader leaves too much untaken', () => {
    expect(endOfDelivery(1_000, 0, 999)).toBeUndefined();
    expect(endOfDelivery(1_000, 0, 1_000)).toBe(4401);
    expect(endOfDelivery(1_000, limits.bufferedBytes + 1, 0)).toBe(4408);
  });
});
