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
  const named = asked.flatMap((outcome) => {
    if (outcome.status === 'rejected' || 'refused' in outcome.value) return [];
    const { id, name, proof } = outcome.value.done;
    return name === null ? [] : [{ id, name, isVerified: proof?.name === 'site' }];
  });
  return {
    names: Object.fromEntries(named.map(({ id, name }) => [id, name])),
    verified: named.flatMap(({ id, isVerified }) => (isVerified ? [id] : [])),
  };
}
