/**
 * What the ledger has of somebody, some at a time, each entry once: first what names them, the newest first, then what
 * names one of their conversations and not them, and last what is old enough to lie in the archive, or to go there soon.
 */
import type { Env } from '../config.ts';
import type { LedgerEntry } from '../protocol/ledger.ts';
import { type Entry, readLeaf, tileWidth } from '../protocol/ledger-proof.ts';
import { lifetimes, limits } from '../protocol/limits.ts';
import { opened, placeIn } from './reading.ts';
import { LedgerTable, type Row, TileBucket } from './store.ts';

/** An entry as in an export, and what is personal in it, opened where it is about whom was asked for. */
export type LineAbout = {
  seq: number;
  leaf: string;
  details: string | null;
  personal?: LedgerEntry['personal'];
};

/** Who is asked for. `until`: of what is newer nothing is told (Unix milliseconds). */
export type Whom = {
  id: string;
  until: number;
  /** Some of the ids of their conversations behind this one, in the order of their ids; none: there are no more. */
  someTalks(after: string): Promise<readonly string[]>;
  allTalks(): Promise<ReadonlySet<string>>;
};

/** Where it goes on. `since`: the first entry that is not told by its bundle. */
export type LinesPlace = { since: number } & (
  | { of: 'person'; before: string | null }
  | { of: 'talks'; after: string; before: string | null }
  | { of: 'archive'; bundle: number }
);

const linesAtOnce = 500;
/** Each bundle of the archive is a request or two. */
const bundlesAtOnce = 3;
/** So long before they may go to the archive entries are told by their bundles, wherever these lie: longer than one is asked. */
const ahead = 30 * 86_400_000;

/** @param place null: from the beginning */
export async function linesAbout(
  env: Env,
  whom: Whom,
  place: LinesPlace | null,
): Promise<{ lines: LineAbout[]; next: LinesPlace | null }> {
  const at = place ?? { since: await firstKept(env, whom.until), of: 'person', before: null };
  const { rows, next } = await rowsAt(env, whom, at);
  return { lines: await linesFrom(env, whom.id, rows), next };
}

/** The first entry that stays in the database for as long as this takes. */
async function firstKept(env: Env, until: number): Promise<number> {
  const table = new LedgerTable(env.DB);
  const end = await table.end();
  // Where there are many, they go before their time.
  const isCrowded = end - (await table.archived()) > limits.ledgerRows / 2;
  const stays = isCrowded ? lifetimes.ledgerAtHand : lifetimes.ledgerInDatabase;
  return (await table.firstSince(until - stays + ahead)) ?? end;
}

type Found = { rows: Row[]; next: LinesPlace | null };

async function rowsAt(env: Env, whom: Whom, at: LinesPlace): Promise<Found> {
  switch (at.of) {
    case 'person':
      return rowsOfPerson(env, whom, at);
    case 'talks':
      return rowsOfTalks(env, whom, at);
    case 'archive':
      return rowsOfArchive(env, whom, at);
  }
}

async function rowsOfPerson(
  env: Env,
  { id, until }: Whom,
  at: LinesPlace & { of: 'person' },
): Promise<Found> {
  const { since, before } = at;
  const table = new LedgerTable(env.DB);
  const page = await table.page(
    { about: id, to: until + 1 },
    before === null ? undefined : placeIn(before),
    linesAtOnce + 1,
  );
  const { rows, goesOn } = pageOf(page);
  return {
    rows: rows.filter(({ seq }) => seq >= since),
    next: goesOn === null ? { since, of: 'talks', after: '', before: null } : { ...at, before: goesOn },
  };
}

async function rowsOfTalks(env: Env, whom: Whom, at: LinesPlace & { of: 'talks' }): Promise<Found> {
  const { since, after, before } = at;
  const talks = await whom.someTalks(after);
  const last = talks.at(-1);
  if (last === undefined) return { rows: [], next: since === 0 ? null : { since, of: 'archive', bundle: 0 } };
  const concerned = { about: talks, action: [], from: 0, to: whom.until + 1 };
  const page = await new LedgerTable(env.DB).concerning(
    concerned,
    before === null ? undefined : placeIn(before),
    linesAtOnce + 1,
  );
  const { rows, goesOn } = pageOf(page);
  return {
    // What names them as well was told before.
    rows: rows.filter(({ seq, leaf }) => seq >= since && !names(readLeaf(leaf), (id) => id === whom.id)),
    next: goesOn === null ? { since, of: 'talks', after: last, before: null } : { ...at, before: goesOn },
  };
}

async function rowsOfArchive(env: Env, whom: Whom, at: LinesPlace & { of: 'archive' }): Promise<Found> {
  const { since, bundle } = at;
  const bundles = Math.ceil(since / tileWidth);
  const next = Math.min(bundle + bundlesAtOnce, bundles);
  const indexes = Array.from({ length: next - bundle }, (_, n) => bundle + n);
  const archived = await new LedgerTable(env.DB).archived();
  const talks = await whom.allTalks();
  const isTheirs = (leaf: string) => {
    // Most entries name somebody else: they are not taken apart.
    if (!leaf.match(/[a-z]{3}_[\w-]{22}/g)?.some((id) => id === whom.id || talks.has(id))) return false;
    const entry = readLeaf(leaf);
    return names(entry, (id) => id === whom.id || talks.has(id)) && (entry?.at ?? 0) <= whom.until;
  };
  const found = await Promise.all(indexes.map((index) => rowsOfBundle(env, index, archived, isTheirs)));
  return {
    rows: found.flat().filter(({ seq }) => seq < since),
    next: next < bundles ? { ...at, bundle: next } : null,
  };
}

/** What is sealed beside them is fetched only where there is any of theirs. */
async function rowsOfBundle(
  env: Env,
  index: number,
  archived: number,
  isTheirs: (leaf: string) => boolean,
): Promise<Row[]> {
  const first = index * tileWidth;
  const table = new LedgerTable(env.DB);
  const there = first < archived ? [] : await table.from(first, tileWidth);
  if (there[0]?.seq === first) return there.filter(({ leaf }) => isTheirs(leaf));
  const bucket = new TileBucket(env.LEDGER);
  if (!(await leavesOf(bucket, index)).some(isTheirs)) return [];
  return ((await bucket.getBundle(index)) ?? []).filter(({ leaf }) => isTheirs(leaf));
}

async function leavesOf(bucket: TileBucket, index: number): Promise<readonly string[]> {
  const leaves = await bucket.getLeaves(index);
  if (leaves === undefined) throw new Error(`bundle ${index} of the ledger is not in the archive`);
  return leaves;
}

/** As many as are told at once, and where those behind them begin; null: there are none. */
function pageOf(page: readonly Row[]): { rows: readonly Row[]; goesOn: string | null } {
  const rows = page.slice(0, linesAtOnce);
  const last = rows.at(-1);
  const isMore = page.length > linesAtOnce && last !== undefined;
  return { rows, goesOn: isMore ? `${readLeaf(last.leaf)?.at ?? 0}.${last.seq}` : null };
}

function names(entry: Entry | undefined, isOne: (id: string) => boolean): boolean {
  const named = [entry?.object, entry?.subject, entry?.actor];
  return named.some((id) => typeof id === 'string' && isOne(id));
}

async function linesFrom(env: Env, about: string, rows: readonly Row[]): Promise<LineAbout[]> {
  const entries = await opened(env, rows);
  return rows.map(({ seq, leaf, details }, n) => ({
    ...{ seq, leaf, details: details?.toBase64() ?? null },
    ...(readLeaf(leaf)?.details?.of === about && { personal: entries[n]?.personal ?? null }),
  }));
}
