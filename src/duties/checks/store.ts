/** The rows of security checks: their runs, what each has found, and what was accepted for a while. */
import type { CheckFound, CheckOutcome, CheckRun } from '../../protocol/checks.ts';
import { noCounts, standingOf } from '../../protocol/checks.ts';
import type { PersonId } from '../../protocol/ids.ts';

export type StoredResult = {
  id: string;
  outcome: CheckOutcome;
  /** Whether it was accepted at that time. */
  accepted: boolean;
  found: CheckFound;
  words: string;
  at: number;
};
export type StoredException = { id: string; reason: Uint8Array; by: PersonId; at: number; until: number };
type RunRow = Pick<CheckRun, 'id' | 'askedBy' | 'begunAt' | 'overAt'>;

const runColumns = 'id, asked_by AS askedBy, begun_at AS begunAt, over_at AS overAt FROM check_runs';

export class CheckStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  // Runs -------------------------------------------------------------------------------------------------------

  /** Begins one, once, unless another that was begun since then goes on. @returns the one that goes on */
  async begin(id: string, askedBy: string | null, now: number, since: number): Promise<string> {
    const add = `INSERT INTO check_runs (id, asked_by, begun_at) SELECT ?1, ?2, ?3
      WHERE NOT EXISTS (SELECT 1 FROM check_runs WHERE over_at IS NULL AND begun_at >= ?4) ON CONFLICT DO NOTHING`;
    await this.#db.prepare(add).bind(id, askedBy, now, since).run();
    return (await this.running(since))?.id ?? id;
  }

  async run(id: string): Promise<RunRow | undefined> {
    const row = await this.#db.prepare(`SELECT ${runColumns} WHERE id = ?`).bind(id).first<RunRow>();
    return row ?? undefined;
  }

  /** The one that goes on; what was begun before then is waited for no more. */
  async running(since: number): Promise<RunRow | undefined> {
    const query = `SELECT ${runColumns} WHERE over_at IS NULL AND begun_at >= ? ORDER BY begun_at DESC, id DESC LIMIT 1`;
    return (await this.#db.prepare(query).bind(since).first<RunRow>()) ?? undefined;
  }

  /** Those that are over, the newest first. */
  async over(limit: number): Promise<RunRow[]> {
    const query = `SELECT ${runColumns} WHERE over_at IS NOT NULL ORDER BY begun_at DESC, id DESC LIMIT ?`;
    return (await this.#db.prepare(query).bind(limit).all<RunRow>()).results;
  }

  /** The last that was over before this one was begun. */
  async before({ id, begunAt }: Pick<RunRow, 'id' | 'begunAt'>): Promise<RunRow | undefined> {
    const query = `SELECT ${runColumns} WHERE over_at IS NOT NULL AND (begun_at, id) < (?, ?)
      ORDER BY begun_at DESC, id DESC LIMIT 1`;
    return (await this.#db.prepare(query).bind(begunAt, id).first<RunRow>()) ?? undefined;
  }

  async finish(id: string, now: number): Promise<void> {
    const finish = 'UPDATE check_runs SET over_at = ? WHERE id = ? AND over_at IS NULL';
    await this.#db.prepare(finish).bind(now, id).run();
  }

  async forget(before: number): Promise<void> {
    const old = 'SELECT id FROM check_runs WHERE begun_at < ?';
    await this.#db.batch([
      this.#db.prepare(`DELETE FROM check_results WHERE run IN (${old})`).bind(before),
      this.#db.prepare('DELETE FROM check_runs WHERE begun_at < ?').bind(before),
    ]);
  }

  // Results ----------------------------------------------------------------------------------------------------

  /** What a check has found in a run; done twice, the later look counts. */
  async put(run: string, { id, outcome, accepted, found, words, at }: StoredResult): Promise<void> {
    const put = `INSERT INTO check_results (run, id, outcome, accepted, found, words, at) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET outcome = excluded.outcome, accepted = excluded.accepted, found = excluded.found,
        words = excluded.words, at = excluded.at`;
    await this.#db
      .prepare(put)
      .bind(run, id, outcome, accepted ? 1 : 0, JSON.stringify(found), words, at)
      .run();
  }

  async results(run: string): Promise<StoredResult[]> {
    const query =
      'SELECT id, outcome, accepted, found, words, at FROM check_results WHERE run = ? ORDER BY id';
    const { results } = await this.#db.prepare(query).bind(run).all<RawResult>();
    return results.map(resultFrom);
  }

  /** What came of each of these checks when it was looked at last, in whichever run; of none that was before then. */
  async latest(ids: readonly string[], since: number): Promise<StoredResult[]> {
    const query = `SELECT id, outcome, accepted, found, words, MAX(at) AS at FROM check_results
      WHERE id IN (SELECT value FROM json_each(?)) AND at >= ? GROUP BY id ORDER BY id`;
    const { results } = await this.#db.prepare(query).bind(JSON.stringify(ids), since).all<RawResult>();
    return results.map(resultFrom);
  }

  /** What this check found when it was looked at last, before then, and could be. */
  async lastOf(id: string, before: number): Promise<StoredResult | undefined> {
    const query = `SELECT id, outcome, accepted, found, words, at FROM check_results
      WHERE id = ? AND at < ? AND found <> '{}' ORDER BY at DESC LIMIT 1`;
    const row = await this.#db.prepare(query).bind(id, before).first<RawResult>();
    return row === null ? undefined : resultFrom(row);
  }

  /** How many checks of each of these runs came to what. */
  async counted(runs: readonly RunRow[]): Promise<CheckRun[]> {
    const query = `SELECT run, outcome, accepted, COUNT(*) AS count FROM check_results
      WHERE run IN (SELECT value FROM json_each(?)) GROUP BY run, outcome, accepted`;
    const ids = JSON.stringify(runs.map(({ id }) => id));
    const { results } = await this.#db.prepare(query).bind(ids).all<RawCount>();
    return runs.map((run) => {
      const counts = { ...noCounts };
      for (const { run: id, outcome, accepted, count } of results)
        if (id === run.id) counts[standingOf(outcome, accepted === 1)] += count;
      return { ...run, counts, done: Object.values(counts).reduce((sum, count) => sum + count, 0) };
    });
  }

  // Exceptions -------------------------------------------------------------------------------------------------

  async exceptions(now: number): Promise<StoredException[]> {
    const query = `SELECT id, reason, accepted_by AS "by", accepted_at AS at, until FROM check_exceptions
      WHERE until > ? ORDER BY id`;
    const { results } = await this.#db.prepare(query).bind(now).all<RawException>();
    return results.map((row) => ({ ...row, reason: Uint8Array.from(row.reason) }));
  }

  async accept({ id, reason, by, at, until }: StoredException): Promise<void> {
    const put = `INSERT INTO check_exceptions VALUES (?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET reason = excluded.reason, accepted_by = excluded.accepted_by,
        accepted_at = excluded.accepted_at, until = excluded.until`;
    await this.#db.prepare(put).bind(id, reason, by, at, until).run();
  }

  /** False: there was none. */
  async takeBack(id: string): Promise<boolean> {
    const { meta } = await this.#db.prepare('DELETE FROM check_exceptions WHERE id = ?').bind(id).run();
    return meta.changes === 1;
  }
}

type RawResult = Omit<StoredResult, 'accepted' | 'found'> & { accepted: number; found: string };
type RawCount = { run: string; outcome: CheckOutcome; accepted: number; count: number };
type RawException = Omit<StoredException, 'reason'> & { reason: number[] };

function resultFrom({ accepted, found, ...row }: RawResult): StoredResult {
  return { ...row, accepted: accepted === 1, found: JSON.parse(found) as CheckFound };
}
