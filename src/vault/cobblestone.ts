import { pass, streamFrom, takerOf, type Source } from './blocks.ts';
import { gcmOpen, gcmSeal, importBoxKey } from './box.ts';
import { concat, randomBytes, sameBytes, type Bytes, type CryptoKey } from './bytes.ts';
import { expand } from './derive.ts';
import { VaultError } from './error.ts';

/*
 * Cobblestone-256, that is C2SP chunked encryption (https://c2sp.org/chunked-encryption) with SHA-512 and AES-256-GCM:
 *   header: salt (24) | commitment (32)   then   chunks: ciphertext (16 KiB, the last one shorter) | tag (16)
 * Each message has a key of its own, each chunk its number in the nonce, and the last chunk is the short one. So no
 * chunk can be moved, left out or brought from another message, and any can be opened without the others.
 */

const SALT_BYTES = 24;
const COMMITMENT_BYTES = 32;
const NONCE_BYTES = 12;
export const HEADER_BYTES = SALT_BYTES + COMMITMENT_BYTES;
const TAG_BYTES = 16;
export const CHUNK_BYTES = 16 * 1024;
const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES;
/** 2^38 chunks, the last one short. */
const MAX_BYTES = 2 ** 52 - 1;
/** So many are sealed or opened at once. */
const CHUNKS_AT_ONCE = 16;
const SCHEME = new TextEncoder().encode('c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0');
const NOTHING = new Uint8Array(0);

export interface SealedMessage {
  readonly header: Uint8Array;
  /** How many bytes the body has. */
  readonly size: number;
  /** The whole message, header and all. */
  readonly body: ReadableStream<Uint8Array>;
}

/** Bytes `from` up to, and without, `to`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** @throws VaultError `input_malformed`: not a length that a message can have */
export function sealedLength(length: number): number {
  if (!isLength(length)) throw new VaultError('input_malformed', 'a message has from 0 to 2^52 - 1 bytes');
  return HEADER_BYTES + length + TAG_BYTES * (chunkOf(length) + 1);
}

/** @throws VaultError `envelope_malformed`: cut or added to, for no message has this length */
export function plainLength(size: number): number {
  const chunks = Math.ceil((size - HEADER_BYTES) / SEALED_CHUNK_BYTES);
  const length = size - HEADER_BYTES - TAG_BYTES * chunks;
  if (!isLength(length) || sealedLength(length) !== size)
    throw new VaultError('envelope_malformed', 'no message has this length');
  return length;
}

/** @throws VaultError `input_malformed` */
export function requireRange(length: number, { from, to }: Range): void {
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || from > to || to > length)
    throw new VaultError('input_malformed', 'a range must lie in what it is a range of');
}

/**
 * What has to be read of a message of `length` bytes to open a range of it: whole chunks; before the first chunk the
 * header, and at the end the last chunk, even if it is empty.
 */
export function sealedRange(length: number, range: Range): { offset: number; length: number } {
  requireRange(length, range);
  const { from, to } = range;
  const first = chunkOf(from);
  const offset = first === 0 ? 0 : HEADER_BYTES + first * SEALED_CHUNK_BYTES;
  const chunks = HEADER_BYTES + Math.ceil(to / CHUNK_BYTES) * SEALED_CHUNK_BYTES;
  const end = to === length ? sealedLength(length) : Math.min(chunks, sealedLength(length));
  return { offset, length: end - offset };
}

/**
 * Seals a stream of exactly `length` bytes; one that is shorter or longer errors.
 *
 * @param input of 256 bits, see `deriveStreamKey`
 * @param context what the message is and where it belongs, from `bind`
 * @param salt given by the makers of test vectors alone: used twice, it gives away both plaintexts
 * @throws VaultError `input_malformed`: not a length that a message can have
 */
