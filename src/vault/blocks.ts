import type { Bytes } from './bytes.ts';
import type { VaultError } from './error.ts';

/*
 * Bytes come in pieces of any size and are sealed in chunks of one. Crossing from one stream to the next costs the
 * same for a small piece as for a large one, so several chunks are taken, made and given at once.
 */

/** What is done with the bytes of a stream, block by block. */
export interface Passage {
  /** How many bytes come, no fewer and no more. */
  readonly length: number;
  /** How many bytes go. */
  readonly gives: number;
  /** How many bytes make a block; the last one may be shorter. */
  readonly block: number;
  /** What becomes of a block. `at` is where it begins. */
  readonly make: (block: Bytes, at: number) => Promise<Bytes>;
  /** What is wrong when fewer or more bytes come. */
  readonly refusal: VaultError;
}

/** The stream of what is made of each block. It holds two blocks at most, and goes no faster than its reader. */
export function pass(source: Taker, passage: Passage): ReadableStream<Uint8Array> {
  let at = 0;
  async function next(): Promise<Bytes> {
    const wanted = Math.min(passage.block, passage.length - at);
    const block = await source.take(wanted);
    const over = at + wanted === passage.length && (await source.take(1)).length > 0;
    if (block.length < wanted || over) throw passage.refusal;
    const made = await passage.make(block, at);
    at += wanted;
    return made;
  }
  return streamOf(passage.gives, {
    async pull(controller) {
      try {
        const made = await next();
        if (made.length > 0) controller.enqueue(made);
        if (at === passage.length) controller.close();
      } catch (error) {
        void source.cancel(error).catch(() => undefined);
        throw error;
      }
    },
    cancel: (reason) => source.cancel(reason),
  });
}

/**
 * One stream after the other as one. The first is opened at once, so that what fails there fails before anything is
 * given; each other when the one before it has ended.
 */
export async function inTurn(
  open: readonly (() => Promise<ReadableStream<Uint8Array>>)[],
  length: number,
): Promise<ReadableStream<Uint8Array>> {
  const waiting = open.values();
  const turn = async () => (await waiting.next().value?.())?.getReader();
  // A promise, so that whoever cancels while a stream is being opened cancels that one.
  let current = turn();
  await current;
  return streamOf(length, {
    async pull(controller) {
      for (let reader = await current; reader; reader = await (current = turn())) {
        const { done, value } = await reader.read();
        if (done) continue;
        controller.enqueue(value);
        return;
      }
      controller.close();
    },
    cancel: async (reason) => (await current)?.cancel(reason),
  });
}

/** What a stream is made of, in the words of both Node and Workers. */
interface Source {
  pull(controller: { enqueue(bytes: Uint8Array): void; close(): void }): Promise<void>;
  cancel(reason: unknown): Promise<void>;
}

/** A Worker stores in R2 only a stream whose length it knows, and is told it so. Node does not ask. */
function streamOf(length: number, source: Source): ReadableStream<Uint8Array> {
  const known = { ...source, expectedLength: length };
  return new ReadableStream<Uint8Array>(known);
}

export interface Taker {
  /** So many bytes, or fewer where the stream ends. */
  take(size: number): Promise<Bytes>;
  cancel(reason: unknown): Promise<void>;
}

/**
 * Takes bytes from a stream in a measure of one's own. A platform's stream fills a block in one go when it is asked
 * to, and gives 4 KiB at a time otherwise; streams that are made by hand give what they have.
 */
export function takerOf(stream: ReadableStream<Uint8Array>): Taker {
  try {
    return filler(stream.getReader({ mode: 'byob' }) as unknown as Filling);
  } catch {
    return gatherer(stream.getReader());
  }
}

/** A reader as the standard has it; the types of Workers do not know `min` yet. */
interface Filling {
  read(view: Bytes, options: { min: number }): Promise<{ value?: Bytes }>;
  cancel(reason: unknown): Promise<void>;
}

function filler(reader: Filling): Taker {
  return {
    async take(size) {
      if (size === 0) return new Uint8Array(0);
      const { value } = await reader.read(new Uint8Array(size), { min: size });
      return value ?? new Uint8Array(0);
    },
    cancel: (reason) => reader.cancel(reason),
  };
}

function gatherer(reader: ReadableStreamDefaultReader<Uint8Array>): Taker {
  let rest: Uint8Array = new Uint8Array(0);
  return {
    async take(size) {
      const block = new Uint8Array(size);
      let filled = 0;
      while (filled < size) {
        if (rest.length === 0) {
          const { done, value } = await reader.read();
          if (done) return block.subarray(0, filled);
          rest = value;
        }
        const piece = rest.subarray(0, size - filled);
        block.set(piece, filled);
        filled += piece.length;
        rest = rest.subarray(piece.length);
      }
      return block;
    },
    cancel: (reason) => reader.cancel(reason),
  };
}
