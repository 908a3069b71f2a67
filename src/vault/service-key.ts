import { bind } from './binding.ts';
import { FORMS, openBox, sealBox } from './box.ts';
import { randomBytes, randomId, type Bytes, type CryptoKey } from './bytes.ts';
import { VaultError } from './error.ts';
import type { Keyring } from './keyring.ts';

/**
 * What a service key is for: wrapping data keys, hashing for look-ups, sealing password hashes, signing tokens, signing
 * the ledger's checkpoints.
 */
export type ServiceKeyPurpose = 'data' | 'lookup' | 'pepper' | 'token' | 'ledger';
export const PURPOSES: readonly ServiceKeyPurpose[] = ['data', 'lookup', 'pepper', 'token', 'ledger'];

/** Level 2: a random key wrapped under a root. One of each purpose is active; the retired ones still open. */
export interface ServiceKeyRow {
  /** 1 to 2^32 - 1, random. */
  readonly id: number;
  readonly purpose: ServiceKeyPurpose;
  /** The number of the root it is wrapped under. */
  readonly root: number;
  /** 61 bytes: first byte 0x41 | nonce (12) | ciphertext (32) | tag (16). */
  readonly wrapped: Uint8Array;
  readonly state: 'active' | 'retired';
  /** Unix milliseconds. */
  readonly createdAt: number;
  /** How often it may have sealed: counted ahead, so that it is never more. */
  readonly uses: number;
}

/** Where service keys lie. Each method is one atomic step; several isolates call them at the same time. */
export interface KeyTable {
  all(): Promise<readonly ServiceKeyRow[]>;
  /** Adds an active key, or does nothing if its purpose already has one. */
  insertActive(row: ServiceKeyRow): Promise<void>;
  /** Retires the key `retired` and adds `row` in its stead, or does nothing if `retired` is active no more. */
  replaceActive(retired: number, row: ServiceKeyRow): Promise<void>;
  /** Stores a new wrapping, unless the row is no longer under the root `from`. */
  rewrap(from: number, row: ServiceKeyRow): Promise<void>;
  /** Counts so many uses more of a key. */
  count(id: number, uses: number): Promise<void>;
  /** Deletes a retired key for ever; an active one stays. */
  remove(id: number): Promise<void>;
}

const NOTHING = new Uint8Array(0);

/** A new active key, random and wrapped under the active root. */
export async function makeServiceKey(
  keyring: Keyring,
  purpose: ServiceKeyPurpose,
  now: number,
): Promise<ServiceKeyRow> {
  const secret = randomBytes(32);
  const named = {
    id: randomId(),
    purpose,
    root: keyring.active,
    state: 'active',
    createdAt: now,
    uses: 0,
  } as const;
  const row = { ...named, wrapped: await wrapServiceKey(keyring, named, secret) };
  secret.fill(0);
  return row;
}

/** @throws VaultError `key_unknown`: no such root */
export async function wrapServiceKey(
  keyring: Keyring,
  named: Pick<ServiceKeyRow, 'id' | 'purpose' | 'root'>,
  secret: Uint8Array,
  nonce?: Bytes,
): Promise<Uint8Array> {
  return sealBox(FORMS.service, await wrappingKey(keyring, named), NOTHING, rowPlace(named), secret, nonce);
}

/**
 * The 32 bytes of a service key; the caller wipes them.
 *
 * @throws VaultError `key_unknown`: no such root; `envelope_malformed`; `envelope_refused`: changed, or another row's
 */
export async function unwrapServiceKey(
  keyring: Keyring,
  row: Pick<ServiceKeyRow, 'id' | 'purpose' | 'root' | 'wrapped'>,
): Promise<Bytes> {
  return openBox(FORMS.service, await wrappingKey(keyring, row), rowPlace(row), row.wrapped);
}

/** Whether this keyring has the root of this row, and the row opens under it. */
export async function opensServiceKey(
  keyring: Keyring,
  row: Pick<ServiceKeyRow, 'id' | 'purpose' | 'root' | 'wrapped'>,
): Promise<boolean> {
  try {
    (await unwrapServiceKey(keyring, row)).fill(0);
    return true;
  } catch (error) {
    if (error instanceof VaultError) return false;
    throw error;
  }
}

async function wrappingKey(
  keyring: Keyring,
  row: Pick<ServiceKeyRow, 'purpose' | 'root'>,
): Promise<CryptoKey> {
  return keyring.derive(row.root, `wrap/${row.purpose}`);
}

/** State and time are left out: retiring a key must not need its root. */
function rowPlace(row: Pick<ServiceKeyRow, 'id' | 'purpose' | 'root'>): Uint8Array {
  return bind('sotto/service-key/1', [row.purpose, row.id, row.root]);
}
