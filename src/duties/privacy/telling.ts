/**
 * Whoever asked is mailed that there is an answer, where it is proved that an address is theirs. What it is stands in the
 * chat, where they have to be verified: the mail says nothing that they or staff have said.
 */
import { conversationOf } from '../../chat/conversation.ts';
import { newestOfVisitor } from '../../chat/directory.ts';
import { siteOf } from '../../chat/sites.ts';
import type { Env } from '../../config.ts';
import { logFault } from '../../log.ts';
import { mailAnswer, type RequestNews } from '../../people/mail.ts';
import { factsOfVisitor } from '../../people/visitor.ts';
import type { VisitorId } from '../../protocol/ids.ts';
import type { RequestRow } from '../requests.ts';

export type Told = RequestNews;

/** Where they can't be told it is answered all the same: the chat says it. */
export async function tellAnswered(env: Env, row: RequestRow, news: Told): Promise<void> {
  try {
    const { address } = await factsOfVisitor(env, row.visitor);
    if (address === null) return;
    const site = (await siteOf(env, row.site))?.name ?? '';
    const language = await languageOf(env, row.visitor);
    await mailAnswer(env, address, { ...row, site, language, news });
  } catch (error) {
    logFault('mail.answer', error);
  }
}

/** That of the conversation in which something went on last; null: not known. */
async function languageOf(env: Env, visitor: VisitorId): Promise<string | null> {
  const [last] = await newestOfVisitor(env, visitor, 1);
  const talk = last && (await conversationOf(env, last).toCopy(visitor));
  return talk?.view.staff?.customer.language ?? null;
}
