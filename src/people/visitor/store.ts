/** The rows of visitors in D1: what is known of them, which browsers hold them, and which tokens were used. */
import type { IdentityKeyId, SiteId, VisitorId } from '../../protocol/ids.ts';
import { lifetimes } from '../../protocol/limits.ts';

type Sealed = { name: Uint8Array | null; address: Uint8Array | null };
/** Who answers for it: their site, or a code that was mailed to the address. */
export type How = 'site' | 'code';
export type VisitorRow = Sealed & { id: VisitorId; key: Uint8Array; how: How };
/**
 * `hold`: the keyed hash of the secret in a browser's cookie. `key`: the site's key that vouched; without one, `provedAt`:
 * when an address was last proved in this browser.
 */
export type NewHold = { hold: Uint8Array; visitor: VisitorId } & (
  { key: IdentityKeyId; provedAt: null } | { key: null; provedAt: number }
);
export type Hold = NewHold & { until: number };

/** What is held is written down anew once a day. */
const stale = 86_400_000;

/** D1 gives blobs as arrays of numbers. */
type RawVisitor = {
  id: VisitorId;
  key: number[];
  name: number[] | null;
  address: number[] | null;
  how: How;
};

export class VisitorStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async find(id: VisitorId): Promise<VisitorRow | undefined> {
    const query = 'SELECT id, key, name, address, how FROM visitors WHERE id = ?';
    const row = await this.#db.prepare(query).bind(id).first<RawVisitor>();
    if (row === null) return undefined;
    const { name, address, how } = row;
    return { id, key: Uint8Array.from(row.key), name: bytesOf(name), address: bytesOf(address), how };
  }

  /** Those of whom an address is proved with this keyed hash. */
  async withAddress(lookup: Uint8Array): Promise<VisitorId[]> {
    const query = 'SELECT id FROM visitors WHERE lookup = ?';
    const { results } = await this.#db.prepare(query).bind(lookup).all<{ id: VisitorId }>();
    return results.map(({ id }) => id);
  }

  /** Whether the secret that this visitor began with is of no use any more. */
  async isSpent(id: VisitorId): Promise<boolean> {
    const query = 'SELECT 1 FROM spent_secrets WHERE visitor = ?';
    return (await this.#db.prepare(query).bind(id).first()) !== null;
  }

  /** Of those who have proved it on this site by a code, the last seen. */
  async provedOn(site: SiteId, lookup: Uint8Array): Promise<VisitorId | undefined> {
    const query = `SELECT id FROM visitors WHERE lookup = ? AND site = ? AND how = 'code'
      ORDER BY seen_at DESC, id LIMIT 1`;
    return (await this.#db.prepare(query).bind(lookup, site).first<{ id: VisitorId }>())?.id;
  }

  /** With this key, unless they have one already. */
  async add(
    { id, key, how }: Pick<VisitorRow, 'id' | 'key' | 'how'>,
    site: SiteId,
    now: number,
  ): Promise<VisitorRow> {
    const insert = `INSERT INTO visitors (id, site, key, how, created_at, seen_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)
      ON CONFLICT DO NOTHING`;
    await this.#db.prepare(insert).bind(id, site, key, how, now).run();
    const row = await this.find(id);
    if (row === undefined) throw new Error('the visitor was not added');
    return row;
  }

  async setFacts(
    id: VisitorId,
    { name, address, lookup }: Sealed & { lookup: Uint8Array | null },
  ): Promise<void> {
    const set = 'UPDATE visitors SET name = ?, address = ?, lookup = ? WHERE id = ?';
    await this.#db.prepare(set).bind(name, address, lookup, id).run();
  }

  async holdOf(hold: Uint8Array, now: number): Promise<Hold | undefined> {
    const query = `SELECT visitor, key, proved_at AS provedAt, until FROM visitor_holds
      WHERE hold = ? AND until > ?`;
    const row = await this.#db.prepare(query).bind(hold, now).first<Hold>();
    return row === null ? undefined : { ...row, hold };
  }

  /**
   * A browser holds this visitor from now on, who was seen.
   * @param instead the hold that it had before, and whom nobody is any more by the secret that they began with
   */
  async addHold(
    { hold, visitor, key, provedAt }: NewHold,
    instead: { hold?: Uint8Array | undefined; spent?: VisitorId },
    now: number,
  ): Promise<void> {
    const until = now + lifetimes.visitorHold;
    const insert = 'INSERT INTO visitor_holds (hold, visitor, key, proved_at, until) VALUES (?, ?, ?, ?, ?)';
    const spend = 'INSERT INTO spent_secrets VALUES (?) ON CONFLICT DO NOTHING';
    await this.#db.batch([
      this.#db.prepare('DELETE FROM visitor_holds WHERE until <= ?').bind(now),
      ...(instead.hold === undefined ? [] : [this.#dropping(instead.hold)]),
      ...(instead.spent === undefined ? [] : [this.#db.prepare(spend).bind(instead.spent)]),
      this.#db.prepare(insert).bind(hold, visitor, key, provedAt, until),
      this.#db.prepare('UPDATE visitors SET seen_at = ? WHERE id = ?').bind(now, visitor),
    ]);
  }

  /**
   * Holds on from now; the visitor was seen. False: it was dropped meanwhile, and stays so.
   * @param hold `until` is what is written down of it already
   */
  async renewHold({ hold, visitor, key, until }: Hold, now: number): Promise<boolean> {
    const ahead = now + lifetimes.visitorHold;
    if (until > ahead - stale) return true;
    const renew = 'UPDATE visitor_holds SET key = ?, until = ? WHERE hold = ?';
    const { meta } = await this.#db.prepare(renew).bind(key, ahead, hold).run();
    if (meta.changes === 0) return false;
    await this.#db.prepare('UPDATE visitors SET seen_at = ? WHERE id = ?').bind(now, visitor).run();
    return true;
  }

  async dropHold(hold: Uint8Array): Promise<void> {
    await this.#dropping(hold).run();
  }

  #dropping(hold: Uint8Array): D1PreparedStatement {
    return this.#db.prepare('DELETE FROM visitor_holds WHERE hold = ?').bind(hold);
  }

  /** False: this token serves another browser. One that has run out is forgotten, and not believed any more anyway. */
  async use(
    token: Uint8Array,
    { hold, until }: { hold: Uint8Array; until: number },
    now: number,
  ): Promise<boolean> {
    const [, , used] = await this.#db.batch([
      this.#db.prepare('DELETE FROM vouches WHERE until <= ?').bind(now),
      this.#db.prepare('INSERT OR IGNORE INTO vouches VALUES (?, ?, ?)').bind(token, hold, until),
      this.#db.prepare('SELECT 1 FROM vouches WHERE token = ? AND hold = ?').bind(token, hold),
    ]);
    return used?.results.length === 1;
  }
}

function bytesOf(blob: number[] | null): Uint8Array | null {
  return blob === null ? null : Uint8Array.from(blob);
}
