/** What whoever sits here may do with this conversation, so that only that is offered. */
import type { ConversationView, Message } from '../../../protocol/frames.ts';
import type { Placed } from '../../../protocol/reach.ts';
import { lifetimes } from '../../../protocol/limits.ts';
import type { Action } from '../../../protocol/permissions.ts';
import { type Me, may } from '../rights.ts';
import type { Room } from '../rooms.ts';

export type Offer =
  | 'watch'
  | 'claim'
  | 'answer'
  | 'note'
  | 'handOver'
  | 'snooze'
  | 'close'
  | 'reopen'
  | 'tag'
  | 'customer'
  | 'redact'
  | 'hold'
  | 'attach'
  | 'openFile'
  | 'releaseFile';

const rightFor: Record<Offer, Action> = {
  watch: 'conversation.watch',
  claim: 'conversation.claim',
  answer: 'conversation.post',
  note: 'conversation.note',
  handOver: 'conversation.handOver',
  snooze: 'conversation.snooze',
  close: 'conversation.close',
  reopen: 'conversation.reopen',
  tag: 'conversation.tag',
  customer: 'customer.change',
  redact: 'message.redact',
  hold: 'conversation.hold',
  attach: 'file.send',
  openFile: 'file.open',
  releaseFile: 'file.release',
};

const always = ['waiting', 'claimed', 'closed'] as const;
const states: Record<Offer, readonly ConversationView['state'][]> = {
  watch: always,
  claim: ['waiting'],
  answer: ['claimed'],
  note: always,
  handOver: ['waiting', 'claimed'],
  snooze: ['waiting', 'claimed'],
  close: ['waiting', 'claimed'],
  reopen: ['closed'],
  tag: always,
  customer: always,
  redact: always,
  hold: always,
  attach: ['claimed'],
  openFile: always,
  releaseFile: always,
};

/** What is left to be done with what is restricted (D60). */
const ofRestricted: readonly Offer[] = ['customer', 'hold', 'openFile'];

export function offered(offer: Offer, conversation: ConversationView | null, me: Me): boolean {
  if (conversation === null || !states[offer].includes(conversation.state)) return false;
  if (conversation.staff?.restricted === true && !ofRestricted.includes(offer)) return false;
  // Whoever has withdrawn their consent begins another one.
  if (offer === 'reopen' && conversation.staff?.consent?.withdrawnAt !== undefined) return false;
  return may(me, rightFor[offer], placeOf(conversation));
}

/** In this room: whoever watches without being shown writes notes and looks at files alone, until they join. */
export function offeredIn(
  { client, silent }: Pick<Room, 'client' | 'silent'>,
  offer: Offer,
  me: Me,
): boolean {
  return (
    (!silent.value || offer === 'note' || offer === 'openFile') &&
    offered(offer, client.conversation.value, me)
  );
}

export function placeOf({ staff, assignee, state }: ConversationView): Placed {
  return { team: staff?.team, person: assignee, waiting: state === 'waiting' };
}

/** Its author may take a message back for a while; times are the server's. */
export function isOwnAndFresh({ from, at, removed }: Message, me: Me, now: number): boolean {
  if (removed !== undefined || now - at >= lifetimes.deletion) return false;
  return may(me, 'message.delete', { person: from.id });
}
