/** Whether the ledger is whole, and has everybody of staff who read a conversation, and what was answered as done. */
import { readLeaf, Verification } from '../../../protocol/ledger-proof.ts';
import type { ActRecord, ConversationRecord, Evidence } from '../evidence.ts';
import type { Finding, Kind } from './finding.ts';
import { mayBeGone } from './gone.ts';

const kinds: Record<string, Kind> = {
  short: 'lost',
  doubled: 'doubled',
  misplaced: 'out of order',
  broken: 'changed',
};

export function checkLedger({ ledger, conversations, clients }: Evidence): Finding[] {
  const { rows, head, waiting } = ledger;
  if (head === undefined) return [{ kind: 'not healed', what: 'the ledger has no signed head' }];
  const verification = new Verification();
  for (const { seq, leaf } of rows) verification.entry(seq, leaf);
  const { findings: all, proved } = verification.verdict([head]);
  // What came after the head is there as well.
  const findings = all.filter(({ what }) => what !== 'unproved');
  return [
    ...findings.map(({ what, seq }): Finding => {
      return { kind: kinds[what] ?? 'rule broken', what: `the ledger is ${what} at entry ${seq}` };
    }),
    ...(findings.length === 0 && proved < head.size
      ? [{ kind: 'lost' as const, what: `the ledger proves ${proved} of ${head.size}` }]
      : []),
    ...(waiting > 0 ? [{ kind: 'not healed' as const, what: `${waiting} entries were never told` }] : []),
    ...unrecorded({ ledger, conversations, clients }),
    ...unentered({ ledger, conversations }),
  ];
}

/** A conversation that was taken back may have forgotten what it had not told yet. */
function unrecorded({
  ledger,
  conversations,
  clients,
}: Pick<Evidence, 'ledger' | 'conversations' | 'clients'>): Finding[] {
  const entries = ledger.rows.map(({ leaf }) => readLeaf(leaf));
  const read = new Set(
    entries.flatMap((entry) =>
      entry?.action === 'conversation.read' ? [`${entry.actor ?? ''} ${entry.object ?? ''}`] : [],
    ),
  );
  const steady = new Set(conversations.flatMap(({ id, rollbacks }) => (rollbacks.length === 0 ? [id] : [])));
  const readers = clients.filter(
    ({ audience, conversation, saw }) =>
      audience === 'staff' && steady.has(conversation) && saw.some(({ messages }) => messages.length > 0),
  );
  return readers
    .filter(({ author, conversation }) => !read.has(`${author} ${conversation}`))
    .map(({ name, conversation }) => ({
      kind: 'lost',
      what: `that ${name} read ${conversation} is not recorded`,
    }));
}

/**
 * What was answered as done has one entry of when it was asked, no fewer and no more. Several that somebody asked at once
 * have as many. Doors enter it before they answer; closing is told by the conversation itself, once for each time that it
 * is closed, so that whoever finds it closed has none.
 */
function unentered({ ledger, conversations }: Pick<Evidence, 'ledger' | 'conversations'>): Finding[] {
  const done = ledger.rows.flatMap(({ leaf }) => {
    const entry = readLeaf(leaf);
    return entry?.outcome === 'done' ? [entry] : [];
  });
  const of = Map.groupBy(done, ({ action, object }) => `${action} ${object ?? ''}`);
  return conversations.flatMap((conversation) =>
    conversation.acts.flatMap((act): Finding[] => {
      const entries = of.get(`${act.action} ${conversation.id}`) ?? [];
      const own = entries.filter(({ actor, at }) => actor === act.actor && isWithin(at, act));
      const what = `${act.action} of ${conversation.id} by ${act.actor}, answered in life ${act.life}`;
      if (own.length > conversation.acts.filter((other) => isAtOnce(act, other)).length)
        return [{ kind: 'doubled', what: `${what}, is entered ${own.length} times` }];
      const isThere =
        own.length > 0 || (act.action === 'conversation.close' && isExcused(act, conversation, entries));
      return isThere ? [] : [{ kind: 'lost', what: `${what}, is not entered` }];
    }),
  );
}

/** Somebody had closed it already; or it went back, and forgot what it had not told yet. */
function isExcused(
  { answered, life }: ActRecord,
  { rollbacks }: ConversationRecord,
  closings: readonly { at: number }[],
): boolean {
  return closings.some(({ at }) => at <= answered) || mayBeGone(life, rollbacks);
}

function isWithin(at: number, { asked, answered }: ActRecord): boolean {
  return at >= asked && at <= answered;
}

function isAtOnce(one: ActRecord, other: ActRecord): boolean {
  const isSame = one.action === other.action && one.actor === other.actor;
  return isSame && other.tried <= one.answered && other.answered >= one.asked;
}
