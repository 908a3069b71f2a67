import { concat, randomBytes, type Bytes, type CryptoKey } from './bytes.ts';
import { VaultError } from './error.ts';

/*
 * Every sealed thing has one shape:  header | nonce (12) | ciphertext | tag (16)
 * and one rule: the associated data is the header, then the place. So nothing that stands in the clear can be
 * changed, and nothing can be moved. AES-256-GCM as in NIST SP 800-38D, with the random nonces of its section 8.2.2.
 */

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * The first byte of a header says what follows: the form in its high half, the form's version in its low half.
 * Since it is authenticated too, no version can be passed off as an older one.
 */
export interface Form {
  readonly name: string;
  readonly firstByte: number;
  /** Bytes in the clear before the nonce, the first byte included. */
  readonly headerBytes: number;
  /** Set where the plaintext has one length only, so that anything longer or shorter is malformed. */
  readonly plaintextBytes?: number;
}

export const FORMS = {
  value: { name: 'sealed value', firstByte: 0x11, headerBytes: 1 },
  record: { name: 'data-key record', firstByte: 0x21, headerBytes: 1 + 4 + 32, plaintextBytes: 32 },
  peppered: { name: 'peppered value', firstByte: 0x31, headerBytes: 1 + 4 },
  service: { name: 'service key', firstByte: 0x41, headerBytes: 1, plaintextBytes: 32 },
  backup: { name: 'part of a backup', firstByte: 0x51, headerBytes: 1 + 4 + 61 },
} as const satisfies Record<string, Form>;

/**
 * Seals under an AES-GCM key. `nonce` is given by the makers of test vectors alone: a nonce used twice with one key
 * gives away both plaintexts and the power to forge.
 */
export async function sealBox(
  form: Form,
  key: CryptoKey,
  clear: Uint8Array,
  place: Uint8Array,
  plaintext: Uint8Array,
  nonce: Bytes = randomBytes(NONCE_BYTES),
): Promise<Bytes> {
  const header = concat(Uint8Array.of(form.firstByte), clear);
  const sealed = await gcmSeal(key, nonce, concat(header, place), plaintext.slice());
  return concat(header, nonce, sealed);
}

/** @throws VaultError `envelope_malformed` (from `readHeader`) or `envelope_refused` */
export async function openBox(
  form: Form,
  key: CryptoKey,
  place: Uint8Array,
  box: Uint8Array,
): Promise<Bytes> {
  const header = readHeader(form, box);
  const body = form.headerBytes + NONCE_BYTES;
  const nonce = box.slice(form.headerBytes, body);
  const plaintext = await gcmOpen(key, nonce, concat(header, place), box.slice(body));
  if (plaintext === undefined)
    throw new VaultError('envelope_refused', `this ${form.name} was not sealed here with this key`);
  return plaintext;
}

/**
 * The header of a box that could be of this form.
 *
 * @throws VaultError `envelope_malformed`: another first byte, or a length that this form cannot have
 */
export function readHeader(form: Form, box: Uint8Array): Uint8Array {
  if (!hasForm(form, box))
    throw new VaultError('envelope_malformed', `not a ${form.name} of a known version`);
  const plaintextBytes = box.length - form.headerBytes - NONCE_BYTES - TAG_BYTES;
  if (plaintextBytes < 0) throw new VaultError('envelope_malformed', `this ${form.name} is too short`);
  if (form.plaintextBytes !== undefined && plaintextBytes !== form.plaintextBytes)
    throw new VaultError('envelope_malformed', `this ${form.name} has the wrong length`);
  return box.subarray(0, form.headerBytes);
}

export function hasForm(form: Form, box: Uint8Array): boolean {
  return box[0] === form.firstByte;
}

/** Ciphertext and tag. */
export async function gcmSeal(key: CryptoKey, iv: Bytes, aad: Bytes, plaintext: Bytes): Promise<Bytes> {
  const algorithm = { name: 'AES-GCM', iv, additionalData: aad, tagLength: TAG_BYTES * 8 };
  return new Uint8Array(await crypto.subtle.encrypt(algorithm, key, plaintext));
}

/** The plaintext, or nothing: Web Crypto gives one error for every way in which a tag can be wrong. */
export function gcmOpen(key: CryptoKey, iv: Bytes, aad: Bytes, sealed: Bytes): Promise<Bytes | undefined> {
  const algorithm = { name: 'AES-GCM', iv, additionalData: aad, tagLength: TAG_BYTES * 8 };
  return crypto.subtle.decrypt(algorithm, key, sealed).then(
    (plaintext) => new Uint8Array(plaintext),
    () => undefined,
  );
}

/** @param secret 32 bytes, used for nothing else */
export async function importBoxKey(secret: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', secret, 'AES-GCM', false, ['encrypt', 'decrypt']);
}
