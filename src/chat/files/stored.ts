/** The bytes of one file, where they lie: each attempt at a part is an object of its own, and none is ever overwritten. */
import type { ConversationId, FileId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { FileKey, FileManifest, FilePart, FilePlace, Range } from '../../vault.ts';
import type { FileBytes } from './inspection.ts';

/** What R2 deletes at once. */
const deletedAtOnce = 1_000;

export function filePlace(conversation: ConversationId, file: FileId): FilePlace {
  return [conversation, file];
}

export class StoredFile {
  readonly #bucket: R2Bucket;
  readonly #prefix: string;

  constructor(bucket: R2Bucket, conversation: ConversationId, file: FileId) {
    this.#bucket = bucket;
    this.#prefix = `${conversation}/${file}/`;
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
      body.pipeTo(writable),
      this.#bucket.put(this.#nameOf(part, attempt), readable),
    ]);
    if (sealed.status === 'rejected') throw sealed.reason;
    if (put.status === 'rejected') throw put.reason;
    return { attempt, length: bytes, header };
  }

  /**
   * Seals a stream of unknown length, cut into parts. One part of it is in memory at a time.
   */
  async putAll(key: FileKey, plain: ReadableStream<Uint8Array>): Promise<FilePart[]> {
    const parts: FilePart[] = [];
    for await (const pieces of cut(plain, limits.filePartBytes)) {
      const whole = new Blob(pieces);
      parts.push(await this.put(key, parts.length, whole.stream() as ReadableStream<Uint8Array>, whole.size));
    }
    return parts;
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

/** Everything that lies of a conversation's files. */
export async function deleteFilesOf(bucket: R2Bucket, conversation: ConversationId): Promise<void> {
  await deleteBelow(bucket, `${conversation}/`);
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
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #at = 0;
  #held: Uint8Array = new Uint8Array();

  constructor(bytes: number, open: (from: number) => Promise<ReadableStream<Uint8Array>>) {
    this.bytes = bytes;
    this.#open = open;
  }

  async read(from: number, to: number): Promise<Uint8Array> {
    const reader = await this.#readerAt(from);
    const found = new Uint8Array(to - from);
    for (let at = 0; at < found.length;) {
      if (this.#held.length === 0) {
        const { value } = await reader.read();
        if (value === undefined) throw new RangeError('read beyond the end of a file');
        this.#held = value;
      }
      const piece = this.#held.subarray(0, found.length - at);
      found.set(piece, at);
      at += piece.length;
      this.#held = this.#held.subarray(piece.length);
    }
    this.#at = to;
    return found;
  }

  /** Nothing more is wanted of it. */
  async close(): Promise<void> {
    await this.#reader?.cancel();
    this.#reader = undefined;
  }

  async #readerAt(from: number): Promise<ReadableStreamDefaultReader<Uint8Array>> {
    if (this.#reader !== undefined && this.#at === from) return this.#reader;
    await this.close();
    this.#held = new Uint8Array();
    this.#at = from;
    this.#reader = (await this.#open(from)).getReader();
    return this.#reader;
  }
}

/** A stream in pieces, gathered to so many bytes each, the last what is left. */
async function* cut(stream: ReadableStream<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array[]> {
  let pieces: Uint8Array[] = [];
  let missing = bytes;
  for await (const chunk of stream) {
    for (let rest = chunk; rest.length > 0;) {
      const piece = rest.subarray(0, missing);
      pieces.push(piece);
      missing -= piece.length;
      rest = rest.subarray(piece.length);
      if (missing > 0) continue;
      yield pieces;
      pieces = [];
      missing = bytes;
    }
  }
  if (pieces.length > 0) yield pieces;
}
