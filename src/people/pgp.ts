/** OpenPGP keys that somebody hands over. */
import { pgpFlaws, type PgpKeyView } from '../protocol/pgp.ts';
import { Refusal } from '../protocol/refusals.ts';
import { PgpError, type PgpKey, readPgpKey } from '../vault.ts';

/** @throws {Refusal} pgp_unfit, which says why */
export async function pgpKeyFrom(armoured: string): Promise<PgpKey> {
  try {
    return await readPgpKey(armoured, Date.now());
  } catch (error) {
    throw refusedPgp(error);
  }
}

/** What to tell whoever wanted something sealed to a key that can't be used; any other error as it is. */
export function refusedPgp(error: unknown): unknown {
  return error instanceof PgpError ? new Refusal('pgp_unfit', pgpFlaws[error.flaw]) : error;
}

export function viewOfPgp({ armoured: _, ...view }: PgpKey): PgpKeyView {
  return view;
}
