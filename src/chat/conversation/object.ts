/**
 * The Durable Object of one conversation: a thin adapter that takes frames in, gives them to the room in turn, and
 * carries out what happened.
 */
import { DurableObject } from 'cloudflare:workers';
import { type Env, vaultOf } from '../../config.ts';
import { namesOf } from '../../people/staff.ts';
import type { ProvedAsker } from '../../people/guard.ts';
import type { Asker } from '../../people/permission.ts';
import {
  type ClientFrame,
  clientFrameSchema,
  type ConversationView,
  type Message,
  type Participant,
  type Post,
  type ServerFrame,
} from '../../protocol/frames.ts';
import type { PersonId, SessionId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { type Answer, closeCodes } from '../../protocol/refusals.ts';
import { parseFrame } from '../frames.ts';
import { logFault } from '../log.ts';
import { type JoinRequest, joinRequestOf, Sockets, switchingThenClosing } from '../sockets.ts';
import { History } from './history.ts';
import { type Opening, type Outcome, Room } from './room.ts';
import { authorOf, type Change } from './rules.ts';
import { Telling } from './telling.ts';

/** Messages of the next 4 ms after a commit share the next one; it is the only timer in this object. */
const flushAfter = 4;

type Waiting = { socket: WebSocket; asker: Asker; post: Post };

export class Conversation extends DurableObject<Env> {
  readonly #room: Room;
  readonly #telling: Telling;
  readonly #sockets: Sockets;
  #queue: Waiting[] = [];
  #flushPlanned = false;
  #lastFlush = 0;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #announced = new Set<PersonId>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const history = new History(ctx.storage.sql);
    this.#room = new Room(
      history,
      () => vaultOf(env),
      (work) => ctx.storage.transactionSync(work),
      () => {
        this.#telling.plan();
      },
    );
    this.#telling = new Telling(ctx, env, this.#room);
    this.#sockets = new Sockets(ctx, env, history);
  }

  async #load(): Promise<boolean> {
    await this.#telling.load();
    return this.#room.load();
  }

  /** Work that reads or moves the head waits for its turn, so that frames leave in the order of their numbers. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  // Begin ------------------------------------------------------------------------------------------------------

  async begin(
    opening: Opening,
    asker: Asker,
    post: Post,
  ): Promise<Answer<{ conversation: ConversationView; message: Message }>> {
    await this.#load();
    const outcome = await this.#inTurn(() => this.#room.begin(opening, asker, post, Date.now()));
    if ('refused' in outcome) return outcome;
    await this.#telling.tell();
    return {
      done: { conversation: this.#room.view(), message: 'fresh' in outcome ? outcome.fresh : outcome.known },
    };
  }

  // Join -------------------------------------------------------------------------------------------------------

  /** The upgrade, handed over by the Worker with what the ticket says. */
  override async fetch(request: Request): Promise<Response> {
    const join = joinRequestOf(request);
    if (!(await this.#load())) return switchingThenClosing(closeCodes.notFound);
    return this.#sockets.join(
      join,
      (asker) => this.#room.mayRead(asker),
      async (socket, proved) => {
        const people = await this.#people();
        await this.#inTurn(() => this.#welcome(socket, proved, join, people));
      },
    );
  }

  async #welcome(
    socket: WebSocket,
    proved: ProvedAsker,
    { after, epoch }: JoinRequest,
    people: Participant[],
  ): Promise<void> {
    const { head, row } = this.#room;
    // Whoever comes from before a restore, or from a future that a restore took back, starts anew.
    const resumes = after !== null && epoch === row.epoch && after <= head;
    const newest = resumes ? [] : await this.#room.before(head + 1, limits.joinMessages);
    if (socket.readyState !== WebSocket.OPEN) return;
    this.#sockets.admit(socket, proved);
    const you = { from: authorOf(proved.asker), until: proved.until };
    this.#send(socket, {
      type: 'welcome',
      conversation: this.#room.view(),
      you,
      epoch: row.epoch,
      head,
      people,
    });
    if (newest.length > 0) this.#send(socket, { type: 'messages', messages: newest });
    if (resumes) await this.#sendMissed(socket, after);
    if (people.length !== this.#room.participants().length) this.ctx.waitUntil(this.#announcePeople());
  }

  /** A reader who is far behind and is let go on the way resumes from where the last frame ended. */
  async #sendMissed(socket: WebSocket, after: number): Promise<void> {
    for (let seq = after; seq < this.#room.head;) {
      const messages = await this.#room.after(seq, limits.frameMessages);
      if (!this.#send(socket, { type: 'messages', messages })) return;
      seq = messages.at(-1)?.seq ?? this.#room.head;
    }
  }

  // Frames -----------------------------------------------------------------------------------------------------

  /** Takes a frame and returns at once: the runtime reads a socket's next frame only when this one is answered. */
  override webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): void {
    this.ctx.waitUntil(
      this.#receive(socket, data).catch((error: unknown) => {
        logFault('conversation.frame', error);
        this.#sockets.refuse(socket, 'unavailable');
      }),
    );
  }

  async #receive(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const now = Date.now();
    const asker = this.#sockets.askerOf(socket, now);
    const frame = asker === undefined ? undefined : this.#frameOf(socket, asker, data, now);
    if (asker === undefined || frame === undefined) return;
    if (frame.type === 'renew') await this.#renew(socket, frame.ticket);
    else if (frame.type === 'page') await this.#page(socket, frame.before, frame.limit);
    else this.#enqueue(frame.posts.map((post) => ({ socket, asker, post })));
  }

  /** A frame that fits, within its person's allowance; else a refusal was sent. */
  #frameOf(
    socket: WebSocket,
    asker: Asker,
    data: string | ArrayBuffer,
    now: number,
  ): ClientFrame | undefined {
    const frame = parseFrame(clientFrameSchema, data);
    const cost = 'done' in frame && frame.done.type === 'post' ? frame.done.posts.length : 1;
    if (!this.#sockets.grants(socket, asker, cost, now)) return undefined;
    if ('done' in frame) return frame.done;
    this.#sockets.refuse(socket, frame.refused, undefined, frame.detail);
    return undefined;
  }

  async #renew(socket: WebSocket, ticket: string): Promise<void> {
    const until = await this.#sockets.renew(socket, ticket);
    if (until === undefined) this.#sockets.refuse(socket, 'signed_out');
    else this.#send(socket, { type: 'renewed', until });
  }

  async #page(socket: WebSocket, before: number, limit: number): Promise<void> {
    if (!(await this.#load())) return;
    this.#send(socket, { type: 'messages', messages: await this.#room.before(before, limit), older: true });
  }

  // Posts ------------------------------------------------------------------------------------------------------

  /** The first message of a quiet room goes at once; those of the next 4 ms share one commit and one frame. */
  #enqueue(waiting: Waiting[]): void {
    this.#queue.push(...waiting);
    if (this.#flushPlanned) return;
    this.#flushPlanned = true;
    const quiet = Date.now() - this.#lastFlush >= flushAfter;
    const flush = () => this.ctx.waitUntil(this.#inTurn(() => this.#flush()));
    if (quiet) flush();
    else setTimeout(flush, flushAfter);
  }

  async #flush(): Promise<void> {
    // What a socket had said before it was closed by its own side still counts; what we ended, we no longer hear.
    const batch = this.#queue.filter(({ socket }) => !this.#sockets.wasClosedByUs(socket));
    this.#queue = [];
    this.#flushPlanned = false;
    this.#lastFlush = Date.now();
    const outcomes = await this.#stored(batch);
    if (outcomes === undefined) {
      for (const socket of new Set(batch.map((waiting) => waiting.socket)))
        this.#sockets.refuse(socket, 'unavailable');
      return;
    }
    this.#announce(batch, outcomes);
    this.ctx.waitUntil(this.#telling.tell());
  }

  /** What became of each post, or undefined if none could be stored. */
  async #stored(batch: readonly Waiting[]): Promise<Outcome[] | undefined> {
    try {
      return (await this.#load()) ? await this.#room.post(batch, Date.now()) : undefined;
    } catch (error) {
      logFault('conversation.post', error);
      return undefined;
    }
  }

  /** Fresh messages go to everyone in one frame; what was known or refused goes to its sender alone. */
  #announce(batch: readonly Waiting[], outcomes: readonly Outcome[]): void {
    const fresh = outcomes.flatMap((outcome) => ('fresh' in outcome ? [outcome.fresh] : []));
    if (fresh.length > 0) this.#broadcast({ type: 'messages', messages: fresh });
    for (const [index, { socket, post }] of batch.entries()) {
      const outcome = outcomes[index] ?? { refused: 'internal' };
      if ('known' in outcome) this.#send(socket, { type: 'messages', messages: [outcome.known] });
      if ('refused' in outcome) this.#sockets.refuse(socket, outcome.refused, post.id);
    }
    if (fresh.some(({ from }) => from.kind === 'staff' && !this.#announced.has(from.id)))
      this.ctx.waitUntil(this.#announcePeople());
  }

  // Changes and reading ----------------------------------------------------------------------------------------

  async change(asker: Asker, wish: Change): Promise<Answer<ConversationView>> {
    if (!(await this.#load()) || !this.#room.mayRead(asker)) return { refused: 'not_found' };
    const { changes } = this.#room.row;
    const refused = await this.#inTurn(() => Promise.resolve(this.#room.change(asker, wish, Date.now())));
    if (refused !== undefined) return { refused };
    if (this.#room.row.changes !== changes) {
      await this.#announcePeople();
      this.#broadcast({ type: 'changed', conversation: this.#room.view() });
    }
    await this.#telling.tell();
    return { done: this.#room.view() };
  }

  async read(asker: Asker, before: number | undefined, limit: number): Promise<Answer<Message[]>> {
    if (!(await this.#load()) || !this.#room.mayRead(asker)) return { refused: 'not_found' };
    return { done: await this.#room.before(before ?? this.#room.head + 1, limit) };
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

  override async alarm(): Promise<void> {
    await this.#telling.onAlarm();
  }

  // Frames out -------------------------------------------------------------------------------------------------

  async #announcePeople(): Promise<void> {
    const people = await this.#people();
    for (const { id } of people) this.#announced.add(id);
    this.#broadcast({ type: 'people', people });
  }

  /** The names of staff who took part. Without the directory a name is missing, and the conversation goes on. */
  async #people(): Promise<Participant[]> {
    const ids = this.#room.participants();
    try {
      const names = await namesOf(this.env, ids);
      return ids.map((id) => ({ id, name: names.get(id) ?? null }));
    } catch (error) {
      logFault('conversation.names', error);
      return ids.map((id) => ({ id, name: null }));
    }
  }

  #broadcast(frame: ServerFrame): void {
    this.#sockets.broadcast(JSON.stringify(frame), Date.now());
  }

  #send(socket: WebSocket, frame: ServerFrame): boolean {
    return this.#sockets.deliver(socket, JSON.stringify(frame), Date.now());
  }
}
