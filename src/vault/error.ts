/**
 * Every way the vault says no.
 *
 * - `keyring_malformed`: the KEYRING secret cannot be used as written
 * - `input_malformed`: the caller handed over something that cannot be encoded without loss
 * - `envelope_malformed`: these bytes are no envelope of ours (wrong first byte, wrong length, not the text promised)
 * - `envelope_refused`: well formed, but not sealed with this key for this place, or changed since
 * - `key_unknown`: the key or root that it names is not here
 * - `key_in_use`: other isolates may still seal under the key that was to be discarded
 */
export type VaultErrorCode =
  | 'keyring_malformed'
  | 'input_malformed'
  | 'envelope_malformed'
  | 'envelope_refused'
  | 'key_unknown'
  | 'key_in_use';

/** The vault's only error. Its message names the part that is wrong, never a key, a place or a plaintext. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
  readonly code: VaultErrorCode;

  constructor(code: VaultErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
