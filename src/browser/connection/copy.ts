/**
 * What this browser holds of a conversation: one unbroken run of messages, and the epoch its numbers belong to.
 * Notes hang on the number that they follow, so a place is a pair: the number, and how many notes hang on it.
 */
import type { Message } from '../../protocol/frames.ts';

interface Place {
  readonly seq: number;
  readonly n: number;
}

export interface Copy {
  readonly epoch: string | null;
  readonly messages: readonly Message[];
  /** The place of the last that is known; null while any message may be the first of the run. */
  readonly last: Place | null;
  /** What has changed of messages, by their place: a page of older ones may have been read before that. */
  readonly changes: ReadonlyMap<string, Change>;
}

/** What a message is from now on. */
export type Change = Partial<Message> & Pick<Message, 'seq' | 'n'>;

const beginning: Place = { seq: 0, n: 0 };
export const nothing: Copy = { epoch: null, messages: [], last: null, changes: new Map() };

/** The number from which on nothing is missing. */
export function startOf({ messages: [first], last }: Copy): number {
  if (first === undefined) return last === null ? 0 : last.seq + 1;
  return first.n === undefined ? first.seq : first.seq + 1;
}

/** The last number known; 0 where nothing is. */
export function lastOf({ last }: Copy): number {
  return last?.seq ?? 0;
}

/** Whether everything up to this head, and the notes on it, is here. */
export function reaches({ last }: Copy, head: number, n: number): boolean {
  return last !== null && !isBefore(last, { seq: head, n });
}

/** A copy of another epoch, or one that is ahead of the head, tells of a history that a restore has replaced. */
export function welcomed(copy: Copy, epoch: string, head: number, n: number): Copy {
  if (copy.epoch === epoch && !isBefore({ seq: head, n }, copy.last ?? beginning)) return copy;
  return { ...nothing, epoch, last: head === 0 ? beginning : null };
}

/** Where to go on after a reconnection; empty for a join from nothing. */
export function resumeQuery({ epoch, last }: Copy): string {
  if (last === null || epoch === null) return '';
  const notes = last.n > 0 ? `&n=${last.n}` : '';
  return `?after=${last.seq}${notes}&epoch=${encodeURIComponent(epoch)}`;
}

/** The copy with these messages behind it; repeated ones are left out. Null if one is missing in between. */
export function appended(copy: Copy, incoming: readonly Message[]): Copy | null {
  const fresh: Message[] = [];
  let { last } = copy;
  for (const message of incoming) {
    const place = placeOf(message);
    if (last !== null && !isBefore(last, place)) continue;
    if (last !== null && !follows(last, place)) return null;
    fresh.push(asItStands(copy.changes, message));
    last = place;
  }
  return fresh.length === 0 ? copy : { ...copy, messages: [...copy.messages, ...fresh], last };
}

/** The copy with a page of older messages before it; a page that does not join on is left out. */
export function prepended(copy: Copy, page: readonly Message[]): Copy {
  const [first] = copy.messages;
  if (first === undefined) return copy;
  const older = page.filter((message) => isBefore(placeOf(message), placeOf(first)));
  const joins = older.every((message, index) =>
    follows(placeOf(message), placeOf(older[index + 1] ?? first)),
  );
  if (!joins || older.length === 0) return copy;
  return {
    ...copy,
    messages: [...older.map((message) => asItStands(copy.changes, message)), ...copy.messages],
  };
}

/** The copy in which these are different. */
export function withChanged(copy: Copy, news: readonly Change[]): Copy {
  const fresh = new Map(news.map((change) => [nameOf(change), change]));
  return {
    ...copy,
    changes: new Map([...copy.changes, ...fresh]),
    messages: copy.messages.map((message) => asItStands(fresh, message)),
  };
}

/**
 * The number above which the server shall look for a post that it may have already. Whatever this copy shows
 * without a break from `since` on need not be looked through again; a number above the head is of a lost history.
 */
export function caughtUpSince(copy: Copy, since: number): number {
  const last = lastOf(copy);
  return since >= startOf(copy) - 1 ? last : Math.min(since, last);
}

/** What has not changed stays the same object. */
function asItStands(changes: Copy['changes'], message: Message): Message {
  const change = changes.get(nameOf(message));
  return change === undefined ? message : { ...message, ...change };
}

function placeOf({ seq, n = 0 }: Message): Place {
  return { seq, n };
}

function nameOf({ seq, n = 0 }: Pick<Message, 'seq' | 'n'>): string {
  return `${seq}.${n}`;
}

function isBefore(a: Place, b: Place): boolean {
  return a.seq < b.seq || (a.seq === b.seq && a.n < b.n);
}

/** Of the notes on a number the last is not known, so the next number may follow any of them. */
function follows(last: Place, next: Place): boolean {
  return next.n === 0 ? next.seq === last.seq + 1 : next.seq === last.seq && next.n === last.n + 1;
}
