/** The organisation's settings over HTTP. */
import { Hono } from 'hono';
import { addressOf, bodyOf, type Http } from '../../http.ts';
import { type OrganisationAnswer, organisationChangeRequest } from '../../protocol/organisation.ts';
import { builtInRoles } from '../../protocol/permissions.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { allow, requireStepUp, staffOf } from '../guard.ts';
import { changeOrganisation, isPlaceOfStaff, organisationOf } from '../organisation.ts';
import { profilesOn } from '../profiles.ts';
import { callEverybodyBack } from '../recall.ts';
import { note } from '../recording.ts';

export const organisationRoutes = new Hono<Http>()
  .get('/organisation', async (c) => {
    allow(await staffOf(c.env, c.req.raw), 'organisation.change');
    const organisation = await organisationOf(c.env, 'now');
    return c.json<OrganisationAnswer>({
      organisation,
      address: addressOf(c.req.raw),
      profiles: await profilesOn(c.env),
    });
  })

  .patch('/organisation', async (c) => {
    const asker = await staffOf(c.env, c.req.raw);
    allow(asker, 'organisation.change');
    const change = await bodyOf(c, organisationChangeRequest);
    // Networks can shut anybody out, and so are for those whom nobody stands above.
    if (change.networks !== undefined) allow(asker, 'organisation.change', { grants: builtInRoles.owner });
    await requireStepUp(c.env, asker);
    const address = addressOf(c.req.raw);
    const before = await organisationOf(c.env, 'now');
    const wished = { ...before, ...change };
    if (!isPlaceOfStaff(wished, address)) throw new Refusal('would_lock_out');
    note(c, { facts: { changed: Object.keys(change) } });
    const organisation = await changeOrganisation(c.env, change);
    if (JSON.stringify(wished) !== JSON.stringify(before)) await callEverybodyBack(c.env);
    return c.json<OrganisationAnswer>({ organisation, address, profiles: await profilesOn(c.env) });
  });
