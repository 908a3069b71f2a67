/** What a person may send and how long a socket is sent to, as pure functions. */
import { limits } from '../../protocol/limits.ts';
import { closeCodes } from '../../protocol/refusals.ts';

/** A person's allowance: `limits.burst` at once, regained at `limits.burstPerSecond`; haste is forgiven by the second. */
export type Allowance = { left: number; hasty: number; at: number };

export function freshAllowance(now: number): Allowance {
  return { left: limits.burst, hasty: 0, at: now };
}

function regained(allowance: Allowance, now: number): Allowance {
  const seconds = Math.max(0, now - allowance.at) / 1000;
  const left = Math.min(limits.burst, allowance.left + seconds * limits.burstPerSecond);
  return { left, hasty: Math.max(0, allowance.hasty - seconds), at: now };
}

/** Takes `cost` from the allowance, if there is that much. What is refused is counted, and in time closes the socket. */
export function spend(
  allowance: Allowance,
  cost: number,
  now: number,
): { allowance: Allowance; granted: boolean } {
  const { left, hasty, at } = regained(allowance, now);
  if (left < cost) return { allowance: { left, hasty: hasty + 1, at }, granted: false };
  return { allowance: { left: left - cost, hasty, at }, granted: true };
}

/** Nothing is left to remember of this one. */
export function isFull(allowance: Allowance, now: number): boolean {
  const { left, hasty } = regained(allowance, now);
  return left === limits.burst && hasty === 0;
}

/** Why a socket's delivery ends instead, if it does: its time is over, or its reader does not take what it is sent. */
export function endOfDelivery(until: number, buffered: number, now: number): number | undefined {
  if (until <= now) return closeCodes.signedOut;
  return buffered > limits.bufferedBytes ? closeCodes.tooSlow : undefined;
}
