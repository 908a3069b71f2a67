/**
 * The sockets of one object and who sits behind each. A socket's identity lies in its attachment, so that all of
 * this holds across hibernation; what is in memory is only a copy.
 */
import type { Env } from '../config.ts';
import { ping, pong, subprotocol } from '../protocol/frames.ts';
import type { PersonId, SessionId } from '../protocol/ids.ts';
import { limits } from '../protocol/limits.ts';
import { closeCodes, type RefusalCode, refusals } from '../protocol/refusals.ts';
import { giveUpSeat, isSamePerson, seatedAsker, ticketClaimsFor, type ProvedAsker } from '../people/guard.ts';
import type { Asker } from '../people/permission.ts';
import type { RoomId, TicketClaims } from '../people/tokens.ts';
import { type Allowance, endOfDelivery, freshAllowance, isFull, spend } from './sockets/rules.ts';

/** What a socket carries across hibernation. */
type Attachment = {
  /** Nobody yet, while it is not certain that whoever holds the ticket still may enter. */
  proved: ProvedAsker | null;
  /** This socket's own name in its person's account, so that each seat is given up by its own socket. */
  seat: string;
  /** Whose ticket opened it, for ending it before anything is proved; null for visitors. */
  person: PersonId | null;
  session: SessionId | null;
  /** The ticket that opened or last renewed it, and when that ticket runs out. */
  ticket: { jti: string; until: number };
};

/** What the Worker hands over at an upgrade, in a header of its own that it removes from what a client sent. */
export type JoinRequest = {
  ticket: TicketClaims & { jti: string; exp: number };
  after: number | null;
  epoch: string | null;
};
export const joinHeader = 'sotto-join';

export function joinRequestOf(request: Request): JoinRequest {
  return JSON.parse(request.headers.get(joinHeader) ?? 'null') as JoinRequest;
}

/** Where used tickets are remembered once the socket that they opened is gone. */
export type TicketMemory = {
  hasTicket(jti: string): boolean;
  rememberTicket(jti: string, until: number, now: number): void;
};

export class Sockets {
  readonly #ctx: DurableObjectState;
  readonly #env: Env;
  readonly #memory: TicketMemory;
  readonly #attachments = new WeakMap<WebSocket, Attachment>();
  readonly #closedByUs = new WeakSet<WebSocket>();
  readonly #allowances = new Map<string, Allowance>();

  constructor(ctx: DurableObjectState, env: Env, memory: TicketMemory) {
    this.#ctx = ctx;
    this.#env = env;
    this.#memory = memory;
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
   * Opens the socket that a ticket is good for, and then asks who may sit there: from the moment it is open, rights
   * that end close it, so none can end unnoticed in between. It hears and says nothing before `admit`. With nobody
   * proved it is closed already.
   */
  async open({
    ticket,
  }: JoinRequest): Promise<{ client: WebSocket; server: WebSocket; proved: ProvedAsker | undefined }> {
    const { 0: client, 1: server } = new WebSocketPair();
    const used = this.#ticketIsUsed(ticket.jti);
    const { person, session } =
      'sid' in ticket ? { person: ticket.sub, session: ticket.sid } : { person: null, session: null };
    const seat = crypto.randomUUID();
    this.#ctx.acceptWebSocket(server);
    this.#attach(server, {
      proved: null,
      seat,
      person,
      session,
      ticket: { jti: ticket.jti, until: ticket.exp * 1000 },
    });
    const asked = used
      ? undefined
      : await seatedAsker(this.#env, ticket, { room: this.#room, session, id: seat }, Date.now());
    const proved = server.readyState === WebSocket.OPEN ? asked : undefined;
    if (proved === undefined) this.close(server, closeCodes.signedOut);
    return { client, server, proved };
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
    this.#attach(socket, { ...this.#attachmentOf(socket), proved });
  }

  /** A ticket opens one socket: sockets hold theirs until they are gone, the memory holds those of gone ones. */
  #ticketIsUsed(jti: string): boolean {
    const held = this.#ctx.getWebSockets().some((socket) => this.#attachmentOf(socket).ticket.jti === jti);
    return held || this.#memory.hasTicket(jti);
  }

  // Sending ----------------------------------------------------------------------------------------------------

  /** Sends one pre-serialised frame to everyone whose time is not over, and lets go of those who don't take it. */
  broadcast(frame: string, now: number): void {
    for (const socket of this.#ctx.getWebSockets()) this.deliver(socket, frame, now);
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

  // Receiving --------------------------------------------------------------------------------------------------

  /**
   * May whoever sits here send something that costs this much now? The allowance is the person's, however many
   * sockets they open. A refusal is said once a frame, and many of them close the socket.
   */
  grants(socket: WebSocket, asker: Asker, cost: number, now: number): boolean {
    const known = this.#allowances.get(asker.id) ?? freshAllowance(now);
    const { allowance, granted } = spend(known, cost, now);
    for (const [id, other] of this.#allowances) if (isFull(other, now)) this.#allowances.delete(id);
    this.#allowances.set(asker.id, allowance);
    if (granted) return true;
    if (allowance.hasty > limits.hastyFrames) this.close(socket, closeCodes.flooding);
    else this.refuse(socket, 'too_fast');
    return false;
  }

  /** A new ticket for the same person, session and room prolongs the socket. Undefined: the ticket is no good. */
  async renew(socket: WebSocket, token: string): Promise<number | undefined> {
    const attachment = this.#attachmentOf(socket);
    const ticket = await ticketClaimsFor(this.#env, token, this.#room);
    if (ticket === undefined || attachment.proved === null || this.#ticketIsUsed(ticket.jti))
      return undefined;
    const seat = { room: this.#room, session: attachment.session, id: attachment.seat };
    if (
      ticket.sub !== attachment.proved.asker.id ||
      ('sid' in ticket ? ticket.sid : null) !== attachment.session
    )
      return undefined;
    const now = Date.now();
    const proved = await seatedAsker(this.#env, ticket, seat, now);
    if (proved === undefined || socket.readyState !== WebSocket.OPEN) return undefined;
    this.#remember(attachment, now);
    this.#attach(socket, { ...attachment, proved, ticket: { jti: ticket.jti, until: ticket.exp * 1000 } });
    return proved.until;
  }

  // Ending -----------------------------------------------------------------------------------------------------

  close(socket: WebSocket, code: number): void {
    this.#closedByUs.add(socket);
    socket.close(code);
  }

  /** Did this object end the socket? What it still had in the queue then counts for nothing. */
  wasClosedByUs(socket: WebSocket): boolean {
    return this.#closedByUs.has(socket);
  }

  /** Closes what this session has open. */
  expel(session: SessionId): void {
    for (const socket of this.#ctx.getWebSockets()) {
      if (this.#attachmentOf(socket).session === session) this.close(socket, closeCodes.signedOut);
    }
  }

  /** What has to happen when a socket is gone: the close is answered, the ticket remembered, the seat given up. */
  async left(socket: WebSocket): Promise<void> {
    socket.close(1000);
    const attachment = this.#attachmentOf(socket);
    this.#remember(attachment, Date.now());
    if (attachment.person !== null) await giveUpSeat(this.#env, attachment.person, attachment.seat);
  }

  #remember({ ticket }: Attachment, now: number): void {
    if (ticket.until > now) this.#memory.rememberTicket(ticket.jti, ticket.until, now);
  }
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
