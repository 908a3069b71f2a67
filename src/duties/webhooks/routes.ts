/** Webhooks over HTTP: who is told, for those who change the organisation's settings. */
import { Hono } from 'hono';
import { configOf, type Env } from '../../config.ts';
import { bodyOf, type Ctx, type Http } from '../../http.ts';
import { allow, requireStepUp, staffOf } from '../../people/guard.ts';
import { note } from '../../people/recording.ts';
import { isId, type WebhookId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { Refusal } from '../../protocol/refusals.ts';
import {
  type WebhookAnswer,
  webhookRequest,
  type WebhooksAnswer,
  type WebhookTestAnswer,
} from '../../protocol/webhooks.ts';
import { watchOf } from '../alarms.ts';

export const webhookRoutes = new Hono<Http>()
  .get('/webhooks', async (c) => {
    allow(await staffOf(c.env, c.req.raw), 'organisation.change');
    return c.json<WebhooksAnswer>({ webhooks: await watchOf(c.env).webhooks() });
  })

  .post('/webhooks', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    allow(staff, 'organisation.change');
    const { address } = await bodyOf(c, webhookRequest);
    refuseUnfit(c.env, address);
    await requireStepUp(c.env, staff);
    const added = await watchOf(c.env).addWebhook(address, limits.webhooks);
    if (added === undefined) throw new Refusal('no_room');
    note(c, { object: added.webhook.id, facts: { changed: ['webhooks'] } });
    return c.json<WebhookAnswer>(added, 201);
  })

  .post('/webhooks/:id/test', async (c) => {
    allow(await staffOf(c.env, c.req.raw), 'organisation.change');
    const webhook = await watchOf(c.env).testWebhook(idIn(c));
    if (webhook === undefined) throw new Refusal('not_found');
    return c.json<WebhookTestAnswer>({ webhook });
  })

  .delete('/webhooks/:id', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    allow(staff, 'organisation.change');
    await requireStepUp(c.env, staff);
    note(c, { facts: { changed: ['webhooks'] } });
    if (!(await watchOf(c.env).removeWebhook(idIn(c)))) throw new Refusal('not_found');
    return c.json({});
  });

function idIn(c: Ctx): WebhookId {
  const id = c.req.param('id');
  if (!isId('webhook', id)) throw new Refusal('not_found');
  return id;
}

/** What is told goes over TLS, and not to Sotto itself; on a developer's machine also to that machine. */
function refuseUnfit(env: Env, address: string): void {
  const own = new URL(configOf(env).origin);
  const { protocol, hostname, origin } = new URL(address);
  const isAtHome = own.protocol === 'http:' && ['localhost', '127.0.0.1'].includes(hostname);
  if ((protocol !== 'https:' && !isAtHome) || origin === own.origin)
    throw new Refusal('invalid', 'address: not an https address elsewhere');
}
