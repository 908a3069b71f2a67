/** Links that are mailed: single use, for a while, kept only as a hash in the account that they open. */
import type { PersonId } from '../../protocol/ids.ts';

/** A token for this person's mail, and the hash that their account keeps. */
export async function newLink(person: PersonId): Promise<{ token: string; hash: string }> {
  const secret = crypto
    .getRandomValues(new Uint8Array(32))
    .toBase64({ alphabet: 'base64url', omitPadding: true });
  const token = `${person}.${secret}`;
  return { token, hash: await hashOf(token) };
}

/** Whose link this is, and the hash to compare. The schema of the request has checked its shape. */
export async function readLink(token: string): Promise<{ person: PersonId; hash: string }> {
  return { person: token.slice(0, token.indexOf('.')) as PersonId, hash: await hashOf(token) };
}

/** 256 random bits need no slow hash. */
async function hashOf(token: string): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))).toHex();
}
