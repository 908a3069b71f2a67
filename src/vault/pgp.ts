/*
 * OpenPGP (RFC 9580), for what leaves Sotto or lies where others keep it: it is sealed once more to a public key whose
 * private half is never here. Whoever seals says when it is: a key that is over seals nothing.
 */
import type { Config, Key } from 'openpgp';

/** Why a key can't be used. `unusable`: nothing can be sealed to it, whenever and however. */
export type PgpFlaw = 'unreadable' | 'private' | 'several' | 'revoked' | 'expired' | 'weak' | 'unusable';

/** Its message names the flaw, and nothing of the key. */
export class PgpError extends Error {
  override readonly name = 'PgpError';
  readonly flaw: PgpFlaw;

  constructor(flaw: PgpFlaw) {
    super(`this OpenPGP key is ${flaw}`);
    this.flaw = flaw;
  }
}

/** A public key that can be sealed to. `armoured`: as it is written here; times are Unix milliseconds. */
export type PgpKey = {
  /** In hexadecimal, upper case. */
  readonly fingerprint: string;
  /** Whose it says it is. */
  readonly users: readonly string[];
  /** What seals, such as `RSA 3072` or `curve25519`. */
  readonly algorithm: string;
  readonly createdAt: number;
  /** Null: it has no end. */
  readonly expiresAt: number | null;
  readonly armoured: string;
};

/** Until 2030 and no longer RSA of 2048 bits is enough (NIST SP 800-57, part 1, table 2), and what is sealed is kept. */
const leastRsaBits = 3072;

/** It is large and rarely needed, and loaded by whoever needs it first. */
const library = () => import('openpgp');
type Library = Awaited<ReturnType<typeof library>>;

/** @throws {PgpError} */
export async function readPgpKey(armoured: string, now: number): Promise<PgpKey> {
  const pgp = await library();
  const key = await fitKeyIn(pgp, armoured, now);
  const sealing = await key.getEncryptionKey(undefined, new Date(now), undefined, strict(pgp));
  const ends = [await key.getExpirationTime(), await sealing.getExpirationTime()].map((end) => Number(end));
  const { algorithm, bits, curve } = sealing.getAlgorithmInfo();
  return {
    fingerprint: key.getFingerprint().toUpperCase(),
    users: key.getUserIDs(),
    algorithm: bits === undefined ? (curve ?? algorithm).replace('Legacy', '') : `RSA ${bits}`,
    createdAt: key.getCreationTime().getTime(),
    expiresAt: ends.every((end) => end === Infinity) ? null : Math.min(...ends),
    armoured: key.armor(),
  };
}

/** A message that the key's holder alone can open; in binary. @throws {PgpError} the key is over */
export async function sealPgp(armoured: string, plain: Uint8Array, now: number): Promise<Uint8Array> {
  const pgp = await library();
  const message = await pgp.createMessage({ binary: plain });
  // Its types of streams come from a package that nothing else needs.
  return (await pgp.encrypt({
    message,
    ...(await sealingTo(pgp, armoured, now)),
    format: 'binary',
  })) as Uint8Array;
}

/** As `sealPgp`, armoured, as a mail has it. @throws {PgpError} */
export async function sealPgpText(armoured: string, text: string, now: number): Promise<string> {
  const pgp = await library();
  const message = await pgp.createMessage({ text });
  return (await pgp.encrypt({
    message,
    ...(await sealingTo(pgp, armoured, now)),
    format: 'armored',
  })) as string;
}

/** As `sealPgp`, as it is read; how long the message will be is not known before. */
export async function sealPgpStream(
  armoured: string,
  plain: ReadableStream<Uint8Array>,
  now: number,
): Promise<ReadableStream<Uint8Array>> {
  const pgp = await library();
  const message = await pgp.createMessage({ binary: plain });
  const sealing = await sealingTo(pgp, armoured, now);
  return (await pgp.encrypt({ message, ...sealing, format: 'binary' })) as ReadableStream<Uint8Array>;
}

async function sealingTo(pgp: Library, armoured: string, now: number) {
  return {
    encryptionKeys: await fitKeyIn(pgp, armoured, now),
    date: new Date(now),
    config: strict(pgp),
  };
}

/** @throws {PgpError} */
async function fitKeyIn(pgp: Library, armoured: string, now: number): Promise<Key> {
  const key = await publicKeyIn(pgp, armoured);
  const [at, config] = [new Date(now), strict(pgp)];
  if (await key.isRevoked(undefined, undefined, at)) throw new PgpError('revoked');
  if (await seals(key, at, config)) return key;
  if (await seals(key, null, config)) throw new PgpError('expired');
  // Read anew: a key remembers of its signatures what it was told about them.
  const weak = await seals(await publicKeyIn(pgp, armoured), null, lax(pgp));
  throw new PgpError(weak ? 'weak' : 'unusable');
}

/** @param at null: at some time */
function seals(key: Key, at: Date | null, config: Config): Promise<boolean> {
  return key.getEncryptionKey(undefined, at, undefined, config).then(
    () => true,
    () => false,
  );
}

async function publicKeyIn({ readKeys }: Library, armoured: string): Promise<Key> {
  const keys = await readKeys({ armoredKeys: armoured }).catch(() => []);
  const [key] = keys;
  if (key === undefined) throw new PgpError('unreadable');
  if (keys.some((each) => each.isPrivate())) throw new PgpError('private');
  if (keys.length > 1) throw new PgpError('several');
  return key;
}

/** Beyond what the library refuses by itself: shorter RSA, and keys that hold together by SHA-1. */
function strict({ config, enums }: Library): Config {
  const rejected = [...config.rejectHashAlgorithms, enums.hash.sha1];
  return { ...config, minRSABits: leastRsaBits, rejectHashAlgorithms: new Set(rejected) };
}

/** To tell what is too weak from what is of no use at all. */
function lax({ config }: Library): Config {
  return { ...config, minRSABits: 0, rejectHashAlgorithms: new Set(), rejectPublicKeyAlgorithms: new Set() };
}
