/** The rows of staff in D1. Personal fields come and go sealed. */
import type { PersonState, ResetWish } from '../../protocol/bodies.ts';
import type { Grants } from '../../protocol/permissions.ts';
import type { Role, RoleHeld } from '../../protocol/roles.ts';
import type { ContainmentId, PersonId, TeamId } from '../../protocol/ids.ts';
import { commitmentIn, commitmentOf } from '../../vault.ts';

export type PersonRow = RoleHeld & {
  id: PersonId;
  key: Uint8Array;
  name: Uint8Array;
  address: Uint8Array;
  password: Uint8Array | undefined;
  totp: Uint8Array | undefined;
  /** What a role that the organisation made is called; null for one that is built in. */
  roleName: string | null;
  state: PersonState;
  teams: TeamId[];
  hasPasskey: boolean;
  /** Who asked that this person's second factors are taken away, and when, in Unix milliseconds. */
  reset: ResetWish | null;
};
export type NewPersonRow = Omit<PersonRow, 'roleName' | 'hasPasskey' | 'reset'> & {
  lookup: Uint8Array;
  createdAt: number;
};
/** Somebody, and the record of the key under which something of theirs was sealed. */
export type Keyed = Pick<PersonRow, 'id' | 'key'>;
export type TeamRow = { id: TeamId; name: string; createdAt: number };

/** A person's teams, the oldest first. */
const teamsOfPerson = `SELECT m.team FROM team_members m JOIN teams t ON t.id = m.team WHERE m.person = p.id
  ORDER BY t.created_at, t.id`;
const columns = `p.id, p.key, p.name, p.address, p.password, p.totp, p.role, p.state,
  (SELECT name FROM roles WHERE id = p.role) AS role_name, (SELECT grants FROM roles WHERE id = p.role) AS grants,
  (SELECT json_group_array(team) FROM (${teamsOfPerson})) AS teams,
  EXISTS (SELECT 1 FROM passkeys WHERE person = p.id) AS has_passkey,
  (SELECT json_object('by', asked_by, 'at', asked_at) FROM resets WHERE person = p.id) AS reset`;

/** A backup that is being put back here, or was not to its end. */
const puttingBack = `SELECT 1 FROM restores WHERE scratch = 0
  AND (state = 'working' OR state = 'failed' AND head IS NOT NULL)
  AND begun_at = (SELECT MAX(begun_at) FROM restores WHERE scratch = 0)`;

export class StaffStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async isEmpty(): Promise<boolean> {
    return (await this.#db.prepare('SELECT 1 FROM people LIMIT 1').first()) === null;
  }

  /**
   * Whether a backup is being put back here, or was not put back to its end: who works here comes with it, and nobody
   * else makes themselves the first owner.
   */
  async isBeingPutBack(): Promise<boolean> {
    return (await this.#db.prepare(puttingBack).first()) !== null;
  }

  /** A page of everybody behind this one, in the order of their ids. */
  async idsAfter(after: string, limit: number): Promise<PersonId[]> {
    const query = 'SELECT id FROM people WHERE id > ? ORDER BY id LIMIT ?';
    const { results } = await this.#db.prepare(query).bind(after, limit).all<{ id: PersonId }>();
    return results.map(({ id }) => id);
  }

  async byLookup(lookup: Uint8Array): Promise<PersonRow | undefined> {
    return this.#one(`SELECT ${columns} FROM people p WHERE p.lookup = ?`, lookup);
  }

  async byId(id: PersonId): Promise<PersonRow | undefined> {
    return this.#one(`SELECT ${columns} FROM people p WHERE p.id = ?`, id);
  }

  async #one(query: string, value: unknown): Promise<PersonRow | undefined> {
    const row = await this.#db.prepare(query).bind(value).first<RawPerson>();
    return row === null ? undefined : personOf(row);
  }

  /** All of them, or those with these ids (at most 100: D1's bound on parameters does not count a JSON list). */
  async list(ids?: readonly PersonId[]): Promise<PersonRow[]> {
    const statement =
      ids === undefined
        ? this.#db.prepare(`SELECT ${columns} FROM people p ORDER BY p.created_at`)
        : this.#db
            .prepare(`SELECT ${columns} FROM people p WHERE p.id IN (SELECT value FROM json_each(?))`)
            .bind(JSON.stringify(ids));
    return (await statement.all<RawPerson>()).results.map(personOf);
  }

