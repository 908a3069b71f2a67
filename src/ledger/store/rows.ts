/** What is kept of entries on their way from the one writer to where they stay. */
import type { Details, Entry } from '../../protocol/ledger-proof.ts';
import type { DataKey } from '../../vault.ts';

/** A leaf's text, and its sealed details. */
export type Row = { seq: number; leaf: string; details: Uint8Array | null };
export type Taken = { id: string; leaf: string; details: Uint8Array | null };
/** An entry whose personal details have been sealed; `by`: under whose key of which month, as `owner/month`. */
export type Sealed = {
  entry: Entry;
  details: Details | undefined;
  sealed: Uint8Array | null;
  by?: { name: string; key: DataKey };
};
/** The sealed details of an entry. */
export type Beside = { seq: number; id: string; details: Uint8Array };
