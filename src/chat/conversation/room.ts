/**
 * The conversation itself: what it is in memory, and the one way to change it, a commit. It knows neither Durable
 * Objects nor sockets; the object beside it brings frames in and carries what happened out.
 */
import { type Asker, may, type Thing } from '../../people/permission.ts';
import type { ConversationView, Customer, InboxEntry, Message } from '../../protocol/frames.ts';
import type { FileId, PersonId, SiteId, VisitorId } from '../../protocol/ids.ts';
import type { MaskedKind } from '../../protocol/marks.ts';
import { masked } from '../../protocol/masking.ts';
import { closeCodes } from '../../protocol/refusals.ts';
import type { Vault } from '../../vault.ts';
import type { FileRow } from '../files.ts';
import { mostPaced, paceWithin } from '../inbox.ts';
import { type Facts, openedFacts, sealedFacts } from './facts.ts';
import type { ConversationRow, Heard, History, KeyRow, MessageRow, Part, StoredRemoval } from './history.ts';
import { FileBook } from './file-book.ts';
import { ConversationKeys, type SealingKey } from './keys.ts';
import { isSameStanding, type No, type Place, watches } from './rules.ts';
import { resealed, type Sealed, sealedMessages } from './sealing.ts';
import { Transcript } from './transcript.ts';
import { type Audience, type Sight, sightOf, viewFor } from './views.ts';

export type Opening = Pick<ConversationRow, 'id' | 'site' | 'team' | 'visitor' | 'consent'> & {
  page: string | null;
  customer: Customer;
};

/** What changes in one commit. */
export type Step = {
  messages?: readonly MessageRow[];
  key?: SealingKey | undefined;
  row?: ConversationRow;
  facts?: Partial<Facts>;
  /** Staff who take part from here on, and for whom. */
  people?: ReadonlyMap<PersonId, Part>;
  removal?: { place: Place; removed: StoredRemoval };
  file?: FileRow | undefined;
  /** A file that was never sent, and of which nothing is left. */
  dropped?: FileId;
  restriction?: Heard | undefined;
};

/** A place with its time, and the time of the newest public message, which notes don't move. */
type End = Place & { at: number; publicAt: number };
type State = {
  row: ConversationRow;
  facts: Facts;
  end: End;
  waitingSince: number | null;
  people: ReadonlyMap<PersonId, Part>;
  restriction: Heard | undefined;
};

/** SHA-256 over all messages as they lay sealed before, and as they lie now (see `MessageRows.digest`). */
export type Digests = { former: Uint8Array; digest: Uint8Array; messages: number };

/** What the inbox has to be told: where the conversation stands, or only who waits for whom now. */
export type News = 'standing' | 'waiting';

export type Surroundings = {
  vault: () => Promise<Vault>;
  atomically: <T>(work: () => T) => T;
  /** What a site has masked. */
  masking: (site: SiteId, now: number) => Promise<readonly MaskedKind[]>;
  /** Called in the same commit as whatever the inbox has to be told. */
  changed: (news: News) => void;
  /** How far an author has read is stored with what they say. */
  reading: {
    markOf: (reader: PersonId | VisitorId) => number;
    stored: (reader: PersonId | VisitorId, seq: number) => void;
  };
};

export class Room {
  readonly keys: ConversationKeys;
  readonly transcript: Transcript;
  readonly files: FileBook;
  readonly #history: History;
  readonly #around: Surroundings;
  #state: State | undefined;

  constructor(history: History, around: Surroundings) {
    this.keys = new ConversationKeys(around.vault);
    this.files = new FileBook(history, around.vault, () => this.row);
    this.transcript = new Transcript(history, this.keys, this.files, () => this.row.id);
    this.#history = history;
    this.#around = around;
  }

