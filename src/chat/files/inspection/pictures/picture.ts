/** What is told of a picture, having read it from its first byte to its last. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 1, or how many pictures an animation has. */
  readonly frames: number;
}

/** Says of a picture without its metadata what it is, after it has given its bytes. */
export type Cleaned = AsyncGenerator<Uint8Array, Picture>;
