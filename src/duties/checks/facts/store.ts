/** What the checks read across everybody's tables. They count, and take ids and a few bytes along, and no more. */
import type { PersonState } from '../../../protocol/bodies.ts';
import type { PersonId, SiteId } from '../../../protocol/ids.ts';
import type { Grants } from '../../../protocol/permissions.ts';
import type { Role, RoleHeld } from '../../../protocol/roles.ts';

/** `seenAt`: when the ledger has something of their doing last. Unix milliseconds. */
export type PersonFacts = RoleHeld & {
  id: PersonId;
  state: PersonState;
  createdAt: number;
  hasTotp: boolean;
  passkeys: number;
  seenAt: number | null;
};

/** A value that has to be sealed, by where it lies. `first`: what its first byte has to be. */
export type Sealed = { where: string; first: number; bytes: Uint8Array };

const value = 0x11;
const record = 0x21;
const peppered = 0x31;
const service = 0x41;

/** Columns that hold what is sealed, and the form of each (docs/ENVELOPE.md): every one that holds bytes, but for hashes. */
export const sealedColumns: readonly { table: string; column: string; first: number }[] = [
  { table: 'people', column: 'key', first: record },
  ...['name', 'address', 'password', 'totp'].map((column) => ({ table: 'people', column, first: value })),
  { table: 'passkeys', column: 'name', first: value },
  { table: 'visitors', column: 'key', first: record },
  ...['name', 'address'].map((column) => ({ table: 'visitors', column, first: value })),
  { table: 'bans', column: 'key', first: record },
  ...['target', 'reason'].map((column) => ({ table: 'bans', column, first: value })),
  { table: 'requests', column: 'key', first: record },
  ...['wish', 'how', 'extension', 'answer'].map((column) => ({ table: 'requests', column, first: value })),
  ...['progress', 'manifest', 'pgp'].map((column) => ({ table: 'copies', column, first: value })),
  { table: 'incidents', column: 'key', first: record },
  ...['title', 'review'].map((column) => ({ table: 'incidents', column, first: value })),
  ...['notes', 'tasks', 'clocks'].map((what) => ({
    table: `incident_${what}`,
    column: 'text',
    first: value,
  })),
  { table: 'ledger', column: 'details', first: value },
  { table: 'ledger_keys', column: 'key', first: record },
  { table: 'site_keys', column: 'secret', first: peppered },
  { table: 'ledger_witness', column: 'address', first: peppered },
  { table: 'contracts', column: 'note', first: peppered },
  { table: 'controller', column: 'contacts', first: peppered },
  { table: 'incident_policies', column: 'text', first: peppered },
  { table: 'incident_roles', column: 'contact', first: peppered },
  { table: 'check_exceptions', column: 'reason', first: peppered },
  { table: 'keys', column: 'wrapped', first: service },
];

/** Whether neither a legal hold nor a restriction keeps a conversation. */
const going = `held IS NOT 1 AND NOT EXISTS
  (SELECT 1 FROM restrictions r WHERE r.visitor = c.visitor AND r.lifted_at IS NULL AND c.created_at <= r.since)`;

export class Facts {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async people(): Promise<PersonFacts[]> {
    const query = `SELECT id, role, (SELECT grants FROM roles WHERE id = p.role) AS grants, state,
        created_at AS createdAt, totp IS NOT NULL AS hasTotp,
        (SELECT COUNT(*) FROM passkeys WHERE person = p.id) AS passkeys,
        (SELECT MAX(at) FROM ledger WHERE actor = p.id) AS seenAt
      FROM people p ORDER BY created_at, id`;
    const rows = await this.#all<RawPerson>(query);
    return rows.map(({ grants, hasTotp, ...row }) => ({
      ...row,
      grants: grants === null ? null : (JSON.parse(grants) as Grants),
      hasTotp: hasTotp === 1,
    }));
  }

  /** When somebody has done one of these last, since then. */
  async lastDone(person: PersonId, actions: readonly string[], since: number): Promise<number | null> {
    const query = `SELECT MAX(at) AS at FROM ledger WHERE actor = ? AND at >= ?
      AND action IN (SELECT value FROM json_each(?)) AND leaf ->> '$.outcome' = 'done'`;
    return this.#number(query, person, since, JSON.stringify(actions));
  }

