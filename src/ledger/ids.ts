/** Ids of entries that follow from what they are about, so that the same told twice is one. */
import { createHash } from 'node:crypto';
import { bind } from '../vault.ts';

/** The id of what is entered once for each of these, however often it is told: a UUID of version 8 (RFC 9562). */
export function idOf(...parts: readonly (string | number)[]): string {
  const hash = createHash('sha256').update(bind('sotto/entry-id/1', parts)).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}
