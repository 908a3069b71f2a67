/** Every address on one page: pages, then the API, each feature's routes in order, and the one way to say no. */
import { Hono } from 'hono';
import { RegExpRouter } from 'hono/router/reg-exp-router';
import { siteOf } from './chat/sites.ts';
import { banRoutes } from './chat/bans/routes.ts';
import { codeRoutes } from './chat/codes/routes.ts';
import { conversationRoutes } from './chat/conversation/routes.ts';
import { fileByteRoutes, fileRoutes } from './chat/files/routes.ts';
import { inboxRoutes } from './chat/inbox/routes.ts';
import { replyRoutes } from './chat/replies/routes.ts';
import { siteRoutes } from './chat/sites/routes.ts';
import { configOf, keyringOf, vaultOf } from './config.ts';
import { alarmRoutes } from './duties/alarms/routes.ts';
import { backupRoutes } from './duties/backups/routes.ts';
import { checkRoutes, deployRoutes } from './duties/checks/routes.ts';
import { auditRoutes, publicLedgerRoutes } from './duties/audit/routes.ts';
import { consentRoutes } from './duties/consents/routes.ts';
import { restoreRoutes } from './duties/restore/routes.ts';
import { trainingRoutes } from './duties/training/routes.ts';
import { containmentRoutes } from './duties/containment/routes.ts';
import { copyByteRoutes, copyRoutes } from './duties/copies/routes.ts';
import { transcriptRoutes } from './duties/transcripts/routes.ts';
import { metricsRoutes } from './duties/metrics/routes.ts';
import { radiusRoutes } from './duties/radius/routes.ts';
import { receiptRoutes, requestRoutes } from './duties/privacy/routes.ts';
import { retentionRoutes } from './duties/retention/routes.ts';
import { drillRoutes } from './duties/drills/routes.ts';
import { planRoutes } from './duties/incident-plan/routes.ts';
import { incidentRoutes } from './duties/incidents/routes.ts';
import { lawRoutes } from './duties/laws/routes.ts';
import { webhookRoutes } from './duties/webhooks/routes.ts';
import { keyRoutes } from './duties/rotation/routes.ts';
import { liveRoutes } from './duties/live/routes.ts';
import { healthRoutes } from './duties/health/routes.ts';
import { dashboardHeaders, dataHeaders, keySetHeaders, loaderHeaders, widgetHeaders } from './headers.ts';
import type { Ctx, Http } from './http.ts';
import { logFault } from './log.ts';
import { identityRoutes } from './people/identity/routes.ts';
import { organisationRoutes } from './people/organisation/routes.ts';
import { recording } from './people/recording.ts';
import { peopleRoutes } from './people/routes.ts';
import { roleRoutes } from './people/roles/routes.ts';
import { teamRoutes } from './people/teams/routes.ts';
import { refuseForeignOrigin } from './people/guard.ts';
import { isId } from './protocol/ids.ts';
import { problemOf, Refusal } from './protocol/refusals.ts';
import { numbered } from './requests.ts';
import { requireResidency } from './residency.ts';

/** Pages that are the same for everybody, and what says whether Sotto works: these read nothing that is kept. */
const keptNowhere = new Set(['/', '/loader.js', '/healthz', '/readyz', '/.well-known/security.txt']);

/** One pattern finds every address, a third of the time of a walk; two that could be meant at once are refused. */
export const app = new Hono<Http>({ router: new RegExpRouter() })
  .use('*', numbered)
  .use('*', async (c, next) => {
    configOf(c.env);
    await keyringOf(c.env);
    if (!keptNowhere.has(c.req.path)) await requireResidency(c.env);
    await next();
  })
  .use('/api/*', async (c, next) => {
    refuseForeignOrigin(c.env, c.req.raw);
    await next();
    // An upgrade's answer is the socket itself and takes no more headers; a refusal has them.
    if (c.res.status !== 101 && c.error === undefined) withHeaders(c.res, dataHeaders);
  })
  .use('/api/v1/*', recording)
  .route('/api/v1', identityRoutes)
  .route('/api/v1', peopleRoutes)
  .route('/api/v1', roleRoutes)
  .route('/api/v1', teamRoutes)
  .route('/api/v1', organisationRoutes)
  .route('/api/v1', siteRoutes)
  .route('/api/v1', conversationRoutes)
  .route('/api/v1', fileRoutes)
  .route('/api/v1', codeRoutes)
  .route('/api/v1', consentRoutes)
  .route('/api/v1', banRoutes)
  .route('/api/v1', inboxRoutes)
  .route('/api/v1', replyRoutes)
  .route('/api/v1', auditRoutes)
  .route('/api/v1', alarmRoutes)
  .route('/api/v1', incidentRoutes)
  .route('/api/v1', planRoutes)
  .route('/api/v1', keyRoutes)
  .route('/api/v1', backupRoutes)
  .route('/api/v1', requestRoutes)
  .route('/api/v1', liveRoutes)
  .route('/api/v1', webhookRoutes)
  .route('/api/v1', copyRoutes)
  .route('/api/v1', retentionRoutes)
  .route('/api/v1', transcriptRoutes)
  .route('/api/v1', lawRoutes)
  .route('/api/v1', trainingRoutes)
  .route('/api/v1', restoreRoutes)
  .route('/api/v1', drillRoutes)
  .route('/api/v1', containmentRoutes)
  .route('/api/v1', radiusRoutes)
  .route('/api/v1', checkRoutes)
  .all('/api/*', () => {
    throw new Refusal('not_found');
  })
  .get('/widget/:site', async (c) => {
    const id = c.req.param('site');
    const site = isId('site', id) ? await siteOf(c.env, id) : undefined;
    if (site === undefined) throw new Refusal('not_found');
    return page(c, '/widget.html', widgetHeaders(site.origins));
  })
  .get('/.well-known/jwks.json', async (c) => {
    const { jwks } = await (await vaultOf(c.env)).tokenKeys();
    return c.newResponse(JSON.stringify(jwks), 200, keySetHeaders);
  })
  .route('/ledger', publicLedgerRoutes)
  .route('/receipts', receiptRoutes)
  .route('/files', fileByteRoutes)
  .route('/copies', copyByteRoutes)
  .route('/', healthRoutes)
  .route('/', metricsRoutes)
  .route('/', deployRoutes)
  .get('/loader.js', (c) => page(c, '/loader.js', loaderHeaders))
  .get('/', (c) => page(c, '/dashboard.html', dashboardHeaders))
  .notFound((c) => refusal(c, new Refusal('not_found')))
  .onError((error, c) => {
    if (error instanceof Refusal) return refusal(c, error);
    logFault('request', error);
    return refusal(c, new Refusal('internal'));
  });

async function page(c: Ctx, file: string, headers: Record<string, string>): Promise<Response> {
  const asset = await c.env.ASSETS.fetch(new URL(file, c.req.url));
  if (!asset.ok) throw new Refusal('not_found');
  const type = asset.headers.get('content-type') ?? 'application/octet-stream';
  return new Response(asset.body, { headers: { ...headers, 'content-type': type } });
}

function refusal(c: Ctx, refused: Refusal): Response {
  const problem = problemOf(refused, c.get('request'));
  return c.newResponse(JSON.stringify(problem), problem.status as 400, {
    ...dataHeaders,
    'content-type': 'application/problem+json',
  });
}

function withHeaders(response: Response, headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
}
