/** What somebody has written and the server has not acknowledged. */
import type { Post } from '../../protocol/frames.ts';

/** A note is for staff alone. */
export type Kind = Post['kind'];

export interface Written {
  readonly id: string;
  /** The last number that was known when it was written. */
  readonly since: number;
  readonly at: number;
  readonly kind: Kind;
  readonly text: string;
}

export type Outgoing =
  | (Written & { readonly state: 'sending' })
  | (Written & { readonly state: 'failed'; readonly code: string; readonly detail: string });
