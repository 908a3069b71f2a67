/** What becomes of posts: new messages and notes, in order and in one commit; repeats; refusals. */
import { type Asker, may } from '../../people/permission.ts';
import type { Author, Message, Post } from '../../protocol/frames.ts';
import { limits } from '../../protocol/limits.ts';
import { maskedIn, type MaskedKind } from '../../protocol/marks.ts';
import { masked } from '../../protocol/masking.ts';
import type { Room } from './room.ts';
import { authorOf, lacking, nextPlace, nextTime, type No, watches, watching } from './rules.ts';
import { placeOnWire, said } from './sealing.ts';

export type Incoming = { asker: Asker; post: Post };
/** A new message, one that was there already, or nothing. All of it as staff see it. */
export type Outcome = { fresh: Message } | { known: Message } | No;
export type Words = Pick<Message, 'id' | 'kind' | 'text'>;

/** Takes these posts in order, in one commit. Callers take turns: two calls must not overlap. */
export async function takePosts(room: Room, batch: readonly Incoming[], now: number): Promise<Outcome[]> {
  // Behind the end nothing lies that could be known: a client that is up to date costs no look.
  const isBehind = ({ since }: Post) => since < room.head || room.end.n > 0;
  const known = await room.transcript.known(
    batch.map(({ post }) => post).filter((post) => isBehind(post) && !isStale(room, post)),
  );
  const kinds = await room.masking(now);
  const draft = new Draft(room, now);
  const outcomes = batch.map(({ asker, post }): Outcome => {
    const from = authorOf(asker);
    const twin = twinOf(from, post, [...known, ...draft.messages]);
    if (twin !== undefined) return isSame(twin, post, kinds) ? { known: twin } : { refused: 'id_reused' };
    const refused = refusal(room, asker, post);
    if (refused !== undefined) return refused;
    const message = draft.add(from, post, kinds);
    return 'refused' in message ? message : { fresh: message };
  });
  if (draft.messages.length > 0) {
    const back = draft.messages.some(({ from }) => from.kind === 'visitor') && room.row.snoozedUntil !== null;
    const row = { ...room.row, snoozedUntil: null };
    room.commit({ ...(await room.sealed(draft.messages)), ...(back ? { row } : {}) });
  }
  return outcomes;
}

/** The same author and id is the same message. */
export function twinOf(
  from: Author,
  { id }: Pick<Post, 'id'>,
  messages: readonly Message[],
): Message | undefined {
  return messages.find((message) => message.id === id && message.from.id === from.id);
}

/**
 * Of a removed message nothing is left to compare: it is the same, and it stays removed. Of what was masked the rest is,
 * by today's rule or, where that has changed since, by the marks that it bears.
 */
export function isSame(message: Message, { kind, text }: Words, kinds: readonly MaskedKind[]): boolean {
  if (message.kind !== kind) return false;
  if (message.removed !== undefined || message.text === text) return true;
  return [kinds, maskedIn(message.text)].some((each) => masked(text, each).text === message.text);
}

/** From ahead of the head, or from too far behind: the client fetches the news first. */
function isStale({ head }: Room, { since }: Post): boolean {
  return since > head || head - since > limits.sinceStretch;
}

/** Notes are written at any time, messages while the conversation is open. */
function refusal(room: Room, asker: Asker, post: Post): No | undefined {
  if (isStale(room, post)) return { refused: 'stale' };
  if (post.kind === 'text' && watches(asker)) return watching;
  if (post.kind === 'text' && room.row.state === 'closed') return { refused: 'conversation_closed' };
  const action = post.kind === 'note' ? 'conversation.note' : 'conversation.post';
  return may(asker, action, room.thing) ? undefined : lacking(asker, action, room.thing);
}

/** Messages that get their places and times one after the other, and are not stored yet. */
export class Draft {
  readonly messages: Message[] = [];
  readonly #now: number;
  #end: Room['end'];

  constructor(room: Room, now: number) {
    this.#now = now;
    this.#end = room.end;
  }

  /** What is sensitive is masked here: what was there before is nowhere after. A public message's time is as if there were no notes. */
  add(from: Author, { id, kind, text }: Words, kinds: readonly MaskedKind[]): Message | No {
    const place = nextPlace(this.#end, kind);
    if ('refused' in place) return place;
    const at = nextTime(this.#now, kind === 'note' ? this.#end.at : this.#end.publicAt);
    this.#end = { ...place, at, publicAt: kind === 'note' ? this.#end.publicAt : at };
    const words = said(masked(text, kinds).text);
    const message: Message = { ...placeOnWire(place), id, at, from, kind, scheme: 1, ...words };
    this.messages.push(message);
    return message;
  }
}
