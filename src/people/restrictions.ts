/**
 * Restrictions (GDPR, article 18): whose data are kept, and nothing else is done with them. The register says so first, and
 * each of their conversations hears it by itself; what they begin afterwards is not restricted.
 */
import type { Env } from '../config.ts';
import type { VisitorId } from '../protocol/ids.ts';
import { type Restriction, RestrictionStore } from './restrictions/store.ts';

export { type Restriction, RestrictionStore } from './restrictions/store.ts';

/** Undefined: their data are not restricted. */
export async function restrictionOf(env: Env, visitor: VisitorId): Promise<Restriction | undefined> {
  const known = await new RestrictionStore(env.DB).find(visitor);
  return known?.liftedAt === null ? known : undefined;
}

/** Those of these whose data are restricted, some hundred at once. */
export async function restrictedAmong(env: Env, visitors: readonly VisitorId[]): Promise<Set<VisitorId>> {
  return new Set(await new RestrictionStore(env.DB).among(visitors));
}
