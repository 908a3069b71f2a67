/** Conversations that were put back are opened, and tell their inboxes and the directory. */
import { conversationOf, type RemovedSince, type Since } from '../../chat/conversation.ts';
import { dropFromDirectory, linesOf, restrictionsOf } from '../../chat/directory.ts';
import type { Env } from '../../config.ts';
import { type Done, doneTo } from '../../ledger.ts';
import { type ConversationId, isId } from '../../protocol/ids.ts';
import type { Counts } from './store.ts';

/** The messages that were taken back or destroyed, as the ledger has them: whichever backup it is, they stay so. */
async function removalsSince(env: Env, ids: readonly ConversationId[]): Promise<Map<string, RemovedSince[]>> {
  const entries = await doneTo(env, 'object', ids, ['message.delete', 'message.redact']);
  const of = Map.groupBy(entries, ({ object }) => object ?? '');
  return new Map([...of].map(([id, some]) => [id, some.flatMap((entry) => removalIn(entry) ?? [])]));
}

function removalIn({ action, at, actor, facts }: Done): RemovedSince | undefined {
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
  const entries = await doneTo(env, 'subject', visitors, ['consent.withdraw']);
  const of = Map.groupBy(entries, ({ subject }) => subject);
  return new Map(
    [...of].map(([visitor, some]) => [
      visitor,
      some.map(({ at, facts }) => ({ at, version: String(facts?.['version']) })),
    ]),
  );
}

/** The legal hold that was put on each of these last, as the ledger has it; null: it has ended. */
async function holdsSince(
  env: Env,
  ids: readonly ConversationId[],
): Promise<Map<string | undefined, Since['hold']>> {
  const entries = await doneTo(env, 'object', ids, ['conversation.hold']);
  // The last stands for all before it, though one of before may have been told later.
  entries.sort((one, next) => one.at - next.at);
  return new Map(
    entries.map(({ object, actor, at, facts }) => [
      object,
      facts?.['on'] === true && isId('person', actor) ? { by: actor, at } : null,
    ]),
  );
}

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
        hold: holds.get(id),
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
    } else if (outcome.state === 'there') count('conversations that were there');
    else if (id !== undefined) {
      gone.push(id);
      count('left out conversations');
    }
  }
  await dropFromDirectory(env, gone);
  return counts;
}
