/**
 * When to send what the outbox holds: only once the news has been caught up with, and one frame at a time, so
 * that nothing written later overtakes what the server had to refuse for a moment.
 */
import type { Post } from '../../protocol/frames.ts';
import { limits } from '../../protocol/limits.ts';
import type { Outbox } from './outbox.ts';
import type { Cancel, Surroundings } from './surroundings.ts';

const firstPause = 2_000;
const longestPause = 30_000;
/** A frame that is neither acknowledged nor refused for so long was lost: resync. */
const answerPatience = 15_000;
/** Resyncs for one post that the server still calls stale. */
const staleTries = 3;

interface Way {
  send(posts: readonly Post[]): void;
  resync(): void;
}

export class Sender {
  /** Whether what waits may go. */
  isOpen = false;
  #outbox: Outbox;
  #surroundings: Surroundings;
  #way: Way;
  #underWay = new Set<string>();
  #stale = new Map<string, number>();
  #pause = firstPause;
  #most: number = limits.postsPerFrame;
  #paused = false;
  #cancel: Cancel = () => {};

  constructor(outbox: Outbox, surroundings: Surroundings, way: Way) {
    this.#outbox = outbox;
    this.#surroundings = surroundings;
    this.#way = way;
  }

  /** The news is caught up with: what waits may go. */
  open(): void {
    this.isOpen = true;
    this.#next();
  }

  /** The line is gone; what was under way is not acknowledged and goes again later. */
  shut(): void {
    this.isOpen = false;
    this.#paused = false;
    this.#underWay.clear();
    this.#cancel();
  }

  /** Something was written. */
  wake(): void {
    if (this.isOpen && !this.#paused && this.#underWay.size === 0) this.#next();
  }

  acknowledged(ids: ReadonlySet<string>): void {
    this.#outbox.acknowledge(ids);
    for (const id of ids) {
      this.#stale.delete(id);
      this.#underWay.delete(id);
    }
    if (ids.size > 0 && this.#underWay.size === 0) {
      this.#pause = firstPause;
      this.#most = limits.postsPerFrame;
    }
    this.wake();
  }

  refused(id: string | undefined, code: string, detail: string): void {
    // A failure on the other side says nothing of what was stored: the same ids go again.
    if (code === 'too_fast' || code === 'unavailable' || code === 'internal') this.#waitABit();
    else if (id === undefined) this.#frameRefused(code, detail);
    else if (code === 'stale' && this.#staleTries(id) <= staleTries) this.#way.resync();
    else this.#failed(id, code, detail);
  }

  #staleTries(id: string): number {
    const tries = (this.#stale.get(id) ?? 0) + 1;
    this.#stale.set(id, tries);
    return tries;
  }

  /** One post of the frame did not fit, and the answer does not say which: from here on each goes alone. */
  #frameRefused(code: string, detail: string): void {
    const [only, ...others] = this.#underWay;
    // Nor are they meant where a small sign was refused, or the session is over.
    if (only === undefined || code === 'signed_out' || code === 'not_allowed') return;
    if (others.length === 0) {
      this.#failed(only, code, detail);
      return;
    }
    this.#most = 1;
    this.#next();
  }

  #failed(id: string, code: string, detail: string): void {
    this.#stale.delete(id);
    this.#underWay.delete(id);
    this.#outbox.fail(id, code, detail);
    this.wake();
  }

  #next(): void {
    this.#cancel();
    this.#paused = false;
    const posts = this.#outbox.nextFrame(this.#most);
    if (posts.length === 0) return;
    this.#underWay = new Set(posts.map((post) => post.id));
    this.#outbox.markSent(this.#underWay);
    this.#way.send(posts);
    this.#cancel = this.#surroundings.after(answerPatience, () => this.#checkLost());
  }

  #checkLost(): void {
    if (this.#underWay.size > 0) this.#way.resync();
  }

  /** Everything under way goes again, in its order; the server knows by its id what it has already. */
  #waitABit(): void {
    if (!this.isOpen || this.#paused || this.#underWay.size === 0) return;
    this.#paused = true;
    this.#underWay.clear();
    this.#cancel();
    this.#most = Math.max(1, Math.floor(this.#most / 2));
    this.#cancel = this.#surroundings.after(this.#pause, () => this.#next());
    this.#pause = Math.min(this.#pause * 2, longestPause);
  }
}
