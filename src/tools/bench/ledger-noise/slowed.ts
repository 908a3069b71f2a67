import { quantile } from '../figures.ts';

/** How many times as long something takes as it did in quiet, for half of them and for 99 %. */
export interface Slowed {
  readonly p50: number;
  readonly p99: number;
}

export function slowed(quiet: readonly number[], noisy: readonly number[]): Slowed {
  const by = (share: number) => quantile(noisy, share) / quantile(quiet, share);
  return { p50: by(0.5), p99: by(0.99) };
}

/** Nothing at all holds that was not measured. */
export function isWithin({ p50, p99 }: Slowed, most: number): boolean {
  return p50 <= most && p99 <= most;
}
