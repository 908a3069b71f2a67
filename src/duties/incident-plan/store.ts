/** The plan for incidents in D1: every version of the policy with who approved it, and who has which role. */
import type { PersonId } from '../../protocol/ids.ts';
import type { Approval, IncidentRole } from '../../protocol/incidents.ts';

export type PolicyRow = { version: number; text: Uint8Array; by: PersonId; at: number };
export type RoleRow = {
  role: IncidentRole;
  rank: 'first' | 'deputy';
  person: PersonId;
  contact: Uint8Array;
};

export class PlanStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  /** The newest first. */
  async policies(): Promise<PolicyRow[]> {
    const query = 'SELECT version, text, by, at FROM incident_policies ORDER BY version DESC';
    const { results } = await this.#db.prepare(query).all<Omit<PolicyRow, 'text'> & { text: number[] }>();
    return results.map((row) => ({ ...row, text: Uint8Array.from(row.text) }));
  }

  /** 0: nobody has saved one. */
  async newest(): Promise<number> {
    const query = 'SELECT IFNULL(MAX(version), 0) AS version FROM incident_policies';
    return (await this.#db.prepare(query).first<{ version: number }>())?.version ?? 0;
  }

  /** False: somebody else has saved this version. */
  async addPolicy({ version, text, by, at }: PolicyRow): Promise<boolean> {
    const insert = 'INSERT INTO incident_policies VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING';
    return (await this.#db.prepare(insert).bind(version, text, by, at).run()).meta.changes === 1;
  }

  async approvals(): Promise<(Approval & { version: number })[]> {
    const query = 'SELECT version, role, person, at FROM incident_approvals ORDER BY version, at, role';
    return (await this.#db.prepare(query).all<Approval & { version: number }>()).results;
  }

  /** False: it was approved so before. */
  async approve(version: number, roles: readonly string[], person: PersonId, at: number): Promise<boolean> {
    const insert = `INSERT INTO incident_approvals SELECT ?, value, ?, ? FROM json_each(?) WHERE true
      ON CONFLICT DO NOTHING`;
    const approve = this.#db.prepare(insert).bind(version, person, at, JSON.stringify(roles));
    return (await approve.run()).meta.changes > 0;
  }

  async roles(): Promise<RoleRow[]> {
    const { results } = await this.#db
      .prepare('SELECT role, rank, person, contact FROM incident_roles')
      .all<Omit<RoleRow, 'contact'> & { contact: number[] }>();
    return results.map((row) => ({ ...row, contact: Uint8Array.from(row.contact) }));
  }

  /** In place of all that were there. */
  async setRoles(rows: readonly RoleRow[]): Promise<void> {
    const insert = 'INSERT INTO incident_roles (role, rank, person, contact) VALUES (?, ?, ?, ?)';
    await this.#db.batch([
      this.#db.prepare('DELETE FROM incident_roles'),
      ...rows.map(({ role, rank, person, contact }) =>
        this.#db.prepare(insert).bind(role, rank, person, contact),
      ),
    ]);
  }
}
