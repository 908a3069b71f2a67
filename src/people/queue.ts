/**
 * The key under which a browser seals what its person has written and not sent: the same for every session of that
 * person, so that what waits outlives a session, and given to nobody who is not signed in.
 */
import { type Env, vaultOf } from '../config.ts';
import type { PersonId, VisitorId } from '../protocol/ids.ts';

/** 256 bits as base64url. */
export async function queueKeyOf(env: Env, person: PersonId | VisitorId): Promise<string> {
  const key = await (await vaultOf(env)).lookup('queue', person);
  return key.toBase64({ alphabet: 'base64url', omitPadding: true });
}
