/** The organisation: what holds for all of its staff. */
import type { Env } from '../config.ts';
import { limits } from '../protocol/limits.ts';
import { isWithin } from '../protocol/networks.ts';
import type { OrganisationChange, OrganisationSettings } from '../protocol/organisation.ts';
import { organisationOutside } from '../protocol/profiles.ts';
import type { Role } from '../protocol/roles.ts';
import type { PgpKey } from '../vault.ts';
import { OrganisationStore } from './organisation/store.ts';
import { profilesOn, refuseOutside } from './profiles.ts';

const reuse = 1_000;
let known: { at: number; settings: OrganisationSettings } | undefined;

/** Its settings, in this isolate at most a second old, or as they stand now. */
export async function organisationOf(env: Env, needs?: 'now'): Promise<OrganisationSettings> {
  const now = Date.now();
  if (needs === undefined && known !== undefined && Math.abs(now - known.at) < reuse) return known.settings;
  return remembered(await new OrganisationStore(env.DB).read(), now);
}

/** Changes what is given. @throws {Refusal} profile_locked */
export async function changeOrganisation(
  env: Env,
  change: OrganisationChange,
): Promise<OrganisationSettings> {
  const on = await profilesOn(env);
  refuseOutside(organisationOutside(change, on), on);
  await new OrganisationStore(env.DB).change(change);
  // A profile may have been turned on meanwhile.
  return holdOrganisation(env);
}

/** The OpenPGP key that its backups are sealed to once more, as it stands now; null: there is none. */
export function pgpOf(env: Env): Promise<PgpKey | null> {
  return new OrganisationStore(env.DB).pgp();
}

export function setPgp(env: Env, key: PgpKey | null): Promise<void> {
  return new OrganisationStore(env.DB).setPgp(key);
}

/** Brings its settings to within what profiles hold. */
export async function holdOrganisation(env: Env): Promise<OrganisationSettings> {
  const store = new OrganisationStore(env.DB);
  const on = await profilesOn(env);
  for (;;) {
    const settings = await store.read();
    const outside = organisationOutside(settings, on);
    if (outside.length === 0) return remembered(settings, Date.now());
    for (const { setting, from, to } of outside) await store.hold(setting, Number(from), to);
  }
}

function remembered(settings: OrganisationSettings, at: number): OrganisationSettings {
  known = { at, settings };
  return settings;
}

/** How long a session waits for its person to do something, in milliseconds. */
export function idleLimitOf({ idleMinutes }: OrganisationSettings): number {
  return idleMinutes * 60_000;
}

/** What is opened within a budget. */
export type Opened = 'conversation' | 'file';

/** How many of these whoever has this role opens within an hour before they are asked for their second factor. */
export function budgetOf({ budgets, fileBudgets }: OrganisationSettings, opened: Opened, role: Role): number {
  return opened === 'file'
    ? (fileBudgets[role] ?? limits.filesPerHour)
    : (budgets[role] ?? limits.conversationsPerHour);
}

/** Whether staff may work from this address; where networks are named, from an unknown one they may not. */
export function isPlaceOfStaff({ networks }: OrganisationSettings, address: string | null): boolean {
  return networks.length === 0 || (address !== null && isWithin(address, networks));
}
