import { concat, type Bytes, type CryptoKey } from './bytes.ts';
import { VaultError } from './error.ts';
import { hmac } from './lookup.ts';

/*
 * HKDF-SHA-256 (RFC 5869). The input is always 256 uniformly random bits, so no salt is needed (section 3.1); `info`
 * is a binding and keeps the keys of one secret apart (section 3.2).
 */

const NO_SALT = new Uint8Array(0);

/** @param secret 32 random bytes; the key that comes back can derive and nothing else, and cannot be exported */
export async function importSecret(secret: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey', 'deriveBits']);
}

/** A non-extractable AES-256-GCM key. */
export async function deriveBoxKey(secret: CryptoKey, info: Uint8Array): Promise<CryptoKey> {
  const box = { name: 'AES-GCM', length: 256 };
  return crypto.subtle.deriveKey(hkdf(info), secret, box, false, ['encrypt', 'decrypt']);
}

/** 32 bytes that may be published without telling anything about their siblings. */
export async function deriveBytes(secret: CryptoKey, info: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.deriveBits(hkdf(info), secret, 256));
}

/** A non-extractable key of 256 bits for `expand`. */
export async function deriveStreamKey(secret: CryptoKey, info: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.deriveKey(hkdf(info), secret, { name: 'HMAC', hash: 'SHA-512', length: 256 }, false, [
    'sign',
  ]);
}

/**
 * HKDF-Expand alone (RFC 5869 section 2.3), with SHA-512.
 *
 * @throws VaultError `input_malformed`: the key has not 256 bits
 */
export async function expand(key: CryptoKey, info: Uint8Array, length: number): Promise<Bytes> {
  if ((key.algorithm as { length?: number }).length !== 256)
    throw new VaultError('input_malformed', 'a stream key has 256 bits');
  let [expanded, last] = [new Uint8Array(0), new Uint8Array(0)];
  for (let round = 1; expanded.length < length; round++) {
    last = await hmac(key, concat(last, info, Uint8Array.of(round)));
    expanded = concat(expanded, last);
  }
  return expanded.slice(0, length);
}

function hkdf(info: Uint8Array) {
  return { name: 'HKDF', hash: 'SHA-256', salt: NO_SALT, info: new Uint8Array(info) };
}
