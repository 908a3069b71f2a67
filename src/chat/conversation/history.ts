/** A conversation's storage: its own row, its messages, how far its readers are, and tickets that were used. */
import { isId, type PersonId, type VisitorId } from '../../protocol/ids.ts';
import { FileRows } from '../files.ts';
import { ImageRows } from './history/image.ts';
import { MessageRows } from './history/messages.ts';
import { type Beside, type ConversationRow, ConversationRows } from './history/row.ts';
import { schema } from './history/schema.ts';

export type { Imaged, Mark } from './history/image.ts';
export { type MessageRow, type StoredRemoval } from './history/messages.ts';
export {
  type Beside,
  type ConversationRow,
  type FactName,
  factNames,
  type KeyRow,
  type Part,
} from './history/row.ts';

export class History {
  readonly messages: MessageRows;
  readonly files: FileRows;
  readonly image: ImageRows;
  readonly #row: ConversationRows;
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#row = new ConversationRows(sql);
    this.messages = new MessageRows(sql);
    this.files = new FileRows(sql);
    this.image = new ImageRows(sql);
  }

  get exists(): boolean {
    return this.#sql.exec(`SELECT 1 FROM sqlite_master WHERE name = 'conversation'`).toArray().length > 0;
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
