/** What is kept of entries on their way from the one writer to where they stay. */
import type { Details, Entry } from '../../protocol/ledger-proof.ts';

/** A leaf's text, and its sealed details. */
export type Row = { seq: number; leaf: string; details: Uint8Array | null };
export type Taken = { id: string; leaf: string; details: Uint8Array | null };
/** An entry whose personal details have been sealed. */
export type Sealed = { entry: Entry; details: Details | undefined; sealed: Uint8Array | null };
