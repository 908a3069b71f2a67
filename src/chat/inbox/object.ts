/**
 * The Durable Object of one team's inbox: a mirror of its conversations that tells agents at once. The
 * conversations are the truth; whatever is lost here can be told again.
 */
import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../../config.ts';
import { may } from '../../people/permission.ts';
import {
  type InboxClientFrame,
  inboxClientFrameSchema,
  type InboxEntry,
  type InboxServerFrame,
} from '../../protocol/frames.ts';
import type { PersonId, SessionId, TeamId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { closeCodes } from '../../protocol/refusals.ts';
import { parseFrame } from '../frames.ts';
import {
  giveUpSeat,
  type JoinRequest,
  joinHeader,
  Sockets,
  switching,
  switchingThenClosing,
} from '../sockets.ts';
import { InboxStore } from './store.ts';

const closedStay = 24 * 3_600_000;

export class Inbox extends DurableObject<Env> {
  readonly #store: InboxStore;
  readonly #sockets: Sockets;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = new InboxStore(ctx.storage.sql);
    this.#sockets = new Sockets(ctx, env, this.#store);
  }

  /** A conversation says where it stands. */
  tell(entry: InboxEntry): void {
    if (!this.#store.put(entry)) return;
    if (entry.state === 'closed') this.#store.dropClosed(Date.now() - closedStay);
    this.#broadcast({ type: 'entry', entry });
  }

  override async fetch(request: Request): Promise<Response> {
    const { seat } = JSON.parse(request.headers.get(joinHeader) ?? 'null') as JoinRequest;
    const now = Date.now();
    if (!may(seat.asker, 'conversation.list', { team: this.#id })) {
      await giveUpSeat(this.env, seat.asker, this.#id);
      return switchingThenClosing(closeCodes.notFound);
    }
    if (this.#sockets.ticketIsUsed(seat.ticket.jti, now)) return switchingThenClosing(closeCodes.signedOut);
    const { 0: client, 1: server } = new WebSocketPair();
    this.#sockets.open(server, seat);
    this.#send(server, {
      type: 'list',
      until: seat.until,
      entries: this.#store.list(limits.listConversations),
    });
    return switching(client);
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const now = Date.now();
    if (this.#sockets.seatOf(socket).until <= now) {
      this.#sockets.close(socket, closeCodes.signedOut);
      return;
    }
    const frame = parseFrame(inboxClientFrameSchema, data);
    if (!this.#sockets.grants(socket, 1, now)) this.#sockets.refuse(socket, 'too_fast');
    else if ('refused' in frame) this.#sockets.refuse(socket, frame.refused, undefined, frame.detail);
    else await this.#renew(socket, frame.done);
  }

  async #renew(socket: WebSocket, { ticket }: InboxClientFrame): Promise<void> {
    const until = await this.#sockets.renew(socket, ticket, this.#id);
    if (until === undefined) this.#sockets.refuse(socket, 'signed_out');
    else this.#send(socket, { type: 'renewed', until });
  }

  expel(person: PersonId, session: SessionId): void {
    this.#sockets.expel(person, session);
  }

  override async webSocketClose(socket: WebSocket): Promise<void> {
    socket.close(1000);
    await this.#sockets.left(socket, this.#id);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    await this.#sockets.left(socket, this.#id);
  }

  #broadcast(frame: InboxServerFrame): void {
    this.#sockets.broadcast(JSON.stringify(frame), Date.now());
  }

  #send(socket: WebSocket, frame: InboxServerFrame): void {
    this.#sockets.deliver(socket, JSON.stringify(frame), Date.now());
  }

  get #id(): TeamId {
    return this.ctx.id.name as TeamId;
  }
}
