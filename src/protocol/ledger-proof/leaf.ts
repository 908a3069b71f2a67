/** One entry and the bytes that stand for it in the tree: canonical JSON (RFC 8785), the same whoever writes them. */
import canonicalize from 'canonicalize';
import type { LedgerFacts, LedgerOutcome } from '../ledger.ts';

export type Outcome = LedgerOutcome;
/** Ids, numbers, states and names of rules: nothing that is anybody's to have erased. */
export type Facts = LedgerFacts;

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
