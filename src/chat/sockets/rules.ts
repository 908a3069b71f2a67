/** What a socket may send and how long it is sent to, as pure functions. */
import { limits } from '../../protocol/limits.ts';
import { closeCodes } from '../../protocol/refusals.ts';

/** A socket's allowance: `limits.burst` at once, regained at `limits.burstPerSecond`. */
export type Allowance = { left: number; at: number; hasty: number };

export function freshAllowance(now: number): Allowance {
  return { left: limits.burst, at: now, hasty: 0 };
}

/** Takes `cost` from the allowance, if there is that much. What is refused is counted, and in time closes the socket. */
export function spend(
  allowance: Allowance,
  cost: number,
  now: number,
): { allowance: Allowance; granted: boolean } {
  const regained = (Math.max(0, now - allowance.at) / 1000) * limits.burstPerSecond;
  const left = Math.min(limits.burst, allowance.left + regained);
  if (left < cost) return { allowance: { left, at: now, hasty: allowance.hasty + 1 }, granted: false };
  return { allowance: { left: left - cost, at: now, hasty: 0 }, granted: true };
}

/** Why a socket's delivery ends instead, if it does: its time is over, or its reader does not take what it is sent. */
export function endOfDelivery(until: number, buffered: number, now: number): number | undefined {
  if (until <= now) return closeCodes.signedOut;
  return buffered > limits.bufferedBytes ? closeCodes.tooSlow : undefined;
}
