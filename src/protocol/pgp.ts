/** OpenPGP public keys: how one is handed over, what is said of it, and why one is not taken. */
import * as v from 'valibot';
import { limits } from './limits.ts';

/** A public key as `gpg --armor --export` writes it. */
export const armouredSchema = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(limits.pgpKeyLength));
/** To whom something is encrypted: to this public key, or as `organisation` to that of the organisation. */
export const pgpWishSchema = v.union([v.literal('organisation'), armouredSchema]);
const fingerprintSchema = v.pipe(
  v.string(),
  v.maxLength(200),
  v.transform((text) => text.replaceAll(/[\s:]/g, '').toUpperCase()),
  v.regex(/^(?:[0-9A-F]{40}|[0-9A-F]{64})$/, 'not a fingerprint'),
);
/** The fingerprint comes from somewhere else than the key, and is compared. */
export const pgpKeyRequest = v.strictObject({ key: armouredSchema, fingerprint: fingerprintSchema });

/** What is said of a key. Times are Unix milliseconds; `expiresAt` null: it has no end. */
export type PgpKeyView = {
  fingerprint: string;
  users: readonly string[];
  algorithm: string;
  createdAt: number;
  expiresAt: number | null;
};
export type PgpAnswer = { pgp: PgpKeyView | null };

/** Why a key is not taken, in words. */
export const pgpFlaws = {
  unreadable: 'This is not an OpenPGP public key.',
  private:
    'This is a private key, which nobody else should have. Give the public one, and consider replacing it.',
  several: 'These are several keys. Give one.',
  revoked: 'This OpenPGP key was revoked.',
  expired: 'This OpenPGP key is not valid at this time: it has expired, or begins later.',
  weak: 'This OpenPGP key is too weak: RSA takes 3072 bits, and SHA-1, DSA and ElGamal are not taken.',
  unusable: 'Nothing can be encrypted to this OpenPGP key.',
} as const;

/** A fingerprint as people compare it: in groups of four. */
export function grouped(fingerprint: string): string {
  return fingerprint.replaceAll(/(.{4})(?=.)/g, '$1 ');
}
