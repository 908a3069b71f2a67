/** Says what happened to those who are in the room: to each audience what it may hear, and only what changed for it. */
import type { Asker } from '../../people/permission.ts';
import type { FileView, Message, Participant, Present, Removal, ServerFrame } from '../../protocol/frames.ts';
import type { PersonId } from '../../protocol/ids.ts';
import type { Sockets } from '../sockets.ts';
import type { Names } from './names.ts';
import type { Room } from './room.ts';
import { watches } from './rules.ts';
import { type Audience, audiences, messagesFor, removalsFor, type Sight, sightOf, sights } from './views.ts';

/** What everybody knew before something was done. */
export type Known = { views: Record<Sight, string>; people: Record<Audience, ReadonlySet<PersonId>> };

export class Announcing {
  readonly #room: Room;
  readonly #sockets: Sockets;
  readonly #names: Names;
  #lastPresent = '';

  constructor(room: Room, sockets: Sockets, names: Names) {
    this.#room = room;
    this.#sockets = sockets;
    this.#names = names;
  }

  // One frame ---------------------------------------------------------------------------------------------------

  /** False if this socket does not, or no longer, hear. */
  send(socket: WebSocket, frame: ServerFrame): boolean {
    return this.#sockets.deliver(socket, JSON.stringify(frame), Date.now());
  }

  to(audience: Audience, frame: ServerFrame): void {
    this.#sockets.broadcast(JSON.stringify(frame), Date.now(), ({ kind }) => kind === audience);
  }

  /** To everyone but the person whose doing it is; what is for staff's eyes stays among them. */
  others(asker: Asker, frame: ServerFrame, staffOnly: boolean): void {
    const hears = ({ kind, id }: Asker) => id !== asker.id && (kind === 'staff' || !staffOnly);
    this.#sockets.broadcast(JSON.stringify(frame), Date.now(), hears);
  }

  /** To every other socket, those of the same person included. */
  elsewhere(socket: WebSocket, frame: ServerFrame, staffOnly = false): void {
    const text = JSON.stringify(frame);
    const now = Date.now();
    for (const { socket: other, asker } of this.#sockets.sitting(now)) {
      const hears = asker.kind === 'staff' || !staffOnly;
      if (hears && other !== socket) this.#sockets.deliver(other, text, now);
    }
  }

  // What happened -----------------------------------------------------------------------------------------------

  /**
   * Where there is nothing for staff alone, everybody hears the same frame. Whoever does not hear it is not here any
   * more: a page that sleeps never says that it has gone.
   */
  messages(fresh: readonly Message[]): void {
    if (fresh.length === 0) return;
    if (fresh.every(({ kind }) => kind !== 'note')) {
      const frame = JSON.stringify({ type: 'messages', messages: fresh });
      if (!this.#sockets.broadcast(frame, Date.now())) this.present();
      return;
    }
    for (const audience of audiences) {
      const messages = messagesFor(audience, fresh);
      if (messages.length > 0) this.to(audience, { type: 'messages', messages });
    }
  }

  removed(removal: Removal): void {
    for (const audience of audiences) {
      const removals = removalsFor(audience, [removal]);
      if (removals.length > 0) this.to(audience, { type: 'removed', removals });
    }
  }

  /** What has become of the file at this place. */
  file(seq: number, file: FileView): void {
    this.#sockets.broadcast(JSON.stringify({ type: 'file', seq, file } satisfies ServerFrame), Date.now());
  }

  known(): Known {
    const view = (sight: Sight) => JSON.stringify(this.#room.view(sight));
    const people = (audience: Audience) => new Set(this.people(audience));
    return {
      views: { visitor: view('visitor'), staff: view('staff'), veiled: view('veiled') },
      people: { visitor: people('visitor'), staff: people('staff') },
    };
  }

  /** Tells each audience what is news to it, and closes the sockets of those who may not be here any more. */
  news(before: Known, said: readonly Message[]): void {
    this.#sockets.reconsider((asker) => this.#room.mayRead(asker));
    this.present();
    for (const audience of audiences) {
      if (this.people(audience).some((id) => !before.people[audience].has(id)))
        this.to(audience, { type: 'people', people: this.participants(audience) });
    }
    this.messages(said);
    for (const sight of sights) this.#view(sight, before.views[sight]);
  }

  /** What somebody sees changes with whose the conversation is, and then so does what everybody sees. */
  #view(sight: Sight, before: string): void {
    const conversation = this.#room.view(sight);
    if (before === JSON.stringify(conversation)) return;
    const frame = JSON.stringify({ type: 'changed', conversation } satisfies ServerFrame);
    const { thing } = this.#room;
    this.#sockets.broadcast(frame, Date.now(), (asker) => sightOf(asker, thing) === sight);
  }

  /** Somebody came in: staff who were here hear of it. */
  arrived(socket: WebSocket, before: ReadonlySet<PersonId>): void {
    if (this.people('staff').some((id) => !before.has(id)))
      this.elsewhere(socket, { type: 'people', people: this.participants('staff') }, true);
    this.present(socket);
  }

  // Who is there ------------------------------------------------------------------------------------------------

  participants(audience: Audience): Participant[] {
    return this.#names.of(this.people(audience));
  }

  /** Visitors hear of those who claimed or answered, staff of everyone who took part, is here or holds it by law. */
  people(audience: Audience): PersonId[] {
    const tookPart = this.#room.people(audience);
    if (audience === 'visitor') return tookPart;
    const { hold } = this.#room.row;
    return [
      ...new Set([...tookPart, ...(hold === null ? [] : [hold.by]), ...this.whoIsHere().staff]),
    ].toSorted();
  }

  /** Those who are shown as there. */
  whoIsHere(): Present {
    const askers = this.#sockets
      .sitting(Date.now())
      .map(({ asker }) => asker)
      .filter((asker) => !watches(asker));
    const staff = askers.flatMap((asker) => (asker.kind === 'staff' ? [asker.id] : []));
    return {
      staff: [...new Set(staff)].toSorted(),
      visitor: askers.some(({ kind }) => kind === 'visitor'),
    };
  }

  /** Tells staff who is here, if that changed; `knows` has heard it already. */
  present(knows?: WebSocket): void {
    const present = this.whoIsHere();
    const text = JSON.stringify(present);
    if (text === this.#lastPresent) return;
    this.#lastPresent = text;
    if (knows === undefined) this.to('staff', { type: 'present', present });
    else this.elsewhere(knows, { type: 'present', present }, true);
  }
}
