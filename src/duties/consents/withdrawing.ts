/**
 * Taking a consent back: in the conversations in which something went on last before it is answered, and in all others soon
 * after, a portion at a time. Done again it is the same.
 */
import { conversationOf } from '../../chat/conversation.ts';
import { conversationsBegunBy, lastBegunBy, newestOfVisitor } from '../../chat/directory.ts';
import type { Env } from '../../config.ts';
import { idOf } from '../../ledger.ts';
import { settled } from '../../log.ts';
import type { Visitor } from '../../people/permission.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { beginRun, countRuns, type Portion, runOf } from '../runs.ts';

/** Each costs a request, of which one has 1,000. */
const atOnce = 50;
const mostWithdrawn = 500;
/** As many that could not be told are tried once more at the end, and a portion with more is done again. */
const mostFailed = 100;
const day = 86_400_000;

/** Where a run goes on. `until`: it tells those that were begun by then. `failed`: those that could not be told. */
type Place = {
  visitor: Visitor;
  version: string;
  until: number;
  after: string;
  failed: readonly ConversationId[];
};

/**
 * @returns how many had this consent, how many could not be told, and, if there are more, which are told soon, an id that is
 * the same for whoever takes the same back again, until they have begun another conversation
 * @throws {Refusal} too_fast, before anything is taken back
 */
export async function withdraw(
  env: Env,
  visitor: Visitor,
  version: string,
  now: number,
): Promise<{ conversations: number; failed: number; goesOn: string | null }> {
  const ids = await newestOfVisitor(env, visitor.id, mostWithdrawn);
  const others = ids.length < mostWithdrawn ? null : await runFor(env, visitor, version, now);
  let [conversations, failed] = [0, 0];
  for (let from = 0; from < ids.length; from += atOnce) {
    const told = await tell(env, visitor, version, ids.slice(from, from + atOnce));
    conversations += told.withdrawn;
    failed += told.failed.length;
  }
  if (others === null) return { conversations, failed, goesOn: null };
  const begin: Place = { visitor, version, until: now, after: '', failed: [] };
  await beginRun(env, 'withdrawal', others.run, now, JSON.stringify(begin));
  return { conversations, failed, goesOn: others.goesOn };
}

/**
 * One that is under way or done has taken back whatever they had begun until then: for that none is begun anew. Which
 * versions there were nobody keeps, so that whoever makes them up is bounded by how many are begun.
 */
async function runFor(
  env: Env,
  { id: visitor }: Visitor,
  version: string,
  now: number,
): Promise<{ run: string; goesOn: string }> {
  const goesOn = idOf('consent.withdraw', visitor, version, await lastBegunBy(env, visitor, now));
  const all = `withdrawal-${idOf('consent.withdraw', visitor)}`;
  const run = `${all}-${goesOn}`;
  const isKnown = (await runOf(env, run, now)) !== undefined;
  if (!isKnown && (await countRuns(env, all, now - day)) >= limits.withdrawalsADay)
    throw new Refusal('too_fast');
  return { run, goesOn };
}

/** Those that could not be told keep no others from it; it is not over before they were. */
export const withdrawPortion: Portion = async (env, _, from) => {
  if (from === null) return { place: null, done: 0 };
  const place = JSON.parse(from) as Place;
  const { visitor, version, until, after } = place;
  const ids = await conversationsBegunBy(env, visitor.id, until, after, atOnce);
  const last = ids.at(-1);
  const told = await tell(env, visitor, version, last === undefined ? place.failed : ids);
  if (last === undefined) {
    if (told.failed.length > 0)
      throw new Error('a conversation could not be told that a consent is withdrawn');
    return { place: null, done: told.withdrawn };
  }
  const failed = [...place.failed, ...told.failed];
  if (failed.length > mostFailed)
    throw new Error('many conversations could not be told that a consent is withdrawn');
  return { place: JSON.stringify({ ...place, after: last, failed } satisfies Place), done: told.withdrawn };
};

async function tell(
  env: Env,
  visitor: Visitor,
  version: string,
  ids: readonly ConversationId[],
): Promise<{ withdrawn: number; failed: ConversationId[] }> {
  const failed: ConversationId[] = [];
  const withdraw = async (id: ConversationId) => {
    try {
      return await conversationOf(env, id).withdrawConsent(visitor, version);
    } catch (error) {
      failed.push(id);
      throw error;
    }
  };
  const { done } = await settled('consent.withdraw', ids, withdraw);
  return { withdrawn: done.filter(Boolean).length, failed };
}
