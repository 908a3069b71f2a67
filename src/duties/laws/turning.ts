/** Turning profiles of laws on and off, and what that changes. */
import { countConversationsBefore } from '../../chat/directory.ts';
import { holdSite, type KnownSite, listSites } from '../../chat/sites.ts';
import type { Env } from '../../config.ts';
import { holdOrganisation, organisationOf } from '../../people/organisation.ts';
import { profilesSince, setProfile } from '../../people/profiles.ts';
import { callEverybodyBack } from '../../people/recall.ts';
import { countVisitorsOver } from '../retention.ts';
import { type ProfileId, profileIds } from '../../protocol/laws.ts';
import {
  type Change,
  organisationOutside,
  outsideOf,
  type ProfileState,
  type SiteChanges,
} from '../../protocol/profiles.ts';

const day = 86_400_000;

/** Each profile, whether it is on, and what of the settings is outside of it. */
export async function profileStates(env: Env): Promise<ProfileState[]> {
  const on = new Map((await profilesSince(env)).map(({ profile, since }) => [profile, since]));
  const states = profileIds.map(async (profile) => ({
    profile,
    since: on.get(profile) ?? null,
    outside: await outside(env, profile),
  }));
  return Promise.all(states);
}

/**
 * Turns a profile on, and brings what is outside of it to within; or off, and leaves everything as it is. It is on
 * before anything is changed, so that nothing is saved outside behind it. Done again it finishes what was cut off.
 */
export async function turnProfile(env: Env, profile: ProfileId, on: boolean): Promise<SiteChanges[]> {
  const changed = on ? await outside(env, profile) : [];
  await setProfile(env, profile, on, Date.now());
  if (!on) return [];
  for (const { id } of await listSites(env)) await holdSite(env, id);
  await holdOrganisation(env);
  if (changed.some(({ site }) => site === null)) await callEverybodyBack(env);
  return changed;
}

/** What was changed, as the ledger has it: which sites, and each change once. */
export function factsOf(changed: readonly SiteChanges[]): { changed: string[]; sites: string[] } {
  const said = changed.flatMap(({ changes }) =>
    changes.map(({ setting, from, to }) => `${setting}: ${String(from)} → ${String(to)}`),
  );
  return {
    changed: [...new Set(said)],
    sites: changed.flatMap(({ site }) => (site === null ? [] : [site.id])),
  };
}

async function outside(env: Env, profile: ProfileId): Promise<SiteChanges[]> {
  const own = organisationOutside(await organisationOf(env, 'now'), [profile]);
  const sites = (await listSites(env)).map((site) => ({
    site,
    changes: outsideOf(site.settings, [profile]),
  }));
  const hit = sites.filter(({ changes }) => changes.length > 0);
  const ofSites = await Promise.all(
    hit.map(async ({ site, changes }) => ({
      site: { id: site.id, name: site.name },
      changes,
      over: await overWith(env, site, changes),
      visitorsOver: await visitorsOverWith(env, site, changes),
    })),
  );
  return [...(own.length > 0 ? [{ site: null, changes: own, over: 0, visitorsOver: 0 }] : []), ...ofSites];
}

/** How many conversations of a site the change of its time erases with the next night. */
async function overWith(env: Env, { id }: KnownSite, changes: readonly Change[]): Promise<number> {
  const days = changes.find(({ setting }) => setting === 'keptDays')?.to;
  return typeof days === 'number' ? countConversationsBefore(env, id, Date.now() - days * day) : 0;
}

async function visitorsOverWith(env: Env, { id }: KnownSite, changes: readonly Change[]): Promise<number> {
  const days = changes.find(({ setting }) => setting === 'visitorDays')?.to;
  return typeof days === 'number' ? countVisitorsOver(env, id, days, Date.now()) : 0;
}
