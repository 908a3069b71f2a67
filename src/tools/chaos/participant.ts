/**
 * Somebody in a conversation, as a right client takes part: what is said waits until its own id comes back, who
 * comes back says where they were, and nothing goes out before the news is caught up with.
 */
import type { ConversationView, Message, Post, ServerFrame } from '../../protocol/frames.ts';
import { limits } from '../../protocol/limits.ts';
import type { Caller } from '../engine/caller.ts';
import { Copy, isBefore, placeOf, type Place } from './copy.ts';
import type { ClientRecord, Said, View } from './evidence.ts';
import { Link } from './link.ts';
import { Queue } from './queue.ts';
import type { Random } from './random.ts';
import type { Server } from './server.ts';
import type { Tally } from './tally.ts';
import { forStaff } from './words.ts';

/** A frame that is neither acknowledged nor refused for so long was lost. */
const PATIENCE_MS = 5_000;
/** After a refusal that passes. */
const PAUSE_MS = { least: 20, most: 300 };
const DOUBLED = 0.04;
const HELD_UP = { likelihood: 0.03, leastMs: 5, mostMs: 150 };
/** Refusals of one post that are meant. */
const FINAL = ['conversation_closed', 'not_allowed', 'no_room'];
/** Refusals of a frame that say: again. */
const PASSING = ['unavailable', 'internal', 'too_fast'];

export interface Around {
  readonly server: Server;
  readonly tally: Tally;
  readonly random: Random;
}

export interface Part {
  readonly name: string;
  readonly conversation: string;
  readonly audience: 'staff' | 'visitor';
  readonly ordered: boolean;
}

export class Participant {
  readonly part: Part;
  readonly caller: Caller;
  readonly link: Link;
  readonly queue = new Queue();
  readonly complaints: string[] = [];
  /** As it stands by the last word about it. */
  view: ConversationView | undefined;
  /** Everything up to the head at the last welcome is here. */
  isCaughtUp = false;
  readonly #tally: Tally;
  readonly #random: Random;
  readonly #earlier: View[] = [];
  #copy: Copy | undefined;
  #end: Place = { seq: 0, n: 0 };
  #underWay = new Set<string>();
  #isPaging = false;
  #isPausing = false;
  #timer: NodeJS.Timeout | undefined;

  constructor({ server, tally, random }: Around, caller: Caller, part: Part) {
    this.caller = caller;
    this.part = part;
    this.#tally = tally;
    this.#random = random;
    this.link = new Link(server, caller, `/conversations/${part.conversation}`, random.named('line'), {
      query: () => this.#query(),
      opened: () => undefined,
      heard: (text) => this.#heard(text),
      lost: () => this.#lost(),
      silent: () => (tally.silences += 1),
      complain: (what) => this.complain(what),
    });
  }

  get last(): number {
    return this.#copy?.last.seq ?? 0;
  }

  get messages(): readonly Message[] {
    return this.#copy?.messages ?? [];
  }

  /** Holds all of the conversation, and has nothing left to say. */
  get isDone(): boolean {
    return this.isCaughtUp && this.queue.length === 0 && (this.#copy?.start ?? 2) <= 1;
  }

  say(said: Said): void {
    this.queue.add(said, this.last);
    this.#mend();
  }

  /** What keeps no message from going: they overtake each other as they like. */
  sign(frame: object): void {
    if (this.isCaughtUp) this.link.say(frame);
  }

  /** Turns back, a page at a time. */
  page(): void {
    const { isCaughtUp, link } = this;
    if (!isCaughtUp || this.#isPaging || this.#copy === undefined || this.#copy.start <= 1) return;
    this.#isPaging = true;
    link.say({ type: 'page', before: this.#copy.start, limit: limits.pageMessages });
  }

  complain(what: string): void {
    if (this.complaints.length < 20) this.complaints.push(what);
  }

  record(): ClientRecord {
    const { part, caller, queue, complaints } = this;
    return {
      ...part,
      author: caller.id,
      said: queue.said,
      acknowledged: queue.acknowledged,
      refused: queue.refused,
      doubtful: queue.doubtful,
      unsent: queue.ids(),
      saw: [...this.#earlier, ...this.#view()],
      complaints,
    };
  }

  #view(): View[] {
    return this.#copy === undefined ? [] : [{ epoch: this.#copy.epoch, messages: this.#copy.messages }];
  }

  #query(): string {
    if (this.#copy?.isBegun !== true) return '';
    const { seq, n } = this.#copy.last;
    return `?after=${seq}&n=${n}&epoch=${this.#copy.epoch}`;
  }

  #lost(): void {
    clearTimeout(this.#timer);
    this.isCaughtUp = false;
    this.#isPaging = false;
    this.#isPausing = false;
    this.#underWay.clear();
  }

  #heard(text: string): void {
    if (this.part.audience === 'visitor' && forStaff.test(text)) this.complain(`heard what is for staff`);
    const frame = JSON.parse(text) as ServerFrame;
    switch (frame.type) {
      case 'welcome':
        this.#welcomed(frame);
        break;
      case 'messages':
        if (frame.older === true) this.#turnedBack(frame.messages);
        else this.#went(frame.messages);
        break;
      case 'refused':
        this.#refused(frame);
        break;
      case 'changed':
        this.view = frame.conversation;
        break;
      case 'removed':
        this.#copy?.remove(frame.removals);
        break;
      case 'typing':
      case 'read':
      case 'people':
      case 'present':
      case 'file':
      case 'renewed':
        break;
    }
  }

  /** A copy of another epoch, or one that is ahead of the head, tells of a history that a restore has replaced. */
  #welcomed({ conversation, epoch, head, n = 0 }: ServerFrame & { type: 'welcome' }): void {
    this.view = conversation;
    this.#end = { seq: head, n };
    const known = this.#copy;
    if (known?.epoch !== epoch || isBefore(this.#end, known.last)) {
      if (known?.epoch === epoch) this.complain(`head ${head} is behind what was said in this epoch`);
      this.#earlier.push(...this.#view());
      this.#copy = new Copy(epoch, head === 0);
    }
    this.#catchUp();
  }

  #went(messages: readonly Message[]): void {
    if (this.#copy === undefined) {
      this.complain('messages before the welcome');
      return;
    }
    const wrong = this.#copy.append(messages);
    if (wrong !== undefined) {
      this.complain(wrong);
      this.link.drop();
      return;
    }
    for (const message of messages) this.#acknowledged(message);
    this.#catchUp();
  }

  #acknowledged(message: Message): void {
    if (message.from.id !== this.caller.id) return;
    const { life } = this.link;
    this.#underWay.delete(message.id);
    if (this.queue.acknowledge({ id: message.id, ...placeOf(message), life })) this.#tally.acknowledged += 1;
  }

  #turnedBack(page: readonly Message[]): void {
    this.#isPaging = false;
    const wrong = this.#copy?.prepend(page);
    if (wrong !== undefined) this.complain(wrong);
    for (const message of page) this.#acknowledged(message);
    this.#catchUp();
  }

