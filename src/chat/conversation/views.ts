/**
 * What each audience sees. Notes, tags, snoozing, the customer's details and who removed something are for staff:
 * a visitor's frames are the same with and without them. Staff without the right to it see a customer's address veiled.
 */
import { type Asker, may, type Thing } from '../../people/permission.ts';
import type { ConversationView, Customer, Message, Removal } from '../../protocol/frames.ts';
import { veiledAddress } from '../veil.ts';
import type { Facts } from './facts.ts';
import type { ConversationRow } from './history.ts';

export type Audience = Asker['kind'];
export const audiences: readonly Audience[] = ['staff', 'visitor'];

/** How much of what is known of a conversation somebody sees. */
export type Sight = 'visitor' | 'staff' | 'veiled';
export const sights: readonly Sight[] = ['visitor', 'staff', 'veiled'];

export function sightOf(asker: Asker, thing: Thing): Sight {
  if (asker.kind === 'visitor') return 'visitor';
  return may(asker, 'customer.address', thing) ? 'staff' : 'veiled';
}

export function viewFor(
  sight: Sight,
  row: ConversationRow,
  facts: Facts,
  isRestricted: boolean,
): ConversationView {
  const { id, site, state, assignee, startedAt, score } = row;
  const rating = score === null ? null : { score, comment: facts.comment };
  const view = { id, site, state, assignee, startedAt, page: facts.page, rating };
  if (sight === 'visitor') return view;
  const { team, visitor, snoozedUntil, hold } = row;
  const { withdrawnAt, ...said } = facts.customer;
  const customer = sight === 'veiled' ? veiled(said) : said;
  const consent = row.consent && { ...row.consent, ...(withdrawnAt !== undefined && { withdrawnAt }) };
  const staff = { team, visitor, tags: [...facts.tags], snoozedUntil, customer, consent, hold };
  return { ...view, staff: isRestricted ? { ...staff, restricted: true } : staff };
}

/** Whether there is an address, and its first letter, so that two customers of one name can be told apart. */
function veiled(customer: Customer): Customer {
  const { address } = customer;
  return { ...customer, address: address === null ? null : veiledAddress(address) };
}

/** Those of these messages that this audience may see, as it may see them. */
export function messagesFor(audience: Audience, messages: readonly Message[]): Message[] {
  if (audience === 'staff') return [...messages];
  return messages.filter(({ kind }) => kind !== 'note').map((message) => withoutRemover(message));
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
