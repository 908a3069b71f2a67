/** The bytes of one file, where they lie: each attempt at a part is an object of its own, and none is ever overwritten. */
import type { ConversationId, CopyId, FileId, VisitorId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { FileKey, FileManifest, FilePart, FilePlace, Range } from '../../vault.ts';
import type { FileBytes } from './inspection.ts';

/** What R2 deletes at once. */
const deletedAtOnce = 1_000;
/** What is moved from one stream to the next at once: as much as is sealed at once, and its tags. */
const pouredAtOnce = 272 * 1024;

export function filePlace(owner: ConversationId | VisitorId, file: FileId | CopyId): FilePlace {
  return [owner, file];
}

export class StoredFile {
  readonly #bucket: R2Bucket;
  readonly #prefix: string;

  /** @param owner whose it is: a conversation's, or of a copy, its person's */
  constructor(bucket: R2Bucket, owner: ConversationId | VisitorId, file: FileId | CopyId) {
    this.#bucket = bucket;
    this.#prefix = `${owner}/${file}/`;
  }

  /**
   * Seals a part on its way into the bucket.
   *
   * @param plain of exactly so many bytes
   * @throws VaultError `input_malformed`: it is shorter or longer; nothing of it is kept
   */
  async put(key: FileKey, part: number, plain: ReadableStream<Uint8Array>, bytes: number): Promise<FilePart> {
    const { header, size, body } = await key.sealPart(part, plain, bytes);
    const attempt = crypto.randomUUID();
    const { readable, writable } = new FixedLengthStream(size);
    // What fails on the way in is what failed: that the bucket then missed some bytes says less.
    const [sealed, put] = await Promise.allSettled([
      poured(body, writable),
      this.#bucket.put(this.#nameOf(part, attempt), readable),
    ]);
    if (sealed.status === 'rejected') throw sealed.reason;
    if (put.status === 'rejected') throw put.reason;
    return { attempt, length: bytes, header };
  }

  /**
   * Seals bytes of unknown length, cut into parts. One part of them is in memory at a time.
   * @param first the number of the first part: some may be there already
   */
  async putAll(key: FileKey, plain: AsyncIterable<Uint8Array>, first = 0): Promise<FilePart[]> {
    const parts: FilePart[] = [];
    for await (const part of cut(plain, limits.filePartBytes))
      parts.push(await this.put(key, first + parts.length, streamWith(part), part.length));
    return parts;
  }

  /** For an answer, on its way as soon as it is read. @throws VaultError as `FileKey.openBytes` */
  async send(key: FileKey, manifest: FileManifest, range: Range): Promise<ReadableStream<Uint8Array>> {
    const opened = await this.read(key, manifest, range);
    const { readable, writable } = new FixedLengthStream(range.to - range.from);
    // Whoever reads learns what went wrong.
    void poured(opened, writable).catch(() => undefined);
    return readable;
  }

  /** All of it or a range, opened as it is read. @throws VaultError as `FileKey.openBytes` */
  read(key: FileKey, manifest: FileManifest, range?: Range): Promise<ReadableStream<Uint8Array>> {
    return key.openBytes(
      manifest,
      range ?? { from: 0, to: manifest.length },
      async (part, attempt, bytes) => {
        const object = await this.#bucket.get(this.#nameOf(part, attempt), { range: bytes });
        return object && { size: object.size, body: object.body as ReadableStream<Uint8Array> };
      },
    );
  }

  /** As something of which any range can be read, best one after the other. */
  plain(key: FileKey, manifest: FileManifest): FileBytes {
    return new PlainFile(manifest.length, (from) => this.read(key, manifest, { from, to: manifest.length }));
  }

  async delete(parts: readonly (FilePart | null)[]): Promise<void> {
    const names = parts.flatMap((part, number) =>
      part === null ? [] : [this.#nameOf(number, part.attempt)],
    );
    if (names.length > 0) await this.#bucket.delete(names);
  }

  async deleteAttempt(part: number, { attempt }: Pick<FilePart, 'attempt'>): Promise<void> {
    await this.#bucket.delete(this.#nameOf(part, attempt));
  }

  /** Everything that lies here of this file but these parts, whatever became of its upload. */
  async deleteAllBut(parts: readonly FilePart[]): Promise<void> {
    const kept = parts.map(({ attempt }, number) => this.#nameOf(number, attempt));
    await deleteBelow(this.#bucket, this.#prefix, kept);
  }

  #nameOf(part: number, attempt: string): string {
    return `${this.#prefix}${part}/${attempt}`;
  }
}

/** Everything that lies of somebody's, or a conversation's, files. */
export async function deleteFilesOf(bucket: R2Bucket, owner: ConversationId | VisitorId): Promise<void> {
  await deleteBelow(bucket, `${owner}/`);
}

async function deleteBelow(bucket: R2Bucket, prefix: string, kept: readonly string[] = []): Promise<void> {
  for (let cursor: string | undefined; ;) {
    const from = cursor === undefined ? {} : { cursor };
    const page = await bucket.list({ prefix, limit: deletedAtOnce, ...from });
    const names = page.objects.map(({ key }) => key).filter((name) => !kept.includes(name));
    if (names.length > 0) await bucket.delete(names);
    if (!page.truncated) return;
    cursor = page.cursor;
  }
}

/** Reads on where it stopped, so that a file that is read in order is asked for once. */
class PlainFile implements FileBytes {
  readonly bytes: number;
  readonly #open: (from: number) => Promise<ReadableStream<Uint8Array>>;
  #reader: ReadableStreamBYOBReader | undefined;
  #at = 0;

  constructor(bytes: number, open: (from: number) => Promise<ReadableStream<Uint8Array>>) {
    this.bytes = bytes;
    this.#open = open;
  }

  async read(from: number, to: number): Promise<Uint8Array> {
    const reader = await this.#readerAt(from);
    let memory = new ArrayBuffer(to - from);
    for (let filled = 0; filled < to - from;) {
      const { done, value } = await reader.read(new Uint8Array(memory, filled));
      if (done) throw new RangeError('read beyond the end of a file');
      memory = value.buffer;
      filled += value.length;
    }
    this.#at = to;
    return new Uint8Array(memory);
  }

  /** Nothing more is wanted of it. */
  async close(): Promise<void> {
    await this.#reader?.cancel();
    this.#reader = undefined;
  }

  async #readerAt(from: number): Promise<ReadableStreamBYOBReader> {
    if (this.#reader !== undefined && this.#at === from) return this.#reader;
    await this.close();
    this.#at = from;
    this.#reader = (await this.#open(from)).getReader({ mode: 'byob' });
    return this.#reader;
  }
}

/**
 * Pours one stream into another through two pieces of memory, one of which is filled while the other goes. A pipe would
 * ask for new memory for every piece, and a hundred megabytes of it would wait to be collected.
 */
async function poured(from: ReadableStream<Uint8Array>, to: WritableStream<Uint8Array>): Promise<void> {
  const reader = from.getReader({ mode: 'byob' });
  const writer = to.getWriter();
  let going: Promise<ArrayBufferLike> = Promise.resolve(new ArrayBuffer(pouredAtOnce));
  let memory: ArrayBufferLike = new ArrayBuffer(pouredAtOnce);
  try {
    for (;;) {
      const { done, value } = await reader.read(new Uint8Array(memory));
      memory = await going;
      if (done) break;
      going = writer.write(value).then(() => value.buffer);
      // It is waited for in the next turn.
      going.catch(() => undefined);
    }
    await writer.close();
  } catch (error) {
    await Promise.allSettled([reader.cancel(error), writer.abort(error)]);
    throw error;
  }
}

/** A stream in parts of so many bytes, the last what is left. Each lies where the one before it lay. */
async function* cut(stream: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  const part = new Uint8Array(bytes);
  let filled = 0;
  for await (const chunk of stream) {
    for (let rest = chunk; rest.length > 0;) {
      const piece = rest.subarray(0, bytes - filled);
      part.set(piece, filled);
      filled += piece.length;
      rest = rest.subarray(piece.length);
      if (filled < bytes) continue;
      yield part;
      filled = 0;
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
}

function streamWith(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
}
