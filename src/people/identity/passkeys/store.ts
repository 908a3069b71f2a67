/** The rows of passkeys in D1. The name comes and goes sealed. */
import type { PersonId } from '../../../protocol/ids.ts';
import { limits } from '../../../protocol/limits.ts';
import { commitmentIn, commitmentOf } from '../../../vault.ts';

export type PasskeyRow = {
  /** The credential's id, in base64url. */
  id: string;
  person: PersonId;
  publicKey: Uint8Array<ArrayBuffer>;
  counter: number;
  transports: string[];
  name: Uint8Array;
  createdAt: number;
  usedAt: number | null;
};

export type NewPasskey = Omit<PasskeyRow, 'usedAt'>;
/** Whose it is, and the key under which its name was sealed: it is stored only while that is theirs. */
type Owner = { id: PersonId; key: Uint8Array };

export class PasskeyStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async of(person: PersonId): Promise<PasskeyRow[]> {
    const query = 'SELECT * FROM passkeys WHERE person = ? ORDER BY created_at, id';
    const { results } = await this.#db.prepare(query).bind(person).all<RawPasskey>();
    return results.map(passkeyOf);
  }

  async byId(id: string): Promise<PasskeyRow | undefined> {
    const row = await this.#db.prepare('SELECT * FROM passkeys WHERE id = ?').bind(id).first<RawPasskey>();
    return row === null ? undefined : passkeyOf(row);
  }

  /** As `add`, for somebody who has no second factor at all. */
  async addFirst(owner: Owner, passkey: NewPasskey): Promise<boolean> {
    return this.#insert(
      owner,
      passkey,
      `NOT EXISTS (SELECT 1 FROM passkeys WHERE person = ?2)
        AND EXISTS (SELECT 1 FROM people WHERE id = ?2 AND totp IS NULL)`,
    );
  }

  /** False: it is known already, or its person has as many as can be. */
  async add(owner: Owner, passkey: NewPasskey): Promise<boolean> {
    return this.#insert(
      owner,
      passkey,
      `(SELECT COUNT(*) FROM passkeys WHERE person = ?2) < ${limits.passkeys}`,
    );
  }

  async #insert({ key }: Owner, passkey: NewPasskey, condition: string): Promise<boolean> {
    const { id, person, publicKey, counter, transports, name, createdAt } = passkey;
    const insert = `INSERT INTO passkeys SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL
      WHERE ${condition} AND EXISTS (${theirKey('?2', '?8')})
      ON CONFLICT (id) DO NOTHING`;
    const values = [
      id,
      person,
      publicKey,
      counter,
      JSON.stringify(transports),
      name,
      createdAt,
      commitmentOf(key),
    ];
    const result = await this.#db
      .prepare(insert)
      .bind(...values)
      .run();
    return result.meta.changes === 1;
  }

  /**
   * Its authenticator says that it was used for this many times. False: that is not more than before, so that there
   * are two of it (WebAuthn Level 3, 6.1.1). One that does not count says 0 each time.
   */
  async countUse(id: string, counter: number, now: number): Promise<boolean> {
    const count = `UPDATE passkeys SET counter = ?2, used_at = ?3
      WHERE id = ?1 AND (counter < ?2 OR (counter = 0 AND ?2 = 0))`;
    return (await this.#db.prepare(count).bind(id, counter, now).run()).meta.changes === 1;
  }

  async rename(owner: Owner, id: string, name: Uint8Array): Promise<boolean> {
    const rename = `UPDATE passkeys SET name = ?1 WHERE id = ?2 AND person = ?3 AND EXISTS (${theirKey('?3', '?4')})`;
    const bound = this.#db.prepare(rename).bind(name, id, owner.id, commitmentOf(owner.key));
    return (await bound.run()).meta.changes === 1;
  }

  /** False: nothing else would be left to this person, or it is not theirs. */
  async remove(person: PersonId, id: string): Promise<boolean> {
    const remove = `DELETE FROM passkeys WHERE id = ?1 AND person = ?2 AND (
      EXISTS (SELECT 1 FROM passkeys WHERE person = ?2 AND id <> ?1)
      OR EXISTS (SELECT 1 FROM people WHERE id = ?2 AND totp IS NOT NULL))`;
    return (await this.#db.prepare(remove).bind(id, person).run()).meta.changes === 1;
  }
}

function theirKey(person: string, commitment: string): string {
  return `SELECT 1 FROM people WHERE id = ${person} AND ${commitmentIn} = ${commitment}`;
}

/** D1 gives blobs as arrays of numbers. */
type RawPasskey = {
  id: string;
  person: PersonId;
  public_key: number[];
  counter: number;
  transports: string;
  name: number[];
  created_at: number;
  used_at: number | null;
};

function passkeyOf(row: RawPasskey): PasskeyRow {
  return {
    id: row.id,
    person: row.person,
    publicKey: new Uint8Array(row.public_key),
    counter: row.counter,
    transports: JSON.parse(row.transports) as string[],
    name: new Uint8Array(row.name),
    createdAt: row.created_at,
    usedAt: row.used_at,
  };
}
