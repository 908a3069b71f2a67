/**
 * The one writer of the ledger: every entry gets its place here, and what is answered has been committed. D1 and R2
 * hear of it afterwards, as often as it takes; checkpoints speak only of what D1 has.
 */
import { DurableObject } from 'cloudflare:workers';
import { type Env, vaultOf } from '../config.ts';
import { logFault } from '../log.ts';
import type { Finding } from '../protocol/alarms.ts';
import {
  checkpointText,
  type Entry,
  hashBytes,
  leafBytes,
  leafHash,
  leafText,
  readLeaf,
  signNote,
  type Tile,
  toBase64,
} from '../protocol/ledger-proof.ts';
import { objectOf } from '../residency.ts';
import { type DataKey, detailsKeyPlace, keyStore, monthOf, resealDetails, sealDetails } from '../vault.ts';
import { type Archived, Archiving, Gap } from './archiving.ts';
import { idOf } from './ids.ts';
import { entryLate } from './late.ts';
import { ledgerName } from './name.ts';
import {
  type KeyPlace,
  LedgerStore,
  LedgerTable,
  type Row,
  type Sealed,
  type Span,
  type Taken,
  TileBucket,
} from './store.ts';
import type { Folded, Told } from './telling.ts';

const minute = 60_000;
/** Whoever tells something again does so within this time, or else D1 is asked whether it knows it. */
const toldAgainWithin = 48 * 60 * minute;
/** An answer that is not given by now will not be: what was begun is entered as it stands. */
const answeredWithin = minute;
const rowsAtOnce = 200;
/** D1 is told of all that came within this time in one go. */
const gatherFor = 50;
/** What is personal of one in a month and is sealed anew at once: more than that are refusals of nobody in particular. */
const mostDetails = 10_000;