  /** Does this conversation exist? Reads what it needs the first time. */
  async load(): Promise<boolean> {
    if (this.#state !== undefined) return true;
    if (!this.#history.exists) return false;
    // Read without waiting in between, so that all of it is of one moment.
    const { row, beside } = this.#history.conversation();
    const end = this.#history.messages.end();
    const waitingSince = this.#history.messages.waitingSince();
    const { restriction } = this.#history;
    this.keys.load(row.id, beside.keys);
    const facts = await openedFacts(row.id, await this.keys.first(), row.sealed);
    // Nothing can have changed meanwhile, unless somebody who loaded it too was done before.
    this.#state ??= { row, facts, end, waitingSince, people: beside.people, restriction };
    return true;
  }

  get #loaded(): State {
    if (this.#state === undefined) throw new Error('this conversation is not loaded');
    return this.#state;
  }

  /** Begins the conversation, if it has not begun. Callers take turns. */
  async begin({ page, customer, ...opening }: Opening, now: number): Promise<void> {
    if (await this.load()) return;
    const key = await this.keys.begin(opening.id);
    const kinds = await this.#around.masking(opening.site, now);
    const facts: Facts = { page, customer: withMasked(customer, kinds), tags: [], comment: null };
    const row: ConversationRow = {
      ...opening,
      state: 'waiting',
      assignee: null,
      snoozedUntil: null,
      hold: null,
      formerTeams: [],
      epoch: crypto.randomUUID(),
      startedAt: now,
      changedAt: now,
      changes: 1,
      sealed: await sealedFacts(opening.id, key.key, facts),
      score: null,
    };
    this.#around.atomically(() => {
      this.#history.begin(row, { people: new Map(), keys: [key.row] });
    });
    this.#around.changed('standing');
    this.keys.committed(key);
    const end = { seq: 0, n: 0, at: now, publicAt: now };
    this.#state = { row, facts, end, waitingSince: null, people: new Map(), restriction: undefined };
  }

  /** The one way in which anything changes: all of it, or nothing. */
  commit(step: Step): void {
    const state = this.#loaded;
    const before = { row: state.row, waitingSince: state.waitingSince };
    const { messages = [], key, removal, file, dropped, restriction } = step;
    const isLineNews = this.#isLineNews(step);
    let { row } = step;
    let { waitingSince } = state;
    const newcomers = this.#newcomersOf(step);
    const people = newcomers.size === 0 ? state.people : new Map([...state.people, ...newcomers]);
    if (newcomers.size > 0 || key?.isFresh === true || isLineNews) row ??= state.row;
    // The directory hears it by a higher version.
    if (row !== undefined && isLineNews) row = { ...row, changes: state.row.changes + 1 };
    const store = () => {
      for (const message of messages) this.#history.messages.add(message);
      if (removal !== undefined) {
        this.#history.messages.remove(removal.place, removal.removed);
        waitingSince = this.#history.messages.waitingSince();
        // What was taken back was not waited for, and the inbox hears it by a higher version.
        if (waitingSince !== state.waitingSince) row = { ...state.row, changes: state.row.changes + 1 };
      }
      if (file !== undefined) this.#history.files.put(file);
      if (dropped !== undefined) this.#history.files.drop(dropped);
      if (restriction !== undefined) this.#history.setRestriction(restriction);
      if (row !== undefined) this.#history.save(row, { people, keys: this.keys.rowsWith(key) });
    };
    // What is one statement is whole by itself; a savepoint around it would be a tenth of what a message costs.
    const isOneRow =
      messages.length === 1 && row === undefined && removal === undefined && file === undefined;
    if (isOneRow) store();
    else this.#around.atomically(store);
    if (key?.isFresh === true) this.keys.committed(key);
    if (file !== undefined) this.files.committed(file);
    if (dropped !== undefined) this.files.forget(dropped);
    state.people = people;
    state.restriction = restriction ?? state.restriction;
    if (row !== undefined) state.row = row;
    state.waitingSince = waitingSince;
    state.facts = { ...state.facts, ...step.facts };
    for (const message of messages) this.#append(message);
    if (!isSameStanding(before.row, state.row) || key?.isFresh === true || isLineNews)
      this.#around.changed('standing');
    else if (before.waitingSince !== state.waitingSince) this.#around.changed('waiting');
  }

