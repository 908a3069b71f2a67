/** The organisation's settings over HTTP. */
import { Hono } from 'hono';
import { addressOf, bodyOf, type Ctx, type Http } from '../../http.ts';
import {
  type OrganisationAnswer,
  organisationChangeRequest,
  type OrganisationSettings,
} from '../../protocol/organisation.ts';
import { builtInRoles } from '../../protocol/permissions.ts';
import { type PgpAnswer, pgpKeyRequest } from '../../protocol/pgp.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { allow, requireStepUp, staffOf } from '../guard.ts';
import { changeOrganisation, isPlaceOfStaff, organisationOf, pgpOf, setPgp } from '../organisation.ts';
import { pgpKeyFrom, viewOfPgp } from '../pgp.ts';
import { profilesOn } from '../profiles.ts';
import { callEverybodyBack } from '../recall.ts';
import { note } from '../recording.ts';

export const organisationRoutes = new Hono<Http>()
  .get('/organisation', async (c) => {
    allow(await staffOf(c.env, c.req.raw), 'organisation.change');
    return answered(c, await organisationOf(c.env, 'now'));
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
    return answered(c, organisation);
  })

  .put('/organisation/pgp', async (c) => {
    await requireOwner(c);
    const { key, fingerprint } = await bodyOf(c, pgpKeyRequest);
    const pgp = await pgpKeyFrom(key);
    if (pgp.fingerprint !== fingerprint) throw new Refusal('pgp_other');
    note(c, { facts: { changed: ['pgp'], pgp: pgp.fingerprint } });
    await setPgp(c.env, pgp);
    return c.json<PgpAnswer>({ pgp: viewOfPgp(pgp) });
  })

  .delete('/organisation/pgp', async (c) => {
    await requireOwner(c);
    note(c, { facts: { changed: ['pgp'], pgp: null } });
    await setPgp(c.env, null);
    return c.json<PgpAnswer>({ pgp: null });
  });

async function answered(c: Ctx, organisation: OrganisationSettings): Promise<Response> {
  const [address, profiles, pgp] = [addressOf(c.req.raw), await profilesOn(c.env), await pgpOf(c.env)];
  return c.json<OrganisationAnswer>({ organisation, address, profiles, pgp: pgp && viewOfPgp(pgp) });
}

/** Who holds the other half reads what is sealed to it: for those whom nobody stands above. */
async function requireOwner(c: Ctx): Promise<void> {
  const asker = await staffOf(c.env, c.req.raw);
  allow(asker, 'organisation.change');
  allow(asker, 'organisation.change', { grants: builtInRoles.owner });
  await requireStepUp(c.env, asker);
}
