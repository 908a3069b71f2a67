/** The rows of alarms. Why somebody answered lies sealed. */
import type { Alarm, AlarmRule, Finding } from '../../protocol/alarms.ts';
import type { AlarmId, PersonId } from '../../protocol/ids.ts';
import type { LedgerFacts } from '../../protocol/ledger.ts';
import { quietAfterAnswer } from './rules.ts';

/** As it lies there, with the answer's reason sealed. */
export type AlarmRow = Omit<Alarm, 'answer'> & {
  answer: { by: PersonId; at: number; reason: Uint8Array } | null;
};

/** What somebody is to be mailed: that there are alarms by these rules, or that they are played. */
export type Mail = { person: PersonId; tries: number; whats: { rule: AlarmRule; isDrill: boolean }[] };
/** However many alarms there are, nobody is mailed more often. */
const betweenMails = 5 * 60_000;

export class AlarmStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`
      CREATE TABLE IF NOT EXISTS looked (only INTEGER PRIMARY KEY CHECK (only = 1), next INTEGER NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS alarms (
        id TEXT PRIMARY KEY, rule TEXT NOT NULL, about TEXT, facts TEXT NOT NULL, at INTEGER NOT NULL,
        last_at INTEGER NOT NULL, times INTEGER NOT NULL, told INTEGER NOT NULL,
        answered_by TEXT, answered_at INTEGER, reason BLOB
      ) STRICT;
      CREATE TABLE IF NOT EXISTS faults (
        hour INTEGER NOT NULL, fault TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (hour, fault)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS mails (
        person TEXT NOT NULL, alarm TEXT NOT NULL, rule TEXT NOT NULL, tries INTEGER NOT NULL, due INTEGER NOT NULL,
        PRIMARY KEY (person, alarm)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS mailed (person TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS alarms_by_age ON alarms (answered_at IS NULL, at);
    `);
  }

  /** The place in the ledger from which on nothing was looked at yet; undefined: nobody ever looked. */
  next(): number | undefined {
    return this.#sql.exec<{ next: number }>('SELECT next FROM looked').toArray()[0]?.next;
  }

  setNext(next: number): void {
    this.#sql.exec('INSERT OR REPLACE INTO looked VALUES (1, ?)', next);
  }

  /** Raises it, or counts it to one that was not answered yet, or not long ago. @returns whether it is new */
  raise(id: AlarmId, { rule, about, facts }: Finding, now: number): boolean {
    const same = this.#sql
      .exec<{ id: string }>(
        `UPDATE alarms SET facts = ?, last_at = ?, times = times + 1
         WHERE rule = ? AND about IS ? AND (answered_at IS NULL OR answered_at > ?) RETURNING id`,
        JSON.stringify(facts),
        now,
        rule,
        about,
        now - quietAfterAnswer,
      )
      .toArray();
    if (same.length > 0) return false;
    // Pages are read by when an alarm was raised: each has a moment of its own, so that none falls between two of them.
    this.#sql.exec(
      `INSERT INTO alarms (id, rule, about, facts, at, last_at, times, told)
       VALUES (?1, ?2, ?3, ?4, MAX(?5, (SELECT IFNULL(MAX(at), 0) + 1 FROM alarms)), ?5, 1, 0)`,
      ...[id, rule, about, JSON.stringify(facts), now],
    );
    return true;
  }

  /** Each answer's reason that lies under this pepper key, as it is named there. */
  reasonsUnder(key: Uint8Array): { id: AlarmId; reason: Uint8Array }[] {
    return this.#sql
      .exec<{ id: AlarmId; reason: ArrayBuffer }>(
        'SELECT id, reason FROM alarms WHERE substr(reason, 2, 4) = ?',
        key.slice().buffer,
      )
      .toArray()
      .map(({ id, reason }) => ({ id, reason: new Uint8Array(reason) }));
  }

  setReason(id: AlarmId, reason: Uint8Array): void {
    this.#sql.exec('UPDATE alarms SET reason = ? WHERE id = ?', reason.slice().buffer, id);
  }

  /** Those that nobody was told of yet. */
  untold(): AlarmRow[] {
    return this.#rows('told = 0 ORDER BY at');
  }

  setTold(id: AlarmId): void {
    this.#sql.exec('UPDATE alarms SET told = 1 WHERE id = ?', id);
  }

  /** The newest first. @param whom about these people alone; null: all of them */
  list(
    state: 'open' | 'answered',
    before: number,
    limit: number,
    whom: readonly PersonId[] | null,
  ): AlarmRow[] {
    const isOpen = state === 'open' ? 1 : 0;
    const people = whom && JSON.stringify(whom);
    return this.#rows(
      `(answered_at IS NULL) = ?1 AND at < ?2 AND (?3 IS NULL OR about IN (SELECT value FROM json_each(?3)))
       ORDER BY at DESC LIMIT ?4`,
      ...[isOpen, before, people, limit],
    );
  }

  find(id: AlarmId): AlarmRow | undefined {
    return this.#rows('id = ?', id)[0];
  }

  /** @param whom about these people alone; null: all of them */
  countOpen(whom: readonly PersonId[] | null): number {
    const query = `SELECT COUNT(*) AS n FROM alarms
      WHERE answered_at IS NULL AND (?1 IS NULL OR about IN (SELECT value FROM json_each(?1)))`;
    return this.#sql.exec<{ n: number }>(query, whom && JSON.stringify(whom)).one().n;
  }

  /** False: somebody has answered before. */
  answer(id: AlarmId, { by, at, reason }: NonNullable<AlarmRow['answer']>): boolean {
    const answer = `UPDATE alarms SET answered_by = ?, answered_at = ?, reason = ?
      WHERE id = ? AND answered_at IS NULL RETURNING id`;
    return this.#sql.exec(answer, by, at, reason.slice().buffer, id).toArray().length > 0;
  }

  // Mails ------------------------------------------------------------------------------------------------------

  /** They are to be mailed of this alarm: at once, or, if they were mailed just now, with what comes until then. */
  enqueueMails({ id, rule }: Pick<AlarmRow, 'id' | 'rule'>, people: readonly PersonId[], now: number): void {
    this.#sql.exec('DELETE FROM mailed WHERE at <= ?', now - betweenMails);
    for (const person of people) {
      this.#sql.exec(
        `INSERT INTO mails VALUES (?1, ?2, ?3, 0, MAX(?4, IFNULL((SELECT at FROM mailed WHERE person = ?1), 0) + ?5))
         ON CONFLICT DO NOTHING`,
        ...[person, id, rule, now, betweenMails],
      );
    }
  }

  /** Those who are to be mailed now, and of what: of all that waits for them. */
  dueMails(now: number, limit: number): Mail[] {
    return this.#sql
      .exec<{ person: PersonId; tries: number; whats: string }>(
        `SELECT person, MAX(tries) AS tries,
           json_group_array(DISTINCT iif(${isDrill}, 'drill ', '') || mails.rule) AS whats
         FROM mails LEFT JOIN alarms ON id = alarm GROUP BY person HAVING MIN(due) <= ? ORDER BY MIN(due) LIMIT ?`,
        now,
        limit,
      )
      .toArray()
      .map(({ whats, ...mail }) => ({ ...mail, whats: (JSON.parse(whats) as string[]).map(whatFrom) }));
  }

  nextMail(): number | undefined {
    return this.#sql.exec<{ due: number | null }>('SELECT MIN(due) AS due FROM mails').one().due ?? undefined;
  }

  setMailed(person: PersonId, now: number): void {
    this.#sql.exec('DELETE FROM mails WHERE person = ?', person);
    this.#sql.exec('INSERT OR REPLACE INTO mailed VALUES (?, ?)', person, now);
  }

  mailAgain(person: PersonId, due: number): void {
    this.#sql.exec('UPDATE mails SET tries = tries + 1, due = ? WHERE person = ?', due, person);
  }

  // Faults -----------------------------------------------------------------------------------------------------

  countFaults(counts: readonly (readonly [fault: string, count: number])[], now: number): void {
    const hour = hourOf(now);
    const add = `INSERT INTO faults VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count`;
    for (const [fault, count] of counts) this.#sql.exec(add, hour, fault, count);
    this.#sql.exec('DELETE FROM faults WHERE hour <= ?', hour - faultHours);
  }

  /** How often each kind of work failed in these hours, the present one among them. */
  faults(hours: number, now: number): Record<string, number> {
    const query =
      'SELECT fault, SUM(count) AS count FROM faults WHERE hour > ? GROUP BY fault ORDER BY fault';
    const rows = this.#sql.exec<{ fault: string; count: number }>(query, hourOf(now) - hours).toArray();
    return Object.fromEntries(rows.map(({ fault, count }) => [fault, count]));
  }

  #rows(where: string, ...values: SqlStorageValue[]): AlarmRow[] {
    return this.#sql
      .exec<Raw>(`SELECT * FROM alarms WHERE ${where}`, ...values)
      .toArray()
      .map(rowFrom);
  }
}

const isDrill = `facts ->> 'drill' IS NOT NULL`;
function whatFrom(what: string): Mail['whats'][number] {
  return { rule: what.replace(/^drill /, '') as AlarmRule, isDrill: what.startsWith('drill ') };
}

/** Faults are known by the hour, for so long. */
const faultHours = 24;

function hourOf(now: number): number {
  return Math.floor(now / 3_600_000);
}

type Raw = {
  id: AlarmId;
  rule: AlarmRule;
  about: PersonId | null;
  facts: string;
  at: number;
  last_at: number;
  times: number;
  answered_by: PersonId | null;
  answered_at: number | null;
  reason: ArrayBuffer | null;
};

function rowFrom({ last_at, answered_by, answered_at, reason, facts, ...others }: Raw): AlarmRow {
  const { id, rule, about, at, times } = others;
  const isAnswered = answered_by !== null && answered_at !== null && reason !== null;
  return {
    ...{ id, rule, about, at, times },
    lastAt: last_at,
    facts: JSON.parse(facts) as LedgerFacts,
    answer: isAnswered ? { by: answered_by, at: answered_at, reason: new Uint8Array(reason) } : null,
  };
}
