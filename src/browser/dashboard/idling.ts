/** Ends a session that nobody uses: tells the server what somebody does here, warns when that stops, and locks. */
import { type ReadonlySignal, type Signal, effect, signal, untracked } from '@preact/signals';
import type { StaffSession } from '../../protocol/sign-in.ts';
import type { SignedIn } from '../api.ts';
import type { Cancel, Surroundings } from '../connection.ts';
import type { Activity } from './activity.ts';

/** How long before it locks the page says so, and how often at most the server is told. */
const warning = 60_000;
const tellPause = 60_000;

interface Session {
  readonly api: Pick<SignedIn<StaffSession>, 'grant' | 'post' | 'refresh'>;
  lock: () => void;
}

export class Idling {
  /** When the page locks, by this machine's clock, once that is near; else null. */
  readonly locksAt: ReadonlySignal<number | null>;
  #locksAt: Signal<number | null> = signal<number | null>(null);
  #session: Session;
  #surroundings: Surroundings;
  /** Null while nobody is signed in. */
  #limit: number | null = null;
  #actedAt = 0;
  #toldAt = -Infinity;
  #cancelLook: Cancel = () => {};
  #cancelTelling: Cancel | null = null;

  constructor(session: Session, activity: Activity, surroundings: Surroundings) {
    this.#session = session;
    this.#surroundings = surroundings;
    this.locksAt = this.#locksAt;
    activity.follow((here) => this.#acted(here));
    // Timers sleep with the machine.
    surroundings.watch((notice) => {
      if (notice === 'returned') this.#look();
    });
    effect(() => {
      const grant = session.api.grant.value;
      untracked(() => (grant === null ? this.#rest() : this.#granted(grant)));
    });
  }

  #granted({ idleLimit, now, usedAt }: StaffSession): void {
    // From here on this page knows better than the server, which hears of it later.
    if (this.#limit === null) this.#actedAt = this.#surroundings.now() - (now - usedAt);
    this.#limit = idleLimit;
    this.#look();
  }

  #rest(): void {
    this.#limit = null;
    this.#locksAt.value = null;
    this.#cancelLook();
    this.#cancelTelling?.();
    this.#cancelTelling = null;
    this.#toldAt = -Infinity;
  }

  #acted(here: boolean): void {
    if (this.#limit === null) return;
    const now = this.#surroundings.now();
    // Whoever wakes a machine that slept past the limit comes too late.
    if (now < this.#actedAt + this.#limit) {
      this.#actedAt = now;
      if (here) this.#tellSoon();
      if (this.#locksAt.peek() === null) return;
    }
    this.#look();
  }

  #look(): void {
    this.#cancelLook();
    if (this.#limit === null) return;
    const ends = this.#actedAt + this.#limit;
    const left = ends - this.#surroundings.now();
    if (left <= 0) {
      this.#session.lock();
      return;
    }
    const isNear = left <= warning;
    // Ending it takes a token that is still good then.
    if (isNear && this.#locksAt.peek() === null) this.#session.api.refresh().catch(() => false);
    this.#locksAt.value = isNear ? ends : null;
    this.#cancelLook = this.#surroundings.after(isNear ? left : left - warning, () => this.#look());
  }

  /** At once, or when it was told a moment ago. */
  #tellSoon(): void {
    const wait = Math.max(0, this.#toldAt + tellPause - this.#surroundings.now());
    this.#cancelTelling ??= this.#surroundings.after(wait, () => void this.#tell());
  }

  async #tell(): Promise<void> {
    const now = this.#surroundings.now();
    this.#cancelTelling = null;
    this.#toldAt = now;
    try {
      await this.#session.api.post('/api/v1/session/activity', { ago: Math.max(0, now - this.#actedAt) });
    } catch {
      // What the server does not hear of, it counts as nothing done.
      if (this.#limit !== null) this.#tellSoon();
    }
  }
}
