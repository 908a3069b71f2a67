/**
 * The sockets of one object and who sits behind each. A socket's identity lies in its attachment, so that all of
 * this holds across hibernation; what is in memory is only a copy.
 */
import { configOf, type Env } from '../config.ts';
import { ping, pong, subprotocol } from '../protocol/frames.ts';
import { isId, type PersonId, type SessionId, type VisitorId } from '../protocol/ids.ts';
import { limits } from '../protocol/limits.ts';
import { closeCodes, closedForNow, type RefusalCode, refusals } from '../protocol/refusals.ts';
import {
  giveUpSeat,
  isSamePerson,
  mayComeFrom,
  type ProvedAsker,
  seatedAsker,
  ticketClaimsFor,
} from '../people/guard.ts';
import { type Held, isBlocked } from '../people/containment.ts';
import { type Asker, ownGrantsOf } from '../people/permission.ts';
import type { RoomId, TicketClaims } from '../people/tokens.ts';
import { logFault, logSocket } from '../log.ts';
import { type Allowance, freshAllowance, isFull, type Pace, spend } from './allowance.ts';
import { Refusing } from './sockets/refusing.ts';
import { endOfDelivery } from './sockets/rules.ts';

/** What a socket carries across hibernation. */
type Attachment = {
  /** Nobody yet, while it is not certain that whoever holds the ticket still may enter. */
  proved: ProvedAsker | null;
  /** This socket's own name in its person's account, so that each seat is given up by its own socket. */
  seat: string;
  /** Whose ticket opened it, and in which session of staff: for ending it before anything is proved. */
  sub: PersonId | VisitorId;
  session: SessionId | null;
  /** The ticket that opened it, or the last with which it asked to stay, and when that ticket runs out. */
  ticket: { jti: string; until: number };
  /** When its reader was let in, in Unix milliseconds: its first sign of life. */
  seenAt: number;
  /** A seat that is not shown to anybody, and that stays one: how somebody sits is decided when they sit down (M7). */
  silent?: true;
  /** The keyed hash of the network that they come from; null where it is not known. */
  network: string | null;
  /** What the room keeps with this socket. */
  kept: unknown;
  /** The quarter of an hour for which it is recorded last that its reader was here. */
  recorded?: number;
};

/** Somebody who is in the room now, and until when. `seenAt`: their page's last sign of life. Unix milliseconds. */
export type Sitting = { socket: WebSocket; asker: Asker; until: number; seenAt: number; kept: unknown };

/** What the Worker hands over at an upgrade, in a header of its own that it removes from what a client sent. */
export type JoinRequest = {
  ticket: TicketClaims & { jti: string; exp: number };
  /** The address that it comes from, if that is known. It is kept nowhere. */
  from: string | null;
  /** The last number that the client knows, and how many notes on it; null for a join from nothing. */
  after: number | null;
  n: number;
  epoch: string | null;
  /** See `networkOfRequest`. */
  network: string | null;
};
export const joinHeader = 'sotto-join';

export function joinRequestOf(request: Request): JoinRequest {
  return JSON.parse(request.headers.get(joinHeader) ?? 'null') as JoinRequest;
}

/** Signs (writing, having read) are paid from a purse of their own, so that they never keep a message from going. */
export type Purse = 'words' | 'signs';

/** Where used tickets are remembered once the socket that they opened is gone. */
export type TicketMemory = {
  hasTicket(jti: string): boolean;
  rememberTicket(jti: string, until: number, now: number): void;
};

export class Sockets {
  readonly #ctx: DurableObjectState;
  readonly #env: Env;
  readonly #memory: TicketMemory;
  readonly #pace: Pace;
  readonly #attachments = new WeakMap<WebSocket, Attachment>();
  readonly #closedByUs = new WeakSet<WebSocket>();
  readonly #refusing: Refusing;
  readonly #allowances: Record<Purse, Map<string, Allowance>> = { words: new Map(), signs: new Map() };

  constructor(ctx: DurableObjectState, env: Env, memory: TicketMemory) {
    this.#ctx = ctx;
    this.#env = env;
    this.#memory = memory;
    this.#pace = configOf(env).pace;
    this.#refusing = new Refusing(ctx, env);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(ping, pong));
  }

