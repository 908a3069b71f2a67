/** The rows of teams and of who belongs to them, in D1. */
import type { PersonState, Role, Team } from '../../protocol/bodies.ts';
import type { PersonId, TeamId } from '../../protocol/ids.ts';

export type MemberRow = { id: PersonId; role: Role; state: PersonState };

/** Whoever is disabled keeps their teams for the day they come back; until then they count as nobody's member. */
const counting = `state IN ('active', 'invited')`;

export class TeamStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async list(): Promise<Team[]> {
    return (await this.#db.prepare('SELECT id, name FROM teams ORDER BY created_at, id').all<Team>()).results;
  }

  async find(id: TeamId): Promise<Team | null> {
    return this.#db.prepare('SELECT id, name FROM teams WHERE id = ?').bind(id).first<Team>();
  }

  async knows(ids: readonly TeamId[]): Promise<boolean> {
    const query = 'SELECT COUNT(*) AS n FROM teams WHERE id IN (SELECT value FROM json_each(?))';
    const row = await this.#db.prepare(query).bind(JSON.stringify(ids)).first<{ n: number }>();
    return row?.n === new Set(ids).size;
  }

  async add({ id, name }: Team, now: number): Promise<void> {
    await this.#db.prepare('INSERT INTO teams VALUES (?, ?, ?)').bind(id, name, now).run();
  }

  async rename(id: TeamId, name: string): Promise<void> {
    await this.#db.prepare('UPDATE teams SET name = ? WHERE id = ?').bind(name, id).run();
  }

  async members(team: TeamId): Promise<MemberRow[]> {
    const query = `SELECT id, role, state FROM people JOIN team_members ON person = id
      WHERE team = ? AND ${counting} ORDER BY created_at, id`;
    return (await this.#db.prepare(query).bind(team).all<MemberRow>()).results;
  }

  /** Those of these people who can be members. */
  async candidates(ids: readonly PersonId[]): Promise<MemberRow[]> {
    const query = `SELECT id, role, state FROM people
      WHERE id IN (SELECT value FROM json_each(?)) AND ${counting}`;
    return (await this.#db.prepare(query).bind(JSON.stringify(ids)).all<MemberRow>()).results;
  }

  /** Makes these people the team's members, in one transaction. Answers whoever came or went. */
  async setMembers(team: TeamId, ids: readonly PersonId[]): Promise<PersonId[]> {
    const leave = `DELETE FROM team_members WHERE team = ?1 AND person NOT IN (SELECT value FROM json_each(?2))
      AND person IN (SELECT id FROM people WHERE ${counting}) RETURNING person`;
    const join = `INSERT INTO team_members SELECT ?1, id FROM people
      WHERE id IN (SELECT value FROM json_each(?2)) AND ${counting} ON CONFLICT DO NOTHING RETURNING person`;
    const statements = [leave, join].map((query) => this.#db.prepare(query).bind(team, JSON.stringify(ids)));
    const results = await this.#db.batch<{ person: PersonId }>(statements);
    return results.flatMap((result) => result.results.map(({ person }) => person));
  }
}
