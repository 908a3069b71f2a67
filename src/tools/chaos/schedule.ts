/** What befalls a run, and when: all of it follows from the seed. */
import type { Random } from './random.ts';

/** How much of what; a run's other faults and acts come in proportion to these. */
export interface Measure {
  readonly kills: number;
  readonly drops: number;
  /** Acknowledged ones. */
  readonly messages: number;
}

export type Deed =
  | 'kill'
  | 'drop'
  | 'half-open'
  | 'slow reader'
  | 'fault window'
  | 'eviction'
  | 'close'
  | 'hand-over'
  | 'removal'
  | 'redaction';

/** `at`: when so many messages have been acknowledged. `chance` decides whom it strikes, and how. */
export interface Happening {
  readonly deed: Deed;
  readonly at: number;
  readonly chance: Random;
}

/** Every so many kills one conversation goes back to an older state. */
const KILLS_PER_ROLLBACK = 8;
/** Between the first kill, at which copies are made, and the last, so that all of it is seen to heal. */
export function isRollback(kill: number): boolean {
  return kill % KILLS_PER_ROLLBACK === 2;
}

/** In the order in which they come. Nothing comes in the first and in the last twentieth. */
export function schedule({ kills, drops, messages }: Measure, random: Random): Happening[] {
  const counts: Record<Deed, number> = {
    kill: kills,
    drop: drops,
    'half-open': Math.ceil(drops / 10),
    'slow reader': Math.ceil(drops / 10),
    'fault window': Math.ceil(kills * 1.5),
    eviction: Math.ceil(drops / 5),
    close: Math.ceil(messages / 2_000),
    'hand-over': Math.ceil(messages / 1_000),
    removal: Math.ceil(messages / 500),
    redaction: Math.ceil(messages / 2_000),
  };
  const happenings = (Object.keys(counts) as Deed[]).flatMap((deed) => {
    const times = random.named(deed);
    return Array.from({ length: counts[deed] }, (_, number) => ({
      deed,
      at: Math.floor(messages * (0.05 + 0.9 * times.next())),
      chance: random.named(`${deed} ${number}`),
    }));
  });
  return happenings.sort((one, other) => one.at - other.at);
}
