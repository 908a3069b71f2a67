/** The rows of copies in D1. */
import type { CopyId, PersonId, SiteId, VisitorId } from '../../protocol/ids.ts';

export type CopyRow = {
  id: CopyId;
  /** Whom it is about. */
  visitor: VisitorId;
  site: SiteId;
  /** Who asked for it: they themselves, or somebody on staff. */
  asker: VisitorId | PersonId;
  /** Whether what staff keep to themselves is in it. */
  backstage: boolean;
  askedAt: number;
  /** When it was handed to its person with an answer (src/duties/privacy/); null: it was not. */
  handedAt: number | null;
  /** How many portions it has had. */
  step: number;
  /** Sealed: how far it is; null before the first portion and once it is made. */
  progress: Uint8Array | null;
  /** Sealed: what the zip consists of; null until it is made. */
  manifest: Uint8Array | null;
  /** Sealed: the OpenPGP key that it is handed out under; null: under none. */
  pgp: Uint8Array | null;
};
export type NewCopy = Pick<CopyRow, 'id' | 'visitor' | 'site' | 'asker' | 'backstage' | 'askedAt' | 'pgp'> & {
  /** By which it is known whether it is under the same key as another. */
  pgpLookup: Uint8Array | null;
};

type Raw = Omit<CopyRow, 'backstage' | 'progress' | 'manifest' | 'pgp'> & {
  backstage: number;
  progress: number[] | null;
  manifest: number[] | null;
  pgp: number[] | null;
};
/** That it was handed over stands with the answer alone, so that neither can be there without the other. */
const columns = `id, visitor, site, asker, backstage, asked_at AS askedAt, step, progress, manifest, pgp,
  (SELECT MAX(done_at) FROM requests WHERE copy = copies.id AND state = 'done') AS handedAt`;

export class CopyStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  /**
   * This one, unless there is one like it that was asked for after `since`, or as many others of the same asker as `most`.
   * @returns the one that there is then; undefined: there were too many
   */
  async add(copy: NewCopy, since: number, most: number): Promise<CopyRow | undefined> {
    const { id, visitor, site, asker, backstage, askedAt, pgp, pgpLookup } = copy;
    const like = 'visitor = ?2 AND asker = ?4 AND backstage = ?5 AND asked_at > ?7 AND pgp_lookup IS ?9';
    const [, found] = await this.#db.batch<Raw>([
      this.#db
        .prepare(
          `INSERT INTO copies (id, visitor, site, asker, backstage, asked_at, pgp, pgp_lookup)
           SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?8, ?9 WHERE NOT EXISTS (SELECT 1 FROM copies WHERE ${like})
           AND (SELECT COUNT(*) FROM copies WHERE visitor = ?2 AND asker = ?4 AND asked_at > ?7) < ?10`,
        )
        .bind(id, visitor, site, asker, backstage ? 1 : 0, askedAt, since, pgp, pgpLookup, most),
      this.#db
        .prepare(
          `SELECT ${columns} FROM copies WHERE visitor = ?1 AND asker = ?2 AND backstage = ?3 AND asked_at > ?4
           AND pgp_lookup IS ?5 ORDER BY asked_at DESC LIMIT 1`,
        )
        .bind(visitor, asker, backstage ? 1 : 0, since, pgpLookup),
    ]);
    return found?.results.map(copyFrom)[0];
  }

  async find(id: CopyId): Promise<CopyRow | undefined> {
    const row = await this.#db.prepare(`SELECT ${columns} FROM copies WHERE id = ?`).bind(id).first<Raw>();
    return row === null ? undefined : copyFrom(row);
  }

  /** A portion is done. False: somebody else has done it, or there is no such copy any more. */
  async move(
    { id, step }: Pick<CopyRow, 'id' | 'step'>,
    { progress, manifest }: Pick<CopyRow, 'progress' | 'manifest'>,
  ): Promise<boolean> {
    const { meta } = await this.#db
      .prepare('UPDATE copies SET step = step + 1, progress = ?3, manifest = ?4 WHERE id = ?1 AND step = ?2')
      .bind(id, step, progress, manifest)
      .run();
    return meta.changes === 1;
  }

  /** Those of somebody that this asker had made or, if it is they themselves, were handed. The newest first. */
  async for(asker: VisitorId | PersonId, visitor: VisitorId, most: number): Promise<CopyRow[]> {
    const query = `SELECT ${columns} FROM copies WHERE visitor = ?1
      AND (asker = ?2 OR (?2 = ?1 AND handedAt IS NOT NULL)) ORDER BY asked_at DESC LIMIT ?3`;
    return (await this.#db.prepare(query).bind(visitor, asker, most).all<Raw>()).results.map(copyFrom);
  }

  /** Those that were neither asked for nor handed over after this. */
  async olderThan(time: number, limit: number): Promise<Pick<CopyRow, 'id' | 'visitor'>[]> {
    const query = `SELECT id, visitor FROM copies WHERE asked_at <= ?1 AND NOT EXISTS
      (SELECT 1 FROM requests WHERE copy = copies.id AND state = 'done' AND done_at > ?1)
      ORDER BY asked_at LIMIT ?2`;
    return (await this.#db.prepare(query).bind(time, limit).all<Pick<CopyRow, 'id' | 'visitor'>>()).results;
  }

  /** Those of these that there are. */
  async among(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const query = 'SELECT id FROM copies WHERE id IN (SELECT value FROM json_each(?))';
    const { results } = await this.#db.prepare(query).bind(JSON.stringify(ids)).all<{ id: string }>();
    return new Set(results.map(({ id }) => id));
  }

  async drop(id: CopyId): Promise<void> {
    await this.#db.prepare('DELETE FROM copies WHERE id = ?').bind(id).run();
  }

  async dropAllOf(visitor: VisitorId): Promise<void> {
    await this.#db.prepare('DELETE FROM copies WHERE visitor = ?').bind(visitor).run();
  }
}

function copyFrom({ backstage, progress, manifest, pgp, ...row }: Raw): CopyRow {
  const sealed = { progress: bytesOf(progress), manifest: bytesOf(manifest), pgp: bytesOf(pgp) };
  return { ...row, backstage: backstage === 1, ...sealed };
}

function bytesOf(blob: number[] | null): Uint8Array | null {
  return blob === null ? null : Uint8Array.from(blob);
}
