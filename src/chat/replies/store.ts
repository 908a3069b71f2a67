/** The rows of canned replies in D1. */
import type { CannedReply } from '../../protocol/bodies.ts';
import type { ReplyId, TeamId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';

export type ReplyChange = {
  /** Where it goes, and where it was seen; null stands for all teams. */
  team: { from: TeamId | null; to: TeamId | null };
  shortcut: string | undefined;
  text: string | undefined;
};

const columns = 'id, team, shortcut, text';
/** Whether this team, or what is for all teams, can have one more. */
const teamHasRoom = `(SELECT COUNT(*) FROM replies WHERE team IS ?1) < ${limits.repliesPerTeam}`;
const hasRoom = `${teamHasRoom} AND (SELECT COUNT(*) FROM replies) < ${limits.replies}`;

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

  async isTaken(team: TeamId | null, shortcut: string): Promise<boolean> {
    const query = 'SELECT 1 FROM replies WHERE team IS ? AND shortcut = ?';
    return (await this.#db.prepare(query).bind(team, shortcut).first()) !== null;
  }

  /** False: this team's shortcut is taken, or there is no room. */
  async add({ id, team, shortcut, text }: CannedReply, now: number): Promise<boolean> {
    const insert = `INSERT INTO replies SELECT ?2, ?1, ?3, ?4, ?5 WHERE ${hasRoom} ON CONFLICT DO NOTHING`;
    return (await this.#db.prepare(insert).bind(team, id, shortcut, text, now).run()).meta.changes === 1;
  }

  /**
   * Changes what is given and leaves the rest as it is at that moment. Null: its team's shortcut is taken, there is
   * no room in the team where it goes, or it is not any more in the team where it was seen.
   */
  async change(id: ReplyId, { team, shortcut, text }: ReplyChange): Promise<CannedReply | null> {
    const update = `UPDATE OR IGNORE replies SET team = ?1, shortcut = coalesce(?2, shortcut), text = coalesce(?3, text)
      WHERE id = ?4 AND team IS ?5 AND (team IS ?1 OR ${teamHasRoom}) RETURNING ${columns}`;
    return this.#db
      .prepare(update)
      .bind(team.to, shortcut ?? null, text ?? null, id, team.from)
      .first<CannedReply>();
  }

  async drop(id: ReplyId): Promise<void> {
    await this.#db.prepare('DELETE FROM replies WHERE id = ?').bind(id).run();
  }
}
