/** Security checks over HTTP: how they stand, running them, accepting what does not pass, and the report. */
import { Hono } from 'hono';
import { configOf } from '../../config.ts';
import { dataHeaders } from '../../headers.ts';
import { bears, bodyOf, type Ctx, fitting, type Http, networkOf } from '../../http.ts';
import { allow, refuseBlocked, requireStepUp, staffOf } from '../../people/guard.ts';
import { note } from '../../people/recording.ts';
import { emptyRequest } from '../../protocol/bodies.ts';
import {
  type ChecksAnswer,
  type ChecksBegun,
  exceptionRequest,
  reportQuery,
  type StandingAnswer,
} from '../../protocol/checks.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { checkNow } from '../checks.ts';
import { accept } from './exceptions.ts';
import { checks } from './list.ts';
import { reportOf } from './report.ts';
import { briefly, standing } from './standing.ts';
import { CheckStore } from './store.ts';

export const checkRoutes = new Hono<Http>()
  .get('/checks', async (c) => {
    allow(await staffOf(c.env, c.req.raw), 'checks.see');
    return c.json<ChecksAnswer>(await standing(c.env, Date.now()));
  })

  .get('/checks/report', async (c) => {
    allow(await staffOf(c.env, c.req.raw), 'checks.see');
    const { format } = fitting(reportQuery, c.req.query());
    const report = await reportOf(c.env, format, Date.now());
    if (report === undefined) throw new Refusal('not_found');
    return c.newResponse(report.text, 200, {
      ...dataHeaders,
      'content-type': format === 'json' ? 'application/json' : 'text/html; charset=utf-8',
      'content-disposition': `attachment; filename="${report.name}"`,
    });
  })

  .post('/checks/runs', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    allow(staff, 'checks.run');
    await bodyOf(c, emptyRequest);
    const run = await checkNow(c.env, staff.id, Date.now());
    note(c, { facts: { run } });
    return c.json<ChecksBegun>({ run }, 202);
  })

  .put('/checks/:check/exception', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    allow(staff, 'checks.run');
    const check = checkIn(c);
    const { reason, until } = await bodyOf(c, exceptionRequest);
    await requireStepUp(c.env, staff);
    note(c, { facts: { check, isOn: true, until }, personal: { reason } });
    await accept(c.env, check, { reason, by: staff.id, at: Date.now(), until });
    return c.json<ChecksAnswer>(await standing(c.env, Date.now()));
  })

  .delete('/checks/:check/exception', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    allow(staff, 'checks.run');
    const check = checkIn(c);
    note(c, { facts: { check, isOn: false } });
    if (!(await new CheckStore(c.env.DB).takeBack(check))) throw new Refusal('not_found');
    return c.json<ChecksAnswer>(await standing(c.env, Date.now()));
  });

/** Outside the API, for whoever deploys, where a token was set for them (docs/OPERATING.md). */
export const deployRoutes = new Hono<Http>()
  .get('/checks', async (c) => {
    await requireToken(c);
    return c.json<StandingAnswer>(await briefly(c.env, Date.now()), 200, dataHeaders);
  })
  .post('/checks', async (c) => {
    await requireToken(c);
    const run = await checkNow(c.env, 'token', Date.now());
    return c.json<ChecksBegun>({ run }, 202, dataHeaders);
  });

/** Without a token, or with another, there is no such page. @throws {Refusal} too_fast, not_found, place_refused */
async function requireToken(c: Ctx): Promise<void> {
  const { success } = await c.env.SIGN_IN_LIMIT.limit({ key: `checks ${networkOf(c.req.raw)}` });
  if (!success) throw new Refusal('too_fast');
  const { checksToken } = configOf(c.env);
  if (checksToken === null || !bears(c.req.raw, checksToken)) throw new Refusal('not_found');
  await refuseBlocked(c.env, c.req.raw, {});
}

function checkIn(c: Ctx): string {
  const check = checks.find(({ id }) => id === c.req.param('check'));
  if (check === undefined) throw new Refusal('not_found');
  return check.id;
}
