/** What clients saw: only what they may see, and all of them the same. */
import type { Message } from '../../../protocol/frames.ts';
import type { Finding } from './finding.ts';
import { nameOf, placeOf } from '../copy.ts';
import type { ClientRecord, ConversationRecord, View } from '../evidence.ts';

export function checkSights(conversation: ConversationRecord, clients: readonly ClientRecord[]): Finding[] {
  return [
    ...shownRightly(conversation, clients),
    ...endedAlike(conversation, clients),
    ...agreedThroughout(conversation, clients),
  ];
}

/** C16, P4: no visitor sees a note or who removed something, and nobody what was said elsewhere. */
function shownRightly({ id, shown }: ConversationRecord, clients: readonly ClientRecord[]): Finding[] {
  const spoken = new Set(clients.flatMap(({ said }) => said.map((each) => each.id)));
  const isAmiss = (message: Message, audience: ClientRecord['audience']) =>
    !spoken.has(message.id) || (audience === 'visitor' && isForStaff(message));
  const sights = [{ name: `the visitor of ${id}`, audience: 'visitor' as const, saw: [shown] }, ...clients];
  return sights.flatMap(({ name, audience, saw }) =>
    saw
      .flatMap(({ messages }) => messages)
      .filter((message) => isAmiss(message, audience))
      .map(({ id: message }): Finding => ({ kind: 'shown to the wrong one', what: `${name}: ${message}` })),
  );
}

function isForStaff({ kind, n, removed }: Message): boolean {
  return kind === 'note' || n !== undefined || removed?.by !== undefined;
}

/** C3: whoever is there in the end holds the history, and the visitor's is that of staff without what is theirs. */
function endedAlike({ id, history, shown }: ConversationRecord, clients: readonly ClientRecord[]): Finding[] {
  const expected = { staff: told(history.messages), visitor: told(forVisitor(history.messages)) };
  const last = (views: readonly View[]) => views.at(-1) ?? { epoch: '', messages: [] };
  const sights = [
    { name: `the visitor of ${id}`, audience: 'visitor' as const, view: shown },
    ...clients.flatMap(({ name, audience, saw }) =>
      saw.length === 0 ? [] : [{ name, audience, view: last(saw) }],
    ),
  ];
  return sights.flatMap(({ name, audience, view }): Finding[] => {
    if (view.epoch !== history.epoch) return [{ kind: 'seen differently', what: `${name}: another epoch` }];
    const seen = told(view.messages);
    const at = firstDifference(seen, expected[audience]);
    if (at === undefined) return [];
    const what = `${name}: ${seen[at] ?? 'nothing'} where the history has ${expected[audience][at] ?? 'nothing'}`;
    return [{ kind: 'seen differently', what }];
  });
}

/** C3, C4: in one epoch a place holds one message, for everybody and at all times. */
function agreedThroughout({ history }: ConversationRecord, clients: readonly ClientRecord[]): Finding[] {
  const places = new Map<string, string>();
  const sights = [
    { name: 'the history', saw: [history] },
    ...clients.map(({ name, saw }) => ({ name, saw: saw.slice(0, -1) })),
  ];
  return sights.flatMap(({ name, saw }) =>
    saw.flatMap(({ epoch, messages }) =>
      messages.flatMap((message): Finding[] => {
        const place = `${nameOf(placeOf(message))} of ${epoch}`;
        const identity = `${message.from.id} ${message.id} ${message.at}`;
        const known = places.get(place) ?? identity;
        places.set(place, known);
        return known === identity ? [] : [{ kind: 'seen differently', what: `${name}: ${place}` }];
      }),
    ),
  );
}

function forVisitor(messages: readonly Message[]): Message[] {
  return messages
    .filter(({ kind }) => kind === 'text')
    .map(({ removed, ...message }) =>
      removed === undefined ? message : { ...message, removed: { how: removed.how, at: removed.at } },
    );
}

/** Each message as one line that tells all of it but its text, of which it tells the length. */
function told(messages: readonly Message[]): string[] {
  return messages.map((message) => {
    const { id, at, from, kind, text, removed } = message;
    const gone = removed === undefined ? '' : ` ${removed.how} ${removed.at} ${removed.by?.id ?? ''}`;
    return `${nameOf(placeOf(message))} ${id} ${at} ${from.kind} ${from.id} ${kind} ${text.length}${gone}`;
  });
}

function firstDifference(one: readonly string[], other: readonly string[]): number | undefined {
  const length = Math.max(one.length, other.length);
  for (let at = 0; at < length; at++) if (one[at] !== other[at]) return at;
  return undefined;
}
