/** The ledger: the door to its one writer. What an entry is stands in src/protocol/ledger-proof, what is entered in docs/LEDGER.md. */
import type { Env } from './config.ts';
import type { Ledger } from './ledger/object.ts';
import { bundleOf, check, type Check, type Share, shareOf } from './ledger/checking.ts';
import { firstLine, fullTile, linesOf, type TilePlace } from './ledger/reading.ts';
import type { LedgerLine } from './protocol/ledger.ts';
import { objectOf } from './residency.ts';
import { hashBytes, tileWidth } from './protocol/ledger-proof.ts';

export { type LineAbout, linesAbout, type LinesPlace, type Whom } from './ledger/about.ts';
export {
  countDoneAt,
  countDoneFor,
  countFailedProofs,
  countRefused,
  countThings,
  entriesFrom,
  isFailedProof,
  mostThingsInAnHour,
} from './ledger/counting.ts';
export { archivedDetails, detailsAfter, detailsBefore } from './ledger/details.ts';
export { doingsOf } from './ledger/doings.ts';
export { idOf } from './ledger/ids.ts';
export { ledgerName } from './ledger/name.ts';
export { forgetLate, tellLate } from './ledger/late.ts';
export {
  type Act,
  actsOn,
  archiveMark,
  entriesConcerning,
  entriesOf,
  pageOf,
  verifierKeys,
} from './ledger/reading.ts';
export type { Folded, Told } from './ledger/telling.ts';
export { archivedBundle, type LedgerRow, putLedgerRows } from './ledger/returning.ts';

/** Whoever looks at something again and again has one entry for each quarter of an hour. */
export function quarterOf(now: number): number {
  return Math.floor(now / quarter);
}

/** How long one entry stands for whatever of its kind follows it, in milliseconds. */
export const quarter = 900_000;

/** The way to the one object that writes. */
export function ledgerOf(env: Env): DurableObjectStub<Ledger> {
  return objectOf(env, 'Ledger', 'ledger') as DurableObjectStub<Ledger>;
}

/**
 * The first `width` hashes of a tile of a tree of this size; undefined where there are not as many. What is full lies
 * in the bucket before a head speaks of it, and the writer is asked for its edge alone.
 */
export async function tileOf(
  env: Env,
  { level, index, width }: TilePlace,
  size: number,
): Promise<Uint8Array | undefined> {
  const there = Math.floor(size / tileWidth ** level) - index * tileWidth;
  if (width > there) return undefined;
  if (there < tileWidth) return ledgerOf(env).tile(level, index, width);
  return (await fullTile(env, level, index))?.slice(0, width * hashBytes);
}

/** Everything that proves the ledger as it stands now, as the lines of a file. */
export async function exported(env: Env): Promise<AsyncGenerator<LedgerLine[]>> {
  const { note, size } = await ledgerOf(env).checkpoint();
  return linesOf(env, { note, size }, (place) => tileOf(env, place, size));
}

/** The head as it stands now, by which single entries are proved: what hashes lie beside them anybody can fetch. */
export async function ledgerHead(env: Env): Promise<LedgerLine> {
  return firstLine(env, [(await ledgerOf(env).checkpoint()).note]);
}

/** Whether a day's share of the ledger is what was signed. @param day the number of the day */
export function checkLedger(env: Env, day: number): Promise<Check> {
  return checkShare(env, (size) => shareOf(day, size));
}

/** Whether one entry, and what lies beside it, is what was signed. */
export function checkEntry(env: Env, seq: number): Promise<Check> {
  return checkShare(env, () => bundleOf(seq));
}

/** Where nothing more can be signed there is no head to hold anything against: the place at which that ends is broken. */
async function checkShare(env: Env, share: (size: number) => Share): Promise<Check> {
  const head = await ledgerOf(env).headOrBreak();
  if ('note' in head) return check(env, head, share(head.size), (place) => tileOf(env, place, head.size));
  const { brokenAt } = head;
  return { size: brokenAt, from: brokenAt, to: brokenAt + 1, broken: brokenAt };
}
