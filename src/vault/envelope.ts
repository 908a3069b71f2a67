import { bind, utf8 } from './binding.ts';
import { FORMS, openBox, sealBox } from './box.ts';
import type { Bytes, CryptoKey } from './bytes.ts';
import { deriveBoxKey, deriveBytes, importSecret } from './derive.ts';
import { VaultError } from './error.ts';

const BOX_INFO = bind('sotto/data-key/1', ['box']);
const COMMITMENT_INFO = bind('sotto/data-key/1', ['commitment']);
const NOTHING = new Uint8Array(0);
// A byte order mark is part of what was sealed, so it is kept.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Level 3: the key of one conversation or person. It is made and opened by the Vault alone.
 *
 * Nonces are random, so one key may seal 2^32 times at most (SP 800-38D section 8.3). Nobody counts here: whoever
 * keeps the key renews it long before, a conversation after 2^20 messages.
 */
export class DataKey {
  readonly #box: CryptoKey;
  readonly #commitment: Bytes;

  protected constructor(box: CryptoKey, commitment: Bytes) {
    this.#box = box;
    this.#commitment = commitment;
  }

  /** @param secret 32 random bytes; the caller wipes them */
  static async from(secret: Bytes): Promise<DataKey> {
    const { box, commitment } = await splitSecret(secret);
    return new DataKey(box, commitment);
  }

  /** 32 bytes that only this key has. AES-GCM lacks that: for it two keys can be found that open one box. */
  get commitment(): Uint8Array {
    return this.#commitment.slice();
  }

  /**
   * @param place where it will lie, from `bind`
   * @returns 29 bytes more than the plaintext: first byte 0x11 | nonce (12) | ciphertext | tag (16)
   */
  async seal(place: Uint8Array, plaintext: Uint8Array): Promise<Uint8Array> {
    return sealBox(FORMS.value, this.#box, NOTHING, place, plaintext);
  }

  /**
   * @throws VaultError `envelope_malformed`: not a sealed value, or too short to be one; `envelope_refused`: another
   *   key, another place, or changed bytes (these three cannot be told apart)
   */
  async open(place: Uint8Array, sealed: Uint8Array): Promise<Uint8Array> {
    return openBox(FORMS.value, this.#box, place, sealed);
  }

  /** @throws VaultError `input_malformed`: a lone surrogate, which UTF-8 cannot carry */
  async sealText(place: Uint8Array, text: string): Promise<Uint8Array> {
    return this.seal(place, utf8(text));
  }

  /** @throws VaultError as `open`; `envelope_malformed` too when what was sealed is not UTF-8 */
  async openText(place: Uint8Array, sealed: Uint8Array): Promise<string> {
    return readText(await this.open(place, sealed));
  }
}

/** Two values of a data key: what seals, and what may be shown. */
export async function splitSecret(secret: Bytes): Promise<{ box: CryptoKey; commitment: Bytes }> {
  const source = await importSecret(secret);
  return {
    box: await deriveBoxKey(source, BOX_INFO),
    commitment: await deriveBytes(source, COMMITMENT_INFO),
  };
}

function readText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new VaultError('envelope_malformed', 'what was sealed is not UTF-8 text');
  }
}
