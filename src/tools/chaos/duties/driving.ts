/** The server and its long duties: what the clock begins, what kills them while they go on, and what drives them on. */
import { setTimeout as wait } from 'node:timers/promises';
import { insist } from '../insist.ts';
import type { Random } from '../random.ts';
import type { Server } from '../server.ts';
import type { StoredRun } from '../worker/faults.ts';
import { until } from './lanes.ts';
import { inDatabase } from './raw.ts';

const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;
/** Most take less than a second, if nobody kills them. */
const BETWEEN_KILLS_MS = 250;
/** Long duties that stand still for ten minutes are driven on: the clock that they go by goes ahead. */
const AHEAD = 11 * MINUTE;
/** So soon somebody looks after them where nobody else does, and then less and less often. */
const DRIVEN_MS = 8_000;
const NIGHT = '17 3 * * *';
const QUARTER = '*/15 * * * *';

/** A round of a rotation begins minutes after the one before. @returns when that of this one does; undefined: it is over */
export function roundOf({ place, over_at }: StoredRun): number | undefined {
  // The second word of its place.
  return over_at === null ? Number(place?.split(' ')[1] ?? 0) : undefined;
}

export class Driving {
  readonly server: Server;
  /** Of each duty, how many kills found it going on. */
  readonly struck: Record<string, number> = {};
  kills = 0;
  readonly #random: Random;
  /** The latest that it ever was by the clock that duties go by. */
  #clock = 0;

  constructor(server: Server, random: Random) {
    this.server = server;
    this.#random = random;
  }

  get state(): string {
    return this.server.state;
  }

  /** @param clock how far it is off from then on, in milliseconds */
  async restart(clock: number): Promise<void> {
    await this.server.kill();
    this.server.setClock(clock);
    await this.server.start();
  }

  /** Looks at what is stored, past the server, which is down meanwhile. */
  async whileDown<Result>(look: () => Result | Promise<Result>): Promise<Result> {
    await this.server.kill();
    const result = await look();
    await this.server.start();
    await this.drive();
    return result;
  }

  /** All that is begun each night. @param at as if it were then */
  night(at: number): Promise<void> {
    return this.#order(NIGHT, at);
  }

  async #order(due: string, at: number): Promise<void> {
    this.#clock = Math.max(this.#clock, at);
    await insist(async () => {
      if ((await this.server.order({ due, at })) === undefined) throw new Error('nobody answered');
    });
  }

  /**
   * @param ready waits for the next moment at which it is worth while; false: there is none any more
   * @param within so many milliseconds of that moment
   */
  async kill(
    times: number,
    ready: (kill: number) => Promise<boolean>,
    within = BETWEEN_KILLS_MS,
  ): Promise<void> {
    for (let n = 0; n < times && (await ready(n)); n++) {
      await wait(this.#random.from(0, within));
      await this.server.kill();
      this.kills += 1;
      const open = inDatabase(this.state, 'SELECT duty FROM runs WHERE over_at IS NULL');
      for (const duty of new Set(open.map((row) => String(row['duty']))))
        this.struck[duty] = (this.struck[duty] ?? 0) + 1;
      await this.server.start();
      // Whatever this comes to, the next kill does not wait for it.
      void this.drive();
    }
  }

  /** What the clock does each quarter of an hour: whatever stands still goes on. */
  async drive(): Promise<void> {
    this.#clock = Math.max(this.#clock, Date.now()) + AHEAD;
    await this.server.order({ due: QUARTER, at: this.#clock });
  }

  /** Until this finds something past the server, which answers nobody in time while it is at work. */
  async stored(what: string, query: string): Promise<void> {
    await until(
      () => what,
      () => inDatabase(this.state, query).length > 0,
    );
  }

  /** Until all of these have come to their end. */
  async over(which: (run: StoredRun) => boolean): Promise<void> {
    await this.looking('long duties have come to their end', (runs) =>
      runs.filter(which).every((run) => run.over_at !== null),
    );
  }

  /** Until this is so of the long duties, which somebody drives on meanwhile. */
  async looking(what: string, isSo: (runs: readonly StoredRun[]) => boolean): Promise<void> {
    // Whatever is driven on begins its portion again: on a busy machine it needs its time.
    let [driven, patience] = [Date.now(), DRIVEN_MS];
    let open: readonly StoredRun[] = [];
    const waiting = () =>
      `${what}; ${open.map(({ id, place }) => `${id} at ${place ?? 'its beginning'}`).join(', ')}`;
    await until(waiting, async () => {
      if (Date.now() - driven > patience) {
        [driven, patience] = [Date.now(), 2 * patience];
        await this.drive();
      }
      const runs = (await this.server.order({ runs: true }))?.runs ?? [];
      open = runs.filter(({ over_at }) => over_at === null);
      return runs.length > 0 && isSo(runs);
    });
  }
}
