/**
 * How a conversation comes back from a backup: it takes in what was kept of it, and is opened once all of it is here. Its
 * keys come from the store of keys, or it does not come back; its epoch is another one, by which everybody who knew it
 * begins anew.
 */
import { type Env, vaultOf } from '../../config.ts';
import type { FileView } from '../../protocol/frames.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import { keyStore, VaultError } from '../../vault.ts';
import { deleteFilesOf, filePlace, type FileRow, goneFrom } from '../files.ts';
import { openedFacts, sealedFacts } from './facts.ts';
import {
  type ConversationRow,
  type History,
  type Imaged,
  type Keeper,
  type KeyRow,
  positionOf,
  type StoredRemoval,
} from './history.ts';
import { ConversationKeys } from './keys.ts';
import { isSameStanding, type Place, type Standing } from './rules.ts';
import { openedMessage } from './sealing.ts';

/** `files`: that can be opened again, and that can not. `lost`: messages of which nobody has the key any more. */
export type Returned =
  | { state: 'back'; files: number; filesGone: number; lost: number }
  /** Its keys are nowhere any more, or are others by now, and nothing of it stays. */
  | { state: 'gone' }
  /** Nothing of it was put back. */
  | { state: 'nothing' }
  /** It was there before, and stays as it is. */
  | { state: 'there' };

/** A message that was taken away since it was backed up. */
export type RemovedSince = Place & { removed: StoredRemoval };

/**
 * What became of a conversation since it was backed up: what was taken away of it, which consents its customer took back,
 * the legal hold that was put on it last, `null` if it ended, nothing if there never was one, the one that was put or ended
 * behind that without anybody knowing whether it was, and where it stands today, which decides who may read it; null: nobody
 * knows any more.
 */
export type Since = {
  removed: readonly RemovedSince[];
  withdrawn: readonly { version: string; at: number }[];
  hold: ConversationRow['hold'] | undefined;
  unsureHold: ConversationRow['hold'];
  standing: Pick<Standing, 'team' | 'state' | 'assignee'> | null;
};

export class Returning {
  readonly #ctx: DurableObjectState;
  readonly #env: Env;
  readonly #history: History;

  constructor(ctx: DurableObjectState, env: Env, history: History) {
    this.#ctx = ctx;
    this.#env = env;
    this.#history = history;
  }

  get isOnItsWay(): boolean {
    return this.#history.puttingBack.keeper() !== undefined;
  }

