/** OpenPGP keys that somebody hands over, and what is sealed to one on its way out. */
import type { Env } from '../config.ts';
import { pgpFlaws, type PgpKeyView } from '../protocol/pgp.ts';
import { Refusal } from '../protocol/refusals.ts';
import { PgpError, type PgpKey, readPgpKey, sealPgpStream } from '../vault.ts';
import { pgpOf } from './organisation.ts';

/** @throws {Refusal} pgp_unfit, which says why */
export async function pgpKeyFrom(armoured: string): Promise<PgpKey> {
  try {
    return await readPgpKey(armoured, Date.now());
  } catch (error) {
    throw refusedPgp(error);
  }
}

/** The key to which something is wished sealed; null: to none. @throws {Refusal} pgp_missing, pgp_unfit */
export async function pgpWished(env: Env, wish: string | undefined): Promise<PgpKey | null> {
  return wish === undefined ? null : keyWished(env, wish);
}

/** @param wish a public key, or `organisation` @throws {Refusal} pgp_missing, pgp_unfit */
export async function keyWished(env: Env, wish: string): Promise<PgpKey> {
  if (wish !== 'organisation') return pgpKeyFrom(wish);
  const key = await pgpOf(env);
  if (key === null) throw new Refusal('pgp_missing');
  return pgpKeyFrom(key.armoured);
}

/** @throws {Refusal} pgp_unfit */
export async function sealedTo(
  armoured: string,
  plain: ReadableStream<Uint8Array>,
): Promise<ReadableStream<Uint8Array>> {
  try {
    return await sealPgpStream(armoured, plain, Date.now());
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
