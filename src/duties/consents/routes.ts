/** What visitors agreed to before their conversations, for themselves: to be seen, and to be taken back as easily. */
import { Hono } from 'hono';
import { conversationOf } from '../../chat/conversation.ts';
import { newestOfVisitor } from '../../chat/directory.ts';
import { visitorHere } from '../../chat/door.ts';
import type { Env } from '../../config.ts';
import { bodyOf, type Http } from '../../http.ts';
import { settled } from '../../log.ts';
import type { Visitor } from '../../people/permission.ts';
import { enter, note } from '../../people/recording.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { type OwnConsent, type OwnConsentsAnswer, withdrawalRequest } from '../../protocol/privacy.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { withdraw } from './withdrawing.ts';

export const consentRoutes = new Hono<Http>()
  .get('/sites/:site/visitor/consents', async (c) => {
    const visitor = await visitorHere(c);
    return c.json<OwnConsentsAnswer>({ consents: await consentsOf(c.env, visitor) });
  })

  .post('/sites/:site/visitor/consents/withdraw', async (c) => {
    const visitor = await visitorHere(c);
    const { version } = await bodyOf(c, withdrawalRequest);
    const { conversations, failed, goesOn } = await withdraw(c.env, visitor, version, Date.now());
    // They can do it again and again: it is entered once, and also where not all could be told.
    note(c, { action: null });
    const facts = { version, conversations, ...(goesOn !== null && { goesOn: true }) };
    const what = { object: visitor.site, subject: visitor.id, facts };
    const id = conversations > 0 ? crypto.randomUUID() : goesOn;
    if (id !== null) await enter(c.env, { action: 'consent.withdraw', actor: visitor.id, ...what }, id);
    if (failed > 0) throw new Refusal('unavailable', 'Not all of it could be taken back. Please try again.');
    return c.json<OwnConsentsAnswer>({ consents: await consentsOf(c.env, visitor) });
  });

/** One for each version, that given last first, from as many conversations as are listed. */
async function consentsOf(env: Env, { id: visitor }: Visitor): Promise<OwnConsent[]> {
  const ids = await newestOfVisitor(env, visitor, limits.listConversations);
  const ask = (id: ConversationId) => conversationOf(env, id).consent(visitor);
  const { done: found } = await settled('consent.read', ids, ask);
  const byVersion = new Map<string, OwnConsent>();
  for (const consent of found.filter((each) => each !== null).toSorted((a, b) => a.at - b.at)) {
    const { version, at, withdrawnAt = null } = consent;
    // What was given anew stands, and counts as given.
    byVersion.delete(version);
    byVersion.set(version, { version, at, withdrawnAt });
  }
  return [...byVersion.values()].toReversed();
}
