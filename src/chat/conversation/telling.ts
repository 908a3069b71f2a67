/**
 * Telling the others: the inbox where the conversation stands, those of teams that it has left too, the directory,
 * and the key store its keys. Each is told after the commit; an alarm, set in the same commit and at most once a
 * minute, makes it certain.
 */
import type { Env } from '../../config.ts';
import { keyStore } from '../../vault.ts';
import { writeToDirectory } from '../directory.ts';
import { inboxOf } from '../inbox.ts';
import { logFault } from '../log.ts';
import type { Room } from './room.ts';

const tellAgainAfter = 60_000;

export class Telling {
  readonly #ctx: DurableObjectState;
  readonly #env: Env;
  readonly #room: Room;
  #alarmIsSet: boolean | undefined;
  #untold = false;
  #directoryKnows = 0;
  #correcting = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(ctx: DurableObjectState, env: Env, room: Room) {
    this.#ctx = ctx;
    this.#env = env;
    this.#room = room;
  }

  /** To be done before anything is changed, so that `plan` need not wait. */
  async load(): Promise<void> {
    this.#alarmIsSet ??= (await this.#ctx.storage.getAlarm()) !== null;
  }

  /** Called in the same commit as a change: whatever happens to this process, somebody will be told. */
  plan(): void {
    this.#untold = true;
    if (this.#alarmIsSet === true) return;
    this.#alarmIsSet = true;
    this.#ctx.waitUntil(this.#ctx.storage.setAlarm(Date.now() + tellAgainAfter));
  }

  /** Tells what is new, if anything is. Tellings follow one another, so that none overtakes another. False: later. */
  async tell(): Promise<boolean> {
    if (!this.#untold) return true;
    this.#untold = false;
    const told = this.#last.then(() => this.#tellAll());
    this.#last = told.catch(() => undefined);
    try {
      await told;
      return true;
    } catch (error) {
      logFault('conversation.tell', error);
      this.#untold = true;
      return false;
    }
  }

  /** Tells everything again; what still can't be told waits for another alarm. */
  async onAlarm(): Promise<void> {
    this.#alarmIsSet = false;
    this.#directoryKnows = 0;
    this.#untold = true;
    if (!(await this.tell())) this.plan();
  }

  /** Tells everything to those who may have lost it, or may have it wrong. False: not all of them could be told. */
  async again(): Promise<boolean> {
    this.#directoryKnows = 0;
    this.#untold = true;
    this.#correcting = true;
    return this.tell();
  }

  async #tellAll(): Promise<void> {
    if (!(await this.#room.load())) return;
    const entry = this.#room.inboxEntry();
    const teams = [entry.team, ...this.#room.row.formerTeams.map(({ team }) => team)];
    await Promise.all([
      ...teams.map((team) => inboxOf(this.#env, team).tell(entry)),
      this.#tellDirectory(),
      this.#keepKeys(),
    ]);
    this.#room.toldFormerTeams(entry.version);
  }

  async #tellDirectory(): Promise<void> {
    const { row } = this.#room;
    if (this.#directoryKnows >= row.changes) return;
    await writeToDirectory(this.#env, row, this.#correcting);
    this.#directoryKnows = row.changes;
    this.#correcting = false;
  }

  async #keepKeys(): Promise<void> {
    const { id } = this.#room.row;
    const rows = this.#room.keys.unkept();
    if (rows.length === 0) return;
    const store = keyStore(this.#env.KEYS);
    for (const { fromSeq, record } of rows) await store.put('conversation', `${id}/${fromSeq}`, record);
    this.#room.keys.markKept(rows);
  }
}
