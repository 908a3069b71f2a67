/** What is held back, in D1. */
import type { ContainmentKind, ContainmentReason } from '../../protocol/containment.ts';
import type { ContainmentId, PersonId } from '../../protocol/ids.ts';
import type { Grants } from '../../protocol/permissions.ts';
import { grantsOf, type Role } from '../../protocol/roles.ts';
import type { HeldRow } from './rules.ts';

export type ContainmentRow = {
  id: ContainmentId;
  kind: ContainmentKind;
  target: string;
  reason: ContainmentReason;
  by: PersonId;
  at: number;
  until: number | null;
};

type RawHeld = Omit<HeldRow, 'by'> & { role: Role | null; grants: string | null };

const columns = 'id, kind, target, reason, begun_by AS "by", begun_at AS at, until';

export class ContainmentStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  /** What every door goes by: a few rows, read once a second in each isolate. */
  async held(): Promise<HeldRow[]> {
    const query = `SELECT c.kind, c.target, c.until, p.role, r.grants FROM containment c
      LEFT JOIN people p ON p.id = c.begun_by LEFT JOIN roles r ON r.id = p.role`;
    const { results } = await this.#db.prepare(query).all<RawHeld>();
    return results.map(({ role, grants, ...row }) => {
      // Somebody whom a restore did not bring back: as an admin, so that no owner is shut out by it.
      const by = { role: role ?? 'admin', grants: grants === null ? null : (JSON.parse(grants) as Grants) };
      return { ...row, by: grantsOf(by) };
    });
  }

  /** In place of an earlier one of the same. Those that are over go. */
  async put({ id, kind, target, reason, by, at, until }: ContainmentRow): Promise<void> {
    const put = `INSERT INTO containment (id, kind, target, reason, begun_by, begun_at, until)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
      ON CONFLICT (kind, target) DO UPDATE SET id = ?1, reason = ?4, begun_by = ?5, begun_at = ?6, until = ?7`;
    await this.#db.batch([
      this.#db.prepare('DELETE FROM containment WHERE until <= ?').bind(at),
      this.#db.prepare(put).bind(id, kind, target, reason, by, at, until),
    ]);
  }

  /** Somebody who is locked was disabled besides, and stays so once they are not. */
  async disable(person: PersonId): Promise<void> {
    const set = `UPDATE containment SET disabled = 1 WHERE kind = 'person' AND target = ?`;
    await this.#db.prepare(set).bind(person).run();
  }

  /** The newest first. */
  async list(now: number): Promise<ContainmentRow[]> {
    const query = `SELECT ${columns} FROM containment WHERE until IS NULL OR until > ?
      ORDER BY begun_at DESC, id`;
    return (await this.#db.prepare(query).bind(now).all<ContainmentRow>()).results;
  }

  async on(kind: ContainmentKind, target: string): Promise<ContainmentRow | undefined> {
    const query = `SELECT ${columns} FROM containment WHERE kind = ? AND target = ?`;
    return (await this.#db.prepare(query).bind(kind, target).first<ContainmentRow>()) ?? undefined;
  }

  async find(id: ContainmentId): Promise<ContainmentRow | undefined> {
    const query = `SELECT ${columns} FROM containment WHERE id = ?`;
    return (await this.#db.prepare(query).bind(id).first<ContainmentRow>()) ?? undefined;
  }

  async drop(id: ContainmentId): Promise<void> {
    await this.#db.prepare('DELETE FROM containment WHERE id = ?').bind(id).run();
  }
}
