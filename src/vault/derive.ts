import type { Bytes, CryptoKey } from './bytes.ts';

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

function hkdf(info: Uint8Array) {
  return { name: 'HKDF', hash: 'SHA-256', salt: NO_SALT, info: new Uint8Array(info) };
}