export class Ledger extends DurableObject<Env> {
  readonly #store: LedgerStore;
  readonly #table: LedgerTable;
  readonly #tiles: TileBucket;
  readonly #archiving: Archiving;
  readonly #keys = new Map<string, DataKey>();
  /** Keys are made and destroyed one after the other, so that none comes back. */
  #keyTurn: Promise<unknown> = Promise.resolve();
  #writing: Promise<void> | undefined;
  /** What waited in D1 when this woke up is being entered. */
  #late: Promise<void> | undefined;
  #alarmIsSet = false;
  #isWriteDue = false;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = new LedgerStore(ctx.storage.sql);
    this.#table = new LedgerTable(env.DB);
    this.#tiles = new TileBucket(env.LEDGER);
    this.#archiving = new Archiving(
      this.#table,
      this.#tiles,
      () => this.#store.state().written,
      (move) => this.#inKeyTurn(move),
    );
    void ctx.blockConcurrencyWhile(() => this.#catchUp());
  }

  /**
   * Enters these in this order; what was told before under the same id is there already. They are durable before
   * this answers.
   */
  async append(all: readonly Told[]): Promise<void> {
    this.#refuseWhilePuttingBack();
    const news: Told[] = [];
    for (const told of all) {
      const fresh = (await this.#isOld(told)) ? this.#afterAll(told) : told;
      if (fresh !== undefined) news.push(fresh);
    }
    let sealed: Sealed[];
    do {
      sealed = [];
      for (const told of news) sealed.push(await this.#sealed(told));
    } while (!this.#areUnderTheirKeys(sealed));
    this.ctx.storage.transactionSync(() => {
      this.#extend(sealed.map(takenFrom), Date.now());
      for (const { id } of all) this.#store.end(id);
    });
    if (!this.#store.isWaiting) return;
    this.ctx.waitUntil(this.#wakeLater());
    this.ctx.waitUntil(this.#writeSoon());
  }

  /** Keeps that something is about to be done, until it is entered what became of it, or that nothing did. */
  async begin(entry: Entry): Promise<void> {
    this.#refuseWhilePuttingBack();
    this.#store.begin(entry, Date.now());
    await this.#wakeLater();
  }

  drop(id: Entry['id']): void {
    this.#store.end(id);
  }

  /** Counts what comes over and over. One entry for each key stands in the ledger within two minutes. */
  async fold(all: readonly Folded[]): Promise<void> {
    this.#refuseWhilePuttingBack();
    const vault = await vaultOf(this.env);
    const hashing = all.map(async ({ key, ...folded }) => {
      return { ...folded, hashed: (await vault.lookup('ledger fold', key)).toHex() };
    });
    for (const { hashed, told, count } of await Promise.all(hashing)) {
      if (this.#store.countFolded(hashed, count)) this.#store.end(told.id);
      else await this.#foldAnew(hashed, told, count);
    }
    await this.#wakeLater();
  }

  async #foldAnew(key: string, told: Told, count: number): Promise<void> {
    let sealed: Sealed | undefined;
    // Of the rest of a crowd nothing is sealed that would be thrown away.
    if (this.#store.mayFold(told))
      do sealed = await this.#sealed(told);
      while (!this.#areUnderTheirKeys([sealed]));
    if (sealed !== undefined && this.#store.mayFold(told)) this.#store.fold(key, sealed, count, Date.now());
    else this.#store.foldWithOthers(told, count, Date.now());
    this.#store.end(told.id);
  }

  /** What is personal about somebody becomes unreadable. The entries stay, and so does what they prove. */
  async forget(owner: string): Promise<void> {
    await this.#inKeyTurn(async () => {
      await this.#table.destroyKeys(owner, monthOf(Date.now()));
      await keyStore(this.env.KEYS).deleteAll('ledger', owner);
      for (const name of this.#keys.keys()) if (name.startsWith(`${owner}/`)) this.#keys.delete(name);
    });
  }

  /** What is personal of these people in these months becomes unreadable. Done again it is the same. */
  async forgetMonths(places: readonly KeyPlace[]): Promise<void> {
    await this.#inKeyTurn(async () => {
      const keys = keyStore(this.env.KEYS);
      for (const { owner, month } of places) await keys.delete('ledger', `${owner}/${month}`);
      await this.#table.destroyKeysAt(places);
      for (const { owner, month } of places) this.#keys.delete(`${owner}/${month}`);
    });
  }

  /**
   * What is personal of somebody in a month is sealed anew under another key, all of it or nothing. What lies in the archive
   * stays as it is, with its month's key. Done again it has another key once more.
   * @throws there is too much of it
   */
  async renewMonth({ owner, month }: KeyPlace): Promise<void> {
    this.#refuseWhilePuttingBack();
    await this.#inKeyTurn(async () => {
      const archived = await this.#table.lastArchivedMonth();
      if (archived !== undefined && month <= archived) return;
      const name = `${owner}/${month}`;
      // Whoever seals under it from here on waits until this is over, and what they have not stored they seal once more.
      this.#keys.delete(name);
      this.ctx.storage.transactionSync(() => {
        this.#unfold(this.#store.foldedBefore(Infinity).filter(({ details }) => details?.of === owner));
      });
      await this.#written();
      const [kept] = await this.#table.keysOf([{ owner, month }]);
      if (kept === undefined) return;
      const rows = await this.#table.detailsOf(owner, spanOf(month), mostDetails + 1);
      if (rows.length > mostDetails) throw new RangeError('there are too many details of one month');
      const vault = await vaultOf(this.env);
      const place = detailsKeyPlace(owner, month);
      const from = await vault.dataKey(place, kept.key);
      const { key, record } = await vault.newDataKey(place);
      const anew = await Promise.all(
        rows.map(async (row) => ({ ...row, details: await resealDetails(from, key, row.id, row.details) })),
      );
      if (!(await this.#table.renewKey({ owner, month }, { before: kept.key, after: record }, anew))) return;
      this.#store.resealed(anew);
      await keyStore(this.env.KEYS).instead('ledger', name, record);
      this.#keys.set(name, key);
    });
  }

  /** Its storage and what it read of the database when it woke up are there. */
  isThere(): boolean {
    return this.#store.state().size >= 0;
  }

  /** Entries before this place stand in D1 as they were entered; what stands behind them there is nobody's but whose who wrote it. */
  written(): number {
    return this.#store.state().written;
  }

  /** As `checkpoint`, or the place at which nothing more is written or signed. @throws what is no break, such as D1 being away */
  async headOrBreak(): Promise<{ note: string; size: number } | { brokenAt: number }> {
    try {
      return await this.checkpoint();
    } catch (error) {
      if (error instanceof Broken) return { brokenAt: error.seq };
      throw error;
    }
  }

  /** The tree's head as it stands in D1, signed. @throws while another row stands where the next entry goes, or some are gone */
  async checkpoint(): Promise<{ note: string; size: number }> {
    this.#refuseWhilePuttingBack();
    await this.#late;
    const { size, root } = await this.#written();
    const signed = this.#store.signed();
    if (signed.size === size) return signed;
    const name = ledgerName(this.env);
    const { publicKey, privateKey } = await (await vaultOf(this.env)).ledgerKey(Date.now());
    const note = await signNote(checkpointText({ origin: name, size, root }), { name, publicKey }, (text) =>
      crypto.subtle.sign('Ed25519', privateKey, text),
    );
    this.#store.setSigned({ size, note });
    return { size, note };
  }

  /** The first `width` hashes of a tile; undefined where there are not as many. */
  async tile(level: number, index: number, width: number): Promise<Uint8Array | undefined> {
    const hashes = this.#store.tile(level, index) ?? (await this.#tiles.get(level, index));
    return hashes !== undefined && hashes.length >= width * hashBytes
      ? hashes.slice(0, width * hashBytes)
      : undefined;
  }

  /** Once a day: the head is kept for ever, what nobody tells again is forgotten. */
  async tidy(): Promise<string> {
    const { size, note } = await this.checkpoint();
    await this.#tiles.keepCheckpoint(size, note);
    await this.#takeLate();
    this.#store.forget(Date.now() - toldAgainWithin);
    return note;
  }

  /** A stretch of what goes to the archive (`Archiving.stretch`). */
  async archive(): Promise<Archived> {
    this.#refuseWhilePuttingBack();
    return this.#archiving.stretch().catch((error: unknown) => {
      throw error instanceof Gap ? this.#broken(error.seq, missing) : error;
    });
  }

  /** How many entries may go to the archive now. */
  async toArchive(): Promise<number> {
    this.#refuseWhilePuttingBack();
    return this.#archiving.due();
  }

  // A ledger that is put back from a backup ---------------------------------------------------------------------

  /** Until it is back, nothing is entered: whoever tells something keeps it for later (`tellLate`). */
  #refuseWhilePuttingBack(): void {
    if (this.#store.keeper() !== undefined) throw new Error('the ledger is being put back');
  }

  /**
   * Makes room for the ledger of a backup. What was entered while nobody was here yet goes.
   * @returns false: there is more than the database has, so that this is the writer of another ledger, which stays
   */
  async beginPutBack(run: string): Promise<boolean> {
    if (this.#store.keeper() === run) return true;
    if (this.#store.keeper() === undefined) {
      await this.#write();
      if (this.#store.state().size > (await this.#table.end())) return false;
    }
    await this.#inKeyTurn(() => {
      this.ctx.storage.transactionSync(() => this.#store.beginPuttingBack(run));
      this.#keys.clear();
      return Promise.resolve();
    });
    return true;
  }

  /**
   * Takes these in, which lie in the database or the archive already, behind this place. Those that are here stay.
   * @returns how many entries there are now, and the tree's root
   */
  async putBack(
    run: string,
    from: number,
    rows: readonly Pick<Row, 'leaf' | 'details'>[],
  ): Promise<{ size: number; root: string }> {
    if (this.#store.keeper() !== run) throw new Error('this ledger is not being put back by this run');
    const { size } = this.#store.state();
    if (size < from) throw new RangeError(`entries from ${size} on are missing`);
    const news = rows.slice(size - from);
    const now = Date.now();
    this.ctx.storage.transactionSync(() => {
      for (const [n, { leaf, details }] of news.entries()) {
        const entry = readLeaf(leaf);
        // Whoever told it may tell it again: it is known for as long as that.
        if (entry !== undefined && now - entry.at <= toldAgainWithin)
          this.#store.take(size + n, { id: entry.id, leaf, details }, now);
      }
      this.#store.grow(news.map(({ leaf }) => leaf));
    });
    for (
      let full = this.#store.fullTiles(rowsAtOnce);
      full.length > 0;
      full = this.#store.fullTiles(rowsAtOnce)
    )
      for (const tile of full) {
        await this.#tiles.put(tile);
        this.#store.dropTile(tile);
      }
    const root = this.#store.edge().root();
    return { size: this.#store.state().size, root: toBase64(root) };
  }

  /** All of it is back: from here on it grows again, first by what waited meanwhile. */
  async endPutBack(run: string): Promise<void> {
    if (this.#store.keeper() !== run) return;
    this.#keys.clear();
    this.#store.endPuttingBack();
    await this.#takeLate();
    await this.#wakeLater();
  }

  override async alarm(): Promise<void> {
    this.#alarmIsSet = false;
    if (this.#store.keeper() !== undefined) return;
    const before = Date.now() - answeredWithin;
    await this.append(this.#store.begunBefore(before).map((entry) => ({ ...entry, outcome: 'unknown' })));
    this.ctx.storage.transactionSync(() => {
      this.#unfold(this.#store.foldedBefore(before));
    });
    await this.#write();
    if (this.#store.isWaiting) await this.#wakeLater();
  }

  /**
   * Storage that was taken back to an older time knows less than it has said. D1 has everything that a checkpoint has
   * ever spoken of, and whatever is missing here is read from there. It counts as written once it was held against D1
   * like all that is.
   */
  async #catchUp(): Promise<void> {
    if (this.#store.keeper() !== undefined) return;
    for (let grows = true; grows;) {
      const { size } = this.#store.state();
      const taken = takenAgain(await this.#table.from(size, rowsAtOnce), size);
      if (taken.length === 0) break;
      this.ctx.storage.transactionSync(() => {
        this.#extend(taken, Date.now());
      });
      grows = this.#store.state().size > size;
    }
    await this.#goBack().catch((error: unknown) => {
      logFault('ledger.written', error);
    });
    // Whatever anybody left there: this wakes up.
    this.#late = this.#takeLate().catch((error: unknown) => {
      logFault('ledger.late', error);
    });
    this.ctx.waitUntil(this.#late.then(() => this.#write()));
  }

  /** What others kept while nobody here could be told. A row that none of them has written stays where it is. */
  async #takeLate(): Promise<void> {
    let strange = 0;
    let late = await this.#table.late('', rowsAtOnce);
    for (; late.length > 0; late = await this.#table.late(late.at(-1)?.id ?? '', rowsAtOnce)) {
      const entries = late.flatMap((row) => entryLate(row) ?? []);
      const entered = new Set(late.flatMap(({ id, isEntered }) => (isEntered ? [id] : [])));
      this.ctx.storage.transactionSync(() => {
        const taken = entries.flatMap((entry): Taken[] => {
          const isOld = this.#store.has(entry.id) || entered.has(entry.id);
          const news = isOld ? this.#afterAll(entry) : entry;
          if (news === undefined) return [];
          return [takenFrom({ entry: { ...news, late: true }, details: undefined, sealed: null })];
        });
        this.#extend(taken, Date.now());
        for (const { id } of entries) this.#store.end(id);
      });
      await this.#table.dropLate(entries.map(({ id }) => id));
      strange += late.length - entries.length;
    }
    if (strange > 0) logFault('ledger.late', new RangeError(`${strange} of these are no entries`));
  }

  /**
   * A database that was taken back to an older time is told again what it has lost, as far as that is still here. What
   * is not leaves a gap, behind which nothing more is written or signed.
   */
  async #goBack(): Promise<void> {
    const end = await this.#table.end();
    if (end >= this.#store.state().written) return;
    if (!this.#store.remembers(end)) throw this.#broken(end, missing);
    this.#store.setWritten(end);
  }

  /** What was entered as unknown, and has been done or refused after all, has one entry more that says so. */
  #afterAll(told: Told): Told | undefined {
    const entered = readLeaf(this.#store.leafOf(told.id) ?? '');
    if (entered?.outcome !== 'unknown' || told.outcome === 'unknown') return undefined;
    return { ...told, id: idOf('after all', told.id), facts: { ...told.facts, begun: told.id } };
  }

  async #isOld({ id, at }: Told): Promise<boolean> {
    return this.#store.has(id) || (Date.now() - at > toldAgainWithin && (await this.#table.has(id)));
  }

  /** What was folded is entered as it stands. To be called inside a transaction. */
  #unfold(folded: ReturnType<LedgerStore['foldedBefore']>): void {
    this.#extend(folded.map(counted), Date.now());
    this.#store.unfold(folded.map(({ key }) => key));
  }

  /** False: a key of theirs was destroyed or renewed meanwhile. Nothing may be awaited between this and storing them. */
  #areUnderTheirKeys(sealed: readonly Sealed[]): boolean {
    return sealed.every(({ by }) => by === undefined || this.#keys.get(by.name) === by.key);
  }

  async #sealed({ personal, ...entry }: Told): Promise<Sealed> {
    if (personal === undefined) return { entry, details: undefined, sealed: null };
    const key = await this.#keyOf(personal.of, monthOf(entry.at));
    // Whoever was erased in this month leaves nothing more in it.
    if (key === undefined) return { entry, details: undefined, sealed: null };
    const by = { name: `${personal.of}/${monthOf(entry.at)}`, key };
    return { entry, by, ...(await sealDetails(key, entry.id, personal.of, personal.what)) };
  }

  async #keyOf(owner: string, month: string): Promise<DataKey | undefined> {
    const name = `${owner}/${month}`;
    return this.#keys.get(name) ?? this.#inKeyTurn(() => this.#newKeyOf(owner, month));
  }

  #inKeyTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#keyTurn.then(work);
    this.#keyTurn = done.catch(() => undefined);
    return done;
  }

  /** Undefined: it was destroyed. */
  async #newKeyOf(owner: string, month: string): Promise<DataKey | undefined> {
    const name = `${owner}/${month}`;
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const vault = await vaultOf(this.env);
    const place = detailsKeyPlace(owner, month);
    const { record } = await vault.newDataKey(place);
    const kept = await this.#table.key(owner, month, record);
    if (kept.length === 0) return undefined;
    await keyStore(this.env.KEYS).add('ledger', name, kept);
    const key = await vault.dataKey(place, kept);
    this.#keys.set(name, key);
    return key;
  }

  /** The tree grows by these, but for those that came in meanwhile. */
  #extend(taken: readonly Taken[], now: number): void {
    const edge = this.#store.edge();
    const full: Tile[] = [];
    for (const one of taken) {
      if (this.#store.has(one.id)) continue;
      this.#store.take(edge.size, one, now);
      full.push(...edge.push(leafHash(leafBytes(one.leaf))));
    }
    this.#store.setEdge(edge, full);
  }

  /** Nothing waits for D1 and R2 but checkpoints: what comes at once goes there at once. What fails is tried by the alarm. */
  async #writeSoon(): Promise<void> {
    if (this.#isWriteDue) return;
    this.#isWriteDue = true;
    await scheduler.wait(gatherFor);
    this.#isWriteDue = false;
    await this.#write();
  }

  async #write(): Promise<void> {
    await this.#written().catch((error: unknown) => {
      logFault('ledger.write', error);
    });
  }

  /** The tree that D1 has whole: the size and root at the moment at which nothing was missing there. */
  async #written(): Promise<{ size: number; root: Uint8Array }> {
    while (this.#store.state().written < this.#store.state().size) {
      this.#writing ??= this.#writeRows().finally(() => {
        this.#writing = undefined;
      });
      await this.#writing;
    }
    const { size } = this.#store.state();
    const root = this.#store.edge().root();
    for (const tile of this.#store.fullTiles(rowsAtOnce)) {
      await this.#tiles.put(tile);
      this.#store.dropTile(tile);
    }
    return { size, root };
  }

  async #writeRows(): Promise<void> {
    await this.#goBack();
    const rows = this.#store.unwritten(rowsAtOnce);
    const there = await this.#table.add(rows);
    for (const { seq, leaf } of rows) if (there.get(seq) !== leaf) throw this.#broken(seq, another);
    this.#store.setWritten((rows.at(-1)?.seq ?? -1) + 1);
    this.#store.heal();
    this.ctx.waitUntil(this.#pokeWatch());
  }

  /** To be thrown. Whoever watches is told of the place, once until it is healed. */
  #broken(seq: number, what: string): Broken {
    if (this.#store.toldBrokenAt() !== seq) this.ctx.waitUntil(this.#tellBroken(seq, what));
    return new Broken(seq, what);
  }

  /** Who can't be told is told when it is met again, which is within a minute. */
  async #tellBroken(seq: number, what: string): Promise<void> {
    try {
      const facts = { entry: seq, what: `Entry ${seq} ${what}, and nothing more is written or signed` };
      await watchOf(this.env).raise({ rule: 'ledger.broken', about: null, facts });
      this.#store.setToldBroken(seq);
    } catch (error) {
      logFault('ledger.alarm', error);
    }
  }

  /** Whoever watches looks a little later at all that is there by then. */
  async #pokeWatch(): Promise<void> {
    await watchOf(this.env)
      .poke()
      .catch((error: unknown) => {
        logFault('ledger.poke', error);
      });
  }

  async #wakeLater(): Promise<void> {
    if (this.#alarmIsSet) return;
    this.#alarmIsSet = true;
    await this.ctx.storage.setAlarm(Date.now() + answeredWithin);
  }
}

