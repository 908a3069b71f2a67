/** How long a socket is sent to, as a pure function. */
import { limits } from '../../protocol/limits.ts';
import { closeCodes } from '../../protocol/refusals.ts';

/** Why a socket's delivery ends instead, if it does: its time is over, or its reader does not take what it is sent. */
export function endOfDelivery(until: number, buffered: number, now: number): number | undefined {
  if (until <= now) return closeCodes.signedOut;
  return buffered > limits.bufferedBytes ? closeCodes.tooSlow : undefined;
}
