/**
 * A conversation's data keys: one for each stretch of numbers. The newest seals, each opens its own stretch.
 */
import type { ConversationId } from '../../protocol/ids.ts';
import { bind, type DataKey, namedKey, type Vault } from '../../vault.ts';
import type { KeyRow } from './history.ts';
import { keyEnds } from './rules.ts';

/** The key for the next message; a fresh one has to be stored in the same commit as what it seals. */
export type SealingKey = { key: DataKey; row: KeyRow; isFresh: boolean };

/** The numbers that one key serves: from this one on, and before the other; null: it is the newest. */
export type Stretch = { fromSeq: number; end: number | null };

export class ConversationKeys {
  readonly #vault: () => Promise<Vault>;
  readonly #open = new Map<number, DataKey>();
  #conversation: ConversationId | undefined;
  #rows: KeyRow[] = [];

  constructor(vault: () => Promise<Vault>) {
    this.#vault = vault;
  }

  load(conversation: ConversationId, rows: readonly KeyRow[]): void {
    this.#conversation = conversation;
    this.#rows = [...rows];
  }

  /** As they are to be stored, with this one if it is fresh. */
  rowsWith(key: SealingKey | undefined): readonly KeyRow[] {
    return key?.isFresh === true ? [...this.#rows, key.row] : this.#rows;
  }

  /** The first key of a conversation that begins. */
  begin(conversation: ConversationId): Promise<SealingKey> {
    this.#conversation = conversation;
    return this.#fresh(1);
  }

  async #fresh(fromSeq: number): Promise<SealingKey> {
    const { key, record } = await (
      await this.#vault()
    ).newDataKey(conversationKeyPlace(this.#loaded, fromSeq));
    return { key, row: { fromSeq, record, kept: false }, isFresh: true };
  }

  async sealing(seq: number): Promise<SealingKey> {
    const newest = this.#rows.at(-1);
    if (newest === undefined || seq >= keyEnds(newest.fromSeq)) return this.#fresh(seq);
    return { key: await this.opening(seq), row: newest, isFresh: false };
  }

  async opening(seq: number): Promise<DataKey> {
    const row = this.#rows.findLast(({ fromSeq }) => fromSeq <= seq);
    if (row === undefined) throw new Error('no key for this message');
    const known = this.#open.get(row.fromSeq);
    if (known !== undefined) return known;
    const key = await (
      await this.#vault()
    ).dataKey(conversationKeyPlace(this.#loaded, row.fromSeq), row.record);
    // It may have been renewed meanwhile.
    if (this.#rows.includes(row)) this.#open.set(row.fromSeq, key);
    return key;
  }

  /** The key that the conversation began with. */
  first(): Promise<DataKey> {
    return this.opening(1);
  }

  get #loaded(): ConversationId {
    if (this.#conversation === undefined) throw new Error('these keys are not loaded');
    return this.#conversation;
  }

  /** A fresh key's row is committed: from here on it is one of ours. */
  committed({ key, row }: SealingKey): void {
    this.#rows.push(row);
    this.#open.set(row.fromSeq, key);
  }

  /** The newest stretch that begins before this number; of all, if none is named. It ends before `end`. */
  stretchBefore(seq: number | null): Stretch | undefined {
    const at = this.#rows.findLastIndex(({ fromSeq }) => seq === null || fromSeq < seq);
    const row = this.#rows[at];
    return row && { fromSeq: row.fromSeq, end: this.#rows[at + 1]?.fromSeq ?? null };
  }

  /** A fresh key for this stretch, which counts once it is `renewed`. */
  async anew(fromSeq: number): Promise<{ from: DataKey; to: SealingKey }> {
    return { from: await this.opening(fromSeq), to: await this.#fresh(fromSeq) };
  }

  /** As they are to be stored, with this one in the place of the one that began there. */
  rowsInstead({ row }: SealingKey): readonly KeyRow[] {
    return this.#rows.map((each) => (each.fromSeq === row.fromSeq ? row : each));
  }

  /** What it has sealed is committed: nothing is opened by the former one any more. */
  renewed(sealing: SealingKey): void {
    this.#rows = [...this.rowsInstead(sealing)];
    this.#open.set(sealing.row.fromSeq, sealing.key);
  }

  /** Those records that lie under this service key, and the same ones under the active one. */
  async rewrapped(from: number): Promise<Map<Uint8Array, Uint8Array>> {
    const vault = await this.#vault();
    const moved = new Map<Uint8Array, Uint8Array>();
    for (const { fromSeq, record } of this.#rows)
      if (namedKey(record) === from)
        moved.set(record, await vault.rewrap(conversationKeyPlace(this.#loaded, fromSeq), record));
    return moved;
  }

  /** As they stand once these records have taken the others' place. */
  withRecords(moved: ReadonlyMap<Uint8Array, Uint8Array>): KeyRow[] {
    return this.#rows.map((row) => ({ ...row, record: moved.get(row.record) ?? row.record }));
  }

  /** Those of which the key store has no copy yet. */
  unkept(): KeyRow[] {
    return this.#rows.filter(({ kept }) => !kept);
  }

  /** The key store has its copy of these. */
  markKept(rows: readonly KeyRow[]): void {
    for (const row of rows) row.kept = true;
  }
}

export function conversationKeyPlace(conversation: ConversationId, fromSeq: number): Uint8Array {
  return bind('sotto/conversation-key/1', [conversation, fromSeq]);
}
