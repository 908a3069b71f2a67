/** What is known of backups that were put back by hand: in the rows of drills, and in the ledger. */
export class TriedStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  /** When the first drill was begun that could open nothing, if none could since. */
  async sealedSince(): Promise<number | undefined> {
    const query = `SELECT MIN(begun_at) AS at FROM restores WHERE scratch = 1 AND state = 'sealed'
      AND begun_at > IFNULL((SELECT MAX(begun_at) FROM restores WHERE scratch = 1 AND state = 'done'), 0)`;
    return (await this.#db.prepare(query).first<number | null>('at')) ?? undefined;
  }

  /** On which day one was put back by hand last, as somebody has noted: that stands in the ledger alone. */
  async lastTried(): Promise<string | undefined> {
    const query = `SELECT MAX(leaf ->> '$.facts.day') AS day FROM ledger
      WHERE action = 'backup.tried' AND leaf ->> '$.outcome' = 'done'`;
    return (await this.#db.prepare(query).first<string | null>('day')) ?? undefined;
  }
}
