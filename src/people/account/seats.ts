/**
 * Where a member of staff is and what they open: the seats of their open sockets, so that whatever ends a session closes
 * them, and how much of what customers said they open within an hour.
 */
import type { Env } from '../../config.ts';
import { isId, type SessionId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { OrganisationSettings } from '../../protocol/organisation.ts';
import { objectOf } from '../../residency.ts';
import { budgetOf } from '../organisation.ts';
import type { Rights, Session } from './rules.ts';
import type { AccountStore, Seat } from './store.ts';

/** What a live session lets its holder be: asked at every HTTP request and every socket's upgrade. */
export type SessionState = { rights: Rights; session: Session };
export type TakenSeat = SessionState | 'too_many' | 'over_budget' | undefined;
/** `silent`: it is not shown to anybody. */
export type WishedSeat = Seat & { silent?: boolean };

/** What every object with sockets offers, so that a seat in it can be ended. */
export type Room = { expel(session: SessionId): Promise<void> };

export class Seats {
  readonly #env: Env;
  readonly #store: AccountStore;

  constructor(env: Env, store: AccountStore) {
    this.#env = env;
    this.#store = store;
  }

  /**
   * Counts that this person opens a conversation or a file in a session. False, and nothing is counted: they have opened
   * as many within the hour, and since they last proved a second factor in it, as their role's budget says. What they have
   * opened in that hour is open to them.
   * @param wish `ask`: nothing is counted yet
   */
  open(state: SessionState, thing: string, organisation: OrganisationSettings, wish?: 'ask'): boolean {
    const isWithin = this.#isWithinBudget(state, thing, organisation);
    if (isWithin && wish === undefined) this.#store.open(thing, Date.now());
    return isWithin;
  }

  #isWithinBudget(
    { rights, session }: SessionState,
    thing: string,
    organisation: OrganisationSettings,
  ): boolean {
    const now = Date.now();
    if (this.#store.isOpened(thing, now)) return true;
    const kind = isId('file', thing) ? 'file' : 'conversation';
    return this.#store.countOpened(kind, session.provedAt, now) < budgetOf(organisation, kind, rights.role);
  }

  /**
   * Takes a seat for a live session's socket, or keeps it for longer. From here on, whatever ends the session closes
   * that socket. A seat that nobody renews ends by itself, like its socket.
   */
  take(
    state: SessionState,
    { silent = false, ...seat }: WishedSeat,
    organisation: OrganisationSettings,
  ): TakenSeat {
    const now = Date.now();
    this.#store.dropSeatsBefore(now);
    if (!this.#store.hasSeat(seat.id) && this.#store.countSeats() >= limits.seatsPerPerson) return 'too_many';
    if (isConversation(seat.room)) {
      if (!this.#isWithinBudget(state, seat.room, organisation)) return 'over_budget';
      this.#store.open(seat.room, now);
    }
    this.#store.putSeat(seat);
    if (silent) this.#store.setMark(watchIn(seat), seat.session, seat.until);
    return state;
  }

  /** Whether the time of a seat that this session took in this room without being shown is not over. */
  watches(room: string, session: SessionId): boolean {
    return this.#store.mark(watchIn({ room, session }), Date.now()) !== undefined;
  }

  /** Closes the open sockets of these seats. One that can't be reached now runs out with its access time. */
  async expel(seats: Seat[]): Promise<void> {
    const expel = async (room: string, session: SessionId) => {
      await roomOf(this.#env, room).expel(session);
      for (const seat of seats)
        if (seat.room === room && seat.session === session) this.#store.dropSeat(seat.id);
    };
    const places = new Map(seats.map(({ room, session }) => [`${room} ${session}`, { room, session }]));
    await Promise.allSettled([...places.values()].map(({ room, session }) => expel(room, session)));
  }
}

function watchIn({ room, session }: Pick<Seat, 'room' | 'session'>): string {
  return `watch ${room} ${session}`;
}

function roomOf(env: Env, name: string): Room {
  return objectOf(env, isConversation(name) ? 'Conversation' : 'Inbox', name) as Room;
}

function isConversation(room: string): boolean {
  return room.startsWith('con_');
}