  get #room(): RoomId {
    return this.#ctx.id.name as RoomId;
  }

  #attachmentOf(socket: WebSocket): Attachment {
    const known = this.#attachments.get(socket);
    if (known !== undefined) return known;
    const attachment = socket.deserializeAttachment() as Attachment;
    this.#attachments.set(socket, attachment);
    return attachment;
  }

  #attach(socket: WebSocket, attachment: Attachment): void {
    socket.serializeAttachment(attachment);
    this.#attachments.set(socket, attachment);
  }

  /** Who sits behind an open socket whose time is not over; undefined for every other. */
  askerOf(socket: WebSocket, now: number): Asker | undefined {
    if (socket.readyState !== WebSocket.OPEN) return undefined;
    const { proved } = this.#attachmentOf(socket);
    if (proved === null) return undefined;
    if (proved.until > now) return proved.asker;
    this.close(socket, closeCodes.signedOut);
    return undefined;
  }

  // Opening ----------------------------------------------------------------------------------------------------

  /**
   * The whole way in. The socket is opened first and only then is asked who may sit there: from the moment it is
   * open, rights that end close it, so none can end unnoticed in between. It hears and says nothing before `admit`,
   * which `welcome` calls. Whatever fails on the way closes it, so that it leaves nothing behind.
   */
  async join(
    { ticket, from, network }: JoinRequest,
    shutTo: (asker: Asker) => number | undefined,
    welcome: (socket: WebSocket, proved: ProvedAsker) => Promise<void> | void,
  ): Promise<Response> {
    if (this.#isCrowdedBy(ticket.sub)) return switchingThenClosing(closeCodes.flooding);
    if (this.#ticketIsUsed(ticket.jti)) return switchingThenClosing(closeCodes.signedOut);
    const { 0: client, 1: server } = new WebSocketPair();
    this.#ctx.acceptWebSocket(server);
    this.#attach(server, {
      proved: null,
      seat: crypto.randomUUID(),
      sub: ticket.sub,
      session: 'sid' in ticket ? ticket.sid : null,
      ticket: { jti: ticket.jti, until: ticket.exp * 1000 },
      seenAt: Date.now(),
      ...('sid' in ticket && ticket.silent === true && { silent: true }),
      network,
      kept: undefined,
    });
    try {
      const proved = await this.#proved(server, ticket);
      const isHere = await mayComeFrom(this.#env, ticket, { address: from, network });
      if (server.readyState !== WebSocket.OPEN) return switching(client);
      if (typeof proved === 'number') this.close(server, proved);
      // Asked over HTTP, this page is told why.
      else if (!isHere) this.close(server, closeCodes.signedOut);
      else {
        const shut = shutTo(proved.asker);
        if (shut === undefined) await welcome(server, proved);
        else this.turnAway(server, proved.asker, shut);
      }
    } catch (error) {
      logFault('socket.join', error);
      this.close(server, closeCodes.failed);
    }
    return switching(client);
  }

  /** They may not be here. */
  turnAway(socket: WebSocket, asker: Asker, code: number): void {
    this.close(socket, code);
    if (asker.kind === 'staff') this.#refusing.turnedAway(asker, code);
  }

  /** For whoever comes to a room that is none. */
  notThere({ ticket }: JoinRequest): Response {
    if ('sid' in ticket)
      this.#refusing.turnedAway({ id: ticket.sub, session: ticket.sid }, closeCodes.notFound);
    return switchingThenClosing(closeCodes.notFound);
  }

  /** Who the ticket's holder is now, or why they may not be here. */
  async #proved(socket: WebSocket, ticket: TicketClaims): Promise<ProvedAsker | number> {
    const { seat: id, session, network } = this.#attachmentOf(socket);
    const seat = { room: this.#room, session, id, network, silent: this.isSilent(socket) };
    const proved = await seatedAsker(this.#env, ticket, seat, Date.now());
    if (proved === 'too_many') return closeCodes.flooding;
    if (proved === 'banned') return closeCodes.notAllowed;
    if (proved === 'held') return closedForNow;
    return proved ?? closeCodes.signedOut;
  }

  /** Sockets that we have closed count too, until their clients let go of them. */
  #isCrowdedBy(sub: string): boolean {
    const own = this.#ctx.getWebSockets().filter((socket) => this.#attachmentOf(socket).sub === sub);
    return own.length >= 2 * limits.socketsPerPerson;
  }

  /** From here on the socket hears and says. A person has a bounded number in a room: the longest unrenewed goes. */
  admit(socket: WebSocket, proved: ProvedAsker): void {
    const others = this.#ctx.getWebSockets().flatMap((other) => {
      const known = this.#attachmentOf(other).proved;
      const own =
        other.readyState === WebSocket.OPEN && known !== null && isSamePerson(known.asker, proved.asker);
      return own ? [{ other, until: known.until }] : [];
    });
    others.sort((one, two) => one.until - two.until);
    for (const { other } of others.slice(0, Math.max(0, others.length + 1 - limits.socketsPerPerson))) {
      this.close(other, closeCodes.flooding);
    }
    this.#attach(socket, { ...this.#attachmentOf(socket), proved, seenAt: Date.now() });
  }

  /** A ticket opens one socket: sockets hold theirs until they are gone, the memory holds those of gone ones. */
  #ticketIsUsed(jti: string): boolean {
    const held = this.#ctx.getWebSockets().some((socket) => this.#attachmentOf(socket).ticket.jti === jti);
    return held || this.#memory.hasTicket(jti);
  }

  /** Everyone who is in the room now. Pings are answered by the platform, which remembers when. */
  sitting(now: number): Sitting[] {
    return this.#ctx.getWebSockets().flatMap((socket) => {
      if (socket.readyState !== WebSocket.OPEN) return [];
      const { proved, seenAt, kept } = this.#attachmentOf(socket);
      if (proved === null || proved.until <= now) return [];
      const pinged = this.#ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? 0;
      const { asker, until } = proved;
      return [{ socket, asker, until, seenAt: Math.max(seenAt, pinged), kept }];
    });
  }

  /** Keeps something small with a socket, across hibernation and without a row. It is a sign of life. */
  keep(socket: WebSocket, kept: unknown): void {
    this.#attach(socket, { ...this.#attachmentOf(socket), kept, seenAt: Date.now() });
  }

  isSilent(socket: WebSocket): boolean {
    return this.#attachmentOf(socket).silent === true;
  }

  isRecordedIn(quarter: number, socket: WebSocket): boolean {
    return this.#attachmentOf(socket).recorded === quarter;
  }

  recordedIn(quarter: number, socket: WebSocket): void {
    this.#attach(socket, { ...this.#attachmentOf(socket), recorded: quarter });
  }

  /** What is kept with a socket, and whose it is, though nobody may hear it any more. */
  keptWith(socket: WebSocket): { by: PersonId | VisitorId; kept: unknown } {
    const { sub, kept } = this.#attachmentOf(socket);
    return { by: sub, kept };
  }

  all(): WebSocket[] {
    return this.#ctx.getWebSockets();
  }

  // Sending ----------------------------------------------------------------------------------------------------

  /**
   * Sends one pre-serialised frame to everyone in the audience whose time is not over, and lets go of those who
   * don't take it. False if there are some who do not, or no longer, hear, and are shown as there.
   */
  broadcast(frame: string, now: number, hears: (asker: Asker) => boolean = () => true): boolean {
    let heard = true;
    for (const socket of this.#ctx.getWebSockets()) {
      const { proved } = this.#attachmentOf(socket);
      if (proved === null || !hears(proved.asker)) continue;
      const isHere = this.deliver(socket, frame, now);
      heard &&= isHere || this.isSilent(socket);
    }
    return heard;
  }

  /** False if the socket does not, or no longer, hear. */
  deliver(socket: WebSocket, frame: string, now: number): boolean {
    if (socket.readyState !== WebSocket.OPEN) return false;
    const { proved } = this.#attachmentOf(socket);
    if (proved === null) return false;
    const end = endOfDelivery(proved.until, socket.bufferedAmount, now);
    if (end === undefined) socket.send(frame);
    else this.close(socket, end);
    return end === undefined;
  }

  /** Says no: to one post by its id, else to the frame as a whole. */
  refuse(socket: WebSocket, code: RefusalCode, id?: string, detail: string = refusals[code].detail): void {
    const frame = { type: 'refused', ...(id === undefined ? {} : { id }), code, detail };
    this.deliver(socket, JSON.stringify(frame), Date.now());
  }

  /** As `refuse`. That somebody on staff lacked the right to is entered. @param door as docs/DOORS.md calls it */
  forbid(
    socket: WebSocket,
    asker: Asker,
    door: string,
    { refused, detail }: { refused: RefusalCode; detail?: string },
    id?: string,
  ): void {
    this.refuse(socket, refused, id, detail);
    if (asker.kind === 'staff') this.#refusing.refused(asker, door, refused);
  }

  // Receiving --------------------------------------------------------------------------------------------------

  /**
   * May whoever sits here send something that costs this much now? The allowance is the person's, however many
   * sockets they open. A refusal is said once a frame, and many of them close the socket.
   */
  grants(socket: WebSocket, asker: Asker, cost: number, now: number, purse: Purse = 'words'): boolean {
    const allowances = this.#allowances[purse];
    const known = allowances.get(asker.id) ?? freshAllowance(this.#pace, now);
    const { allowance, granted } = spend(known, this.#pace, cost, now);
    for (const [id, other] of allowances) if (isFull(other, this.#pace, now)) allowances.delete(id);
    allowances.set(asker.id, allowance);
    if (granted) return true;
    if (allowance.hasty > limits.hastyFrames) this.close(socket, closeCodes.flooding);
    else this.refuse(socket, 'too_fast');
    return false;
  }

  /**
   * A new ticket for the same person, session and room prolongs the socket, which stays as silent as it was; a silent
   * one opens a seat and prolongs none. Undefined: the ticket is no good.
   */
  async renew(socket: WebSocket, token: string): Promise<number | undefined> {
    const { sub, session } = this.#attachmentOf(socket);
    const ticket = await ticketClaimsFor(this.#env, token, this.#room);
    if (ticket?.sub !== sub || ('sid' in ticket ? ticket.sid : null) !== session) return undefined;
    if ('silent' in ticket) return undefined;
    if (this.#ticketIsUsed(ticket.jti)) return undefined;
    // The socket holds it before anything is waited for, so that it is good for nothing else in the meantime.
    const { ticket: held, ...attachment } = this.#attachmentOf(socket);
    this.#remember(held, Date.now());
    this.#attach(socket, { ...attachment, ticket: { jti: ticket.jti, until: ticket.exp * 1000 } });
    const proved = await this.#proved(socket, ticket);
    if (typeof proved === 'number' || socket.readyState !== WebSocket.OPEN) return undefined;
    this.#attach(socket, { ...this.#attachmentOf(socket), proved });
    return proved.until;
  }

  // Ending -----------------------------------------------------------------------------------------------------

  close(socket: WebSocket, code: number): void {
    this.#closedByUs.add(socket);
    logSocket({ closed: code });
    socket.close(code);
  }

  /** Did this object end the socket? What it still had in the queue then counts for nothing. */
  wasClosedByUs(socket: WebSocket): boolean {
    return this.#closedByUs.has(socket);
  }

  /** Closes what this session has open. True if some of it was shown as there. */
  expel(session: SessionId): boolean {
    const own = this.#ctx.getWebSockets().filter((socket) => this.#attachmentOf(socket).session === session);
    for (const socket of own) this.close(socket, closeCodes.signedOut);
    return own.some((socket) => !this.isSilent(socket));
  }

  /** The network that this visitor's newest socket comes from. */
  networkOf(visitor: VisitorId): string | null {
    const own = this.#ctx.getWebSockets().map((socket) => this.#attachmentOf(socket));
    return own.findLast(({ sub, network }) => sub === visitor && network !== null)?.network ?? null;
  }

  /** Closes what visitors have open whom a ban is for: this one, or whoever writes from this network. */
  expelBanned({ visitor, network }: { visitor?: VisitorId; network?: string }): void {
    for (const socket of this.#ctx.getWebSockets()) {
      const known = this.#attachmentOf(socket);
      const isThere = known.network !== null && known.network === network;
      if (known.session === null && (known.sub === visitor || isThere))
        this.close(socket, closeCodes.notAllowed);
    }
  }

  /** Closes what visitors have open, for now. */
  expelVisitors(): void {
    for (const socket of this.#ctx.getWebSockets())
      if (this.#attachmentOf(socket).session === null) this.close(socket, closedForNow);
  }

  /** Closes what those have open who may not be here for now: visitors of a site that is shut, whoever is in a network that is blocked. */
  expelHeld(held: Held): void {
    const { sites, people, networks } = held;
    if (sites.size === 0 && people.size === 0 && networks.size === 0) return;
    for (const socket of this.#ctx.getWebSockets()) {
      const { proved, sub, session, network } = this.#attachmentOf(socket);
      const isOut =
        people.has(sub) || isBlocked(held, network, proved === null ? {} : ownGrantsOf(proved.asker));
      const isShut = proved?.asker.kind === 'visitor' && sites.has(proved.asker.site);
      const forStaff = session === null ? closeCodes.notAllowed : closeCodes.signedOut;
      if (isShut || isOut) this.close(socket, isShut ? closedForNow : forStaff);
    }
  }

  closeAll(code: number): void {
    for (const socket of this.#ctx.getWebSockets()) this.close(socket, code);
  }

  /** Closes the sockets of those who may not be here any more. */
  reconsider(mayStay: (asker: Asker) => boolean, code: number = closeCodes.notAllowed): void {
    for (const socket of this.#ctx.getWebSockets()) {
      const { proved } = this.#attachmentOf(socket);
      if (proved !== null && !mayStay(proved.asker)) this.close(socket, code);
    }
  }

  /** What has to happen when a socket is gone: the close is answered, the ticket remembered, the seat given up. */
  async left(socket: WebSocket): Promise<void> {
    socket.close(1000);
    const attachment = this.#attachmentOf(socket);
    this.#remember(attachment.ticket, Date.now());
    if (isId('person', attachment.sub)) await giveUpSeat(this.#env, attachment.sub, attachment.seat);
  }

  /** No socket holds it any more. Nor could anybody use it, once it has run out. */
  #remember(ticket: Attachment['ticket'], now: number): void {
    if (ticket.until > now) this.#memory.rememberTicket(ticket.jti, ticket.until, now);
  }
}

/** The answer to an upgrade. */
function switching(client: WebSocket): Response {
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
