/**
 * Who writes right now: nothing is stored and no timer runs. Time stamps keep it from being said too often; those
 * who hear it forget it by themselves, sooner than an idle object falls asleep and forgets it too.
 */
import type { Post } from '../../protocol/frames.ts';
import { lifetimes } from '../../protocol/limits.ts';

/** Writing is passed on at most so often for each person and kind. */
export const typingPause = 2_000;

export class Typing {
  readonly #said = new Map<string, { at: number; on: boolean }>();

  /**
   * Is this worth passing on? Having stopped is, if somebody may still believe the opposite. What was written in
   * notes counts apart, so that it changes nothing of what a visitor hears.
   */
  passes(who: string, kind: Post['kind'], on: boolean, now: number): boolean {
    for (const [other, { at }] of this.#said)
      if (!isRecent(at, now, lifetimes.typing)) this.#said.delete(other);
    const key = `${who} ${kind}`;
    const last = this.#said.get(key);
    if (on && last !== undefined && isRecent(last.at, now, typingPause)) return false;
    if (!on && last?.on !== true) return false;
    this.#said.set(key, { at: on ? now : (last?.at ?? now), on });
    return true;
  }
}

function isRecent(at: number, now: number, within: number): boolean {
  return now >= at && now - at < within;
}
