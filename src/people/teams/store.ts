/** The rows of teams and of who belongs to them, in D1. */
import type { PersonState, Team } from '../../protocol/bodies.ts';
import type { Grants } from '../../protocol/permissions.ts';
import type { RoleHeld } from '../../protocol/roles.ts';
import type { PersonId, TeamId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';

export type MemberRow = RoleHeld & { id: PersonId; state: PersonState };
/** D1 gives what a role of the organisation's own grants as text. */
type Raw<Row extends MemberRow> = Omit<Row, 'grants'> & { grants: string | null };
/** With how many teams they are in already. */
export type CandidateRow = MemberRow & { teams: number };
/** Who comes and who goes. */
export type Moves = { leaving: readonly PersonId[]; coming: readonly PersonId[] };

/** Whoever is disabled keeps their teams for the day they come back; until then they count as nobody's member. */
const memberColumns = `people.id, role, state,
  (SELECT grants FROM roles WHERE roles.id = people.role) AS grants`;
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

  /** Whether none of these has as many members as can be. */
  async haveRoom(ids: readonly TeamId[]): Promise<boolean> {
    const full = `SELECT team FROM team_members JOIN people ON id = person
      WHERE team IN (SELECT value FROM json_each(?)) AND ${counting} GROUP BY team HAVING COUNT(*) >= ?`;
    return (await this.#db.prepare(full).bind(JSON.stringify(ids), limits.membersPerTeam).first()) === null;
  }

  /** False: there are as many as there can be. */
  async add({ id, name }: Team, now: number): Promise<boolean> {
    const insert = 'INSERT INTO teams SELECT ?, ?, ? WHERE (SELECT COUNT(*) FROM teams) < ?';
    return (await this.#db.prepare(insert).bind(id, name, now, limits.teams).run()).meta.changes === 1;
  }

  async rename(id: TeamId, name: string): Promise<void> {
    await this.#db.prepare('UPDATE teams SET name = ? WHERE id = ?').bind(name, id).run();
  }

  async members(team: TeamId): Promise<MemberRow[]> {
    const query = `SELECT ${memberColumns} FROM people JOIN team_members ON person = people.id
      WHERE team = ? AND ${counting} ORDER BY created_at, people.id`;
    return (await this.#db.prepare(query).bind(team).all<Raw<MemberRow>>()).results.map(withGrants);
  }

  /** The team's members, disabled ones too, and these others, each with whether they are a member. */
  async crew(team: TeamId, others: readonly PersonId[]): Promise<(MemberRow & { isMember: boolean })[]> {
    const members = 'SELECT person FROM team_members WHERE team = ?1';
    const query = `SELECT ${memberColumns}, id IN (${members}) AS isMember FROM people
      WHERE id IN (${members}) OR id IN (SELECT value FROM json_each(?2))`;
    const { results } = await this.#db
      .prepare(query)
      .bind(team, JSON.stringify(others))
      .all<Raw<MemberRow> & { isMember: number }>();
    return results.map((row) => ({ ...withGrants(row), isMember: row.isMember === 1 }));
  }

  /** Those of these people who can be members. */
  async candidates(ids: readonly PersonId[]): Promise<CandidateRow[]> {
    const query = `SELECT ${memberColumns}, (SELECT COUNT(*) FROM team_members WHERE person = people.id) AS teams
      FROM people WHERE id IN (SELECT value FROM json_each(?)) AND ${counting}`;
    const { results } = await this.#db.prepare(query).bind(JSON.stringify(ids)).all<Raw<CandidateRow>>();
    return results.map(withGrants);
  }

  /** Moves these people, and nobody else, in one transaction. Answers whoever came or went. */
  async move(team: TeamId, { leaving, coming }: Moves): Promise<PersonId[]> {
    const leave = `DELETE FROM team_members WHERE team = ?1 AND person IN (SELECT value FROM json_each(?2))
      AND person IN (SELECT id FROM people WHERE ${counting}) RETURNING person`;
    const join = `INSERT INTO team_members SELECT ?1, id FROM people
      WHERE id IN (SELECT value FROM json_each(?2)) AND ${counting} ON CONFLICT DO NOTHING RETURNING person`;
    const results = await this.#db.batch<{ person: PersonId }>([
      this.#db.prepare(leave).bind(team, JSON.stringify(leaving)),
      this.#db.prepare(join).bind(team, JSON.stringify(coming)),
    ]);
    return results.flatMap((result) => result.results.map(({ person }) => person));
  }
}

function withGrants<Row extends { grants: string | null }>(
  row: Row,
): Omit<Row, 'grants'> & Pick<MemberRow, 'grants'> {
  return { ...row, grants: row.grants === null ? null : (JSON.parse(row.grants) as Grants) };
}
