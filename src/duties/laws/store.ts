/** What owners have noted for the law, in D1: contracts, and who answers for the data. All of it is sealed. */
export class LawStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async contracts(): Promise<{ measure: string; note: Uint8Array }[]> {
    const query = 'SELECT measure, note FROM contracts ORDER BY measure';
    const { results } = await this.#db.prepare(query).all<{ measure: string; note: number[] }>();
    return results.map(({ measure, note }) => ({ measure, note: Uint8Array.from(note) }));
  }

  async setContract(measure: string, note: Uint8Array | null): Promise<void> {
    const upsert = 'INSERT INTO contracts VALUES (?, ?) ON CONFLICT DO UPDATE SET note = excluded.note';
    await (note === null
      ? this.#db.prepare('DELETE FROM contracts WHERE measure = ?').bind(measure).run()
      : this.#db.prepare(upsert).bind(measure, note).run());
  }

  async controller(): Promise<Uint8Array | undefined> {
    const row = await this.#db.prepare('SELECT contacts FROM controller').first<{ contacts: number[] }>();
    return row === null ? undefined : Uint8Array.from(row.contacts);
  }

  async setController(contacts: Uint8Array): Promise<void> {
    const upsert =
      'INSERT INTO controller VALUES (1, ?) ON CONFLICT DO UPDATE SET contacts = excluded.contacts';
    await this.#db.prepare(upsert).bind(contacts).run();
  }
}
