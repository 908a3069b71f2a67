/** The address of the ledger's witness: one sealed row, or none. */
export class WitnessStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async read(): Promise<Uint8Array | undefined> {
    const row = await this.#db.prepare('SELECT address FROM ledger_witness').first<{ address: number[] }>();
    return row === null ? undefined : Uint8Array.from(row.address);
  }

  async write(address: Uint8Array | null): Promise<void> {
    if (address === null) await this.#db.prepare('DELETE FROM ledger_witness').run();
    else
      await this.#db
        .prepare(
          'INSERT INTO ledger_witness VALUES (1, ?) ON CONFLICT DO UPDATE SET address = excluded.address',
        )
        .bind(address)
        .run();
  }
}
