import { VaultError } from './error.ts';

/** Text of well-formed Unicode, a whole number from 0 to 2^53 - 1, or bytes. */
export type Field = string | number | Uint8Array;

const TEXT = 1;
const NUMBER = 2;
const BYTES = 3;

/** A UTF-16 unit takes three bytes of UTF-8 at most, a number eight; each field has a type and perhaps a length. */
const BYTES_PER_UNIT = 3;
const BYTES_PER_FRAME = 1 + 8;

const encoder = new TextEncoder();

/**
 * Writes a label and its fields so that no other label or list of fields gives the same bytes. What is sealed is
 * bound to the place where it lies by giving these bytes to AES-GCM as associated data.
 *
 * Every part carries its length and every field its type, so `['ab', 'c']`, `['a', 'bc']`, `['1']` and `[1]` all
 * differ. The idea is PASETO's pre-authentication encoding, with types. Text is taken as it is, not normalised.
 *
 * @returns u32 length | label | u32 count | fields, each `1 | u32 length | UTF-8`, `2 | u64` or `3 | u32 length | bytes`
 * @throws VaultError `input_malformed`: an empty label, a lone surrogate, a number outside 0 .. 2^53 - 1
 */
export function bind(label: string, fields: readonly Field[]): Uint8Array {
  if (label === '') throw new VaultError('input_malformed', 'a binding needs a label');
  // Every message is bound twice in its life, so all of it is written into one buffer.
  const writer = new Writer([label, ...fields]);
  writer.text(label);
  writer.u32(fields.length);
  for (const field of fields) writer.field(field);
  return writer.written();
}

class Writer {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  #at = 0;

  /** Makes room for these at their longest. */
  constructor(fields: readonly Field[]) {
    const room = fields.reduce<number>(
      (sum, field) => sum + BYTES_PER_FRAME + (typeof field === 'number' ? 0 : field.length * BYTES_PER_UNIT),
      0,
    );
    this.#bytes = new Uint8Array(room);
    this.#view = new DataView(this.#bytes.buffer);
  }

  field(field: Field): void {
    this.#bytes[this.#at++] = typeof field === 'string' ? TEXT : typeof field === 'number' ? NUMBER : BYTES;
    if (typeof field === 'string') this.text(field);
    else if (typeof field === 'number') this.#u64(field);
    else {
      this.u32(field.length);
      this.#bytes.set(field, this.#at);
      this.#at += field.length;
    }
  }

  text(text: string): void {
    requireWellFormed(text);
    const { written } = encoder.encodeInto(text, this.#bytes.subarray(this.#at + 4));
    this.u32(written);
    this.#at += written;
  }

  u32(value: number): void {
    this.#view.setUint32(this.#at, value);
    this.#at += 4;
  }

  #u64(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0)
      throw new VaultError('input_malformed', 'a number must be whole and from 0 to 2^53 - 1');
    this.u32(Math.floor(value / 2 ** 32));
    this.u32(value % 2 ** 32);
  }

  written(): Uint8Array {
    return this.#bytes.slice(0, this.#at);
  }
}

/**
 * UTF-8 without loss. A lone surrogate would silently become U+FFFD and make two different texts one.
 *
 * @throws VaultError `input_malformed`
 */
export function utf8(text: string): Uint8Array {
  requireWellFormed(text);
  return encoder.encode(text);
}

function requireWellFormed(text: string): void {
  if (!text.isWellFormed()) throw new VaultError('input_malformed', 'text must be well-formed Unicode');
}
