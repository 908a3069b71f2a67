/** Sites and their visitors over HTTP. */
import { Hono } from 'hono';
import { bodyOf, type Ctx, type Http } from '../../http.ts';
import {
  allow,
  refuseBanned,
  refuseShut,
  requireOwnOrigin,
  requireStepUp,
  staffOf,
} from '../../people/guard.ts';
import { profilesOn } from '../../people/profiles.ts';
import { note } from '../../people/recording.ts';
import { forgetVisitor, sessionOf, visitorOn } from '../../people/visitor.ts';
import { addIdentityKey, dropIdentityKey, identityKeysOf } from '../../people/vouching.ts';
import {
  type SiteAnswer,
  siteChangeRequest,
  siteRequest,
  type SiteSettings,
  type SitesAnswer,
  type WidgetAnswer,
} from '../../protocol/bodies.ts';
import {
  type IdentityKeyAnswer,
  identityKeyRequest,
  type IdentityKeysAnswer,
  visitorRequest,
  type VisitorSession,
} from '../../protocol/visitors.ts';
import { palettesOf } from '../../protocol/palette.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { idIn, limitVisitors } from '../door.ts';
import { changeSite, createSite, type KnownSite, listSites, siteOf } from '../sites.ts';
import { stateOf } from './state.ts';

export const siteRoutes = new Hono<Http>()
  .get('/sites', async (c) => {
    allow(await staffOf(c.env, c.req.raw), 'sites.list');
    return c.json<SitesAnswer>({ sites: await listSites(c.env), profiles: await profilesOn(c.env) });
  })

  .post('/sites', async (c) => {
    allow(await staffOf(c.env, c.req.raw), 'sites.create');
    const site = await createSite(c.env, await bodyOf(c, siteRequest));
    note(c, { object: site.id });
    return c.json<SiteAnswer>({ site }, 201);
  })

  .patch('/sites/:site', async (c) => {
    const asker = await staffOf(c.env, c.req.raw);
    allow(asker, 'sites.change');
    const change = await bodyOf(c, siteChangeRequest);
    const id = idIn(c, 'site', 'site');
    if (change.origins !== undefined && !areSame(change.origins, (await siteOf(c.env, id))?.origins))
      await requireStepUp(c.env, asker);
    if (change.settings !== undefined && isOfTimes(change.settings, (await siteOf(c.env, id))?.settings))
      await requireStepUp(c.env, asker);
    note(c, { facts: { changed: Object.keys(change) } });
    return c.json<SiteAnswer>({ site: await changeSite(c.env, id, change) });
  })

  .get('/sites/:site/keys', async (c) => {
    allow(await staffOf(c.env, c.req.raw), 'sites.change');
    return c.json<IdentityKeysAnswer>({ keys: await identityKeysOf(c.env, (await siteIn(c)).id) });
  })

  .post('/sites/:site/keys', async (c) => {
    const asker = await staffOf(c.env, c.req.raw);
    // Whoever has such a key can be each of the site's customers, and read what they wrote.
    allow(asker, 'sites.change', { grants: { 'conversation.read': 'all', 'customer.address': 'all' } });
    const { publicKey } = await bodyOf(c, identityKeyRequest);
    const { id } = await siteIn(c);
    await requireStepUp(c.env, asker);
    const made = await addIdentityKey(c.env, id, publicKey);
    note(c, { object: made.key.id, facts: { site: id, alg: made.key.alg } });
    return c.json<IdentityKeyAnswer>(made, 201);
  })

  .delete('/sites/:site/keys/:key', async (c) => {
    const asker = await staffOf(c.env, c.req.raw);
    allow(asker, 'sites.change');
    await requireStepUp(c.env, asker);
    await dropIdentityKey(c.env, idIn(c, 'site', 'site'), idIn(c, 'identityKey', 'key'));
    return c.json({});
  })

  .get('/sites/:site/widget', async (c) => {
    await limitVisitors(c);
    const site = await siteIn(c);
    const { name, settings } = site;
    const palettes = settings.colour === null ? null : palettesOf(settings.colour);
    return c.json<WidgetAnswer>({ name, settings, palettes, ...(await stateOf(c.env, site, Date.now())) });
  })

  .post('/sites/:site/visitor', async (c) => {
    requireOwnOrigin(c.env, c.req.raw);
    await limitVisitors(c);
    const { vouch } = await bodyOf(c, visitorRequest);
    const { id: site } = await siteIn(c);
    await refuseShut(c.env, c.req.raw, site);
    const now = Date.now();
    const visitor = await visitorOn(c, site, vouch, now);
    await refuseBanned(c.env, c.req.raw, visitor.id);
    return c.json<VisitorSession>(await sessionOf(c, site, visitor, now));
  })

  .delete('/sites/:site/visitor', async (c) => {
    requireOwnOrigin(c.env, c.req.raw);
    // Also for a site that is no more: what this browser holds of it is its own.
    await forgetVisitor(c, idIn(c, 'site', 'site'));
    return c.json({});
  });

async function siteIn(c: Ctx): Promise<KnownSite> {
  const site = await siteOf(c.env, idIn(c, 'site', 'site'));
  if (site === undefined) throw new Refusal('not_found');
  return site;
}

/** Whether it changes for how long something is kept. */
function isOfTimes(wished: SiteSettings, known: SiteSettings | undefined): boolean {
  return (
    wished.keptDays !== known?.keptDays ||
    wished.visitorDays !== known.visitorDays ||
    wished.files.days !== known.files.days
  );
}

/** The same websites, in whatever order. */
function areSame(wished: readonly string[], known: readonly string[] = []): boolean {
  return new Set(wished).symmetricDifference(new Set(known)).size === 0;
}
