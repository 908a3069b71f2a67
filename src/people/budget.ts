/** How much of what customers said somebody on staff opens within an hour before they prove once more that it is they. */
import type { Ctx } from '../http.ts';
import { type ConversationId, type FileId, isId } from '../protocol/ids.ts';
import { Refusal } from '../protocol/refusals.ts';
import { accountOf } from './account.ts';
import type { Asker } from './permission.ts';
import { note } from './recording.ts';

/**
 * Whoever asks is about to be shown something of this conversation, or this file. Staff go on only if their role's budget
 * has room for it. Customers have their own alone.
 * @param wish `ask`: they may not come after all, and nothing is counted yet
 * @throws {Refusal} step_up_needed, after which as many more can be opened
 */
export async function withinBudget(
  c: Ctx,
  asker: Asker,
  thing: ConversationId | FileId,
  wish?: 'ask',
): Promise<void> {
  if (asker.kind === 'visitor') return;
  if (await accountOf(c.env, asker.id).open(asker.session, thing, wish)) return;
  const things = isId('file', thing) ? 'files' : 'conversations';
  note(c, { facts: { budget: things } });
  throw new Refusal(
    'step_up_needed',
    `You have opened as many ${things} within an hour as your role allows. To open more, please prove once more that it is you.`,
  );
}
