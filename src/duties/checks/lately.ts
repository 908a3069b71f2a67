/** How security checks came out last, for what stands by them elsewhere. */
import type { Env } from '../../config.ts';
import { checksOfMeasures, type ProfilesAnswer } from '../../protocol/profiles.ts';
import { day } from './check.ts';
import { CheckStore } from './store.ts';

/** They are looked at each night: what nobody has looked at for longer says nothing of today. */
const fresh = 2 * day;

/** Of each check by which a measure of a law stands. What was not looked at of late was not run. */
export async function lookedLately(env: Env, now: number): Promise<ProfilesAnswer['checks']> {
  const results = await new CheckStore(env.DB).latest(checksOfMeasures, now - fresh);
  const known = new Map(results.map(({ id, outcome, words, at }) => [id, { outcome, words, at }]));
  return Object.fromEntries(checksOfMeasures.map((id) => [id, known.get(id) ?? unseen]));
}

const unseen = { outcome: 'not-run', words: 'Nobody has looked at this of late.', at: null } as const;
