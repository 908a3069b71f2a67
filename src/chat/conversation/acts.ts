/** What can be done with a conversation besides talking: each act is checked, and made in one commit. */
import type { Action } from '../../protocol/permissions.ts';
import { type Asker, may } from '../../people/permission.ts';
import { type Author, type Customer, type Message, type Rating, unproved } from '../../protocol/frames.ts';
import type { HandOver } from '../../protocol/bodies.ts';
import { limits } from '../../protocol/limits.ts';
import type { MaskedKind } from '../../protocol/marks.ts';
import { masked } from '../../protocol/masking.ts';
import type { PersonId, TeamId } from '../../protocol/ids.ts';
import type { Heard, Part } from './history.ts';
import { Draft, isSame, twinOf, type Words } from './posts.ts';
import type { Room, Step } from './room.ts';
import {
  authorOf,
  change,
  type Change,
  givenBack,
  handOver,
  isSameStanding,
  nextTime,
  type No,
  type Recipient,
  snooze,
  type Standing,
  lacking,
} from './rules.ts';

export type Act =
  | { wish: Change }
  | { wish: 'handOver'; to: Recipient; note: HandOver['note'] }
  | { wish: 'snooze'; until: number | null }
  | { wish: 'tag'; tags: readonly string[] }
  | { wish: 'hold'; on: boolean }
  | { wish: 'rate'; rating: Rating }
  /** Takes back the consent to this version, and closes what was agreed to by it. */
  | { wish: 'withdraw'; version: string }
  | { wish: 'customer'; change: { name?: string | null | undefined; address?: string | null | undefined } };

/** What was said on the way, or why nothing was done. */
export type Done = { said: Message[] } | No;
const nothingSaid: Done = { said: [] };

/** Callers take turns. Whatever is done already is no error and changes nothing. */
export async function perform(room: Room, asker: Asker, act: Act, now: number): Promise<Done> {
  if (act.wish === 'handOver') return handingOver(room, asker, act, now);
  const action = actionOf(act.wish);
  if (!may(asker, action, room.thing)) return lacking(asker, action, room.thing);
  // What one may not see one does not write over.
  if (act.wish === 'customer' && act.change.address !== undefined) {
    if (!may(asker, 'customer.address', room.thing)) return lacking(asker, 'customer.address', room.thing);
  }
  switch (act.wish) {
    case 'snooze':
      return stand(room, snooze(room.row, act.until, now), now);
    case 'hold':
      return held(room, asker, act.on, now);
    case 'tag':
      return know(room, { tags: act.tags });
    case 'customer':
      return know(room, { customer: changedCustomer(room.facts.customer, act.change) });
    case 'withdraw':
      return withdrawn(room, asker, act.version, now);
    case 'rate':
      return rated(room, act.rating, await room.masking(now));
    case 'claim':
    case 'close':
    case 'reopen': {
      if (act.wish === 'reopen' && room.facts.customer.withdrawnAt !== undefined)
        return {
          refused: 'consent_needed',
          detail: 'They have withdrawn their consent: they begin another one.',
        };
      const people = act.wish === 'claim' ? heldBy(authorOf(asker).id as PersonId) : undefined;
      return stand(room, change(room.row, act.wish, asker), now, people);
    }
  }
}

/** The same again is no error: who put it first stays named. */
function held(room: Room, asker: Asker, on: boolean, now: number): Done {
  const { row } = room;
  if ((row.hold !== null) === on) return nothingSaid;
  const by = authorOf(asker).id as PersonId;
  room.commit({ row: { ...row, hold: on ? { by, at: now } : null } });
  return nothingSaid;
}

function actionOf(wish: Exclude<Act['wish'], 'handOver'>): Action {
  if (wish === 'withdraw') return 'conversation.close';
  return wish === 'customer' ? 'customer.change' : `conversation.${wish}`;
}

/** Consent to another version stays as it is. What is closed already only has it written down. */
async function withdrawn(room: Room, asker: Asker, version: string, now: number): Promise<Done> {
  const { customer } = room.facts;
  if (asker.kind !== 'visitor') return { refused: 'not_allowed' };
  if (room.row.consent?.version !== version || customer.withdrawnAt !== undefined) return nothingSaid;
  const { row, facts } = await room.withFacts({ customer: { ...customer, withdrawnAt: now } });
  const closed = change(row, 'close', asker);
  if ('refused' in closed) return closed;
  const isClosed = isSameStanding(closed, row);
  room.commit({ row: isClosed ? row : { ...standingRow(room, closed, now), sealed: row.sealed }, facts });
  return nothingSaid;
}

/** Callers take turns. See `givenBack`. */
export function giveBack(room: Room, team: TeamId, holder: PersonId, now: number): void {
  stand(room, givenBack(room.row, team, holder), now);
}

/**
 * Callers take turns. What is restricted is closed: nobody reads what its customer would still write there, and they begin
 * another one. It stays closed when that is lifted.
 */
