/**
 * How far each reader has read. A mark lies with its reader's socket, where it costs no row and outlives
 * hibernation; it is stored with the next thing that the reader says, and when the socket closes.
 */
import type { Author } from '../../protocol/frames.ts';
import type { PersonId, VisitorId } from '../../protocol/ids.ts';
import type { Sockets } from '../sockets.ts';
import { type History, isPerson } from './history.ts';

type Reader = PersonId | VisitorId;

export class Reading {
  readonly #history: History;
  readonly #sockets: Sockets;
  readonly #marks = new Map<Reader, number>();
  /** What a row says already. */
  readonly #stored = new Map<Reader, number>();
  #isLoaded = false;

  constructor(history: History, sockets: Sockets) {
    this.#history = history;
    this.#sockets = sockets;
  }

  /** True if this reader's mark moved on; it only goes forward. */
  mark(socket: WebSocket, reader: Reader, seq: number): boolean {
    if (seq <= this.markOf(reader)) return false;
    this.#marks.set(reader, seq);
    this.#sockets.keep(socket, { read: seq });
    return true;
  }

  markOf(reader: Reader): number {
    this.#load();
    return Math.max(this.#marks.get(reader) ?? 0, this.#storedFor(reader));
  }

  /** The marks of these readers, in the order of their ids. */
  of(readers: readonly Reader[]): { from: Author; seq: number }[] {
    return readers
      .toSorted()
      .map((id) => ({ from: authorFrom(id), seq: this.markOf(id) }))
      .filter(({ seq }) => seq > 0);
  }

  /** Their mark went into the row of something that they said. */
  stored(reader: Reader, seq: number): void {
    this.#stored.set(reader, Math.max(seq, this.#stored.get(reader) ?? 0));
  }

  /** A socket is gone: what was kept there is stored. */
  left(socket: WebSocket): void {
    const { by, kept } = this.#sockets.keptWith(socket);
    const seq = Math.max(readIn(kept), this.#marks.get(by) ?? 0);
    if (seq <= this.#storedFor(by)) return;
    this.#history.setReadMark(by, seq);
    this.stored(by, seq);
  }

  #load(): void {
    if (this.#isLoaded) return;
    this.#isLoaded = true;
    for (const socket of this.#sockets.all()) {
      const { by, kept } = this.#sockets.keptWith(socket);
      this.#marks.set(by, Math.max(readIn(kept), this.#marks.get(by) ?? 0));
    }
  }

  #storedFor(reader: Reader): number {
    let seq = this.#stored.get(reader);
    if (seq === undefined) {
      seq = this.#history.readMark(reader);
      this.#stored.set(reader, seq);
    }
    return seq;
  }
}

function readIn(kept: unknown): number {
  return typeof kept === 'object' && kept !== null && 'read' in kept ? Number(kept.read) : 0;
}

function authorFrom(id: Reader): Author {
  return isPerson(id) ? { kind: 'staff', id } : { kind: 'visitor', id };
}
