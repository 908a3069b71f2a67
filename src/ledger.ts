/** The ledger: the door to its one writer. What an entry is stands in src/vault/ledger, what is entered in docs/LEDGER.md. */
import { createHash } from 'node:crypto';
import { bind } from './vault.ts';

export { entriesOf, ledgerName, linesOf, pageOf, tileOf, verifierKeys } from './ledger/reading.ts';
export { ledgerOf } from './ledger/writer.ts';
export type { Folded, Told } from './ledger/telling.ts';

/** The id of what is entered once for each of these, however often it is told: a UUID of version 8 (RFC 9562). */
export function idOf(...parts: readonly (string | number)[]): string {
  const hash = createHash('sha256').update(bind('sotto/entry-id/1', parts)).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

/** Whoever looks at something again and again has one entry for each quarter of an hour. */
export function quarterOf(now: number): number {
  return Math.floor(now / 900_000);
}
