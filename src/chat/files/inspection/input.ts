/** A file's bytes, in order and a piece at a time: whatever its length, a few pieces are all that is in memory. */
import { Refusal } from '../../../protocol/refusals.ts';

/** A file of which any range can be read. */
export interface FileBytes {
  readonly bytes: number;
  /** Exactly the bytes from `from` up to `to`, both within the file. */
  read(from: number, to: number): Promise<Uint8Array>;
}

const pieceBytes = 256 * 1024;
/** Segments, chunks or blocks of one file. A photo has some ten, a large PNG some thousands. */
const partsMax = 50_000;

export function broken(why: string): Refusal {
  return new Refusal('file_broken', `This file is damaged or cut off: ${why}.`);
}

/** All of it, from its beginning. */
export function streamOf(file: FileBytes): ReadableStream<Uint8Array> {
  return streamFrom(piecesOf(file));
}

export function streamFrom(pieces: AsyncGenerator<Uint8Array, unknown>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await pieces.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}

async function* piecesOf(file: FileBytes): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.bytes; at += pieceBytes) {
    yield await file.read(at, Math.min(at + pieceBytes, file.bytes));
  }
}

/** Reads a stream by exact counts. A stream that ends too early is a broken file. */
export class Input {
  /** How many bytes have been taken. */
  at = 0;
  #parts = 0;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #held: Uint8Array = new Uint8Array(0);

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
  }

  /** What has come and was not taken: at least so many bytes, unless the file ends before. */
  async ahead(bytes: number): Promise<Uint8Array> {
    while (this.#held.byteLength < bytes) {
      const { value } = await this.#reader.read();
      if (value === undefined) break;
      this.#held = this.#held.byteLength === 0 ? value : joined([this.#held, value]);
    }
    return this.#held;
  }

  /** The next bytes, exactly so many. For headers: they are all in memory at once. */
  async take(bytes: number): Promise<Uint8Array> {
    const held = await this.ahead(bytes);
    if (held.byteLength < bytes) throw broken('it ends too early');
    this.#held = held.subarray(bytes);
    this.at += bytes;
    return held.subarray(0, bytes);
  }

  /** The next bytes, exactly so many, as they come. */
  async *pass(bytes: number): AsyncGenerator<Uint8Array, void> {
    for (let left = bytes; left > 0;) {
      const held = await this.ahead(1);
      const piece = await this.take(Math.max(1, Math.min(left, held.byteLength)));
      left -= piece.byteLength;
      yield piece;
    }
  }

  /** Another part begins. Each costs time, however little is in it. */
  part(): void {
    if (++this.#parts > partsMax) throw broken('it is in too many parts');
  }

  async skip(bytes: number): Promise<void> {
    for await (const _piece of this.pass(bytes));
  }

  /** Nothing more is wanted. */
  async close(): Promise<void> {
    await this.#reader.cancel();
  }
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.byteLength;
  }
  return all;
}

export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** Bytes as letters, one for one. */
export function letters(bytes: Uint8Array, from = 0, to = bytes.byteLength): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}

export function fromLetters(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
