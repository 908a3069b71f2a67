/**
 * What the ledger is told of a conversation: which of staff have read it, once for each of them and quarter of an
 * hour, and what it was when it was closed. It is kept in the same commit, and told off the message's way.
 */
import { type Env } from '../../config.ts';
import { idOf, ledgerOf, quarterOf, type Told } from '../../ledger.ts';
import { logFault } from '../../log.ts';
import type { Asker } from '../../people/permission.ts';
import type { PersonId } from '../../protocol/ids.ts';
import { toBase64url } from '../../vault.ts';
import type { Sockets } from '../sockets.ts';
import type { History } from './history.ts';
import type { Room } from './room.ts';
import type { Telling } from './telling.ts';
import { sightOf } from './views.ts';

const entriesAtOnce = 100;

export class Records {
  readonly #ctx: DurableObjectState;
  readonly #env: Env;
  readonly #history: History;
  readonly #room: Room;
  readonly #sockets: Sockets;
  readonly #telling: Telling;
  /** The quarter of an hour in which everybody who sits here is recorded. */
  #quarter = 0;
  /** The last one for each of staff. An object that wakes up has forgotten it; their sockets, and the ledger, have not. */
  readonly #seen = new Map<PersonId, number>();

  constructor(
    ctx: DurableObjectState,
    env: Env,
    parts: { history: History; room: Room; sockets: Sockets; telling: Telling },
  ) {
    this.#ctx = ctx;
    this.#env = env;
    this.#history = parts.history;
    this.#room = parts.room;
    this.#sockets = parts.sockets;
    this.#telling = parts.telling;
  }

  /** Somebody is about to be shown something of this conversation, at a socket or by an answer. */
  seen(asker: Asker, now: number, socket?: WebSocket): void {
    if (asker.kind === 'visitor') return;
    const quarter = quarterOf(now);
    const isKnown = socket !== undefined && this.#sockets.isRecordedIn(quarter, socket);
    if (isKnown || this.#seen.get(asker.id) === quarter) return;
    const { row, head, thing } = this.#room;
    this.#keep({
      id: idOf('conversation.read', row.id, asker.id, quarter),
      at: now,
      actor: asker.id,
      session: asker.session,
      action: 'conversation.read',
      object: row.id,
      subject: row.visitor,
      outcome: 'done',
      facts: { head, address: sightOf(asker, thing) === 'staff', holds: row.assignee === asker.id },
    });
    this.#seen.set(asker.id, quarter);
    if (socket !== undefined) this.#sockets.recordedIn(quarter, socket);
  }

  /** Something was said: whoever sits here has read on. */
  heard(now: number): void {
    const quarter = quarterOf(now);
    if (quarter === this.#quarter) return;
    this.#quarter = quarter;
    for (const { asker, socket } of this.#sockets.sitting(now)) this.seen(asker, now, socket);
  }

  /** It was closed: from its messages as they lie here it can be proved later that they are all there. */
  closed(now: number): void {
    const { row } = this.#room;
    const { digest, messages } = this.#history.messages.digest();
    this.#keep({
      id: idOf('conversation.sealed', row.id, row.changes),
      at: now,
      actor: null,
      action: 'conversation.sealed',
      object: row.id,
      subject: row.visitor,
      outcome: 'done',
      facts: { digest: toBase64url(digest), messages },
    });
  }

  #keep(told: Told): void {
    this.#history.keepEntry(told.id, JSON.stringify(told));
    this.#telling.wakeLater();
    this.#ctx.waitUntil(this.tell());
  }

  /** Tells what is kept. False: later, by the alarm. */
  async tell(): Promise<boolean> {
    try {
      for (;;) {
        const kept = this.#history.entries(entriesAtOnce);
        if (kept.length === 0) return true;
        await ledgerOf(this.#env).append(kept.map(({ told }) => JSON.parse(told) as Told));
        for (const { id } of kept) this.#history.dropEntry(id);
      }
    } catch (error) {
      logFault('conversation.record', error);
      return false;
    }
  }
}
