/** Profiles of laws: which are on, and that what they hold is refused to be set otherwise. */
import type { Env } from '../config.ts';
import { type Change, lockedDetail, type ProfileId } from '../protocol/profiles.ts';
import { Refusal } from '../protocol/refusals.ts';
import { ProfileStore } from './profiles/store.ts';

export type ProfileOn = { profile: ProfileId; since: number };

/** Those that are on, each with since when. */
export async function profilesSince(env: Env): Promise<ProfileOn[]> {
  return new ProfileStore(env.DB).list();
}

export async function profilesOn(env: Env): Promise<ProfileId[]> {
  return (await profilesSince(env)).map(({ profile }) => profile);
}

/** Whoever was on before keeps since when. */
export async function setProfile(env: Env, profile: ProfileId, on: boolean, now: number): Promise<void> {
  const store = new ProfileStore(env.DB);
  await (on ? store.add(profile, now) : store.remove(profile));
}

/** @throws {Refusal} profile_locked, naming the first setting that is outside, and who holds it */
export function refuseOutside([first]: readonly Change[], on: readonly ProfileId[]): void {
  if (first !== undefined) throw new Refusal('profile_locked', lockedDetail(first.setting, on));
}
