/** What a closed conversation is proved whole by. The format: docs/LEDGER.md. */
import { createHash } from 'node:crypto';
import { bind } from '../../../vault.ts';

/** A message as it lies there: `kind` is its author's, as stored. */
export type Digested = {
  position: number;
  id: string;
  kind: number;
  author: string;
  at: number;
  sealed: Uint8Array;
};

/** Of everything that is stored of a message; the fields are bound, so that none can pass for its neighbour. */
export function messageDigest({ position, id, kind, author, at, sealed }: Digested): Uint8Array {
  const fields = [position, id, kind, author, at, sealed];
  return new Uint8Array(createHash('sha256').update(bind('sotto/message-digest/1', fields)).digest());
}

/** Of the digests of all messages, oldest first. */
export function historyDigest(digests: readonly Uint8Array[]): Uint8Array {
  const whole = createHash('sha256');
  for (const digest of digests) whole.update(digest);
  return new Uint8Array(whole.digest());
}
