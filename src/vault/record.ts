import { FORMS, openBox, readHeader, sealBox } from './box.ts';
import { concat, randomBytes, readU32, sameBytes, u32, type Bytes, type CryptoKey } from './bytes.ts';
import type { DataKey } from './envelope.ts';
import { VaultError } from './error.ts';

/** A service key ready for use. */
export interface ServiceKey {
  readonly id: number;
  readonly key: CryptoKey;
}

/** What kind of data key becomes of 32 random bytes. */
type Making<Key extends DataKey> = (secret: Bytes) => Promise<Key>;

/** A new data key and its record: 0x21 | u32 key id | commitment (32) | nonce (12) | wrapped (32) | tag (16). */
export async function makeRecord<Key extends DataKey>(
  kek: ServiceKey,
  place: Uint8Array,
  make: Making<Key>,
): Promise<{ key: Key; record: Uint8Array }> {
  const secret = randomBytes(32);
  const key = await make(secret);
  const record = await wrapRecord(kek, place, secret, key.commitment);
  secret.fill(0);
  return { key, record };
}

export async function wrapRecord(
  kek: ServiceKey,
  place: Uint8Array,
  secret: Uint8Array,
  commitment: Uint8Array,
  nonce?: Bytes,
): Promise<Uint8Array> {
  return sealBox(FORMS.record, kek.key, concat(u32(kek.id), commitment), place, secret, nonce);
}

/**
 * The data key of a record.
 *
 * @throws VaultError `envelope_malformed`; `envelope_refused`: changed, of another place or key, or a secret other
 *   than the one the record commits to
 */
export async function openRecord<Key extends DataKey>(
  kek: ServiceKey,
  place: Uint8Array,
  record: Uint8Array,
  make: Making<Key>,
): Promise<Key> {
  const { commitment } = readRecord(record);
  const secret = await openBox(FORMS.record, kek.key, place, record);
  const key = await make(secret);
  secret.fill(0);
  if (!sameBytes(key.commitment, commitment))
    throw new VaultError('envelope_refused', 'this data-key record holds another key than it commits to');
  return key;
}

/** Whether two records are of the same data key, whatever wraps it: each commits to the key that it holds. */
export function isSameKey(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length === 0 || other.length === 0) return false;
  return sameBytes(readRecord(one).commitment, readRecord(other).commitment);
}

/** What a record commits to: it stays when the key is wrapped anew, and is another one of another key. */
export function commitmentOf(record: Uint8Array): Uint8Array {
  return readRecord(record).commitment;
}

/**
 * The same in SQL, of a record in a column: what was sealed under a key is stored only where that key is still the one, and
 * not where a row was sealed anew meanwhile.
 */
export const commitmentIn = 'substr(key, 6, 32)';

/** What a record says in the clear: to be trusted only once `openRecord` has succeeded. */
export function readRecord(record: Uint8Array): { kek: number; commitment: Uint8Array } {
  const header = readHeader(FORMS.record, record);
  return { kek: readU32(header, 1), commitment: header.subarray(5) };
}
