/** The rows of the organisation's own lessons, and of who was reminded of what. */
import type { LessonId, PersonId } from '../../protocol/ids.ts';
import type { Lesson, OwnLessonVersion } from '../../protocol/training.ts';

export type OwnRow = { id: LessonId } & OwnLessonVersion;
export type RemindedRow = { person: PersonId; lesson: Lesson; due: number; at: number };

/** Each lesson's newest version, unless it was taken out. */
const newest = `SELECT id, version, text, at FROM own_lessons AS o
  WHERE text IS NOT NULL AND version = (SELECT MAX(version) FROM own_lessons WHERE id = o.id)`;

export class OwnLessonStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async list(): Promise<OwnRow[]> {
    return (await this.#db.prepare(`${newest} ORDER BY id`).all<OwnRow>()).results;
  }

  async find(id: LessonId): Promise<OwnRow | undefined> {
    return (await this.#db.prepare(`${newest} AND id = ?`).bind(id).first<OwnRow>()) ?? undefined;
  }

  /** The newest first. */
  async versions(id: LessonId): Promise<OwnLessonVersion[]> {
    const query =
      'SELECT version, at, text FROM own_lessons WHERE id = ? AND text IS NOT NULL ORDER BY version DESC';
    return (await this.#db.prepare(query).bind(id).all<OwnLessonVersion>()).results;
  }

  /** False: there are as many as there can be. */
  async add(id: LessonId, text: string, at: number, most: number): Promise<boolean> {
    const insert = `INSERT INTO own_lessons SELECT ?1, 1, ?2, ?3 WHERE (SELECT COUNT(*) FROM (${newest})) < ?4`;
    return (await this.#db.prepare(insert).bind(id, text, at, most).run()).meta.changes === 1;
  }

  /**
   * The next version; without a text the lesson is taken out, and nobody is asked it any more.
   * @param renewBy until when an older one counts at the longest; null: as long as it would
   * @returns false: `before` is not the newest any more, and nothing has changed
   */
  async change(
    id: LessonId,
    before: number,
    text: string | null,
    at: number,
    renewBy: number | null = null,
  ): Promise<boolean> {
    const isNewest = `EXISTS (SELECT 1 FROM (${newest}) WHERE id = ?1 AND version = ?2)`;
    const drop = `DELETE FROM training_asked WHERE lesson = ?1 AND ${isNewest}`;
    const again = `UPDATE training_asked SET counts = ?2 + 1, renew_by = ?3
      WHERE lesson = ?1 AND counts <= ?2 AND ${isNewest}`;
    const insert = `INSERT INTO own_lessons SELECT ?1, ?2 + 1, ?3, ?4 WHERE ${isNewest}`;
    const results = await this.#db.batch([
      ...(text === null ? [this.#db.prepare(drop).bind(id, before)] : []),
      ...(renewBy === null ? [] : [this.#db.prepare(again).bind(id, before, renewBy)]),
      this.#db.prepare(insert).bind(id, before, text, at),
    ]);
    return results.at(-1)?.meta.changes === 1;
  }
}

export class ReminderStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async list(): Promise<RemindedRow[]> {
    return (
      await this.#db.prepare('SELECT person, lesson, due, at FROM training_reminded').all<RemindedRow>()
    ).results;
  }

  async set(rows: readonly RemindedRow[]): Promise<void> {
    const upsert = this.#db.prepare(
      `INSERT INTO training_reminded VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET due = excluded.due, at = excluded.at`,
    );
    await this.#db.batch(rows.map(({ person, lesson, due, at }) => upsert.bind(person, lesson, due, at)));
  }
}
