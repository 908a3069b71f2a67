/** The rows of sites in D1. */
import { plainSettings, type Site, type SiteSettings } from '../../protocol/bodies.ts';
import type { SiteId, TeamId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';

/** What routes need of a site: whose it is, who may frame its widget, what that shows and asks. */
export type KnownSite = {
  id: SiteId;
  name: string;
  team: TeamId;
  origins: string[];
  settings: SiteSettings;
};
export type SiteChange = {
  name?: string | undefined;
  team?: TeamId | undefined;
  origins?: readonly string[] | undefined;
  settings?: SiteSettings | undefined;
};

type Row = { id: SiteId; name: string; team: TeamId; origins: string; settings: string };

export class SiteStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  /** False: there are as many as there can be. @throws if its team does not exist */
  async add(site: Site, now: number): Promise<boolean> {
    const insert = `INSERT INTO sites (id, name, team, origins, created_at)
      SELECT ?, ?, ?, ?, ? WHERE (SELECT COUNT(*) FROM sites) < ?`;
    const { id, name, team, origins } = site;
    const values = [id, name, team, JSON.stringify(origins), now, limits.sites];
    const result = await this.#db
      .prepare(insert)
      .bind(...values)
      .run();
    return result.meta.changes === 1;
  }

  /** Changes what is given and leaves the rest. */
  async change(id: SiteId, { name, team, origins, settings }: SiteChange): Promise<void> {
    const change = `UPDATE sites SET name = coalesce(?, name), team = coalesce(?, team),
      origins = coalesce(?, origins), settings = coalesce(?, settings) WHERE id = ?`;
    const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
    await this.#db
      .prepare(change)
      .bind(name ?? null, team ?? null, json(origins), json(settings), id)
      .run();
  }

  /** Makes of a site's settings what `held` does, whatever is saved at once. */
  async hold(id: SiteId, held: (settings: SiteSettings) => SiteSettings): Promise<void> {
    for (;;) {
      const row = await this.#db.prepare('SELECT * FROM sites WHERE id = ?').bind(id).first<Row>();
      if (row === null) return;
      const before = siteFrom(row).settings;
      const wished = JSON.stringify(held(before));
      if (wished === JSON.stringify(before)) return;
      const update = 'UPDATE sites SET settings = ? WHERE id = ? AND settings = ?';
      const { meta } = await this.#db.prepare(update).bind(wished, id, row.settings).run();
      if (meta.changes === 1) return;
    }
  }

  async find(id: SiteId): Promise<KnownSite | undefined> {
    const row = await this.#db.prepare('SELECT * FROM sites WHERE id = ?').bind(id).first<Row>();
    return row === null ? undefined : siteFrom(row);
  }

  async list(): Promise<KnownSite[]> {
    const { results } = await this.#db.prepare('SELECT * FROM sites ORDER BY created_at, id').all<Row>();
    return results.map(siteFrom);
  }
}

/** Settings that came later than the row have their plain value. */
function siteFrom({ id, name, team, origins, settings }: Row): KnownSite {
  return {
    id,
    name,
    team,
    origins: JSON.parse(origins) as string[],
    settings: { ...plainSettings, ...(JSON.parse(settings) as Partial<SiteSettings>) },
  };
}
