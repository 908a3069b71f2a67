/** The rows of codes in D1: what was asked for, what was mailed, and how often each was tried. */
import type { SiteId, VisitorId } from '../../protocol/ids.ts';
import { lifetimes, limits } from '../../protocol/limits.ts';
import type { Past } from './rules.ts';

/** To prove an address, or to go on in another browser as whoever has proved it. */
export type Wish = 'prove' | 'continue';
/** `address` and `network` are keyed hashes. */
export type Ask = { asker: VisitorId; site: SiteId; wish: Wish; address: Uint8Array; network: Uint8Array };
export type Tried = Pick<Ask, 'wish'> & { id: number; code: Uint8Array };

const hour = 3_600_000;
const week = 7 * 86_400_000;
const past = 'SELECT COUNT(*) AS count, COALESCE(MAX(asked_at), 0) AS lastAt FROM visitor_codes';

export class CodeStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  /** What is remembered no longer, and which networks it came from. */
  async forget(now: number): Promise<void> {
    const used =
      'UPDATE visitor_codes SET network = NULL, code = NULL WHERE network IS NOT NULL AND asked_at <= ?';
    await this.#db.batch([
      this.#db.prepare('DELETE FROM visitor_codes WHERE asked_at <= ?').bind(now - week),
      this.#db.prepare(used).bind(now - hour),
    ]);
  }

  async askedBy(asker: VisitorId): Promise<Past> {
    return this.#past(`${past} WHERE asker = ?`, asker);
  }

  async mailedTo(site: SiteId, address: Uint8Array): Promise<Past> {
    return this.#past(`${past} WHERE site = ? AND address = ? AND mailed_at IS NOT NULL`, site, address);
  }

  async #past(query: string, ...values: (string | Uint8Array)[]): Promise<Past> {
    const row = await this.#db
      .prepare(query)
      .bind(...values)
      .first<Past>();
    return row ?? { count: 0, lastAt: 0 };
  }

  /**
   * Its id, in place of an earlier one of the same asker; undefined if they have asked for another since `asked` was
   * read, or too many were asked for from their network.
   */
  async add(ask: Ask, code: Uint8Array, asked: Past, now: number): Promise<number | undefined> {
    const { asker, site, wish, address, network } = ask;
    const insert = `INSERT INTO visitor_codes (asker, site, wish, address, network, code, asked_at)
      SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
      WHERE (SELECT COUNT(*) FROM visitor_codes WHERE asker = ?1) = ?8
        AND (SELECT COUNT(*) FROM visitor_codes WHERE network = ?5) < ?9 RETURNING id`;
    const values = [asker, site, wish, address, network, code, now, asked.count, limits.codesPerNetwork];
    const row = await this.#db
      .prepare(insert)
      .bind(...values)
      .first<{ id: number }>();
    return row?.id;
  }

  /**
   * This code is mailed. False: another one was since `mailed` was read, or too many were asked for before at this site.
   * Those that were not mailed count too, or what is left would tell which were.
   */
  async mail(
    id: number,
    { address, site, wish }: Ask,
    code: Uint8Array,
    mailed: Past,
    now: number,
  ): Promise<boolean> {
    const set = `UPDATE visitor_codes SET code = ?2, mailed_at = ?3 WHERE id = ?1
      AND (SELECT COUNT(*) FROM visitor_codes WHERE site = ?4 AND address = ?5 AND mailed_at IS NOT NULL) = ?6
      AND (SELECT COUNT(*) FROM visitor_codes
        WHERE site = ?4 AND wish = ?7 AND asked_at > ?8 AND id < ?1) < ?9`;
    const values = [id, code, now, site, address, mailed.count, wish, now - hour, limits.codesPerSite];
    return (
      (
        await this.#db
          .prepare(set)
          .bind(...values)
          .run()
      ).meta.changes === 1
    );
  }

  /** Counts a try before it is made, so that many at once can't slip through; undefined if there is none to be made. */
  async startTry(asker: VisitorId, now: number): Promise<Tried | undefined> {
    const count = `UPDATE visitor_codes SET tries = tries + 1
      WHERE id = (SELECT MAX(id) FROM visitor_codes WHERE asker = ?1)
        AND code IS NOT NULL AND tries < ?2 AND asked_at > ?3
      RETURNING id, wish, code`;
    const row = await this.#db
      .prepare(count)
      .bind(asker, limits.codeTries, now - lifetimes.visitorCode)
      .first<{ id: number; wish: Wish; code: number[] }>();
    return row === null ? undefined : { ...row, code: Uint8Array.from(row.code) };
  }

  async erase(asker: VisitorId, address: { site: SiteId; lookup: Uint8Array } | null): Promise<void> {
    const { site = null, lookup = null } = address ?? {};
    const erase = 'DELETE FROM visitor_codes WHERE asker = ? OR (site = ? AND address = ?)';
    await this.#db.prepare(erase).bind(asker, site, lookup).run();
  }

  /** True once: a code that was right is used up. */
  async spend(id: number): Promise<boolean> {
    const spend = 'UPDATE visitor_codes SET code = NULL WHERE id = ? AND code IS NOT NULL';
    return (await this.#db.prepare(spend).bind(id).run()).meta.changes === 1;
  }
}
