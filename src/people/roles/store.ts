/** The rows of the roles that the organisation made, in D1. */
import type { Grants } from '../../protocol/permissions.ts';
import type { CustomRole } from '../../protocol/roles.ts';
import type { PersonId, RoleId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';

type RawRole = { id: RoleId; name: string; grants: string };

export class RoleStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async list(): Promise<CustomRole[]> {
    const query = 'SELECT id, name, grants FROM roles ORDER BY created_at, id';
    return (await this.#db.prepare(query).all<RawRole>()).results.map(roleOf);
  }

  async find(id: RoleId): Promise<CustomRole | undefined> {
    const query = 'SELECT id, name, grants FROM roles WHERE id = ?';
    const row = await this.#db.prepare(query).bind(id).first<RawRole>();
    return row === null ? undefined : roleOf(row);
  }

  /** `name_taken`: another role is called so. `no_room`: there are as many as there can be. */
  async add({ id, name, grants }: CustomRole, now: number): Promise<'added' | 'name_taken' | 'no_room'> {
    const insert = `INSERT INTO roles SELECT ?, ?, ?, ? WHERE (SELECT COUNT(*) FROM roles) < ?
      ON CONFLICT (name) DO NOTHING`;
    const { meta } = await this.#db
      .prepare(insert)
      .bind(id, name, JSON.stringify(grants), now, limits.roles)
      .run();
    if (meta.changes === 1) return 'added';
    const taken = await this.#db.prepare('SELECT 1 FROM roles WHERE name = ?').bind(name).first();
    return taken === null ? 'no_room' : 'name_taken';
  }

  /** Only over what it was judged by. False: another role is called so, or it was changed meanwhile. */
  async change(before: CustomRole, { name, grants }: Omit<CustomRole, 'id'>): Promise<boolean> {
    const update = 'UPDATE OR IGNORE roles SET name = ?, grants = ? WHERE id = ? AND grants = ?';
    const { meta } = await this.#db
      .prepare(update)
      .bind(name, JSON.stringify(grants), before.id, JSON.stringify(before.grants))
      .run();
    return meta.changes === 1;
  }

  /** False: somebody has it, or it is gone. */
  async drop(id: RoleId): Promise<boolean> {
    const drop = 'DELETE FROM roles WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM people WHERE role = ?1)';
    return (await this.#db.prepare(drop).bind(id).run()).meta.changes === 1;
  }

  async holders(id: RoleId): Promise<PersonId[]> {
    const { results } = await this.#db
      .prepare('SELECT id FROM people WHERE role = ?')
      .bind(id)
      .all<{ id: PersonId }>();
    return results.map((row) => row.id);
  }
}

function roleOf({ id, name, grants }: RawRole): CustomRole {
  return { id, name, grants: JSON.parse(grants) as Grants };
}
