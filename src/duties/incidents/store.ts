/** The rows of incidents in D1: of what is said in words, the sealed bytes. */
import { commitmentIn, commitmentOf } from '../../vault.ts';
import type { AlarmId, IncidentId, PersonId } from '../../protocol/ids.ts';
import type {
  IncidentKind,
  IncidentNote,
  IncidentOrigin,
  IncidentPeople,
  IncidentState,
  IncidentTask,
  LegalClock,
  OpenState,
  Severity,
} from '../../protocol/incidents.ts';

export type IncidentRow = {
  id: IncidentId;
  kind: IncidentKind;
  severity: Severity;
  state: IncidentState;
  origin: IncidentOrigin;
  alarm: AlarmId | null;
  people: IncidentPeople;
  things: readonly string[];
  declaredBy: PersonId;
  declaredAt: number;
  noticedAt: number;
  beganAt: number;
  closedBy: PersonId | null;
  closedAt: number | null;
  key: Uint8Array;
  title: Uint8Array;
  review: Uint8Array | null;
};
export type NewIncident = Omit<IncidentRow, 'closedBy' | 'closedAt' | 'review'>;
export type ChangedIncident = {
  [Column in 'severity' | 'people' | 'things' | 'beganAt']: IncidentRow[Column] | undefined;
};
export type NoteRow = Omit<IncidentNote, 'text'> & { text: Uint8Array };
export type TaskRow = Omit<IncidentTask, 'text' | 'done'> & {
  text: Uint8Array;
  doneBy: PersonId | null;
  doneAt: number | null;
};
export type NewTask = Pick<TaskRow, 'id' | 'phase' | 'text' | 'person' | 'dueAt'>;
export type ClockRow = {
  clock: LegalClock;
  dueAt: number | null;
  settledBy: PersonId | null;
  settledAt: number | null;
  outcome: 'done' | 'notNeeded' | null;
  text: Uint8Array | null;
};
/** One that ran out, and of which nobody was told. */
export type OverdueClock = { incident: IncidentId; clock: LegalClock };

/** D1 gives blobs as arrays of numbers. */
type Raw = Omit<IncidentRow, 'people' | 'things' | 'key' | 'title' | 'review'> & {
  people: string;
  things: string;
  key: number[];
  title: number[];
  review: number[] | null;
};

const columns = `id, kind, severity, state, origin, alarm, people, things, declared_by AS declaredBy,
  declared_at AS declaredAt, noticed_at AS noticedAt, began_at AS beganAt, closed_by AS closedBy,
  closed_at AS closedAt, key, title, review`;

/** What is sealed is stored only while that is the incident's key: it may have been sealed anew meanwhile. */
export type Keyed = Pick<IncidentRow, 'id' | 'key'>;

