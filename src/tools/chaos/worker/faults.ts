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
/** What is ordered at the door. */
export type FaultOrder =
  | { readonly fail: Rates; readonly forMs: number; readonly seed: number }
  | {
      readonly evict: {
        readonly kind: 'Account' | 'Conversation' | 'Inbox' | 'Ledger' | 'Watch';
        readonly name: string;
      };
    };
/** How often something has failed since this process started. */
export interface FaultAnswer {
  readonly struck: number;
}
