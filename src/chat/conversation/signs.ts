/** Signs: somebody writes, somebody has read. They are passed on and leave no row of their own. */
import { type Asker, may } from '../../people/permission.ts';
import type { ClientFrame } from '../../protocol/frames.ts';
import type { Sockets } from '../sockets.ts';
import type { Announcing } from './announcing.ts';
import type { Reading } from './reading.ts';
import type { Room } from './room.ts';
import { authorOf, lacking, watches, watching } from './rules.ts';
import { Typing } from './typing.ts';

export type Sign = Extract<ClientFrame, { type: 'typing' | 'read' }>;

export class Signs {
  readonly #room: Room;
  readonly #sockets: Sockets;
  readonly #announcing: Announcing;
  readonly #reading: Reading;
  readonly #typing = new Typing();

  constructor(room: Room, sockets: Sockets, announcing: Announcing, reading: Reading) {
    this.#room = room;
    this.#sockets = sockets;
    this.#announcing = announcing;
    this.#reading = reading;
  }

  /** Who may only read, or only note, gives the customer no sign of themselves, and who watches gives none to anybody. */
  given(socket: WebSocket, asker: Asker, sign: Sign, now: number): void {
    const isNote = sign.type === 'typing' && sign.kind === 'note';
    const action = isNote ? 'conversation.note' : 'conversation.post';
    const door = sign.type === 'typing' ? `frame typing, ${sign.kind}` : 'frame read';
    if (watches(asker)) this.#sockets.forbid(socket, asker, door, watching);
    else if (!may(asker, action, this.#room.thing))
      this.#sockets.forbid(socket, asker, door, lacking(asker, action, this.#room.thing));
    else if (sign.type === 'read') this.#read(socket, asker, sign.seq);
    else this.#typed(asker, sign, now);
  }

  #read(socket: WebSocket, asker: Asker, seq: number): void {
    if (seq > this.#room.head) this.#sockets.refuse(socket, 'invalid', undefined, 'seq: not there yet');
    else if (this.#reading.mark(socket, asker.id, seq))
      this.#announcing.elsewhere(socket, { type: 'read', from: authorOf(asker), seq });
  }

  /** In a closed conversation nothing is written, so nobody is told. */
  #typed(asker: Asker, { kind, on }: Extract<Sign, { type: 'typing' }>, now: number): void {
    if (kind === 'text' && this.#room.row.state === 'closed') return;
    if (!this.#typing.passes(asker.id, kind, on, now)) return;
    this.#announcing.others(asker, { type: 'typing', from: authorOf(asker), kind, on }, kind === 'note');
  }
}
