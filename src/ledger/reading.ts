/** Reading the ledger: a page of what was looked for, and all of it as the lines of an export. */
import { type Env, vaultOf } from '../config.ts';
import type { LedgerFilter } from '../protocol/ledger-query.ts';
import type { LedgerAction, LedgerEntry, LedgerLine, LedgerOutcome } from '../protocol/ledger.ts';
import {
  type Details,
  type Entry,
  readLeaf,
  tilesIn,
  tileWidth,
  verifierKey,
} from '../protocol/ledger-proof.ts';
import { type DataKey, detailsKeyPlace, monthOf, openDetails, VaultError } from '../vault.ts';
import { ledgerName } from './name.ts';
import { type Concerned, type KeyPlace, LedgerTable, type Row, TileBucket } from './store.ts';

const rowsAtOnce = 1_000;

export type TilePlace = { level: number; index: number; width: number };
type Page = { entries: LedgerEntry[]; next: string | null };

export async function pageOf(
  env: Env,
  filter: LedgerFilter,
  before: string | undefined,
  limit: number,
): Promise<Page> {
  const rows = await new LedgerTable(env.DB).page(
    filter,
    before === undefined ? undefined : placeIn(before),
    limit + 1,
  );
  return pageFrom(await opened(env, rows.slice(0, limit)), rows.length > limit);
}

function pageFrom(entries: LedgerEntry[], isMore: boolean): Page {
  const last = entries.at(-1);
  return { entries, next: isMore && last !== undefined ? `${last.at}.${last.seq}` : null };
}

/** What concerns any of these, and whatever else was one of these actions, in that time: the newest first. */
export async function entriesConcerning(
  env: Env,
  concerned: Concerned,
  before: string | undefined,
  limit: number,
): Promise<Page> {
  const place = before === undefined ? undefined : placeIn(before);
  const rows = await new LedgerTable(env.DB).concerning(concerned, place, limit + 1);
  return pageFrom(await opened(env, rows.slice(0, limit)), rows.length > limit);
}

export type Act = Pick<Entry, 'action' | 'object' | 'subject' | 'actor' | 'at' | 'outcome' | 'facts'>;

/**
 * What of these actions came to this with these, or with what is theirs, the oldest first; of what lies in the archive
 * nothing.
 */
export async function actsOn(
  env: Env,
  as: 'object' | 'subject',
  ids: readonly string[],
  actions: readonly LedgerAction[],
  outcomes: readonly LedgerOutcome[],
): Promise<Act[]> {
  const leaves = await new LedgerTable(env.DB).actsOn(as, ids, actions, outcomes);
  return leaves.flatMap((leaf) => readLeaf(leaf) ?? []);
}

/** All that was looked for, the newest first. */
export async function* entriesOf(env: Env, filter: LedgerFilter): AsyncGenerator<LedgerEntry[]> {
  let next: string | null | undefined;
  while (next !== null) {
    const page: Page = await pageOf(env, filter, next, rowsAtOnce);
    yield page.entries;
    ({ next } = page);
  }
}

/** Whatever lies in the archive, where nobody looks for it, was entered before this moment; null: nothing lies there. */
export async function archiveMark(env: Env, now: number): Promise<number | null> {
  const table = new LedgerTable(env.DB);
  return (await table.archived()) === 0 ? null : ((await table.firstEntered()) ?? now);
}

/** The keys with which its heads are signed, the active one first, as verifiers are given them. */
export async function verifierKeys(env: Env): Promise<string[]> {
  const name = ledgerName(env);
  const keys = await (await vaultOf(env)).ledgerKeys(Date.now());
  return keys.map((publicKey) => verifierKey({ name, publicKey }));
}

/** Everything that proves it: its head and those that were kept, every entry, every tile. */
export async function* linesOf(
  env: Env,
  head: { note: string; size: number },
  tileOf: (place: TilePlace) => Promise<Uint8Array | undefined>,
): AsyncGenerator<LedgerLine[]> {
  const bucket = new TileBucket(env.LEDGER);
  const checkpoints = [...(await bucket.checkpoints()), head.note];
  yield [await firstLine(env, checkpoints)];
  const table = new LedgerTable(env.DB);
  const archived = await table.archived();
  for (let seq = 0; seq < head.size;) {
    const rows = await rowsAt(seq, head.size);
    if (rows.length === 0) break;
    yield rows.map(({ seq, leaf, details }) => ({ seq, leaf, details: details?.toBase64() ?? null }));
    seq = (rows.at(-1)?.seq ?? seq) + 1;
  }
  for (const place of tilesIn(head.size)) {
    const hashes = await tileOf(place);
    if (hashes !== undefined) yield [{ tile: [place.level, place.index], hashes: hashes.toBase64() }];
  }

  /** What stands no more in the database may have gone to the archive since this began. */
  async function rowsAt(seq: number, end: number): Promise<Row[]> {
    const there = seq < archived ? [] : await table.from(seq, Math.min(rowsAtOnce, end - seq));
    if (there[0]?.seq === seq) return there;
    const bundle = (await bucket.getBundle(Math.floor(seq / tileWidth))) ?? [];
    return bundle.filter((row) => row.seq >= seq && row.seq < end);
  }
}

