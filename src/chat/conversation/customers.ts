/**
 * What customers are called, for a list that holds no names: each conversation is asked by itself, which wakes it, and
 * says it to those who may read it.
 */
import type { Env } from '../../config.ts';
import type { Staff } from '../../people/permission.ts';
import type { NamesAnswer } from '../../protocol/bodies.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import { conversationOf } from '../conversation.ts';

export async function namesOfCustomers(
  env: Env,
  staff: Staff,
  ids: readonly ConversationId[],
): Promise<NamesAnswer> {
  const asked = await Promise.allSettled([...new Set(ids)].map((id) => conversationOf(env, id).whose(staff)));
  const known = asked.flatMap((outcome) =>
    outcome.status === 'fulfilled' && 'done' in outcome.value ? [outcome.value.done] : [],
  );
  return {
    names: Object.fromEntries(known.flatMap(({ id, name }) => (name === null ? [] : [[id, name]]))),
    verified: known.flatMap(({ id, proof }) => (proof?.name === 'site' ? [id] : [])),
    proved: known.flatMap(({ id, proof }) => (proof?.address === 'code' ? [id] : [])),
  };
}
