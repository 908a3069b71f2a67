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

  /** The key has let in whoever waited with it, and is used up. False: it was before. */
  async use({ hash, wait }: KeptKey): Promise<boolean> {
    const use = 'DELETE FROM owner_key WHERE hash = ? AND link = ?';
    return (
      (
        await this.#db
          .prepare(use)
          .bind(hash, wait?.link ?? null)
          .run()
      ).meta.changes === 1
    );
  }
}

type Row = {
  hash: string;
  waiting: PersonId | null;
  since: number | null;
  epoch: number | null;
  link: string | null;
};
