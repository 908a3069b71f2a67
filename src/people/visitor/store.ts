/** The rows of visitors in D1: what is known of them, which browsers hold them, and which tokens were used. */
import type { IdentityKeyId, SiteId, VisitorId } from '../../protocol/ids.ts';
import { lifetimes } from '../../protocol/limits.ts';
import { commitmentIn, commitmentOf } from '../../vault.ts';

type Sealed = { name: Uint8Array | null; address: Uint8Array | null };
/** Who answers for it: their site, or a code that was mailed to the address. */
export type How = 'site' | 'code';
/** `how`: for the visitor; `addressBy`: for the address, if there is one. */
export type VisitorRow = Sealed & { id: VisitorId; key: Uint8Array; how: How; addressBy: How | null };
type Keyed = Pick<VisitorRow, 'id' | 'key'>;
/**
 * `hold`: the keyed hash of the secret in a browser's cookie. `key`: the site's key that vouched, if one did. `provedAt`:
 * when their address was last proved in this browser, if it was.
 */
export type NewHold = { hold: Uint8Array; visitor: VisitorId } & (
  { key: IdentityKeyId; provedAt: number | null } | { key: null; provedAt: number }
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
  addressBy: How | null;
};

export class VisitorStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async find(id: VisitorId): Promise<VisitorRow | undefined> {
    return (await this.among([id]))[0];
  }

  /** Those of these of whom anything is kept. */
  async among(ids: readonly VisitorId[]): Promise<VisitorRow[]> {
    const query = `SELECT id, key, name, address, how, address_by AS addressBy FROM visitors
      WHERE id IN (SELECT value FROM json_each(?))`;
    const { results } = await this.#db.prepare(query).bind(JSON.stringify(ids)).all<RawVisitor>();
    return results.map((row) => {
      const { key, name, address } = row;
      return { ...row, key: Uint8Array.from(key), name: bytesOf(name), address: bytesOf(address) };
    });
  }

  /** On which site they are, and when they were seen first and last. */
  async seen(id: VisitorId): Promise<{ site: SiteId; since: number; seenAt: number } | undefined> {
    const query = 'SELECT site, created_at AS since, seen_at AS seenAt FROM visitors WHERE id = ?';
    const row = await this.#db
      .prepare(query)
      .bind(id)
      .first<{ site: SiteId; since: number; seenAt: number }>();
    return row ?? undefined;
  }

  /** Those of whom an address is proved with this keyed hash. */
  async withAddress(lookup: Uint8Array): Promise<{ id: VisitorId; site: SiteId }[]> {
    const query = 'SELECT id, site FROM visitors WHERE lookup = ? ORDER BY site, id';
    return (await this.#db.prepare(query).bind(lookup).all<{ id: VisitorId; site: SiteId }>()).results;
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

  /**
   * Their site says so. Where it names no address, one that a code has proved stays. False: they are not there any more, or
   * have another key than this was sealed under, and nothing is stored.
   */
  async setSaid(
    { id, key }: Keyed,
    { name, address, lookup }: Sealed & { lookup: Uint8Array | null },
  ): Promise<boolean> {
    const by = address === null ? null : 'site';
    const set = `UPDATE visitors SET address = ?2, lookup = ?3, address_by = ?4
      WHERE id = ?1 AND ${commitmentIn} = ?5 AND (?4 IS NOT NULL OR address_by IS NOT 'code')`;
    const commitment = commitmentOf(key);
    const [named] = await this.#db.batch([
      this.#db
        .prepare(`UPDATE visitors SET name = ? WHERE id = ? AND ${commitmentIn} = ?`)
        .bind(name, id, commitment),
      this.#db.prepare(set).bind(id, address, lookup, by, commitment),
    ]);
    return named?.meta.changes === 1;
  }

  /** A code has proved so. False: they have an address already, or another key than this was sealed under. */
  async setProved({ id, key }: Keyed, address: Uint8Array, lookup: Uint8Array): Promise<boolean> {
    const set = `UPDATE visitors SET address = ?, lookup = ?, address_by = 'code'
      WHERE id = ? AND address IS NULL AND ${commitmentIn} = ? RETURNING id`;
    return (await this.#db.prepare(set).bind(address, lookup, id, commitmentOf(key)).first()) !== null;
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

  /**
   * A browser that held whom a site vouches for by `before` does so by `after`, and has proved this address of theirs.
   * Tokens that served it go on to do so. False: it does not hold them any more, or this is not their address.
   */
  async stepUp(before: Uint8Array, after: Uint8Array, lookup: Uint8Array, now: number): Promise<boolean> {
    const prove = `UPDATE visitor_holds SET hold = ?2, proved_at = ?4
      WHERE hold = ?1 AND visitor IN (SELECT id FROM visitors WHERE lookup = ?3)`;
    const follow = `UPDATE vouches SET hold = ?2
      WHERE hold = ?1 AND EXISTS (SELECT 1 FROM visitor_holds WHERE hold = ?2)`;
    const [proved] = await this.#db.batch([
      this.#db.prepare(prove).bind(before, after, lookup, now),
      this.#db.prepare(follow).bind(before, after),
    ]);
    return proved?.meta.changes === 1;
  }

  async tracesOf(id: VisitorId): Promise<{ site: SiteId; lookup: Uint8Array | null; how: How } | undefined> {
    const query = 'SELECT site, lookup, how FROM visitors WHERE id = ?';
    const row = await this.#db
      .prepare(query)
      .bind(id)
      .first<{ site: SiteId; lookup: number[] | null; how: How }>();
    return row === null ? undefined : { ...row, lookup: bytesOf(row.lookup) };
  }

  /**
   * SQLite leaves what it frees as it is: the key is overwritten before it is let go. That a secret was spent stays, or
   * whoever knows it could be this visitor again.
   */
  async erase(id: VisitorId): Promise<void> {
    const blank = `UPDATE visitors SET key = zeroblob(length(key)), name = zeroblob(length(name)),
      address = zeroblob(length(address)), lookup = NULL WHERE id = ?`;
    await this.#db.batch([
      this.#db.prepare(blank).bind(id),
      this.#db.prepare('DELETE FROM visitor_holds WHERE visitor = ?').bind(id),
      this.#db.prepare('DELETE FROM visitors WHERE id = ?').bind(id),
    ]);
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
