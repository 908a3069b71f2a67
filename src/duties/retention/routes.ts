/** Retention over HTTP: what another time would delete, before it is saved, and what was deleted. */
import { Hono } from 'hono';
import { countConversationsBefore } from '../../chat/directory.ts';
import { idIn } from '../../chat/door.ts';
import { siteOf } from '../../chat/sites.ts';
import { fitting, type Http } from '../../http.ts';
import { allow, staffOf } from '../../people/guard.ts';
import { Refusal } from '../../protocol/refusals.ts';
import {
  type DeletedAnswer,
  type DetailsOverAnswer,
  detailsOverQuery,
  type OverAnswer,
  overQuery,
} from '../../protocol/retention.ts';
import { countDetailsOver, detailsOverBefore } from './details.ts';
import { deletedLately } from './report.ts';
import { countVisitorsOver } from './visitors.ts';

const day = 86_400_000;

export const retentionRoutes = new Hono<Http>()
  .get('/sites/:site/over', async (c) => {
    allow(await staffOf(c.env, c.req.raw), 'sites.change');
    const { kind, days } = fitting(overQuery, c.req.query());
    const site = idIn(c, 'site', 'site');
    if ((await siteOf(c.env, site)) === undefined) throw new Refusal('not_found');
    const now = Date.now();
    const over =
      kind === 'visitors'
        ? await countVisitorsOver(c.env, site, days, now)
        : await countConversationsBefore(c.env, site, now - days * day);
    return c.json<OverAnswer>({ over });
  })

  .get('/organisation/over', async (c) => {
    allow(await staffOf(c.env, c.req.raw), 'organisation.change');
    const { days } = fitting(detailsOverQuery, c.req.query());
    const before = detailsOverBefore(days, Date.now());
    return c.json<DetailsOverAnswer>({ over: await countDetailsOver(c.env, before), before });
  })

  .get('/deleted', async (c) => {
    allow(await staffOf(c.env, c.req.raw), 'privacy.answer');
    return c.json<DeletedAnswer>({ deleted: await deletedLately(c.env, Date.now()) });
  });
