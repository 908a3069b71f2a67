/** The rows of drills in D1, and of what is on their stage. */
import type { DrillReport, DrillScenario } from '../../protocol/drills.ts';
import type { DrillId, PersonId, SessionId, SiteId, TeamId } from '../../protocol/ids.ts';

/** `team`, `site`, `person`, `session`: who and what is played. Unix milliseconds. */
export type DrillRow = {
  id: DrillId;
  scenario: DrillScenario;
  begunBy: PersonId;
  begunAt: number;
  team: TeamId;
  site: SiteId;
  person: PersonId;
  session: SessionId | null;
  report: DrillReport;
  overAt: number | null;
};
type Raw = Omit<DrillRow, 'report'> & { report: string };

const columns = `SELECT id, scenario, begun_by AS begunBy, begun_at AS begunAt, team, site, person, session, report,
  over_at AS overAt FROM drills`;

export class DrillStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  /** False: another goes on. */
  async begin(row: DrillRow): Promise<boolean> {
    const insert = `INSERT INTO drills (id, scenario, begun_by, begun_at, team, site, person, report)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`;
    const { id, scenario, begunBy, begunAt, team, site, person, report } = row;
    const values = [id, scenario, begunBy, begunAt, team, site, person, JSON.stringify(report)];
    return this.#changes(this.#db.prepare(insert).bind(...values));
  }

  async find(id: string): Promise<DrillRow | undefined> {
    return (await this.#rows('WHERE id = ?', id))[0];
  }

  async goingOn(): Promise<DrillRow | undefined> {
    return (await this.#rows('WHERE over_at IS NULL'))[0];
  }

  /** The newest first. */
  async list(most: number): Promise<DrillRow[]> {
    return this.#rows('ORDER BY begun_at DESC, id LIMIT ?', most);
  }

  /** Those that were begun since then, the newest first. */
  async since(at: number): Promise<DrillRow[]> {
    return this.#rows('WHERE begun_at >= ? ORDER BY begun_at DESC, id', at);
  }

  async setSession(id: DrillId, session: SessionId): Promise<void> {
    await this.#db.prepare('UPDATE drills SET session = ? WHERE id = ?').bind(session, id).run();
  }

  async setReport(id: DrillId, report: DrillReport): Promise<void> {
    await this.#db
      .prepare('UPDATE drills SET report = ? WHERE id = ? AND over_at IS NULL')
      .bind(JSON.stringify(report), id)
      .run();
  }

  /** Of these ids of people and conversations, those that are played, and in which drill. */
  async playedAmong(ids: readonly string[]): Promise<Map<string, Pick<DrillRow, 'id' | 'person'>>> {
    const query = `SELECT value AS thing, drills.id, person FROM json_each(?)
      JOIN drills ON person = value OR drills.id = (SELECT drill FROM drill_things WHERE drill_things.id = value)`;
    const { results } = await this.#db
      .prepare(query)
      .bind(JSON.stringify(ids))
      .all<Pick<DrillRow, 'id' | 'person'> & { thing: string }>();
    return new Map(results.map(({ thing, id, person }) => [thing, { id, person }]));
  }

  // The stage ---------------------------------------------------------------------------------------------------

  async addThings(drill: DrillId, ids: readonly string[]): Promise<void> {
    const insert = `INSERT INTO drill_things (id, drill) SELECT value, ?2 FROM json_each(?1) WHERE true
      ON CONFLICT DO NOTHING`;
    await this.#db.prepare(insert).bind(JSON.stringify(ids), drill).run();
  }

  /** By the beginning of their ids, in the order in which they are found again. */
  async things(
    drill: DrillId,
    prefix: 'con' | 'fil' | 'vis',
    which: 'all' | 'seen' = 'all',
  ): Promise<string[]> {
    const query = `SELECT id FROM drill_things WHERE drill = ? AND substr(id, 1, 3) = ? AND seen >= ? ORDER BY id`;
    const { results } = await this.#db
      .prepare(query)
      .bind(drill, prefix, which === 'seen' ? 1 : 0)
      .all<{ id: string }>();
    return results.map(({ id }) => id);
  }

  async setSeen(id: string, isSeen: boolean): Promise<void> {
    await this.#db
      .prepare('UPDATE drill_things SET seen = ? WHERE id = ?')
      .bind(isSeen ? 1 : 0, id)
      .run();
  }

  async dropThings(ids: readonly string[]): Promise<void> {
    const drop = 'DELETE FROM drill_things WHERE id IN (SELECT value FROM json_each(?))';
    await this.#db.prepare(drop).bind(JSON.stringify(ids)).run();
  }

  /** Conversations that the directory has in the drill's site. */
  async conversationsOf({ site }: Pick<DrillRow, 'site'>): Promise<string[]> {
    const query = 'SELECT id FROM conversations WHERE site = ?';
    return (await this.#db.prepare(query).bind(site).all<{ id: string }>()).results.map(({ id }) => id);
  }

  /** Whoever is played, their team and their site are not there any more; nobody else is touched. */
  async dropStage({
    id,
    team,
    site,
    person,
  }: Pick<DrillRow, 'id' | 'team' | 'site' | 'person'>): Promise<void> {
    const drop = (query: string, value: string) => this.#db.prepare(query).bind(value);
    await this.#db.batch([
      drop('DELETE FROM training_taken WHERE person = ?', person),
      drop('DELETE FROM training_reminded WHERE person = ?', person),
      drop('DELETE FROM team_members WHERE team = ?', team),
      drop('DELETE FROM team_members WHERE person = ?', person),
      drop('DELETE FROM people WHERE id = ?', person),
      drop('DELETE FROM site_keys WHERE site = ?', site),
      drop('DELETE FROM sites WHERE id = ?', site),
      drop('DELETE FROM teams WHERE id = ?', team),
      drop('DELETE FROM drill_things WHERE drill = ?', id),
    ]);
  }

  async finish(id: DrillId, report: DrillReport, now: number): Promise<boolean> {
    const finish = 'UPDATE drills SET report = ?, over_at = ? WHERE id = ? AND over_at IS NULL';
    return this.#changes(this.#db.prepare(finish).bind(JSON.stringify(report), now, id));
  }

  async #changes(statement: D1PreparedStatement): Promise<boolean> {
    return (await statement.run()).meta.changes === 1;
  }

  async #rows(where: string, ...values: (string | number)[]): Promise<DrillRow[]> {
    const { results } = await this.#db
      .prepare(`${columns} ${where}`)
      .bind(...values)
      .all<Raw>();
    return results.map(({ report, ...row }) => ({ ...row, report: JSON.parse(report) as DrillReport }));
  }
}
