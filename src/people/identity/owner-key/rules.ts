/** What becomes of whoever gives the right owner key (rule S20). */
import type { PersonId } from '../../../protocol/ids.ts';
import { lifetimes } from '../../../protocol/limits.ts';

/** An owner who waits to be let in. `epoch`: their account's when they began; `link`: the hash of what ends it. */
export type Wait = { person: PersonId; since: number; epoch: number; link: string };

/** A wait is void once everybody was signed out of that account (S16), and when nobody came for a week. */
export function stands(wait: Wait, epoch: number, now: number): boolean {
  return wait.epoch === epoch && now - wait.since < lifetimes.ownerWaitOpen;
}

export type Next = 'begin' | 'wait' | 'enter' | 'refuse';

/** @param wait the one that stands. One at a time: the key is the organisation's, and lets one of them in. */
export function nextStep(wait: Wait | undefined, person: PersonId, now: number): Next {
  if (wait === undefined) return 'begin';
  if (wait.person !== person) return 'refuse';
  return now - wait.since < lifetimes.ownerWait ? 'wait' : 'enter';
}
