/** Conversations that were put back are opened, and tell their inboxes and the directory. */
import { conversationOf, type RemovedSince, type Since } from '../../chat/conversation.ts';
import { dropFromDirectory, linesOf, restrictionsOf } from '../../chat/directory.ts';
import type { Env } from '../../config.ts';
import { type Act, actsOn } from '../../ledger.ts';
import { type ConversationId, isId } from '../../protocol/ids.ts';
import type { Counts } from './store.ts';

/** The messages that were taken back or destroyed, as the ledger has them: whichever backup it is, they stay so. */
async function removalsSince(env: Env, ids: readonly ConversationId[]): Promise<Map<string, RemovedSince[]>> {
  const entries = await actsOn(env, 'object', ids, ['message.delete', 'message.redact'], ['done']);
  const of = Map.groupBy(entries, ({ object }) => object ?? '');
  return new Map([...of].map(([id, some]) => [id, some.flatMap((entry) => removalIn(entry) ?? [])]));
}

function removalIn({ action, at, actor, facts }: Act): RemovedSince | undefined {
  const by = isId('visitor', actor)
    ? ({ kind: 'visitor', id: actor } as const)
    : isId('person', actor) && ({ kind: 'staff', id: actor } as const);
  if (by === false) return undefined;
  const how = action === 'message.delete' ? 'deleted' : 'redacted';
  return { seq: Number(facts?.['seq']), n: Number(facts?.['n']), removed: { how, at, by } };
}

/** The consents that these visitors took back, as the ledger has them. */
async function withdrawalsSince(
  env: Env,
  visitors: readonly string[],
): Promise<Map<string | undefined, Since['withdrawn']>> {
  const entries = await actsOn(env, 'subject', visitors, ['consent.withdraw'], ['done']);
  const of = Map.groupBy(entries, ({ subject }) => subject);
  return new Map(
    [...of].map(([visitor, some]) => [
      visitor,
      some.map(({ at, facts }) => ({ at, version: String(facts?.['version']) })),
    ]),
  );
}

type HoldSince = Pick<Since, 'hold' | 'unsureHold'>;

/** The legal hold that was put on each of these last, as the ledger has it. */
async function holdsSince(
  env: Env,
  ids: readonly ConversationId[],
): Promise<Map<string | undefined, HoldSince>> {
  const outcomes = ['done', 'failed', 'unknown'] as const;
  const entries = await actsOn(env, 'object', ids, ['conversation.hold'], outcomes);
  // The last stands for all before it, though one of before may have been told later.
  entries.sort((one, next) => one.at - next.at);
  const holds = new Map<string | undefined, HoldSince>();
  for (const entry of entries) holds.set(entry.object, holdAfter(holds.get(entry.object), entry));
  return holds;
}

function holdAfter(before: HoldSince = neverHeld, { outcome, actor, at, facts }: Act): HoldSince {
  const on = facts?.['on'];
  const begun = isId('person', actor) ? { by: actor, at } : null;
  if (outcome === 'done') return { hold: on === true ? begun : null, unsureHold: null };
  // What failed before it was entered which of both was wanted has not come to the conversation.
  if (outcome === 'failed' && on === undefined) return before;
  return { hold: before.hold, unsureHold: begun };
}

const neverHeld: HoldSince = { hold: undefined, unsureHold: null };

/**
 * Each by itself. Those that open by no key any more leave the directory.
 * @param known those of which the directory still says where they stand, and so who may read them
 * @returns how many came back, and how
 */
export async function openThese(
  env: Env,
  run: string,
  ids: readonly ConversationId[],
  known: readonly ConversationId[] = [],
): Promise<Counts> {
  const counts: Record<string, number> = {};
  const count = (what: string, by = 1) => (counts[what] = (counts[what] ?? 0) + by);
  // The register is back already, and nothing may happen in between to what it restricts.
  const restrictions = await restrictionsOf(env, ids);
  const removals = await removalsSince(env, ids);
  const holds = await holdsSince(env, ids);
  const lines = new Map((await linesOf(env, ids)).map((line) => [line.id, line]));
  const withdrawals = await withdrawalsSince(env, [
    ...new Set([...lines.values()].map(({ visitor }) => visitor)),
  ]);
  const outcomes = await Promise.all(
    ids.map((id) => {
      const line = lines.get(id);
      const since = {
        removed: removals.get(id) ?? [],
        withdrawn: withdrawals.get(line?.visitor) ?? [],
        ...(holds.get(id) ?? neverHeld),
        standing:
          line !== undefined && known.includes(id)
            ? { team: line.team, state: line.state, assignee: line.assignee }
            : null,
      };
      return conversationOf(env, id).comeBack(run, restrictions.get(id) ?? null, since);
    }),
  );
  const gone: ConversationId[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    const id = ids[index];
    if (outcome.state === 'back') {
      count('conversations');
      count('files that can not be opened', outcome.filesGone);
      count('messages without a key', outcome.lost);
      if (id !== undefined && (holds.get(id)?.unsureHold ?? null) !== null) count('legal holds to look at');
    } else if (outcome.state === 'there') count('conversations that were there');
    else if (id !== undefined) {
      gone.push(id);
      count('left out conversations');
    }
  }
  await dropFromDirectory(env, gone);
  return counts;
}
