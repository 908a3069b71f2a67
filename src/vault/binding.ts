import { concat, u32, u64 } from './bytes.ts';
import { VaultError } from './error.ts';

/** Text of well-formed Unicode, a whole number from 0 to 2^53 - 1, or bytes. */
export type Field = string | number | Uint8Array;

const TEXT = Uint8Array.of(1);
const NUMBER = Uint8Array.of(2);
const BYTES = Uint8Array.of(3);

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
  return concat(sized(utf8(label)), u32(fields.length), ...fields.map(encodeField));
}

function encodeField(field: Field): Uint8Array {
  if (typeof field === 'string') return concat(TEXT, sized(utf8(field)));
  if (typeof field === 'number') return concat(NUMBER, wholeNumber(field));
  return concat(BYTES, sized(field));
}

function sized(bytes: Uint8Array): Uint8Array {
  return concat(u32(bytes.length), bytes);
}

function wholeNumber(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new VaultError('input_malformed', 'a number must be whole and from 0 to 2^53 - 1');
  return u64(value);
}

/**
 * UTF-8 without loss. A lone surrogate would silently become U+FFFD and make two different texts one.
 *
 * @throws VaultError `input_malformed`
 */
export function utf8(text: string): Uint8Array {
  if (!text.isWellFormed()) throw new VaultError('input_malformed', 'text must be well-formed Unicode');
  return new TextEncoder().encode(text);
}
