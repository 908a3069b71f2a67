/** HTTP bodies of copies of everything that is kept about a person. */
import * as v from 'valibot';
import { reasonSchema } from './fields.ts';
import type { CopyId } from './ids.ts';
import { pgpWishSchema } from './pgp.ts';

/**
 * Staff say why, and may have what they keep to themselves put in; customers ask for their own, and say nothing. `openpgp`:
 * to whom it is encrypted when it is handed out.
 */
export const copyRequest = v.strictObject({
  reason: v.optional(reasonSchema),
  backstage: v.optional(v.boolean()),
  openpgp: v.optional(pgpWishSchema),
});
/**
 * Where a copy stands. `done`: how many messages, files and entries were put in so far, each as often as it stands there.
 * Times are Unix milliseconds; after `until` it is gone.
 */
export type CopyView = {
  id: CopyId;
  state: 'making' | 'ready';
  backstage: boolean;
  /** Whether it is handed out as an OpenPGP message. */
  openpgp: boolean;
  askedAt: number;
  done: number;
  until: number;
};
export type CopyAnswer = { copy: CopyView };
/** The newest first. */
export type CopiesAnswer = { copies: CopyView[] };
