/**
 * The blast radius: which conversations, files and customers somebody has seen between two times, as the ledger says,
 * with what ways there are to tell those customers.
 */
import { conversationOf } from '../chat/conversation.ts';
import type { Env } from '../config.ts';
import { doingsOf, ledgerOf } from '../ledger.ts';
import { settled } from '../log.ts';
import { may, type Staff } from '../people/permission.ts';
import { restrictedAmong } from '../people/restrictions.ts';
import { factsOfVisitors } from '../people/visitor.ts';
import type { RadiusAnswer, SeenCustomer, SeenThing } from '../protocol/containment.ts';
import { type ConversationId, isId, type PersonId, type VisitorId } from '../protocol/ids.ts';
import { limits } from '../protocol/limits.ts';
import { reachOf, Seen, type Span } from './radius/seen.ts';

/** Of so many customers it is asked at once how they can be told, the database with one query of each kind. */
const askedAtOnce = 100;

/** Everything that somebody has seen in that time. */
export async function seenBy(env: Env, person: PersonId, span: Span): Promise<Seen> {
  // The one writer first: what it has taken in is in the database then.
  await ledgerOf(env).checkpoint();
  const seen = new Seen(span);
  for await (const entries of doingsOf(env, person, reachOf(span)))
    for (const entry of entries) seen.add(entry);
  return seen;
}

/** What is shown of it: the first of all, and how many more there are. */
export async function radiusOf(env: Env, asker: Staff, person: PersonId, span: Span): Promise<RadiusAnswer> {
  const until = Date.now();
  const seen = await seenBy(env, person, span);
  const { things, lists, staff } = seen;
  const shown = things.slice(0, limits.radiusThings);
  const customers: SeenCustomer[] = [];
  for await (const some of customersOf(env, asker, shown))
    customers.push(...some.map(({ customer }) => customer));
  const count = (kind: SeenThing['kind']) => things.filter((thing) => thing.kind === kind).length;
  const visitors = new Set(things.flatMap(({ visitor }) => visitor ?? []));
  return {
    ...{ things: shown, customers, staff, lists, until },
    counts: { customers: visitors.size, conversations: count('read'), files: count('file') },
    more: things.length - shown.length,
  };
}

/** Whose things these are, each customer once with all of theirs, some at a time. */
export async function* customersOf(
  env: Env,
  asker: Staff,
  things: readonly SeenThing[],
): AsyncGenerator<{ customer: SeenCustomer; theirs: SeenThing[] }[]> {
  const all = [...Map.groupBy(things, ({ visitor }) => visitor)].flatMap(([visitor, theirs]) =>
    visitor === null ? [] : [{ visitor: visitor as VisitorId, theirs }],
  );
  for (let from = 0; from < all.length; from += askedAtOnce) {
    const some = all.slice(from, from + askedAtOnce);
    const contacts = await contactsOf(env, asker, some);
    yield some.map(({ visitor, theirs }, index) => ({
      customer: {
        visitor,
        certain: theirs.some(({ certain }) => certain),
        ...(contacts[index] ?? unknown),
      },
      theirs,
    }));
  }
}

type Contact = Pick<SeenCustomer, 'name' | 'address'>;
const unknown: Contact = { name: null, address: null };

/** What is proved of each of them, else what they said of themselves where they were read. */
async function contactsOf(
  env: Env,
  asker: Staff,
  some: readonly { visitor: VisitorId; theirs: readonly SeenThing[] }[],
): Promise<Contact[]> {
  const ids = some.map(({ visitor }) => visitor);
  const restricted = await restrictedAmong(env, ids);
  const isOpen = (id: VisitorId) => may(asker, 'customer.address', { restricted: restricted.has(id) });
  const proved = await factsOfVisitors(env, ids.filter(isOpen));
  return Promise.all(
    some.map(async ({ visitor, theirs }) => {
      if (!isOpen(visitor)) return unknown;
      const { name, address } = proved.get(visitor) ?? unknown;
      if (name !== null && address !== null) return { name, address };
      const rooms = theirs.flatMap(({ conversation }) =>
        isId('conversation', conversation) ? [conversation] : [],
      );
      const said = await saidIn(env, visitor, rooms.slice(-1));
      return { name: name ?? said.name, address: address ?? said.address };
    }),
  );
}

async function saidIn(env: Env, visitor: VisitorId, rooms: readonly ConversationId[]): Promise<Contact> {
  const { done } = await settled('radius.contact', rooms, (id) => conversationOf(env, id).toCopy(visitor));
  const customer = done[0]?.view.staff?.customer;
  return { name: customer?.name ?? null, address: customer?.address ?? null };
}
