/** Profiles of laws and the record of processing over HTTP. */
import { Hono } from 'hono';
import { bodyOf, fitting, type Http } from '../../http.ts';
import type { Env } from '../../config.ts';
import { allow, requireStepUp, staffOf } from '../../people/guard.ts';
import { note } from '../../people/recording.ts';
import { controllerSchema, type ProcessingAnswer } from '../../protocol/processing.ts';
import {
  contractRequest,
  isContract,
  profileIdSchema,
  profileRequest,
  type ProfilesAnswer,
} from '../../protocol/profiles.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { lookedLately } from '../checks.ts';
import { contractsOf, noteContract, setController } from './notes.ts';
import { processingOf } from './processing.ts';
import { factsOf, profileStates, turnProfile } from './turning.ts';

export const lawRoutes = new Hono<Http>()
  .get('/profiles', async (c) => {
    allow(await staffOf(c.env, c.req.raw), 'privacy.see');
    return c.json<ProfilesAnswer>(await standing(c.env));
  })

  .put('/profiles/:profile', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    allow(staff, 'privacy.change');
    const profile = fitting(profileIdSchema, c.req.param('profile'));
    const { on } = await bodyOf(c, profileRequest);
    await requireStepUp(c.env, staff);
    note(c, { facts: { profile, isOn: on } });
    note(c, { facts: factsOf(await turnProfile(c.env, profile, on)) });
    return c.json<ProfilesAnswer>(await standing(c.env));
  })

  .put('/contracts/:measure', async (c) => {
    allow(await staffOf(c.env, c.req.raw), 'privacy.change');
    const measure = c.req.param('measure');
    if (!isContract(measure)) throw new Refusal('not_found');
    const { note: noted } = await bodyOf(c, contractRequest);
    note(c, { facts: { measure, isOn: noted !== null } });
    await noteContract(c.env, measure, noted);
    return c.json<ProfilesAnswer>(await standing(c.env));
  })

  .get('/processing', async (c) => {
    allow(await staffOf(c.env, c.req.raw), 'privacy.see');
    return c.json<ProcessingAnswer>({ record: await processingOf(c.env, Date.now()) });
  })

  .put('/processing/controller', async (c) => {
    allow(await staffOf(c.env, c.req.raw), 'privacy.change');
    await setController(c.env, await bodyOf(c, controllerSchema));
    return c.json<ProcessingAnswer>({ record: await processingOf(c.env, Date.now()) });
  });

async function standing(env: Env): Promise<ProfilesAnswer> {
  const [profiles, contracts, checks] = await Promise.all([
    profileStates(env),
    contractsOf(env),
    lookedLately(env, Date.now()),
  ]);
  return { profiles, contracts, checks };
}
