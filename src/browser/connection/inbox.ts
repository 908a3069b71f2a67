/** A team's live queue as a member of staff sees it. */
import { type ReadonlySignal, type Signal, batch, signal } from '@preact/signals';
import type { TicketAnswer } from '../../protocol/bodies.ts';
import type { InboxEntry, InboxServerFrame } from '../../protocol/frames.ts';
import type { Access } from './conversation.ts';
import { isInboxFrame } from './frame-shape.ts';
import type { ConnectionState } from './state.ts';
import type { Surroundings } from './surroundings.ts';
import { TicketedSocket } from './ticketed-socket.ts';

export class InboxClient {
  readonly connection: ReadonlySignal<ConnectionState>;
  /** By conversation; null until the first list has come. */
  readonly entries: Signal<ReadonlyMap<string, InboxEntry> | null> = signal(null);
  #socket: TicketedSocket;

  constructor(team: string, access: Access, surroundings: Surroundings) {
    const path = `/api/v1/teams/${encodeURIComponent(team)}`;
    this.#socket = new TicketedSocket(
      {
        ticket: async () => (await access.post<TicketAnswer>(`${path}/tickets`, {})).ticket,
        refresh: () => access.refresh(),
        serverNow: () => access.serverNow(),
        address: () => `${path}/socket`,
        heard: (frame) => {
          if (isInboxFrame(frame)) batch(() => this.#heard(frame));
        },
        lost: () => {},
      },
      surroundings,
    );
    this.connection = this.#socket.state;
  }

  start(): void {
    this.#socket.start();
  }

  leave(): void {
    this.#socket.stop('left');
  }

  tryNow(): void {
    this.#socket.tryNow();
  }

  #heard(frame: InboxServerFrame): void {
    switch (frame.type) {
      case 'list':
        this.entries.value = new Map(frame.entries.map((entry) => [entry.id, entry]));
        this.#socket.welcomed(frame.until);
        break;
      case 'entry':
        this.#changed(frame.entry);
        break;
      case 'refused':
      case 'renewed':
        // Nothing is asked of an inbox but to stay, and that is the socket's own affair.
        break;
    }
  }

  #changed(entry: InboxEntry): void {
    const entries = this.entries.value;
    if (entries === null || (entries.get(entry.id)?.version ?? -1) >= entry.version) return;
    this.entries.value = new Map(entries).set(entry.id, entry);
  }
}
