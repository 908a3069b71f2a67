/**
 * What each audience sees. Notes, tags, snoozing, the customer's details and who removed something are for staff:
 * a visitor's frames are the same with and without them.
 */
import type { Asker } from '../../people/permission.ts';
import type { ConversationView, Message, Removal } from '../../protocol/frames.ts';
import type { Facts } from './facts.ts';
import type { ConversationRow } from './history.ts';

export type Audience = Asker['kind'];
export const audiences: readonly Audience[] = ['staff', 'visitor'];

export function viewFor(audience: Audience, row: ConversationRow, facts: Facts): ConversationView {
  const { id, site, state, assignee, startedAt, score } = row;
  const rating = score === null ? null : { score, comment: facts.comment };
  const view = { id, site, state, assignee, startedAt, page: facts.page, rating };
  if (audience === 'visitor') return view;
  const { team, snoozedUntil, consent } = row;
  return { ...view, staff: { team, tags: [...facts.tags], snoozedUntil, customer: facts.customer, consent } };
}

/** Those of these messages that this audience may see, as it may see them. */
export function messagesFor(audience: Audience, messages: readonly Message[]): Message[] {
  if (audience === 'staff') return [...messages];
  return messages.filter(({ kind }) => kind === 'text').map((message) => withoutRemover(message));
}

export function removalsFor(audience: Audience, removals: readonly Removal[]): Removal[] {
  if (audience === 'staff') return [...removals];
  return removals.filter(({ n }) => n === undefined).map((removal) => withoutRemover(removal));
}

function withoutRemover<Thing extends { removed?: Removal['removed'] | undefined }>(thing: Thing): Thing {
  if (thing.removed === undefined) return thing;
  const { how, at } = thing.removed;
  return { ...thing, removed: { how, at } };
}
