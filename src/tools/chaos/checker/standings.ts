/** Whether inbox and directory say of every conversation what it says of itself (C11, I1, I5). */
import type { InboxEntry, Message } from '../../../protocol/frames.ts';
import type { Finding } from './finding.ts';
import type { ConversationRecord, Evidence } from '../evidence.ts';

type Line = Pick<InboxEntry, 'state' | 'assignee' | 'snoozedUntil' | 'waitingSince'>;

export function checkInboxes({ conversations, inboxes, directory }: Evidence): Finding[] {
  const lines = new Map(directory.map((line) => [line.id, line]));
  return [
    ...inboxes.flatMap(({ name, entries, complaints }) => [
      ...complaints.map((what): Finding => ({ kind: 'rule broken', what: `${name}: ${what}` })),
      ...compared(name, entries, conversations),
    ]),
    ...conversations.flatMap(({ id, standing: { state, assignee, changes } }): Finding[] => {
      const line = lines.get(id);
      const isRight = line?.state === state && line.assignee === assignee && line.version === changes;
      if (isRight) return [];
      const what = `the directory on ${id}: ${line?.state ?? 'nothing'} ${line?.assignee ?? ''} ${line?.version ?? ''}, not ${state} ${assignee ?? ''} ${changes}`;
      return [{ kind: 'inbox disagrees', what }];
    }),
  ];
}

function compared(
  name: string,
  entries: readonly InboxEntry[],
  conversations: readonly ConversationRecord[],
): Finding[] {
  const known = new Map(entries.map((entry) => [entry.id as string, entry]));
  const disagree = (what: string): Finding => ({ kind: 'inbox disagrees', what: `${name}: ${what}` });
  return [
    ...conversations.flatMap((conversation) => {
      const entry = known.get(conversation.id);
      known.delete(conversation.id);
      if (entry === undefined) return [disagree(`nothing of ${conversation.id}`)];
      const [is, should] = [written(entry), written(lineOf(conversation))];
      return [
        ...(is === should ? [] : [disagree(`${conversation.id} is ${is}, not ${should}`)]),
        ...(isOfNow(entry, conversation) ? [] : [disagree(`${conversation.id} in version ${entry.version}`)]),
      ];
    }),
    ...[...known.keys()].map((id) => disagree(`${id} is no conversation`)),
  ];
}

/** What an inbox should say of it, from its row and its history. */
function lineOf({ standing, history }: ConversationRecord): Line {
  const { state, assignee, snoozedUntil } = standing;
  return {
    state: state as Line['state'],
    assignee: assignee as Line['assignee'],
    snoozedUntil,
    waitingSince: state === 'closed' ? null : waitingSince(history.messages),
  };
}

/**
 * A version is the number of changes and the head. The head goes on where nothing changes for an inbox, so that what
 * it was told last may be of an earlier one; but never of a later one, or it would not hear what comes next.
 */
function isOfNow({ version }: InboxEntry, { standing: { changes, head } }: ConversationRecord): boolean {
  return version >= changes && version <= changes + head;
}

/** The customer's first message after staff's last; what its author took back was not said. */
function waitingSince(messages: readonly Message[]): number | null {
  const counted = messages.filter(({ kind, removed }) => kind === 'text' && removed?.how !== 'deleted');
  const answered = counted.findLastIndex(({ from }) => from.kind === 'staff');
  return counted[answered + 1]?.at ?? null;
}

function written({ state, assignee, snoozedUntil, waitingSince: since }: Line): string {
  return `${state} ${assignee ?? '-'} ${snoozedUntil ?? '-'} ${since ?? '-'}`;
}
