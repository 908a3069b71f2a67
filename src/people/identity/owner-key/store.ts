/** The row of the owner key in D1. */
import type { PersonId } from '../../../protocol/ids.ts';
import type { Wait } from './rules.ts';

/** `hash`: the keyed hash of the key. `wait`: the one that was begun last, whether or not it stands. */
export type KeptKey = { hash: string; wait: Wait | undefined };

export class OwnerKeyStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async find(): Promise<KeptKey | undefined> {
    const row = await this.#db.prepare('SELECT * FROM owner_key').first<Row>();
    if (row === null) return undefined;
    const { hash, waiting, since, epoch, link } = row;
    const waits = waiting !== null && since !== null && epoch !== null && link !== null;
    return { hash, wait: waits ? { person: waiting, since, epoch, link } : undefined };
  }

  /** A key in place of the one before, which is void from here on, as is a wait that was begun with it. */
  async replace(hash: string, now: number): Promise<void> {
    await this.#db
      .prepare('INSERT OR REPLACE INTO owner_key (only, hash, made_at) VALUES (1, ?, ?)')
      .bind(hash, now)
      .run();
  }

  /** False: the key, or the wait, is not as it was found any more. */
  async beginWait({ hash, wait: before }: KeptKey, { person, since, epoch, link }: Wait): Promise<boolean> {
    const begin = `UPDATE owner_key SET waiting = ?, since = ?, epoch = ?, link = ? WHERE hash = ? AND link IS ?`;
    const result = await this.#db
      .prepare(begin)
      .bind(person, since, epoch, link, hash, before?.link ?? null)
      .run();
    return result.meta.changes === 1;
  }

  /** False: this person was not waiting. */
  async endWait(person: PersonId): Promise<boolean> {
    const end = `UPDATE owner_key SET waiting = NULL, since = NULL, epoch = NULL, link = NULL WHERE waiting = ?`;
    return (await this.#db.prepare(end).bind(person).run()).meta.changes === 1;
  }

  /**
   * The key lets in whoever waited with it, is used up, and takes their factors with it: all of it or nothing.
   * False: the key, or the wait, is not as it was found any more.
   */
  async use({ hash, wait }: KeptKey, person: PersonId): Promise<boolean> {
    const stands = 'EXISTS (SELECT 1 FROM owner_key WHERE hash = ?2 AND link = ?3 AND waiting = ?1)';
    const bound = [person, hash, wait?.link ?? null];
    const results = await this.#db.batch(
      [
        `UPDATE people SET totp = NULL WHERE id = ?1 AND ${stands}`,
        `DELETE FROM passkeys WHERE person = ?1 AND ${stands}`,
        `DELETE FROM resets WHERE person = ?1 AND ${stands}`,
        'DELETE FROM owner_key WHERE waiting = ?1 AND hash = ?2 AND link = ?3',
      ].map((statement) => this.#db.prepare(statement).bind(...bound)),
    );
    return results.at(-1)?.meta.changes === 1;
  }
}

type Row = {
  hash: string;
  waiting: PersonId | null;
  since: number | null;
  epoch: number | null;
  link: string | null;
};
