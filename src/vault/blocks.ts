import type { Bytes } from './bytes.ts';
import type { VaultError } from './error.ts';

/*
 * Bytes come in pieces of any size and are sealed in chunks of one. Crossing from one stream to the next costs the
 * same for a small piece as for a large one, so several chunks are taken, made and given at once.
 */

/** The memory that a stream brings along for a reader who has none, about a block. */
const BLOCK_BYTES = 256 * 1024;

/** What is done with the bytes of a stream, block by block. */
export interface Passage {
  /** How many bytes come, no fewer and no more. */
  readonly length: number;
  /** How many bytes make a block; the last one may be shorter. */
  readonly block: number;
  /** What becomes of a block. `at` is where it begins. The pieces are in memory of their own. */
  readonly make: (block: Bytes, at: number) => Promise<readonly Bytes[]>;
  /** What is wrong when fewer or more bytes come. */
  readonly refusal: VaultError;
}

/** What is made, some pieces at a time and nothing at the end. Who takes them lets go of their memory. */
export interface Source {
  next(): Promise<readonly Bytes[] | undefined>;
  cancel(reason: unknown): Promise<void>;
}

/** What is made of each block. It holds one block, and goes no faster than it is asked. */
export function pass(taker: Taker, { length, block: size, make, refusal }: Passage): Source {
  let at = 0;
  let isDone = false;
  return {
    async next() {
      if (isDone) return undefined;
      try {
        const wanted = Math.min(size, length - at);
        const block = await taker.take(wanted);
        isDone = at + wanted === length;
        if (block.length < wanted || (isDone && !(await taker.hasEnded()))) throw refusal;
        const made = await make(block, at);
        at += wanted;
        return made;
      } catch (error) {
        void taker.cancel(error).catch(() => undefined);
        throw error;
      }
    },
    cancel: (reason) => taker.cancel(reason),
  };
}

/**
 * One source after the other as one. The first is opened at once, so that what fails there fails before anything is
 * given; each other when the one before it has ended.
 */
export async function inTurn(open: readonly (() => Promise<Source>)[]): Promise<Source> {
  const waiting = open.values();
  const turn = async () => waiting.next().value?.();
  // A promise, so that whoever cancels while a source is being opened cancels that one.
  let current = turn();
  await current;
  return {
    async next() {
      for (let source = await current; source; source = await (current = turn())) {
        const made = await source.next();
        if (made) return made;
      }
      return undefined;
    },
    cancel: async (reason) => (await current)?.cancel(reason),
  };
}

/** What asks to be filled, in the words of both Node and Workers. */
interface Filled {
  readonly byobRequest: { readonly view: ArrayBufferView | null; respond(bytes: number): void } | null;
  enqueue(bytes: Uint8Array): void;
  close(): void;
}

/**
 * A stream that fills its reader's own memory where the reader brings some, and lets go of each piece at once. A hundred
 * megabytes of pieces that wait to be collected are what a Worker has not got.
 */
export function streamFrom(length: number, source: Source): ReadableStream<Uint8Array> {
  let pieces: Bytes[] = [];
  // A Worker stores in R2 only a stream whose length it knows, and is told it so. Node does not ask.
  const known = {
    type: 'bytes' as const,
    autoAllocateChunkSize: BLOCK_BYTES,
    expectedLength: length,
    async pull(controller: Filled): Promise<void> {
      while (pieces.length === 0) {
        const next = await source.next();
        if (next) pieces = next.filter((piece) => piece.length > 0);
        else {
          controller.close();
          controller.byobRequest?.respond(0);
          return;
        }
      }
      const request = controller.byobRequest;
      if (request?.view) request.respond(fill(bytesOf(request.view), pieces));
      // Some of a Worker's own readers neither bring memory nor have any brought along.
      else controller.enqueue(filled(pieces));
    },
    cancel: (reason: unknown) => source.cancel(reason),
  };
  return new ReadableStream(known);
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function filled(pieces: Bytes[]): Uint8Array {
  const room = new Uint8Array(BLOCK_BYTES);
  return room.subarray(0, fill(room, pieces));
}

/** Moves as much as there is room for out of the pieces. @returns how many bytes */
function fill(room: Uint8Array, pieces: Bytes[]): number {
  let filled = 0;
  for (let [piece] = pieces; piece && filled < room.length; [piece] = pieces) {
    const fitting = piece.subarray(0, room.length - filled);
    room.set(fitting, filled);
    filled += fitting.length;
    if (fitting.length < piece.length) pieces[0] = piece.subarray(fitting.length);
    else {
      pieces.shift();
      piece.buffer.transfer(0);
    }
  }
  return filled;
}

export interface Taker {
  /** So many bytes, or fewer where the stream ends, in memory that is used again for the next. */
  take(size: number): Promise<Bytes>;
  hasEnded(): Promise<boolean>;
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
  let memory = new ArrayBuffer(0);
  return {
    async take(size) {
      if (size === 0) return new Uint8Array(0);
      if (memory.byteLength < size) memory = new ArrayBuffer(size);
      const { value } = await reader.read(new Uint8Array(memory, 0, size), { min: size });
      memory = value?.buffer ?? new ArrayBuffer(0);
      return value ?? new Uint8Array(0);
    },
    async hasEnded() {
      const { value } = await reader.read(new Uint8Array(1), { min: 1 });
      return !value?.length;
    },
    cancel: (reason) => reader.cancel(reason),
  };
}

function gatherer(reader: ReadableStreamDefaultReader<Uint8Array>): Taker {
  let memory = new ArrayBuffer(0);
  let rest: Uint8Array = new Uint8Array(0);
  async function more(): Promise<boolean> {
    while (rest.length === 0) {
      const { done, value } = await reader.read();
      if (done) return false;
      rest = value;
    }
    return true;
  }
  return {
    async take(size) {
      if (memory.byteLength < size) memory = new ArrayBuffer(size);
      const block = new Uint8Array(memory, 0, size);
      let filled = 0;
      while (filled < size && (await more())) {
        const piece = rest.subarray(0, size - filled);
        block.set(piece, filled);
        filled += piece.length;
        rest = rest.subarray(piece.length);
      }
      return block.subarray(0, filled);
    },
    hasEnded: async () => !(await more()),
    cancel: (reason) => reader.cancel(reason),
  };
}
