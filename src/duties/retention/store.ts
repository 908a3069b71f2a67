/** Whose time is over, and what was deleted as it was, in D1. */
import type { SiteId, VisitorId } from '../../protocol/ids.ts';
import type { DeletedKind } from '../../protocol/retention.ts';

/** How many of a kind one day has deleted. `site`: null for what is of no site, or of one that is not known any more. */
export type Deleted = { day: string; site: SiteId | null; kind: DeletedKind; count: number };

/**
 * Of a site, whoever was not seen since then, and of whom nothing else is there: no conversation, no request that waits for
 * an answer, and no restriction.
 */
const over = `site = ?1 AND seen_at < ?2
  AND NOT EXISTS (SELECT 1 FROM conversations WHERE visitor = visitors.id)
  AND NOT EXISTS (SELECT 1 FROM requests WHERE visitor = visitors.id AND state IN ('open', 'working'))
  AND NOT EXISTS (SELECT 1 FROM restrictions WHERE visitor = visitors.id AND lifted_at IS NULL)`;

export class RetentionStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  /** In the order of their ids, behind this one. */
  async visitorsOver(site: SiteId, seenBefore: number, after: string, limit: number): Promise<VisitorId[]> {
    const query = `SELECT id FROM visitors WHERE ${over} AND id > ?3 ORDER BY id LIMIT ?4`;
    const { results } = await this.#db
      .prepare(query)
      .bind(site, seenBefore, after, limit)
      .all<{ id: VisitorId }>();
    return results.map(({ id }) => id);
  }

  async countVisitorsOver(site: SiteId, seenBefore: number): Promise<number> {
    const query = `SELECT COUNT(*) AS n FROM visitors WHERE ${over}`;
    return (await this.#db.prepare(query).bind(site, seenBefore).first<{ n: number }>())?.n ?? 0;
  }

  /**
   * Their row and the browsers that hold them go, and the register has it, in one commit. SQLite leaves what it frees as it
   * is: the key is overwritten before it is let go. False: they have come back meanwhile, and stay.
   */
  async eraseVisitor(id: VisitorId, site: SiteId, seenBefore: number, now: number): Promise<boolean> {
    const theirs = `id = ?3 AND ${over}`;
    const of = (query: string, ...more: number[]) =>
      this.#db.prepare(query).bind(site, seenBefore, id, ...more);
    const [, , , erased] = await this.#db.batch([
      of(
        `INSERT INTO erased (id, at, site, kind) SELECT id, ?4, site, 'visitors' FROM visitors WHERE ${theirs}
         ON CONFLICT DO UPDATE SET at = excluded.at, site = excluded.site, kind = excluded.kind`,
        now,
      ),
      of(`UPDATE visitors SET key = zeroblob(length(key)), name = zeroblob(length(name)),
        address = zeroblob(length(address)), lookup = NULL WHERE ${theirs}`),
      of(`DELETE FROM visitor_holds WHERE visitor IN (SELECT id FROM visitors WHERE ${theirs})`),
      of(`DELETE FROM visitors WHERE ${theirs}`),
    ]);
    return erased?.meta.changes === 1;
  }

  /** Of how many people the ledger has details of months before this one that neither a legal hold nor a restriction keeps. */
  async countDetailsOver(month: string): Promise<number> {
    const query = `SELECT COUNT(DISTINCT owner) AS n FROM ledger_keys WHERE month < ? AND key <> x''
      AND NOT EXISTS (SELECT 1 FROM conversations WHERE visitor = owner AND held = 1)
      AND NOT EXISTS (SELECT 1 FROM restrictions WHERE visitor = owner AND lifted_at IS NULL)`;
    return (await this.#db.prepare(query).bind(month).first<{ n: number }>())?.n ?? 0;
  }

  /** The register has these keys of the ledger's details before they are destroyed: done again it is the same. */
  async registerDetails(names: readonly string[], now: number): Promise<void> {
    await this.#db
      .prepare(
        `INSERT INTO erased (id, at, kind) SELECT value, ?, 'details' FROM json_each(?) WHERE true
         ON CONFLICT DO NOTHING`,
      )
      .bind(now, JSON.stringify(names))
      .run();
  }

  /** Of each day since then, the last first. Days are those of UTC. */
  async deletedSince(from: number, until: number): Promise<Deleted[]> {
    const query = `SELECT date(at / 1000, 'unixepoch') AS day, site, kind, COUNT(*) AS count FROM erased
      WHERE kind IS NOT NULL AND at >= ? AND at < ? GROUP BY day, site, kind ORDER BY day DESC, site, kind`;
    return (await this.#db.prepare(query).bind(from, until).all<Deleted>()).results;
  }
}
