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
import type { SessionId, TeamId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { parseFrame } from '../frames.ts';
import { joinRequestOf, Sockets } from '../sockets.ts';
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
    return this.#sockets.join(
      joinRequestOf(request),
      (asker) => may(asker, 'conversation.list', { team: this.ctx.id.name as TeamId }),
      (socket, proved) => {
        this.#sockets.admit(socket, proved);
        const entries = this.#store.list(limits.listConversations);
        this.#send(socket, { type: 'list', until: proved.until, entries });
      },
    );
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const now = Date.now();
    const asker = this.#sockets.askerOf(socket, now);
    if (asker === undefined || !this.#sockets.grants(socket, asker, 1, now)) return;
    const frame = parseFrame(inboxClientFrameSchema, data);
    if ('done' in frame) await this.#renew(socket, frame.done);
    else this.#sockets.refuse(socket, frame.refused, undefined, frame.detail);
  }

  async #renew(socket: WebSocket, { ticket }: InboxClientFrame): Promise<void> {
    const until = await this.#sockets.renew(socket, ticket);
    if (until === undefined) this.#sockets.refuse(socket, 'signed_out');
    else this.#send(socket, { type: 'renewed', until });
  }

  expel(session: SessionId): void {
    this.#sockets.expel(session);
  }

  override async webSocketClose(socket: WebSocket): Promise<void> {
    await this.#sockets.left(socket);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    await this.#sockets.left(socket);
  }

  #broadcast(frame: InboxServerFrame): void {
    this.#sockets.broadcast(JSON.stringify(frame), Date.now());
  }

  #send(socket: WebSocket, frame: InboxServerFrame): void {
    this.#sockets.deliver(socket, JSON.stringify(frame), Date.now());
  }
}
