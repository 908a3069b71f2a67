/** What is shown of a conversation's past: the copy that this browser holds, and whether there is more of it. */
import { type Signal, signal } from '@preact/signals-core';
import type { Message, ServerFrame } from '../../protocol/frames.ts';
import { limits } from '../../protocol/limits.ts';
import {
  type Change,
  type Copy,
  appended,
  caughtUpSince,
  lastOf,
  nothing,
  prepended,
  reaches,
  resumeQuery,
  startOf,
  welcomed,
  withChanged,
} from './copy.ts';

/** Whether there is more to see above what is shown. */
export type Earlier = 'unknown' | 'more' | 'loading' | 'beginning';

export class History {
  readonly messages: Signal<readonly Message[]> = signal([]);
  readonly earlier: Signal<Earlier> = signal('unknown');
  /** True once everything up to the head at the last join is here. */
  readonly caughtUp: Signal<boolean> = signal(false);
  #copy: Copy = nothing;
  #head = { seq: 0, n: 0 };

  /** The last number known; 0 where nothing is. */
  last(): number {
    return lastOf(this.#copy);
  }

  resumeQuery(): string {
    return resumeQuery(this.#copy);
  }

  /** The number above which the server shall look for a post that it may have. */
  caughtUpSince(since: number): number {
    return caughtUpSince(this.#copy, since);
  }

  welcomed({ epoch, head, n = 0 }: ServerFrame & { type: 'welcome' }): void {
    this.#head = { seq: head, n };
    this.#hold(welcomed(this.#copy, epoch, head, n));
  }

  /** False if a message is missing in between. */
  wentOn(messages: readonly Message[]): boolean {
    const copy = appended(this.#copy, messages);
    if (copy !== null) this.#hold(copy);
    return copy !== null;
  }

  change(news: readonly Change[]): void {
    this.#hold(withChanged(this.#copy, news));
  }

  /** The number before which to ask for a page. */
  turnBack(): number {
    this.earlier.value = 'loading';
    return startOf(this.#copy);
  }

  turnedBack(page: readonly Message[]): void {
    this.#hold(prepended(this.#copy, page));
    if (this.earlier.value !== 'loading') return;
    this.earlier.value = page.length < limits.pageMessages ? 'beginning' : 'more';
  }

  /** The page that was asked for does not come: a page is safe to ask for again. */
  pageLost(): void {
    if (this.earlier.value === 'loading') this.earlier.value = 'more';
  }

  lost(): void {
    this.caughtUp.value = false;
    this.pageLost();
  }

  #hold(copy: Copy): void {
    this.#copy = copy;
    // While a first run is on its way, what was shown before stays.
    if (copy.last === null) {
      this.earlier.value = 'unknown';
      return;
    }
    this.messages.value = copy.messages;
    if (startOf(copy) <= 1) this.earlier.value = 'beginning';
    else if (this.earlier.value === 'unknown') this.earlier.value = 'more';
    if (reaches(copy, this.#head.seq, this.#head.n)) this.caughtUp.value = true;
  }
}
