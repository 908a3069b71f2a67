import { fromBase64url, type CryptoKey } from './bytes.ts';
import { DataKey } from './envelope.ts';
import { VaultError } from './error.ts';
import { FileKey, fileKeyPlace, type FilePlace } from './file-key.ts';
import type { Keyring } from './keyring.ts';
import { LoadedKeys, type SecretPurpose } from './loaded-keys.ts';
import { hashForLookup } from './lookup.ts';
import { openPeppered, readPepperId, sealPeppered } from './pepper.ts';
import { makeRecord, openRecord, readRecord, type ServiceKey } from './record.ts';
import { namedKey, namedPurpose, needsRewrap, rewrap, rewrapRow, rowNeedsRewrap } from './rotation.ts';
import { makeServiceKey, type KeyTable, type ServiceKeyPurpose, type ServiceKeyRow } from './service-key.ts';
import type { PublicSigningKey } from './signing-key.ts';

/** A change made by another isolate (a rotation, a token key taken away) is in force here after this time. */
export const REFRESH_MS = 60_000;
/** How long other isolates, and what they have begun, may still seal under a key that was retired. */
export const RETIRING_MS = 2 * REFRESH_MS;
/** So many uses of a key are counted at once, before they are made: what an isolate does not use is counted all the same. */
const USES_AT_ONCE = 32;
/** An unknown `kid` comes from outside, so it may not make us read the table more often than this. */
const UNKNOWN_KID_MS = 1_000;
/** Somebody else's insert and a clash of random ids can each cost one round. */
const SETTLE_ROUNDS = 3;

export interface TokenKeys {
  readonly active: { readonly kid: string; readonly privateKey: CryptoKey };
  /** The Ed25519 public key of this id; nothing for an id that is not, or no longer, ours. Retired keys verify. */
  readonly verify: (kid: string) => Promise<CryptoKey | undefined>;
  /** The public keys as a JSON Web Key Set, the active one first. */
  readonly jwks: { readonly keys: readonly PublicSigningKey[] };
}

/** A service key as a dashboard may show it. */
export type ServiceKeyInfo = Omit<ServiceKeyRow, 'wrapped'>;

/** Levels 2 and 3: everything that opens or seals goes through here. */
export class Vault {
  readonly #keyring: Keyring;
  readonly #table: KeyTable;
  #loaded: LoadedKeys;
  #loadedAt: number;
  /** Uses of a key, by its id, that are counted and not made yet. */
  readonly #counted = new Map<number, number>();

  private constructor(keyring: Keyring, table: KeyTable, loaded: LoadedKeys, now: number) {
    this.#keyring = keyring;
    this.#table = table;
    this.#loaded = loaded;
    this.#loadedAt = now;
  }

  /**
   * Opens the service keys and makes the ones that no one has made yet. Isolates that start at once end with the
   * same keys. A key that is there but does not open is never replaced.
   *
   * @param now Unix milliseconds
   * @throws VaultError `key_unknown` or `envelope_refused`: the table's active keys lie under other roots
   */
  static async open(keyring: Keyring, table: KeyTable, now: number): Promise<Vault> {
    return new Vault(keyring, table, await settle(keyring, table, now), now);
  }

