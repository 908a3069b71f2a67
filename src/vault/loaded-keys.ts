import { importBoxKey } from './box.ts';
import { VaultError } from './error.ts';
import type { Keyring } from './keyring.ts';
import { importLookupKey } from './lookup.ts';
import type { ServiceKey } from './record.ts';
import { PURPOSES, unwrapServiceKey, type ServiceKeyPurpose, type ServiceKeyRow } from './service-key.ts';
import { importSigningKey, type SigningKey } from './signing-key.ts';

export type SigningPurpose = 'token' | 'ledger';
export type SecretPurpose = Exclude<ServiceKeyPurpose, SigningPurpose>;

const importers = { data: importBoxKey, pepper: importBoxKey, lookup: importLookupKey };

/**
 * The service keys as the table stood at one moment. A reload makes a new one, so nothing here is ever out of step.
 *
 * Active keys are opened at once, so that a wrong KEYRING is noticed at the door; retired ones when they are needed,
 * so that one damaged row costs no more than what lies under it. Keys are kept, never promises: a promise belongs to
 * the request that made it, and would be lost with it.
 */
export class LoadedKeys {
  readonly rows: readonly ServiceKeyRow[];
  readonly #keyring: Keyring;
  readonly #secretKeys = new Map<number, ServiceKey>();
  readonly #signingKeys = new Map<number, SigningKey>();

  private constructor(keyring: Keyring, rows: readonly ServiceKeyRow[]) {
    this.#keyring = keyring;
    this.rows = rows;
  }

  /** @throws VaultError when an active row cannot be opened */
  static async open(keyring: Keyring, rows: readonly ServiceKeyRow[]): Promise<LoadedKeys> {
    const keys = new LoadedKeys(keyring, rows);
    for (const row of rows)
      if (row.state === 'active')
        await (isSigning(row.purpose) ? keys.#signingKey(row) : keys.#secretKey(row.purpose, row));
    return keys;
  }

  /** The purposes that have no active key. */
  get missing(): ServiceKeyPurpose[] {
    return PURPOSES.filter(
      (purpose) => !this.rows.some((row) => row.purpose === purpose && row.state === 'active'),
    );
  }

  activeRow(purpose: ServiceKeyPurpose): ServiceKeyRow {
    const row = this.rows.find((row) => row.purpose === purpose && row.state === 'active');
    if (!row) throw new VaultError('key_unknown', `no ${purpose} key is active`);
    return row;
  }

  async active(purpose: SecretPurpose): Promise<ServiceKey> {
    return this.#secretKey(purpose, this.activeRow(purpose));
  }

  /** The key of this id, if there is one and it is for this purpose. */
  async find(purpose: SecretPurpose, id: number): Promise<ServiceKey | undefined> {
    const row = this.rows.find((row) => row.purpose === purpose && row.id === id);
    return row && this.#secretKey(purpose, row);
  }

  async retired(purpose: SecretPurpose): Promise<ServiceKey[]> {
    const rows = this.rows.filter((row) => row.purpose === purpose && row.state === 'retired');
    return Promise.all(rows.map((row) => this.#secretKey(purpose, row)));
  }

  async activeSigning(purpose: SigningPurpose): Promise<SigningKey> {
    return this.#signingKey(this.activeRow(purpose));
  }

  /** Every key of this purpose that opens, the active one first. */
  async signing(purpose: SigningPurpose): Promise<SigningKey[]> {
    const active = await this.activeSigning(purpose);
    const retired = this.rows.filter((row) => row.purpose === purpose && row.state === 'retired');
    const opened = await Promise.all(retired.map((row) => this.#signingKey(row).catch(skipUnopened)));
    return [active, ...opened.filter((key) => key !== undefined)];
  }

  async #secretKey(purpose: SecretPurpose, row: ServiceKeyRow): Promise<ServiceKey> {
    const kept = this.#secretKeys.get(row.id);
    if (kept) return kept;
    const secret = await unwrapServiceKey(this.#keyring, row);
    const opened = { id: row.id, key: await importers[purpose](secret) };
    secret.fill(0);
    this.#secretKeys.set(row.id, opened);
    return opened;
  }

  async #signingKey(row: ServiceKeyRow): Promise<SigningKey> {
    const kept = this.#signingKeys.get(row.id);
    if (kept) return kept;
    const seed = await unwrapServiceKey(this.#keyring, row);
    const opened = await importSigningKey(seed);
    seed.fill(0);
    this.#signingKeys.set(row.id, opened);
    return opened;
  }
}

function isSigning(purpose: ServiceKeyPurpose): purpose is SigningPurpose {
  return purpose === 'token' || purpose === 'ledger';
}

/** A retired key that does not open verifies nothing; the others must go on. */
function skipUnopened(reason: unknown): undefined {
  if (!(reason instanceof VaultError)) throw reason;
}
