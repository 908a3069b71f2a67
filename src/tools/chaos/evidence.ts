/** What is known after a run: what everybody said, was told and saw, and what is stored. */
import type { Checkpoint } from '../../protocol/ledger-proof.ts';
import type { InboxEntry, Message } from '../../protocol/frames.ts';

/** A message that came back to whoever said it. */
export interface Acknowledged {
  readonly id: string;
  /** Null where the answer did not tell the place. */
  readonly seq: number | null;
  readonly n: number;
  /** The server's life in which it was told. */
  readonly life: number;
}

export interface Said {
  readonly id: string;
  readonly kind: 'text' | 'note';
  readonly text: string;
}

/** One queue of one person in one conversation: a tab, say. */
export interface ClientRecord {
  readonly name: string;
  readonly conversation: string;
  readonly audience: 'staff' | 'visitor';
  readonly author: string;
  /** Whether it sends one frame after the other, so that the order of writing is the order of the history. */
  readonly ordered: boolean;
  /** In the order in which it was written. */
  readonly said: readonly Said[];
  readonly acknowledged: readonly Acknowledged[];
  /** Refused under their ids: nothing is stored for them. */
  readonly refused: readonly string[];
  /** Sent twice in a row and refused once, so that the other one may be stored, wherever it came. */
  readonly doubtful: readonly string[];
  /** Neither acknowledged nor refused in the end. */
  readonly unsent: readonly string[];
  /** For each epoch the unbroken run that it held at last, in order; the newest epoch last. */
  readonly saw: readonly View[];
  /** Frames that broke a rule when they came. */
  readonly complaints: readonly string[];
}

export interface View {
  readonly epoch: string;
  readonly messages: readonly Message[];
}

/** A conversation went back to what it was at the end of the life `to`, after the life `from` had ended. */
export interface Rollback {
  readonly to: number;
  readonly from: number;
}

export interface RemovalRecord {
  readonly seq: number;
  readonly n: number;
  /** The life in which it was answered as done; null if nobody ever answered. */
  readonly life: number | null;
}

/** What somebody did with a conversation by a door of its own, and was answered that it is done. */
export interface ActRecord {
  /** As the ledger calls it. */
  readonly action: string;
  readonly actor: string;
  /** When it was tried first, when for the time at which it was answered, and the answer: Unix milliseconds. */
  readonly tried: number;
  readonly asked: number;
  readonly answered: number;
  /** The server's life in which it was answered. */
  readonly life: number;
}

/** Where a conversation stands by its own row. */
export interface Standing {
  readonly state: string;
  readonly assignee: string | null;
  readonly snoozedUntil: number | null;
  readonly epoch: string;
  readonly changes: number;
  readonly head: number;
}

export interface ConversationRecord {
  readonly id: string;
  /** Fetched page by page by somebody who came anew in the end: as staff see it, and as its visitor does. */
  readonly history: View;
  readonly shown: View;
  readonly standing: Standing;
  readonly rollbacks: readonly Rollback[];
  readonly removals: readonly RemovalRecord[];
  readonly acts: readonly ActRecord[];
}

export interface InboxRecord {
  readonly name: string;
  readonly entries: readonly InboxEntry[];
  readonly complaints: readonly string[];
}

export interface DirectoryLine {
  readonly id: string;
  readonly state: string;
  readonly assignee: string | null;
  readonly version: number;
}

/** The ledger's rows, its signed head, and how much had not been told it in the end. */
export interface LedgerRecord {
  readonly rows: readonly { readonly seq: number; readonly leaf: string }[];
  readonly head: Checkpoint | undefined;
  readonly waiting: number;
}

export interface Evidence {
  readonly ledger: LedgerRecord;
  readonly clients: readonly ClientRecord[];
  readonly conversations: readonly ConversationRecord[];
  readonly inboxes: readonly InboxRecord[];
  readonly directory: readonly DirectoryLine[];
}
