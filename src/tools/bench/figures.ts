/** Numbers, and what is said about many of them. */

/** @returns the value below which this share of the values lies (nearest rank) */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, two) => one - two);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** How far apart the middle half of the values lies, as a share of the median: what a repetition would give or take. */
export function spread(values: readonly number[]): number {
  return (quantile(values, 0.75) - quantile(values, 0.25)) / median(values);
}

/** One figure of one contestant, from every round. */
export interface Measured {
  readonly scenario: string;
  readonly contestant: string;
  readonly figure: string;
  readonly unit: string;
  readonly rounds: readonly number[];
}

/** What a figure of Sotto's must be, in comparison with another's or by itself. */
export interface Bound {
  readonly scenario: string;
  readonly figure: string;
  readonly to?: string;
  readonly least?: number;
  readonly most?: number;
}

export interface Verdict extends Bound {
  readonly value: number;
  readonly holds: boolean;
}

/**
 * Judges Sotto's figures. What was not measured is not judged; a figure that can't be (no time, no memory at all) was
 * measured wrongly and does not hold.
 */
export function judged(measured: readonly Measured[], bounds: readonly Bound[]): Verdict[] {
  const of = (contestant: string, { scenario, figure }: Bound) =>
    measured.find(
      (each) => each.contestant === contestant && each.scenario === scenario && each.figure === figure,
    );
  return bounds.flatMap((bound) => {
    const own = of('sotto', bound);
    const other = bound.to === undefined ? undefined : of(bound.to, bound);
    if (own === undefined || (bound.to !== undefined && other === undefined)) return [];
    const value = median(own.rounds) / (other === undefined ? 1 : median(other.rounds));
    const holds = value > 0 && value >= (bound.least ?? 0) && value <= (bound.most ?? Infinity);
    return [{ ...bound, value, holds }];
  });
}
