/** The one row of the organisation in D1. */
import {
  type OrganisationChange,
  type OrganisationSettings,
  plainOrganisation,
} from '../../protocol/organisation.ts';

type Row = { settings: string };

export class OrganisationStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async read(): Promise<OrganisationSettings> {
    return settingsFrom(await this.#db.prepare('SELECT settings FROM organisation').first<Row>());
  }

  /** Changes what is given; of changes made at once, each leaves what the other changed. */
  async change(change: OrganisationChange): Promise<void> {
    const patch = 'UPDATE organisation SET settings = json_patch(settings, ?)';
    await this.#db.prepare(patch).bind(JSON.stringify(change)).run();
  }

  /** Makes this of a setting, unless it says something else by now. */
  async hold(setting: 'idleMinutes' | 'ledgerDetailsDays', from: number, to: number): Promise<void> {
    const hold = `UPDATE organisation SET settings = json_set(settings, ?1, ?2)
      WHERE coalesce(settings ->> ?1, ?3) = ?4`;
    await this.#db.prepare(hold).bind(`$.${setting}`, to, plainOrganisation[setting], from).run();
  }
}

/** Settings that came later than the row have their plain value. */
function settingsFrom(row: Row | null): OrganisationSettings {
  if (row === null) throw new Error('the organisation has no row');
  return { ...plainOrganisation, ...(JSON.parse(row.settings) as Partial<OrganisationSettings>) };
}
