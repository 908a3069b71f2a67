import { concat, toBase64url, type Bytes, type CryptoKey } from './bytes.ts';

/** An Ed25519 public key as a JSON Web Key (RFC 8037), as it stands in a key set (RFC 7517). */
export interface PublicSigningKey {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly kid: string;
  readonly alg: 'EdDSA';
  readonly use: 'sig';
}

/** A key that signs, ready for use. The private half can sign and cannot be exported. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: PublicSigningKey;
}

/** RFC 8410 section 7: everything of a PrivateKeyInfo that stands before the 32-byte seed. */
const PKCS8_HEAD = Uint8Array.of(48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32);

/** @param seed the 32 bytes of RFC 8032 section 5.1.5; the caller wipes them */
export async function importSigningKey(seed: Bytes): Promise<SigningKey> {
  const pkcs8 = concat(PKCS8_HEAD, seed);
  const x = await publicHalf(pkcs8);
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
  pkcs8.fill(0);
  const kid = await thumbprint(x);
  const jwk = { kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' } as const;
  const publicKey = await crypto.subtle.importKey('jwk', { kty: 'OKP', crv: 'Ed25519', x }, 'Ed25519', true, [
    'verify',
  ]);
  return { kid, privateKey, publicKey, jwk };
}

/** Web Crypto shows the public half of an extractable private key only: this one lives for one call. */
async function publicHalf(pkcs8: Bytes): Promise<string> {
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign']);
  const { x } = (await crypto.subtle.exportKey('jwk', key)) as { x?: string };
  if (x === undefined) throw new TypeError('this platform exports an Ed25519 key without "x"');
  return x;
}

/** RFC 7638, with the members that RFC 8037 appendix A.3 names. */
async function thumbprint(x: string): Promise<string> {
  const members = JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x });
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(members));
  return toBase64url(new Uint8Array(digest));
}