  /** How often this was done by anybody in that time, the later end among it. */
  async countDone(actions: readonly string[], from: number, to: number): Promise<number> {
    const query = `SELECT COUNT(*) AS n FROM ledger WHERE action IN (SELECT value FROM json_each(?))
      AND at BETWEEN ? AND ? AND leaf ->> '$.outcome' IN ('done', 'unknown')`;
    return (await this.#number(query, JSON.stringify(actions), from, to)) ?? 0;
  }

  /** Undefined: there is no owner key. `isWaited`: somebody waits to be let in with it. */
  async ownerKey(): Promise<{ madeAt: number; isWaited: boolean } | undefined> {
    const query = 'SELECT made_at AS madeAt, waiting IS NOT NULL AS isWaited FROM owner_key';
    const [row] = await this.#all<{ madeAt: number; isWaited: number }>(query);
    return row && { madeAt: row.madeAt, isWaited: row.isWaited === 1 };
  }

  siteKeys(): Promise<{ site: SiteId; alg: string; createdAt: number }[]> {
    return this.#all('SELECT site, alg, created_at AS createdAt FROM site_keys ORDER BY created_at, id');
  }

  /** Of a site, how many conversations nobody has written in since then, and which nothing holds. */
  async conversationsBefore(site: SiteId, changedBefore: number): Promise<number> {
    const query = `SELECT COUNT(*) AS n FROM conversations c WHERE site = ? AND state = 'closed' AND changed_at < ?
      AND ${going}`;
    return (await this.#number(query, site, changedBefore)) ?? 0;
  }

  /** How many conversations have a file that was over before then, and which nothing holds. */
  async conversationsWithFilesDue(before: number): Promise<number> {
    const query = `SELECT COUNT(*) AS n FROM conversations c WHERE files_due < ? AND ${going}`;
    return (await this.#number(query, before)) ?? 0;
  }

  async conversationIds(limit: number): Promise<string[]> {
    const query = 'SELECT id FROM conversations ORDER BY random() LIMIT ?';
    return (await this.#all<{ id: string }>(query, limit)).map(({ id }) => id);
  }

  /** What people asked about their data that should have been answered, and what is being done for longer than two days. */
  async lateRequests(now: number): Promise<{ open: number; over: string[]; stuck: string[] }> {
    const rows = await this.#all<{ id: string; state: string; dueAt: number; decidedAt: number | null }>(
      `SELECT id, state, due_at AS dueAt, decided_at AS decidedAt FROM requests WHERE state IN ('open', 'working')`,
    );
    const isStuck = ({ state, decidedAt }: (typeof rows)[number]) =>
      state === 'working' && (decidedAt ?? 0) < now - 2 * 86_400_000;
    return {
      open: rows.length,
      over: rows.filter(({ dueAt }) => dueAt < now).map(({ id }) => id),
      stuck: rows.filter(isStuck).map(({ id }) => id),
    };
  }

  /** The last drill that is over. */
  async lastDrill(): Promise<{ state: string; begunAt: number } | undefined> {
    const query = `SELECT state, begun_at AS begunAt FROM restores WHERE scratch = 1 AND state <> 'working'
      ORDER BY begun_at DESC, run DESC LIMIT 1`;
    return (await this.#all<{ state: string; begunAt: number }>(query))[0];
  }

  /** The newest run of this duty. */
  async lastRun(duty: string): Promise<{ begunAt: number; overAt: number | null } | undefined> {
    const query = `SELECT begun_at AS begunAt, over_at AS overAt FROM runs WHERE duty = ?
      ORDER BY begun_at DESC LIMIT 1`;
    return (await this.#all<{ begunAt: number; overAt: number | null }>(query, duty))[0];
  }

  /** Duties that have not moved since then, and are not over. */
  async stillRuns(since: number): Promise<string[]> {
    const query = 'SELECT id FROM runs WHERE over_at IS NULL AND moved_at < ? ORDER BY moved_at LIMIT 20';
    return (await this.#all<{ id: string }>(query, since)).map(({ id }) => id);
  }

  /** How many things under retired keys could not be wrapped anew. */
  async countUnmoved(): Promise<number> {
    return (await this.#number('SELECT COUNT(*) AS n FROM unmoved')) ?? 0;
  }

  /** Since when this root is in use, also before a deployment was put back; null: nobody has noted it yet. */
  async rootSince(root: number): Promise<number | null> {
    return this.#number('SELECT seen_at AS at FROM roots WHERE root = ?', root);
  }

  /** What came of the last share of the ledger that was held against what was signed, and where that stands. */
  async lastLedgerCheck(): Promise<{ seq: number; at: number; leaf: string } | undefined> {
    const query = `SELECT seq, at, leaf FROM ledger WHERE action = 'ledger.check' ORDER BY at DESC, seq DESC LIMIT 1`;
    return (await this.#all<{ seq: number; at: number; leaf: string }>(query))[0];
  }

  /** What the ledger could not be told yet: how much, and since when. */
  async lateEntries(): Promise<{ count: number; since: number | null }> {
    const query = `SELECT COUNT(*) AS count, MIN(entry ->> '$.at') AS since FROM ledger_late`;
    const [row] = await this.#all<{ count: number; since: number | null }>(query);
    return row ?? { count: 0, since: null };
  }

  /** Some values of each column that holds what is sealed, picked anew at each look. */
  async samples(ofEach: number): Promise<Sealed[]> {
    const rows = await Promise.all(
      sealedColumns.map(async ({ table, column, first }) => {
        const query = `SELECT ${column} AS sealed FROM ${table} WHERE ${column} IS NOT NULL AND length(${column}) > 0
          ORDER BY random() LIMIT ?`;
        const some = await this.#all<{ sealed: number[] | string }>(query, ofEach);
        return some.map(({ sealed }) => ({
          where: `${table}.${column}`,
          first,
          bytes: typeof sealed === 'string' ? new TextEncoder().encode(sealed) : Uint8Array.from(sealed),
        }));
      }),
    );
    return rows.flat();
  }

  /** The wrapped keys of some people and customers, which have to lie in the store of keys too. */
  async keyRecords(
    ofEach: number,
  ): Promise<{ kind: 'person' | 'visitor'; id: string; record: Uint8Array }[]> {
    const kinds = [
      ['person', 'people'],
      ['visitor', 'visitors'],
    ] as const;
    const rows = await Promise.all(
      kinds.map(async ([kind, table]) => {
        const query = `SELECT id, key FROM ${table} ORDER BY random() LIMIT ?`;
        const some = await this.#all<{ id: string; key: number[] }>(query, ofEach);
        return some.map(({ id, key }) => ({ kind, id, record: Uint8Array.from(key) }));
      }),
    );
    return rows.flat();
  }

  /** The measures of laws of which somebody has noted a contract or a document. */
  async contracts(): Promise<string[]> {
    return (await this.#all<{ measure: string }>('SELECT measure FROM contracts')).map(
      ({ measure }) => measure,
    );
  }

  /** How many people have each role. */
  async rolesHeld(): Promise<Map<Role, number>> {
    const query = `SELECT role, COUNT(*) AS n FROM people WHERE state <> 'disabled' GROUP BY role`;
    return new Map((await this.#all<{ role: Role; n: number }>(query)).map(({ role, n }) => [role, n]));
  }

  async #all<Row>(query: string, ...values: (string | number)[]): Promise<Row[]> {
    return (
      await this.#db
        .prepare(query)
        .bind(...values)
        .all<Row>()
    ).results;
  }

  async #number(query: string, ...values: (string | number)[]): Promise<number | null> {
    const [row] = await this.#all<Record<string, number | null>>(query, ...values);
    return Object.values(row ?? {})[0] ?? null;
  }
}

type RawPerson = Omit<PersonFacts, 'grants' | 'hasTotp'> & { grants: string | null; hasTotp: number };