export function restrict(room: Room, restriction: Heard, now: number): void {
  const standing = { ...room.row, state: 'closed' as const, snoozedUntil: null };
  const isNews = restriction.on && !isSameStanding(standing, room.row);
  room.commit({ restriction, ...(isNews && { row: standingRow(room, standing, now) }) });
}

/** Whoever holds a conversation is known to its customer. */
function heldBy(id: PersonId): Step {
  return { people: new Map<PersonId, Part>([[id, 'visitor']]) };
}

function stand(room: Room, standing: Standing | No, now: number, also: Step = {}): Done {
  if ('refused' in standing) return standing;
  if (!isSameStanding(standing, room.row)) room.commit({ ...also, row: standingRow(room, standing, now) });
  return nothingSaid;
}

/** A team that is left has to be told so, and one that is come back to need not be. */
function standingRow({ row, head }: Room, standing: Standing, now: number): Room['row'] {
  const changes = row.changes + 1;
  const left = standing.team === row.team ? [] : [{ team: row.team, version: changes + head }];
  const former = row.formerTeams.filter(({ team }) => team !== row.team && team !== standing.team);
  return {
    ...row,
    ...standing,
    changes,
    changedAt: nextTime(now, row.changedAt),
    formerTeams: [...former, ...left],
  };
}

/** The note travels in the same commit. A repeated one shows that the hand-over was made. */
async function handingOver(
  room: Room,
  asker: Asker,
  { to, note }: Extract<Act, { wish: 'handOver' }>,
  now: number,
): Promise<Done> {
  const words = note === undefined ? undefined : { ...note, kind: 'note' as const };
  const from = authorOf(asker);
  if (from.kind !== 'staff') return { refused: 'not_allowed' };
  const kinds = await room.masking(now);
  if (words !== undefined) {
    const since = Math.max(0, room.head - limits.sinceStretch);
    const twin = twinOf(from, words, await room.transcript.known([{ id: words.id, since }]));
    if (twin !== undefined) return repeated(room, from, twin, { words, to, kinds });
    if (!may(asker, 'conversation.note', room.thing)) return lacking(asker, 'conversation.note', room.thing);
  }
  if (!may(asker, 'conversation.handOver', room.thing))
    return lacking(asker, 'conversation.handOver', room.thing);
  const standing = handOver(room.row, to);
  if ('refused' in standing) return standing;
  const draft = new Draft(room, now);
  const said = words === undefined ? undefined : draft.add(from, words, kinds);
  if (said !== undefined && 'refused' in said) return said;
  const same = isSameStanding(standing, room.row);
  room.commit({
    ...(said === undefined ? {} : await room.sealed(draft.messages)),
    ...(to?.kind === 'person' ? heldBy(to.id) : {}),
    ...(same ? {} : { row: standingRow(room, standing, now) }),
  });
  return { said: draft.messages };
}

/** A known note tells of a hand-over that was made, unless whoever wrote it still has the conversation. */
function repeated(
  { row }: Room,
  from: Author,
  twin: Message,
  { words, to, kinds }: { words: Words; to: Recipient; kinds: readonly MaskedKind[] },
): Done {
  const made = row.assignee !== from.id || (to?.kind === 'person' && to.id === from.id);
  return isSame(twin, words, kinds) && made ? nothingSaid : { refused: 'id_reused' };
}

async function know(room: Room, facts: Partial<Room['facts']>): Promise<Done> {
  const known = room.facts;
  const names = Object.keys(facts) as (keyof typeof facts)[];
  const isNews = names.some((name) => JSON.stringify(facts[name]) !== JSON.stringify(known[name]));
  if (isNews) room.commit(await room.withFacts(facts));
  return nothingSaid;
}

/** Who answered for a name or an address answered for those very words, and not for what staff write in their place. */
function changedCustomer(
  customer: Customer,
  { name = customer.name, address = customer.address }: Extract<Act, { wish: 'customer' }>['change'],
): Customer {
  const { proof = unproved } = customer;
  return {
    ...customer,
    name,
    address,
    proof: {
      name: name === customer.name ? proof.name : null,
      address: address === customer.address ? proof.address : null,
    },
  };
}

/** Callers take turns. The address that a code was mailed to takes the place of whatever was typed, not of a site's word. */
export async function proveAddress(room: Room, address: string): Promise<void> {
  const { customer } = room.facts;
  if (customer.proof?.address === 'site') return;
  const proof = { ...(customer.proof ?? unproved), address: 'code' as const };
  await know(room, { customer: { ...customer, address, proof } });
}

async function rated(room: Room, rating: Rating, kinds: readonly MaskedKind[]): Promise<Done> {
  const { score } = rating;
  const comment = rating.comment === null ? null : masked(rating.comment, kinds).text;
  if (room.row.score === score && room.facts.comment === comment) return nothingSaid;
  const { row, facts } = await room.withFacts({ comment });
  room.commit({ row: { ...row, score }, facts });
  return nothingSaid;
}
