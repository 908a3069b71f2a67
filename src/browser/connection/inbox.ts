/** A team's live queue as a member of staff sees it. */
import { type ReadonlySignal, type Signal, batch, signal } from '@preact/signals-core';
import type { TicketAnswer } from '../../protocol/bodies.ts';
import type {
  Colleague,
  InboxClientFrame,
  InboxEntry,
  InboxServerFrame,
  Presence,
} from '../../protocol/frames.ts';
import type { Access } from './conversation.ts';
import { isInboxFrame } from './inbox-frame-shape.ts';
import type { ConnectionState } from './state.ts';
import type { Cancel, Surroundings } from './surroundings.ts';
import { TicketedSocket } from './ticketed-socket.ts';

/** A page that was refused in haste is asked for again after this. */
const pagePause = 2_000;

type Entries = ReadonlyMap<string, InboxEntry>;
/** An entry, or what is left of one that may not be seen any more. */
type Heard = InboxEntry | { id: string; version: number; team: null };

export class InboxClient {
  readonly connection: ReadonlySignal<ConnectionState>;
  /** By conversation; null until the first list has come. */
  readonly entries: Signal<Entries | null> = signal(null);
  /** Whether all pages have come since the last connection; until then what was known before is shown, too. */
  readonly complete: Signal<boolean> = signal(false);
  /** By id: the team's members and whoever holds one of its conversations. */
  readonly people: Signal<ReadonlyMap<string, Colleague>> = signal(new Map());
  #team: string;
  /** What this connection has told; of what has left the team, its version. */
  #heardOf = new Map<string, Heard>();
  #pageAfter: InboxEntry['id'] | null = null;
  #presence: Exclude<Presence, 'offline'> | null = null;
  #socket: TicketedSocket;
  #surroundings: Surroundings;
  #cancel: Cancel = () => {};

  constructor(team: string, access: Access, surroundings: Surroundings) {
    this.#team = team;
    this.#surroundings = surroundings;
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
        lost: () => this.#cancel(),
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

  /** Said now, and again whenever the connection is new. */
  setPresence(as: Exclude<Presence, 'offline'>): void {
    if (this.#presence === as) return;
    this.#presence = as;
    if (this.connection.value.is === 'online') this.#say({ type: 'present', as });
  }

  #heard(frame: InboxServerFrame): void {
    switch (frame.type) {
      case 'list':
        this.#listed(frame);
        break;
      case 'page':
        this.#learn(frame.entries);
        this.#pageAfter = frame.entries.at(-1)?.id ?? null;
        this.#goOn(frame.more && frame.entries.length > 0);
        break;
      case 'people':
        this.#meet(frame.people);
        break;
      case 'entry':
        this.#learn([frame.entry]);
        break;
      case 'gone':
        this.#learn([{ ...frame, team: null }]);
        break;
      case 'refused':
        if (!this.complete.value) this.#cancel = this.#surroundings.after(pagePause, () => this.#goOn(true));
        break;
      case 'renewed':
        // The socket's own affair.
        break;
    }
  }

  #listed({ until, entries, more, people }: InboxServerFrame & { type: 'list' }): void {
    this.#socket.welcomed(until);
    if (this.#presence !== null) this.#say({ type: 'present', as: this.#presence });
    this.#meet(people);
    this.#heardOf.clear();
    this.#pageAfter = null;
    this.#learn(entries);
    this.#goOn(more);
  }

  #meet(people: readonly Colleague[]): void {
    this.people.value = new Map(people.map((person) => [person.id, person]));
  }

  /** Until all pages have come, nobody can say of what was known before that it is gone. */
  #goOn(more: boolean): void {
    this.#cancel();
    this.complete.value = !more;
    if (more) this.#say({ type: 'more', after: this.#pageAfter });
    else this.entries.value = new Map(this.#here());
  }

  /** The higher version wins; what belongs to another team has left, and an older word does not bring it back. */
  #learn(news: readonly Heard[]): void {
    const entries = new Map(this.entries.value);
    for (const heard of news) {
      const { id, version } = heard;
      if ((this.#heardOf.get(id)?.version ?? -1) >= version) continue;
      this.#heardOf.set(id, heard);
      if (this.#isHere(heard)) entries.set(id, heard);
      else entries.delete(id);
    }
    this.entries.value = entries;
  }

  *#here(): Generator<[string, InboxEntry]> {
    for (const [id, heard] of this.#heardOf) if (this.#isHere(heard)) yield [id, heard];
  }

  #isHere(heard: Heard): heard is InboxEntry {
    return heard.team === this.#team;
  }

  #say(frame: InboxClientFrame): void {
    this.#socket.send(frame);
  }
}
