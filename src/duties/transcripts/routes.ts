/** A conversation by mail, over HTTP: for its customer, and for staff who may read it. */
import { Hono } from 'hono';
import { conversationOf } from '../../chat/conversation.ts';
import { idIn, limitVisitors } from '../../chat/door.ts';
import { bodyOf, type Http } from '../../http.ts';
import { askerOf, requireStepUp } from '../../people/guard.ts';
import { pgpKeyFrom } from '../../people/pgp.ts';
import { note } from '../../people/recording.ts';
import { isVerifiedHere } from '../../people/visitor.ts';
import { Refusal, take } from '../../protocol/refusals.ts';
import { transcriptRequest } from '../../protocol/transcripts.ts';
import { refuseCopyOfRestricted } from '../privacy.ts';
import { mailConversation } from '../transcripts.ts';

export const transcriptRoutes = new Hono<Http>().post('/conversations/:id/transcripts', async (c) => {
  const asker = await askerOf(c.env, c.req.raw);
  if (asker.kind === 'visitor') await limitVisitors(c);
  const { openpgp } = await bodyOf(c, transcriptRequest);
  const id = idIn(c, 'conversation', 'id');
  const { visitor } = take(await conversationOf(c.env, id).whose(asker));
  if (asker.kind === 'staff') {
    await refuseCopyOfRestricted(c.env, asker, visitor);
    await requireStepUp(c.env, asker);
  } else if (!(await isVerifiedHere(c, asker, Date.now()))) throw new Refusal('code_needed');
  const key = await pgpKeyFrom(openpgp);
  note(c, { object: id, subject: visitor });
  await mailConversation(c.env, { id, visitor, key }, Date.now());
  return c.json({});
});
