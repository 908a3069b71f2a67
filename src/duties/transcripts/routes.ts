/** A conversation by mail, over HTTP: asked for by its customer, or by staff who may read it. */
import { Hono } from 'hono';
import { conversationOf } from '../../chat/conversation.ts';
import { idIn, limitVisitors } from '../../chat/door.ts';
import { bodyOf, type Http } from '../../http.ts';
import { withinBudget } from '../../people/budget.ts';
import { askerOf, requireStepUp } from '../../people/guard.ts';
import { keyWished } from '../../people/pgp.ts';
import { note } from '../../people/recording.ts';
import { restrictionOf } from '../../people/restrictions.ts';
import { isVerifiedHere } from '../../people/visitor.ts';
import { Refusal, take } from '../../protocol/refusals.ts';
import { transcriptRequest } from '../../protocol/transcripts.ts';
import { refuseCopyOfRestricted } from '../privacy.ts';
import { mailConversation } from '../transcripts.ts';

export const transcriptRoutes = new Hono<Http>().post('/conversations/:id/transcripts', async (c) => {
  const asker = await askerOf(c.env, c.req.raw);
  if (asker.kind === 'visitor') await limitVisitors(c);
  const { openpgp } = await bodyOf(c, transcriptRequest);
  const isOurs = openpgp === 'organisation';
  if (isOurs && asker.kind === 'visitor') throw new Refusal('not_allowed');
  const id = idIn(c, 'conversation', 'id');
  await withinBudget(c, asker, id);
  const { visitor } = take(await conversationOf(c.env, id).whose(asker));
  if (asker.kind === 'staff') {
    await refuseCopyOfRestricted(c.env, asker, visitor);
    // What is restricted is for its person alone, and this is not sent to them.
    if (isOurs && (await restrictionOf(c.env, visitor)) !== undefined) throw new Refusal('restricted');
    await requireStepUp(c.env, asker);
  } else if (!(await isVerifiedHere(c, asker, Date.now()))) throw new Refusal('code_needed');
  const key = await keyWished(c.env, openpgp);
  note(c, { object: id, subject: visitor, facts: { to: isOurs ? 'organisation' : 'customer' } });
  const reader = isOurs && asker.kind === 'staff' ? asker.id : null;
  await mailConversation(c.env, { id, visitor, key, side: asker.kind, reader }, Date.now());
  return c.json({});
});
