/**
 * The stored conversations, reached behind the server's back while it is down: to keep a copy of one, to put that
 * copy back as a restore would, and to read at the end where each stands.
 */
import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { DirectoryLine, LedgerRecord, Standing } from './evidence.ts';

/** A database in its journal's mode is three files, of which the last is made anew. */
const PARTS = ['', '-wal'];
const ALL_PARTS = [...PARTS, '-shm'];
/** 2^16 places lie between one number and the next. */
const PLACES = 2 ** 16;

/** A conversation's storage as it was when a life of the server had ended. */
export interface Copy {
  readonly conversation: string;
  readonly life: number;
  readonly file: string;
}

export class Past {
  readonly #state: string;
  readonly #copies: string;
  readonly #files = new Map<string, string>();
  #count = 0;

  constructor(state: string, copies: string) {
    this.#state = state;
    this.#copies = copies;
    mkdirSync(copies, { recursive: true });
  }

  copy(conversation: string, life: number): Copy {
    const file = join(this.#copies, `${++this.#count}.sqlite`);
    const from = this.#fileOf(conversation);
    for (const part of PARTS) if (existsSync(from + part)) copyFileSync(from + part, file + part);
    return { conversation, life, file };
  }

  /** Puts a copy back under a new epoch. The platform's own tables know nothing of it: no alarm is left from then. */
  restore({ conversation, file }: Copy): void {
    const to = this.#fileOf(conversation);
    for (const part of ALL_PARTS) rmSync(to + part, { force: true });
    for (const part of PARTS) if (existsSync(file + part)) copyFileSync(file + part, to + part);
    const database = new DatabaseSync(to);
    database.prepare('UPDATE conversation SET epoch = ?').run(randomUUID());
    database.close();
  }

  standings(): Map<string, Standing> {
    const standings = this.#objects('Conversation').flatMap((file) =>
      read(file, (database): [string, Standing][] => {
        const row = database
          .prepare('SELECT id, state, assignee, snoozed_until, epoch, changes FROM conversation')
          .get();
        const end = database.prepare('SELECT MAX(position) AS position FROM messages').get();
        if (row === undefined) return [];
        return [
          [
            String(row['id']),
            {
              state: String(row['state']),
              assignee: row['assignee'] as string | null,
              snoozedUntil: row['snoozed_until'] as number | null,
              epoch: String(row['epoch']),
              changes: Number(row['changes']),
              head: Math.floor(Number(end?.['position'] ?? 0) / PLACES),
            },
          ],
        ];
      }),
    );
    return new Map(standings);
  }

  /** The ledger's rows in the database, and how much has not been told it, or not entered. */
  ledger(): Omit<LedgerRecord, 'head'> {
    const count = (file: string, table: string) =>
      read(file, (database) => [
        Number(database.prepare(`SELECT COUNT(*) AS n FROM ${table}`).get()?.['n']),
      ])[0] ?? 0;
    const sum = (counts: number[]) => counts.reduce((all, one) => all + one, 0);
    return {
      rows: this.#database((database) =>
        database
          .prepare('SELECT seq, leaf FROM ledger ORDER BY seq')
          .all()
          .map((row) => ({ seq: Number(row['seq']), leaf: String(row['leaf']) })),
      ),
      waiting: sum([
        ...this.#objects('Conversation').map((file) => count(file, 'entries')),
        ...this.#database((database) => [
          Number(database.prepare('SELECT COUNT(*) AS n FROM ledger_late').get()?.['n']),
        ]),
      ]),
    };
  }

  directory(): DirectoryLine[] {
    return this.#database((database) =>
      database
        .prepare('SELECT id, state, assignee, version FROM conversations')
        .all()
        .map((row) => ({
          id: String(row['id']),
          state: String(row['state']),
          assignee: row['assignee'] as string | null,
          version: Number(row['version']),
        })),
    );
  }

  /** Of D1's files one is the database. */
  #database<Row>(rows: (database: DatabaseSync) => Row[]): Row[] {
    const folder = join(this.#state, 'd1/miniflare-D1DatabaseObject');
    const files = readdirSync(folder).filter((name) => /^[0-9a-f]{64}[.]sqlite$/.test(name));
    return files.flatMap((name) => read(join(folder, name), rows));
  }

  #objects(kind: string): string[] {
    const folder = join(this.#state, `do/sotto-${kind}`);
    return readdirSync(folder)
      .filter((name) => /^[0-9a-f]{64}[.]sqlite$/.test(name))
      .map((name) => join(folder, name));
  }

  #fileOf(conversation: string): string {
    const known = this.#files.get(conversation);
    if (known !== undefined) return known;
    for (const file of this.#objects('Conversation')) {
      const id = read(file, (database) => [
        String(database.prepare('SELECT id FROM conversation').get()?.['id']),
      ])[0];
      if (id !== undefined) this.#files.set(id, file);
    }
    const found = this.#files.get(conversation);
    if (found === undefined) throw new Error('this conversation is not stored');
    return found;
  }
}

/** An object that was only asked for has no tables. */
function read<Row>(file: string, rows: (database: DatabaseSync) => Row[]): Row[] {
  const database = new DatabaseSync(file);
  try {
    return rows(database);
  } catch {
    return [];
  } finally {
    database.close();
  }
}
