/**
 * How a conversation comes back from a backup: it takes in what was kept of it, and is opened once all of it is here. Its
 * keys come from the store of keys, or it does not come back; its epoch is another one, by which everybody who knew it
 * begins anew.
 */
import type { Env } from '../../config.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import { keyStore } from '../../vault.ts';
import { type FileRow, goneFrom } from '../files.ts';
import { type History, type Imaged, type Keeper, type KeyRow, positionOf } from './history.ts';

/** `files`: that can be opened again, and that can not. `lost`: messages of which nobody has the key any more. */
export type Returned =
  | { state: 'back'; files: number; filesGone: number; lost: number }
  /** Its keys are nowhere any more, and nothing of it stays. */
  | { state: 'gone' }
  /** Nothing of it was put back. */
  | { state: 'nothing' }
  /** It was there before, and stays as it is. */
  | { state: 'there' };

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

  /** @throws if not all of it was put back */
  async open(run: string): Promise<Returned> {
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
    const keys = await this.#keysOf(row.id, beside.keys);
    if (keys.length === 0) {
      await this.#ctx.storage.deleteAll();
      return { state: 'gone' };
    }
    // A key that was made within the last minute may be nowhere, and with it what it has sealed.
    const end = beside.keys[keys.length]?.fromSeq ?? Infinity;
    const files = await this.#filesOf(row.id, end);
    const sent = files.filter(({ seq }) => seq !== null);
    const open = sent.filter(({ record }) => record.length > 0).length;
    return this.#ctx.storage.transactionSync(() => {
      const lost = end < Infinity ? puttingBack.dropFrom(positionOf({ seq: end, n: 0 })) : 0;
      this.#history.save({ ...row, epoch: crypto.randomUUID() }, { ...beside, keys });
      for (const file of files)
        if (file.seq === null) this.#history.files.drop(file.id);
        else this.#history.files.put(file);
      const returned: Returned = { state: 'back', files: open, filesGone: sent.length - open, lost };
      puttingBack.end(run, JSON.stringify(returned));
      return returned;
    });
  }

  /** Up to the first that is nowhere any more. */
  async #keysOf(id: ConversationId, rows: readonly KeyRow[]): Promise<KeyRow[]> {
    const store = keyStore(this.#env.KEYS);
    const keys: KeyRow[] = [];
    for (const { fromSeq } of rows) {
      const record = await store.get('conversation', `${id}/${fromSeq}`);
      if (record === undefined) break;
      keys.push({ fromSeq, record, kept: true });
    }
    return keys;
  }

  /** Each with its key, or gone. What was on its way has no key there, and is to be sent again. */
  async #filesOf(id: ConversationId, end: number): Promise<FileRow[]> {
    const store = keyStore(this.#env.KEYS);
    const rows: FileRow[] = [];
    for (const row of this.#history.files.all()) {
      const isKept = row.state !== 'gone' && row.seq !== null && row.seq < end;
      const record = isKept ? await store.get('file', `${id}/${row.id}`) : undefined;
      if (record !== undefined) rows.push({ ...row, record });
      else if (row.state === 'gone') rows.push({ ...row, record: new Uint8Array() });
      else
        rows.push(
          goneFrom({ ...row, seq: row.seq !== null && row.seq < end ? row.seq : null }, row.end, Date.now()),
        );
    }
    return rows;
  }
}
