/** One entry and the bytes that stand for it in the tree: canonical JSON (RFC 8785), the same whoever writes them. */
import canonicalize from 'canonicalize';
import { createHash } from 'node:crypto';
import { concat, randomBytes, toBase64url } from '../bytes.ts';
import type { DataKey } from '../envelope.ts';
import { bind } from '../binding.ts';
import { VaultError } from '../error.ts';

/** What became of it. `unknown`: it was begun, and nothing was heard of it again. */
export type Outcome = 'done' | 'refused' | 'failed' | 'unknown';

/** Ids, numbers, states and names of rules: nothing that is anybody's to have erased. */
export type Facts = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** Who did what to what, when, and what became of it. Ids stand in the clear and mean nothing by themselves. */
export type Entry = {
  /** A UUID, by which the same entry sent twice is one. */
  readonly id: string;
  /** When it happened: Unix milliseconds. */
  readonly at: number;
  /** Who did it; null: nobody who was known. */
  readonly actor: string | null;
  readonly session?: string;
  readonly action: string;
  /** The thing that it was done to. */
  readonly object?: string;
  /** The person or visitor whom it concerns, if not `actor`. */
  readonly subject?: string;
  readonly outcome: Outcome;
  readonly facts?: Facts;
  /** Written down where it happened, and entered here only afterwards. */
  readonly late?: true;
};

/** Personal details: sealed under the key of their person and month, so that they can be erased and the tree stays. */
export type Details = { readonly of: string; readonly digest: string };

const version = 1;

/** The leaf's text. @throws {Error} a lone surrogate, or a number that JSON has not */
export function leafText(entry: Entry, details?: Details): string {
  return canonicalize({ v: version, ...entry, ...(details && { details }) }) ?? '';
}

export function leafBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** What a leaf says. Undefined: not an entry, or not in its one spelling. */
export function readLeaf(text: string): (Entry & { details?: Details }) | undefined {
  try {
    const { v, ...entry } = JSON.parse(text) as Entry & { v: number; details?: Details };
    return v === version && canonicalize({ v, ...entry }) === text ? entry : undefined;
  } catch {
    return undefined;
  }
}

const saltBytes = 16;

/** Seals what is personal, beside a salt: its digest, which stays for ever, is then a riddle without an answer. */
export async function sealDetails(
  key: DataKey,
  entry: Entry['id'],
  of: string,
  what: Facts,
): Promise<{ sealed: Uint8Array; details: Details }> {
  const plain = concat(randomBytes(saltBytes), leafBytes(canonicalize(what) ?? ''));
  return { sealed: await key.seal(detailsPlace(entry), plain), details: { of, digest: digestOf(plain) } };
}

/** @throws VaultError `envelope_refused`: another key's or entry's, changed, or not what the leaf promised */
export async function openDetails(
  key: DataKey,
  entry: Entry['id'],
  sealed: Uint8Array,
  digest: string,
): Promise<Facts> {
  const plain = await key.open(detailsPlace(entry), sealed);
  if (digestOf(plain) !== digest) throw new VaultError('envelope_refused', 'not the details of this entry');
  return JSON.parse(new TextDecoder().decode(plain.subarray(saltBytes))) as Facts;
}

/** The month of an entry in UTC, by which the key of its details is found. */
export function monthOf(at: number): string {
  return new Date(at).toISOString().slice(0, 'YYYY-MM'.length);
}

export function detailsKeyPlace(of: string, month: string): Uint8Array {
  return bind('sotto/ledger-key/1', [of, month]);
}

function detailsPlace(entry: Entry['id']): Uint8Array {
  return bind('sotto/ledger-details/1', [entry]);
}

function digestOf(plain: Uint8Array): string {
  return toBase64url(createHash('sha256').update(plain).digest());
}
