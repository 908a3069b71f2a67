/** The rows of a conversation's files, in its own object, and how much is sent within a day, in D1. */
import type { Author, FileView } from '../../protocol/frames.ts';
import type { FileId } from '../../protocol/ids.ts';
import { type FilePart, fromBase64url, toBase64url } from '../../vault.ts';
import type { StoredState } from './rules.ts';

export type FileRow = {
  id: FileId;
  /** The id of the message that it comes with, and that message's number once it was sent. */
  message: string;
  seq: number | null;
  from: Author;
  /** When its upload began. */
  at: number;
  state: StoredState;
  end: NonNullable<FileView['end']> | null;
  bytes: number;
  /** When it is gone, if nothing keeps it; of one that is gone, when it went. */
  until: number;
  /** The file's wrapped key; once it is destroyed, nothing of what follows can be read. */
  record: Uint8Array;
  about: Uint8Array;
  /** Empty until it was sent. */
  manifest: Uint8Array;
  /**
   * While it is on its way, the parts that have arrived, by their number; once it was sealed anew, those that it is, until
   * the key store has its new key and the bucket no others.
   */
  parts: readonly (FilePart | null)[];
  /** How often its scan has failed, and when it is tried next. */
  failures: number;
  scanAt: number | null;
  /** Whether nothing of it lies in the bucket any more. */
  swept: boolean;
};

/** A file of which nothing can be read any more. */
export function goneFrom(row: FileRow, end: FileRow['end'], now: number): FileRow {
  const nothing = new Uint8Array();
  const emptied = { record: nothing, about: nothing, manifest: nothing, parts: [] };
  return { ...row, ...emptied, state: 'gone', end, until: now, scanAt: null };
}

/** The table comes with a conversation's first file: rows written are what a conversation costs. */
const schema = `
  CREATE TABLE files (
    id TEXT PRIMARY KEY, message TEXT NOT NULL, seq INTEGER, sender TEXT NOT NULL, at INTEGER NOT NULL,
    state TEXT NOT NULL, ended TEXT, bytes INTEGER NOT NULL, until INTEGER NOT NULL, record BLOB NOT NULL,
    about BLOB NOT NULL, manifest BLOB NOT NULL, parts TEXT NOT NULL, failures INTEGER NOT NULL, scan_at INTEGER,
    swept INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

export class FileRows {
  readonly #sql: SqlStorage;
  #made: boolean | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  get #isMade(): boolean {
    this.#made ||= this.#sql.exec(`SELECT 1 FROM sqlite_master WHERE name = 'files'`).toArray().length > 0;
    return this.#made;
  }

  /** To be called inside a transaction. */
  empty(): void {
    if (this.#isMade) this.#sql.exec('DELETE FROM files');
    else this.#sql.exec(schema);
    this.#made = true;
  }

  all(): FileRow[] {
    return this.#isMade
      ? this.#sql.exec<Raw>('SELECT * FROM files ORDER BY at, id').toArray().map(rowOf)
      : [];
  }

  /**
   * Writes this row, whatever stood in it. What is destroyed is overwritten before it is let go, because SQLite leaves
   * what it frees as it is. To be called inside a transaction.
   */
  put(row: FileRow): void {
    if (!this.#isMade) this.#sql.exec(schema);
    this.#made = true;
    if (row.record.length === 0) {
      const blank = `record = zeroblob(LENGTH(record)), about = zeroblob(LENGTH(about)), manifest = zeroblob(LENGTH(manifest))`;
      this.#sql.exec(`UPDATE files SET ${blank} WHERE id = ?`, row.id);
    }
    const values = [
      row.id,
      row.message,
      row.seq,
      JSON.stringify(row.from),
      row.at,
      row.state,
      row.end,
      row.bytes,
      row.until,
      buffer(row.record),
      buffer(row.about),
      buffer(row.manifest),
      JSON.stringify(row.parts.map((part) => part && { ...part, header: toBase64url(part.header) })),
      row.failures,
      row.scanAt,
      row.swept ? 1 : 0,
    ];
    this.#sql.exec(`INSERT OR REPLACE INTO files VALUES (${values.map(() => '?').join(', ')})`, ...values);
  }

  drop(id: FileId): void {
    this.#sql.exec('DELETE FROM files WHERE id = ?', id);
  }
}

type Raw = {
  id: string;
  message: string;
  seq: number | null;
  sender: string;
  at: number;
  state: string;
  ended: string | null;
  bytes: number;
  until: number;
  record: ArrayBuffer;
  about: ArrayBuffer;
  manifest: ArrayBuffer;
  parts: string;
  failures: number;
  scan_at: number | null;
  swept: number;
};

function rowOf(raw: Raw): FileRow {
  return {
    id: raw.id as FileId,
    message: raw.message,
    seq: raw.seq,
    from: JSON.parse(raw.sender) as Author,
    at: raw.at,
    state: raw.state as StoredState,
    end: raw.ended as FileRow['end'],
    bytes: raw.bytes,
    until: raw.until,
    record: new Uint8Array(raw.record),
    about: new Uint8Array(raw.about),
    manifest: new Uint8Array(raw.manifest),
    parts: partsIn(raw.parts),
    failures: raw.failures,
    scanAt: raw.scan_at,
    swept: raw.swept === 1,
  };
}

function partsIn(text: string): FileRow['parts'] {
  const parts = JSON.parse(text) as ((Omit<FilePart, 'header'> & { header: string }) | null)[];
  return parts.map((part) => part && { ...part, header: fromBase64url(part.header) ?? new Uint8Array() });
}

function buffer(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer;
}

const day = 86_400_000;

/**
 * How much is sent within a day, by a visitor in all their conversations and from a network: visitors cost nothing to
 * invent, and bytes do.
 */
export class Uploads {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  /** How much somebody sent is nobody's business any more. */
  async forget(sender: string): Promise<void> {
    await this.#db.prepare('DELETE FROM uploads WHERE sender = ?').bind(sender).run();
  }

  /** Counts a file that is about to be sent. False: that would be more than a day has room for. */
  async count(
    sender: string,
    most: { files: number; bytes: number },
    bytes: number,
    now: number,
  ): Promise<boolean> {
    const today = Math.floor(now / day);
    const upsert = `INSERT INTO uploads (sender, day, files, bytes) VALUES (?1, ?2, 1, ?3)
      ON CONFLICT DO UPDATE SET files = files + 1, bytes = bytes + ?3 WHERE files < ?4 AND bytes + ?3 <= ?5`;
    const forget = this.#db.prepare('DELETE FROM uploads WHERE day < ?').bind(today);
    const count = this.#db.prepare(upsert).bind(sender, today, bytes, most.files, most.bytes);
    const [, counted] = await this.#db.batch([forget, count]);
    return counted?.meta.changes === 1;
  }
}
