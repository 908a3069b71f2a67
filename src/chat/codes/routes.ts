/** One-time codes by mail over HTTP, for visitors. */
import { Hono } from 'hono';
import { bodyOf, type Ctx, type Http } from '../../http.ts';
import { askForCode, redeemCode } from '../../people/codes.ts';
import { requireOwnOrigin, visitorOf } from '../../people/guard.ts';
import type { Visitor } from '../../people/permission.ts';
import { note } from '../../people/recording.ts';
import { sessionOf } from '../../people/visitor.ts';
import { Refusal, take } from '../../protocol/refusals.ts';
import { type CodeAnswer, codeRequest, proofRequest, type VisitorSession } from '../../protocol/visitors.ts';
import { tellProved } from '../codes.ts';
import { conversationOf } from '../conversation.ts';
import { idIn, limitVisitors, visitorHere } from '../door.ts';
import { siteOf } from '../sites.ts';

export const codeRoutes = new Hono<Http>()
  .post('/conversations/:id/codes', async (c) => {
    const visitor = await visitorOf(c.env, c.req.raw);
    await limitVisitors(c);
    const asked = await bodyOf(c, codeRequest);
    // Nobody has a mail sent to whom they like without a conversation.
    take(await conversationOf(c.env, idIn(c, 'conversation', 'id')).whose(visitor));
    return codeFor(c, visitor, 'prove', asked);
  })

  .post('/sites/:site/visitor/codes', async (c) => {
    const visitor = await visitorHere(c);
    return codeFor(c, visitor, 'continue', await bodyOf(c, codeRequest));
  })

  .post('/sites/:site/visitor/proof', async (c) => {
    requireOwnOrigin(c.env, c.req.raw);
    const asker = await visitorHere(c);
    const proof = await bodyOf(c, proofRequest);
    const now = Date.now();
    const { visitor, wish } = await redeemCode(c, asker, proof, now);
    note(c, { subject: visitor.id, facts: { wish } });
    if (wish === 'prove') await tellProved(c.env, visitor.id, asker.site, proof.address);
    return c.json<VisitorSession>(await sessionOf(c, asker.site, visitor, now));
  });

async function codeFor(
  c: Ctx,
  visitor: Visitor,
  wish: 'prove' | 'continue',
  { address, language }: { address: string; language?: string | undefined },
): Promise<Response> {
  const site = await siteOf(c.env, visitor.site);
  if (site === undefined) throw new Refusal('not_found');
  const answer = await askForCode(c, visitor, site.name, { wish, address, language }, Date.now());
  return c.json<CodeAnswer>(answer, 202);
}
