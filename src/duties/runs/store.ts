/** The rows of duties that take longer than one request. */

export type Duty =
  | 'retention'
  | 'rotation'
  | 'emergency'
  | 'copy'
  | 'backup'
  | 'erasure'
  | 'restriction'
  | 'withdrawal'
  | 'restore'
  | 'return'
  | 'drill'
  | 'checks'
  | 'played'
  | 'reminders'
  | 'archive';

/** Of the id that is asked for (?1): it, with a hyphen and whatever follows. */
const ofThis = `id > ?1 || '-' AND id < ?1 || '.'`;

/** What an instance of the Workflow is told. */
export type Driven = { readonly run: string };

export type Run = {
  readonly id: string;
  readonly duty: Duty;
  readonly place: string | null;
  /** Things done, as the duty counts them. */
  readonly done: number;
  readonly begunAt: number;
  readonly movedAt: number;
  /** Null: it goes on. */
  readonly overAt: number | null;
};

const columns =
  'id, duty, place, done, begun_at AS begunAt, moved_at AS movedAt, over_at AS overAt FROM runs';

export class RunStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async add(duty: Duty, id: string, now: number, place: string | null = null): Promise<void> {
    await this.#db
      .prepare('INSERT OR IGNORE INTO runs (id, duty, begun_at, moved_at, place) VALUES (?, ?, ?3, ?3, ?4)')
      .bind(id, duty, now, place)
      .run();
  }

  async find(id: string): Promise<Run | undefined> {
    return (await this.#db.prepare(`SELECT ${columns} WHERE id = ?`).bind(id).first<Run>()) ?? undefined;
  }

  /** The newest whose id is this one, or begins with it and a hyphen. */
  async newest(id: string): Promise<Run | undefined> {
    const query = `SELECT ${columns} WHERE id = ?1 OR (${ofThis})
      ORDER BY begun_at DESC, id DESC LIMIT 1`;
    return (await this.#db.prepare(query).bind(id).first<Run>()) ?? undefined;
  }

  /** Those whose id begins with this one and a hyphen, and that were begun since then. */
  async count(id: string, since: number): Promise<number> {
    const query = `SELECT COUNT(*) AS n FROM runs WHERE ${ofThis} AND begun_at > ?2`;
    return (await this.#db.prepare(query).bind(id, since).first<number>('n')) ?? 0;
  }

  async still(since: number): Promise<Run[]> {
    const query = `SELECT ${columns} WHERE over_at IS NULL AND moved_at < ? ORDER BY moved_at LIMIT 20`;
    return (await this.#db.prepare(query).bind(since).all<Run>()).results;
  }

  async touch(id: string, now: number): Promise<void> {
    await this.#db.prepare('UPDATE runs SET moved_at = ? WHERE id = ?').bind(now, id).run();
  }

  /** @returns false: somebody else has moved it from there */
  async move(
    { id, place: from }: Pick<Run, 'id' | 'place'>,
    to: string | null,
    done: number,
    now: number,
  ): Promise<boolean> {
    const { meta } = await this.#db
      .prepare(
        `UPDATE runs SET place = ?3, done = done + ?4, moved_at = ?5, over_at = iif(?3 IS NULL, ?5, NULL)
         WHERE id = ?1 AND place IS ?2 AND over_at IS NULL`,
      )
      .bind(id, from, to, done, now)
      .run();
    return meta.changes === 1;
  }
}