  /** Reads the table again if that was last done more than a minute ago. Cheap enough for every request. */
  async refresh(now: number): Promise<void> {
    if (now - this.#loadedAt >= REFRESH_MS) await this.#reload(now);
  }

  /** Reads the table now: others are in it. */
  async reload(now: number): Promise<void> {
    await this.#reload(now);
  }

  /**
   * A new random key for what lies at `place`, and the 97-byte record from which it is opened again. The record
   * stands in the clear; only this place, this deployment and its roots make it a key.
   *
   * @param place from `bind`
   */
  async newDataKey(place: Uint8Array, now = Date.now()): Promise<{ key: DataKey; record: Uint8Array }> {
    return makeRecord(await this.#sealing('data', now), place, (secret) => DataKey.from(secret));
  }

  /**
   * The key of a record.
   *
   * @throws VaultError `envelope_malformed`; `key_unknown`: the service key it names is gone; `envelope_refused`:
   *   another place's record, changed, or not the key it commits to
   */
  async dataKey(place: Uint8Array, record: Uint8Array): Promise<DataKey> {
    const kek = await this.#named('data', readRecord(record).kek);
    return openRecord(kek, place, record, (secret) => DataKey.from(secret));
  }

  /** A new random key for the file that belongs here, and its record at `fileKeyPlace`, as with `newDataKey`. */
  async newFileKey(place: FilePlace, now = Date.now()): Promise<{ key: FileKey; record: Uint8Array }> {
    const kek = await this.#sealing('data', now);
    return makeRecord(kek, fileKeyPlace(place), (secret) => FileKey.of(secret, place));
  }

  /** The key of a file's record. @throws VaultError as `dataKey` */
  async fileKey(place: FilePlace, record: Uint8Array): Promise<FileKey> {
    const kek = await this.#named('data', readRecord(record).kek);
    return openRecord(kek, fileKeyPlace(place), record, (secret) => FileKey.of(secret, place));
  }

  /** A 32-byte keyed hash to find a sealed value by. What counts as the same value (case, form) is the caller's. */
  async lookup(label: string, value: string, now = Date.now()): Promise<Uint8Array> {
    return hashForLookup((await this.#active('lookup', now)).key, label, value);
  }

  /** The hashes that `lookup` gave under keys since retired: to be asked for until every row carries the new one. */
  async formerLookups(label: string, value: string): Promise<Uint8Array[]> {
    const retired = await this.#loaded.retired('lookup');
    return Promise.all(retired.map(({ key }) => hashForLookup(key, label, value)));
  }

  /** Seals a password's hash: 33 bytes more than it, the pepper key's id among them. */
  async sealPepper(place: Uint8Array, hash: Uint8Array, now = Date.now()): Promise<Uint8Array> {
    return sealPeppered(await this.#sealing('pepper', now), place, hash);
  }

  /** @throws VaultError `envelope_malformed`, `key_unknown`, `envelope_refused` */
  async openPepper(place: Uint8Array, sealed: Uint8Array): Promise<Uint8Array> {
    return openPeppered(await this.#named('pepper', readPepperId(sealed)), place, sealed);
  }

  /** The keys that sign and verify tokens, no older than a minute. @param now Unix milliseconds */
  async tokenKeys(now = Date.now()): Promise<TokenKeys> {
    await this.refresh(now);
    const { kid, privateKey } = await this.#loaded.activeSigning('token');
    const keys = (await this.#loaded.signing('token')).map(({ jwk }) => jwk);
    return { active: { kid, privateKey }, jwks: { keys }, verify: (kid) => this.#verifier(kid, now) };
  }

  /**
   * The key that signs the ledger's checkpoints, no older than a minute, and its public half: 32 bytes. A retired one
   * signs no more and stays, for what it has signed is kept by others.
   *
   * @param now Unix milliseconds
   */
  async ledgerKey(now: number): Promise<{ privateKey: CryptoKey; publicKey: Uint8Array }> {
    await this.refresh(now);
    const { privateKey, jwk } = await this.#loaded.activeSigning('ledger');
    return { privateKey, publicKey: fromBase64url(jwk.x) ?? new Uint8Array() };
  }

  /** The public halves, 32 bytes each, of all keys that signed checkpoints, the active one first. */
  async ledgerKeys(now: number): Promise<Uint8Array[]> {
    await this.refresh(now);
    return (await this.#loaded.signing('ledger')).map(({ jwk }) => fromBase64url(jwk.x) ?? new Uint8Array());
  }

  async #verifier(kid: string, now: number): Promise<CryptoKey | undefined> {
    const known = await publicKey(this.#loaded, kid);
    if (known || now - this.#loadedAt < UNKNOWN_KID_MS) return known;
    return publicKey(await this.#reload(now), kid);
  }

  /** Every service key without its secret, oldest first. */
  list(): ServiceKeyInfo[] {
    return this.#loaded.rows.map(({ wrapped: _, ...info }) => info);
  }

  /** Retires the active key of a purpose and makes a new one. Two calls at once renew once. */
  async renew(purpose: ServiceKeyPurpose, now: number): Promise<void> {
    await this.replace((await this.#reload(now)).activeRow(purpose).id, now);
  }

  /** Retires this key and makes a new one; one that is retired already, or is not there, stays as it is. */
  async replace(id: number, now: number): Promise<void> {
    const row = (await this.#reload(now)).rows.find((row) => row.id === id);
    if (row?.state !== 'active') return;
    await this.#table.replaceActive(id, await makeServiceKey(this.#keyring, row.purpose, now));
    await this.#reload(now);
  }

  /** Whether a data-key record or peppered value lies under a retired key. @throws VaultError `envelope_malformed` */
  needsRewrap(sealed: Uint8Array): boolean {
    return needsRewrap(sealed, this.#loaded.activeRow(namedPurpose(sealed)).id);
  }

  /** The same record or peppered value under the active key; what it opens to is the same. @throws as `dataKey` */
  async rewrap(place: Uint8Array, sealed: Uint8Array, now = Date.now()): Promise<Uint8Array> {
    const purpose = namedPurpose(sealed);
    const from = await this.#named(purpose, namedKey(sealed));
    return rewrap(from, await this.#sealing(purpose, now), place, sealed);
  }

  /**
   * Wraps every service key under the active root. May be stopped and run again at any point; once `list` shows no
   * older root, that root may leave KEYRING.
   *
   * @returns how many keys it wrapped anew
   */
  async adoptActiveRoot(now: number): Promise<number> {
    const waiting = (await this.#reload(now)).rows.filter((row) => rowNeedsRewrap(row, this.#keyring));
    for (const row of waiting) await this.#table.rewrap(row.root, await rewrapRow(row, this.#keyring));
    await this.#reload(now);
    return waiting.length;
  }

  /**
   * Deletes a retired service key, and with it for ever whatever still lies under it. An active one stays.
   *
   * @throws VaultError `key_in_use`: retired less than two minutes ago, so that another isolate may still seal under
   *   it. A token key seals nothing and goes at once.
   */
  async discard(id: number, now: number): Promise<void> {
    const loaded = await this.#reload(now);
    const row = loaded.rows.find((row) => row.id === id);
    if (!row || row.state === 'active') return;
    if (row.purpose !== 'token' && now - loaded.activeRow(row.purpose).createdAt < RETIRING_MS)
      throw new VaultError('key_in_use', `${row.purpose} key ${id} was retired less than two minutes ago`);
    await this.#table.remove(id);
    await this.#reload(now);
  }

  /** What is sealed under a key that others have discarded is lost, so no one seals without a recent look. */
  async #active(purpose: SecretPurpose, now: number): Promise<ServiceKey> {
    await this.refresh(now);
    return this.#loaded.active(purpose);
  }

  /** The active key for one use, which is counted before it is made (SP 800-38D bounds how many there may be). */
  async #sealing(purpose: 'data' | 'pepper', now: number): Promise<ServiceKey> {
    const key = await this.#active(purpose, now);
    if ((this.#counted.get(key.id) ?? 0) === 0) {
      await this.#table.count(key.id, USES_AT_ONCE);
      this.#counted.set(key.id, (this.#counted.get(key.id) ?? 0) + USES_AT_ONCE);
    }
    this.#counted.set(key.id, (this.#counted.get(key.id) ?? 0) - 1);
    return key;
  }

  /** The key that a record names; if it is new to us, another isolate may have made it since we looked. */
  async #named(purpose: 'data' | 'pepper', id: number): Promise<ServiceKey> {
    const known = await this.#loaded.find(purpose, id);
    if (known) return known;
    const found = await (await this.#reload(this.#loadedAt)).find(purpose, id);
    if (!found) throw new VaultError('key_unknown', `${purpose} key ${id} is not in the table`);
    return found;
  }

  async #reload(now: number): Promise<LoadedKeys> {
    const loaded = await settle(this.#keyring, this.#table, now);
    this.#loaded = loaded;
    this.#loadedAt = now;
    return loaded;
  }
}

async function publicKey(loaded: LoadedKeys, kid: string): Promise<CryptoKey | undefined> {
  return (await loaded.signing('token')).find((key) => key.kid === kid)?.publicKey;
}

/** Reads the table until each purpose has its active key, offering one of ours where none is there. */
async function settle(keyring: Keyring, table: KeyTable, now: number): Promise<LoadedKeys> {
  for (let round = 0; round < SETTLE_ROUNDS; round++) {
    const loaded = await LoadedKeys.open(keyring, await table.all());
    if (loaded.missing.length === 0) return loaded;
    for (const purpose of loaded.missing)
      await table.insertActive(await makeServiceKey(keyring, purpose, now));
  }
  throw new VaultError('key_unknown', 'the table of service keys does not keep what is put in it');
}
