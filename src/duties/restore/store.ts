/** The rows of backups that are put back, here or into a scratch space, and what of them was. */
import type { ConversationId } from '../../protocol/ids.ts';
import type { Row } from './reading.ts';

export type Restore = {
  readonly run: string;
  readonly isScratch: boolean;
  /** The backup that is put back. */
  readonly number: number;
  /** The one whose register of what was erased holds, and whose ledger it is. */
  readonly newest: number;
  /** `sealed`: a drill whose backup is sealed to an OpenPGP key, so that nothing of it could be opened. */
  readonly state: 'working' | 'done' | 'failed' | 'sealed';
  readonly begunAt: number;
  readonly overAt: number | null;
  /** The ledger's head as it was signed in the newest; null: nothing was put back yet. */
  readonly head: string | null;
  /** From then on nobody seals under keys of before. */
  readonly settledAt: number | null;
  /** What is not as it was signed, or does not come to the same. */
  readonly wrong: string | null;
};
export type Counts = Readonly<Record<string, number>>;

const columns = `SELECT run, scratch AS isScratch, number, newest, state, begun_at AS begunAt, over_at AS overAt, head,
  settled_at AS settledAt, wrong FROM restores`;
type Raw = Omit<Restore, 'isScratch'> & { isScratch: number };

/** How far something is that is put back, and how it ended. */
export class Progress {
  readonly db: D1Database;
  readonly #table: string;

  constructor(db: D1Database, table: 'restores' | 'returns') {
    this.db = db;
    this.#table = table;
  }

  /** It has failed at this place. @returns how often it did so there, one time after another */
  async stick(run: string, place: string): Promise<number> {
    const stick = `UPDATE ${this.#table} SET stuck = iif(stuck_at = ?2, stuck + 1, 1), stuck_at = ?2 WHERE run = ?1
      RETURNING stuck`;
    return (await this.db.prepare(stick).bind(run, place).first<number>('stuck')) ?? 0;
  }

  /** @param wrong null: it is done, or as far as it can be */
  async finish(
    run: string,
    wrong: string | null,
    now: number,
    good: 'done' | 'sealed' = 'done',
  ): Promise<void> {
    const finish = `UPDATE ${this.#table} SET state = ?, wrong = ?, over_at = ? WHERE run = ? AND state = 'working'`;
    await this.db
      .prepare(finish)
      .bind(wrong === null ? good : 'failed', wrong, now, run)
      .run();
  }

  /** What a portion has come to. */
  async count(run: string, place: string, counts: Counts): Promise<void> {
    const some = JSON.stringify(Object.entries(counts).filter(([, count]) => count > 0));
    const put = `INSERT INTO restore_counts SELECT ?1, ?2, value ->> 0, value ->> 1 FROM json_each(?3) WHERE true
      ON CONFLICT DO UPDATE SET count = excluded.count`;
    await this.db.prepare(put).bind(run, place, some).run();
  }

  async counts(run: string): Promise<Counts> {
    const query =
      'SELECT what, SUM(count) AS count FROM restore_counts WHERE run = ? GROUP BY what ORDER BY what';
    const { results } = await this.db.prepare(query).bind(run).all<{ what: string; count: number }>();
    return Object.fromEntries(results.map(({ what, count }) => [what, count]));
  }
}

export class RestoreStore extends Progress {
  constructor(db: D1Database) {
    super(db, 'restores');
  }

  /** Begins one, unless another of its kind goes on. What the one before has left half-way stays known by its head. */
  async begin(wish: Pick<Restore, 'run' | 'isScratch' | 'number' | 'newest'>, now: number): Promise<boolean> {
    const { run, isScratch, number, newest } = wish;
    const { meta } = await this.db
      .prepare(
        `INSERT INTO restores (run, scratch, number, newest, state, begun_at, head)
         VALUES (?1, ?2, ?3, ?4, 'working', ?5, (SELECT iif(state = 'failed', head, NULL) FROM restores
           WHERE scratch = ?2 ORDER BY begun_at DESC, run DESC LIMIT 1))
         ON CONFLICT DO NOTHING`,
      )
      .bind(run, isScratch ? 1 : 0, number, newest, now)
      .run();
    return meta.changes === 1;
  }

  async ofRun(run: string): Promise<Restore | undefined> {
    return this.#one(`${columns} WHERE run = ?`, run);
  }

