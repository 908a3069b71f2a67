import { bind } from './binding.ts';
import { fromBase64url, randomBytes, sameBytes, toBase64url, type Bytes, type CryptoKey } from './bytes.ts';
import { deriveBoxKey, deriveBytes, importSecret } from './derive.ts';
import { VaultError } from './error.ts';

/**
 * Level 1: the numbered root keys of the KEYRING secret. They wrap service keys, and what a backup needs, which has to be
 * opened where there are no service keys yet.
 */
export class Keyring {
  /** The highest number: what is wrapped now is wrapped under this root. */
  readonly active: number;
  /** Every number, highest first. */
  readonly numbers: readonly number[];
  readonly #roots: ReadonlyMap<number, CryptoKey>;

  private constructor(roots: ReadonlyMap<number, CryptoKey>) {
    this.#roots = roots;
    this.numbers = [...roots.keys()].sort((a, b) => b - a);
    this.active = Math.max(...roots.keys());
  }

  /**
   * @param secret `number:key` pairs joined by commas, in any order, e.g. `2:<key>,1:<key>`. A number is 1 to
   *   999999999, a key 32 bytes in strict base64url (43 characters).
   * @throws VaultError `keyring_malformed`, naming the entry and what is wrong with it, never the key
   */
  static async parse(secret: string): Promise<Keyring> {
    if (secret === '') throw malformed('is empty');
    const roots = new Map<number, CryptoKey>();
    for (const [number, bytes] of readRoots(secret)) roots.set(number, await importSecret(bytes));
    return new Keyring(roots);
  }

  /**
   * The non-extractable AES-256-GCM key of one root for one purpose.
   *
   * @throws VaultError `key_unknown`: no such root in the secret
   */
  async derive(root: number, purpose: string): Promise<CryptoKey> {
    return deriveBoxKey(this.#root(root), bind('sotto/root/1', [purpose]));
  }

  /** 32 bytes of one root for one purpose; the caller wipes them. @throws VaultError as `derive` */
  async seed(root: number, purpose: string): Promise<Bytes> {
    return deriveBytes(this.#root(root), bind('sotto/root/1', [purpose]));
  }

  #root(number: number): CryptoKey {
    const secret = this.#roots.get(number);
    if (!secret) throw new VaultError('key_unknown', `root ${number} is not in KEYRING`);
    return secret;
  }
}

function readRoots(secret: string): Map<number, Bytes> {
  const roots = new Map<number, Bytes>();
  for (const [index, entry] of secret.split(',').entries()) {
    const [number, bytes] = readRoot(entry, index + 1);
    if (roots.has(number)) throw malformed(`has two roots with the number ${number}`);
    for (const [other, taken] of roots)
      if (sameBytes(taken, bytes)) throw malformed(`has the same key as root ${other} and root ${number}`);
    roots.set(number, bytes);
  }
  return roots;
}

function readRoot(entry: string, position: number): [number, Bytes] {
  const [, digits, text] = /^([1-9][0-9]{0,8}):(.*)$/s.exec(entry) ?? [];
  if (digits === undefined || text === undefined)
    throw malformed(`entry ${position} must begin with a number from 1 to 999999999 and a colon`);
  if (text.length !== 43) throw malformed(`root ${digits} must be 43 characters (32 bytes in base64url)`);
  const bytes = fromBase64url(text);
  if (!bytes) throw malformed(`root ${digits} is not strict base64url (RFC 4648 section 5, no padding)`);
  if (bytes.every((byte) => byte === bytes[0]))
    throw malformed(`root ${digits} is a placeholder: all its bytes are equal`);
  return [Number(digits), bytes];
}

function malformed(problem: string): VaultError {
  return new VaultError('keyring_malformed', `KEYRING ${problem}`);
}

/** A fresh root key without its number: 32 random bytes as 43 characters, to be written as `number:key`. */
export function newRoot(): string {
  return toBase64url(randomBytes(32));
}
