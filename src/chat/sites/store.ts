/** The rows of sites in D1. */
import type { Site } from '../../protocol/bodies.ts';
import type { SiteId, TeamId } from '../../protocol/ids.ts';

/** What routes need of a site: whose it is and who may frame its widget. */
export type KnownSite = { id: SiteId; team: TeamId; origins: string[] };

type Row = { id: SiteId; name: string; team: TeamId; origins: string };

export class SiteStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async add(site: Site, now: number): Promise<boolean> {
    const insert = 'INSERT INTO sites SELECT ?, ?, id, ?, ? FROM teams WHERE id = ?';
    const origins = JSON.stringify(site.origins);
    const result = await this.#db.prepare(insert).bind(site.id, site.name, origins, now, site.team).run();
    return result.meta.changes === 1;
  }

  async find(id: SiteId): Promise<KnownSite | undefined> {
    const row = await this.#db.prepare('SELECT * FROM sites WHERE id = ?').bind(id).first<Row>();
    return row === null
      ? undefined
      : { id: row.id, team: row.team, origins: JSON.parse(row.origins) as string[] };
  }

  async list(): Promise<Site[]> {
    const { results } = await this.#db.prepare('SELECT * FROM sites ORDER BY created_at, id').all<Row>();
    return results.map(({ id, name, team, origins }) => ({
      id,
      name,
      team,
      origins: JSON.parse(origins) as string[],
    }));
  }
}
