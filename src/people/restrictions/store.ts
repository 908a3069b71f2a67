/** The register of restrictions in D1. */
import type { PersonId, VisitorId } from '../../protocol/ids.ts';

/** `since`: what they began until then is restricted. `liftedAt`: null while it is. */
export type Restriction = {
  visitor: VisitorId;
  since: number;
  by: PersonId;
  liftedAt: number | null;
};

const columns = 'SELECT visitor, since, by, lifted_at AS liftedAt FROM restrictions';

export class RestrictionStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async find(visitor: VisitorId): Promise<Restriction | undefined> {
    return this.#first(`${columns} WHERE visitor = ?`, visitor);
  }

  /** Those of these whose data are restricted. */
  async among(visitors: readonly VisitorId[]): Promise<VisitorId[]> {
    const query = `SELECT visitor FROM restrictions
      WHERE lifted_at IS NULL AND visitor IN (SELECT value FROM json_each(?))`;
    const { results } = await this.#db
      .prepare(query)
      .bind(JSON.stringify(visitors))
      .all<Pick<Restriction, 'visitor'>>();
    return results.map(({ visitor }) => visitor);
  }

  /** The first at or behind this visitor, by their ids. */
  async firstFrom(visitor: string): Promise<Restriction | undefined> {
    return this.#first(`${columns} WHERE visitor >= ? ORDER BY visitor LIMIT 1`, visitor);
  }

  async #first(query: string, visitor: string): Promise<Restriction | undefined> {
    return (await this.#db.prepare(query).bind(visitor).first<Restriction>()) ?? undefined;
  }

  /** Who put it first stays named. Each change is later than the one before, whatever the clock does. */
  async put(visitor: VisitorId, by: PersonId, now: number): Promise<void> {
    const put = `INSERT INTO restrictions (visitor, since, by) VALUES (?1, ?2, ?3)
      ON CONFLICT DO UPDATE SET since = max(?2, lifted_at + 1), by = ?3, lifted_at = NULL
      WHERE lifted_at IS NOT NULL`;
    await this.#db.prepare(put).bind(visitor, now, by).run();
  }

  async lift(visitor: VisitorId, now: number): Promise<void> {
    const lift = `UPDATE restrictions SET lifted_at = max(?2, since + 1) WHERE visitor = ?1 AND lifted_at IS NULL`;
    await this.#db.prepare(lift).bind(visitor, now).run();
  }

  async drop(visitor: VisitorId): Promise<void> {
    await this.#db.prepare('DELETE FROM restrictions WHERE visitor = ?').bind(visitor).run();
  }

  async dropLiftedBefore(time: number): Promise<void> {
    await this.#db.prepare('DELETE FROM restrictions WHERE lifted_at < ?').bind(time).run();
  }
}