/** What the lines of an export begin with: by what they are proved. */
export async function firstLine(env: Env, checkpoints: string[]): Promise<LedgerLine> {
  return { format: 'sotto-ledger/1', origin: ledgerName(env), keys: await verifierKeys(env), checkpoints };
}

/** The 256 rows of a bundle, or those that there are of the last one, from wherever they lie. */
export async function bundleRows(env: Env, index: number): Promise<Row[]> {
  const first = index * tileWidth;
  const there = await new LedgerTable(env.DB).from(first, tileWidth);
  if (there[0]?.seq === first) return there;
  return (await new TileBucket(env.LEDGER).getBundle(index)) ?? there;
}

/** Undefined: there is no such tile, or it has not got there yet. */
export function fullTile(env: Env, level: number, index: number): Promise<Uint8Array | undefined> {
  return new TileBucket(env.LEDGER).get(level, index);
}

/** Where a page begins, as the one before it said. */
export function placeIn(text: string): { at: number; seq: number } {
  const [at = 0, seq = 0] = text.split('.').map(Number);
  return { at, seq };
}

/** What is personal in them opened, as far as its key is there. */
export async function opened(env: Env, rows: readonly Row[]): Promise<LedgerEntry[]> {
  const read = rows.map((row) => ({ row, entry: readLeaf(row.leaf) }));
  const keys = await keysFor(
    env,
    read.flatMap(({ entry }) =>
      entry?.details === undefined ? [] : [{ owner: entry.details.of, month: monthOf(entry.at) }],
    ),
  );
  return Promise.all(read.map(({ row, entry }) => entryFrom(row, entry, keys)));
}

/** By person and month. One that is not in it was destroyed. */
type Keys = ReadonlyMap<string, DataKey>;

const nameOf = ({ owner, month }: KeyPlace) => `${owner}/${month}`;

/** A page names many people: all their keys are asked for at once. */
async function keysFor(env: Env, places: readonly KeyPlace[]): Promise<Keys> {
  const wanted = [...new Map(places.map((place) => [nameOf(place), place])).values()];
  if (wanted.length === 0) return new Map();
  const vault = await vaultOf(env);
  const records = await new LedgerTable(env.DB).keysOf(wanted);
  const opening = records.map(async ({ owner, month, key }) => {
    return [nameOf({ owner, month }), await vault.dataKey(detailsKeyPlace(owner, month), key)] as const;
  });
  return new Map(await Promise.all(opening));
}

async function entryFrom(
  { seq, details: sealed }: Row,
  entry: ReturnType<typeof readLeaf>,
  keys: Keys,
): Promise<LedgerEntry> {
  // What somebody has put into the database by hand is shown as what it is: nothing that was ever entered.
  if (entry === undefined) return { ...nothing, seq };
  const { details, session, object, subject, facts, late, ...others } = entry;
  return {
    seq,
    ...others,
    session: session ?? null,
    object: object ?? null,
    subject: subject ?? null,
    facts: facts ?? {},
    late: late ?? false,
    personal: details === undefined ? null : await personalOf(entry, details, sealed, keys),
  };
}

async function personalOf(
  { id, at }: { id: string; at: number },
  { of, digest }: Details,
  sealed: Uint8Array | null,
  keys: Keys,
): Promise<LedgerEntry['personal']> {
  const key = keys.get(nameOf({ owner: of, month: monthOf(at) }));
  if (key === undefined) return 'erased';
  // Somebody has written it by hand; or it is of an older backup than its key, so that what was sealed anew opens no more.
  if (sealed === null) return 'unreadable';
  return openDetails(key, id, sealed, digest).catch((reason: unknown) => {
    if (!(reason instanceof VaultError)) throw reason;
    return 'unreadable' as const;
  });
}

const nothing: LedgerEntry = {
  seq: 0,
  id: '',
  at: 0,
  actor: null,
  session: null,
  action: 'unreadable',
  object: null,
  subject: null,
  outcome: 'unknown',
  facts: {},
  late: false,
  personal: null,
};