  /** Takes in what a backup holds of it. False: it is there, and nothing is put over it. */
  async take(keeper: Keeper, lines: string): Promise<boolean> {
    const { puttingBack } = this.#history;
    const before = puttingBack.keeper();
    if (before === undefined && this.#history.exists) return false;
    const isNew = before?.run !== keeper.run;
    if (isNew) {
      await this.#ctx.storage.deleteAll();
      if (keeper.until !== null) await this.#ctx.storage.setAlarm(keeper.until);
    }
    this.#ctx.storage.transactionSync(() => {
      if (isNew) puttingBack.begin(keeper);
      puttingBack.take(lines);
    });
    return true;
  }

  /** As it would be backed up now; undefined: this run has put nothing back. */
  image(run: string, from: number | null): Imaged | undefined {
    const { puttingBack, image } = this.#history;
    return puttingBack.keeper()?.run === run && puttingBack.isWhole() ? image.read(null, from) : undefined;
  }

  /** Throws away what was put back and not opened: by this run, or what was to be here no longer than this. */
  async drop(by: { run: string } | { now: number }): Promise<void> {
    const keeper = this.#history.puttingBack.keeper();
    if (keeper === undefined) return;
    const isDue = 'run' in by ? keeper.run === by.run : keeper.until !== null && keeper.until <= by.now;
    if (isDue) await this.#ctx.storage.deleteAll();
  }

  /**
   * @param isRestricted its customer's data are: it is so from the first moment, and has yet to hear since when
   * @param since what became of it, which stays so from the first moment
   * @throws if not all of it was put back
   */
  async open(
    run: string,
    isRestricted: boolean,
    { removed, withdrawn, hold, unsureHold, standing }: Since,
  ): Promise<Returned> {
    const { puttingBack } = this.#history;
    const keeper = puttingBack.keeper();
    if (keeper === undefined) {
      const how = puttingBack.cameBack(run);
      if (how !== undefined) return JSON.parse(how) as Returned;
      return { state: this.#history.exists ? 'there' : 'nothing' };
    }
    if (keeper.run !== run) {
      await this.#ctx.storage.deleteAll();
      return { state: 'nothing' };
    }
    if (!puttingBack.isWhole()) throw new Error('not all of this conversation was put back');
    const { row, beside } = this.#history.conversation();
    const keys = await this.#keysOf(row, beside.keys);
    if (keys.length === 0) {
      await deleteFilesOf(this.#env.FILES, row.id);
      await this.#ctx.storage.deleteAll();
      return { state: 'gone' };
    }
    // A key that was made within the last minute may be nowhere, and one may be another by now.
    const end = beside.keys[keys.length]?.fromSeq ?? Infinity;
    const files = await this.#filesOf(row.id, end);
    const sent = files.filter(({ seq }) => seq !== null);
    const open = sent.filter(({ record }) => record.length > 0).length;
    // What is not known to be free is held.
    const known = hold === undefined ? row.hold : hold;
    const held = { ...standingAs(row, standing), hold: known ?? unsureHold };
    const stands = await this.#withoutConsent(held, keys, withdrawn);
    const people = new Map(beside.people);
    // Whoever holds a conversation is known to its customer.
    if (stands.assignee !== null) people.set(stands.assignee, 'visitor');
    return this.#ctx.storage.transactionSync(() => {
      const lost = end < Infinity ? puttingBack.dropFrom(positionOf({ seq: end, n: 0 })) : 0;
      for (const each of removed) this.#takeAway(each);
      this.#history.save({ ...stands, epoch: crypto.randomUUID() }, { people, keys });
      for (const file of files)
        if (file.seq === null) this.#history.files.drop(file.id);
        else this.#history.files.put(file);
      const returned: Returned = { state: 'back', files: open, filesGone: sent.length - open, lost };
      if (isRestricted) this.#history.setRestriction({ on: true, at: 0 });
      puttingBack.end(run, JSON.stringify(returned));
      return returned;
    });
  }

  /** To be called inside a transaction. What has another one's number, because it was said after a restore, stays. */
  #takeAway({ seq, n, removed }: RemovedSince): void {
    const message = this.#history.messages.at({ seq, n });
    if (message !== undefined && message.removed === null && message.at <= removed.at)
      this.#history.messages.remove({ seq, n }, removed);
  }

  /** Up to the first that is nowhere any more, or does not open what lies here: it was sealed anew since. */
  async #keysOf(row: ConversationRow, rows: readonly KeyRow[]): Promise<KeyRow[]> {
    const store = keyStore(this.#env.KEYS);
    const keys: KeyRow[] = [];
    for (const [at, { fromSeq }] of rows.entries()) {
      const record = await store.get('conversation', `${row.id}/${fromSeq}`);
      if (record === undefined) break;
      const key = { fromSeq, record, kept: true };
      if (!(await opens(() => this.#openSome(row, key, rows[at + 1]?.fromSeq ?? null)))) break;
      keys.push(key);
    }
    return keys;
  }

  /** The oldest message of the key's stretch, and, if it is the first, what is known besides. @throws VaultError */
  async #openSome({ id, sealed }: ConversationRow, key: KeyRow, end: number | null): Promise<void> {
    const keys = new ConversationKeys(() => vaultOf(this.#env));
    keys.load(id, [key]);
    const dataKey = await keys.opening(key.fromSeq);
    if (key.fromSeq === 1) await openedFacts(id, dataKey, sealed);
    const [message] = this.#history.messages.between(key.fromSeq, end, 1);
    if (message === undefined) return;
    const file = message.n === 0 && this.#history.files.all().find(({ seq }) => seq === message.seq);
    await openedMessage(id, keys, message, file ? ({ id: file.id } as FileView) : undefined);
  }

  /** A consent that was taken back is, and what was agreed to by it is closed. */
  async #withoutConsent(
    row: ConversationRow,
    rows: readonly KeyRow[],
    withdrawn: Since['withdrawn'],
  ): Promise<ConversationRow> {
    const { id, consent, sealed } = row;
    const taken = withdrawn.find(({ version, at }) => consent?.version === version && consent.at <= at);
    if (taken === undefined) return row;
    const keys = new ConversationKeys(() => vaultOf(this.#env));
    keys.load(id, rows);
    const key = await keys.first();
    const { customer } = await openedFacts(id, key, sealed);
    if (customer.withdrawnAt !== undefined) return row;
    const facts = await sealedFacts(id, key, { customer: { ...customer, withdrawnAt: taken.at } });
    return { ...row, state: 'closed', snoozedUntil: null, sealed: { ...sealed, ...facts } };
  }

  /** Each with its key, or gone. What was on its way has no key there, and is to be sent again. */
  async #filesOf(id: ConversationId, end: number): Promise<FileRow[]> {
    const store = keyStore(this.#env.KEYS);
    const rows: FileRow[] = [];
    for (const row of this.#history.files.all()) {
      const isKept = row.state !== 'gone' && row.seq !== null && row.seq < end;
      const record = isKept ? await store.get('file', `${id}/${row.id}`) : undefined;
      if (record !== undefined && (await opens(() => this.#openManifest(id, row, record))))
        rows.push({ ...row, record });
      else if (row.state === 'gone') rows.push({ ...row, record: new Uint8Array() });
      else
        rows.push(
          goneFrom({ ...row, seq: row.seq !== null && row.seq < end ? row.seq : null }, row.end, Date.now()),
        );
    }
    return rows;
  }

  async #openManifest(
    id: ConversationId,
    { id: file, manifest }: FileRow,
    record: Uint8Array,
  ): Promise<void> {
    await (await (await vaultOf(this.#env)).fileKey(filePlace(id, file), record)).openManifest(manifest);
  }
}

/** As it stands today. What it was put off until holds only where nothing else has become of it. */
function standingAs(row: ConversationRow, standing: Since['standing']): ConversationRow {
  if (standing === null) return row;
  const now = { ...standing, snoozedUntil: row.snoozedUntil };
  return {
    ...row,
    ...(isSameStanding(now, row) ? now : { ...now, snoozedUntil: null }),
    formerTeams: row.formerTeams.filter(({ team }) => team !== standing.team),
  };
}

/** False: by this key it does not. Any other fault is one of the moment. */
async function opens(open: () => Promise<void>): Promise<boolean> {
  try {
    await open();
    return true;
  } catch (error) {
    if (error instanceof VaultError) return false;
    throw error;
  }
}
