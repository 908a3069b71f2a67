/** The rows of sites' keys in D1. */
import type { IdentityKeyId, SiteId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { IdentityAlgorithm, PublicKey } from '../../protocol/visitors.ts';
import type { SiteKey } from './keys.ts';

/** D1 gives blobs as arrays of numbers. */
type Row = {
  id: IdentityKeyId;
  alg: IdentityAlgorithm;
  public_key: string | null;
  secret: number[] | null;
  created_at: number;
};

export class SiteKeyStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async ofSite(site: SiteId): Promise<SiteKey[]> {
    const query = 'SELECT * FROM site_keys WHERE site = ? ORDER BY created_at, id';
    return (await this.#db.prepare(query).bind(site).all<Row>()).results.map(keyIn);
  }

  /** False: the site has as many as it can have. @throws if there is no such site */
  async add(site: SiteId, key: SiteKey): Promise<boolean> {
    const insert = `INSERT INTO site_keys (id, site, alg, public_key, secret, created_at)
      SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE (SELECT COUNT(*) FROM site_keys WHERE site = ?2) < ?7`;
    const [publicKey, secret] =
      key.alg === 'HS256' ? [null, key.secret] : [JSON.stringify(key.publicKey), null];
    const values = [key.id, site, key.alg, publicKey, secret, key.createdAt, limits.identityKeys];
    const result = await this.#db
      .prepare(insert)
      .bind(...values)
      .run();
    return result.meta.changes === 1;
  }

  /** With it go the browsers that it vouched for. False: the site has no such key. */
  async drop(site: SiteId, id: IdentityKeyId): Promise<boolean> {
    const drop = 'DELETE FROM site_keys WHERE id = ? AND site = ?';
    return (await this.#db.prepare(drop).bind(id, site).run()).meta.changes > 0;
  }
}

function keyIn({ id, alg, public_key, secret, created_at }: Row): SiteKey {
  const key = { id, createdAt: created_at };
  if (alg === 'HS256') return { ...key, alg, secret: Uint8Array.from(secret ?? []) };
  return { ...key, alg, publicKey: JSON.parse(public_key ?? 'null') as PublicKey };
}
