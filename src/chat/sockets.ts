/**
 * The sockets of one object and who sits behind each. A socket's identity lies in its attachment, so that all of
 * this holds across hibernation; what is in memory is only a copy.
 */
import type { Env } from '../config.ts';
import { limits, lifetimes } from '../protocol/limits.ts';
import type { PersonId, SessionId } from '../protocol/ids.ts';
import { ping, pong, subprotocol } from '../protocol/frames.ts';
import { closeCodes, type RefusalCode, refusals } from '../protocol/refusals.ts';
import { accountOf } from '../people/account.ts';
import { ticketHolderOf, type TicketHolder } from '../people/guard.ts';
import type { Asker } from '../people/permission.ts';
import type { RoomId } from '../people/tokens.ts';
import { type Allowance, endOfDelivery, freshAllowance, spend } from './sockets/rules.ts';

export type Seat = {
  asker: Asker;
  /** Until when this socket may hear and speak, in Unix milliseconds. */
  until: number;
  /** The ticket that opened or last renewed it, and when that ticket runs out. */
  ticket: { jti: string; until: number };
};

/** What the Worker hands over at an upgrade, in a header of its own that it removes from what a client sent. */
export type JoinRequest = { seat: Seat; after: number | null; epoch: string | null };
export const joinHeader = 'sotto-join';

/** Where used tickets are remembered once the socket that they opened is gone. */
export type TicketMemory = {
  usedTickets(now: number): string[];
  rememberTicket(jti: string, until: number, now: number): void;
};

export class Sockets {
  readonly #ctx: DurableObjectState;
  readonly #env: Env;
  readonly #memory: TicketMemory;
  readonly #seats = new WeakMap<WebSocket, Seat>();
  readonly #allowances = new WeakMap<WebSocket, Allowance>();

  constructor(ctx: DurableObjectState, env: Env, memory: TicketMemory) {
    this.#ctx = ctx;
    this.#env = env;
    this.#memory = memory;
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(ping, pong));
  }

  seatOf(socket: WebSocket): Seat {
    const known = this.#seats.get(socket);
    if (known !== undefined) return known;
    const seat = socket.deserializeAttachment() as Seat;
    this.#seats.set(socket, seat);
    return seat;
  }

  #setSeat(socket: WebSocket, seat: Seat): void {
    socket.serializeAttachment(seat);
    this.#seats.set(socket, seat);
  }

  all(): WebSocket[] {
    return this.#ctx.getWebSockets().filter((socket) => socket.readyState === WebSocket.OPEN);
  }

  /** A ticket opens one socket: live sockets hold theirs, the memory holds those of sockets that have closed. */
  ticketIsUsed(jti: string, now: number): boolean {
    return (
      this.all().some((socket) => this.seatOf(socket).ticket.jti === jti) ||
      this.#memory.usedTickets(now).includes(jti)
    );
  }

  open(socket: WebSocket, seat: Seat): void {
    this.#ctx.acceptWebSocket(socket);
    this.#setSeat(socket, seat);
  }

  /** Sends one pre-serialised frame to everyone whose time is not over, and lets go of those who don't take it. */
  broadcast(frame: string, now: number): void {
    for (const socket of this.all()) this.deliver(socket, frame, now);
  }

  deliver(socket: WebSocket, frame: string, now: number): void {
    const end = endOfDelivery(this.seatOf(socket).until, socket.bufferedAmount, now);
    if (end === undefined) socket.send(frame);
    else this.close(socket, end);
  }

  refuse(socket: WebSocket, code: RefusalCode, id?: string, detail: string = refusals[code].detail): void {
    const { until } = this.seatOf(socket);
    if (socket.readyState !== WebSocket.OPEN || until <= Date.now()) return;
    socket.send(JSON.stringify({ type: 'refused', ...(id === undefined ? {} : { id }), code, detail }));
  }

  /** May this socket send a frame that costs this much now? A refusal is said, and many close the socket. */
  grants(socket: WebSocket, cost: number, now: number): boolean {
    const known = this.#allowances.get(socket) ?? freshAllowance(now);
    const { allowance, granted } = spend(known, cost, now);
    this.#allowances.set(socket, allowance);
    if (granted) return true;
    if (allowance.hasty > limits.hastyFrames) this.close(socket, closeCodes.flooding);
    return false;
  }

  close(socket: WebSocket, code: number): void {
    socket.close(code);
  }

  /** A new ticket for the same person, session and room prolongs the socket. Undefined: the ticket is no good. */
  async renew(socket: WebSocket, token: string, room: RoomId): Promise<number | undefined> {
    const seat = this.seatOf(socket);
    const holder = await ticketHolderOf(this.#env, token, room);
    const now = Date.now();
    if (holder === undefined || !samePerson(holder.asker, seat.asker)) return undefined;
    if (this.ticketIsUsed(holder.claims.jti, now)) return undefined;
    if (seat.ticket.until > now) this.#memory.rememberTicket(seat.ticket.jti, seat.ticket.until, now);
    const renewed = seatFor(holder, now);
    this.#setSeat(socket, renewed);
    return renewed.until;
  }

  /** Closes what this session of this person has open. */
  expel(person: PersonId, session: SessionId): void {
    for (const socket of this.all()) {
      const { asker } = this.seatOf(socket);
      if (asker.kind === 'staff' && asker.id === person && asker.session === session)
        this.close(socket, closeCodes.signedOut);
    }
  }

  /** What has to happen when a socket is gone. */
  async left(socket: WebSocket, room: RoomId): Promise<void> {
    const seat = this.seatOf(socket);
    const now = Date.now();
    if (seat.ticket.until > now) this.#memory.rememberTicket(seat.ticket.jti, seat.ticket.until, now);
    const others = this.all().filter((other) => other !== socket);
    if (!others.some((other) => samePerson(this.seatOf(other).asker, seat.asker)))
      await giveUpSeat(this.#env, seat.asker, room);
  }
}

export function seatFor({ asker, claims }: TicketHolder, now: number): Seat {
  const lifetime = asker.kind === 'staff' ? lifetimes.staffAccess : lifetimes.visitorAccess;
  return { asker, until: now + lifetime, ticket: { jti: claims.jti, until: claims.exp * 1000 } };
}

export async function giveUpSeat(env: Env, asker: Asker, room: RoomId): Promise<void> {
  if (asker.kind === 'staff') await accountOf(env, asker.id).leaveSeat({ room, session: asker.session });
}

function samePerson(one: Asker, other: Asker): boolean {
  if (one.kind === 'staff')
    return other.kind === 'staff' && one.id === other.id && one.session === other.session;
  return other.kind === 'visitor' && one.id === other.id && one.site === other.site;
}

/** The answer to an upgrade. */
export function switching(client: WebSocket): Response {
  return new Response(null, {
    status: 101,
    webSocket: client,
    headers: { 'sec-websocket-protocol': subprotocol },
  });
}

/** A browser learns nothing from a refused upgrade, so what it should know comes as a close code. */
export function switchingThenClosing(code: number): Response {
  const { 0: client, 1: server } = new WebSocketPair();
  server.accept();
  server.close(code);
  return switching(client);
}
