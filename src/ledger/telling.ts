/** What others tell the ledger: an entry, and what is personal about it, which is sealed on its way in. */
import type { Entry, Facts } from '../protocol/ledger-proof.ts';

/** `of`: the person or visitor whose details these are, and with whose erasure they go. */
export type Told = Entry & { personal?: { of: string; what: Facts } };
/** The same over and over: one entry for each key and minute, with how often. */
export type Folded = { key: string; told: Told; count: number };
