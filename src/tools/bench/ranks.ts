/** The rank test of Mann and Whitney: do two samples come from one distribution? */

/**
 * @returns how likely samples lie at least so far apart by chance alone (two-sided, by the normal approximation,
 * corrected for ties): near 0 they differ. For samples of twenty and more.
 */
export function likelihoodOfOne(one: readonly number[], other: readonly number[]): number {
  const all = [...one, ...other].toSorted((a, b) => a - b);
  const [n, m] = [one.length, other.length];
  let tied = 0;
  const ranks = new Map<number, number>();
  for (let from = 0, to = 0; from < all.length; from = to) {
    const value = all[from] ?? NaN;
    while (all[to] === value) to++;
    // Whoever ties shares the mean of the ranks that they take.
    ranks.set(value, (from + 1 + to) / 2);
    tied += (to - from) ** 3 - (to - from);
  }
  const u = one.reduce((sum, value) => sum + (ranks.get(value) ?? NaN), 0) - (n * (n + 1)) / 2;
  const spread = Math.sqrt(((n * m) / 12) * (n + m + 1 - tied / ((n + m) * (n + m - 1))));
  return spread === 0 ? 1 : Math.min(1, 2 * upperTail((Math.abs(u - (n * m) / 2) - 0.5) / spread));
}

/** The normal distribution above `z` (Abramowitz and Stegun, 26.2.17: right to 7.5e-8). */
function upperTail(z: number): number {
  if (z < 0) return 1 - upperTail(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const factors = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  const sum = factors.reduceRight((rest, factor) => t * (factor + rest), 0);
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * sum;
}
