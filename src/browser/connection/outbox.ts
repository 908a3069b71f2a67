/** What somebody has written and the server has not acknowledged, in the order of writing. */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Post } from '../../protocol/frames.ts';
import { limits } from '../../protocol/limits.ts';

interface Written {
  readonly id: string;
  readonly since: number;
  readonly at: number;
  readonly text: string;
}
export type Outgoing =
  | (Written & { readonly state: 'sending' })
  | (Written & { readonly state: 'failed'; readonly code: string; readonly detail: string });

const utf8 = new TextEncoder();
const emptyFrameBytes = '{"type":"post","posts":[]}'.length;

export class Outbox {
  readonly posts: ReadonlySignal<readonly Outgoing[]>;
  #posts: Signal<readonly Outgoing[]>;
  #sent = new Set<string>();

  constructor() {
    this.#posts = signal<readonly Outgoing[]>([]);
    this.posts = this.#posts;
  }

  add(written: Written): void {
    this.#posts.value = [...this.#posts.value, { ...written, state: 'sending' }];
  }

  /** These came back with their numbers: they are history now. */
  acknowledge(ids: ReadonlySet<string>): void {
    if (this.#posts.value.some((post) => ids.has(post.id))) {
      this.#posts.value = this.#posts.value.filter((post) => !ids.has(post.id));
    }
    for (const id of ids) this.#sent.delete(id);
  }

  fail(id: string, code: string, detail: string): void {
    this.#posts.value = this.#posts.value.map((post) =>
      post.id === id ? { ...post, state: 'failed', code, detail } : post,
    );
  }

  discard(id: string): Outgoing | undefined {
    const found = this.#posts.value.find((post) => post.id === id);
    this.#posts.value = this.#posts.value.filter((post) => post !== found);
    return found;
  }

  /** These go out now, so that from here on the server may have them. */
  markSent(ids: ReadonlySet<string>): void {
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
    for (const { id } of this.#posts.value) this.fail(id, code, detail);
  }

  /** The oldest posts on their way, as many as one frame takes. One that never fits fails. */
  nextFrame(most: number): Post[] {
    const frame: Post[] = [];
    let bytes = emptyFrameBytes;
    for (const { id, since, text, state } of this.#posts.value) {
      if (state !== 'sending') continue;
      if (frame.length >= most) break;
      const post: Post = { id, since, kind: 'text', text };
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
}