  async activeIds(): Promise<PersonId[]> {
    const query = `SELECT id FROM people WHERE state = 'active'`;
    return (await this.#db.prepare(query).all<{ id: PersonId }>()).results.map(({ id }) => id);
  }

  /**
   * The first owner and team, in one transaction, only into an empty organisation, and while no backup is being put back.
   * False: somebody was first.
   */
  async addFirst(person: NewPersonRow, team: TeamRow): Promise<boolean> {
    const isThere = 'EXISTS (SELECT 1 FROM people WHERE id = ?)';
    const results = await this.#db.batch([
      this.#db
        .prepare(
          `INSERT INTO people ${personValues} WHERE NOT EXISTS (SELECT 1 FROM people)
           AND NOT EXISTS (${puttingBack})`,
        )
        .bind(...personBindings(person)),
      this.#db
        .prepare(`INSERT INTO teams SELECT ?, ?, ? WHERE ${isThere}`)
        .bind(team.id, team.name, team.createdAt, person.id),
      this.#db
        .prepare(`INSERT INTO team_members SELECT ?, ? WHERE ${isThere}`)
        .bind(team.id, person.id, person.id),
    ]);
    return results[0]?.meta.changes === 1;
  }

  /** False: somebody has this address. @throws if a team does not exist */
  async add(person: NewPersonRow): Promise<boolean> {
    const insert = this.#db
      .prepare(`INSERT INTO people ${personValues} WHERE true ON CONFLICT (lookup) DO NOTHING`)
      .bind(...personBindings(person));
    const join = this.#db
      .prepare(
        'INSERT INTO team_members SELECT DISTINCT value, ?1 FROM json_each(?2) WHERE EXISTS (SELECT 1 FROM people WHERE id = ?1)',
      )
      .bind(person.id, JSON.stringify(person.teams));
    const results = await this.#db.batch([insert, join]);
    return results[0]?.meta.changes === 1;
  }

  // What was sealed under somebody's key is stored only while that is their key: false where it is another by now.

  /** Somebody invited becomes active with the password that they chose. */
  async join({ id, key }: Keyed, password: Uint8Array): Promise<boolean> {
    const join = `UPDATE people SET password = ?, state = 'active'
      WHERE id = ? AND state = 'invited' AND ${commitmentIn} = ?`;
    return (await this.#db.prepare(join).bind(password, id, commitmentOf(key)).run()).meta.changes === 1;
  }

  /** Those who have a password, by their ids, behind this one. */
  async idsWithPassword(after: string, most: number): Promise<PersonId[]> {
    const query = 'SELECT id FROM people WHERE id > ? AND password IS NOT NULL ORDER BY id LIMIT ?';
    const { results } = await this.#db.prepare(query).bind(after, most).all<{ id: PersonId }>();
    return results.map(({ id }) => id);
  }

  /** The same password, hashed anew; if it was changed meanwhile, that one stays. */
  async replacePassword({ id, password }: PersonRow, anew: Uint8Array): Promise<void> {
    const replace = 'UPDATE people SET password = ? WHERE id = ? AND password = ?';
    await this.#db
      .prepare(replace)
      .bind(anew, id, password ?? null)
      .run();
  }

  /** False: they are locked while an incident lasts. */
  async enable(id: PersonId): Promise<boolean> {
    const locks = `SELECT 1 FROM containment WHERE kind = 'person' AND target = ?1`;
    const enable = `UPDATE people SET state = 'active' WHERE id = ?1 AND NOT EXISTS (${locks})`;
    return (await this.#db.prepare(enable).bind(id).run()).meta.changes === 1;
  }

  /** Whoever this lock keeps out may come in again, unless they were disabled besides, or another has taken its place meanwhile. */
  async unlock(id: PersonId, lock: ContainmentId): Promise<void> {
    const unlock = `UPDATE people SET state = 'active' WHERE id = ?1 AND state = 'disabled'
      AND EXISTS (SELECT 1 FROM containment WHERE id = ?2 AND kind = 'person' AND target = ?1 AND disabled = 0)`;
    await this.#db.prepare(unlock).bind(id, lock).run();
  }

  /** False: this is the last active owner, who stays one, or their role is not `from` any more. */
  async changeRole(id: PersonId, from: Role, role: Role): Promise<boolean> {
    const others = `SELECT 1 FROM people WHERE role = 'owner' AND state = 'active' AND id <> ?1`;
    const isLast = `role = 'owner' AND state = 'active' AND NOT EXISTS (${others})`;
    const change = `UPDATE people SET role = ?2 WHERE id = ?1 AND role = ?3 AND (?2 = 'owner' OR NOT (${isLast}))`;
    return (await this.#db.prepare(change).bind(id, role, from).run()).meta.changes === 1;
  }

  /** Somebody who was invited and has not come is not there any more. False: they have come. */
  async withdraw(id: PersonId): Promise<boolean> {
    const invited = `SELECT id FROM people WHERE id = ? AND state = 'invited'`;
    const results = await this.#db.batch([
      this.#db.prepare(`DELETE FROM team_members WHERE person IN (${invited})`).bind(id),
      this.#db.prepare(`DELETE FROM people WHERE id IN (${invited})`).bind(id),
    ]);
    return results[1]?.meta.changes === 1;
  }

  /** False: this is the last active owner, who stays. */
  async disable(id: PersonId, from: Role): Promise<boolean> {
    const others = `SELECT 1 FROM people WHERE role = 'owner' AND state = 'active' AND id <> ?1`;
    const disable = `UPDATE people SET state = 'disabled' WHERE id = ?1 AND role = ?2 AND (role <> 'owner' OR EXISTS (${others}))`;
    return (await this.#db.prepare(disable).bind(id, from).run()).meta.changes === 1;
  }

  async setPassword({ id, key }: Keyed, password: Uint8Array): Promise<boolean> {
    const set = `UPDATE people SET password = ? WHERE id = ? AND ${commitmentIn} = ?`;
    return (await this.#db.prepare(set).bind(password, id, commitmentOf(key)).run()).meta.changes === 1;
  }

  /** Nobody gets in with it any more, until they have chosen another by a mailed link. */
  async voidPassword(id: PersonId): Promise<void> {
    await this.#db.prepare('UPDATE people SET password = NULL WHERE id = ?').bind(id).run();
  }

  /** A wish in place of an earlier one. */
  async askReset(person: PersonId, { by, at }: ResetWish): Promise<void> {
    const ask = `INSERT INTO resets VALUES (?1, ?2, ?3)
      ON CONFLICT (person) DO UPDATE SET asked_by = ?2, asked_at = ?3`;
    await this.#db.prepare(ask).bind(person, by, at).run();
  }

  /** False: nobody wished for it. */
  async dropReset(person: PersonId): Promise<boolean> {
    const drop = 'DELETE FROM resets WHERE person = ?';
    return (await this.#db.prepare(drop).bind(person).run()).meta.changes === 1;
  }

  /** All second factors that are kept here, and the wish with them. */
  async dropFactors(person: PersonId): Promise<void> {
    await this.#db.batch([
      this.#db.prepare('UPDATE people SET totp = NULL WHERE id = ?').bind(person),
      this.#db.prepare('DELETE FROM passkeys WHERE person = ?').bind(person),
      this.#db.prepare('DELETE FROM resets WHERE person = ?').bind(person),
    ]);
  }

  /** False: somebody else has this address. */
  async setAddress({ id, key }: Keyed, lookup: Uint8Array, address: Uint8Array): Promise<boolean> {
    const set = `UPDATE OR IGNORE people SET lookup = ?, address = ? WHERE id = ? AND ${commitmentIn} = ?`;
    return (
      (await this.#db.prepare(set).bind(lookup, address, id, commitmentOf(key)).run()).meta.changes === 1
    );
  }

  async setTotp({ id, key }: Keyed, totp: Uint8Array): Promise<boolean> {
    const set = `UPDATE people SET totp = ? WHERE id = ? AND ${commitmentIn} = ?`;
    return (await this.#db.prepare(set).bind(totp, id, commitmentOf(key)).run()).meta.changes === 1;
  }

  /** False: there is no passkey that could stand in for it. */
  async dropTotp(id: PersonId): Promise<boolean> {
    const drop = `UPDATE people SET totp = NULL WHERE id = ?1 AND EXISTS (SELECT 1 FROM passkeys WHERE person = ?1)`;
    return (await this.#db.prepare(drop).bind(id).run()).meta.changes === 1;
  }

  /** False: this person has a secret already, and one is never replaced this way. */
  async setFirstTotp({ id, key }: Keyed, totp: Uint8Array): Promise<boolean> {
    const result = await this.#db
      .prepare(
        `UPDATE people SET totp = ?1 WHERE id = ?2 AND totp IS NULL AND ${commitmentIn} = ?3
          AND NOT EXISTS (SELECT 1 FROM passkeys WHERE person = ?2)`,
      )
      .bind(totp, id, commitmentOf(key))
      .run();
    return result.meta.changes === 1;
  }
}

const personValues = `(id, lookup, key, name, address, password, totp, role, state, created_at)
  SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?`;

function personBindings(row: NewPersonRow): unknown[] {
  const { id, lookup, key, name, address, password, totp, role, state, createdAt } = row;
  return [id, lookup, key, name, address, password ?? null, totp ?? null, role, state, createdAt];
}

/** D1 gives blobs as arrays of numbers. */
type RawPerson = {
  id: PersonId;
  key: number[];
  name: number[];
  address: number[];
  password: number[] | null;
  totp: number[] | null;
  role: Role;
  role_name: string | null;
  grants: string | null;
  state: PersonState;
  teams: string;
  has_passkey: number;
  reset: string | null;
};

function personOf(row: RawPerson): PersonRow {
  return {
    id: row.id,
    key: Uint8Array.from(row.key),
    name: Uint8Array.from(row.name),
    address: Uint8Array.from(row.address),
    password: row.password === null ? undefined : Uint8Array.from(row.password),
    totp: row.totp === null ? undefined : Uint8Array.from(row.totp),
    role: row.role,
    roleName: row.role_name,
    grants: row.grants === null ? null : (JSON.parse(row.grants) as Grants),
    state: row.state,
    teams: JSON.parse(row.teams) as TeamId[],
    hasPasskey: row.has_passkey === 1,
    reset: row.reset === null ? null : (JSON.parse(row.reset) as ResetWish),
  };
}
