/** Sites: each an embedded widget with its own allowed origins, looks, hours and questions. */
import type { Env } from '../config.ts';
import { profilesOn, refuseOutside } from '../people/profiles.ts';
import { teamExists } from '../people/teams.ts';
import { plainSettings, type Site } from '../protocol/bodies.ts';
import { newId, type SiteId, type TeamId } from '../protocol/ids.ts';
import { heldWithin, outsideOf } from '../protocol/profiles.ts';
import { Refusal } from '../protocol/refusals.ts';
import { type KnownSite, type SiteChange, SiteStore } from './sites/store.ts';

export type { KnownSite } from './sites/store.ts';
export type NewSite = { name: string; team: TeamId; origins: string[] };

/** With plain settings, within what profiles hold. @throws {Refusal} invalid, no_room */
export async function createSite(env: Env, site: NewSite, id = newId('site')): Promise<Site> {
  await requireTeam(env, site.team);
  const row = { ...site, origins: [...new Set(site.origins)], id, settings: plainSettings };
  if (!(await new SiteStore(env.DB).add(row, Date.now()))) throw new Refusal('no_room');
  await holdSite(env, row.id);
  return (await siteOf(env, row.id)) ?? row;
}

/** Changes what is given. @throws {Refusal} not_found, invalid, profile_locked */
export async function changeSite(env: Env, id: SiteId, change: SiteChange): Promise<KnownSite> {
  const store = new SiteStore(env.DB);
  if ((await store.find(id)) === undefined) throw new Refusal('not_found');
  const { team, origins } = change;
  if (team !== undefined) await requireTeam(env, team);
  if (change.settings !== undefined) {
    const on = await profilesOn(env);
    refuseOutside(outsideOf(change.settings, on), on);
  }
  await store.change(id, { ...change, origins: origins === undefined ? undefined : [...new Set(origins)] });
  // A profile may have been turned on meanwhile.
  if (change.settings !== undefined) await holdSite(env, id);
  const site = await store.find(id);
  if (site === undefined) throw new Refusal('not_found');
  return site;
}

/** Brings a site's settings to within what profiles hold. */
export async function holdSite(env: Env, id: SiteId): Promise<void> {
  const on = await profilesOn(env);
  if (on.length > 0) await new SiteStore(env.DB).hold(id, (settings) => heldWithin(settings, on));
}

export async function listSites(env: Env): Promise<KnownSite[]> {
  return new SiteStore(env.DB).list();
}

export async function siteOf(env: Env, id: SiteId): Promise<KnownSite | undefined> {
  return new SiteStore(env.DB).find(id);
}

async function requireTeam(env: Env, team: TeamId): Promise<void> {
  if (!(await teamExists(env, team))) throw new Refusal('invalid', 'team: there is no such team');
}
