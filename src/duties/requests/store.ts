/** The rows of requests in D1. */
import type { CopyId, PersonId, RequestId, SiteId, VisitorId } from '../../protocol/ids.ts';
import type { RequestKind, RequestLaw, RequestProof, RequestState } from '../../protocol/privacy.ts';
import { commitmentIn, commitmentOf } from '../../vault.ts';

/** What is said in words, each sealed at a place of its own. */
export const saidNames = ['wish', 'how', 'extension', 'answer'] as const;
export type SaidName = (typeof saidNames)[number];
/** `key`: what opens the words; null once they are erased. */
export type RequestRow = {
  id: RequestId;
  kind: RequestKind;
  visitor: VisitorId;
  site: SiteId;
  law: RequestLaw;
  proof: RequestProof;
  state: RequestState;
  openedBy: PersonId | null;
  openedAt: number;
  dueAt: number;
  extendedAt: number | null;
  decidedBy: PersonId | null;
  decidedAt: number | null;
  doneAt: number | null;
  held: boolean;
  run: string | null;
  /** What was handed over with the answer. */
  copy: CopyId | null;
  hasReceipt: boolean;
  key: Uint8Array | null;
} & Record<SaidName, Uint8Array | null>;
/** Where a request stands in a list: by when it is due, or was answered, and its id. */
export type ListPlace = { at: number; id: string };
/** Where a request stands among all of its visitor's. */
export type RequestPlace = { openedAt: number; id: string };
type Keyed = Pick<RequestRow, 'id' | 'key'>;
export type NewRequest = Pick<
  RequestRow,
  'id' | 'kind' | 'visitor' | 'site' | 'law' | 'proof' | 'openedBy' | 'openedAt' | 'dueAt' | 'wish' | 'how'
> & { key: Uint8Array };

/** D1 gives blobs as arrays of numbers. */
type Raw = Omit<RequestRow, 'key' | 'held' | 'hasReceipt' | SaidName> & {
  held: number;
  hasReceipt: number;
} & Record<'key' | SaidName, number[] | null>;

const columns = `id, kind, visitor, site, law, proof, state, opened_by AS openedBy, opened_at AS openedAt,
  due_at AS dueAt, extended_at AS extendedAt, decided_by AS decidedBy, decided_at AS decidedAt, done_at AS doneAt,
  held, run, copy, receipt IS NOT NULL AS hasReceipt, key, wish, how, extension, answer`;
const waiting = "state IN ('open', 'working')";

