/** The ledger's witness: one row with their sealed address and what they are still to be sent, or none. */

/** Somebody waits for a head. `since`: when the first was due that could not be sent; `tries`: how often it was tried today. */
export type Unsent = { address: Uint8Array; since: number; tries: number };

export class WitnessStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async read(): Promise<Uint8Array | undefined> {
    const row = await this.#db.prepare('SELECT address FROM ledger_witness').first<{ address: number[] }>();
    return row === null ? undefined : Uint8Array.from(row.address);
  }

  /** Whoever is named is to be sent a head at once. */
  async write(address: Uint8Array | null, now: number): Promise<void> {
    await this.#db.batch([
      this.#db.prepare('DELETE FROM ledger_witness'),
      ...(address === null
        ? []
        : [
            this.#db
              .prepare(
                'INSERT INTO ledger_witness (only, address, unsent_since, tries, due) VALUES (1, ?1, ?2, 0, ?2)',
              )
              .bind(address, now),
          ]),
    ]);
  }

  /** Another head is due, whether or not the last could be sent. */
  async setDue(now: number): Promise<void> {
    await this.#db
      .prepare('UPDATE ledger_witness SET unsent_since = IFNULL(unsent_since, ?1), tries = 0, due = ?1')
      .bind(now)
      .run();
  }

  /** Undefined: nobody is to be sent anything now. */
  async due(now: number): Promise<Unsent | undefined> {
    const row = await this.#db
      .prepare('SELECT address, unsent_since AS since, tries FROM ledger_witness WHERE due <= ?')
      .bind(now)
      .first<Omit<Unsent, 'address'> & { address: number[] }>();
    return row === null ? undefined : { ...row, address: Uint8Array.from(row.address) };
  }

  /** Whoever was named meanwhile waits on. */
  async setSent({ address }: Unsent): Promise<void> {
    const sent = 'UPDATE ledger_witness SET unsent_since = NULL, tries = NULL, due = NULL WHERE address = ?';
    await this.#db.prepare(sent).bind(address).run();
  }

  /** @param due null: with the next night */
  async tryAgain({ address }: Unsent, due: number | null): Promise<void> {
    const again = 'UPDATE ledger_witness SET tries = tries + 1, due = ? WHERE address = ?';
    await this.#db.prepare(again).bind(due, address).run();
  }
}
