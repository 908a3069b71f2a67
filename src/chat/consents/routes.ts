/** What visitors agreed to before their conversations, for themselves: to be seen, and to be taken back as easily. */
import { Hono } from 'hono';
import type { Env } from '../../config.ts';
import { bodyOf, type Http } from '../../http.ts';
import { settled } from '../../log.ts';
import type { Visitor } from '../../people/permission.ts';
import { enter, note } from '../../people/recording.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { type OwnConsent, type OwnConsentsAnswer, withdrawalRequest } from '../../protocol/privacy.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { conversationOf } from '../conversation.ts';
import { newestOfVisitor } from '../directory.ts';
import { visitorHere } from '../door.ts';

/** Each costs a request, of which one has 1,000. */
const atOnce = 50;
const mostWithdrawn = 500;

export const consentRoutes = new Hono<Http>()
  .get('/sites/:site/visitor/consents', async (c) => {
    const visitor = await visitorHere(c);
    return c.json<OwnConsentsAnswer>({ consents: await consentsOf(c.env, visitor) });
  })

  .post('/sites/:site/visitor/consents/withdraw', async (c) => {
    const visitor = await visitorHere(c);
    const { version } = await bodyOf(c, withdrawalRequest);
    const { conversations, failed } = await withdraw(c.env, visitor, version);
    // They can do it again and again: it is entered once, and also where not all could be told.
    note(c, { action: null });
    const what = { object: visitor.site, subject: visitor.id, facts: { version, conversations } };
    if (conversations > 0)
      await enter(c.env, { action: 'consent.withdraw', actor: visitor.id, ...what }, crypto.randomUUID());
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

/** From the last conversations of theirs. @returns how many had this consent, and how many could not be told */
async function withdraw(
  env: Env,
  visitor: Visitor,
  version: string,
): Promise<{ conversations: number; failed: number }> {
  const ids = await newestOfVisitor(env, visitor.id, mostWithdrawn);
  let [conversations, failed] = [0, 0];
  for (let from = 0; from < ids.length; from += atOnce) {
    const some = ids.slice(from, from + atOnce);
    const tell = (id: ConversationId) => conversationOf(env, id).withdrawConsent(visitor, version);
    const told = await settled('consent.withdraw', some, tell);
    conversations += told.done.filter(Boolean).length;
    failed += told.failed;
  }
  return { conversations, failed };
}
