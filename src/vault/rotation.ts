import { FORMS, hasForm, openBox, readHeader, sealBox, type Form } from './box.ts';
import { concat, readU32, u32 } from './bytes.ts';
import type { Keyring } from './keyring.ts';
import type { ServiceKey } from './record.ts';
import { unwrapServiceKey, wrapServiceKey, type ServiceKeyRow } from './service-key.ts';

/*
 * Rotation wraps keys anew and leaves what they sealed alone. Everything here is a function of its arguments (and of
 * fresh nonces): when to run it, and where the result lies, is for others to say.
 */

/** Whether a service key still lies under another root than the active one. */
export function rowNeedsRewrap(row: ServiceKeyRow, keyring: Keyring): boolean {
  return row.root !== keyring.active;
}

/**
 * The same service key under the active root: same id, purpose, state and time.
 *
 * @throws VaultError `key_unknown`: its root has been taken out of the keyring too early; `envelope_refused`
 */
export async function rewrapRow(row: ServiceKeyRow, keyring: Keyring): Promise<ServiceKeyRow> {
  const secret = await unwrapServiceKey(keyring, row);
  const moved = { ...row, root: keyring.active };
  const wrapped = await wrapServiceKey(keyring, moved, secret);
  secret.fill(0);
  return { ...moved, wrapped };
}

/** What names the service key that sealed it: a data-key record, or a peppered value. */
export function namedPurpose(sealed: Uint8Array): 'data' | 'pepper' {
  return hasForm(FORMS.peppered, sealed) ? 'pepper' : 'data';
}

/** @throws VaultError `envelope_malformed` */
export function namedKey(sealed: Uint8Array): number {
  return readU32(readHeader(namedForm(sealed), sealed), 1);
}

/** How such a value names this key: its bytes 2 to 5. */
export function keyName(id: number): Uint8Array {
  return u32(id);
}

/** Whether a record or peppered value still names another service key than the active one. */
export function needsRewrap(sealed: Uint8Array, active: number): boolean {
  return namedKey(sealed) !== active;
}

/**
 * The same record or peppered value under another service key. All else in its header stays, a record's commitment
 * with it, and what lies inside is the same.
 *
 * @throws VaultError `envelope_malformed`; `envelope_refused`: not of `from`, or of another place
 */
export async function rewrap(
  from: ServiceKey,
  to: ServiceKey,
  place: Uint8Array,
  sealed: Uint8Array,
): Promise<Uint8Array> {
  const form = namedForm(sealed);
  const inside = await openBox(form, from.key, place, sealed);
  const rest = readHeader(form, sealed).subarray(5);
  const moved = await sealBox(form, to.key, concat(u32(to.id), rest), place, inside);
  inside.fill(0);
  return moved;
}

function namedForm(sealed: Uint8Array): Form {
  return namedPurpose(sealed) === 'pepper' ? FORMS.peppered : FORMS.record;
}
