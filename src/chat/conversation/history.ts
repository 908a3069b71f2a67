/** A conversation's storage: its own row, its messages, who took part, its keys, and tickets that were used. */
import type { Asker } from '../../people/permission.ts';
import { isId, type PersonId, type VisitorId } from '../../protocol/ids.ts';
import { MessageRows } from './history/messages.ts';
import { type ConversationRow, ConversationRows } from './history/row.ts';
import { buffer, schema } from './history/schema.ts';

export { type MessageRow, type StoredRemoval } from './history/messages.ts';
export { type ConversationRow, type FactName, factNames } from './history/row.ts';

export type KeyRow = { fromSeq: number; record: Uint8Array; kept: boolean };

/** For whom somebody on staff took part: for staff alone with a note, for everybody by claiming or answering. */
export type Part = Asker['kind'];
const parts = { staff: 1, visitor: 2 } as const;

export class History {
  readonly messages: MessageRows;
  readonly #row: ConversationRows;
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#row = new ConversationRows(sql);
    this.messages = new MessageRows(sql);
  }

  get exists(): boolean {
    return this.#sql.exec(`SELECT 1 FROM sqlite_master WHERE name = 'conversation'`).toArray().length > 0;
  }

  /** Everything that a conversation starts with. To be called inside a transaction. */
  begin(row: ConversationRow, key: KeyRow): void {
    this.#sql.exec(schema);
    this.save(row);
    this.addKey(key);
  }

  conversation(): ConversationRow {
    return this.#row.get();
  }

  save(row: ConversationRow): void {
    this.#row.put(row);
  }

  keys(): KeyRow[] {
    return this.#sql
      .exec<{ from_seq: number; record: ArrayBuffer; kept: number }>('SELECT * FROM keys ORDER BY from_seq')
      .toArray()
      .map((row) => ({ fromSeq: row.from_seq, record: new Uint8Array(row.record), kept: row.kept === 1 }));
  }

  addKey(key: KeyRow): void {
    this.#sql.exec('INSERT INTO keys VALUES (?, ?, ?)', key.fromSeq, buffer(key.record), key.kept ? 1 : 0);
  }

  /** The key store has its copy of every key up to this one. */
  markKeysKept(upTo: number): void {
    this.#sql.exec('UPDATE keys SET kept = 1 WHERE kept = 0 AND from_seq <= ?', upTo);
  }

  /** Everyone on staff who took part, by id, and for whom. */
  people(): Map<PersonId, Part> {
    const query = 'SELECT id, part FROM people WHERE part > 0 ORDER BY id';
    const rows = this.#sql.exec<{ id: string; part: number }>(query).toArray();
    return new Map(
      rows.map(({ id, part }) => [id as PersonId, part === parts.visitor ? 'visitor' : 'staff']),
    );
  }

  addPerson(id: PersonId, part: Part): void {
    this.#sql.exec(
      `INSERT INTO people VALUES (?, ?, 0)
       ON CONFLICT DO UPDATE SET part = excluded.part WHERE excluded.part > part`,
      id,
      parts[part],
    );
  }

  /**
   * How far this reader had read when they were last here, or last said something. Who on staff has not taken part
   * has said nothing, and is not looked for among all messages.
   */
  readMark(reader: PersonId | VisitorId): number {
    const query = 'SELECT part, read FROM people WHERE id = ?';
    const row = this.#sql.exec<{ part: number; read: number }>(query, reader).toArray()[0];
    const saidNothing = isPerson(reader) && (row?.part ?? 0) === 0;
    return Math.max(row?.read ?? 0, saidNothing ? 0 : this.messages.readBy(reader));
  }

  setReadMark(reader: PersonId | VisitorId, seq: number): void {
    this.#sql.exec(
      `INSERT INTO people VALUES (?, 0, ?) ON CONFLICT DO UPDATE SET read = excluded.read WHERE excluded.read > read`,
      reader,
      seq,
    );
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
