/**
 * The Durable Object of one team's inbox: a mirror of its conversations that tells agents at once. The
 * conversations are the truth; whatever is lost here can be told again.
 */
import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../../config.ts';
import { heldForChat } from '../../people/containment.ts';
import { type Asker, may, reachOf } from '../../people/permission.ts';
import {
  type InboxClientFrame,
  inboxClientFrameSchema,
  type InboxEntry,
  type InboxServerFrame,
} from '../../protocol/frames.ts';
import type { LiveInbox } from '../../protocol/live.ts';
import type { ConversationId, PersonId, SessionId, TeamId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { closeCodes } from '../../protocol/refusals.ts';
import { parseFrame } from '../frames.ts';
import { joinRequestOf, Sockets } from '../sockets.ts';
import { giveBack } from './giving-back.ts';
import { Roster } from './roster.ts';
import { InboxStore, type Narrowed, type Told } from './store.ts';

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

  /**
   * A conversation says where it stands; with another team it says that it has left.
   * @param pace how many messages were said in its last minutes (see `paceWithin`)
   */
  async tell(entry: InboxEntry, pace = 0): Promise<void> {
    await this.#expelHeld();
    this.#take(entry, 'lasting', pace);
  }

  /** Only who waits for whom is new: a conversation says so as it happens, and once more to be written down. */
  async tellInPassing(entry: InboxEntry, pace = 0): Promise<void> {
    await this.#expelHeld();
    this.#take(entry, 'passing', pace);
  }

  /** Whoever may not be here while an incident lasts goes, though their account could not be told. */
  async #expelHeld(): Promise<void> {
    this.#sockets.expelHeld(await heldForChat(this.env));
  }

  #take(entry: InboxEntry, told: Told, pace: number): void {
    const news = this.#store.put(entry, told, Date.now(), pace);
    if (news === undefined) return;
    this.#broadcast(entry, news.known);
    if (news.now === news.before) return;
    // Whoever is new has to be asked about; whoever has one no longer is perhaps none of the colleagues any more.
    this.ctx.waitUntil(news.now === null ? this.#roster.tell() : this.#lookAgain());
  }

  /** Those who see only some of the team's conversations hear of these alone, and of one that is theirs no longer. */
  #broadcast(entry: InboxEntry, known: InboxEntry | undefined): void {
    const { id, version } = entry;
    const hears = (asker: Asker) => narrowed(asker) === null || this.#mayList(asker, entry);
    const loses = (asker: Asker) => !hears(asker) && known !== undefined && this.#mayList(asker, known);
    const say = (frame: InboxServerFrame, to: (asker: Asker) => boolean) =>
      this.#sockets.broadcast(JSON.stringify(frame), Date.now(), to);
    say({ type: 'entry', entry }, hears);
    say({ type: 'gone', id, version }, loses);
  }

  /** A conversation was erased. */
  forget(id: ConversationId): void {
    const known = this.#store.forget(id);
    if (known === undefined) return;
    const frame: InboxServerFrame = { type: 'gone', id, version: known.version + 1 };
    this.#sockets.broadcast(JSON.stringify(frame), Date.now(), (asker) => this.#mayList(asker, known));
  }

  /** The team has other members now. When this is answered, what they had who have left waits again. */
  async membersChanged(): Promise<void> {
    await this.#lookAgain();
  }

  /** How many members of the team who could answer a customer are available now. */
  available(): number {
    return this.#roster.available(Date.now());
  }

  /** What happens here now, for those who see to it that all goes well. */
  async live(): Promise<LiveInbox> {
    const now = Date.now();
    if (!this.#roster.isKnown) await this.#roster.load();
    return { ...this.#store.live(now), people: this.#roster.people(now) };
  }

  // Sockets ----------------------------------------------------------------------------------------------------

  override async fetch(request: Request): Promise<Response> {
    return this.#sockets.join(
      joinRequestOf(request),
      (asker) => (this.#mayEnter(asker) ? undefined : closeCodes.notFound),
      async (socket, proved) => {
        const gone = await this.#roster.load();
        this.ctx.waitUntil(this.#giveBackWhatHave(gone));
        if (socket.readyState !== WebSocket.OPEN) return;
        this.#sockets.admit(socket, proved);
        this.#store.dropOver(Date.now());
        this.#sendList(socket, proved);
        await this.#roster.tell(socket);
        await this.#watch();
      },
    );
  }

  /** Somebody who could see anything here at all. */
  #mayEnter(asker: Asker): boolean {
    return may(asker, 'conversation.list', { team: this.#team, waiting: true });
  }

  #mayList(asker: Asker, { team, state, assignee }: InboxEntry): boolean {
    return may(asker, 'conversation.list', { team, person: assignee, waiting: state === 'waiting' });
  }

  #sendList(socket: WebSocket, { asker, until }: { asker: Asker; until: number }): void {
    const people = this.#roster.people(Date.now());
    const page = this.#store.list(limits.listConversations, narrowed(asker));
    this.#send(socket, { type: 'list', until, ...page, people });
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    await this.#expelHeld();
    const now = Date.now();
    const asker = this.#sockets.askerOf(socket, now);
    if (asker === undefined || !this.#sockets.grants(socket, asker, 1, now)) return;
    const frame = parseFrame(inboxClientFrameSchema, data);
    if ('done' in frame) await this.#heard(socket, asker, frame.done);
    else this.#sockets.refuse(socket, frame.refused, undefined, frame.detail);
  }

  async #heard(socket: WebSocket, asker: Asker, frame: InboxClientFrame): Promise<void> {
    switch (frame.type) {
      case 'renew':
        return this.#renew(socket, frame.ticket);
      case 'present':
        this.#sockets.keep(socket, frame.as);
        return this.#roster.tell();
      case 'more':
        this.#send(socket, {
          type: 'page',
          ...this.#store.page(frame.after, limits.listConversations, narrowed(asker)),
        });
    }
  }

  async #renew(socket: WebSocket, ticket: string): Promise<void> {
    const until = await this.#sockets.renew(socket, ticket);
    // A right can have ended while this object could not be told.
    this.#sockets.reconsider((asker) => this.#mayEnter(asker));
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
    await this.#expelHeld();
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
    for (const sitting of this.#sockets.sitting(Date.now())) this.#sendList(sitting.socket, sitting);
  }
}

/** To whose eyes a list is narrowed; null for those who see everything of the team. */
function narrowed(asker: Asker): Narrowed | null {
  return asker.kind === 'staff' && reachOf(asker, 'conversation.list') === 'waiting'
    ? { to: asker.id }
    : null;
}
