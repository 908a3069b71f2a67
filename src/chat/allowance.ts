/** How fast something may be done, as pure functions: a bucket of tokens that fills by the second. */

/** How much may be done at once, and how much of that is regained a second. */
export type Pace = { burst: number; perSecond: number };

/** What is left of the burst, and how often it was not enough; both are mended by time. */
export type Allowance = { left: number; hasty: number; at: number };

export function freshAllowance(pace: Pace, now: number): Allowance {
  return { left: pace.burst, hasty: 0, at: now };
}

function regained(allowance: Allowance, pace: Pace, now: number): Allowance {
  const seconds = Math.max(0, now - allowance.at) / 1000;
  const left = Math.min(pace.burst, allowance.left + seconds * pace.perSecond);
  return { left, hasty: Math.max(0, allowance.hasty - seconds), at: now };
}

/** Takes `cost` from the allowance, if there is that much. What is refused is counted, and in time closes the socket. */
export function spend(
  allowance: Allowance,
  pace: Pace,
  cost: number,
  now: number,
): { allowance: Allowance; granted: boolean } {
  const { left, hasty, at } = regained(allowance, pace, now);
  if (left < cost) return { allowance: { left, hasty: hasty + 1, at }, granted: false };
  return { allowance: { left: left - cost, hasty, at }, granted: true };
}

/** Nothing is left to remember of this one. */
export function isFull(allowance: Allowance, pace: Pace, now: number): boolean {
  const { left, hasty } = regained(allowance, pace, now);
  return left === pace.burst && hasty === 0;
}
