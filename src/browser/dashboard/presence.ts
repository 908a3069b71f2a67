/** Whether this person is there: as they say, and away by themselves once nobody has touched anything for long. */
import { type ReadonlySignal, type Signal, computed, effect, signal } from '@preact/signals';
import type { Cancel, Surroundings } from '../connection.ts';
import type { Activity } from './activity.ts';

const idleAfter = 10 * 60_000;

export type Standing = 'available' | 'away';
/** Where a choice outlives a reload, in this tab and until nobody is signed in here. */
export interface Kept {
  get: () => string | null;
  set: (standing: Standing) => void;
}

type Said = { ask: true } | { chosen: Standing };

export class Presence {
  /** What this person chose, the same in all their tabs. */
  readonly chosen: ReadonlySignal<Standing>;
  /** Nobody has touched anything for ten minutes. */
  readonly idle: ReadonlySignal<boolean>;
  /** What the others are told. */
  readonly standing: ReadonlySignal<Standing>;
  #chosen: Signal<Standing> = signal<Standing>('available');
  #idle: Signal<boolean> = signal(false);
  #touchedAt: number;
  #surroundings: Surroundings;
  #say: (said: Said) => void;
  #kept: Kept;
  #cancelTimer: Cancel = () => {};
  #cancelWatch: Cancel;

  constructor(surroundings: Surroundings, activity: Activity, kept: Kept = keptHere) {
    this.#surroundings = surroundings;
    this.#kept = kept;
    if (kept.get() === 'away') this.#chosen.value = 'away';
    this.chosen = this.#chosen;
    this.idle = this.#idle;
    this.standing = computed(() => (this.#idle.value ? 'away' : this.#chosen.value));
    this.#touchedAt = surroundings.now();
    this.#say = surroundings.channel('sotto-presence', (data) => this.#heard(data as Said));
    this.#say({ ask: true });
    this.#cancelWatch = activity.follow(() => this.#touched());
    this.#wait(idleAfter);
  }

  choose(standing: Standing): void {
    this.#choose(standing);
    this.#say({ chosen: standing });
  }

  follow(tell: (standing: Standing) => void): Cancel {
    return effect(() => tell(this.standing.value));
  }

  end(): void {
    this.#cancelTimer();
    this.#cancelWatch();
  }

  #touched(): void {
    this.#touchedAt = this.#surroundings.now();
    if (!this.#idle.value) return;
    this.#idle.value = false;
    this.#wait(idleAfter);
  }

  #heard(said: Said): void {
    if ('chosen' in said) this.#choose(said.chosen);
    else if (this.#chosen.value === 'away') this.#say({ chosen: 'away' });
  }

  #choose(standing: Standing): void {
    this.#chosen.value = standing;
    this.#kept.set(standing);
  }

  #wait(milliseconds: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#surroundings.after(milliseconds, () => {
      const left = this.#touchedAt + idleAfter - this.#surroundings.now();
      if (left > 0) this.#wait(left);
      else this.#idle.value = true;
    });
  }
}

const place = 'sotto-standing';

const keptHere: Kept = {
  get: () => fromStorage((storage) => storage.getItem(place)),
  set: (standing) => fromStorage((storage) => storage.setItem(place, standing)),
};

/** Nobody is signed in here any more; whoever is next begins as available. */
export function forgetStanding(): void {
  fromStorage((storage) => storage.removeItem(place));
}

/** Null where storage is denied: then a choice lives as long as the page. */
function fromStorage<Value>(act: (storage: Storage) => Value): Value | null {
  try {
    return act(sessionStorage);
  } catch {
    return null;
  }
}
