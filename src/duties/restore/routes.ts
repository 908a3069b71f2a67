/**
 * Putting a backup back over HTTP: the whole of it, for whoever could make the first owner, because nobody can sign in where
 * nobody is; and what is missing of it here.
 */
import { Hono } from 'hono';
import { bodyOf, type Http } from '../../http.ts';
import { allow, requireSetupToken, requireStepUp, staffOf } from '../../people/guard.ts';
import { note } from '../../people/recording.ts';
import { triedRequest } from '../../protocol/backups.ts';
import { isId } from '../../protocol/ids.ts';
import { Refusal } from '../../protocol/refusals.ts';
import {
  type RestoreAnswer,
  restoreRequest,
  type ReturnAnswer,
  returnRequest,
} from '../../protocol/restore.ts';
import { beginRestore, restoreOf } from '../restore.ts';
import { beginReturn, returnOf } from './returns.ts';

export const restoreRoutes = new Hono<Http>()
  .get('/setup/restore', async (c) => {
    requireSetupToken(c);
    return c.json<RestoreAnswer>({ restore: await restoreOf(c.env, Date.now()) });
  })

  .post('/setup/restore', async (c) => {
    requireSetupToken(c);
    const wish = await bodyOf(c, restoreRequest);
    const now = Date.now();
    await beginRestore(c.env, wish, now);
    return c.json<RestoreAnswer>({ restore: await restoreOf(c.env, now) }, 202);
  })

  .post('/backups/returns', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    allow(staff, 'backup.putBack');
    const wish = await bodyOf(c, returnRequest);
    await requireStepUp(c.env, staff);
    const { number, id } = wish;
    note(c, { ...(isId('visitor', id) ? { subject: id } : { object: id }), facts: { number } });
    const now = Date.now();
    await beginReturn(c.env, wish, now);
    return c.json<ReturnAnswer>({ back: await returnOf(c.env, now) }, 202);
  })

  .post('/backups/tried', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    allow(staff, 'backup.putBack');
    const { on, note: reason } = await bodyOf(c, triedRequest);
    await requireStepUp(c.env, staff);
    // Somewhere it may be tomorrow already.
    if (Date.parse(on) > Date.now() + 86_400_000) throw new Refusal('invalid', 'on: not a day that has come');
    note(c, { facts: { day: on }, personal: { reason } });
    return c.body(null, 204);
  });
