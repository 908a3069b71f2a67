/** What somebody hears who comes in: where the conversation stands, then the newest messages or what was missed. */
import type { ProvedAsker } from '../../people/guard.ts';
import type { ServerFrame } from '../../protocol/frames.ts';
import { limits } from '../../protocol/limits.ts';
import { closeCodes } from '../../protocol/refusals.ts';
import type { JoinRequest, Sockets } from '../sockets.ts';
import type { Announcing } from './announcing.ts';
import type { Reading } from './reading.ts';
import type { Records } from './records.ts';
import type { Room } from './room.ts';
import { authorOf, type Place, watches } from './rules.ts';
import type { Audience } from './views.ts';

/** Removals in one frame: each is small. */
const removalsPerFrame = 500;

export class Welcome {
  readonly #room: Room;
  readonly #sockets: Sockets;
  readonly #announcing: Announcing;
  readonly #reading: Reading;
  readonly #records: Records;

  constructor(room: Room, sockets: Sockets, announcing: Announcing, reading: Reading, records: Records) {
    this.#room = room;
    this.#sockets = sockets;
    this.#announcing = announcing;
    this.#reading = reading;
    this.#records = records;
  }

  /** Callers take turns, so that nothing is said in between. */
  async admit(socket: WebSocket, proved: ProvedAsker, join: JoinRequest): Promise<void> {
    const audience = proved.asker.kind;
    const from = this.#resumesFrom(join, audience);
    const { head } = this.#room;
    const newest =
      from === undefined ? await this.#room.transcript.before(head + 1, limits.joinMessages, audience) : [];
    if (socket.readyState !== WebSocket.OPEN) return;
    // The conversation may have gone to another team since they were let in.
    if (!this.#room.mayRead(proved.asker)) {
      this.#sockets.turnAway(socket, proved.asker, closeCodes.notAllowed);
      return;
    }
    const here = new Set(this.#announcing.people('staff'));
    this.#sockets.admit(socket, proved);
    this.#records.seen(proved.asker, Date.now(), socket);
    this.#announcing.send(socket, this.#welcome(proved));
    if (newest.length > 0) this.#announcing.send(socket, { type: 'messages', messages: newest });
    if (from !== undefined) await this.#sendMissed(socket, from, audience);
    if (!watches(proved.asker)) this.#announcing.arrived(socket, here);
  }

  /**
   * Whoever comes from before a restore, or from a future that a restore took back, starts anew. What a visitor says
   * of notes is not listened to.
   */
  #resumesFrom({ after, n, epoch }: JoinRequest, audience: Audience): Place | undefined {
    const { end, row } = this.#room;
    if (after === null || epoch !== row.epoch || after > end.seq) return undefined;
    if (audience === 'visitor') return { seq: after, n: 0 };
    const isAhead = n > (after === end.seq ? end.n : limits.notesPerMessage);
    return isAhead ? undefined : { seq: after, n };
  }

  #welcome({ asker, until }: ProvedAsker): ServerFrame {
    const { end, row } = this.#room;
    const isStaff = asker.kind === 'staff';
    return {
      type: 'welcome',
      conversation: this.#room.viewOf(asker),
      you: { from: authorOf(asker), until },
      epoch: row.epoch,
      head: end.seq,
      ...(isStaff ? { n: end.n } : {}),
      people: this.#announcing.participants(asker.kind),
      read: this.#reading.of([row.visitor, ...this.#room.people('visitor')]),
      ...(isStaff ? { present: this.#announcing.whoIsHere() } : {}),
    };
  }

  /**
   * First what was removed of that which is known already and what has become of its files, then what is new. A reader who is far behind and is let
   * go on the way resumes from where the last frame ended.
   */
  async #sendMissed(socket: WebSocket, from: Place, audience: Audience): Promise<void> {
    const removals = this.#room.transcript.removalsUpTo(from, audience);
    for (let sent = 0; sent < removals.length; sent += removalsPerFrame) {
      const some = removals.slice(sent, sent + removalsPerFrame);
      this.#announcing.send(socket, { type: 'removed', removals: some });
    }
    for (const { seq, file } of await this.#room.files.sentUpTo(from.seq))
      this.#announcing.send(socket, { type: 'file', seq, file });
    for (let place = from; ;) {
      const messages = await this.#room.transcript.after(place, limits.frameMessages, audience);
      const last = messages.at(-1);
      if (last === undefined || !this.#announcing.send(socket, { type: 'messages', messages })) return;
      if (messages.length < limits.frameMessages) return;
      place = { seq: last.seq, n: last.n ?? 0 };
    }
  }
}
