/** How long to wait before the next try: exponential with full jitter, so that a crowd does not come back at once. */
const first = 500;
const longest = 30_000;

export function backoff(failures: number, random: number): number {
  // 2^6 × 0.5 s is above the longest wait already; higher powers would only overflow.
  return random * Math.min(longest, first * 2 ** Math.min(failures, 6));
}