export class RequestStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  /** False: they wait for an answer to the same already. */
  async add(row: NewRequest): Promise<boolean> {
    const insert = `INSERT INTO requests
      (id, kind, visitor, site, law, proof, state, opened_by, opened_at, due_at, key, wish, how)
      VALUES (?, ?, ?, ?, ?, ?, 'open', ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`;
    const { id, kind, visitor, site, law, proof, openedBy, openedAt, dueAt, key, wish, how } = row;
    const values = [id, kind, visitor, site, law, proof, openedBy, openedAt, dueAt, key, wish, how];
    const { meta } = await this.#db
      .prepare(insert)
      .bind(...values)
      .run();
    return meta.changes === 1;
  }

  async find(id: RequestId): Promise<RequestRow | undefined> {
    return (await this.#rows('id = ?', id))[0];
  }

  async ofRun(run: string): Promise<RequestRow | undefined> {
    return (await this.#rows('run = ?', run))[0];
  }

  async waitingFor(visitor: VisitorId, kind: RequestKind): Promise<RequestRow | undefined> {
    return (await this.#rows(`visitor = ? AND kind = ? AND ${waiting}`, visitor, kind))[0];
  }

  /** Whether they wait for an answer to something else than their erasure. */
  async waitForOthers(visitor: VisitorId): Promise<boolean> {
    return (await this.#rows(`visitor = ? AND kind <> 'erasure' AND ${waiting} LIMIT 1`, visitor)).length > 0;
  }

  /** What is being done. */
  async working(): Promise<RequestRow[]> {
    return this.#rows("state = 'working'");
  }

  /** The newest first. */
  async ofVisitor(visitor: VisitorId, most: number): Promise<RequestRow[]> {
    return this.#rows('visitor = ? ORDER BY opened_at DESC, id LIMIT ?', visitor, most);
  }

  /** Those that wait for an answer behind this place, the first that is due first. */
  async waiting({ at, id }: ListPlace, most: number): Promise<RequestRow[]> {
    return this.#rows(`${waiting} AND (due_at, id) > (?, ?) ORDER BY due_at, id LIMIT ?`, at, id, most);
  }

  /** Some of those that a visitor opened until then behind this place, the oldest first. */
  async someOf(
    visitor: VisitorId,
    after: RequestPlace | null,
    until: number,
    most: number,
  ): Promise<RequestRow[]> {
    const { openedAt, id } = after ?? { openedAt: 0, id: '' };
    const behind =
      'visitor = ? AND opened_at <= ? AND (opened_at, id) > (?, ?) ORDER BY opened_at, id LIMIT ?';
    return this.#rows(behind, visitor, until, openedAt, id, most);
  }

  /** Those that were answered before this place, the last first. */
  async over({ at, id }: ListPlace, most: number): Promise<RequestRow[]> {
    const over = `state IN ('refused', 'done') AND (decided_at, id) < (?, ?)`;
    return this.#rows(`${over} ORDER BY decided_at DESC, id DESC LIMIT ?`, at, id, most);
  }

  async #rows(where: string, ...values: (string | number)[]): Promise<RequestRow[]> {
    const query = `SELECT ${columns} FROM requests WHERE ${where}`;
    const { results } = await this.#db
      .prepare(query)
      .bind(...values)
      .all<Raw>();
    return results.map(rowOf);
  }

  /** False: it was extended or answered meanwhile, or has another key than this was sealed under. */
  async extend(
    { id, key }: Keyed,
    dueAt: number,
    extension: Uint8Array | null,
    now: number,
  ): Promise<boolean> {
    const extend = `UPDATE requests SET due_at = ?2, extension = ?3, extended_at = ?4
      WHERE id = ?1 AND state = 'open' AND extended_at IS NULL AND ${commitmentIn} IS ?5`;
    return this.#changes(this.#db.prepare(extend).bind(id, dueAt, extension, now, key && commitmentOf(key)));
  }

  /** False: it was answered meanwhile, or has another key than this was sealed under. */
  async decide(
    { id, key }: Keyed,
    state: 'refused' | 'done',
    answer: Uint8Array | null,
    { receipt, copy }: { receipt: string; copy: CopyId | null },
    by: PersonId,
    now: number,
  ): Promise<boolean> {
    const decide = `UPDATE requests SET state = ?2, answer = ?3, receipt = ?4, decided_by = ?5, decided_at = ?6,
      done_at = ?6, copy = ?7 WHERE id = ?1 AND state = 'open' AND ${commitmentIn} IS ?8`;
    const values = [id, state, answer, receipt, by, now, copy, key && commitmentOf(key)];
    return this.#changes(this.#db.prepare(decide).bind(...values));
  }

  /** It is being done by this run. False: it was answered meanwhile. */
  async begin(id: RequestId, run: string, by: PersonId, now: number): Promise<boolean> {
    const begin = `UPDATE requests SET state = 'working', held = 0, run = ?2, decided_by = ?3, decided_at = ?4
      WHERE id = ?1 AND state = 'open'`;
    return this.#changes(this.#db.prepare(begin).bind(id, run, by, now));
  }

  /** It can't go on, and waits for another answer. */
  async stop(id: RequestId): Promise<boolean> {
    const stop = `UPDATE requests SET state = 'open', held = 1, decided_by = NULL, decided_at = NULL
      WHERE id = ? AND state = 'working'`;
    return this.#changes(this.#db.prepare(stop).bind(id));
  }

  /** Of what a visitor asked ids, kinds, times and outcomes are left. SQLite leaves what it frees as it is. */
  async eraseWords(visitor: VisitorId): Promise<void> {
    const blank = 'UPDATE requests SET key = zeroblob(length(key)) WHERE visitor = ? AND key IS NOT NULL';
    const erase = `UPDATE requests SET key = NULL, wish = NULL, how = NULL, extension = NULL, answer = NULL
      WHERE visitor = ?`;
    await this.#db.batch([this.#db.prepare(blank).bind(visitor), this.#db.prepare(erase).bind(visitor)]);
  }

  /** It is done. @param receipt what is shown from now on; the first that was signed stays */
  async finish(id: RequestId, receipt: string, now: number): Promise<void> {
    const finish = `UPDATE requests SET state = 'done', done_at = ?2, receipt = ?3
      WHERE id = ?1 AND state = 'working'`;
    await this.#db.prepare(finish).bind(id, now, receipt).run();
  }

  async lastErasureOf(visitor: VisitorId): Promise<RequestId | undefined> {
    const query = `SELECT id FROM requests WHERE visitor = ? AND kind = 'erasure' AND state = 'done'
      ORDER BY done_at DESC LIMIT 1`;
    return (await this.#db.prepare(query).bind(visitor).first<{ id: RequestId }>())?.id;
  }

  async receiptOf(id: RequestId): Promise<string | undefined> {
    const query = 'SELECT receipt FROM requests WHERE id = ?';
    return (await this.#db.prepare(query).bind(id).first<{ receipt: string | null }>())?.receipt ?? undefined;
  }

  async #changes(statement: D1PreparedStatement): Promise<boolean> {
    return (await statement.run()).meta.changes === 1;
  }
}

function rowOf(raw: Raw): RequestRow {
  const { key, wish, how, extension, answer } = raw;
  return {
    ...raw,
    held: raw.held === 1,
    hasReceipt: raw.hasReceipt === 1,
    ...{ key: bytesOf(key), wish: bytesOf(wish), how: bytesOf(how) },
    ...{ extension: bytesOf(extension), answer: bytesOf(answer) },
  };
}

function bytesOf(blob: number[] | null): Uint8Array | null {
  return blob === null ? null : Uint8Array.from(blob);
}
