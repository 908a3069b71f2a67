/** What somebody has written and the server has not acknowledged, in the order of writing. */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals-core';
import type { Post } from '../../protocol/frames.ts';
import { limits } from '../../protocol/limits.ts';
import type { Outgoing, Written } from './outgoing.ts';
import { type Shelf, noShelf } from './queue/shelf.ts';

const utf8 = new TextEncoder();
const emptyFrameBytes = '{"type":"post","posts":[]}'.length;

export class Outbox {
  readonly posts: ReadonlySignal<readonly Outgoing[]>;
  #posts: Signal<readonly Outgoing[]>;
  #shelf: Shelf;
  /** What went out, and may have arrived. */
  #sent = new Set<string>();

  constructor(shelf: Shelf = noShelf) {
    this.#shelf = shelf;
    this.#posts = signal<readonly Outgoing[]>([]);
    this.posts = this.#posts;
  }

  add(written: Written): void {
    // Two may be written within a millisecond; after a reload their times tell their order.
    const at = Math.max(written.at, (this.#posts.value.at(-1)?.at ?? 0) + 1);
    this.#put({ ...written, at, state: 'sending' });
  }

  /** What was written before this page was loaded, or in a tab that is gone; the server may have it. */
  restore(posts: readonly Outgoing[]): void {
    const known = new Set(this.#posts.value.map(({ id }) => id));
    const fresh = posts.filter(({ id }) => !known.has(id));
    for (const { id } of fresh) this.#sent.add(id);
    this.#posts.value = [...fresh, ...this.#posts.value].sort((a, b) => a.at - b.at);
  }

  /** Takes over what another one was about to send, as it is. */
  takeFrom(other: Outbox): void {
    for (const post of other.#posts.value) {
      if (post.state !== 'sending') continue;
      this.#put(post);
      if (other.#sent.has(post.id)) this.#sent.add(post.id);
    }
    other.#posts.value = other.#posts.value.filter(({ state }) => state !== 'sending');
  }

  /** Takes over all of another one, as failed: where it was to go it can't go any more. */
  takeFailed(other: Outbox, code: string): void {
    for (const post of other.#posts.value) {
      this.#put({ detail: '', ...post, state: 'failed', code });
    }
    other.#posts.value = [];
  }

  /** These came back with their numbers: they are history now. */
  acknowledge(ids: ReadonlySet<string>): void {
    const arrived = this.#posts.value.filter(({ id }) => ids.has(id));
    if (arrived.length > 0) {
      this.#posts.value = this.#posts.value.filter((post) => !ids.has(post.id));
      this.#shelf.drop(arrived.map(({ id }) => id));
    }
    for (const id of ids) this.#sent.delete(id);
  }

  fail(id: string, code: string, detail: string): void {
    this.#posts.value = this.#posts.value.map((post) => {
      if (post.id !== id) return post;
      const failed: Outgoing = { ...post, state: 'failed', code, detail };
      this.#shelf.keep(failed);
      return failed;
    });
  }

  discard(id: string): Outgoing | undefined {
    const found = this.#posts.value.find((post) => post.id === id);
    if (found === undefined) return undefined;
    this.#posts.value = this.#posts.value.filter((post) => post !== found);
    this.#shelf.drop([id]);
    return found;
  }

  /** These go out now, so that from here on the server may have them. */
  markSent(ids: Iterable<string>): void {
    for (const id of ids) this.#sent.add(id);
  }

  /** What never went out can't be there already; the rest is looked for above what is shown without a break. */
  raiseSince(last: number, caughtUp: (since: number) => number): void {
    this.#posts.value = this.#posts.value.map((post) => ({
      ...post,
      since: this.#sent.has(post.id) ? caughtUp(post.since) : last,
    }));
  }

  /** Nothing that waits will ever go. */
  failAll(code: string, detail: string): void {
    for (const { id, state } of this.#posts.value) if (state === 'sending') this.fail(id, code, detail);
  }

  /** The oldest posts on their way, as many as one frame takes. One that never fits fails. */
  nextFrame(most: number): Post[] {
    const frame: Post[] = [];
    let bytes = emptyFrameBytes;
    for (const { id, since, kind, text, state } of this.#posts.value) {
      if (state !== 'sending') continue;
      if (frame.length >= most) break;
      const post: Post = { id, since, kind, text };
      const size = utf8.encode(JSON.stringify(post)).length + 1;
      if (emptyFrameBytes + size > limits.frameBytes) {
        this.fail(id, 'too_large', 'This is larger than allowed.');
        continue;
      }
      if (bytes + size > limits.frameBytes) break;
      bytes += size;
      frame.push(post);
    }
    return frame;
  }

  #put(post: Outgoing): void {
    this.#posts.value = [...this.#posts.value, post];
    this.#shelf.keep(post);
  }
}
