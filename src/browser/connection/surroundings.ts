/** What a connection needs from the world. Tests put their own clock, chance and network in its place. */
export type Cancel = () => void;

/** Somebody came back to the page, or the browser says that the network came or went. */
export type Notice = 'returned' | 'online' | 'offline';

/** What a socket tells its owner. After `closed` it says nothing more. */
export interface Ears {
  said(text: string): void;
  closed(code: number): void;
}

export interface Line {
  send(text: string): void;
  close(code: number): void;
}

export interface Surroundings {
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
}
