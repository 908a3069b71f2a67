/** What is said at the door through which faults are ordered. */

/** How likely each of these is to fail, from 0 to 1. */
export interface Rates {
  /** A statement that writes, in an object's own storage. */
  readonly write: number;
  /** A transaction of an object, after its work. */
  readonly transaction: number;
  /** The whole object, in the middle of something that it writes. */
  readonly collapse: number;
  /** The database and the key store: half of the time what failed was done all the same. */
  readonly remote: number;
}
/** What is ordered at the door: faults, and what the platform does by the clock. */
export type FaultOrder =
  /** Timed duties, as if it were then. */
  | { readonly due: string; readonly at: number }
  /** How far long duties are. */
  | { readonly runs: true }
  | { readonly fail: Rates; readonly forMs: number; readonly seed: number }
  | {
      readonly evict: {
        readonly kind: 'Account' | 'Conversation' | 'Inbox' | 'Ledger' | 'Watch';
        readonly name: string;
      };
    };
/** How often something has failed since this process started; and what was asked for. */
export interface FaultAnswer {
  readonly struck: number;
  readonly runs?: readonly StoredRun[];
}
/** A row of the table of long duties. */
export interface StoredRun {
  readonly id: string;
  readonly duty: string;
  readonly place: string | null;
  readonly over_at: number | null;
}
