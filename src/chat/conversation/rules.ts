/** What a conversation decides, as pure functions (docs/RULES.md, C). */
import type { PersonState } from '../../protocol/bodies.ts';
import type { RefusalCode } from '../../protocol/refusals.ts';
import type { Author, ConversationState, Message, Removal } from '../../protocol/frames.ts';
import type { PersonId, TeamId } from '../../protocol/ids.ts';
import { lifetimes, limits } from '../../protocol/limits.ts';
import type { Action } from '../../protocol/permissions.ts';
import { answersIn, type Asker, lackOf, may, type Person, type Thing } from '../../people/permission.ts';

export type Standing = {
  team: TeamId;
  state: ConversationState;
  assignee: PersonId | null;
  snoozedUntil: number | null;
};
export type Change = 'claim' | 'close' | 'reopen';
/** Why something can't be done; `detail` where the code does not say enough. */
export type No = { refused: RefusalCode; detail?: string };

const no = (refused: RefusalCode, detail?: string): No =>
  detail === undefined ? { refused } : { refused, detail };

/** The refusal of whoever does not have the right to, or could do it if the thing were not restricted. */
export function lacking(asker: Asker, action: Action, thing: Thing): No {
  const isForIt = thing.restricted === true && may(asker, action, { ...thing, restricted: false });
  return isForIt ? no('restricted') : no('not_allowed', lackOf(asker, action, thing));
}

/** Whether they sit here without being shown as there. */
export function watches(asker: Asker): boolean {
  return asker.kind === 'staff' && asker.silent === true;
}

/** What whoever watches is told of all that would show them. Notes have an author, and are for staff alone. */
export const watching = {
  refused: 'not_allowed',
  detail: 'You are watching without being shown, so that you can only write notes. Join to do more.',
} as const satisfies No;

/** Where a conversation stands after a change, or why it can't be made. The same change again is no error. */
export function change(standing: Standing, wish: Change, by: Asker): Standing | No {
  if (wish === 'claim') return claim(standing, by);
  if (wish === 'close') return { ...standing, state: 'closed', snoozedUntil: null };
  return standing.state === 'closed'
    ? { ...standing, state: 'waiting', assignee: null, snoozedUntil: null }
    : standing;
}

function claim(standing: Standing, by: Asker): Standing | No {
  if (by.kind !== 'staff') return no('not_allowed');
  if (standing.state === 'closed') return no('conversation_closed');
  if (standing.state === 'claimed' && standing.assignee !== by.id) return no('already_claimed');
  return { ...standing, state: 'claimed', assignee: by.id };
}

/** To whom a conversation goes, with what is known of them right now; null: there is no such person or team. */
export type Recipient =
  (Person & { kind: 'person'; state: PersonState }) | { kind: 'team'; id: TeamId } | null;

/** A person of the same team has it at once; in a team's queue it waits for whoever claims it. */
export function handOver(standing: Standing, to: Recipient): Standing | No {
  if (standing.state === 'closed') return no('conversation_closed');
  if (to === null) return no('invalid', 'to: there is no such person or team');
  if (to.kind === 'team') return queued(to.id);
  if (to.state !== 'active' || !answersIn(to, standing.team))
    return no('invalid', 'to: not an active member of this team');
  return { ...standing, state: 'claimed', assignee: to.id, snoozedUntil: null };
}

/** Whoever had it in this team may no longer: it waits there again, unless somebody else has it by now. */
export function givenBack(standing: Standing, team: TeamId, holder: PersonId): Standing {
  const isTheirs = standing.state === 'claimed' && standing.assignee === holder && standing.team === team;
  return isTheirs ? queued(team) : standing;
}

function queued(team: TeamId): Standing {
  return { team, state: 'waiting', assignee: null, snoozedUntil: null };
}

/** Puts an open conversation off until then, or with null brings it back. */
export function snooze(standing: Standing, until: number | null, now: number): Standing | No {
  if (standing.state === 'closed') return no('conversation_closed');
  if (until !== null && until <= now) return no('invalid', 'until: not in the future');
  if (until !== null && until > now + lifetimes.snooze) return no('invalid', 'until: too far ahead');
  return { ...standing, snoozedUntil: until };
}

export function isSameStanding(one: Standing, other: Standing): boolean {
  return (
    one.team === other.team &&
    one.state === other.state &&
    one.assignee === other.assignee &&
    one.snoozedUntil === other.snoozedUntil
  );
}

export function authorOf(asker: Asker): Author {
  return asker.kind === 'staff' ? { kind: 'staff', id: asker.id } : { kind: 'visitor', id: asker.id };
}

/** A message's time never runs backwards, whatever the clock does. */
export function nextTime(now: number, last: number): number {
  return Math.max(now, last);
}

/** A message's number; a note hangs on the number that it follows and has one of its own there, from 1. */
export type Place = { seq: number; n: number };

/** Where the next one goes. A note needs a number to hang on, and so many hang on one. */
export function nextPlace({ seq, n }: Place, kind: Message['kind']): Place | No {
  if (kind !== 'note') return { seq: seq + 1, n: 0 };
  return seq === 0 || n >= limits.notesPerMessage ? no('no_room') : { seq, n: n + 1 };
}

/** May this message be removed in this way? Authors take back their own for a while; what is gone stays gone. */
export function removal(
  by: Asker,
  how: Removal['removed']['how'],
  message: { from: Author; at: number; removed: unknown },
  conversation: Thing,
  now: number,
): 'remove' | 'removed' | No {
  const action = how === 'deleted' ? 'message.delete' : 'message.redact';
  const thing = how === 'deleted' ? ownThing(message.from, conversation) : conversation;
  if (!may(by, action, thing)) return lacking(by, action, thing);
  if (message.removed !== null) return 'removed';
  return how === 'deleted' && now - message.at > lifetimes.deletion ? no('too_late') : 'remove';
}

/** A message is its author's, whoever has the conversation. */
function ownThing({ kind, id }: Author, { team, site, restricted = false }: Thing): Thing {
  const place = { restricted, ...(team !== undefined && { team }), ...(site !== undefined && { site }) };
  return kind === 'staff' ? { ...place, person: id } : { ...place, visitor: id };
}

/**
 * How many numbers one data key serves. With all the notes that may hang on them it seals at most 2^20 messages,
 * 2^12 times fewer than NIST SP 800-38D, 8.3 allows random nonces.
 */
export const numbersPerKey = 2 ** 12;

/** The first message that a new key must seal, given where the newest key began. */
export function keyEnds(keyFrom: number): number {
  return keyFrom + numbersPerKey;
}
