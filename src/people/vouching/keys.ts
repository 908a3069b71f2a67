/** The keys of a site: a public one as it was given, or a secret of ours that the site shares. */
import { calculateJwkThumbprint, importJWK } from 'jose';
import type { IdentityKeyId } from '../../protocol/ids.ts';
import type { IdentityAlgorithm, PublicKey } from '../../protocol/visitors.ts';
import { bind, type Vault } from '../../vault.ts';

export type SiteKey = { id: IdentityKeyId; createdAt: number } & (
  { alg: Exclude<IdentityAlgorithm, 'HS256'>; publicKey: PublicKey } | { alg: 'HS256'; secret: Uint8Array }
);

/** One algorithm for each kind of key: a token does not choose. */
const algorithms = { OKP: 'EdDSA', EC: 'ES256', RSA: 'RS256' } as const satisfies Record<
  PublicKey['kty'],
  IdentityAlgorithm
>;

/** 256 random bits in letters, which are the key as they stand there. */
export function newSecret(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toBase64({ alphabet: 'base64url', omitPadding: true });
}

/** The key to be stored of a public key or a secret; undefined for a public key that is none. */
export async function keyFrom(
  vault: Vault,
  id: IdentityKeyId,
  given: PublicKey | string,
  createdAt: number,
): Promise<SiteKey | undefined> {
  if (typeof given === 'string') {
    const secret = await vault.sealPepper(siteSecretPlace(id), new TextEncoder().encode(given));
    return { id, createdAt, alg: 'HS256', secret };
  }
  const key: SiteKey = { id, createdAt, alg: algorithms[given.kty], publicKey: given };
  try {
    await verifierOf(vault, key);
    return key;
  } catch {
    // A point that is not on its curve, for example.
    return undefined;
  }
}

export type Verifier = Awaited<ReturnType<typeof importJWK>>;

/** What verifies this key's tokens. */
export async function verifierOf(vault: Vault, key: SiteKey): Promise<Verifier> {
  if (key.alg !== 'HS256') return importJWK(key.publicKey, key.alg);
  return vault.openPepper(siteSecretPlace(key.id), key.secret);
}

export async function thumbprintOf(key: SiteKey): Promise<string | null> {
  return key.alg === 'HS256' ? null : calculateJwkThumbprint(key.publicKey);
}

export function siteSecretPlace(id: IdentityKeyId): Uint8Array {
  return bind('sotto/site-secret/1', [id]);
}
