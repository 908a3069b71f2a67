/** Sites: each an embedded widget with its own allowed origins. */
import type { Env } from '../config.ts';
import type { Site } from '../protocol/bodies.ts';
import { newId, type SiteId, type TeamId } from '../protocol/ids.ts';
import { type KnownSite, SiteStore } from './sites/store.ts';

export type NewSite = { name: string; team: TeamId; origins: string[] };

/** A new site, or undefined if its team does not exist. */
export async function createSite(env: Env, site: NewSite): Promise<Site | undefined> {
  const row = { ...site, origins: [...new Set(site.origins)], id: newId('site') };
  return (await new SiteStore(env.DB).add(row, Date.now())) ? row : undefined;
}

export async function listSites(env: Env): Promise<Site[]> {
  return new SiteStore(env.DB).list();
}

export async function siteOf(env: Env, id: SiteId): Promise<KnownSite | undefined> {
  return new SiteStore(env.DB).find(id);
}
