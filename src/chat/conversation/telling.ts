/**
 * Telling the others: the inbox where the conversation stands, those of teams that it has left too, the directory,
 * and the key store its keys. Each is told after the commit; the alarm, asked for in the same commit and at most
 * once a minute, makes it certain.
 *
 * In a conversation that goes to and fro, who waits for whom changes with every message. The inbox hears of that in
 * passing, and writes it down when the alarm tells it: else every message would cost a row. Turns that follow one
 * another faster than people take them share one telling, and the last one is never held back for longer.
 */
import type { Env } from '../../config.ts';
import type { InboxEntry } from '../../protocol/frames.ts';
import { keyStore } from '../../vault.ts';
import { writeToDirectory } from '../directory.ts';
import { inboxOf } from '../inbox.ts';
import { logFault } from '../../log.ts';
import type { Alarm } from './alarm.ts';
import type { News, Room } from './room.ts';

const tellAgainAfter = 60_000;
/** The inbox hears in passing no more often than this; nor does a turn that is held back keep the object awake for longer. */
const passingEvery = 2_000;

export class Telling {
  readonly #ctx: DurableObjectState;
  readonly #env: Env;
  readonly #room: Room;
  readonly #alarm: Alarm;
  /** Whether the alarm is to tell everything again. An object that wakes up does not know, and does. */
  #isDue = true;
  #untold: News | undefined;
  #lastPassing = 0;
  #passingPlanned = false;
  #directoryKnows = 0;
  #last: Promise<unknown> = Promise.resolve();
  #isOver = false;

  constructor(ctx: DurableObjectState, env: Env, room: Room, alarm: Alarm) {
    this.#ctx = ctx;
    this.#alarm = alarm;
    this.#env = env;
    this.#room = room;
  }

  /** Called in the same commit as a change: whatever happens to this process, somebody will be told. */
  plan(news: News): void {
    if (this.#untold !== 'standing') this.#untold = news;
    this.wakeLater();
  }

  /** As `plan`, for whoever tells by themselves and has to be sure that it is done. */
  wakeLater(): void {
    this.#isDue = true;
    this.#alarm.by(Date.now() + tellAgainAfter);
  }

  /** Tells what is new once nobody waits for it: who waits for whom at a bounded pace, all else at once. */
  soon(): void {
    if (this.#untold === 'standing') this.#ctx.waitUntil(this.tell());
    if (this.#untold !== 'waiting' || this.#passingPlanned) return;
    const now = Date.now();
    const wait = Math.min(this.#lastPassing + passingEvery - now, passingEvery);
    if (wait > 0) {
      this.#passingPlanned = true;
      setTimeout(() => {
        this.#passingPlanned = false;
        this.soon();
      }, wait);
      return;
    }
    this.#lastPassing = now;
    this.#ctx.waitUntil(this.tell());
  }

  /** Tells what is new, if anything is. Tellings follow one another, so that none overtakes another. False: later. */
  async tell(correcting = false): Promise<boolean> {
    const news = this.#untold;
    if (news === undefined) return true;
    this.#untold = undefined;
    const told = this.#last.then(() =>
      news === 'standing' ? this.#tellAll(correcting) : this.#tellInPassing(),
    );
    this.#last = told.catch(() => undefined);
    try {
      await told;
      return true;
    } catch (error) {
      logFault('conversation.tell', error);
      this.#untold ??= news;
      return false;
    }
  }

  /** Tells everything again, if that is due; what still can't be told waits for another alarm. */
  async onAlarm(): Promise<void> {
    if (!this.#isDue) return;
    this.#isDue = false;
    this.#directoryKnows = 0;
    this.#untold = 'standing';
    if (!(await this.tell())) this.plan('standing');
  }

  /** Tells everything to those who may have lost it, or may have it wrong. False: not all of them could be told. */
  async again(): Promise<boolean> {
    this.#untold = 'standing';
    return this.tell(true);
  }

  /** Does this while nobody is told anything, and never tells anybody anything again: nothing is left to tell of. */
  async end(erase: () => Promise<void>): Promise<void> {
    const erased = this.#last.then(erase);
    this.#last = erased.then(
      () => {
        this.#isOver = true;
      },
      () => undefined,
    );
    await erased;
  }

  async #tellInPassing(): Promise<void> {
    if (this.#isOver) return;
    const entry = this.#room.inboxEntry();
    await inboxOf(this.#env, entry.team).tellInPassing(entry, this.#room.pace());
  }

  async #tellAll(correcting: boolean): Promise<void> {
    if (this.#isOver || !(await this.#room.load())) return;
    const entry = this.#room.inboxEntry();
    const { formerTeams } = this.#room.row;
    await Promise.all([
      inboxOf(this.#env, entry.team).tell(entry, this.#room.pace()),
      ...formerTeams.map(({ team }) => inboxOf(this.#env, team).tell(departed(entry))),
      this.#tellDirectory(correcting),
      this.#keepKeys(),
    ]);
    this.#room.toldFormerTeams(entry.version);
  }

  async #tellDirectory(correcting: boolean): Promise<void> {
    const { row } = this.#room;
    if (!correcting && this.#directoryKnows >= row.changes) return;
    const line = { ...row, held: row.hold !== null, filesDue: this.#room.files.due() };
    await writeToDirectory(this.#env, line, correcting);
    this.#directoryKnows = row.changes;
  }

  async #keepKeys(): Promise<void> {
    const { id } = this.#room.row;
    const rows = this.#room.keys.unkept();
    if (rows.length === 0) return;
    const store = keyStore(this.#env.KEYS);
    for (const { fromSeq, record } of rows) await store.put('conversation', `${id}/${fromSeq}`, record);
    this.#room.keptKeys(rows);
  }
}

/** What a team hears that it has left: whose it is now, and nothing of what became of it there since. */
function departed(entry: InboxEntry): InboxEntry {
  return { ...entry, state: 'waiting', assignee: null, snoozedUntil: null, waitingSince: null };
}
