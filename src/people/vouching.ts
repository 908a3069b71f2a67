/**
 * Vouching: a site's own server says in a signed token who its signed-in customer is (docs/RULES.md, V). The site's keys
 * say how a token is verified; nothing in a token does.
 */
import { errors, jwtVerify } from 'jose';
import type { Env } from '../config.ts';
import { vaultOf } from '../config.ts';
import { type IdentityKeyId, newId, type SiteId } from '../protocol/ids.ts';
import { Refusal } from '../protocol/refusals.ts';
import type { IdentityKey, PublicKey } from '../protocol/visitors.ts';
import { isCompact } from './tokens.ts';
import {
  keyFrom,
  newSecret,
  type SiteKey,
  thumbprintOf,
  type Verifier,
  verifierOf,
} from './vouching/keys.ts';
import { leeway, type Said, saidIn } from './vouching/rules.ts';
import { SiteKeyStore } from './vouching/store.ts';

export { siteSecretPlace } from './vouching/keys.ts';

export type Vouched = Said & { key: IdentityKeyId };

/** Whom this site vouches for with this token. @throws {Refusal} vouch_refused */
export async function vouchedFor(env: Env, site: SiteId, token: string, now: number): Promise<Vouched> {
  if (!isCompact(token)) throw new Refusal('vouch_refused', 'This is not a signed token.');
  const vault = await vaultOf(env);
  for (const key of await new SiteKeyStore(env.DB).ofSite(site)) {
    const claims = await claimsBy(key.alg, await verifierOf(vault, key), token, now);
    if (claims === undefined) continue;
    const said = saidIn(claims, site, now);
    if ('unfit' in said) throw new Refusal('vouch_refused', said.unfit);
    return { ...said, key: key.id };
  }
  throw new Refusal('vouch_refused', 'No key of this site has signed this.');
}

/** What a token says that this key has signed, by the one algorithm that is the key's; undefined for another's. */
async function claimsBy(
  alg: SiteKey['alg'],
  key: Verifier,
  token: string,
  now: number,
): Promise<Record<string, unknown> | undefined> {
  try {
    const options = { algorithms: [alg], clockTolerance: leeway / 1000, currentDate: new Date(now) };
    return (await jwtVerify(token, key, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    const { code } = error;
    if (code === 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' || code === 'ERR_JOSE_ALG_NOT_ALLOWED')
      return undefined;
    const why = code === 'ERR_JWT_EXPIRED' ? 'exp: in the past' : 'This is not a token as it should be.';
    throw new Refusal('vouch_refused', why);
  }
}

export async function identityKeysOf(env: Env, site: SiteId): Promise<IdentityKey[]> {
  return Promise.all((await new SiteKeyStore(env.DB).ofSite(site)).map(viewOf));
}

/** Adds this public key or, without one, a secret that Sotto makes. @throws {Refusal} invalid, no_room */
export async function addIdentityKey(
  env: Env,
  site: SiteId,
  publicKey: PublicKey | null,
): Promise<{ key: IdentityKey; secret: string | null }> {
  const secret = publicKey === null ? newSecret() : null;
  const key = await keyFrom(await vaultOf(env), newId('identityKey'), publicKey ?? secret ?? '', Date.now());
  if (key === undefined) throw new Refusal('invalid', 'publicKey: not a key');
  if (!(await new SiteKeyStore(env.DB).add(site, key))) throw new Refusal('no_room');
  return { key: await viewOf(key), secret };
}

/** Whom this key vouched for is nobody any more. @throws {Refusal} not_found */
export async function dropIdentityKey(env: Env, site: SiteId, id: IdentityKeyId): Promise<void> {
  if (!(await new SiteKeyStore(env.DB).drop(site, id))) throw new Refusal('not_found');
}

async function viewOf(key: SiteKey): Promise<IdentityKey> {
  const { id, alg, createdAt } = key;
  return { id, alg, thumbprint: await thumbprintOf(key), createdAt };
}