export async function sealMessage(
  input: CryptoKey,
  context: Uint8Array,
  plain: ReadableStream<Uint8Array>,
  length: number,
  salt: Uint8Array = randomBytes(SALT_BYTES),
): Promise<SealedMessage> {
  const size = sealedLength(length);
  const { key, nonce, commitment } = await deriveMessage(input, salt, context);
  const header = concat(salt, commitment);
  const body = pass(takerOf(plain), {
    length,
    block: CHUNKS_AT_ONCE * CHUNK_BYTES,
    refusal: new VaultError('input_malformed', 'this stream has not the length that was said'),
    async make(block, at) {
      const last = at + block.length === length;
      const chunks = cut(block, CHUNK_BYTES, chunkOf(block.length) + (last ? 1 : 0));
      const sealed = await Promise.all(
        chunks.map((chunk, index) => gcmSeal(key, nonceOf(nonce, chunkOf(at) + index), NOTHING, chunk)),
      );
      return at === 0 ? [header.slice(), ...sealed] : sealed;
    },
  });
  return { header, size, body: streamFrom(size, body) };
}

/**
 * Opens a range of a message. No byte is given before its chunk is authenticated.
 *
 * @param message the header and the size that the whole message must have, and of it what `sealedRange` says
 * @throws VaultError `envelope_malformed`: no message has this size; `envelope_refused`: another key, context or header.
 *   The source fails with `envelope_refused` where a chunk is changed or in another's place, or bytes are missing or
 *   too many
 */
export async function openRange(
  input: CryptoKey,
  context: Uint8Array,
  message: SealedMessage,
  range: Range,
): Promise<Source> {
  const sealed = sealedRange(plainLength(message.size), range);
  const source = takerOf(message.body);
  const { key, nonce, commitment } = await deriveMessage(
    input,
    message.header.subarray(0, SALT_BYTES),
    context,
  );
  const headed = sealed.offset === 0 ? HEADER_BYTES : 0;
  if (
    !sameBytes(concat(message.header.subarray(0, SALT_BYTES), commitment), message.header) ||
    !sameBytes(await source.take(headed), message.header.subarray(0, headed))
  ) {
    void source.cancel(undefined).catch(() => undefined);
    throw refused();
  }
  return pass(source, {
    length: sealed.length - headed,
    block: CHUNKS_AT_ONCE * SEALED_CHUNK_BYTES,
    refusal: refused(),
    async make(block, at) {
      const first = chunkOf(range.from) + at / SEALED_CHUNK_BYTES;
      const chunks = cut(block, SEALED_CHUNK_BYTES, Math.ceil(block.length / SEALED_CHUNK_BYTES));
      const opened = await Promise.all(
        chunks.map((chunk, index) => gcmOpen(key, nonceOf(nonce, first + index), NOTHING, chunk)),
      );
      return opened.map((plain, index) => {
        if (!plain) throw refused();
        const begins = (first + index) * CHUNK_BYTES;
        return plain.subarray(Math.max(range.from - begins, 0), Math.max(range.to - begins, 0));
      });
    },
  });
}

/** Key, base nonce and commitment of one message. */
async function deriveMessage(input: CryptoKey, salt: Uint8Array, context: Uint8Array) {
  const derived = await expand(input, concat(SCHEME, salt, context), 32 + NONCE_BYTES + COMMITMENT_BYTES);
  const [secret, nonce, commitment] = [derived.slice(0, 32), derived.slice(32, 44), derived.slice(44)];
  const key = await importBoxKey(secret);
  derived.fill(0);
  secret.fill(0);
  return { key, nonce, commitment };
}

/** The base nonce with the chunk's number, as a big-endian integer of the same width, XORed into it. */
function nonceOf(base: Bytes, chunk: number): Bytes {
  const nonce = base.slice();
  const low = new DataView(nonce.buffer, NONCE_BYTES - 8);
  low.setBigUint64(0, low.getBigUint64(0) ^ BigInt(chunk));
  return nonce;
}

function isLength(length: number): boolean {
  return Number.isInteger(length) && length >= 0 && length <= MAX_BYTES;
}

/** The number of the chunk in which this byte lies. */
function chunkOf(at: number): number {
  return Math.floor(at / CHUNK_BYTES);
}

function cut(block: Bytes, size: number, count: number): Bytes[] {
  return Array.from({ length: count }, (_, index) => block.subarray(index * size, (index + 1) * size));
}

function refused(): VaultError {
  return new VaultError('envelope_refused', 'this file was not sealed here with this key, or not as a whole');
}
