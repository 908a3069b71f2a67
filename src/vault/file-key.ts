import { bind, type Field } from './binding.ts';
import { inTurn, streamFrom, type Source } from './blocks.ts';
import type { Bytes, CryptoKey } from './bytes.ts';
import {
  openRange,
  requireRange,
  sealedLength,
  sealedRange,
  sealMessage,
  type Range,
  type SealedMessage,
} from './cobblestone.ts';
import { deriveStreamKey, importSecret } from './derive.ts';
import { DataKey, splitSecret } from './envelope.ts';
import { VaultError } from './error.ts';
import { readManifest, writeManifest, type FileManifest, type FilePart } from './manifest.ts';

const STREAM_INFO = bind('sotto/data-key/1', ['stream']);

/** Where a file belongs: what every place of its own begins with. */
export type FilePlace = readonly Field[];

/** What a store has under a part's name: how large it is as a whole, and of it the bytes that were asked for. */
export interface StoredPart {
  readonly size: number;
  readonly body: ReadableStream<Uint8Array>;
}

/** Reads bytes of a part as it was sealed in this attempt; nothing where nothing lies under that name. */
export type ReadPart = (
  part: number,
  attempt: string,
  range: { readonly offset: number; readonly length: number },
) => Promise<StoredPart | null>;

/**
 * The key of one file. What is known of the file is sealed as with any data key, and its bytes as streams: in parts,
 * each of them a complete message of Cobblestone-256, which the manifest holds together.
 */
export class FileKey extends DataKey {
  readonly #stream: CryptoKey;
  readonly #place: FilePlace;

  private constructor(box: CryptoKey, commitment: Bytes, stream: CryptoKey, place: FilePlace) {
    super(box, commitment);
    this.#stream = stream;
    this.#place = place;
  }

  /** @param secret 32 random bytes; the caller wipes them */
  static async of(secret: Bytes, place: FilePlace): Promise<FileKey> {
    const { box, commitment } = await splitSecret(secret);
    return new FileKey(box, commitment, await splitStream(secret), place);
  }

  /**
   * Seals the bytes of a part, which are exactly `length`: a stream that is shorter or longer errors with
   * `input_malformed`. Sealed anew, the same part is another message, which only its own header opens.
   *
   * @param part counted from 0
   */
  async sealPart(part: number, plain: ReadableStream<Uint8Array>, length: number): Promise<SealedMessage> {
    return sealMessage(this.#stream, this.#context(part), plain, length);
  }

  /**
   * @param length of the whole file, as it was announced
   * @throws VaultError `input_malformed`: the parts are not the whole file, or one has no bytes or no header
   */
  async sealManifest(parts: readonly FilePart[], length: number): Promise<Uint8Array> {
    return this.seal(this.#manifestPlace(), writeManifest({ length, parts }));
  }

  /** @throws VaultError as `open` */
  async openManifest(sealed: Uint8Array): Promise<FileManifest> {
    return readManifest(await this.open(this.#manifestPlace(), sealed));
  }

  /**
   * Opens a range of a file's bytes, reading no more than the chunks in which they lie. The first part is read at once,
   * each other when its turn comes.
   *
   * @throws VaultError `input_malformed`: the range is not in the file; `envelope_refused`: a part is not the one that
   *   the manifest names, or is missing. The stream errors with it too; no byte is given before its chunk is authenticated
   */
  async openBytes(manifest: FileManifest, range: Range, read: ReadPart): Promise<ReadableStream<Uint8Array>> {
    requireRange(manifest.length, range);
    const parts = partsIn(manifest, range).map((wanted) => () => this.#openPart(wanted, read));
    return streamFrom(range.to - range.from, await inTurn(parts));
  }

  async #openPart({ index, part, range }: WantedPart, read: ReadPart): Promise<Source> {
    const stored = await read(index, part.attempt, sealedRange(part.length, range));
    const size = sealedLength(part.length);
    if (stored?.size !== size) {
      void stored?.body.cancel().catch(() => undefined);
      throw new VaultError(
        'envelope_refused',
        'a part of this file is missing, or another one lies in its place',
      );
    }
    return openRange(
      this.#stream,
      this.#context(index),
      { header: part.header, size, body: stored.body },
      range,
    );
  }

  #context(part: number): Uint8Array {
    return bind('sotto/file-part/1', [...this.#place, part]);
  }

  #manifestPlace(): Uint8Array {
    return bind('sotto/file-manifest/1', this.#place);
  }
}

/** Where the record of a file's key lies. */
export function fileKeyPlace(place: FilePlace): Uint8Array {
  return bind('sotto/file-key/1', place);
}

/** The third value of a data key, which only a file's has: what seals streams. */
export async function splitStream(secret: Bytes): Promise<CryptoKey> {
  return deriveStreamKey(await importSecret(secret), STREAM_INFO);
}

interface WantedPart {
  readonly index: number;
  readonly part: FilePart;
  /** In this part. */
  readonly range: Range;
}

function partsIn({ parts }: FileManifest, { from, to }: Range): WantedPart[] {
  let begins = 0;
  return parts.flatMap((part, index) => {
    const range = { from: Math.max(from - begins, 0), to: Math.min(to - begins, part.length) };
    begins += part.length;
    return range.from < range.to ? [{ index, part, range }] : [];
  });
}
