/**
 * Compares what everybody said, was told and saw with what is stored. It decides nothing that it is not shown, so
 * that each kind of finding can be tested by evidence that was bent on purpose.
 */
import type { Message } from '../../protocol/frames.ts';
import type { Finding } from './checker/finding.ts';
import { mayBeGone } from './checker/gone.ts';
import { checkLedger } from './checker/ledger.ts';
import { checkInboxes } from './checker/standings.ts';
import { checkSights } from './checker/sights.ts';
import type {
  Acknowledged,
  ClientRecord,
  ConversationRecord,
  Evidence,
  RemovalRecord,
  Rollback,
  Said,
} from './evidence.ts';
import { follows, isBefore, nameOf, placeOf } from './copy.ts';

/** @returns nothing, if every promise was kept */
export function check(evidence: Evidence): Finding[] {
  const { clients, conversations } = evidence;
  const byConversation = Map.groupBy(clients, ({ conversation }) => conversation);
  return [
    ...conversations.flatMap((conversation) => {
      const own = byConversation.get(conversation.id) ?? [];
      return [
        ...numbered(conversation),
        ...saidOnce(conversation, own),
        ...own.flatMap((client) => keptWord(conversation, client)),
        ...removedForGood(conversation),
        ...checkSights(conversation, own),
      ];
    }),
    ...clients.flatMap(({ name, complaints }) =>
      complaints.map((what): Finding => ({ kind: 'rule broken', what: `${name}: ${what}` })),
    ),
    ...checkInboxes(evidence),
    ...checkLedger(evidence),
  ];
}

/** C3, C6, C17: numbers are dense, and no time runs backwards. */
function numbered({ id, history: { messages } }: ConversationRecord): Finding[] {
  const findings: Finding[] = [];
  let last = { seq: 0, n: 0 };
  let publicAt = 0;
  let at = 0;
  for (const message of messages) {
    const place = placeOf(message);
    if (!follows(last, place)) {
      const kind = isBefore(last, place) ? 'lost' : 'out of order';
      findings.push({ kind, what: `${id}: ${nameOf(place)} follows ${nameOf(last)}` });
    }
    if (message.at < (place.n === 0 ? publicAt : at))
      findings.push({ kind: 'out of order', what: `${id}: the time runs backwards at ${nameOf(place)}` });
    last = place;
    at = message.at;
    if (place.n === 0) publicAt = message.at;
  }
  return findings;
}

/** C2: every message is somebody's, as it was said, and there once. */
function saidOnce(
  { id, history, removals }: ConversationRecord,
  clients: readonly ClientRecord[],
): Finding[] {
  const known = new Map(
    clients.flatMap(({ author, said }) =>
      said.map((each) => [`${author} ${each.id}`, each] as [string, Said]),
    ),
  );
  const asked = new Set(removals.map(nameOf));
  const seen = new Set<string>();
  return history.messages.flatMap((message): Finding[] => {
    const where = `${id}: ${nameOf(placeOf(message))}`;
    const name = `${message.from.id} ${message.id}`;
    if (seen.has(name)) return [{ kind: 'doubled', what: where }];
    seen.add(name);
    const said = known.get(name);
    if (said === undefined) return [{ kind: 'changed', what: `${where} was said by nobody` }];
    const isAsSaid = message.kind === said.kind && message.text === said.text;
    if (message.removed === undefined && !isAsSaid) return [{ kind: 'changed', what: where }];
    if (message.removed !== undefined && (message.text !== '' || !asked.has(nameOf(placeOf(message)))))
      return [{ kind: 'changed', what: `${where} was removed by nobody, or not quite` }];
    return [];
  });
}

/** C1, C15: what was acknowledged is there, what was refused is not, and the order is that of saying. */
function keptWord({ history, rollbacks }: ConversationRecord, client: ClientRecord): Finding[] {
  const stored = new Map(
    history.messages.flatMap((message) =>
      message.from.id === client.author ? [[message.id, message] as const] : [],
    ),
  );
  return [
    ...client.acknowledged.flatMap((word) => there(client, word, stored.get(word.id), rollbacks)),
    ...client.refused.flatMap((id): Finding[] =>
      stored.has(id) ? [{ kind: 'changed', what: `${client.name}: ${id} was refused and stored` }] : [],
    ),
    ...client.unsent.map((id): Finding => ({ kind: 'not healed', what: `${client.name}: ${id} never went` })),
    ...(client.ordered ? inOrder(client, stored) : []),
  ];
}

function there(
  client: ClientRecord,
  { id, seq, n, life }: Acknowledged,
  message: Message | undefined,
  rollbacks: readonly Rollback[],
): Finding[] {
  const what = `${client.name}: ${id}, acknowledged in life ${life}`;
  if (message === undefined) return mayBeGone(life, rollbacks) ? [] : [{ kind: 'lost', what }];
  if (seq === null || nameOf({ seq, n }) === nameOf(placeOf(message))) return [];
  return [{ kind: 'changed', what: `${what}, has moved to ${nameOf(placeOf(message))}` }];
}

function inOrder({ name, said, doubtful }: ClientRecord, stored: ReadonlyMap<string, Message>): Finding[] {
  const places = said.flatMap(({ id }) => {
    const message = stored.get(id);
    return message === undefined || doubtful.includes(id) ? [] : [placeOf(message)];
  });
  return places.flatMap((place, index): Finding[] => {
    const before = places[index - 1];
    if (before === undefined || isBefore(before, place)) return [];
    return [{ kind: 'out of order', what: `${name}: ${nameOf(place)} was said after ${nameOf(before)}` }];
  });
}

/** C22: what was removed stays removed. */
function removedForGood({ id, history, removals, rollbacks }: ConversationRecord): Finding[] {
  const places = new Map(history.messages.map((message) => [nameOf(placeOf(message)), message]));
  const isMissing = (removal: RemovalRecord) =>
    removal.life !== null &&
    places.get(nameOf(removal))?.removed === undefined &&
    !mayBeGone(removal.life, rollbacks);
  return removals
    .filter(isMissing)
    .map((removal): Finding => ({ kind: 'lost', what: `${id}: the removal of ${nameOf(removal)}` }));
}
