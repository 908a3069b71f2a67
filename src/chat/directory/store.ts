/** The rows of the conversation directory in D1. */
import type { ConversationState } from '../../protocol/frames.ts';
import type { ConversationId, FileId, PersonId, SiteId, TeamId, VisitorId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { SeenVisitor } from '../../protocol/visitors.ts';

/** What the register of restrictions says, since when, and who has put or lifted it. */
export type Restricting = { on: boolean; at: number; by: PersonId };

export type DirectoryRow = {
  id: string;
  site: SiteId;
  team: TeamId;
  visitor: VisitorId;
  state: ConversationState;
  assignee: PersonId | null;
  changes: number;
  startedAt: number;
  changedAt: number;
  /** Whether a legal hold is on it. */
  held: boolean;
  /** When the first of its files is over; null: it has none. */
  filesDue: number | null;
};
export type Listed = { id: string; state: string; startedAt: number };
/** Where it stands, as the directory was told. */
export type Line = Pick<DirectoryRow, 'visitor' | 'team' | 'state' | 'assignee'> & { id: ConversationId };
/** With what the permission rule asks for. */
export type Placed = Listed & { team: TeamId; person: PersonId | null; restricted: boolean };

const ofThese = 'team IN (SELECT value FROM json_each(?1))';
/** What was begun before its visitor's data were restricted. */
const restricted = `EXISTS (SELECT 1 FROM restrictions WHERE restrictions.visitor = conversations.visitor
  AND lifted_at IS NULL AND created_at <= since)`;
/** What goes once its time is over. A line that does not say whether it is held has the conversation asked. */
const going = `held IS NOT 1 AND NOT ${restricted}`;
const listed = 'SELECT id, state, created_at AS startedAt FROM conversations';

export class DirectoryStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async write(row: DirectoryRow, correcting: boolean): Promise<void> {
    await this.#db
      .prepare(
        `INSERT INTO conversations
           (id, site, team, visitor, state, assignee, version, created_at, changed_at, held, files_due)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET team = excluded.team, state = excluded.state,
           assignee = excluded.assignee, version = excluded.version, changed_at = excluded.changed_at,
           held = excluded.held, files_due = excluded.files_due
         WHERE ${correcting ? 'true' : 'excluded.version > version'}`,
      )
      .bind(
        row.id,
        row.site,
        row.team,
        row.visitor,
        row.state,
        row.assignee,
        row.changes,
        row.startedAt,
        row.changedAt,
        row.held ? 1 : 0,
        row.filesDue,
      )
      .run();
  }

  async ofVisitor(visitor: VisitorId, site: SiteId): Promise<Placed[]> {
    const query = `SELECT id, state, created_at AS startedAt, team, assignee AS person, ${restricted} AS restricted
      FROM conversations WHERE visitor = ? AND site = ? ORDER BY created_at DESC LIMIT ?`;
    const { results } = await this.#db
      .prepare(query)
      .bind(visitor, site, limits.listConversations)
      .all<Omit<Placed, 'restricted'> & { restricted: number }>();
    return results.map((row) => ({ ...row, restricted: row.restricted === 1 }));
  }

  /** A visitor is of one site. What stands beside the newest time is of the conversation that has it. */
  async visitors(
    teams: readonly TeamId[] | null,
    before: number,
    id: string,
  ): Promise<Omit<SeenVisitor, 'banned'>[]> {
    const query = `SELECT visitor AS id, site, id AS newest, COUNT(*) AS conversations, MAX(changed_at) AS lastAt
      FROM conversations ${teams === null ? '' : 'WHERE team IN (SELECT value FROM json_each(?4))'}
      GROUP BY visitor HAVING (lastAt, visitor) < (?1, ?2) ORDER BY lastAt DESC, visitor DESC LIMIT ?3`;
    const values = [before, id, limits.listVisitors, ...(teams === null ? [] : [JSON.stringify(teams)])];
    return (
      await this.#db
        .prepare(query)
        .bind(...values)
        .all<Omit<SeenVisitor, 'banned'>>()
    ).results;
  }

  /** The first that a visitor began after this one, no later than then. */
  async ofVisitorAfter(
    visitor: VisitorId,
    after: { startedAt: number; id: string },
    until: number,
  ): Promise<{ id: ConversationId; startedAt: number } | undefined> {
    const query = `SELECT id, created_at AS startedAt FROM conversations
      WHERE visitor = ? AND (created_at, id) > (?, ?) AND created_at <= ? ORDER BY created_at, id LIMIT 1`;
    const row = await this.#db
      .prepare(query)
      .bind(visitor, after.startedAt, after.id, until)
      .first<{ id: ConversationId; startedAt: number }>();
    return row ?? undefined;
  }

  async siteOfVisitor(visitor: VisitorId): Promise<SiteId | undefined> {
    const query = 'SELECT site FROM conversations WHERE visitor = ? LIMIT 1';
    return (await this.#db.prepare(query).bind(visitor).first<{ site: SiteId }>())?.site;
  }

  /** Those that they began until then, and whose id is above this one, in the order of their ids. */
  async idsBegunBy(
    visitor: VisitorId,
    until: number,
    after: string,
    limit: number,
  ): Promise<ConversationId[]> {
    const query =
      'SELECT id FROM conversations WHERE visitor = ? AND created_at <= ? AND id > ? ORDER BY id LIMIT ?';
    const { results } = await this.#db
      .prepare(query)
      .bind(visitor, until, after, limit)
      .all<{ id: ConversationId }>();
    return results.map(({ id }) => id);
  }

  async lastBegunBy(visitor: VisitorId, until: number): Promise<number> {
    const query = 'SELECT MAX(created_at) AS at FROM conversations WHERE visitor = ? AND created_at <= ?';
    return (await this.#db.prepare(query).bind(visitor, until).first<number>('at')) ?? 0;
  }

  async newestOfVisitor(visitor: VisitorId, most: number): Promise<ConversationId[]> {
    const query = 'SELECT id FROM conversations WHERE visitor = ? ORDER BY changed_at DESC LIMIT ?';
    const { results } = await this.#db.prepare(query).bind(visitor, most).all<{ id: ConversationId }>();
    return results.map(({ id }) => id);
  }

  /** Those that are open or were closed since then, and whose id is above this one, in the order of their ids. */
  /** @param site null: of every site */
  async idsSince(
    closedSince: number,
    after: string,
    limit: number,
    site: SiteId | null,
  ): Promise<ConversationId[]> {
    const query = `SELECT id FROM conversations WHERE (state <> 'closed' OR changed_at >= ?1) AND id > ?2
      AND (?4 IS NULL OR site = ?4) ORDER BY id LIMIT ?3`;
    const { results } = await this.#db
      .prepare(query)
      .bind(closedSince, after, limit, site)
      .all<{ id: ConversationId }>();
    return results.map(({ id }) => id);
  }

  async idsOfTeam(
    team: TeamId,
    after: string,
    closedSince: number,
    limit: number,
  ): Promise<ConversationId[]> {
    const query = `SELECT id FROM conversations
      WHERE team = ? AND id > ? AND (state <> 'closed' OR changed_at >= ?) ORDER BY id LIMIT ?`;
    const found = await this.#db
      .prepare(query)
      .bind(team, after, closedSince, limit)
      .all<{ id: ConversationId }>();
    return found.results.map(({ id }) => id);
  }

  /**
   * Those of a site of which nothing was told since then and which nothing keeps, whose ids are above this one, in the
   * order of their ids.
   */
  async idsBefore(
    site: SiteId,
    changedBefore: number,
    after: string,
    limit: number,
  ): Promise<ConversationId[]> {
    const query = `SELECT id FROM conversations WHERE site = ? AND changed_at < ? AND id > ? AND ${going}
      ORDER BY id LIMIT ?`;
    const { results } = await this.#db
      .prepare(query)
      .bind(site, changedBefore, after, limit)
      .all<{ id: ConversationId }>();
    return results.map(({ id }) => id);
  }

  async countBefore(site: SiteId, changedBefore: number): Promise<number> {
    const query = `SELECT COUNT(*) AS n FROM conversations WHERE site = ? AND changed_at < ? AND ${going}`;
    return (await this.#db.prepare(query).bind(site, changedBefore).first<{ n: number }>())?.n ?? 0;
  }

  /** Those with a file that was over before then and which nothing keeps, whose ids are above this one, in their order. */
  async idsWithFilesDue(before: number, after: string, limit: number): Promise<ConversationId[]> {
    const query = `SELECT id FROM conversations WHERE files_due < ? AND id > ? AND ${going} ORDER BY id LIMIT ?`;
    const { results } = await this.#db
      .prepare(query)
      .bind(before, after, limit)
      .all<{ id: ConversationId }>();
    return results.map(({ id }) => id);
  }

  /** Those whose line was told before it said whether they are held, and whose ids are above this one, in their order. */
  async idsNotSaying(after: string, limit: number): Promise<ConversationId[]> {
    const query = 'SELECT id FROM conversations WHERE held IS NULL AND id > ? ORDER BY id LIMIT ?';
    const { results } = await this.#db.prepare(query).bind(after, limit).all<{ id: ConversationId }>();
    return results.map(({ id }) => id);
  }

  async heldOfVisitor(visitor: VisitorId, most: number): Promise<ConversationId[]> {
    const query = 'SELECT id FROM conversations WHERE visitor = ? AND held = 1 ORDER BY id LIMIT ?';
    const { results } = await this.#db.prepare(query).bind(visitor, most).all<{ id: ConversationId }>();
    return results.map(({ id }) => id);
  }

  /** Those of these visitors who have a conversation that is held. */
  async heldAmong(visitors: readonly VisitorId[]): Promise<VisitorId[]> {
    const query = `SELECT DISTINCT visitor FROM conversations
      WHERE visitor IN (SELECT value FROM json_each(?)) AND held = 1`;
    const found = await this.#db.prepare(query).bind(JSON.stringify(visitors)).all<{ visitor: VisitorId }>();
    return found.results.map(({ visitor }) => visitor);
  }

  async teamOf(id: ConversationId): Promise<TeamId | undefined> {
    const query = 'SELECT team FROM conversations WHERE id = ?';
    return (await this.#db.prepare(query).bind(id).first<{ team: TeamId }>())?.team;
  }

  /** Whoever comes back and is erased again was erased then. */
  async register(visitor: VisitorId, now: number): Promise<void> {
    const insert = `INSERT INTO erased (id, at) VALUES (?, ?)
      ON CONFLICT DO UPDATE SET at = excluded.at, site = NULL, kind = NULL`;
    await this.#db.prepare(insert).bind(visitor, now).run();
  }

  async erasedAt(id: ConversationId | VisitorId): Promise<number | undefined> {
    const query = 'SELECT at FROM erased WHERE id = ?';
    return (await this.#db.prepare(query).bind(id).first<number>('at')) ?? undefined;
  }

  async ofErased(limit: number): Promise<{ id: ConversationId; visitor: VisitorId }[]> {
    const query = `SELECT conversations.id, visitor FROM erased JOIN conversations
      ON conversations.visitor = erased.id AND created_at <= erased.at LIMIT ?`;
    const found = await this.#db.prepare(query).bind(limit).all<{ id: ConversationId; visitor: VisitorId }>();
    return found.results;
  }

  /**
   * It is erased: its line goes, and a restore of what was before knows that it must not come back.
   * @param isOver whether its time was over
   */
  async erase(id: ConversationId, isOver: boolean, now: number): Promise<void> {
    const insert = `INSERT INTO erased (id, at, site, kind)
      VALUES (?1, ?2, (SELECT site FROM conversations WHERE id = ?1), ?3) ON CONFLICT DO NOTHING`;
    await this.#db.batch([
      this.#db.prepare(insert).bind(id, now, isOver ? 'conversations' : null),
      this.#db.prepare('DELETE FROM conversations WHERE id = ?').bind(id),
    ]);
  }

  /** A file's time was over, and it is gone. */
  async registerFile(id: FileId, site: SiteId, now: number): Promise<void> {
    const insert = `INSERT INTO erased (id, at, site, kind) VALUES (?, ?, ?, 'files') ON CONFLICT DO NOTHING`;
    await this.#db.prepare(insert).bind(id, now, site).run();
  }

  /** What the register says of the customers of these, where it makes them restricted. */
  async restrictionsOf(ids: readonly ConversationId[]): Promise<(Restricting & { id: ConversationId })[]> {
    const query = `SELECT id, since AS at, by FROM conversations JOIN restrictions USING (visitor)
      WHERE id IN (SELECT value FROM json_each(?)) AND lifted_at IS NULL AND created_at <= since`;
    const { results } = await this.#db
      .prepare(query)
      .bind(JSON.stringify(ids))
      .all<{ id: ConversationId; at: number; by: PersonId }>();
    return results.map((row) => ({ ...row, on: true }));
  }

  async linesOf(ids: readonly ConversationId[]): Promise<Line[]> {
    const query = `SELECT id, visitor, team, state, assignee FROM conversations
      WHERE id IN (SELECT value FROM json_each(?))`;
    return (await this.#db.prepare(query).bind(JSON.stringify(ids)).all<Line>()).results;
  }

  async drop(ids: readonly ConversationId[]): Promise<void> {
    const drop = 'DELETE FROM conversations WHERE id IN (SELECT value FROM json_each(?))';
    await this.#db.prepare(drop).bind(JSON.stringify(ids)).run();
  }

  /** @param all with those that are restricted; so below too */
  async newest(all: boolean): Promise<Listed[]> {
    return this.#newest('true', all);
  }

  async ofTeams(teams: readonly TeamId[], all: boolean): Promise<Listed[]> {
    return this.#newest(ofThese, all, JSON.stringify(teams));
  }

  /** What this person has in these teams, and what waits there. */
  async ownAndWaiting(person: PersonId, teams: readonly TeamId[], all: boolean): Promise<Listed[]> {
    const which = `${ofThese} AND (assignee = ?2 OR state = 'waiting')`;
    return this.#newest(which, all, JSON.stringify(teams), person);
  }

  async #newest(where: string, all: boolean, ...values: string[]): Promise<Listed[]> {
    const query = `${listed} WHERE ${where} ${all ? '' : `AND NOT ${restricted}`} ORDER BY changed_at DESC LIMIT ${limits.listConversations}`;
    return (
      await this.#db
        .prepare(query)
        .bind(...values)
        .all<Listed>()
    ).results;
  }
}
