/**
 * The Durable Object of one conversation: a thin adapter that takes frames and calls in, gives them to the room in
 * turn, and has what happened announced and told.
 */
import { DurableObject } from 'cloudflare:workers';
import { type Env, vaultOf } from '../../config.ts';
import { heldAsKnown, heldForChat } from '../../people/containment.ts';
import { type Asker, may, type Visitor } from '../../people/permission.ts';
import {
  type ClientFrame,
  clientFrameSchema,
  type Consent,
  type ConversationView,
  type Customer,
  type FileView,
  type Message,
  type Participant,
  type Removal,
} from '../../protocol/frames.ts';
import type { BeginAnswer } from '../../protocol/bodies.ts';
import type { FilesAnswer } from '../../protocol/file-bodies.ts';
import type { FilePart } from '../../vault.ts';
import type {
  ConversationId,
  FileId,
  PersonId,
  RequestId,
  SessionId,
  SiteId,
  TeamId,
  VisitorId,
} from '../../protocol/ids.ts';
import { type Answer, closeCodes } from '../../protocol/refusals.ts';
import { parseFrame } from '../frames.ts';
import { logFault, logSocket } from '../../log.ts';
import type { Restricting } from '../directory.ts';
import { siteOf } from '../sites.ts';
import { joinRequestOf, Sockets } from '../sockets.ts';
import { type Act, giveBack, perform, proveAddress, restrict } from './acts.ts';
import { Alarm } from './alarm.ts';
import type { Finished } from '../files.ts';
import { Announcing, type Known } from './announcing.ts';
import { eraseBeside, eraseConversation, overAt, type Why } from './erasing.ts';
import { Files, type Readable, type Sent, type StoredPart, type Upload, type UploadWish } from './files.ts';
import { History, type Imaged, type Keeper, type Mark } from './history.ts';
import { MaskingRule } from './masking.ts';
import { Names } from './names.ts';
import { type Incoming, type Outcome, takePosts } from './posts.ts';
import { PostQueue, type Taken, type Waiting } from './queue.ts';
import { Reading } from './reading.ts';
import { Records } from './records.ts';
import { remove, type RemovalWish } from './removal.ts';
import { type Returned, Returning, type Since } from './returning.ts';
import { lacking, type No, type Place, watches } from './rules.ts';
import { type Opening, Room } from './room.ts';
import { type Sign, Signs } from './signs.ts';
import { Telling } from './telling.ts';
import { Turns } from './turns.ts';
import { type Audience, messagesFor, removalsFor } from './views.ts';
import { Welcome } from './welcome.ts';

export type Whose = { id: ConversationId; visitor: VisitorId; site: SiteId } & Pick<
  Customer,
  'name' | 'proof'
>;

/** A conversation as its staff see it, and whoever of them its customer was shown. */
export type ToCopy = { view: ConversationView; people: Participant[] };

/** Whom a ban of this conversation's customer would be for. `network`: see `networkOfRequest`; null while they are away. */
export type ToBan = { visitor: VisitorId; team: TeamId; network: string | null };

const ringAgainAfter = 10 * 60_000;

