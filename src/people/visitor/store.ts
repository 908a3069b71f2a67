/** The rows of visitors in D1: what is known of them, which browsers hold them, and which tokens were used. */
import type { IdentityKeyId, SiteId, VisitorId } from '../../protocol/ids.ts';
import { lifetimes } from '../../protocol/limits.ts';

type Sealed = { name: Uint8Array | null; address: Uint8Array | null };
export type VisitorRow = Sealed & { id: VisitorId; key: Uint8Array };
/** `hold`: the keyed hash of the secret in a browser's cookie. `key`: the site's key that vouched. */
export type Hold = { hold: Uint8Array; visitor: VisitorId; key: IdentityKeyId; until: number };

/** What is held is written down anew once a day. */
const stale = 86_400_000;

/** D1 gives blobs as arrays of numbers. */
type RawVisitor = { id: VisitorId; key: number[]; name: number[] | null; address: number[] | null };

export class VisitorStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async find(id: VisitorId): Promise<VisitorRow | undefined> {
    const query = 'SELECT id, key, name, address FROM visitors WHERE id = ?';
    const row = await this.#db.prepare(query).bind(id).first<RawVisitor>();
    if (row === null) return undefined;
    const { name, address } = row;
    return { id, key: Uint8Array.from(row.key), name: bytesOf(name), address: bytesOf(address) };
  }

  /** Those of whom an address is proved with this keyed hash. */
  async withAddress(lookup: Uint8Array): Promise<VisitorId[]> {
    const query = 'SELECT id FROM visitors WHERE lookup = ?';
    const { results } = await this.#db.prepare(query).bind(lookup).all<{ id: VisitorId }>();
    return results.map(({ id }) => id);
  }

  /** With this key, unless they have one already. */
  async add(id: VisitorId, site: SiteId, key: Uint8Array, now: number): Promise<VisitorRow> {
    const insert = `INSERT INTO visitors (id, site, key, created_at, seen_at) VALUES (?1, ?2, ?3, ?4, ?4)
      ON CONFLICT DO NOTHING`;
    await this.#db.prepare(insert).bind(id, site, key, now).run();
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
    const query = 'SELECT visitor, key, until FROM visitor_holds WHERE hold = ? AND until > ?';
    const row = await this.#db.prepare(query).bind(hold, now).first<Omit<Hold, 'hold'>>();
    return row === null ? undefined : { ...row, hold };
  }

  /** Holds on from now; the visitor was seen. @param hold `until` is what is written down of it already */
  async keepHold({ hold, visitor, key, until }: Hold, now: number): Promise<void> {
    const ahead = now + lifetimes.visitorHold;
    if (until > ahead - stale) return;
    const keep = `INSERT INTO visitor_holds (hold, visitor, key, until) VALUES (?1, ?2, ?3, ?4)
      ON CONFLICT (hold) DO UPDATE SET key = ?3, until = ?4`;
    await this.#db.batch([
      this.#db.prepare('DELETE FROM visitor_holds WHERE until <= ?').bind(now),
      this.#db.prepare(keep).bind(hold, visitor, key, ahead),
      this.#db.prepare('UPDATE visitors SET seen_at = ? WHERE id = ?').bind(now, visitor),
    ]);
  }

  async dropHold(hold: Uint8Array): Promise<void> {
    await this.#db.prepare('DELETE FROM visitor_holds WHERE hold = ?').bind(hold).run();
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