/** A month in UTC, such as 2026-11. */
function spanOf(month: string): Span {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return { from: Date.UTC(year, number - 1), to: Date.UTC(year, number) };
}

function takenFrom({ entry, details, sealed }: Sealed): Taken {
  return { id: entry.id, leaf: leafText(entry, details), details: sealed };
}

function counted({ entry, count, ...others }: Sealed & { count: number }): Taken {
  return takenFrom({ ...others, entry: { ...entry, facts: { ...entry.facts, count } } });
}

/** As the database has them, from this place on, as far as they are entries and follow one another. */
function takenAgain(rows: readonly Row[], from: number): Taken[] {
  const taken: Taken[] = [];
  for (const { seq, leaf, details } of rows) {
    const id = readLeaf(leaf)?.id;
    if (id === undefined || seq !== from + taken.length) break;
    taken.push({ id, leaf, details });
  }
  return taken;
}

const missing = 'is missing in the database';
const another = 'stands in the database as another one';
/** What the database holds is not what was entered. */
class Broken extends Error {
  readonly seq: number;
  constructor(seq: number, what: string) {
    super(`entry ${seq} ${what}`);
    this.seq = seq;
  }
}

type Watcher = { poke(): Promise<void>; raise(finding: Finding): Promise<void> };

/** The object that raises alarms, of which nothing more is known here. */
function watchOf(env: Env): Watcher {
  return objectOf(env, 'Watch', 'watch') as Watcher;
}
