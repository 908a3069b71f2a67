/** Where the posts of one conversation are kept until they have arrived, beyond the life of this page. */
import type { Outgoing } from '../outgoing.ts';

export interface Shelf {
  keep(post: Outgoing): void;
  drop(ids: readonly string[]): void;
  /** Brings what tabs that are gone have left, now and whenever more is found. Resolves once it was looked for. */
  open(found: (posts: readonly Outgoing[]) => void): Promise<void>;
  /** Looks once more for what tabs that are gone have left. */
  look(): void;
  /** What is found from here on waits for the next who opens. */
  close(): void;
}

/** For what lives and dies with this page. */
export const noShelf: Shelf = {
  keep: () => {},
  drop: () => {},
  open: () => Promise.resolve(),
  look: () => {},
  close: () => {},
};
