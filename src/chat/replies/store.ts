/** The rows of canned replies in D1. */
import type { CannedReply } from '../../protocol/bodies.ts';
import type { ReplyId, TeamId } from '../../protocol/ids.ts';

const columns = 'id, team, shortcut, text';

export class ReplyStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  /** Those of all teams and of these, or with null every one. */
  async list(teams: readonly TeamId[] | null): Promise<CannedReply[]> {
    const where = 'WHERE team IS NULL OR ?1 IS NULL OR team IN (SELECT value FROM json_each(?1))';
    const query = `SELECT ${columns} FROM replies ${where} ORDER BY shortcut, id`;
    const statement = this.#db.prepare(query).bind(teams === null ? null : JSON.stringify(teams));
    return (await statement.all<CannedReply>()).results;
  }

  async find(id: ReplyId): Promise<CannedReply | null> {
    return this.#db.prepare(`SELECT ${columns} FROM replies WHERE id = ?`).bind(id).first<CannedReply>();
  }

  /** False: this team's shortcut is taken. */
  async add({ id, team, shortcut, text }: CannedReply, now: number): Promise<boolean> {
    const insert = 'INSERT INTO replies VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING';
    return (await this.#db.prepare(insert).bind(id, team, shortcut, text, now).run()).meta.changes === 1;
  }

  /** False: this team's shortcut is taken, or the reply is gone. */
  async replace({ id, team, shortcut, text }: CannedReply): Promise<boolean> {
    const update = 'UPDATE OR IGNORE replies SET team = ?, shortcut = ?, text = ? WHERE id = ?';
    return (await this.#db.prepare(update).bind(team, shortcut, text, id).run()).meta.changes === 1;
  }

  async drop(id: ReplyId): Promise<void> {
    await this.#db.prepare('DELETE FROM replies WHERE id = ?').bind(id).run();
  }
}
