import { FORMS, openBox, readHeader, sealBox } from './box.ts';
import { readU32, u32, type Bytes } from './bytes.ts';
import type { ServiceKey } from './record.ts';

/*
 * A password's hash is sealed under a service key rather than mixed with it, so that this pepper can be replaced
 * without anybody's password. 0x31 | u32 key id | nonce (12) | ciphertext | tag (16)
 */

export async function sealPeppered(
  pepper: ServiceKey,
  place: Uint8Array,
  hash: Uint8Array,
  nonce?: Bytes,
): Promise<Uint8Array> {
  return sealBox(FORMS.peppered, pepper.key, u32(pepper.id), place, hash, nonce);
}

/** @throws VaultError `envelope_malformed`, `envelope_refused` */
export async function openPeppered(
  pepper: ServiceKey,
  place: Uint8Array,
  sealed: Uint8Array,
): Promise<Uint8Array> {
  return openBox(FORMS.peppered, pepper.key, place, sealed);
}

/** The id of the pepper key that sealed it, as it says. */
export function readPepperId(sealed: Uint8Array): number {
  return readU32(readHeader(FORMS.peppered, sealed), 1);
}