export class IncidentStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  /** All of it at once, or nothing. False: so many are open, or whoever declares it declared so many since then. */
  async add(
    row: NewIncident,
    note: NoteRow,
    tasks: readonly NewTask[],
    clocks: readonly (readonly [LegalClock, number | null])[],
    most: { open: number; byOne: number; since: number },
  ): Promise<boolean> {
    const { id, kind, severity, state, origin, alarm, people, things, key, title } = row;
    const { declaredBy, declaredAt, noticedAt, beganAt } = row;
    const insert = `INSERT INTO incidents (id, kind, severity, state, origin, alarm, people, things, declared_by,
      declared_at, noticed_at, began_at, key, title)
      SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14
      WHERE (SELECT COUNT(*) FROM incidents WHERE (state = 'closed') = 0) < ?15
        AND (SELECT COUNT(*) FROM incidents WHERE declared_by = ?9 AND declared_at > ?17) < ?16`;
    const values = [id, kind, severity, state, origin, alarm, JSON.stringify(people), JSON.stringify(things)];
    const times = [declaredBy, declaredAt, noticedAt, beganAt];
    const bounds = [most.open, most.byOne, most.since];
    const isThere = 'EXISTS (SELECT 1 FROM incidents WHERE id = ?2)';
    const [added] = await this.#db.batch([
      this.#db.prepare(insert).bind(...values, ...times, key, title, ...bounds),
      this.#noting({ id, key }, note, state),
      ...tasks.map((task) => this.#tasking(id, task, isThere)),
      ...clocks.map(([clock, due]) => this.#beginning(id, clock, due)),
    ]);
    return added?.meta.changes === 1;
  }

  async find(id: IncidentId): Promise<IncidentRow | undefined> {
    return (await this.#rows('id = ?', id))[0];
  }

  /** The newest first, declared before then. */
  async list(isClosed: boolean, before: number, most: number): Promise<IncidentRow[]> {
    const where = `(state = 'closed') = ? AND declared_at < ? ORDER BY declared_at DESC, id LIMIT ?`;
    return this.#rows(where, isClosed ? 1 : 0, before, most);
  }

  async drillAbout(
    about: readonly string[],
    since: number,
  ): Promise<{ incident: IncidentId; at: number } | undefined> {
    const list = '(SELECT value FROM json_each(?1))';
    const query = `SELECT id AS incident, declared_at AS at FROM incidents
      WHERE origin = 'drill' AND declared_at >= ?2
        AND (alarm IN ${list} OR EXISTS (SELECT 1 FROM json_each(things) WHERE value IN ${list}))
      ORDER BY declared_at LIMIT 1`;
    const found = this.#db.prepare(query).bind(JSON.stringify(about), since);
    return (await found.first<{ incident: IncidentId; at: number }>()) ?? undefined;
  }

  async countOpen(): Promise<number> {
    const query = `SELECT COUNT(*) AS n FROM incidents WHERE (state = 'closed') = 0`;
    return (await this.#db.prepare(query).first<{ n: number }>())?.n ?? 0;
  }

  /**
   * What is given, and of people those who are. @param known only if it names these things still
   * False: it was closed meanwhile, or names others.
   */
  async change(
    id: IncidentId,
    { severity, people, things, beganAt }: ChangedIncident,
    known: readonly string[] | undefined,
  ): Promise<boolean> {
    const update = `UPDATE incidents SET severity = IFNULL(?2, severity), people = json_patch(people, ?3),
      things = IFNULL(?4, things), began_at = IFNULL(?5, began_at)
      WHERE id = ?1 AND state <> 'closed' AND things = IFNULL(?6, things)`;
    const [thingsNow, thingsKnown] = [things, known].map((some) => (some ? JSON.stringify(some) : null));
    const values = [severity ?? null, JSON.stringify(people ?? {}), thingsNow, beganAt ?? null, thingsKnown];
    return this.#changes(this.#db.prepare(update).bind(id, ...values));
  }

  /** With why, where it goes back. False: it was moved meanwhile, or has another key. */
  async move(
    { id, key, state }: Keyed & { state: IncidentState },
    to: OpenState,
    note: NoteRow | null,
  ): Promise<boolean> {
    const move = this.#db
      .prepare(`UPDATE incidents SET state = ?3 WHERE id = ?1 AND state = ?2 AND ${commitmentIn} = ?4`)
      .bind(id, state, to, commitmentOf(key));
    const noted = note === null ? [] : [this.#noting({ id, key }, note, state)];
    return (await this.#db.batch([...noted, move])).at(-1)?.meta.changes === 1;
  }

  /** With its review and what that asks for. False: it was moved, or a clock begun, meanwhile, or it has another key. */
  async close(
    { id, key }: Keyed,
    { by, at, review }: { by: PersonId; at: number; review: Uint8Array },
    actions: readonly NewTask[],
  ): Promise<boolean> {
    const close = `UPDATE incidents SET state = 'closed', closed_by = ?2, closed_at = ?3, review = ?4
      WHERE id = ?1 AND state = 'followUp' AND ${commitmentIn} = ?5
        AND NOT EXISTS (SELECT 1 FROM incident_clocks WHERE incident = ?1 AND settled_at IS NULL)`;
    const isClosed = 'EXISTS (SELECT 1 FROM incidents WHERE id = ?2 AND closed_at = ?7)';
    const [closed] = await this.#db.batch([
      this.#db.prepare(close).bind(id, by, at, review, commitmentOf(key)),
      ...actions.map((action) => this.#tasking(id, action, isClosed, at)),
    ]);
    return closed?.meta.changes === 1;
  }

  // Notes and tasks --------------------------------------------------------------------------------------------

  /** False: there are as many as there can be, or it is closed or has another key. */
  async addNote({ id, key }: Keyed, note: NoteRow, most: number): Promise<boolean> {
    const isRoom = '(SELECT COUNT(*) FROM incident_notes WHERE incident = ?2) < ?7';
    const insert = `INSERT INTO incident_notes (id, incident, at, by, kind, text) SELECT ?1, ?2, ?3, ?4, ?5, ?6
      WHERE ${isRoom}
        AND EXISTS (SELECT 1 FROM incidents WHERE id = ?2 AND state <> 'closed' AND ${commitmentIn} = ?8)`;
    const values = [note.id, id, note.at, note.by, note.kind, note.text, most, commitmentOf(key)];
    return this.#changes(this.#db.prepare(insert).bind(...values));
  }

  async notes(id: IncidentId): Promise<NoteRow[]> {
    const query = 'SELECT id, at, by, kind, text FROM incident_notes WHERE incident = ? ORDER BY at, id';
    const { results } = await this.#db
      .prepare(query)
      .bind(id)
      .all<Omit<NoteRow, 'text'> & { text: number[] }>();
    return results.map((row) => ({ ...row, text: Uint8Array.from(row.text) }));
  }

  /** False: there are as many as there can be, or it is closed or has another key. */
  async addTask({ id, key }: Keyed, task: NewTask, most: number): Promise<boolean> {
    const isRoom = `(SELECT COUNT(*) FROM incident_tasks WHERE incident = ?2) < ?7
      AND EXISTS (SELECT 1 FROM incidents WHERE id = ?2 AND state <> 'closed' AND ${commitmentIn} = ?8)`;
    return this.#changes(this.#tasking(id, task, isRoom, most, commitmentOf(key)));
  }

  async tasks(id: IncidentId): Promise<TaskRow[]> {
    const query = `SELECT id, phase, text, person, due_at AS dueAt, done_by AS doneBy, done_at AS doneAt
      FROM incident_tasks WHERE incident = ? ORDER BY place, id`;
    const { results } = await this.#db
      .prepare(query)
      .bind(id)
      .all<Omit<TaskRow, 'text'> & { text: number[] }>();
    return results.map((row) => ({ ...row, text: Uint8Array.from(row.text) }));
  }

  /** Null: it is not done after all. False: there is none, or it stands so already. */
  async tick(id: IncidentId, task: string, done: { by: PersonId; at: number } | null): Promise<boolean> {
    const update = `UPDATE incident_tasks SET done_by = ?3, done_at = ?4
      WHERE incident = ?1 AND id = ?2 AND (done_at IS NULL) = ?5`;
    const values = [done?.by ?? null, done?.at ?? null, done === null ? 0 : 1];
    return this.#changes(this.#db.prepare(update).bind(id, task, ...values));
  }

  // Clocks -----------------------------------------------------------------------------------------------------

  async clocks(id: IncidentId): Promise<ClockRow[]> {
    const query = `SELECT clock, due_at AS dueAt, settled_by AS settledBy, settled_at AS settledAt, outcome, text
      FROM incident_clocks WHERE incident = ? ORDER BY due_at IS NULL, due_at, clock`;
    const { results } = await this.#db
      .prepare(query)
      .bind(id)
      .all<Omit<ClockRow, 'text'> & { text: number[] | null }>();
    return results.map((row) => ({ ...row, text: row.text && Uint8Array.from(row.text) }));
  }

  /** When the next clock of each of these runs out, of those where one runs. */
  async nextDue(ids: readonly IncidentId[]): Promise<Map<IncidentId, number>> {
    const query = `SELECT incident, MIN(due_at) AS due FROM incident_clocks
      WHERE settled_at IS NULL AND due_at IS NOT NULL AND incident IN (SELECT value FROM json_each(?)) GROUP BY incident`;
    const { results } = await this.#db
      .prepare(query)
      .bind(JSON.stringify(ids))
      .all<{ incident: IncidentId; due: number }>();
    return new Map(results.map(({ incident, due }) => [incident, due]));
  }

  /** False: it runs already, or did. */
  async begin(id: IncidentId, clock: LegalClock, due: number | null): Promise<boolean> {
    return this.#changes(this.#beginning(id, clock, due));
  }

  /** False: it does not run, or the incident has another key. */
  async settle(
    { id, key }: Keyed,
    clock: LegalClock,
    { by, at, outcome, text }: { by: PersonId; at: number; outcome: 'done' | 'notNeeded'; text: Uint8Array },
  ): Promise<boolean> {
    const settle = `UPDATE incident_clocks SET settled_by = ?3, settled_at = ?4, outcome = ?5, text = ?6
      WHERE incident = ?1 AND clock = ?2 AND settled_at IS NULL
        AND EXISTS (SELECT 1 FROM incidents WHERE id = ?1 AND ${commitmentIn} = ?7)`;
    const values = [id, clock, by, at, outcome, text, commitmentOf(key)];
    return this.#changes(this.#db.prepare(settle).bind(...values));
  }

  /** Those that ran out before then. */
  async overdue(now: number): Promise<OverdueClock[]> {
    const query = `SELECT incident, clock FROM incident_clocks
      WHERE settled_at IS NULL AND alarmed = 0 AND due_at < ? ORDER BY due_at`;
    return (await this.#db.prepare(query).bind(now).all<OverdueClock>()).results;
  }

  async setAlarmed({ incident, clock }: OverdueClock): Promise<void> {
    const update = 'UPDATE incident_clocks SET alarmed = 1 WHERE incident = ? AND clock = ?';
    await this.#db.prepare(update).bind(incident, clock).run();
  }

  /** Of how many incidents a clock has run out. */
  async countOverdue(now: number): Promise<number> {
    const query = `SELECT COUNT(DISTINCT incident) AS n FROM incident_clocks WHERE settled_at IS NULL AND due_at < ?`;
    return (await this.#db.prepare(query).bind(now).first<{ n: number }>())?.n ?? 0;
  }

  // ------------------------------------------------------------------------------------------------------------

  /** If it is in this state. */
  #noting(
    { id: incident, key }: Keyed,
    { id, at, by, kind, text }: NoteRow,
    state: IncidentState,
  ): D1PreparedStatement {
    const insert = `INSERT INTO incident_notes (id, incident, at, by, kind, text) SELECT ?1, ?2, ?3, ?4, ?5, ?6
      WHERE EXISTS (SELECT 1 FROM incidents WHERE id = ?2 AND state = ?7 AND ${commitmentIn} = ?8)`;
    return this.#db.prepare(insert).bind(id, incident, at, by, kind, text, state, commitmentOf(key));
  }

  /** Behind the others, if this is so, of which `?2` is the incident and `?7` on are these values. */
  #tasking(
    incident: IncidentId,
    task: NewTask,
    isSo: string,
    ...values: (number | Uint8Array)[]
  ): D1PreparedStatement {
    const last = '(SELECT IFNULL(MAX(place) + 1, 0) FROM incident_tasks WHERE incident = ?2)';
    const insert = `INSERT INTO incident_tasks (id, incident, phase, place, text, person, due_at)
      SELECT ?1, ?2, ?3, ${last}, ?4, ?5, ?6 WHERE ${isSo}`;
    const { id, phase, text, person, dueAt } = task;
    return this.#db.prepare(insert).bind(id, incident, phase, text, person, dueAt, ...values);
  }

  #beginning(incident: IncidentId, clock: LegalClock, due: number | null): D1PreparedStatement {
    const insert = `INSERT INTO incident_clocks (incident, clock, due_at) SELECT ?1, ?2, ?3
      WHERE EXISTS (SELECT 1 FROM incidents WHERE id = ?1 AND state <> 'closed') ON CONFLICT DO NOTHING`;
    return this.#db.prepare(insert).bind(incident, clock, due);
  }

  async #changes(statement: D1PreparedStatement): Promise<boolean> {
    return (await statement.run()).meta.changes === 1;
  }

  async #rows(where: string, ...values: (string | number)[]): Promise<IncidentRow[]> {
    const { results } = await this.#db
      .prepare(`SELECT ${columns} FROM incidents WHERE ${where}`)
      .bind(...values)
      .all<Raw>();
    return results.map(rowOf);
  }
}

function rowOf({ people, things, key, title, review, ...row }: Raw): IncidentRow {
  return {
    ...row,
    people: JSON.parse(people) as IncidentPeople,
    things: JSON.parse(things) as string[],
    key: Uint8Array.from(key),
    title: Uint8Array.from(title),
    review: review && Uint8Array.from(review),
  };
}
