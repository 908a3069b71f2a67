/** The rows of profiles that are on, in D1. */
import { type ProfileId, profileIds } from '../../protocol/laws.ts';

type Row = { profile: ProfileId; since: number };

export class ProfileStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  /** In the order in which they are always told. One that this version does not know holds nothing. */
  async list(): Promise<Row[]> {
    const { results } = await this.#db.prepare('SELECT profile, since FROM profiles').all<Row>();
    return profileIds.flatMap((profile) => results.filter((row) => row.profile === profile));
  }

  async add(profile: ProfileId, since: number): Promise<void> {
    const insert = 'INSERT INTO profiles VALUES (?, ?) ON CONFLICT DO NOTHING';
    await this.#db.prepare(insert).bind(profile, since).run();
  }

  async remove(profile: ProfileId): Promise<void> {
    await this.#db.prepare('DELETE FROM profiles WHERE profile = ?').bind(profile).run();
  }
}
