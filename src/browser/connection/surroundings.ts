/** What a connection needs from the world. Tests put their own clock, chance, network and storage in its place. */
import type { Store } from './queue/store.ts';

export type Cancel = () => void;

/**
 * Somebody came back to the page, the page is being put to sleep or left, or the browser says that the network
 * came or went.
 */
export type Notice = 'returned' | 'leaving' | 'online' | 'offline';

/** What a socket tells its owner. After `closed` it says nothing more. */
export interface Ears {
  said(text: string): void;
  closed(code: number): void;
}

export interface Line {
  send(text: string): void;
  close(code: number): void;
}

/** Among the tabs of this origin. */
export interface Locks {
  /** Runs a task while no other tab runs one of that name; where locks are denied, it just runs. */
  alone<Value>(name: string, task: () => Promise<Value>): Promise<Value>;
  /** Resolves once the lock is held, to what lets it go; rejects where locks are denied. */
  hold(name: string): Promise<Cancel>;
  /** The names of all that are held now; rejects where locks are denied. */
  held(): Promise<ReadonlySet<string>>;
}

export interface Surroundings {
  readonly store: Store;
  readonly locks: Locks;
  /** Unix milliseconds of this machine. */
  now(): number;
  /** A number from 0 up to, not including, 1. */
  random(): number;
  /** A UUID for a message. */
  newId(): string;
  after(milliseconds: number, then: () => void): Cancel;
  open(address: string, protocols: readonly string[], ears: Ears): Line;
  visible(): boolean;
  online(): boolean;
  watch(listener: (notice: Notice) => void): Cancel;
  /** A way to this origin's other tabs: hears them, and answers with what speaks to them. */
  channel(name: string, heard: (data: unknown) => void): (data: unknown) => void;
}