  /** The newest of its kind. */
  async last(isScratch: boolean): Promise<Restore | undefined> {
    return this.#one(
      `${columns} WHERE scratch = ? ORDER BY begun_at DESC, run DESC LIMIT 1`,
      isScratch ? 1 : 0,
    );
  }

  async #one(query: string, value: string | number): Promise<Restore | undefined> {
    const row = await this.db.prepare(query).bind(value).first<Raw>();
    return row === null ? undefined : { ...row, isScratch: row.isScratch === 1 };
  }

  /** When the last drill was begun that found nothing wrong: it came to the same, or could open nothing. */
  async lastGoodDrill(): Promise<number | undefined> {
    const query = `SELECT MAX(begun_at) AS at FROM restores WHERE scratch = 1 AND state IN ('done', 'sealed')`;
    return (await this.db.prepare(query).first<number | null>('at')) ?? undefined;
  }

  /** Drills that were begun before then are not waited for any more. */
  async giveUp(before: number, now: number): Promise<void> {
    const giveUp = `UPDATE restores SET state = 'failed', wrong = 'It was not done in time', over_at = ?2
      WHERE scratch = 1 AND state = 'working' AND begun_at < ?1`;
    await this.db.prepare(giveUp).bind(before, now).run();
  }

  async setHead(run: string, head: string): Promise<void> {
    await this.db.prepare('UPDATE restores SET head = ? WHERE run = ?').bind(head, run).run();
  }

  async setSettled(run: string, at: number): Promise<void> {
    await this.db
      .prepare('UPDATE restores SET settled_at = ? WHERE run = ? AND settled_at IS NULL')
      .bind(at, run)
      .run();
  }

  /** Whether the drill before this one could open nothing either. */
  async wasSealed(run: string): Promise<boolean> {
    const before = await this.#one(
      `${columns} WHERE scratch = 1 AND run <> ? ORDER BY begun_at DESC, run DESC LIMIT 1`,
      run,
    );
    return before?.state === 'sealed';
  }
}

/** One conversation, or all of one visitor's, that is put back while everything goes on. */
export type Return = Pick<Restore, 'run' | 'number' | 'begunAt' | 'overAt' | 'wrong'> & {
  readonly state: 'working' | 'done' | 'failed';
  /** The conversation's id, or the visitor's. */
  readonly wanted: string;
};
/** A conversation of it, as the backup's directory has it. `isNew`: there was no line of it here when it began. */
export type Found = { id: ConversationId; line: Row; isNew: boolean };

const returnColumns = `SELECT run, number, wanted, state, begun_at AS begunAt, over_at AS overAt, wrong FROM returns`;

export class ReturnStore extends Progress {
  constructor(db: D1Database) {
    super(db, 'returns');
  }

  /** False: another one goes on. */
  async begin(
    { run, number, wanted }: Pick<Return, 'run' | 'number' | 'wanted'>,
    now: number,
  ): Promise<boolean> {
    const begin = `INSERT INTO returns (run, number, wanted, state, begun_at) VALUES (?, ?, ?, 'working', ?)
      ON CONFLICT DO NOTHING`;
    const { meta } = await this.db.prepare(begin).bind(run, number, wanted, now).run();
    return meta.changes === 1;
  }

  async ofRun(run: string): Promise<Return | undefined> {
    return (await this.db.prepare(`${returnColumns} WHERE run = ?`).bind(run).first<Return>()) ?? undefined;
  }

  async last(): Promise<Return | undefined> {
    const query = `${returnColumns} ORDER BY begun_at DESC, run DESC LIMIT 1`;
    return (await this.db.prepare(query).first<Return>()) ?? undefined;
  }

  /** It will fail, once what it has begun with is cleared away. */
  async setWrong(run: string, wrong: string): Promise<void> {
    await this.db.prepare('UPDATE returns SET wrong = ? WHERE run = ?').bind(wrong, run).run();
  }

  /** Enters the lines of conversations that are to come back. */
  async addFound(run: string, lines: readonly Row[]): Promise<void> {
    const add = `INSERT INTO return_lines (run, id, line, is_new)
      SELECT ?1, value ->> 'id', value, NOT EXISTS (SELECT 1 FROM conversations WHERE id = value ->> 'id')
      FROM json_each(?2) WHERE true ON CONFLICT DO NOTHING`;
    await this.db.prepare(add).bind(run, JSON.stringify(lines)).run();
  }

  /** A page of them behind this one, in the order of their ids: those that are there, and so stay as they are, or others. */
  async found(run: string, after: string, limit: number, which: 'all' | 'to come back'): Promise<Found[]> {
    const query = `SELECT id, line, is_new AS isNew FROM return_lines WHERE run = ? AND id > ?
      ${which === 'all' ? '' : 'AND is_there = 0'} ORDER BY id LIMIT ?`;
    const { results } = await this.db
      .prepare(query)
      .bind(run, after, limit)
      .all<{ id: ConversationId; line: string; isNew: number }>();
    return results.map(({ id, line, isNew }) => ({ id, line: JSON.parse(line) as Row, isNew: isNew === 1 }));
  }

  /** These are there, and stay as they are. */
  async stay(run: string, ids: readonly ConversationId[]): Promise<void> {
    const stay = `UPDATE return_lines SET is_there = 1 WHERE run = ? AND id IN (SELECT value FROM json_each(?))`;
    await this.db.prepare(stay).bind(run, JSON.stringify(ids)).run();
  }

  async forgetFound(run: string): Promise<void> {
    await this.db.prepare('DELETE FROM return_lines WHERE run = ?').bind(run).run();
  }
}
