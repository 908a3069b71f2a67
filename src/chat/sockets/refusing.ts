/** What staff are refused at the sockets of one object, on its way to the ledger. Nobody waits for it. */
import type { Env } from '../../config.ts';
import { logFault } from '../../log.ts';
import type { Staff } from '../../people/permission.ts';
import { isTelling, refusedAtSocket, type RefusedThere } from '../../people/recording.ts';
import { isId } from '../../protocol/ids.ts';
import { closeCodes, type RefusalCode } from '../../protocol/refusals.ts';
import type { RoomId } from '../../people/tokens.ts';

type Refused = { who: Pick<Staff, 'id' | 'session'>; what: RefusedThere };

/** What somebody who is turned away at the door of a room is told over HTTP. */
const codeOf: Readonly<Record<number, RefusalCode>> = {
  [closeCodes.notAllowed]: 'not_allowed',
  [closeCodes.notFound]: 'not_found',
  [closeCodes.restricted]: 'restricted',
};

export class Refusing {
  readonly #ctx: DurableObjectState;
  readonly #env: Env;
  /** What came in the same moment: of a frame with many posts one call is made. */
  readonly #waiting = new Map<string, Refused>();

  constructor(ctx: DurableObjectState, env: Env) {
    this.#ctx = ctx;
    this.#env = env;
  }

  /** Their socket was closed with this on the way in. */
  turnedAway(who: Staff | Refused['who'], closing: number): void {
    const room = this.#ctx.id.name as RoomId;
    const code = codeOf[closing];
    const kind = isId('conversation', room) ? 'conversations' : 'teams';
    if (code !== undefined) this.refused(who, `GET /${kind}/:id/socket`, code);
  }

  /** @param door as docs/DOORS.md calls it. What merely does not fit is not entered. */
  refused(who: Staff | Refused['who'], door: string, code: RefusalCode): void {
    if (!isTelling(code)) return;
    const key = `${who.session} ${door} ${code}`;
    const known = this.#waiting.get(key);
    if (known !== undefined) {
      known.what.count += 1;
      return;
    }
    const object = this.#ctx.id.name as RoomId;
    const facts = 'ownRole' in who ? { seeAs: who.role } : {};
    this.#waiting.set(key, { who, what: { door, code, object, facts, count: 1 } });
    if (this.#waiting.size === 1) this.#ctx.waitUntil(this.#tell());
  }

  async #tell(): Promise<void> {
    await Promise.resolve();
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    await Promise.all(all.map(({ who, what }) => refusedAtSocket(this.#env, who, what))).catch(
      (error: unknown) => {
        logFault('socket.refused', error);
      },
    );
  }
}
