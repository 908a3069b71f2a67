/**
 * What the ledger is told of a conversation: which of staff have read it, once for each of them and quarter of an
 * hour, who closed it and what it was then, and who removed what. It is kept in the same commit, and told off the message's way.
 */
import { type Env } from '../../config.ts';
import { idOf, ledgerOf, quarterOf, type Told } from '../../ledger.ts';
import { logFault } from '../../log.ts';
import type { Asker } from '../../people/permission.ts';
import type { Removal } from '../../protocol/frames.ts';
import type { PersonId } from '../../protocol/ids.ts';
import type { LedgerAction } from '../../protocol/ledger.ts';
import type { Facts } from '../../protocol/ledger-proof.ts';
import { toBase64url } from '../../vault.ts';
import type { Sockets } from '../sockets.ts';
import type { History } from './history.ts';
import type { Digests, Room } from './room.ts';
import { watches } from './rules.ts';
import type { Telling } from './telling.ts';
import { sightOf } from './views.ts';

const entriesAtOnce = 100;
/** Somebody who asks, or who had it done before. */
type Doer = Asker | { kind: 'staff'; id: PersonId };

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
  readonly #seen = new Map<string, number>();

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
    const { row, head, thing } = this.#room;
    // Whoever sees more than before, by another session, or without being shown, is entered anew.
    const sight = sightOf(asker, thing);
    const silent = watches(asker);
    const reader = `${asker.id} ${asker.session} ${sight}${silent ? ' silent' : ''}`;
    const isKnown = socket !== undefined && this.#sockets.isRecordedIn(quarter, socket);
    if (isKnown || this.#seen.get(reader) === quarter) return;
    this.#keep({
      id: idOf('conversation.read', row.id, reader, quarter),
      at: now,
      actor: asker.id,
      session: asker.session,
      action: 'conversation.read',
      object: row.id,
      subject: row.visitor,
      outcome: 'done',
      facts: {
        head,
        address: sight === 'staff',
        holds: row.assignee === asker.id,
        ...(asker.ownRole !== undefined && { seeAs: asker.role }),
        ...(silent && { silent }),
      },
    });
    this.#seen.set(reader, quarter);
    if (socket !== undefined) this.#sockets.recordedIn(quarter, socket);
  }

  /** Something was said: whoever sits here has read on. */
  heard(now: number): void {
    const quarter = quarterOf(now);
    if (quarter === this.#quarter) return;
    this.#quarter = quarter;
    for (const { asker, socket } of this.#sockets.sitting(now)) this.seen(asker, now, socket);
  }

  /** Somebody closed it: from its messages as they lie here it can be proved later that they are all there. */
  closed(by: Doer, now: number): void {
    const { row } = this.#room;
    const { digest, messages } = this.#history.messages.digest();
    const facts = { digest: toBase64url(digest), messages };
    this.#did(
      by,
      'conversation.close',
      idOf('conversation.close', row.id, row.changes, facts.digest),
      now,
      facts,
    );
  }

  /** Sotto sealed some of it anew: what proved it before is proved from here on by another digest. To be told after the commit. */
  sealedAnew({ former, digest, messages }: Digests, now: number): void {
    const { row } = this.#room;
    const facts = { former: toBase64url(former), digest: toBase64url(digest), messages };
    const id = idOf('conversation.reseal', row.id, facts.digest);
    const what = { action: 'conversation.reseal', object: row.id, outcome: 'done', facts } as const;
    const told: Told = { id, at: now, actor: null, ...what };
    this.#history.keepEntry(id, JSON.stringify(told));
  }

  /** Somebody took a message back, or destroyed it. */
  removed(by: Asker, { seq, n = 0, removed: { how } }: Removal, now: number): void {
    const action = how === 'deleted' ? 'message.delete' : 'message.redact';
    this.#did(by, action, idOf(action, this.#room.row.id, seq, n), now, { seq, n });
  }

  /** What is entered only if it was done, whoever did it. */
  #did(by: Doer, action: LedgerAction, id: string, now: number, facts: Facts): void {
    const { row } = this.#room;
    this.#keep({
      id,
      at: now,
      actor: by.id,
      ...(by.kind === 'staff' && { subject: row.visitor }),
      ...('session' in by && { session: by.session }),
      action,
      object: row.id,
      outcome: 'done',
      facts,
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
