/** What a token has to say that a site signs about its customer. */
import * as v from 'valibot';
import { addressSchema, nameSchema, wellFormed } from '../../protocol/fields.ts';
import type { SiteId } from '../../protocol/ids.ts';
import { lifetimes, limits } from '../../protocol/limits.ts';

/** How far a site's clock may be from ours. */
export const leeway = 5_000;

/** `subject`: what the site calls its customer. `jti`: what it calls the token, which is believed until then. */
export type Said = {
  subject: string;
  jti: string;
  until: number;
  name: string | null;
  address: string | null;
};

const text = (most: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(most), wellFormed);
const needed = {
  sub: text(limits.subjectLength),
  jti: text(limits.subjectLength),
  exp: v.pipe(v.number(), v.safeInteger()),
};

/** What these claims say, of which the signature and the times in the past were verified, or what does not fit. */
export function saidIn(claims: Record<string, unknown>, site: SiteId, now: number): Said | { unfit: string } {
  // One audience and no more: who else hears it could say it here.
  if (claims['aud'] !== site) return { unfit: 'aud: not the id of this site' };
  const fitting = v.safeParse(v.object(needed), claims);
  if (!fitting.success) {
    const path = v.getDotPath(fitting.issues[0]) ?? '';
    return { unfit: `${path}: missing, or does not fit` };
  }
  const { sub, jti, exp } = fitting.output;
  const until = exp * 1000 + leeway;
  if (until > now + lifetimes.vouch + 2 * leeway) return { unfit: 'exp: more than ten minutes ahead' };
  const { name, email, email_verified } = claims;
  return {
    subject: sub,
    jti,
    until,
    name: fittingOrNull(nameSchema, name),
    // A site that says that it has not verified an address does not answer for it (OpenID Connect Core, 5.1).
    address: email_verified === false ? null : fittingOrNull(addressSchema, email),
  };
}

/** Nobody shall be kept from writing by an odd name. */
function fittingOrNull(schema: v.GenericSchema<string, string>, value: unknown): string | null {
  const result = v.safeParse(schema, value);
  return result.success ? result.output : null;
}
