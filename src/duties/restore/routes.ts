/** Putting a backup back over HTTP, for whoever could make the first owner: nobody can sign in where nobody is. */
import { Hono } from 'hono';
import { bodyOf, type Http } from '../../http.ts';
import { requireSetupToken } from '../../people/guard.ts';
import { type RestoreAnswer, restoreRequest } from '../../protocol/restore.ts';
import { beginRestore, restoreOf } from '../restore.ts';

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
  });
