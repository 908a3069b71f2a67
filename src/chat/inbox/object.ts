/**
 * The Durable Object of one team's inbox: a mirror of its conversations that tells agents at once. The
 * conversations are the truth; whatever is lost here can be told again.
 */
import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../../config.ts';
import { type Asker, may } from '../../people/permission.ts';
import {
  type InboxClientFrame,
  inboxClientFrameSchema,
  type InboxEntry,
  type InboxServerFrame,
} from '../../protocol/frames.ts';
import type { ConversationId, PersonId, SessionId, TeamId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { parseFrame } from '../frames.ts';
import { joinRequestOf, Sockets } from '../sockets.ts';
import { giveBack } from './giving-back.ts';
import { Roster } from './roster.ts';
import { InboxStore, type Told } from './store.ts';

/** How often somebody is looked for whose page sleeps. Nothing happens while nobody has the inbox open. */
const lookAgainAfter = 60_000;

export class Inbox extends DurableObject<Env> {
  readonly #store: InboxStore;
  readonly #sockets: Sockets;
  readonly #roster: Roster;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = new InboxStore(ctx.storage.sql, this.#team);
    this.#sockets = new Sockets(ctx, env, this.#store);
    this.#roster = new Roster(env, this.#team, this.#sockets, this.#store);
  }

  get #team(): TeamId {
    return this.ctx.id.name as TeamId;
  }

  // What others tell -------------------------------------------------------------------------------------------

  /** A conversation says where it stands; with another team it says that it has left. */
  tell(entry: InboxEntry): void {
    this.#take(entry, 'lasting');
  }

  /** Only who waits for whom is new: a conversation says so as it happens, and once more to be written down. */
  tellInPassing(entry: InboxEntry): void {
    this.#take(entry, 'passing');
  }

  #take(entry: InboxEntry, told: Told): void {
    const holder = this.#store.put(entry, told, Date.now());
    if (holder === undefined) return;
    this.#sockets.broadcast(JSON.stringify({ type: 'entry', entry } satisfies InboxServerFrame), Date.now());
    if (holder.now === holder.before) return;
    // Whoever is new has to be asked about; whoever has one no longer is perhaps none of the colleagues any more.
    this.ctx.waitUntil(holder.now === null ? this.#roster.tell() : this.#lookAgain());
  }

  /** The team has other members now. When this is answered, what they had who have left waits again. */
  async membersChanged(): Promise<void> {
    await this.#lookAgain();
  }

  /** How many members of the team who could answer a customer are available now. */
  available(): number {
    return this.#roster.available(Date.now());
  }

  // Sockets ----------------------------------------------------------------------------------------------------

  override async fetch(request: Request): Promise<Response> {
    return this.#sockets.join(
      joinRequestOf(request),
      (asker) => this.#mayList(asker),
      async (socket, proved) => {
        const gone = await this.#roster.load();
        this.ctx.waitUntil(this.#giveBackWhatHave(gone));
        if (socket.readyState !== WebSocket.OPEN) return;
        this.#sockets.admit(socket, proved);
        this.#store.dropOver(Date.now());
        this.#sendList(socket, proved.until);
        await this.#roster.tell(socket);
        await this.#watch();
      },
    );
  }

  #mayList(asker: Asker): boolean {
    return may(asker, 'conversation.list', { team: this.#team });
  }

  #sendList(socket: WebSocket, until: number): void {
    const people = this.#roster.people(Date.now());
    this.#send(socket, { type: 'list', until, ...this.#store.list(limits.listConversations), people });
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const now = Date.now();
    const asker = this.#sockets.askerOf(socket, now);
    if (asker === undefined || !this.#sockets.grants(socket, asker, 1, now)) return;
    const frame = parseFrame(inboxClientFrameSchema, data);
    if ('done' in frame) await this.#heard(socket, frame.done);
    else this.#sockets.refuse(socket, frame.refused, undefined, frame.detail);
  }

  async #heard(socket: WebSocket, frame: InboxClientFrame): Promise<void> {
    switch (frame.type) {
      case 'renew':
        return this.#renew(socket, frame.ticket);
      case 'present':
        this.#sockets.keep(socket, frame.as);
        return this.#roster.tell();
      case 'more':
        this.#send(socket, { type: 'page', ...this.#store.page(frame.after, limits.listConversations) });
    }
  }

  async #renew(socket: WebSocket, ticket: string): Promise<void> {
    const until = await this.#sockets.renew(socket, ticket);
    // A right can have ended while this object could not be told.
    this.#sockets.reconsider((asker) => this.#mayList(asker));
    if (until === undefined) this.#sockets.refuse(socket, 'signed_out');
    else this.#send(socket, { type: 'renewed', until });
  }

  expel(session: SessionId): void {
    this.#sockets.expel(session);
    this.ctx.waitUntil(this.#roster.tell());
  }

  override async webSocketClose(socket: WebSocket): Promise<void> {
    await this.#left(socket);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    await this.#left(socket);
  }

  async #left(socket: WebSocket): Promise<void> {
    try {
      await this.#sockets.left(socket);
    } finally {
      await this.#roster.tell();
    }
  }

  #send(socket: WebSocket, frame: InboxServerFrame): void {
    this.#sockets.deliver(socket, JSON.stringify(frame), Date.now());
  }

  // Presence ---------------------------------------------------------------------------------------------------

  /** From the first socket on, somebody looks after those whose page falls asleep without a word. */
  async #watch(): Promise<void> {
    if ((await this.ctx.storage.getAlarm()) !== null) return;
    await this.ctx.storage.setAlarm(Date.now() + lookAgainAfter);
  }

  override async alarm(): Promise<void> {
    if (this.#sockets.sitting(Date.now()).length === 0) return;
    await this.#lookAgain();
    await this.#watch();
  }

  async #lookAgain(): Promise<void> {
    const gone = await this.#roster.load();
    await this.#roster.tell();
    await this.#giveBackWhatHave(gone);
  }

  /** Bounded at one look; the next one goes on. */
  async #giveBackWhatHave(gone: readonly PersonId[]): Promise<void> {
    await giveBack(this.env, this.#team, this.#store.heldBy(gone, limits.givenBack));
  }

  // Rebuilding -------------------------------------------------------------------------------------------------

  /** From here on, whatever is not told anew is in doubt. */
  beginRebuild(): void {
    this.#store.beginRebuild();
  }

  /** Conversations whose entries are in doubt. */
  doubtful(limit: number): ConversationId[] {
    return this.#store.doubtful(limit);
  }

  /** These were asked, so those that are still in doubt are none. Answers how many that were. */
  dropDoubtful(asked: readonly ConversationId[]): number {
    return this.#store.dropDoubtful(asked);
  }

  /** Everything has been told: everybody gets the list anew, since versions may have gone back. */
  endRebuild(): void {
    for (const { socket, until } of this.#sockets.sitting(Date.now())) this.#sendList(socket, until);
  }
}