export class Conversation extends DurableObject<Env> {
  readonly #history: History;
  readonly #alarm: Alarm;
  readonly #room: Room;
  readonly #telling: Telling;
  readonly #sockets: Sockets;
  readonly #names: Names;
  readonly #announcing: Announcing;
  readonly #welcome: Welcome;
  readonly #queue: PostQueue;
  readonly #reading: Reading;
  readonly #signs: Signs;
  readonly #files: Files;
  readonly #records: Records;
  readonly #returning: Returning;
  readonly #turns = new Turns();
  /** What it was is still in memory, and stands for nothing any more. */
  #isErased = false;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const history = new History(ctx.storage.sql);
    this.#history = history;
    this.#alarm = new Alarm(ctx);
    this.#returning = new Returning(ctx, env, history);
    this.#sockets = new Sockets(ctx, env, history);
    this.#reading = new Reading(history, this.#sockets);
    const masking = new MaskingRule(env);
    this.#room = new Room(history, {
      vault: () => vaultOf(env),
      atomically: (work) => ctx.storage.transactionSync(work),
      masking: (site, now) => masking.of(site, now),
      changed: (news) => this.#telling.plan(news),
      reading: this.#reading,
    });
    this.#telling = new Telling(ctx, env, this.#room, this.#alarm);
    const parts = { history, room: this.#room, sockets: this.#sockets, telling: this.#telling };
    this.#records = new Records(ctx, env, parts);
    this.#names = new Names(env);
    this.#announcing = new Announcing(this.#room, this.#sockets, this.#names);
    this.#welcome = new Welcome(this.#room, this.#sockets, this.#announcing, this.#reading, this.#records);
    this.#signs = new Signs(this.#room, this.#sockets, this.#announcing, this.#reading);
    this.#files = new Files(env, { room: this.#room, announcing: this.#announcing, alarm: this.#alarm });
    this.#queue = new PostQueue(this.#sockets, {
      take: (batch) => this.#take(batch),
      known: (socket, asker, message) =>
        this.#announcing.send(socket, { type: 'messages', messages: messagesFor(asker.kind, [message]) }),
      inTurn: (work) => ctx.waitUntil(this.#turns.take(work)),
    });
  }

  /** Does this conversation exist? To be asked before anything else. */
  async #load(): Promise<boolean> {
    if (this.#isErased) return false;
    await this.#alarm.load();
    return this.#room.load();
  }

  /** Why they may not read this conversation, if they may not. */
  async #unreadable(asker: Asker): Promise<No | undefined> {
    await this.#isReadOnly();
    return (await this.#load()) ? this.#room.unreadable(asker) : { refused: 'not_found' };
  }

  /** Whether nobody may write for now. Whoever may not even be here goes. */
  async #isReadOnly(): Promise<boolean> {
    const held = await heldForChat(this.env);
    this.#sockets.expelHeld(held);
    return held.modes.has('readOnly');
  }

  /** Says what is news to whoever sits here: they have read on by it. */
  #announce(known: Known, said: readonly Message[]): void {
    this.#announcing.news(known, said);
    this.#records.heard(Date.now());
  }

  /** For whoever waited for their turn. */
  #stillUnreadable(asker: Asker): No | undefined {
    return this.#isErased ? { refused: 'not_found' } : this.#room.unreadable(asker);
  }

  // Calls from the Worker ---------------------------------------------------------------------------------------

  /** Begins the conversation, or, if it has begun, only says its first message again. Without an opening, the latter. */
  async begin(opening: Opening | null, first: Incoming): Promise<Answer<BeginAnswer>> {
    const exists = await this.#load();
    if (this.#isErased || (opening === null && !exists)) return { refused: 'not_found' };
    const outcome = await this.#turns.take(async (): Promise<Outcome> => {
      const now = Date.now();
      if (opening !== null) await this.#room.begin(opening, now);
      return (await takePosts(this.#room, [first], now))[0] ?? { refused: 'internal' };
    });
    if ('refused' in outcome) return outcome;
    // Whoever begins need not wait until everybody has heard of it: the alarm is set.
    this.#telling.soon();
    const { kind } = first.asker;
    const [message] = messagesFor(kind, ['fresh' in outcome ? outcome.fresh : outcome.known]);
    return message === undefined
      ? { refused: 'internal' }
      : { done: { conversation: this.#room.viewOf(first.asker), message } };
  }

  async act(asker: Asker, act: Act): Promise<Answer<BeginAnswer['conversation']>> {
    const unreadable = await this.#unreadable(asker);
    if (unreadable !== undefined) return unreadable;
    await this.#learnNamesFor(asker, act);
    const answer = await this.#turns.take(async () => {
      // Somebody may have claimed it while this waited for its turn.
      const no = this.#stillUnreadable(asker);
      if (no !== undefined) return no;
      const known = this.#announcing.known();
      const wasClosed = this.#room.row.state === 'closed';
      const done = await perform(this.#room, asker, act, Date.now());
      if ('refused' in done) return done;
      if (!wasClosed && this.#room.row.state === 'closed') this.#records.closed(asker, Date.now());
      this.#announce(known, done.said);
      if (act.wish === 'hold') this.#files.keepingChanged(Date.now());
      this.#records.seen(asker, Date.now());
      return { done: this.#room.viewOf(asker) };
    });
    await this.#telling.tell();
    return answer;
  }

  /** The team's inbox says that whoever has this may no longer: it waits for the team again. */
  async giveBack(team: TeamId, holder: PersonId): Promise<void> {
    if (!(await this.#load())) return;
    await this.#turns.take(() => {
      const known = this.#announcing.known();
      giveBack(this.#room, team, holder, Date.now());
      this.#announce(known, []);
    });
    await this.#telling.tell();
  }

  async remove(asker: Asker, wish: RemovalWish): Promise<Answer<Removal>> {
    const answer = await this.#forReader(asker, () => {
      const removing = remove(this.#room, asker, wish, Date.now());
      if ('done' in removing && removing.done.isNews) {
        this.#announcing.removed(removing.done.removal);
        this.#records.removed(asker, removing.done.removal, Date.now());
        this.#files.removed(Date.now());
      }
      return removing;
    });
    await this.#telling.tell();
    if ('refused' in answer) return answer;
    const [removal] = removalsFor(asker.kind, [answer.done.removal]);
    return removal === undefined ? { refused: 'not_found' } : { done: removal };
  }

  async read(asker: Asker, before: number | undefined, limit: number): Promise<Answer<Message[]>> {
    return this.#forReader(asker, async () => {
      this.#records.seen(asker, Date.now());
      return { done: await this.#room.transcript.before(before ?? this.#room.head + 1, limit, asker.kind) };
    });
  }

  // Files, whose bytes go another way ---------------------------------------------------------------------------

  async beginUpload(asker: Asker, wish: UploadWish): Promise<Answer<Upload>> {
    const answer = await this.#forReader(asker, () => this.#files.begin(asker, wish, Date.now()));
    this.#telling.soon();
    return answer;
  }

  async upload(asker: Asker, file: FileId): Promise<Answer<Upload>> {
    return this.#forReader(asker, () => this.#files.upload(asker, file));
  }

  async storePart(
    asker: Asker,
    file: FileId,
    number: number,
    stored: { record: Uint8Array; part: FilePart },
  ): Promise<Answer<StoredPart>> {
    return this.#forReader(asker, () => this.#files.storePart(asker, file, number, stored));
  }

  async finishUpload(asker: Asker, file: FileId, finished: Finished, days: number): Promise<Answer<Sent>> {
    const answer = await this.#forReader(asker, async () => {
      if (asker.kind === 'staff') await this.#names.learn(this.#announcing.people('staff'));
      const now = Date.now();
      const sent = await this.#files.finish(asker, file, finished, days, now);
      if ('done' in sent && sent.done.isNews) this.#records.heard(now);
      return sent;
    });
    this.#telling.soon();
    return answer;
  }

  async giveUpUpload(asker: Asker, file: FileId): Promise<Answer<true>> {
    const answer = await this.#forReader(asker, () => this.#files.giveUp(asker, file));
    this.#telling.soon();
    return answer;
  }

  async files(asker: Asker): Promise<Answer<FilesAnswer['files']>> {
    return this.#forReader(asker, async () => {
      this.#records.seen(asker, Date.now());
      return { done: await this.#files.list() };
    });
  }

  async readableFile(asker: Asker, file: FileId): Promise<Answer<Readable>> {
    return this.#forReader(asker, () => this.#files.readable(asker, file, Date.now()));
  }

  async releaseFile(asker: Asker, file: FileId): Promise<Answer<FileView>> {
    return this.#forReader(asker, () => this.#files.release(asker, file));
  }

  // For a copy of all that is kept about its customer ------------------------------------------------------------

  /** What its visitor agreed to before it; null: nothing, it is not theirs, or is not there any more. */
  async consent(visitor: VisitorId): Promise<Consent | null> {
    return (await this.#isOf(visitor)) ? (this.#room.view('staff').staff?.consent ?? null) : null;
  }

  /** @returns whether there was anything to take back */
  async withdrawConsent(visitor: Visitor, version: string): Promise<boolean> {
    const before = await this.consent(visitor.id);
    if (before?.version !== version || before.withdrawnAt !== undefined) return false;
    return 'done' in (await this.act(visitor, { wish: 'withdraw', version }));
  }

  /** Undefined: it is not theirs, or is not there any more. */
  async toCopy(visitor: VisitorId): Promise<ToCopy | undefined> {
    if (!(await this.#isOf(visitor))) return undefined;
    const people = this.#room.people('visitor');
    await this.#names.learn(people);
    return { view: this.#room.view('staff'), people: this.#names.of(people) };
  }

  /** What lies behind this place, oldest first, as these see it. */
  async messagesToCopy(
    visitor: VisitorId,
    after: Place,
    audience: Audience,
    limit: number,
  ): Promise<Message[]> {
    if (!(await this.#isOf(visitor))) return [];
    return this.#turns.take(() => this.#room.transcript.after(after, limit, audience));
  }

  async #isOf(visitor: VisitorId): Promise<boolean> {
    return (await this.#load()) && this.#room.row.visitor === visitor;
  }

  /** In turn, for somebody who may read this conversation then. */
  async #forReader<T>(asker: Asker, work: () => Answer<T> | Promise<Answer<T>>): Promise<Answer<T>> {
    const unreadable = await this.#unreadable(asker);
    return unreadable ?? this.#turns.take(() => this.#stillUnreadable(asker) ?? work());
  }

  /** Whether they may watch this without being shown as there. */
  async mayWatch(asker: Asker): Promise<Answer<true>> {
    const unreadable = await this.#unreadable(asker);
    if (unreadable !== undefined) return unreadable;
    return may(asker, 'conversation.watch', this.#room.thing)
      ? { done: true }
      : lacking(asker, 'conversation.watch', this.#room.thing);
  }

  /** Whose conversation this is and what they are called, for those who may read it. */
  async whose(asker: Asker): Promise<Answer<Whose>> {
    const unreadable = await this.#unreadable(asker);
    if (unreadable !== undefined) return unreadable;
    const { id, visitor, site } = this.#room.row;
    const { name, proof } = this.#room.facts.customer;
    return { done: { id, visitor, site, name, proof } };
  }

  /** Whom a ban would be for, for those who may ban the customer of this conversation. */
  async customerToBan(asker: Asker): Promise<Answer<ToBan>> {
    const unreadable = await this.#unreadable(asker);
    if (unreadable !== undefined) return unreadable;
    if (!may(asker, 'visitor.ban', this.#room.thing)) return lacking(asker, 'visitor.ban', this.#room.thing);
    const { visitor, team } = this.#room.row;
    return { done: { visitor, team, network: this.#sockets.networkOf(visitor) } };
  }

  /** Their visitor has proved by a code that this address is theirs. */
  async customerProved(visitor: VisitorId, address: string): Promise<void> {
    if (!(await this.#load()) || this.#room.row.visitor !== visitor) return;
    await this.#turns.take(async () => {
      const known = this.#announcing.known();
      await proveAddress(this.#room, address);
      this.#announce(known, []);
    });
  }

  /** Its site is shut for now: its visitors go. */
  expelVisitors(): void {
    this.#sockets.expelVisitors();
  }

  /** A ban has begun: whoever it is for, and sits here, goes. */
  expelBanned(who: { visitor?: VisitorId; network?: string }): void {
    this.#sockets.expelBanned(who);
  }

  /**
   * Hears what the register of restrictions says of its customer. What is restricted is closed, and nobody reads it but
   * whoever answers for it. Told again, or late, it changes nothing.
   */
  async restrict({ on, at, by }: Restricting): Promise<void> {
    if (!(await this.#load())) return;
    await this.#turns.take(() => {
      if (this.#isErased || this.#room.restrictionHeardAt >= at) return;
      const known = this.#announcing.known();
      const now = Date.now();
      const wasOpen = this.#room.row.state !== 'closed';
      restrict(this.#room, { on, at }, now);
      if (wasOpen && on) this.#records.closed({ kind: 'staff', id: by }, now);
      this.#sockets.reconsider((asker) => this.#room.mayRead(asker), closeCodes.restricted);
      this.#announce(known, []);
      this.#files.keepingChanged(now);
      if (!on) this.#alarm.by(now);
    });
    await this.#telling.tell();
  }

  /** Has its keys and its files' that lie under this service key wrapped under the active one. @returns how many */
  async rewrapKeys(from: number): Promise<number> {
    if (!(await this.#load())) return 0;
    return this.#turns.take(async () => (this.#isErased ? 0 : this.#room.rewrapKeys(from)));
  }

  /**
   * Has the newest stretch of it that begins before this number sealed anew under a fresh key, of which the key store then
   * has its copy in the place of the former one's. Done again it does so again.
   * @returns where the stretch begins; null: there is none
   * @throws if the key store could not be told: what is stored here is whole, and it is told later
   */
  async renewKey(before: number | null): Promise<number | null> {
    if (!(await this.#load())) return null;
    const begins = await this.#turns.take(async () => {
      if (this.#isErased) return null;
      return this.#room.renewKey(before, (digests) => this.#records.sealedAnew(digests, Date.now()));
    });
    if (begins === null || this.#isErased) return null;
    this.ctx.waitUntil(this.#records.tell());
    await this.retell();
    return begins;
  }

  /** Has its first file behind this one sealed anew under a fresh key. @returns which; null: there is none */
  async renewFile(after: FileId | null): Promise<FileId | null> {
    if (!(await this.#load())) return null;
    const isErased = () => this.#isErased;
    return this.#files.renew(after, (work) => this.#turns.take(work), isErased);
  }

  /** Those of its files whose time is over go, and the directory hears when the next one's is. */
  async seeToFiles(): Promise<void> {
    if (!(await this.#load())) return;
    await this.#files.seeToAll((work) => this.#turns.take(work), Date.now());
    await this.retell();
  }

  /** Erases itself if its time is over. False: it stays. */
  async expire(): Promise<boolean> {
    if (this.#isThere) {
      await this.#alarm.load();
      return this.#turns.take(() => this.#eraseIfOver());
    }
    if (this.#returning.isOnItsWay) return false;
    await eraseBeside(this.env, this.ctx.id.name as ConversationId, true);
    return true;
  }

  /**
   * Erases itself, because its customer has asked for it. False: a legal hold keeps it.
   * @param request null: it is not known any more in which request
   */
  async erase(request: RequestId | null): Promise<boolean> {
    if (this.#isThere)
      return this.#turns.take(async () => {
        if (this.#isErased) return true;
        if (this.#history.conversation().row.hold !== null) return false;
        await this.#erase({ request });
        return true;
      });
    if (this.#returning.isOnItsWay) throw new Error('this conversation is being put back');
    await eraseBeside(this.env, this.ctx.id.name as ConversationId, false);
    return true;
  }

  /** Whether there is such a conversation: one that is being put back is not yet. */
  isThere(): boolean {
    return this.#isThere;
  }

  /** Whether a legal hold keeps it. @throws if that is not known yet, as it is being put back */
  isHeld(): boolean {
    if (this.#returning.isOnItsWay) throw new Error('this conversation is being put back');
    return this.#isThere && this.#history.conversation().row.hold !== null;
  }

  /** For what needs nothing of it opened, so that one whose keys are broken can be erased or expire, and its hold counts. */
  get #isThere(): boolean {
    return !this.#isErased && this.#history.exists;
  }

  /**
   * What a backup has not of it yet, a stretch at a time. It is read at one moment and opens nothing.
   * @returns undefined: nothing, or there is no such conversation
   */
  image(since: Mark | null, from: number | null): Imaged | undefined {
    return this.#isErased || !this.#history.exists ? undefined : this.#history.image.read(since, from);
  }

  // From a backup -----------------------------------------------------------------------------------------------

  /** Takes in what a backup holds of it, stretch by stretch. False: it is there, and nothing is put over it. */
  putBack(keeper: Keeper, lines: string): Promise<boolean> {
    return this.#returning.take(keeper, lines);
  }

  /** As `image`, of what this run has put back. */
  putBackImage(run: string, from: number | null): Imaged | undefined {
    return this.#returning.image(run, from);
  }

  /** What this run has put back goes again. */
  dropPutBack(run: string): Promise<void> {
    return this.#returning.drop({ run });
  }

  /**
   * All of it was put back: from here on it is there, and everybody who has to know is told.
   * @param restriction what the register says of its customer; null: nothing
   * @param since what became of it since it was backed up
   */
  async comeBack(run: string, restriction: Restricting | null, since: Since): Promise<Returned> {
    const returned = await this.#returning.open(run, restriction !== null, since);
    if (!(await this.#load())) return returned;
    // Its files may be due, and its time be over.
    this.#telling.wakeLater();
    if (restriction !== null) await this.restrict(restriction);
    await this.retell();
    return returned;
  }

  async #eraseIfOver(): Promise<boolean> {
    if (this.#isErased) return true;
    const { row } = this.#history.conversation();
    const days = (await siteOf(this.env, row.site))?.settings.keptDays ?? null;
    if (days === null || row.hold !== null || this.#history.restriction?.on === true) return false;
    const over = overAt(row, this.#history.messages.end(), days);
    if (over > Date.now()) {
      // One that goes on is looked at again when it is closed, or by the sweep of every night.
      if (row.state === 'closed') this.#alarm.by(over);
      return false;
    }
    await this.#erase({ days });
    return true;
  }

  /** In turn, and while nobody is told anything of it. */
  async #erase(why: Why): Promise<void> {
    if (this.#isErased) return;
    if (!(await this.#records.tell())) throw new Error('the ledger has not heard all of it yet');
    await this.#telling.end(() =>
      eraseConversation(this.env, this.#history, why, async () => {
        await this.ctx.storage.deleteAll();
        this.#isErased = true;
        this.#sockets.closeAll(closeCodes.erased);
      }),
    );
  }

  /** Tells inbox and directory again, whatever they knew. @throws if one of them could not be told */
  async retell(): Promise<void> {
    if ((await this.#load()) && !(await this.#telling.again())) throw new Error('not all were told');
  }

  expel(session: SessionId): void {
    if (this.#sockets.expel(session)) this.#announcing.present();
  }

  /** Whoever is named by an act is known by name before it is announced. */
  async #learnNamesFor(asker: Asker, act: Act): Promise<void> {
    if (asker.kind === 'visitor' || (act.wish !== 'claim' && act.wish !== 'handOver')) return;
    const receiver = act.wish === 'handOver' && act.to?.kind === 'person' ? [act.to.id] : [];
    await this.#names.learn([...this.#announcing.people('staff'), asker.id, ...receiver]);
  }

  // Sockets -----------------------------------------------------------------------------------------------------

  /** The upgrade, handed over by the Worker with what the ticket says. */
  override async fetch(request: Request): Promise<Response> {
    const join = joinRequestOf(request);
    if (!(await this.#load())) return this.#sockets.notThere(join);
    return this.#sockets.join(
      join,
      (asker) => this.#room.shutTo(asker),
      async (socket, proved) => {
        const { asker } = proved;
        await this.#names.learn([
          ...this.#announcing.people(asker.kind),
          ...(asker.kind === 'staff' ? [asker.id] : []),
        ]);
        await this.#turns.take(() => this.#welcome.admit(socket, proved, join));
      },
    );
  }

  /** Takes a frame and returns at once: the runtime reads a socket's next frame only when this one is answered. */
  override webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): void {
    const failed = (error: unknown) => {
      logFault('conversation.frame', error);
      this.#sockets.refuse(socket, 'unavailable');
    };
    try {
      const work = this.#receive(socket, data);
      if (work !== undefined) this.ctx.waitUntil(work.catch(failed));
    } catch (error) {
      failed(error);
    }
  }

  /** What has to be waited for, if anything: posts are in their queue, and go when it is their turn. */
  #receive(socket: WebSocket, data: string | ArrayBuffer): Promise<void> | undefined {
    const now = Date.now();
    const asker = this.#sockets.askerOf(socket, now);
    const frame = asker === undefined ? undefined : this.#frameOf(socket, asker, data, now);
    if (asker === undefined || frame === undefined) return undefined;
    switch (frame.type) {
      case 'post':
        this.#queue.add(socket, asker, frame.posts);
        return undefined;
      case 'renew':
        return this.#renew(socket, frame.ticket);
      case 'page':
        return this.#page(socket, asker, frame);
      case 'typing':
      case 'read':
        return this.#sign(socket, asker, frame, now);
    }
  }

  /** A sign waits for nobody to be asked: it goes by what is known, and has that looked at for what comes next. */
  async #sign(socket: WebSocket, asker: Asker, sign: Sign, now: number): Promise<void> {
    this.ctx.waitUntil(this.#isReadOnly());
    const isReadOnly = heldAsKnown().modes.has('readOnly');
    if (!isReadOnly && (await this.#load())) this.#signs.given(socket, asker, sign, now);
  }

  /** A frame that fits, within its person's allowance; else a refusal was sent. */
  #frameOf(
    socket: WebSocket,
    asker: Asker,
    data: string | ArrayBuffer,
    now: number,
  ): ClientFrame | undefined {
    const frame = parseFrame(clientFrameSchema, data);
    const type = 'done' in frame ? frame.done.type : undefined;
    logSocket({ frame: type ?? 'none' });
    const cost = 'done' in frame && frame.done.type === 'post' ? frame.done.posts.length : 1;
    const purse = type === 'typing' || type === 'read' ? 'signs' : 'words';
    if (!this.#sockets.grants(socket, asker, cost, now, purse)) return undefined;
    if ('done' in frame) return frame.done;
    this.#sockets.refuse(socket, frame.refused, undefined, frame.detail);
    return undefined;
  }

  async #renew(socket: WebSocket, ticket: string): Promise<void> {
    const until = await this.#sockets.renew(socket, ticket);
    if (until === undefined) this.#sockets.refuse(socket, 'signed_out');
    else this.#announcing.send(socket, { type: 'renewed', until });
    // The renewal brought today's rights: whoever lost theirs without our hearing of it goes now.
    this.#sockets.reconsider((asker) => this.#room.mayRead(asker));
  }

  /** In turn, so that no removal overtakes a page that still shows what was removed. */
  async #page(socket: WebSocket, asker: Asker, { before, limit }: { before: number; limit: number }) {
    await this.#isReadOnly();
    if (this.#sockets.wasClosedByUs(socket) || !(await this.#load())) return;
    await this.#turns.take(async () => {
      this.#records.seen(asker, Date.now(), socket);
      const messages = await this.#room.transcript.before(before, limit, asker.kind);
      this.#announcing.send(socket, { type: 'messages', messages, older: true });
    });
  }

  /**
   * A customer's message brings back what was put off, and a note may be the first that is heard of somebody who watches
   * without being shown: then more than the message is news.
   */
  async #take(batch: readonly Waiting[]): Promise<Taken | undefined> {
    const isReadOnly = await this.#isReadOnly();
    // What is not taken stays with whoever wrote it, and goes again later.
    if (isReadOnly || batch.some(({ socket }) => this.#sockets.wasClosedByUs(socket))) return undefined;
    if (!(await this.#load())) return undefined;
    const unheard = this.#unheardAuthorsOf(batch);
    if (unheard.length > 0) await this.#names.learn([...this.#announcing.people('staff'), ...unheard]);
    const isMore = unheard.length > 0 || this.#room.row.snoozedUntil !== null;
    const known = isMore ? this.#announcing.known() : undefined;
    const outcomes = await takePosts(this.#room, batch, Date.now());
    const fresh = outcomes.flatMap((outcome) => ('fresh' in outcome ? [outcome.fresh] : []));
    const announce = () => {
      if (known === undefined || fresh.length === 0) this.#announcing.messages(fresh);
      else this.#announcing.news(known, fresh);
      if (fresh.length > 0) this.#records.heard(Date.now());
      this.#telling.soon();
    };
    return { outcomes, announce };
  }

  #unheardAuthorsOf(batch: readonly Incoming[]): PersonId[] {
    const silent = batch.flatMap(({ asker, post }) =>
      asker.kind === 'staff' && watches(asker) && post.kind === 'note' ? [asker.id] : [],
    );
    if (silent.length === 0) return [];
    const heardOf = new Set(this.#announcing.people('staff'));
    return silent.filter((id) => !heardOf.has(id));
  }

  override async webSocketClose(socket: WebSocket): Promise<void> {
    await this.#left(socket);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    await this.#left(socket);
  }

  async #left(socket: WebSocket): Promise<void> {
    // There is nothing left in which it could be remembered; the seat runs out by itself.
    if (this.#isErased) return;
    try {
      this.#reading.left(socket);
    } finally {
      await this.#sockets.left(socket);
    }
    if (!this.#sockets.isSilent(socket) && (await this.#load())) this.#announcing.present();
  }

  /** The platform tries an alarm that fails again for some minutes alone; what is due then may be a file's end. */
  override async alarm(): Promise<void> {
    this.#alarm.rang();
    if (this.#isErased) return;
    await this.#returning.drop({ now: Date.now() });
    try {
      await this.#onAlarm(Date.now());
    } catch (error) {
      logFault('conversation.alarm', error);
      this.#alarm.by(Date.now() + ringAgainAfter);
    }
  }

  async #onAlarm(now: number): Promise<void> {
    await this.#telling.onAlarm();
    if (!(await this.#load())) return;
    if (!(await this.#records.tell())) this.#telling.wakeLater();
    await this.#files.onAlarm((work) => this.#turns.take(work), now);
    await this.#telling.tell();
    if (this.#room.row.state === 'closed') await this.#turns.take(() => this.#eraseIfOver());
  }
}
