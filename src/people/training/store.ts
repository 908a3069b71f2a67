/** The rows of what is asked of whoever has a role, and of who has taken what, in D1. */
import type { PersonId } from '../../protocol/ids.ts';
import type { Role } from '../../protocol/roles.ts';
import type { Asked, Lesson, Taken } from '../../protocol/training.ts';

export type AssignedRow = Asked & { role: Role };
/** `from`: null: from now on, or since it is asked. */
export type Line = Pick<Asked, 'lesson' | 'gate' | 'counts'> & { from: number | null };
export type AskedRow = Asked & { person: PersonId; taken: Taken | null };

const asked = 'a.lesson, a.gate, a.asked_from AS "from", a.counts, a.renew_by AS renewBy';

export class TrainingStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  /** What is asked of these people, or of everybody who works here, by their roles. */
  async askedOf(ids?: readonly PersonId[]): Promise<AskedRow[]> {
    const who =
      ids === undefined ? `p.state = 'active' AND ?1 IS NULL` : 'p.id IN (SELECT value FROM json_each(?1))';
    const query = `SELECT p.id AS person, ${asked}, t.version, t.at FROM people p
      JOIN training_asked a ON a.role = p.role
      LEFT JOIN training_taken t ON t.person = p.id AND t.lesson = a.lesson
      WHERE ${who} ORDER BY p.created_at, p.id, a.lesson`;
    const { results } = await this.#db
      .prepare(query)
      .bind(ids === undefined ? null : JSON.stringify(ids))
      .all<Asked & { person: PersonId; version: number | null; at: number | null }>();
    return results.map(({ version, at, ...row }) => ({
      ...row,
      taken: version === null || at === null ? null : { version, at },
    }));
  }

  async assigned(): Promise<AssignedRow[]> {
    const query = `SELECT a.role, ${asked} FROM training_asked a ORDER BY a.role, a.lesson`;
    return (await this.#db.prepare(query).all<AssignedRow>()).results;
  }

  /**
   * What is asked of whoever has this role, and nothing else. What is asked already keeps what counts, and, without another
   * time, since when; what was taken out meanwhile is not asked.
   */
  async assign(role: Role, lines: readonly Line[], now: number): Promise<void> {
    const others = `DELETE FROM training_asked
      WHERE role = ? AND lesson NOT IN (SELECT value FROM json_each(?))`;
    const ask = this.#db.prepare(`INSERT INTO training_asked
      SELECT ?1, ?2, ?3, IFNULL(?4, ?6), ?5, NULL
      WHERE NOT EXISTS (SELECT 1 FROM own_lessons WHERE id = ?2 AND text IS NULL)
      ON CONFLICT DO UPDATE SET gate = excluded.gate, asked_from = IFNULL(?4, asked_from)`);
    await this.#db.batch([
      this.#db.prepare(others).bind(role, JSON.stringify(lines.map(({ lesson }) => lesson))),
      ...lines.map(({ lesson, gate, from, counts }) => ask.bind(role, lesson, gate, from, counts, now)),
    ]);
  }

  /** From here on this version counts, and an older one until then. False: it did already, or nobody is asked. */
  async askAgain(lesson: Lesson, counts: number, renewBy: number): Promise<boolean> {
    const ask = 'UPDATE training_asked SET counts = ?2, renew_by = ?3 WHERE lesson = ?1 AND counts < ?2';
    return (await this.#db.prepare(ask).bind(lesson, counts, renewBy).run()).meta.changes > 0;
  }

  /** What somebody has taken, whether they are asked it or not. */
  async takenBy(person: PersonId): Promise<Map<string, Taken>> {
    const query = 'SELECT lesson, version, at FROM training_taken WHERE person = ?';
    const { results } = await this.#db.prepare(query).bind(person).all<Taken & { lesson: string }>();
    return new Map(results.map(({ lesson, version, at }) => [lesson, { version, at }]));
  }

  /** A later time, or version, stays over an earlier one, in whatever order they come. */
  async take(person: PersonId, lesson: Lesson, { version, at }: Taken): Promise<void> {
    const upsert = `INSERT INTO training_taken VALUES (?, ?, ?, ?) ON CONFLICT (person, lesson)
      DO UPDATE SET version = MAX(version, excluded.version), at = MAX(at, excluded.at)`;
    await this.#db.prepare(upsert).bind(person, lesson, version, at).run();
  }

  async holdersOf(roles: readonly Role[]): Promise<PersonId[]> {
    const query = `SELECT id FROM people WHERE state = 'active' AND role IN (SELECT value FROM json_each(?))`;
    const { results } = await this.#db.prepare(query).bind(JSON.stringify(roles)).all<{ id: PersonId }>();
    return results.map(({ id }) => id);
  }
}
