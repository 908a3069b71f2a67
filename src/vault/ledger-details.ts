/** What is personal in an entry of the ledger, which lies sealed beside it. */
import canonicalize from 'canonicalize';
import { createHash } from 'node:crypto';
import { bind } from './binding.ts';
import { concat, randomBytes, toBase64url } from './bytes.ts';
import type { DataKey } from './envelope.ts';
import { VaultError } from './error.ts';

type Personal = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

const saltBytes = 16;

/**
 * Seals it beside a salt: its digest, which stays for ever, is then a riddle without an answer.
 *
 * @param entry the id of the entry
 * @param of the id of the person, whose key it is
 */
export async function sealDetails(
  key: DataKey,
  entry: string,
  of: string,
  what: Personal,
): Promise<{ sealed: Uint8Array; details: { of: string; digest: string } }> {
  const plain = concat(randomBytes(saltBytes), new TextEncoder().encode(canonicalize(what) ?? ''));
  return { sealed: await key.seal(detailsPlace(entry), plain), details: { of, digest: digestOf(plain) } };
}

/** @throws VaultError `envelope_refused`: another key's or entry's, changed, or not what the leaf promised */
export async function openDetails(
  key: DataKey,
  entry: string,
  sealed: Uint8Array,
  digest: string,
): Promise<Personal> {
  const plain = await key.open(detailsPlace(entry), sealed);
  if (digestOf(plain) !== digest) throw new VaultError('envelope_refused', 'not the details of this entry');
  return JSON.parse(new TextDecoder().decode(plain.subarray(saltBytes))) as Personal;
}

/** The same under another key: salt and digest stay as they are. @throws VaultError `envelope_refused` */
export async function resealDetails(
  from: DataKey,
  to: DataKey,
  entry: string,
  sealed: Uint8Array,
): Promise<Uint8Array> {
  return to.seal(detailsPlace(entry), await from.open(detailsPlace(entry), sealed));
}

/** The month of an entry in UTC, by which the key of its details is found. */
export function monthOf(at: number): string {
  return new Date(at).toISOString().slice(0, 'YYYY-MM'.length);
}

export function detailsKeyPlace(of: string, month: string): Uint8Array {
  return bind('sotto/ledger-key/1', [of, month]);
}

function detailsPlace(entry: string): Uint8Array {
  return bind('sotto/ledger-details/1', [entry]);
}

function digestOf(plain: Uint8Array): string {
  return toBase64url(createHash('sha256').update(plain).digest());
}