  /** Whether the directory's line says something else after it: that it is held, or when its files are over. */
  #isLineNews({ row, file, dropped }: Step): boolean {
    if (row !== undefined && (row.hold === null) !== (this.row.hold === null)) return true;
    if (file === undefined && dropped === undefined) return false;
    return this.files.due(file, dropped) !== this.files.due();
  }

  /** Whoever says something takes part: with a note for staff alone. */
  #newcomersOf({ messages = [], people = new Map<PersonId, Part>() }: Step): Map<PersonId, Part> {
    const newcomers = new Map(people);
    for (const { from, n } of messages) {
      if (from.kind !== 'staff') continue;
      if (n === 0) newcomers.set(from.id, 'visitor');
      else if (!newcomers.has(from.id)) newcomers.set(from.id, 'staff');
    }
    const known = this.#loaded.people;
    const isNews = (id: PersonId, part: Part) => known.get(id) !== part && known.get(id) !== 'visitor';
    return new Map([...newcomers].filter(([id, part]) => isNews(id, part)));
  }

  #append({ seq, n, at, from, read }: MessageRow): void {
    const state = this.#loaded;
    this.#around.reading.stored(from.id, read);
    state.end = { seq, n, at, publicAt: n === 0 ? at : state.end.publicAt };
    if (n === 0) state.waitingSince = from.kind === 'staff' ? null : (state.waitingSince ?? at);
  }

  /** The row and facts with these facts changed, ready to be committed. */
  async withFacts(changed: Partial<Facts>): Promise<{ row: ConversationRow; facts: Partial<Facts> }> {
    const sealed = await sealedFacts(this.row.id, await this.keys.first(), changed);
    return { row: { ...this.row, sealed: { ...this.row.sealed, ...sealed } }, facts: changed };
  }

  /** What is masked here before it is kept or passed on. */
  masking(now: number): Promise<readonly MaskedKind[]> {
    return this.#around.masking(this.row.site, now);
  }

  sealed(messages: readonly Message[]): Promise<Sealed> {
    return sealedMessages(this.row.id, this.keys, messages, (author) => this.#around.reading.markOf(author));
  }

  /** The key store has its copy of these. A row that could not say so has them kept once more. */
  keptKeys(rows: readonly KeyRow[]): void {
    this.keys.markKept(rows);
    this.commit({ row: this.row });
  }

  /** The inboxes of former teams have heard of this version. */
  toldFormerTeams(version: number): void {
    const { row } = this.#loaded;
    const formerTeams = row.formerTeams.filter((former) => former.version > version);
    if (formerTeams.length < row.formerTeams.length) this.commit({ row: { ...row, formerTeams } });
  }

  /** Has the keys that lie under this service key wrapped under the active one. @returns how many */
  async rewrapKeys(from: number): Promise<number> {
    const keys = await this.keys.rewrapped(from);
    const files = await this.files.rewrapped(from);
    if (keys.size + files.size === 0) return 0;
    const rows = this.keys.withRecords(keys);
    const fileRows = this.files.rows().flatMap((row) => {
      const record = files.get(row.record);
      return record === undefined ? [] : [{ ...row, record }];
    });
    this.#around.atomically(() => {
      this.#history.save(this.row, { people: this.#loaded.people, keys: rows });
      for (const row of fileRows) this.#history.files.put(row);
    });
    // Only what is stored counts: else a second look would find nothing to do, and the old key would be thrown away.
    this.keys.load(this.row.id, rows);
    for (const row of fileRows) this.files.committed(row);
    return keys.size + files.size;
  }

  /**
   * Has the newest stretch that begins before this number (of all, if none is named) sealed anew under a fresh key, and
   * the former one destroyed, in one commit. In turn.
   * @param entered is told in that commit, with the digest of all messages before it and after it
   * @returns where the stretch begins; null: there is none
   */
  async renewKey(before: number | null, entered: (digests: Digests) => void): Promise<number | null> {
    const stretch = this.keys.stretchBefore(before);
    if (stretch === undefined) return null;
    const { from, to } = await this.keys.anew(stretch.fromSeq);
    const { id } = this.row;
    const messages = this.#history.messages.between(stretch.fromSeq, stretch.end).map(async (row) => {
      const kind = row.n > 0 ? 'note' : this.files.at(row.seq) === undefined ? 'text' : 'file';
      return { row, sealed: await resealed(id, row, kind, { from, to: to.key }) };
    });
    const anew = await Promise.all(messages);
    const { facts } = this.#loaded;
    const sealed = stretch.fromSeq === 1 ? await sealedFacts(id, to.key, facts) : this.row.sealed;
    const { people } = this.#loaded;
    const row = { ...this.row, sealed };
    this.#around.atomically(() => {
      const former = this.#history.messages.digest();
      for (const each of anew) this.#history.messages.reseal(each.row, each.sealed);
      this.#history.saveAnew(row, { people, keys: this.keys.rowsInstead(to) });
      const { digest, messages } = this.#history.messages.digest();
      entered({ former: former.digest, digest, messages });
    });
    this.keys.renewed(to);
    this.#loaded.row = row;
    this.#around.changed('standing');
    return stretch.fromSeq;
  }

  // What there is -----------------------------------------------------------------------------------------------

  /** Whoever is not shown as there needs the right to that too. */
  mayRead(asker: Asker): boolean {
    const { thing } = this;
    return (
      may(asker, 'conversation.read', thing) && (!watches(asker) || may(asker, 'conversation.watch', thing))
    );
  }

  /** Why they may not read it, if they may not. That it is restricted hears who could read it otherwise. */
  unreadable(asker: Asker): No | undefined {
    if (this.mayRead(asker)) return undefined;
    const { thing } = this;
    const isForIt = this.isRestricted && may(asker, 'conversation.read', { ...thing, restricted: false });
    return { refused: isForIt ? 'restricted' : 'not_found' };
  }

  /** With what a socket of theirs is closed, if they may not read it. */
  shutTo(asker: Asker): number | undefined {
    const no = this.unreadable(asker);
    return no && (no.refused === 'restricted' ? closeCodes.restricted : closeCodes.notFound);
  }

  get thing(): Thing {
    const { team, site, visitor, state, assignee } = this.#loaded.row;
    const isWaiting = state === 'waiting';
    return { team, site, visitor, person: assignee, waiting: isWaiting, restricted: this.isRestricted };
  }

  /** Whether it is kept, and nothing else is done with it: its customer's data are restricted. */
  get isRestricted(): boolean {
    return this.#loaded.restriction?.on === true;
  }

  /** The version of the register of restrictions that was heard last. */
  get restrictionHeardAt(): number {
    return this.#loaded.restriction?.at ?? 0;
  }

  /** Whether nothing of it goes though its time is over: a legal hold is on it, or it is restricted. */
  get isKept(): boolean {
    return this.row.hold !== null || this.isRestricted;
  }

  get row(): ConversationRow {
    return this.#loaded.row;
  }

  get facts(): Facts {
    return this.#loaded.facts;
  }

  get head(): number {
    return this.#loaded.end.seq;
  }

  get end(): End {
    return this.#loaded.end;
  }

  view(sight: Sight): ConversationView {
    const { row, facts } = this.#loaded;
    return viewFor(sight, row, facts, this.isRestricted);
  }

  viewOf(asker: Asker): ConversationView {
    return this.view(sightOf(asker, this.thing));
  }

  inboxEntry(): InboxEntry {
    const { row, waitingSince, end } = this.#loaded;
    const { id, site, team, state, assignee, snoozedUntil, startedAt } = row;
    return {
      id,
      site,
      team,
      state,
      assignee,
      snoozedUntil,
      waitingSince: state === 'closed' ? null : waitingSince,
      startedAt,
      changedAt: Math.max(row.changedAt, end.publicAt),
      version: row.changes + end.seq,
    };
  }

  /** How many messages were said in the last minutes of it (see `paceWithin`). */
  pace(): number {
    const { end } = this.#loaded;
    return this.#history.messages.countSince(end.publicAt - paceWithin, mostPaced);
  }

  /** Everyone on staff who took part, by id: for visitors those who claimed or answered. */
  people(audience: Audience): PersonId[] {
    const ids = [...this.#loaded.people].flatMap(([id, part]) =>
      audience === 'staff' || part === 'visitor' ? [id] : [],
    );
    return ids.toSorted();
  }
}

function withMasked(customer: Customer, kinds: readonly MaskedKind[]): Customer {
  const answers = customer.answers.map(({ question, answer }) => ({
    question,
    answer: masked(answer, kinds).text,
  }));
  return { ...customer, answers };
}
