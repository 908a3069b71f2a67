/** The ledger in D1. */
import { monthOf } from '../../vault.ts';
import type { Told } from '../telling.ts';
import type { Beside, Row } from './rows.ts';

/** Whose details, in which month, a key is for. */
export type KeyPlace = { owner: string; month: string };
/** A row of what was kept for the ledger, as it lies in D1; whether D1 has an entry of this id. */
export type Late = { id: string; entry: string; isEntered: boolean };
/** `from` and before `to`: Unix milliseconds. */
type Filter = {
  actor?: string | undefined;
  /** Stands anywhere in the entry. */
  about?: string | undefined;
  action?: readonly string[] | undefined;
  from?: number | undefined;
  to?: number | undefined;
};

/** Whatever concerns any of these ids, or was one of these actions, from `from` and before `to`. */
export type Concerned = Required<Pick<Filter, 'action' | 'from'>> &
  Pick<Filter, 'to'> & { about: readonly string[] };

/** Unix milliseconds. */
export type Span = { from: number; to: number };

/** Entries stand in the order in which they were told, and what they tell of may be older by as much as this. */
const disorder = 3 * 86_400_000;
/** Each is some hundred bytes, and D1 takes strings of 2 MB. */
const resealedAtOnce = 500;

/** Every entry as a row. Once there, its leaf never changes. */
export class LedgerTable {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  /** Adds rows; one that is there already stays as it is. @returns what stands there now at their places */
  async add(rows: readonly Row[]): Promise<Map<number, string>> {
    const values = rows.map(({ seq, leaf, details }) => [seq, leaf, details?.toHex() ?? null]);
    const [first, last] = [rows[0]?.seq ?? 0, rows.at(-1)?.seq ?? -1];
    const [, there] = await this.#db.batch<{ seq: number; leaf: string }>([
      this.#db
        .prepare(
          `INSERT INTO ledger (seq, leaf, details)
           SELECT value ->> 0, value ->> 1, unhex(value ->> 2) FROM json_each(?)
           WHERE NOT EXISTS (SELECT 1 FROM ledger WHERE seq = value ->> 0)`,
        )
        .bind(JSON.stringify(values)),
      this.#db.prepare('SELECT seq, leaf FROM ledger WHERE seq BETWEEN ? AND ?').bind(first, last),
    ]);
    return new Map((there?.results ?? []).map(({ seq, leaf }) => [seq, leaf]));
  }

  /** Entries from this one on, oldest first. */
  async from(seq: number, limit: number): Promise<Row[]> {
    const { results } = await this.#db
      .prepare('SELECT seq, leaf, details FROM ledger WHERE seq >= ? ORDER BY seq LIMIT ?')
      .bind(seq, limit)
      .all<{ seq: number; leaf: string; details: number[] | null }>();
    return results.map(rowFrom);
  }

  /** What of these actions came to this with these, or with what is theirs, the oldest first. */
  async actsOn(
    as: 'object' | 'subject',
    ids: readonly string[],
    actions: readonly string[],
    outcomes: readonly string[],
  ): Promise<string[]> {
    const query = `SELECT leaf FROM ledger WHERE ${as} IN (SELECT value FROM json_each(?))
      AND action IN (SELECT value FROM json_each(?))
      AND leaf ->> '$.outcome' IN (SELECT value FROM json_each(?)) ORDER BY seq`;
    const { results } = await this.#db
      .prepare(query)
      .bind(...[ids, actions, outcomes].map((list) => JSON.stringify(list)))
      .all<{ leaf: string }>();
    return results.map(({ leaf }) => leaf);
  }

  /** What somebody did from then to then, both in it, behind this place. */
  async ofActor(actor: string, { from, to }: Span, after: number, limit: number): Promise<Row[]> {
    const query = `SELECT seq, leaf, details FROM ledger
      WHERE actor = ? AND at BETWEEN ? AND ? AND seq > ? ORDER BY seq LIMIT ?`;
    const { results } = await this.#db
      .prepare(query)
      .bind(actor, from, to, after, limit)
      .all<{ seq: number; leaf: string; details: number[] | null }>();
    return results.map(rowFrom);
  }

  /** The newest first, before this time and place. */
  async page(filter: Filter, before: { at: number; seq: number } | undefined, limit: number): Promise<Row[]> {
    const { actor, about, action, from = 0, to = Number.MAX_SAFE_INTEGER } = filter;
    const end = before ?? { at: Number.MAX_SAFE_INTEGER, seq: 0 };
    const values: (string | number)[] = [];
    const given = (value: string | number) => `?${values.push(value)}`;
    const wanted = [
      `at >= ${given(from)} AND at < ${given(to)} AND (at, seq) < (${given(end.at)}, ${given(end.seq)})`,
      ...(actor === undefined ? [] : [`actor = ${given(actor)}`]),
      ...(action === undefined ? [] : [`action IN (${action.map(given).join(', ')})`]),
    ];
    // Each of these is read along an index of its own, and they are merged: nothing is sorted.
    const places = about === undefined ? [[]] : placesOf(given(about));
    const parts = places.map(
      (place) => `SELECT seq, leaf, details, at FROM ledger WHERE ${[...wanted, ...place].join(' AND ')}`,
    );
    const { results } = await this.#db
      .prepare(`${parts.join(' UNION ALL ')} ORDER BY at DESC, seq DESC LIMIT ${given(limit)}`)
      .bind(...values)
      .all<{ seq: number; leaf: string; details: number[] | null }>();
    return results.map(rowFrom);
  }

  /** The newest first, before this time and place. */
  async concerning(
    { about, action = [], from = 0, to = Number.MAX_SAFE_INTEGER }: Concerned,
    before: { at: number; seq: number } | undefined,
    limit: number,
  ): Promise<Row[]> {
    const end = before ?? { at: Number.MAX_SAFE_INTEGER, seq: 0 };
    const within = 'at >= ?3 AND at < ?4 AND (at, seq) < (?5, ?6)';
    const lists = ['object', 'subject', 'actor'].map(
      (place) => `${place} IN (SELECT value FROM json_each(?1))`,
    );
    // Each part is read along an index of its own, and no part gives more than is wanted of all.
    const parts = [...lists, 'action IN (SELECT value FROM json_each(?2))'].map(
      (part) =>
        `SELECT * FROM (SELECT seq, leaf, details, at FROM ledger WHERE ${part} AND ${within}
          ORDER BY at DESC, seq DESC LIMIT ?7)`,
    );
    const { results } = await this.#db
      .prepare(`${parts.join(' UNION ')} ORDER BY at DESC, seq DESC LIMIT ?7`)
      .bind(JSON.stringify(about), JSON.stringify(action), from, to, end.at, end.seq, limit)
      .all<{ seq: number; leaf: string; details: number[] | null }>();
    return results.map(rowFrom);
  }

  /** How many things somebody has done this to in that time. */
  async countThings(actor: string, action: string, { from, to }: Span): Promise<number> {
    const query = `SELECT COUNT(DISTINCT object) AS n FROM ledger
      WHERE actor = ? AND at BETWEEN ? AND ? AND action = ? AND leaf ->> '$.outcome' = 'done'`;
    return this.#count(query, actor, from, to, action);
  }

  /** The most things that somebody has done this to within one hour of the clock, in that time. */
  async mostThingsInAnHour(actor: string, action: string, { from, to }: Span): Promise<number> {
    const query = `SELECT IFNULL(MAX(n), 0) AS n FROM (SELECT COUNT(DISTINCT object) AS n FROM ledger
      WHERE actor = ? AND at >= ? AND at < ? AND action = ? AND leaf ->> '$.outcome' = 'done' GROUP BY at / 3600000)`;
    return this.#count(query, actor, from, to, action);
  }

  /** How often somebody has done something at these doors in that time. */
  async countDoneAt(actor: string, doors: readonly string[], { from, to }: Span): Promise<number> {
    const query = `SELECT COUNT(*) AS n FROM ledger
      WHERE actor = ? AND at BETWEEN ? AND ? AND leaf ->> '$.outcome' = 'done'
        AND leaf ->> '$.facts.door' IN (SELECT value FROM json_each(?))`;
    return this.#count(query, actor, from, to, JSON.stringify(doors));
  }

  /** How often somebody was refused something in that time, but for one reason. */
  async countRefused(actor: string, { from, to }: Span, but: string): Promise<number> {
    const query = `SELECT IFNULL(SUM(leaf ->> '$.facts.count'), 0) AS n FROM ledger
      WHERE actor = ? AND at BETWEEN ? AND ? AND leaf ->> '$.outcome' = 'refused' AND leaf ->> '$.facts.code' <> ?`;
    return this.#count(query, actor, from, to, but);
  }

  /** How often one of these failed in that time: for somebody, or, without anybody, in all. */
  async countFailed(actions: readonly string[], { from, to }: Span, subject?: string): Promise<number> {
    const whose = subject === undefined ? '' : 'AND subject = ?4';
    const query = `SELECT IFNULL(SUM(leaf ->> '$.facts.count'), 0) AS n FROM ledger
      WHERE action IN (SELECT value FROM json_each(?1)) AND at BETWEEN ?2 AND ?3 ${whose}
        AND leaf ->> '$.outcome' = 'refused'`;
    return this.#count(query, JSON.stringify(actions), from, to, ...(subject === undefined ? [] : [subject]));
  }

  async countDoneFor(subject: string, action: string, request: string): Promise<number> {
    const query = `SELECT COUNT(DISTINCT object) AS n FROM ledger
      WHERE subject = ? AND action = ? AND leaf ->> '$.facts.request' = ?`;
    return this.#count(query, subject, action, request);
  }

  async #count(query: string, ...values: (string | number)[]): Promise<number> {
    return (
      (
        await this.#db
          .prepare(query)
          .bind(...values)
          .first<{ n: number }>()
      )?.n ?? 0
    );
  }

  /** The place after the last of its entries, in the archive or not. */
  async end(): Promise<number> {
    const query =
      'SELECT MAX(before, (SELECT IFNULL(MAX(seq) + 1, 0) FROM ledger)) AS end FROM ledger_archive';
    return (await this.#db.prepare(query).first<{ end: number }>())?.end ?? 0;
  }

  /** Entries before this one lie in the archive. */
  async archived(): Promise<number> {
    const row = await this.#db.prepare('SELECT before FROM ledger_archive').first<{ before: number }>();
    return row?.before ?? 0;
  }

  /**
   * When the first that are here were entered, in Unix milliseconds; null: none are. Some of them are of before and were told
   * late, but hardly a whole bundle.
   */
  async firstEntered(): Promise<number | null> {
    const first = 'SELECT MAX(at) AS at FROM ledger WHERE seq < (SELECT MIN(seq) FROM ledger) + 256';
    return this.#db.prepare(first).first<number | null>('at');
  }

  /** The first entry that is no older than this; undefined: there is none. */
  async firstSince(time: number): Promise<number | undefined> {
    const query = 'SELECT MIN(seq) AS seq FROM ledger WHERE at >= ?';
    return (await this.#db.prepare(query).bind(time).first<{ seq: number | null }>())?.seq ?? undefined;
  }

  /** A backup is being made: it copies the archive first and the rows last, and what leaves these meanwhile would be in neither. */
  async isHeld(): Promise<boolean> {
    return (await this.#count(`SELECT COUNT(*) AS n FROM backups WHERE state = 'making'`)) > 0;
  }

  /** They lie in the archive now, and leave the database. @returns false: they stay, for they are held (`isHeld`) */
  async dropBefore(seq: number): Promise<boolean> {
    const move = `UPDATE ledger_archive SET before = ?
      WHERE NOT EXISTS (SELECT 1 FROM backups WHERE state = 'making')`;
    const [moved] = await this.#db.batch([
      this.#db.prepare(move).bind(seq),
      this.#db.prepare('DELETE FROM ledger WHERE seq < (SELECT before FROM ledger_archive)'),
    ]);
    return moved?.meta.changes === 1;
  }

  async has(id: string): Promise<boolean> {
    return (await this.#db.prepare('SELECT 1 FROM ledger WHERE id = ?').bind(id).first()) !== null;
  }

  /** Keeps what could not be told the ledger; of the same, the newer stands for the older. */
  async keepLate(told: Told): Promise<void> {
    const { personal: _, ...entry } = told;
    await this.#db
      .prepare('INSERT INTO ledger_late VALUES (?, ?) ON CONFLICT DO UPDATE SET entry = excluded.entry')
      .bind(entry.id, JSON.stringify(entry))
      .run();
  }

  /** What was kept so, by its id, after this one. */
  async late(after: string, limit: number): Promise<Late[]> {
    const { results } = await this.#db
      .prepare(
        `SELECT id, entry, EXISTS (SELECT 1 FROM ledger WHERE ledger.id = ledger_late.id) AS isEntered
         FROM ledger_late WHERE id > ? ORDER BY id LIMIT ?`,
      )
      .bind(after, limit)
      .all<{ id: string; entry: string; isEntered: number }>();
    return results.map((row) => ({ ...row, isEntered: row.isEntered === 1 }));
  }

  async dropLate(ids: readonly string[]): Promise<void> {
    await this.#db
      .prepare('DELETE FROM ledger_late WHERE id IN (SELECT value FROM json_each(?))')
      .bind(JSON.stringify(ids))
      .run();
  }

  /** The key record for somebody's details in a month: the one that is there, or else this one; empty: it was destroyed. */
  async key(owner: string, month: string, fresh: Uint8Array): Promise<Uint8Array> {
    const [, kept] = await this.#db.batch<{ key: number[] }>([
      this.#db
        .prepare('INSERT INTO ledger_keys VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
        .bind(owner, month, fresh),
      this.#db.prepare('SELECT key FROM ledger_keys WHERE owner = ? AND month = ?').bind(owner, month),
    ]);
    return Uint8Array.from(kept?.results[0]?.key ?? []);
  }

  /** Destroys the key records for somebody's details. In this month they get no other: one key is never two. */
  async destroyKeys(owner: string, month: string): Promise<void> {
    await this.#db.batch([
      this.#db
        .prepare("INSERT INTO ledger_keys VALUES (?, ?, x'') ON CONFLICT DO NOTHING")
        .bind(owner, month),
      // SQLite leaves what it frees as it is: what is destroyed is overwritten before it is let go.
      this.#db.prepare('UPDATE ledger_keys SET key = zeroblob(length(key)) WHERE owner = ?').bind(owner),
      this.#db.prepare("UPDATE ledger_keys SET key = x'' WHERE owner = ?").bind(owner),
    ]);
  }

  /** Destroys these. One that was destroyed stays so: who tells something late of that month leaves nothing more in it. */
  async destroyKeysAt(places: readonly KeyPlace[]): Promise<void> {
    const these = "(owner, month) IN (SELECT value ->> 'owner', value ->> 'month' FROM json_each(?))";
    const all = JSON.stringify(places);
    await this.#db.batch([
      this.#db.prepare(`UPDATE ledger_keys SET key = zeroblob(length(key)) WHERE ${these}`).bind(all),
      this.#db.prepare(`UPDATE ledger_keys SET key = x'' WHERE ${these}`).bind(all),
    ]);
  }

  /** Where there are keys of months before this one, in order, behind this place. */
  async keysBefore(month: string, after: KeyPlace, limit: number): Promise<KeyPlace[]> {
    const query = `SELECT owner, month FROM ledger_keys WHERE month < ? AND key <> x'' AND (owner, month) > (?, ?)
      ORDER BY owner, month LIMIT ?`;
    const { results } = await this.#db
      .prepare(query)
      .bind(month, after.owner, after.month, limit)
      .all<KeyPlace>();
    return results;
  }

  /** All keys of any month, in order, behind this place. */
  async keysAfter({ owner, month }: KeyPlace, limit: number): Promise<KeyPlace[]> {
    const query = `SELECT owner, month FROM ledger_keys WHERE key <> x'' AND (owner, month) > (?, ?)
      ORDER BY owner, month LIMIT ?`;
    return (await this.#db.prepare(query).bind(owner, month, limit).all<KeyPlace>()).results;
  }

  /** The last month of which anything may lie in the archive; undefined: there is nothing in it. */
  async lastArchivedMonth(): Promise<string | undefined> {
    if ((await this.archived()) === 0) return undefined;
    return monthOf(((await this.firstEntered()) ?? Date.now()) + disorder);
  }

  /** How many keys there are of months up to this one. */
  async countKeys(month: string): Promise<number> {
    return this.#count(`SELECT COUNT(*) AS n FROM ledger_keys WHERE month <= ? AND key <> x''`, month);
  }

  /** What is personal of somebody in that time, as far as it lies here. */
  async detailsOf(owner: string, { from, to }: Span, most: number): Promise<Beside[]> {
    const query = `SELECT seq, id, details FROM ledger
      WHERE at >= ? AND at < ? AND details IS NOT NULL AND leaf ->> '$.details.of' = ? LIMIT ?`;
    const { results } = await this.#db
      .prepare(query)
      .bind(from, to, owner, most)
      .all<{ seq: number; id: string; details: number[] }>();
    return results.map((row) => ({ ...row, details: Uint8Array.from(row.details) }));
  }

  /** Another key for somebody's details in a month, with all of them under it, or nothing. False: it was destroyed. */
  async renewKey(
    { owner, month }: KeyPlace,
    key: { before: Uint8Array; after: Uint8Array },
    anew: readonly Beside[],
  ): Promise<boolean> {
    const change = 'UPDATE ledger_keys SET key = ? WHERE owner = ? AND month = ? AND key = ?';
    const reseal = `UPDATE ledger SET details = unhex(one.value ->> 1) FROM json_each(?) AS one
      WHERE ledger.seq = one.value ->> 0
        AND EXISTS (SELECT 1 FROM ledger_keys WHERE owner = ? AND month = ? AND key = ?)`;
    const pieces: (readonly Beside[])[] = [];
    for (let at = 0; at < anew.length; at += resealedAtOnce) pieces.push(anew.slice(at, at + resealedAtOnce));
    const [changed] = await this.#db.batch([
      this.#db.prepare(change).bind(key.after, owner, month, key.before),
      ...pieces.map((piece) =>
        this.#db
          .prepare(reseal)
          .bind(
            JSON.stringify(piece.map(({ seq, details }) => [seq, details.toHex()])),
            ...[owner, month, key.after],
          ),
      ),
    ]);
    return changed?.meta.changes === 1;
  }

  /** The key records for these people's details in these months, as far as they were not destroyed. */
  async keysOf(places: readonly KeyPlace[]): Promise<(KeyPlace & { key: Uint8Array })[]> {
    const { results } = await this.#db
      .prepare(
        `SELECT owner, month, key FROM ledger_keys
         WHERE key <> x'' AND (owner, month) IN (SELECT value ->> 'owner', value ->> 'month' FROM json_each(?))`,
      )
      .bind(JSON.stringify(places))
      .all<KeyPlace & { key: number[] }>();
    return results.map((row) => ({ ...row, key: Uint8Array.from(row.key) }));
  }
}

/** Where an id can stand, each entry once. */
function placesOf(id: string): string[][] {
  return [
    [`object = ${id}`],
    [`subject = ${id}`, `object IS NOT ${id}`],
    [`actor = ${id}`, `object IS NOT ${id}`, `subject IS NOT ${id}`],
  ];
}

function rowFrom({ seq, leaf, details }: { seq: number; leaf: string; details: number[] | null }): Row {
  return { seq, leaf, details: details && Uint8Array.from(details) };
}
