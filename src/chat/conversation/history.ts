/** A conversation's storage: its own row, its messages, how far its readers are, and tickets that were used. */
import { isId, type PersonId, type VisitorId } from '../../protocol/ids.ts';
import { FileRows } from '../files.ts';
import { ImageRows } from './history/image.ts';
import { MessageRows } from './history/messages.ts';
import { PuttingBack } from './history/putting-back.ts';
import { type Beside, type ConversationRow, ConversationRows } from './history/row.ts';
import { restrictionSchema, schema } from './history/schema.ts';

export {
  type Imaged,
  isSameBeside,
  isSealedAlike,
  type Mark,
  sealingIn,
  withSealing,
} from './history/image.ts';
export {
  messageOf,
  type MessageRow,
  positionOf,
  type RawMessage,
  type StoredRemoval,
} from './history/messages.ts';
export type { Keeper } from './history/putting-back.ts';
export {
  type Beside,
  type ConversationRow,
  type FactName,
  factNames,
  type KeyRow,
  type Part,
} from './history/row.ts';

/** What the register of restrictions says, and when that was changed. */
export type Heard = { on: boolean; at: number };

export class History {
  readonly messages: MessageRows;
  readonly files: FileRows;
  readonly image: ImageRows;
  readonly puttingBack: PuttingBack;
  readonly #row: ConversationRows;
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#row = new ConversationRows(sql);
    this.messages = new MessageRows(sql);
    this.files = new FileRows(sql);
    this.image = new ImageRows(sql);
    this.puttingBack = new PuttingBack(sql);
  }

  /** One that is being put back is not there yet. */
  get exists(): boolean {
    const query = `SELECT MIN(name) AS first, COUNT(*) AS tables FROM sqlite_master
      WHERE name IN ('conversation', 'putting_back')`;
    const { first, tables } = this.#sql.exec<{ first: string | null; tables: number }>(query).one();
    return first === 'conversation' && tables === 1;
  }

  #hasTable(name: string): boolean {
    return this.#sql.exec('SELECT 1 FROM sqlite_master WHERE name = ?', name).toArray().length > 0;
  }

  /** Everything that a conversation starts with. To be called inside a transaction. */
  begin(row: ConversationRow, beside: Beside): void {
    this.#sql.exec(schema);
    this.save(row, beside);
  }

  conversation(): { row: ConversationRow; beside: Beside } {
    return this.#row.get();
  }

  save(row: ConversationRow, beside: Beside): void {
    this.#row.put(row, beside);
  }

  /** As `save`, with other keys in the place of some, of which nothing is to stay. To be called inside a transaction. */
  saveAnew(row: ConversationRow, beside: Beside): void {
    this.#row.blankKeys();
    this.save(row, beside);
  }

  /**
   * How far this reader had read when they were last here, or last said something. Who on staff has not taken part
   * has said nothing, and is not looked for among all messages.
   */
  readMark(reader: PersonId | VisitorId): number {
    const query = 'SELECT read FROM marks WHERE reader = ?';
    const left = this.#sql.exec<{ read: number }>(query, reader).toArray()[0]?.read ?? 0;
    const saidNothing = isPerson(reader) && !this.#row.people().has(reader);
    return Math.max(left, saidNothing ? 0 : this.messages.readBy(reader));
  }

  setReadMark(reader: PersonId | VisitorId, seq: number): void {
    this.#sql.exec(
      `INSERT INTO marks VALUES (?, ?) ON CONFLICT DO UPDATE SET read = excluded.read WHERE excluded.read > read`,
      reader,
      seq,
    );
  }

  /** Whether its customer's data are restricted, as was heard last; undefined: they never were. */
  get restriction(): Heard | undefined {
    if (!this.#hasTable('restriction')) return undefined;
    const { on, at } = this.#sql.exec<{ on: number; at: number }>('SELECT "on", at FROM restriction').one();
    return { on: on === 1, at };
  }

  /** The table comes with the first restriction: hardly a conversation has one. To be called inside a transaction. */
  setRestriction({ on, at }: Heard): void {
    this.#sql.exec(restrictionSchema);
    this.#sql.exec('INSERT OR REPLACE INTO restriction VALUES (1, ?, ?)', on ? 1 : 0, at);
  }

  // What the ledger still has to be told of.

  /** To be called inside a transaction. The same entry again stays as it is. */
  keepEntry(id: string, told: string): void {
    this.#sql.exec('INSERT OR IGNORE INTO entries VALUES (?, ?)', id, told);
  }

  entries(limit: number): { id: string; told: string }[] {
    return this.#sql.exec<{ id: string; told: string }>('SELECT * FROM entries LIMIT ?', limit).toArray();
  }

  dropEntry(id: string): void {
    this.#sql.exec('DELETE FROM entries WHERE id = ?', id);
  }

  hasTicket(jti: string): boolean {
    return this.#sql.exec('SELECT 1 FROM tickets WHERE jti = ?', jti).toArray().length > 0;
  }

  /** Remembers a used ticket until it would have run out anyway; older ones go. */
  rememberTicket(jti: string, until: number, now: number): void {
    this.#sql.exec('DELETE FROM tickets WHERE until <= ?', now);
    this.#sql.exec('INSERT OR IGNORE INTO tickets VALUES (?, ?)', jti, until);
  }
}

export function isPerson(id: PersonId | VisitorId): id is PersonId {
  return isId('person', id);
}