  /** Only once the news is here can be said again what waits: what had arrived has come back by its id. */
  #catchUp(): void {
    if (this.#copy?.reaches(this.#end) === true) this.isCaughtUp = true;
    this.#mend();
  }

  /** What may have arrived is looked for as far back as it can be: its page is fetched before anything goes. */
  #mend(): void {
    if (!this.isCaughtUp || this.#isPausing || this.#underWay.size > 0 || this.#copy === undefined) return;
    clearTimeout(this.#timer);
    if (this.#copy.start > 1 && this.queue.lowestSince() < this.#copy.start - 1) {
      this.page();
      return;
    }
    this.queue.raiseSince(this.last);
    this.#send();
  }

  #send(): void {
    if (!this.isCaughtUp || this.#isPausing || this.#underWay.size > 0 || this.queue.length === 0) return;
    const posts = this.queue.next(this.#random.from(1, 60));
    const isDoubled = this.#random.chance(DOUBLED);
    this.queue.sent(posts, isDoubled);
    this.#underWay = new Set(posts.map(({ id }) => id));
    const isHeldUp = this.#random.chance(HELD_UP.likelihood);
    const heldUpMs = isHeldUp ? this.#random.from(HELD_UP.leastMs, HELD_UP.mostMs) : 0;
    if (isHeldUp) this.#tally.delays += 1;
    if (isDoubled) this.#tally.duplicates += 1;
    for (const some of this.#frames(posts)) {
      for (let times = isDoubled ? 2 : 1; times > 0; times--)
        this.link.say({ type: 'post', posts: some }, heldUpMs);
    }
    this.#timer = setTimeout(() => this.link.drop(), PATIENCE_MS);
  }

  /** Who does not care for the order sends two frames, the later one first. */
  #frames(posts: readonly Post[]): Post[][] {
    if (this.part.ordered || posts.length < 2) return [[...posts]];
    this.#tally.swaps += 1;
    const half = Math.ceil(posts.length / 2);
    return [posts.slice(half), posts.slice(0, half)];
  }

  #refused({ id, code, detail }: ServerFrame & { type: 'refused' }): void {
    if (PASSING.includes(code)) this.#again();
    else if (code === 'stale') this.link.drop();
    else if (id !== undefined && FINAL.includes(code)) {
      this.queue.refuse(id);
      this.#underWay.delete(id);
      this.#mend();
    } else if (id !== undefined || (code !== 'not_allowed' && !detail.startsWith('seq')))
      this.complain(`refused as ${code}: ${detail}`);
  }

  /** After a failure all that was under way goes again, in its order. */
  #again(): void {
    this.#isPaging = false;
    if (this.#isPausing) return;
    this.#underWay.clear();
    clearTimeout(this.#timer);
    this.#isPausing = true;
    const pauseMs = this.#random.from(PAUSE_MS.least, PAUSE_MS.most);
    this.#timer = setTimeout(() => {
      this.#isPausing = false;
      this.#mend();
    }, pauseMs);
  }
}
