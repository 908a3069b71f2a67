/**
 * Passwords: scrypt (RFC 7914) with OWASP's parameters, its output encrypted under the pepper key, so that the
 * pepper is rotated like any other key and a stolen database is of no use.
 */
import { scrypt, timingSafeEqual } from 'node:crypto';
import { isStrong, strengthOf } from '../../protocol/password.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { bind, namedKey, type Vault } from '../../vault.ts';

/** N = 2^15, r = 8, p = 3 takes about 0.3 s and 32 MiB; Workers allow N r p up to 2^20. */
const current = { logN: 15, r: 8, p: 3 } as const;
const saltBytes = 16;
const hashBytes = 32;
const maxmem = 64 * 1024 * 1024;
const version = 1;
/** Where the peppered hash begins in what is stored. */
const pepperedFrom = 4 + saltBytes;
const place = bind('sotto/password/1', []);

/**
 * A password that somebody chooses.
 * @param about who they are, as whoever guesses would know it
 * @throws {Refusal} password_unfit
 */
export async function requireFit(password: string, about: readonly string[]): Promise<void> {
  if (!isStrong(await strengthOf(password, about))) throw new Refusal('password_unfit');
}

/** `version | log N | r | p | salt (16) | peppered hash`: stored sealed under the person's key. */
export async function hashPassword(vault: Vault, password: string): Promise<Uint8Array> {
  const salt = crypto.getRandomValues(new Uint8Array(saltBytes));
  const hash = await derive(password, salt, current);
  const peppered = await vault.sealPepper(place, hash);
  return new Uint8Array([version, current.logN, current.r, current.p, ...salt, ...peppered]);
}

/**
 * Does this password fit what is stored? With nothing stored it does the same work and answers no, so that an
 * unknown address takes as long as a known one.
 */
export async function verifyPassword(
  vault: Vault,
  password: string,
  stored: Uint8Array | undefined,
): Promise<boolean> {
  if (stored === undefined) {
    await derive(password, new Uint8Array(saltBytes), current);
    return false;
  }
  const [storedVersion, logN = 0, r = 0, p = 0] = stored;
  if (storedVersion !== version) throw new Error('a password of an unknown version');
  const salt = stored.subarray(4, 4 + saltBytes);
  const expected = await vault.openPepper(place, stored.subarray(pepperedFrom));
  const hash = await derive(password, salt, { logN, r, p });
  return timingSafeEqual(hash, expected);
}

/** The same password under the pepper key of today, if its hash lies under this one. */
export async function repeppered(
  vault: Vault,
  stored: Uint8Array,
  from: number,
): Promise<Uint8Array | undefined> {
  const peppered = stored.subarray(pepperedFrom);
  if (namedKey(peppered) !== from) return undefined;
  return new Uint8Array([...stored.subarray(0, pepperedFrom), ...(await vault.rewrap(place, peppered))]);
}

/** Was it hashed with parameters that are not used any more? Whoever signs in with it has it hashed anew. */
export function isOutdated(stored: Uint8Array): boolean {
  const [storedVersion, logN, r, p] = stored;
  return storedVersion !== version || logN !== current.logN || r !== current.r || p !== current.p;
}

function derive(
  password: string,
  salt: Uint8Array,
  { logN, r, p }: { logN: number; r: number; p: number },
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, hashBytes, { N: 2 ** logN, r, p, maxmem }, (error, hash) => {
      if (error === null) resolve(new Uint8Array(hash));
      else reject(error);
    });
  });
}
