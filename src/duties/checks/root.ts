/** The root of all keys, which lies in KEYRING alone: for how long it has been in use. */
import { type Env, keyringOf } from '../../config.ts';
import type { RootView } from '../../protocol/keys.ts';
import { day } from './check.ts';
import { Facts } from './facts.ts';

const lasts = 365 * day;

/** The newest root in KEYRING, as a check and the screen of the keys tell of it. */
export async function rootView(env: Env, now: number): Promise<RootView> {
  const { active } = await keyringOf(env);
  const since = await new Facts(env.DB).rootSince(active);
  const age = since === null ? 0 : (now - since) / lasts;
  return { root: active, since, lasts, due: age > 1 ? 'over' : age >= 0.9 ? 'soon' : 'later' };
}
