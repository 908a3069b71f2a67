import { bind } from './binding.ts';
import type { Bytes, CryptoKey } from './bytes.ts';

/** @param secret 32 bytes, used for nothing else */
export async function importLookupKey(secret: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
}

/** The keyed hash by which a sealed value is found again: 32 bytes, other ones for every label and key. */
export async function hashForLookup(key: CryptoKey, label: string, value: string): Promise<Uint8Array> {
  return hmac(key, bind('sotto/lookup/1', [label, value]));
}

/** HMAC (RFC 2104, FIPS 198-1) with the hash that the key is for, never truncated. */
export async function hmac(key: CryptoKey, message: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, new Uint8Array(message)));
}
